"""Permissions to invoke a function: ``AWS::Lambda::Permission``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalice_sam.kinds.function import function_name
from chalice_sam.kinds.function_events import is_implied
from chalice_sam.renderer import KnownOutputs, Rendering, TemplateResource

if TYPE_CHECKING:
    from chalice_core.kinds import InvokePermission
    from chalice_sam.renderer import Scope


class InvokePermissionRenderer(KnownOutputs):
    """Renders permissions."""

    def render(self, resource: InvokePermission, scope: Scope) -> Rendering:
        """Return the permission; nothing when SAM adds the very same for an event."""
        if is_implied(resource, scope):
            return Rendering()
        properties: dict[str, Any] = {
            "FunctionName": scope.spell(function_name(resource.function_arn)),
            "Action": resource.action,
            "Principal": resource.principal,
        }
        if resource.source_arn is not None:
            properties["SourceArn"] = scope.spell(resource.source_arn)
        if resource.source_account is not None:
            properties["SourceAccount"] = scope.spell(resource.source_account)
        if resource.function_url_auth_type is not None:
            properties["FunctionUrlAuthType"] = resource.function_url_auth_type
        if resource.invoked_via_function_url:
            properties["InvokedViaFunctionUrl"] = True
        permission = TemplateResource(type="AWS::Lambda::Permission", properties=properties)
        return Rendering(resources={scope.logical_id(resource.id): permission})
