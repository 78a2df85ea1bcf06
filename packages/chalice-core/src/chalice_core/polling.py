"""Options of the families whose sources Lambda polls: queues, streams, Kafka.

Lambda reads such sources itself and hands a function batches of what it
finds.  The decorators of these families share options (batch size, window,
filters, partial batches; of streams also positions, retries and
destinations), and this room checks and lowers them, so that each is judged
and granted in the same way everywhere.

Sources: ``CreateEventSourceMapping``, AWS Lambda API Reference, for ranges
and for which source has which option; "Control which events Lambda sends to
your function", AWS Lambda Developer Guide, for filters.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from chalice_core.asynchronous import is_integer_within
from chalice_core.destinations import DestinationService, destination_grants, destination_problem
from chalice_core.kinds import EventSourceMapping, Function, Grant, Resource, StartingPosition
from chalice_core.values import ResourceId, Value

LARGEST_BATCH = 10_000
LONGEST_WINDOW = 300
MOST_FILTERS = 10
"""Five for everybody, ten for who asks AWS for more; which of them holds only AWS knows."""
LONGEST_FILTER = 4096
RETRY_ATTEMPTS = (-1, 10_000)
RECORD_AGE = (60, 604_800)
PARALLELIZATION = (1, 10)
LONGEST_TUMBLING_WINDOW = 900
FAILURE_SERVICES: tuple[DestinationService, ...] = ("sqs", "sns", "s3")
"""What can be told of batches that were given up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceLimits:
    """What Lambda accepts of mappings of one kind of source.

    Args:
        largest_batch: records in one call.
        longest_window: seconds; 0 when the source has no batching window.
        batch_without_window: a larger batch needs a window of at least a second; None for no such rule.
        positions: where reading may start; empty for queues, which have no position.
        windows: whether shards can be read in several batches at once and aggregated in tumbling windows.
    """

    largest_batch: int = LARGEST_BATCH
    longest_window: int = LONGEST_WINDOW
    batch_without_window: int | None = None
    positions: tuple[StartingPosition, ...] = ()
    windows: bool = False


def polling_problems(options: Mapping[str, Any], limits: SourceLimits) -> Iterator[str]:
    """Yield a sentence for each shared option that Lambda would refuse.

    Args:
        options: of a declaration; an option that is absent is not set.
        limits: of its source.
    """
    yield from _batch_problems(options, limits)
    if limits.positions:
        yield from _position_problems(options, limits)
    yield from _failure_problems(options)
    if limits.windows:
        yield from _window_problems(options)
    yield from filter_problems(options.get("filter_patterns"))
    for option in ("report_batch_item_failures", "bisect_batch_on_function_error"):
        value = options.get(option, False)
        if not isinstance(value, bool):
            yield f"{option!r} must be true or false, not {value!r}."


def filter_problems(patterns: object) -> Iterator[str]:
    """Yield a sentence for each of ``filter_patterns`` that Lambda would refuse.

    Args:
        patterns: the option; None filters nothing.
    """
    if patterns is None:
        return
    if not isinstance(patterns, Sequence) or isinstance(patterns, str) or not patterns:
        yield f"'filter_patterns' must be a list of patterns, each a dictionary, not {patterns!r}."
        return
    if len(patterns) > MOST_FILTERS:
        yield f"'filter_patterns' has {len(patterns)} patterns; Lambda takes {MOST_FILTERS} at most."
    for pattern in patterns:
        if not isinstance(pattern, Mapping) or not pattern:
            yield f"each of 'filter_patterns' must be a dictionary with something in it, not {pattern!r}."
            continue
        wrong = _wrong_leaf(pattern)
        if wrong is not None:
            where, value = wrong
            yield f"'filter_patterns' must have a list of accepted values at {where!r}, not {value!r}."
        elif len(pattern_text(pattern)) > LONGEST_FILTER:
            yield f"a pattern of 'filter_patterns' is longer than {LONGEST_FILTER} characters as JSON."


def pattern_text(pattern: Mapping[str, Any]) -> str:
    """Return a filter pattern as Lambda takes it: JSON as short as it can be."""
    return json.dumps(pattern, separators=(",", ":"), ensure_ascii=False)


def timestamp_of(value: object) -> float:
    """Return a point of time in seconds since 1970.

    Args:
        value: seconds, or text after ISO 8601 with a time zone: ``2026-01-31T12:00:00Z``.

    Raises:
        ValueError: it is no time, or one without a zone; says so.
    """
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return float(value)
    if isinstance(value, str):
        try:
            # Before Python 3.11 datetime does not know the Z.
            moment = datetime.fromisoformat(value[:-1] + "+00:00" if value.endswith(("Z", "z")) else value)
        except ValueError:
            raise ValueError(
                f"must be a time as ISO 8601 writes it, 2026-01-31T12:00:00Z, not {value!r}."
            ) from None
        if moment.tzinfo is None:
            raise ValueError(f"must say its time zone, {value}Z or {value}+01:00, not {value!r}.")
        return moment.timestamp()
    raise ValueError(f"must be a time as ISO 8601 writes it, 2026-01-31T12:00:00Z, not {value!r}.")


def lower_polled(
    options: Mapping[str, Any],
    function: Function,
    *,
    id: str,
    service: str,
    source_arn: Value | None,
    grants: Sequence[Grant],
    default_batch_size: int,
    **others: Any,
) -> tuple[Resource, ...]:
    """Return what makes Lambda poll a source for a function.

    Args:
        options: of a declaration without problems (`polling_problems`).
        function: that receives the batches.
        id: of the mapping, ``work-sqs-event-source``.
        service: of the source, as `EventSourceMapping` has it.
        source_arn: of the source; None for what is not in AWS.
        grants: what the poller, which acts with the function's role, needs to read the source.
        default_batch_size: of the decorator.
        **others: further fields of the `EventSourceMapping`.

    Returns:
        The grants; what sending to ``on_failure`` takes, ``FUNCTION-sends-failures``; after them the mapping.
    """
    on_failure = options.get("on_failure")
    sends = (
        destination_grants(f"{function.id}-sends-failures", role=function.role, arn=on_failure)
        if on_failure is not None
        else ()
    )
    every = (*grants, *sends)
    at = options.get("starting_position_timestamp")
    patterns = options.get("filter_patterns")
    fields: dict[str, Any] = {
        "maximum_batching_window": options.get("maximum_batching_window_in_seconds", 0),
        "maximum_concurrency": options.get("maximum_concurrency"),
        "starting_position": cast("StartingPosition | None", options.get("starting_position")),
        "starting_position_timestamp": None if at is None else timestamp_of(at),
        "on_failure": on_failure,
        "maximum_retry_attempts": options.get("maximum_retry_attempts"),
        "maximum_record_age": options.get("maximum_record_age_in_seconds"),
        "bisect_batch": options.get("bisect_batch_on_function_error", False),
        "parallelization_factor": options.get("parallelization_factor"),
        "tumbling_window": options.get("tumbling_window_in_seconds"),
        **others,
    }
    mapping = EventSourceMapping(
        id=ResourceId(id),
        function_arn=function.arn,
        source_arn=source_arn,
        service=service,
        batch_size=options.get("batch_size", default_batch_size),
        report_batch_item_failures=options.get("report_batch_item_failures", False),
        filter_patterns=None if patterns is None else tuple(patterns),
        # Lambda refuses a mapping whose role cannot read the source, or send to the destination.
        after=tuple(grant.id for grant in every),
        **fields,
    )
    return (*every, mapping)


def _batch_problems(options: Mapping[str, Any], limits: SourceLimits) -> Iterator[str]:
    batch = options.get("batch_size", 1)
    window = options.get("maximum_batching_window_in_seconds") or 0
    batch_fits = is_integer_within(batch, 1, limits.largest_batch)
    window_fits = is_integer_within(window, 0, limits.longest_window)
    if not batch_fits:
        yield f"'batch_size' must be an integer from 1 to {limits.largest_batch}, not {batch!r}."
    if not window_fits:
        yield (
            "'maximum_batching_window_in_seconds' must be an integer from 0 to "
            f"{limits.longest_window}, not {window!r}."
        )
    smallest = limits.batch_without_window
    if batch_fits and window_fits and smallest is not None and batch > smallest and window < 1:
        yield (
            f"a 'batch_size' over {smallest} needs a 'maximum_batching_window_in_seconds' of at "
            f"least 1; the batch size is {batch}, the window {window}."
        )


def _position_problems(options: Mapping[str, Any], limits: SourceLimits) -> Iterator[str]:
    position = options.get("starting_position", "LATEST")
    at = options.get("starting_position_timestamp")
    if position not in limits.positions:
        listed = f"{', '.join(limits.positions[:-1])} or {limits.positions[-1]}"
        yield f"'starting_position' must be {listed}, not {position!r}."
    elif position == "AT_TIMESTAMP" and at is None:
        yield "'starting_position' AT_TIMESTAMP needs a 'starting_position_timestamp'."
    if at is None:
        return
    if position != "AT_TIMESTAMP":
        yield f"'starting_position_timestamp' goes with 'starting_position' AT_TIMESTAMP, not {position!r}."
    try:
        seconds = timestamp_of(at)
    except ValueError as error:
        yield f"'starting_position_timestamp' {error}"
    else:
        if seconds > time.time():
            yield f"'starting_position_timestamp' cannot be in the future, as {at!r} is."


def _failure_problems(options: Mapping[str, Any]) -> Iterator[str]:
    attempts = options.get("maximum_retry_attempts")
    low, high = RETRY_ATTEMPTS
    if attempts is not None and not is_integer_within(attempts, low, high):
        yield (
            f"'maximum_retry_attempts' must be an integer from 0 to {high}, or -1 for as long as the records "
            f"are kept, not {attempts!r}."
        )
    age = options.get("maximum_record_age_in_seconds")
    low, high = RECORD_AGE
    if age is not None and not (is_integer_within(age, -1, -1) or is_integer_within(age, low, high)):
        yield (
            f"'maximum_record_age_in_seconds' must be an integer from {low} to {high}, or -1 for any age, "
            f"not {age!r}."
        )
    problem = destination_problem("on_failure", options.get("on_failure"), FAILURE_SERVICES)
    if problem:
        yield problem


def _window_problems(options: Mapping[str, Any]) -> Iterator[str]:
    for option, (low, high) in {
        "parallelization_factor": PARALLELIZATION,
        "tumbling_window_in_seconds": (0, LONGEST_TUMBLING_WINDOW),
    }.items():
        value = options.get(option)
        if value is not None and not is_integer_within(value, low, high):
            yield f"{option!r} must be an integer from {low} to {high}, not {value!r}."


def _wrong_leaf(pattern: Mapping[str, Any], path: str = "") -> tuple[str, Any] | None:
    """Return the first place where a pattern has neither a dictionary nor a list, with what is there."""
    for key, value in pattern.items():
        where = f"{path}.{key}" if path else str(key)
        if isinstance(value, Mapping):
            found = _wrong_leaf(value, where)
            if found is not None:
                return found
        elif key == "$or":
            if not (isinstance(value, Sequence) and all(isinstance(one, Mapping) for one in value)):
                return where, value
        elif not isinstance(value, Sequence) or isinstance(value, str) or not value:
            return where, value
    return None
