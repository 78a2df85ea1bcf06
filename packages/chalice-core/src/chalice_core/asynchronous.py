"""Options of the families whose services invoke functions asynchronously: EventBridge, S3, SNS and the like.

Lambda queues such events itself.  How often and how long it tries a function
that fails, and who is told in the end, is one setting of the function; where
EventBridge, Scheduler and SNS put what they could not even hand to Lambda is
one of the rule, schedule or subscription.  The decorators of these families
have the same options for both, and this room checks and lowers them.

Sources: ``PutFunctionEventInvokeConfig``, AWS Lambda API Reference; "Using
dead-letter queues to process undelivered events", Amazon EventBridge User
Guide; "Amazon SNS dead-letter queues", Amazon SNS Developer Guide.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from chalice_core.destinations import DestinationService, destination_grants, destination_problem
from chalice_core.kinds import EventInvokeConfig, Function, Resource
from chalice_core.values import ResourceId

_DEAD_LETTER_SERVICES: tuple[DestinationService, ...] = ("sqs",)

ASYNCHRONOUS_OPTIONS = ("maximum_retry_attempts", "maximum_event_age_in_seconds", "on_failure")
"""What a decorator's options are called; all are None when they are not set."""

RETRY_ATTEMPTS = (0, 2)
EVENT_AGE = (60, 21_600)


def asynchronous_problems(options: Mapping[str, Any]) -> Iterator[str]:
    """Yield a sentence for each of `ASYNCHRONOUS_OPTIONS` that Lambda would refuse.

    Args:
        options: of a declaration; an option that is absent is not set.
    """
    limits = {"maximum_retry_attempts": RETRY_ATTEMPTS, "maximum_event_age_in_seconds": EVENT_AGE}
    for option, (low, high) in limits.items():
        value = options.get(option)
        if value is not None and not is_integer_within(value, low, high):
            yield f"{option!r} must be an integer from {low} to {high}, not {value!r}."
    problem = destination_problem("on_failure", options.get("on_failure"))
    if problem:
        yield problem


def dead_letter_problems(options: Mapping[str, Any]) -> Iterator[str]:
    """Yield a sentence when ``dead_letter_queue`` is no queue that EventBridge and SNS can use.

    Args:
        options: of a declaration; an option that is absent is not set.
    """
    problem = destination_problem(
        "dead_letter_queue", options.get("dead_letter_queue"), _DEAD_LETTER_SERVICES
    )
    if problem:
        yield problem


def lower_asynchronous(options: Mapping[str, Any], function: Function) -> tuple[Resource, ...]:
    """Return what makes Lambda treat a function's events as the options say; nothing when none is set.

    Args:
        options: of a declaration without problems (`asynchronous_problems`).
        function: that receives the events.

    Returns:
        An `EventInvokeConfig` with the id ``FUNCTION-invoke-config``, and before it what the function's
        role needs for the destination, ``FUNCTION-sends-failures``.
    """
    if all(options.get(option) is None for option in ASYNCHRONOUS_OPTIONS):
        return ()
    on_failure = options.get("on_failure")
    grants = (
        destination_grants(f"{function.id}-sends-failures", role=function.role, arn=on_failure)
        if on_failure is not None
        else ()
    )
    return (
        *grants,
        EventInvokeConfig(
            id=ResourceId(f"{function.id}-invoke-config"),
            function_arn=function.arn,
            maximum_retry_attempts=options.get("maximum_retry_attempts"),
            maximum_event_age=options.get("maximum_event_age_in_seconds"),
            on_failure=on_failure,
            # Lambda refuses a destination that the role may not send to.
            after=tuple(grant.id for grant in grants),
        ),
    )


def is_integer_within(value: object, low: int, high: int) -> bool:
    """Return whether an option is an integer of a range, both ends included.

    Args:
        value: of the option.
        low: the smallest.
        high: the largest.
    """
    # bool is an int in Python, yet nobody means True seconds.
    return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high
