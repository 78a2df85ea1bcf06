"""Log groups: ``AWS::Logs::LogGroup``, where a retention is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalice_core.kinds import Function
from chalice_core.values import text
from chalice_sam.kinds.function import function_name
from chalice_sam.renderer import KnownOutputs, Rendering, TemplateResource

if TYPE_CHECKING:
    from chalice_core.kinds import LogGroup
    from chalice_core.values import Value
    from chalice_sam.renderer import Scope

LAMBDA_GROUPS = "/aws/lambda/"


class LogGroupRenderer(KnownOutputs):
    """Renders log groups that have a retention; Lambda makes the others itself."""

    def render(self, resource: LogGroup, scope: Scope) -> Rendering:
        """Return the log group, or nothing."""
        if resource.retention_in_days is None:
            return Rendering()
        properties: dict[str, Any] = {
            "LogGroupName": scope.spell(_group_name(resource, scope)),
            "RetentionInDays": resource.retention_in_days,
        }
        group = TemplateResource(type="AWS::Logs::LogGroup", properties=properties)
        return Rendering(resources={scope.logical_id(resource.id): group})


def _group_name(group: LogGroup, scope: Scope) -> Value:
    # CloudFormation chooses the function's name, so the group's has to be made from that one.
    for function in scope.of_kind(Function):
        if group.log_group_name == LAMBDA_GROUPS + function.function_name:
            return text(LAMBDA_GROUPS, function_name(function.arn))
    return group.log_group_name
