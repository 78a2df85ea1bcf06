"""What declarations of this family become: a rule that may invoke the function, or a schedule with a role."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalice_core.asynchronous import lower_asynchronous
from chalice_core.destinations import destination_grants
from chalice_core.kinds import EventRule, Function, InvokePermission, Resource, Role, Schedule, Statement
from chalice_core.values import Pseudo, ResourceId
from chalice_schedule.expressions import uses_scheduler
from chalice_schedule.names import role_name, rule_name, schedule_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalice_core.config import StageConfig
    from chalice_core.manifest import EventDeclaration

PRINCIPAL = "events.amazonaws.com"

SCHEDULED_EVENT: Mapping[str, Any] = {
    "version": "0",
    "id": "<aws.scheduler.execution-id>",
    "detail-type": "Scheduled Event",
    "source": "aws.scheduler",
    "account": Pseudo.ACCOUNT,
    "time": "<aws.scheduler.scheduled-time>",
    "region": Pseudo.REGION,
    "resources": ["<aws.scheduler.schedule-arn>"],
    "detail": {},
}
"""What Scheduler sends, in the shape of a rule's event ("Adding context attributes in EventBridge
Scheduler", Amazon EventBridge Scheduler User Guide); of its own accord it would send ``detail`` as a text."""


def lower_schedule(event: EventDeclaration, function: Function, config: StageConfig) -> tuple[Resource, ...]:
    """Return the resources that invoke ``function`` at certain times.

    Args:
        event: a ``schedule`` without problems.
        function: the function.
        config: of the stage.
    """
    if uses_scheduler(event.options):
        return _scheduler(event.options, function, config)
    return _rule(event.options, function, config, schedule_expression=str(event.options["expression"]))


def lower_pattern(event: EventDeclaration, function: Function, config: StageConfig) -> tuple[Resource, ...]:
    """Return the resources that invoke ``function`` with events that fit a pattern.

    Args:
        event: an ``on_cw_event`` without problems.
        function: the function.
        config: of the stage.
    """
    options = event.options
    return _rule(
        options,
        function,
        config,
        event_pattern=options["event_pattern"],
        event_bus=options.get("event_bus"),
    )


def _rule(
    options: Mapping[str, Any], function: Function, config: StageConfig, **what: Any
) -> tuple[Resource, ...]:
    rule = EventRule(
        id=ResourceId(f"{function.id}-event"),
        rule_name=rule_name(config, function.name),
        function_arn=function.arn,
        description=options.get("description", ""),
        dead_letter_arn=options.get("dead_letter_queue"),
        **what,
    )
    permission = InvokePermission(
        id=ResourceId(f"{function.id}-event-permission"),
        function_arn=function.arn,
        principal=PRINCIPAL,
        source_arn=rule.arn,
    )
    return (rule, permission, *lower_asynchronous(options, function))


def _scheduler(options: Mapping[str, Any], function: Function, config: StageConfig) -> tuple[Resource, ...]:
    role = Role(
        id=ResourceId(f"{function.id}-schedule-role"),
        role_name=role_name(config, function.name),
        trusted_services=("scheduler",),
        statements=(Statement(actions=("lambda:InvokeFunction",), resources=(function.arn,)),),
    )
    queue = options.get("dead_letter_queue")
    schedule = Schedule(
        id=ResourceId(f"{function.id}-schedule"),
        schedule_name=schedule_name(config, function.name),
        function_arn=function.arn,
        role=role.arn,
        schedule_expression=str(options["expression"]),
        timezone=options.get("timezone") or "UTC",
        flexible_window=options.get("flexible_time_window_in_minutes"),
        description=options.get("description", ""),
        dead_letter_arn=queue,
        input=SCHEDULED_EVENT,
    )
    # A rule sends with the queue's own policy; a schedule with its role.
    grants = (
        destination_grants(f"{function.id}-schedule-sends-dead-letters", role=role.arn, arn=queue)
        if queue
        else ()
    )
    return (role, *grants, schedule, *lower_asynchronous(options, function))
