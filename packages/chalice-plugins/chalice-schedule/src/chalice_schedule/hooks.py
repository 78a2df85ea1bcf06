"""The tooling half of schedules and EventBridge events: hook implementations, which delegate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalice_core.hookspecs import hookimpl
from chalice_schedule.limits import pattern_event_problems, schedule_problems
from chalice_schedule.lowering import lower_pattern, lower_schedule
from chalice_schedule.sample_arguments import pattern_sample, scheduled_sample

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from chalice_core.config import StageConfig
    from chalice_core.kinds import Function, Resource
    from chalice_core.manifest import App, EventDeclaration

SCHEDULED, PATTERN = "scheduled", "cloudwatch"
"""The family's keys in the manifest: ``schedule``, and ``on_cw_event``."""

_PROBLEMS = {SCHEDULED: schedule_problems, PATTERN: pattern_event_problems}
_LOWERING = {SCHEDULED: lower_schedule, PATTERN: lower_pattern}


@hookimpl
def chalice_validate_app(app: App, config: StageConfig) -> Sequence[str]:
    """Report what AWS would refuse."""
    return [
        problem
        for event in app.events
        if event.source in _PROBLEMS
        for problem in _PROBLEMS[event.source](event, config)
    ]


@hookimpl
def chalice_lower_event(
    event: EventDeclaration, function: Function, config: StageConfig
) -> Sequence[Resource] | None:
    """Lower the declarations of this family."""
    lower = _LOWERING.get(event.source)
    return None if lower is None else lower(event, function, config)


@hookimpl
def chalice_sample_event(event: EventDeclaration, arguments: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Make the event of a schedule, or one that fits the declared pattern."""
    if event.source == SCHEDULED:
        return scheduled_sample(arguments, rule_name=f"{event.function}-event")
    if event.source == PATTERN:
        return pattern_sample(arguments, pattern=event.options["event_pattern"])
    return None
