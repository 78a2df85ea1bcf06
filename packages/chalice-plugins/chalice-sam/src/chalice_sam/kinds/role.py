"""Roles: ``AWS::IAM::Role`` with one inline policy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from chalice_sam.renderer import KnownOutputs, Rendering, TemplateResource

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalice_core.kinds import Role
    from chalice_sam.renderer import Scope

POLICY_VERSION = "2012-10-17"
"""The current version of the policy language ("Version", AWS IAM User Guide)."""


class RoleRenderer(KnownOutputs):
    """Renders roles.

    The role has no name of its own: CloudFormation makes one up, and a stack
    with named roles would ask its user for a further capability.
    """

    attributes: ClassVar[Mapping[str, str | None]] = {"arn": "Arn"}

    def render(self, resource: Role, scope: Scope) -> Rendering:
        """Return the role."""
        logical_id = scope.logical_id(resource.id)
        services = [f"{service}.amazonaws.com" for service in resource.trusted_services]
        properties: dict[str, Any] = {
            "AssumeRolePolicyDocument": {
                "Version": POLICY_VERSION,
                "Statement": [
                    {
                        "Effect": "Allow",
                        "Principal": {"Service": _one_or_all(services)},
                        "Action": "sts:AssumeRole",
                    }
                ],
            }
        }
        document = _policy_document(resource)
        if document is not None:
            properties["Policies"] = [
                {"PolicyName": f"{logical_id}Policy", "PolicyDocument": scope.spell(document)}
            ]
        return Rendering(
            resources={logical_id: TemplateResource(type="AWS::IAM::Role", properties=properties)}
        )


def _policy_document(role: Role) -> Mapping[str, Any] | None:
    if role.policy_document is not None:
        return role.policy_document
    if not role.statements:
        # IAM refuses a policy without statements.
        return None
    return {
        "Version": POLICY_VERSION,
        "Statement": [
            {"Effect": "Allow", "Action": list(each.actions), "Resource": _one_or_all(list(each.resources))}
            for each in role.statements
        ],
    }


def _one_or_all(items: list[Any]) -> Any:
    return items[0] if len(items) == 1 else items
