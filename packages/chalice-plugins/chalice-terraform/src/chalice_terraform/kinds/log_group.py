"""Log groups: ``aws_cloudwatch_log_group``, where a retention is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalice_terraform.renderer import KnownOutputs, Rendering, TerraformResource

if TYPE_CHECKING:
    from chalice_core.kinds import LogGroup
    from chalice_terraform.renderer import Scope


class LogGroupRenderer(KnownOutputs):
    """Renders log groups that have a retention; Lambda makes the others itself."""

    def render(self, resource: LogGroup, scope: Scope) -> Rendering:
        """Return the log group, or nothing."""
        if resource.retention_in_days is None:
            return Rendering()
        group = TerraformResource(
            type="aws_cloudwatch_log_group",
            name=scope.name(resource.id),
            arguments={
                "name": scope.spell(resource.log_group_name),
                "retention_in_days": resource.retention_in_days,
            },
        )
        return Rendering(resources=(group,))
