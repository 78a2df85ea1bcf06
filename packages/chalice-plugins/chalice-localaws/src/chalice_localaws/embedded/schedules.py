"""What is due in moto's EventBridge and Scheduler: rules with schedules, and schedules."""

from __future__ import annotations

import contextlib
import json
import sys
import uuid
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from moto.events.models import events_backends
from moto.scheduler.exceptions import ScheduleNotFound
from moto.scheduler.models import scheduler_backends

from chalice_local.push_events import scheduled_event
from chalice_local.schedules import parse_schedule
from chalice_local.timetable import Entry
from chalice_localaws.embedded.account import find_function, role_policies
from chalice_localaws.embedded.destinations import dead_letter
from chalice_localaws.embedded.permissions import allows_action

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from moto.awslambda.models import LambdaFunction
    from moto.events.models import Rule
    from moto.scheduler.models import EventBridgeSchedulerBackend, Schedule

__all__ = ["Schedules"]


class Schedules:
    """Finds what is on, and fires it.

    Args:
        invoke_later: invokes a function asynchronously.
    """

    def __init__(self, invoke_later: Callable[[LambdaFunction, bytes], object]) -> None:
        self._invoke_later = invoke_later

    def entries(self) -> Iterator[Entry]:
        """Yield an entry for each rule with a schedule and each schedule that is on."""
        for rules in list(events_backends.values()):
            for events in list(rules.values()):
                for bus in list(events.event_buses.values()):
                    yield from map(_rule_entry, filter(_is_on, list(bus.rules.values())))
        for schedules in list(scheduler_backends.values()):
            for backend in list(schedules.values()):
                for group in list(backend.schedule_groups.values()):
                    for schedule in list(group.schedules.values()):
                        if schedule.state == "ENABLED":
                            yield self._schedule_entry(backend, schedule)

    def _schedule_entry(self, backend: EventBridgeSchedulerBackend, schedule: Schedule) -> Entry:
        expression = schedule.schedule_expression
        zone = schedule.schedule_expression_timezone
        return Entry(
            key=(
                schedule.arn,
                schedule.creation_date,
                expression,
                zone,
                schedule.start_date,
                schedule.end_date,
            ),
            schedule=parse_schedule(expression, zone=zone, once=True),
            start=_time(schedule.start_date),
            end=_time(schedule.end_date),
            # "If you do not provide a StartDate for a rate-based schedule, your schedule starts invoking
            # the target immediately."
            at_once=expression.startswith("rate("),
            fire=lambda when: self._fire(backend, schedule, when),
        )

    def _fire(self, backend: EventBridgeSchedulerBackend, schedule: Schedule, when: datetime) -> None:
        target = schedule.target
        execution = str(uuid.uuid4())
        payload = _payload(schedule, when, execution)
        function = find_function(target["Arn"])
        may = allows_action(
            role_policies(target["RoleArn"]), action="lambda:InvokeFunction", resource=target["Arn"]
        )
        if function is not None and may:
            self._invoke_later(function, payload.encode())
        else:
            _give_up(schedule, when, execution, payload, found=function is not None)
        if schedule.action_after_completion == "DELETE" and schedule.schedule_expression.startswith("at("):
            with contextlib.suppress(ScheduleNotFound):
                backend.delete_schedule(schedule.group_name, schedule.name)


def _is_on(rule: Rule) -> bool:
    return bool(rule.scheduled_expression) and rule.state != "DISABLED"


def _rule_entry(rule: Rule) -> Entry:
    expression = rule.scheduled_expression or ""
    return Entry(
        key=(rule.arn, expression),
        schedule=parse_schedule(expression),
        fire=lambda when: rule.send_to_targets(_tick(rule, when)),
    )


def _tick(rule: Rule, when: datetime) -> Any:
    event = scheduled_event(rule_arn=rule.arn, when=when)
    # moto counts times, and has one more.
    return {**event, "time": when.timestamp(), "ingestion-time": when.timestamp()}


def _payload(schedule: Schedule, when: datetime, execution: str) -> str:
    """Return the input, with the context attributes filled in, or the event that stands for none."""
    context = {
        "schedule-arn": schedule.arn,
        "scheduled-time": when.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "execution-id": execution,
        "attempt-number": "1",
    }
    text = schedule.target.get("Input")
    if not text:
        _, _, _, region, account, _ = schedule.arn.split(":", 5)
        event = {
            "version": "0",
            "id": execution,
            "detail-type": "Scheduled Event",
            "source": "aws.scheduler",
            "account": account,
            "time": context["scheduled-time"],
            "region": region,
            "resources": [schedule.arn],
            "detail": "{}",
        }
        return json.dumps(event)
    for name, value in context.items():
        text = text.replace(f"<aws.scheduler.{name}>", value)
    return str(text)


def _give_up(schedule: Schedule, when: datetime, execution: str, payload: str, *, found: bool) -> None:
    target = schedule.target
    code = "AccessDeniedException" if found else "ResourceNotFoundException"
    message = (
        f"User: {target['RoleArn']} is not authorized to perform: lambda:InvokeFunction on resource: "
        f"{target['Arn']}"
        if found
        else f"Function not found: {target['Arn']}"
    )
    queue = (target.get("DeadLetterConfig") or {}).get("Arn")
    if not queue:
        print(f"{schedule.arn} was due in vain: {message}", file=sys.stderr)  # noqa: T201 - the server's log
        return
    dead_letter(
        queue,
        payload,
        {
            "SCHEDULE_ARN": schedule.arn,
            "TARGET_ARN": target["Arn"],
            "EXECUTION_ID": execution,
            "SCHEDULED_TIME": when.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "ERROR_CODE": code,
            "ERROR_MESSAGE": message,
            "IS_PAYLOAD_TRUNCATED": "false",
        },
    )


def _time(value: Any) -> datetime | None:
    return None if value is None else datetime.fromtimestamp(float(value), timezone.utc)
