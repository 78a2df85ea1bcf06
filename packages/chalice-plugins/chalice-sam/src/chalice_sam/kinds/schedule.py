"""Schedules of EventBridge Scheduler: ``AWS::Scheduler::Schedule``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, ClassVar

from chalice_core.values import Output, Pseudo, render_tree, text
from chalice_sam.renderer import KnownOutputs, Rendering, TemplateResource

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalice_core.kinds import Schedule
    from chalice_core.values import Value
    from chalice_sam.renderer import Scope

# Surrounds the place of a value while JSON is made of the rest; text of applications does not hold it.
_MARK = "\ue000"


class ScheduleRenderer(KnownOutputs):
    """Renders schedules; CloudFormation gives them their names."""

    attributes: ClassVar[Mapping[str, str | None]] = {"arn": "Arn"}

    def render(self, resource: Schedule, scope: Scope) -> Rendering:
        """Return the schedule."""
        target: dict[str, Any] = {
            "Arn": scope.spell(resource.function_arn),
            "RoleArn": scope.spell(resource.role),
        }
        if resource.input is not None:
            target["Input"] = scope.spell(_as_json(resource.input))
        if resource.dead_letter_arn is not None:
            target["DeadLetterConfig"] = {"Arn": scope.spell(resource.dead_letter_arn)}
        window: dict[str, Any] = {"Mode": "OFF"}
        if resource.flexible_window is not None:
            window = {"Mode": "FLEXIBLE", "MaximumWindowInMinutes": resource.flexible_window}
        properties: dict[str, Any] = {
            "ScheduleExpression": resource.schedule_expression,
            "ScheduleExpressionTimezone": resource.timezone,
            "FlexibleTimeWindow": window,
            "Target": target,
        }
        if resource.description:
            properties["Description"] = resource.description
        schedule = TemplateResource(type="AWS::Scheduler::Schedule", properties=properties)
        return Rendering(resources={scope.logical_id(resource.id): schedule})


def _as_json(tree: Mapping[str, Any]) -> Value:
    """Return JSON as text; ARNs and names, which its values are, need no escaping in it."""
    values: list[Value] = []

    def place_of(value: Output | Pseudo) -> str:
        values.append(value)
        return f"{_MARK}{len(values) - 1}{_MARK}"

    written = json.dumps(render_tree(tree, output=place_of, pseudo=place_of), ensure_ascii=False)
    parts = written.split(_MARK)
    return text(*(values[int(part)] if index % 2 else part for index, part in enumerate(parts)))
