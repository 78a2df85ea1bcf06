"""EventBridge in Lambda: when or for what a function is called, and the event that it is given."""

from __future__ import annotations

from chalice.extensions import EventSource

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__all__ = ["CloudWatchEvent", "Cron", "Rate", "ScheduleExpression", "on_cw_event", "schedule"]


class CloudWatchEvent:
    """An event of EventBridge, which was called CloudWatch Events once.

    Args:
        event_dict: The event as Lambda passes it.
        context: The Lambda context.

    Attributes:
        context: See above.
        version: Version of the event's form, ``0``.
        event_id: Identifies the event.
        detail_type: What kind of event it is, ``Scheduled Event`` for a schedule.
        source: Who sent it, ``aws.events`` for a schedule.
        account: Where it comes from, in twelve digits.
        time: When it happened, ``2026-01-31T12:00:00Z``.
        region: Where it comes from.
        resources: ARNs of what it is about; for a schedule, the ARN of the rule.
        detail: What else the sender says; empty for a schedule.

    Raises:
        KeyError: The event is none of EventBridge's; the exception names what is missing.

    See https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-events-structure.html
    """

    # Slots are cheaper than a dictionary, which is made only when somebody adds an attribute.
    __slots__ = (
        "__dict__",
        "_event_dict",
        "account",
        "context",
        "detail",
        "detail_type",
        "event_id",
        "region",
        "resources",
        "source",
        "time",
        "version",
    )

    def __init__(self, event_dict: dict[str, Any], context: Any) -> None:
        self._event_dict = event_dict
        self.context = context
        self.version: str = event_dict["version"]
        self.account: str = event_dict["account"]
        self.region: str = event_dict["region"]
        self.detail: dict[str, Any] = event_dict["detail"]
        self.detail_type: str = event_dict["detail-type"]
        self.source: str = event_dict["source"]
        self.time: str = event_dict["time"]
        self.event_id: str = event_dict["id"]
        self.resources: list[str] = event_dict["resources"]

    def to_dict(self) -> dict[str, Any]:
        """Return the event as Lambda passed it."""
        return self._event_dict


class ScheduleExpression:
    """When a schedule calls its function; what `Rate` and `Cron` have in common."""

    def to_string(self) -> str:
        """Return the expression as EventBridge reads it."""
        raise NotImplementedError(f"{type(self).__name__} has to define to_string().")


class Rate(ScheduleExpression):
    """Once in so many minutes, hours or days.

    Args:
        value: How many of them.
        unit: `Rate.MINUTES`, `Rate.HOURS` or `Rate.DAYS`.

    See https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html
    """

    MINUTES = "MINUTES"
    HOURS = "HOURS"
    DAYS = "DAYS"

    def __init__(self, value: int, unit: str) -> None:
        self.value = value
        self.unit = unit

    def to_string(self) -> str:
        """Return the expression, ``rate(2 hours)``."""
        unit = self.unit.lower()
        # EventBridge refuses both "1 hours" and "2 hour".
        return f"rate({self.value} {unit[:-1] if self.value == 1 else unit})"


class Cron(ScheduleExpression):
    """At times that EventBridge's six fields name, in UTC.

    Args:
        minutes: 0 to 59.
        hours: 0 to 23.
        day_of_month: 1 to 31.
        month: 1 to 12, or ``JAN`` to ``DEC``.
        day_of_week: 1 to 7, or ``SUN`` to ``SAT``; ``?`` here or for the day of the month.
        year: 1970 to 2199.

    Each may be a number, or a text with the signs that EventBridge knows: ``*/10``, ``MON-FRI``, ``6L``.

    See https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html
    """

    def __init__(
        self,
        minutes: str | int,
        hours: str | int,
        day_of_month: str | int,
        month: str | int,
        day_of_week: str | int,
        year: str | int,
    ) -> None:
        self.minutes = minutes
        self.hours = hours
        self.day_of_month = day_of_month
        self.month = month
        self.day_of_week = day_of_week
        self.year = year

    def to_string(self) -> str:
        """Return the expression, ``cron(15 10 ? * 6L 2002-2005)``."""
        fields = (self.minutes, self.hours, self.day_of_month, self.month, self.day_of_week, self.year)
        return f"cron({' '.join(map(str, fields))})"


@EventSource.of(source="scheduled", event=CloudWatchEvent)
def schedule(
    expression: str | ScheduleExpression,
    name: str | None = None,
    description: str = "",
    scheduler: bool = False,
    timezone: str | None = None,
    flexible_time_window_in_minutes: int | None = None,
    maximum_retry_attempts: int | None = None,
    maximum_event_age_in_seconds: int | None = None,
    on_failure: str | None = None,
    dead_letter_queue: str | None = None,
) -> dict[str, Any]:
    """Call a function at certain times.

    What EventBridge allows is for the tools to check: they report every mistake at once.

    Args:
        expression: A `Rate`, a `Cron`, or such an expression as text, ``rate(5 minutes)``; with EventBridge
            Scheduler also a moment, ``at(2030-12-31T23:59:00)``.
        name: Logical name of the function, by default its own.
        description: Of the rule or schedule, for people who look at it.
        scheduler: Use EventBridge Scheduler in place of a rule; the next two options do so, too.
        timezone: That the expression means, ``Europe/Berlin``; UTC without it.
        flexible_time_window_in_minutes: Within how many minutes after the due time the call may begin.
        maximum_retry_attempts: How often Lambda tries again when the function fails, 0 to 2; None leaves it
            to Lambda, which tries twice.
        maximum_event_age_in_seconds: How long it tries, 60 to 21600; None leaves it to Lambda: six hours.
        on_failure: ARN of the queue, topic, event bus, bucket or function that is told of what failed in the
            end.
        dead_letter_queue: ARN of the SQS queue that gets events which could not be handed to Lambda.

    See https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
    """
    return {
        "name": name,
        # Text, for the manifest is JSON.
        "expression": expression.to_string() if isinstance(expression, ScheduleExpression) else expression,
        "description": description,
        "scheduler": scheduler,
        "timezone": timezone,
        "flexible_time_window_in_minutes": flexible_time_window_in_minutes,
        "maximum_retry_attempts": maximum_retry_attempts,
        "maximum_event_age_in_seconds": maximum_event_age_in_seconds,
        "on_failure": on_failure,
        "dead_letter_queue": dead_letter_queue,
    }


@EventSource.of(source="cloudwatch", event=CloudWatchEvent)
def on_cw_event(
    event_pattern: dict[str, Any],
    name: str | None = None,
    event_bus: str | None = None,
    maximum_retry_attempts: int | None = None,
    maximum_event_age_in_seconds: int | None = None,
    on_failure: str | None = None,
    dead_letter_queue: str | None = None,
) -> dict[str, Any]:
    """Call a function with each event on a bus of EventBridge that fits a pattern.

    What EventBridge allows is for the tools to check: they report every mistake at once.

    Args:
        event_pattern: Which events, such as ``{"source": ["aws.ec2"]}``.
        name: Logical name of the function, by default its own.
        event_bus: Name or ARN of the bus, by default the account's default one.
        maximum_retry_attempts: How often Lambda tries again when the function fails, 0 to 2; None leaves it
            to Lambda, which tries twice.
        maximum_event_age_in_seconds: How long it tries, 60 to 21600; None leaves it to Lambda: six hours.
        on_failure: ARN of the queue, topic, event bus, bucket or function that is told of what failed in the
            end.
        dead_letter_queue: ARN of the SQS queue that gets events which could not be handed to Lambda.

    See https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html
    """
    return {
        "name": name,
        "event_pattern": event_pattern,
        "event_bus": event_bus,
        "maximum_retry_attempts": maximum_retry_attempts,
        "maximum_event_age_in_seconds": maximum_event_age_in_seconds,
        "on_failure": on_failure,
        "dead_letter_queue": dead_letter_queue,
    }
