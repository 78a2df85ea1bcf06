"""Schedules of EventBridge Scheduler: ``aws_scheduler_schedule``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from chalice_core.values import Output
from chalice_terraform.expressions import Referring
from chalice_terraform.renderer import KnownOutputs, Rendering, TerraformResource

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalice_core.kinds import Schedule
    from chalice_terraform.renderer import Scope


class ScheduleRenderer(KnownOutputs):
    """Renders schedules."""

    expressions: ClassVar[Mapping[str, str]] = {"arn": "aws_scheduler_schedule.{name}.arn"}

    def render(self, resource: Schedule, scope: Scope) -> Rendering:
        """Return the schedule."""
        window: dict[str, Any] = {"mode": "OFF"}
        if resource.flexible_window is not None:
            window = {"mode": "FLEXIBLE", "maximum_window_in_minutes": resource.flexible_window}
        target: dict[str, Any] = {
            "arn": scope.spell(resource.function_arn),
            "role_arn": scope.spell(Referring(resource.role)),
        }
        if resource.input is not None:
            target["input"] = scope.json(resource.input)
        if resource.dead_letter_arn is not None:
            target["dead_letter_config"] = {"arn": scope.spell(Referring(resource.dead_letter_arn))}
        arguments: dict[str, Any] = {
            "name": scope.spell(resource.schedule_name),
            "schedule_expression": scope.spell(resource.schedule_expression),
            "schedule_expression_timezone": scope.spell(resource.timezone),
            "flexible_time_window": window,
            "target": target,
        }
        if resource.description:
            arguments["description"] = scope.spell(resource.description)
        schedule = TerraformResource(
            type="aws_scheduler_schedule",
            name=scope.name(resource.id),
            arguments=arguments,
            after=(resource.role.of,) if isinstance(resource.role, Output) else (),
        )
        return Rendering(resources=(schedule,))
