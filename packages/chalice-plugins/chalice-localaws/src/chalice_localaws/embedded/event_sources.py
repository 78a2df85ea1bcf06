"""The pollers of all event source mappings."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from chalice_local import BatchOutcome, MappingSettings, SqsPoller, ThrottledError
from chalice_local.sqs import DEFAULT_CONCURRENCY
from chalice_localaws.embedded.account import MotoQueue, find_function, function_spec, lambda_backend

if TYPE_CHECKING:
    from moto.awslambda.models import EventSourceMapping

    from chalice_local import Invoker

__all__ = ["EventSources"]


class EventSources:
    """Starts a poller for each mapping; each ends by itself when its mapping is deleted.

    Args:
        invoker: runs the functions.
    """

    def __init__(self, invoker: Invoker) -> None:
        self._invoker = invoker
        self._lock = threading.Lock()
        self._pollers: list[SqsPoller] = []

    def start(self, mapping: EventSourceMapping) -> None:
        """Begin to poll for a new mapping."""
        poller = SqsPoller(
            queue=MotoQueue(mapping.event_source_arn),
            settings=lambda: _settings(mapping),
            invoke=lambda event: self._invoke(mapping, event),
        )
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

    def _invoke(self, mapping: EventSourceMapping, event: bytes) -> BatchOutcome:
        function = find_function(mapping.function_arn)
        if function is None:
            return BatchOutcome(failed=True)
        try:
            result = self._invoker.invoke(function_spec(function), event)
        except ThrottledError:
            # The messages come back after their visibility timeout, as they do in AWS.
            return BatchOutcome(failed=True)
        return BatchOutcome(failed=result.error is not None, payload=result.payload)


def _settings(mapping: EventSourceMapping) -> MappingSettings | None:
    backend = lambda_backend(mapping.arn)
    if backend.get_event_source_mapping(mapping.uuid) is not mapping:
        return None
    return MappingSettings(
        queue_arn=mapping.event_source_arn,
        region=mapping.region,
        # A mapping outlives its function; without one it leaves the messages where they are.
        enabled=bool(mapping.enabled) and find_function(mapping.function_arn) is not None,
        batch_size=int(mapping.batch_size),
        window_seconds=float(mapping.max_batch_window or 0),
        report_failures="ReportBatchItemFailures" in (mapping.function_response_types or ()),
        concurrency=int((mapping.scaling_config or {}).get("MaximumConcurrency") or DEFAULT_CONCURRENCY),
    )
