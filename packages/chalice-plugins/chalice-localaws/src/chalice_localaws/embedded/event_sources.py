"""The pollers of all event source mappings."""

from __future__ import annotations

import json
import threading
from typing import TYPE_CHECKING, Any

from chalice_local import (
    BatchOutcome,
    MappingSettings,
    Position,
    SqsPoller,
    StreamPoller,
    StreamSettings,
    ThrottledError,
)
from chalice_local.destinations import batch_key, batch_record
from chalice_local.sqs import DEFAULT_CONCURRENCY
from chalice_localaws.embedded.account import MotoQueue, find_function, function_spec, lambda_backend
from chalice_localaws.embedded.streams import DynamoDBSource, KinesisSource

if TYPE_CHECKING:
    from collections.abc import Mapping

    from moto.awslambda.models import EventSourceMapping

    from chalice_local import GivenUp, Invoker
    from chalice_localaws.embedded.destinations import Destinations

__all__ = ["EventSources", "filter_patterns"]


class EventSources:
    """Starts a poller for each mapping; each ends by itself when its mapping is deleted.

    Args:
        invoker: runs the functions.
        destinations: hear of records that were given up.
    """

    def __init__(self, invoker: Invoker, destinations: Destinations) -> None:
        self._invoker = invoker
        self._destinations = destinations
        self._lock = threading.Lock()
        self._pollers: list[SqsPoller | StreamPoller] = []

    def start(self, mapping: EventSourceMapping) -> None:
        """Begin to poll for a new mapping."""
        if mapping.event_source_arn.split(":")[2] == "sqs":
            poller = self._queue_poller(mapping)
        else:
            poller = self._stream_poller(mapping)
        with self._lock:
            self._pollers = [old for old in self._pollers if old.polling]
            self._pollers.append(poller)
            poller.start()

    def stop(self) -> None:
        """End all pollers."""
        with self._lock:
            pollers, self._pollers = self._pollers, []
        for poller in pollers:
            poller.stop()

    def count(self) -> int:
        """Return how many pollers run."""
        with self._lock:
            return sum(poller.polling for poller in self._pollers)

    def _queue_poller(self, mapping: EventSourceMapping) -> SqsPoller | StreamPoller:
        return SqsPoller(
            queue=MotoQueue(mapping.event_source_arn),
            settings=lambda: _queue_settings(mapping),
            invoke=lambda event: self._invoke(mapping, event),
        )

    def _stream_poller(self, mapping: EventSourceMapping) -> SqsPoller | StreamPoller:
        arn = mapping.event_source_arn
        source = KinesisSource(arn, mapping.function_arn) if ":kinesis:" in arn else DynamoDBSource(arn)
        return StreamPoller(
            source=source,
            position=Position(
                kind=mapping.starting_position or "TRIM_HORIZON",
                timestamp=float(mapping.starting_position_timestamp or 0),
            ),
            settings=lambda: _stream_settings(mapping),
            invoke=lambda event: self._invoke(mapping, event),
            give_up=lambda given_up: self._give_up(mapping, given_up),
        )

    def _invoke(self, mapping: EventSourceMapping, event: bytes) -> BatchOutcome:
        function = find_function(mapping.function_arn)
        if function is None:
            return BatchOutcome(failed=True, throttled=True)
        try:
            result = self._invoker.invoke(function_spec(function), event)
        except ThrottledError:
            # Messages come back after their visibility timeout, records are tried again, as in AWS.
            return BatchOutcome(failed=True, throttled=True)
        return BatchOutcome(
            failed=result.error is not None,
            payload=result.payload,
            request_id=result.request_id,
            version=result.version,
        )

    def _give_up(self, mapping: EventSourceMapping, given_up: GivenUp) -> None:
        destination = ((mapping.destination_config or {}).get("OnFailure") or {}).get("Destination")
        function = find_function(mapping.function_arn)
        if not destination or function is None:
            return
        self._destinations.send(
            destination,
            batch_record(given_up, function_arn=mapping.function_arn, stream_arn=mapping.event_source_arn),
            role_arn=function.role,
            key=batch_key(mapping.uuid, given_up.shard_id),
            # Only queues, topics and buckets are told of streams; no event bus needs the next two.
            detail_type="",
            resources=[],
        )


def filter_patterns(criteria: Mapping[str, Any] | None) -> list[str]:
    """Return the texts of the patterns in a ``FilterCriteria``."""
    filters = (criteria or {}).get("Filters") or []
    return [str(found["Pattern"]) for found in filters if found.get("Pattern")]


def _queue_settings(mapping: EventSourceMapping) -> MappingSettings | None:
    if _is_gone(mapping):
        return None
    return MappingSettings(
        queue_arn=mapping.event_source_arn,
        region=mapping.region,
        # A mapping outlives its function; without one it leaves the messages where they are.
        enabled=bool(mapping.enabled) and find_function(mapping.function_arn) is not None,
        batch_size=int(mapping.batch_size),
        window_seconds=float(mapping.max_batch_window or 0),
        report_failures=_reports(mapping),
        concurrency=int((mapping.scaling_config or {}).get("MaximumConcurrency") or DEFAULT_CONCURRENCY),
        filters=_filters(mapping),
    )


def _stream_settings(mapping: EventSourceMapping) -> StreamSettings | None:
    if _is_gone(mapping):
        return None
    return StreamSettings(
        enabled=bool(mapping.enabled) and find_function(mapping.function_arn) is not None,
        batch_size=int(mapping.batch_size),
        window_seconds=float(mapping.max_batch_window or 0),
        report_failures=_reports(mapping),
        bisect=bool(mapping.bisect_on_error),
        max_retries=_number(mapping.max_retry_attempts),
        max_age_seconds=_number(mapping.max_record_age),
        tumbling_seconds=int(mapping.tumbling_window or 0),
        filters=_filters(mapping),
    )


def _is_gone(mapping: EventSourceMapping) -> bool:
    return lambda_backend(mapping.arn).get_event_source_mapping(mapping.uuid) is not mapping


def _reports(mapping: EventSourceMapping) -> bool:
    return "ReportBatchItemFailures" in (mapping.function_response_types or ())


def _filters(mapping: EventSourceMapping) -> tuple[Mapping[str, Any], ...]:
    return tuple(json.loads(pattern) for pattern in filter_patterns(mapping.filter_criteria))


def _number(value: int | None) -> int:
    return -1 if value is None else int(value)
