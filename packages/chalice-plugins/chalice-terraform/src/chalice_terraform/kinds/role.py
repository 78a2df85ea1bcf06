"""Roles and their policies: ``aws_iam_role`` and ``aws_iam_role_policy``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from chalice_core.values import Output
from chalice_terraform.expressions import Referring
from chalice_terraform.renderer import KnownOutputs, Rendering, TerraformResource

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from chalice_core.kinds import Role, RolePolicy, Statement
    from chalice_terraform.renderer import Scope

POLICY_VERSION = "2012-10-17"
"""The current version of the policy language ("Version", AWS IAM User Guide)."""


class RoleRenderer(KnownOutputs):
    """Renders roles; a role's policy is a resource of its own, for blocks inside the role are deprecated."""

    expressions: ClassVar[Mapping[str, str]] = {
        "arn": "aws_iam_role.{name}.arn",
        "role_id": "aws_iam_role.{name}.id",
    }

    def render(self, resource: Role, scope: Scope) -> Rendering:
        """Return the role and its policy."""
        name = scope.name(resource.id)
        role = TerraformResource(
            type="aws_iam_role",
            name=name,
            arguments={
                "name": scope.spell(resource.role_name),
                "assume_role_policy": scope.json(trust_policy(resource.trusted_services)),
            },
        )
        # Such a policy may name tables of one's own; IAM's variables, ${aws:username}, look otherwise.
        written = None if resource.policy_document is None else Referring(resource.policy_document)
        document = written or _document(resource.statements)
        if document is None:
            return Rendering(resources=(role,))
        policy = TerraformResource(
            type="aws_iam_role_policy",
            name=name,
            arguments={
                "name": scope.spell(f"{resource.id}Policy"),
                "role": scope.spell(Output(resource.id, "role_id")),
                "policy": scope.json(document),
            },
        )
        return Rendering(resources=(role, policy))


class RolePolicyRenderer(KnownOutputs):
    """Renders further policies of roles."""

    def render(self, resource: RolePolicy, scope: Scope) -> Rendering:
        """Return the policy."""
        policy = TerraformResource(
            type="aws_iam_role_policy",
            name=scope.name(resource.id),
            arguments={
                "name": scope.spell(resource.policy_name),
                "role": scope.spell(Output(resource.role.of, "role_id")),
                "policy": scope.json(_document(resource.statements)),
            },
        )
        return Rendering(resources=(policy,))


def trust_policy(services: Sequence[str]) -> Mapping[str, Any]:
    """Return the policy that lets services assume a role.

    Args:
        services: their prefixes, ``lambda``.
    """
    principals = [f"{service}.amazonaws.com" for service in services]
    return {
        "Version": POLICY_VERSION,
        "Statement": [
            {"Effect": "Allow", "Principal": {"Service": _one_or_all(principals)}, "Action": "sts:AssumeRole"}
        ],
    }


def _document(statements: Iterable[Statement]) -> Mapping[str, Any] | None:
    allowed = [
        {
            "Effect": "Allow",
            "Action": list(each.actions),
            "Resource": Referring(_one_or_all(list(each.resources))),
        }
        for each in statements
    ]
    # IAM refuses a policy without statements.
    return {"Version": POLICY_VERSION, "Statement": allowed} if allowed else None


def _one_or_all(items: list[Any]) -> Any:
    return items[0] if len(items) == 1 else items
