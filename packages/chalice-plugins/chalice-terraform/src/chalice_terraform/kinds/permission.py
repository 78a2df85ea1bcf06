"""Permissions to invoke a function: ``aws_lambda_permission``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from chalice_core.kinds import Function
from chalice_terraform.expressions import Referring
from chalice_terraform.kinds.function import function_name
from chalice_terraform.renderer import KnownOutputs, Rendering, TerraformResource

if TYPE_CHECKING:
    from chalice_core.kinds import InvokePermission
    from chalice_terraform.renderer import Scope

LONGEST_STACK_NAME = 128
"""Characters ("StackName", ``CreateStack``, AWS CloudFormation API Reference)."""


class InvokePermissionRenderer(KnownOutputs):
    """Renders permissions.

    That a function may be invoked through its URL only is known to recent versions of the provider, and to
    none of its major version 5.  Without that condition everybody could invoke the function with any event,
    so this one permission is made by a stack of CloudFormation's, which works with both, and in the region
    and account of the function.
    """

    def render(self, resource: InvokePermission, scope: Scope) -> Rendering:
        """Return the permission."""
        if resource.invoked_via_function_url:
            return Rendering(resources=(_through_url(resource, scope),))
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
        permission = TerraformResource(
            type="aws_lambda_permission", name=scope.name(resource.id), arguments=arguments
        )
        return Rendering(resources=(permission,))


def _through_url(permission: InvokePermission, scope: Scope) -> TerraformResource:
    properties: dict[str, Any] = {
        "FunctionName": function_name(permission.function_arn),
        "Action": permission.action,
        "Principal": permission.principal,
        "InvokedViaFunctionUrl": True,
    }
    if permission.source_arn is not None:
        properties["SourceArn"] = Referring(permission.source_arn)
    if permission.source_account is not None:
        properties["SourceAccount"] = Referring(permission.source_account)
    template = {"Resources": {"Permission": {"Type": "AWS::Lambda::Permission", "Properties": properties}}}
    return TerraformResource(
        type="aws_cloudformation_stack",
        name=scope.name(permission.id),
        arguments={"name": _stack_name(permission, scope), "template_body": scope.json(template)},
    )


def _stack_name(permission: InvokePermission, scope: Scope) -> str:
    """Return a name that no other application and stage has: letters, digits and hyphens."""
    function = scope.graph[permission.function_arn.of]
    prefix = f"{function.function_name}-" if isinstance(function, Function) else ""
    name = re.sub(r"[^A-Za-z0-9-]", "-", f"{prefix}{permission.id}")
    return (name if re.match(r"[A-Za-z]", name) else f"chalice-{name}")[:LONGEST_STACK_NAME]
