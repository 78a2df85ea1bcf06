"""Roles: ``AWS::IAM::Role`` with one inline policy, and policies that come later."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from chalice_core.values import Output
from chalice_sam.renderer import KnownOutputs, Rendering, TemplateResource

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from chalice_core.kinds import Role, RolePolicy, Statement
    from chalice_sam.renderer import Scope

POLICY_VERSION = "2012-10-17"
"""The current version of the policy language ("Version", AWS IAM User Guide)."""


class RoleRenderer(KnownOutputs):
    """Renders roles.

    The role has no name of its own: CloudFormation makes one up, and a stack
    with named roles would ask its user for a further capability.  Its output
    ``name`` exists in templates only.
    """

    attributes: ClassVar[Mapping[str, str | None]] = {"arn": "Arn", "name": None}

    def render(self, resource: Role, scope: Scope) -> Rendering:
        """Return the role."""
        logical_id = scope.logical_id(resource.id)
        properties: dict[str, Any] = {"AssumeRolePolicyDocument": trust_policy(resource.trusted_services)}
        document = _policy_document(resource)
        if document is not None:
            properties["Policies"] = [
                {"PolicyName": f"{logical_id}Policy", "PolicyDocument": scope.spell(document)}
            ]
        return Rendering(
            resources={logical_id: TemplateResource(type="AWS::IAM::Role", properties=properties)}
        )


class RolePolicyRenderer(KnownOutputs):
    """Renders further policies of roles: ``AWS::IAM::Policy``."""

    def render(self, resource: RolePolicy, scope: Scope) -> Rendering:
        """Return the policy."""
        policy = TemplateResource(
            type="AWS::IAM::Policy",
            properties={
                "PolicyName": resource.policy_name,
                "PolicyDocument": scope.spell(_document(resource.statements)),
                "Roles": [scope.spell(Output(resource.role.of, "name"))],
            },
        )
        return Rendering(resources={scope.logical_id(resource.id): policy})


def trust_policy(services: Sequence[str]) -> dict[str, Any]:
    """Return the document that lets services act with a role.

    Args:
        services: prefixes of their principals, ``lambda``.
    """
    principals = [f"{service}.amazonaws.com" for service in services]
    return {
        "Version": POLICY_VERSION,
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": _one_or_all(principals)},
                "Action": "sts:AssumeRole",
            }
        ],
    }


def _policy_document(role: Role) -> Mapping[str, Any] | None:
    if role.policy_document is not None:
        return role.policy_document
    # IAM refuses a policy without statements.
    return _document(role.statements) if role.statements else None


def _document(statements: Sequence[Statement]) -> dict[str, Any]:
    return {
        "Version": POLICY_VERSION,
        "Statement": [
            {"Effect": "Allow", "Action": list(each.actions), "Resource": _one_or_all(list(each.resources))}
            for each in statements
        ],
    }


def _one_or_all(items: list[Any]) -> Any:
    return items[0] if len(items) == 1 else items
