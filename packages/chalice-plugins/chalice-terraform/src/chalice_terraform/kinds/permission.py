"""Permissions to invoke a function: ``aws_lambda_permission``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalice_terraform.expressions import Referring
from chalice_terraform.kinds.function import function_name
from chalice_terraform.renderer import KnownOutputs, Rendering, TerraformResource

if TYPE_CHECKING:
    from chalice_core.kinds import InvokePermission
    from chalice_terraform.renderer import Scope


class InvokePermissionRenderer(KnownOutputs):
    """Renders permissions.

    That a function may be invoked through its URL only is known to recent versions of the provider ``aws``,
    and to none of its major version 5.  Without that condition everybody could invoke the function with any
    event, so this one permission goes through ``awscc``, which says it the same way with both.
    """

    def render(self, resource: InvokePermission, scope: Scope) -> Rendering:
        """Return the permission."""
        arguments: dict[str, Any] = {
            "function_name": scope.spell(function_name(resource.function_arn)),
            "action": resource.action,
            "principal": scope.spell(resource.principal),
        }
        if resource.source_arn is not None:
            arguments["source_arn"] = scope.spell(Referring(resource.source_arn))
        if resource.source_account is not None:
            arguments["source_account"] = scope.spell(Referring(resource.source_account))
        if resource.function_url_auth_type is not None:
            arguments["function_url_auth_type"] = resource.function_url_auth_type
        if resource.invoked_via_function_url:
            arguments["invoked_via_function_url"] = True
        permission = TerraformResource(
            type="awscc_lambda_permission" if resource.invoked_via_function_url else "aws_lambda_permission",
            name=scope.name(resource.id),
            arguments=arguments,
        )
        return Rendering(resources=(permission,))
