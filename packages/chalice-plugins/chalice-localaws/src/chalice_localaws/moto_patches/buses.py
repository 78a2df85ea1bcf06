"""EventBridge: rules compare events as AWS does, and their targets get them as AWS sends them."""

from __future__ import annotations

import copy
import json
import sys
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from moto.events.exceptions import InvalidEventPatternException, ValidationException
from moto.events.models import EventPattern, EventsBackend, Rule

from chalice_local import PatternError, check_pattern, matches
from chalice_local.schedules import ScheduleError, parse_schedule
from chalice_local.target_inputs import target_input
from chalice_localaws.embedded.destinations import DestinationError, dead_letter, publish, send_message
from chalice_localaws.moto_patches.patching import Patch

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from chalice_localaws.moto_patches.patching import Plane

__all__ = ["PATCHES"]

_SERVICE = "events.amazonaws.com"
# EventBridge's own words, in dead letters, for what Lambda answers.
_ERROR_CODES = {"AccessDeniedException": "NO_PERMISSIONS", "ResourceNotFoundException": "NO_RESOURCE"}
_TARGETS = ("lambda", "sqs", "sns", "logs", "events")


def _put_rule(original: Callable[..., Any], plane: Plane) -> Callable[..., Any]:  # noqa: ARG001 - the plane asks
    def put_rule(
        self: EventsBackend,
        name: str,
        description: str | None = None,
        event_bus_arn: str | None = None,
        event_pattern: str | None = None,
        role_arn: str | None = None,
        scheduled_expression: str | None = None,
        state: str | None = None,
        managed_by: str | None = None,
        tags: list[dict[str, str]] | None = None,
    ) -> Rule:
        if event_pattern:
            _check_pattern(event_pattern)
        if scheduled_expression:
            try:
                parse_schedule(scheduled_expression)
            except ScheduleError as error:
                raise ValidationException(f"Parameter ScheduleExpression is not valid. {error}") from error
        rule: Rule = original(
            self,
            name,
            description,
            event_bus_arn,
            event_pattern,
            role_arn,
            scheduled_expression,
            state,
            managed_by,
            tags,
        )
        return rule

    return put_rule


def _check_pattern(text: str) -> None:
    try:
        check_pattern(json.loads(text))
    except PatternError as error:
        raise InvalidEventPatternException(reason=str(error)) from error
    except ValueError as error:
        raise InvalidEventPatternException(reason="Filter is not valid JSON") from error


def _put_targets(original: Callable[..., Any], plane: Plane) -> Callable[..., Any]:  # noqa: ARG001 - nothing runs
    def put_targets(
        self: EventsBackend, name: str, event_bus_arn: str | None, targets: list[dict[str, Any]]
    ) -> None:
        for target in targets:
            parts = str(target.get("Arn")).split(":")
            service = parts[2] if len(parts) > 2 else ""
            if service not in _TARGETS:
                raise ValidationException(
                    f"A target of a rule in the service {service!r} ({target.get('Arn')}) is not emulated on "
                    "this machine."
                )
        original(self, name, event_bus_arn, targets)

    return put_targets


def _send(original: Callable[..., Any], plane: Plane) -> Callable[..., Any]:
    def send_to_targets(self: Rule, original_event: dict[str, Any], transform_input: bool = True) -> None:
        event = _as_sent(original_event)
        if self.state == "DISABLED" or not _is_for(self, event):
            return
        others = []
        for target in list(self.targets):
            service = target["Arn"].split(":")[2]
            if service in {"lambda", "sqs", "sns"}:
                _deliver(self, target, event, plane)
            else:
                others.append(target)
        if others:
            rest = copy.copy(self)
            rest.targets = others
            rest.event_pattern = EventPattern.load(None)  # matches: ours has
            original(rest, original_event, transform_input)

    return send_to_targets


def _is_for(rule: Rule, event: Mapping[str, Any]) -> bool:
    if event["source"] == "aws.events" and event["resources"] == [rule.arn]:
        return True  # its own schedule is due
    pattern = rule.event_pattern.get_pattern()
    return bool(pattern) and matches(pattern, event)


def _as_sent(event: Mapping[str, Any]) -> dict[str, Any]:
    """Return an event in AWS's shape: moto has times as numbers, and one field more."""
    sent = {name: value for name, value in event.items() if name != "ingestion-time"}
    if not isinstance(sent["time"], str):
        when = datetime.fromtimestamp(float(sent["time"]), timezone.utc)
        sent["time"] = when.strftime("%Y-%m-%dT%H:%M:%SZ")
    return sent


def _deliver(rule: Rule, target: Mapping[str, Any], event: Mapping[str, Any], plane: Plane) -> None:
    arn = str(target["Arn"])
    document = target_input(target, event, rule_arn=rule.arn)
    service = arn.split(":")[2]
    if service == "lambda":
        refused = plane.push(arn, document, service=_SERVICE, source_arn=rule.arn)
        if refused is not None:
            _give_up(rule, target, event, _ERROR_CODES[refused.code], refused.message)
        return
    text = document if isinstance(document, str) else json.dumps(document)
    try:
        if service == "sqs":
            send_message(arn, text, group_id=(target.get("SqsParameters") or {}).get("MessageGroupId"))
        else:
            publish(arn, text)
    except DestinationError as error:
        _give_up(rule, target, event, "NO_RESOURCE", str(error))


def _give_up(
    rule: Rule, target: Mapping[str, Any], event: Mapping[str, Any], code: str, message: str
) -> None:
    queue = (target.get("DeadLetterConfig") or {}).get("Arn")
    if not queue:
        print(f"An event of {rule.arn} was not delivered: {message}", file=sys.stderr)  # noqa: T201
        return
    dead_letter(
        queue,
        json.dumps(event),
        {
            "RULE_ARN": rule.arn,
            "TARGET_ARN": str(target["Arn"]),
            "ERROR_CODE": code,
            "ERROR_MESSAGE": message,
            "RETRY_ATTEMPTS": "0",
        },
    )


PATCHES = (
    Patch(
        owner=EventsBackend,
        name="put_rule",
        parameters=(
            "self, name, description, event_bus_arn, event_pattern, role_arn, scheduled_expression, state, "
            "managed_by, tags"
        ),
        why="moto accepts patterns with unknown operators, and any text in cron().",
        make=_put_rule,
    ),
    Patch(
        owner=EventsBackend,
        name="put_targets",
        parameters="self, name, event_bus_arn, targets",
        why="moto accepts every target, and fails with status 500 in put_events.",
        make=_put_targets,
    ),
    Patch(
        owner=Rule,
        name="send_to_targets",
        parameters="self, original_event, transform_input",
        why="moto invokes no functions, obeys disabled rules, and knows a part of the operators.",
        make=_send,
    ),
)
