"""Lambda's poller for SQS queues: batches, failures, partial failures, order in FIFO groups.

https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html. The queue itself
(visibility, receive counts, the redrive policy) belongs to the control plane,
behind a small protocol.
"""

from __future__ import annotations

import base64
import json
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from chalice_local.batches import BatchOutcome, reported_failures
from chalice_local.filters import passes

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

__all__ = [
    "MappingSettings",
    "MessageAttribute",
    "MessageQueue",
    "QueueMessage",
    "SqsPoller",
    "failed_messages",
    "sqs_event",
]

# "Lambda starts with five concurrent batches" of a standard queue.
DEFAULT_CONCURRENCY = 5
_RECEIVE_LIMIT = 10  # of one ReceiveMessage call
_MAX_PAYLOAD_BYTES = 6 * 1024 * 1024
_IDLE_SECONDS = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageAttribute:
    """One message attribute, of type String, Number or Binary (or a custom ``String.x``)."""

    data_type: str
    string_value: str | None = None
    binary_value: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueMessage:
    """A message as ReceiveMessage gives it.

    Attributes:
        attributes: the system attributes, ``ApproximateReceiveCount`` and so on, all strings.
        md5_of_message_attributes: ``None`` when there are none.
    """

    message_id: str
    receipt_handle: str
    body: str
    md5_of_body: str
    attributes: Mapping[str, str]
    message_attributes: Mapping[str, MessageAttribute] = field(default_factory=dict)
    md5_of_message_attributes: str | None = None


class MessageQueue(Protocol):
    """A queue to poll."""

    def receive(self, limit: int) -> Sequence[QueueMessage]:
        """Take up to ``limit`` messages, at most 10, without waiting; their visibility timeout starts.

        The queue obeys its redrive policy, and gives no message of a FIFO group while another is in flight.
        Empty when the queue was deleted.
        """

    def delete(self, receipt_handle: str) -> None:
        """Delete a message that was handled; nothing when it is gone."""

    def wait(self, seconds: float) -> None:
        """Return when a message may have become visible, or after ``seconds``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MappingSettings:
    """The configuration of an event source mapping, as it is now.

    Attributes:
        queue_arn: the source.
        region: of the queue.
        enabled: a disabled mapping receives nothing.
        batch_size: 1 to 10000.
        window_seconds: how long a batch may be collected; 0 invokes with what is there.
        report_failures: ``ReportBatchItemFailures`` is among the response types.
        concurrency: how many batches may run at once.
        filters: patterns of which a message must match one; others are deleted.
    """

    queue_arn: str
    region: str
    enabled: bool = True
    batch_size: int = 10
    window_seconds: float = 0.0
    report_failures: bool = False
    concurrency: int = DEFAULT_CONCURRENCY
    filters: tuple[Mapping[str, Any], ...] = ()


class SqsPoller:
    """Polls one queue for one mapping, in a thread of its own.

    Args:
        queue: what to poll.
        settings: the configuration, asked before each batch; ``None`` means that the mapping is gone and ends
            the poller.
        invoke: runs the function with an event.
    """

    def __init__(
        self,
        *,
        queue: MessageQueue,
        settings: Callable[[], MappingSettings | None],
        invoke: Callable[[bytes], BatchOutcome],
    ) -> None:
        self._queue = queue
        self._settings = settings
        self._invoke = invoke
        self._stopping = threading.Event()
        self._slots = threading.Condition()
        self._running = 0
        self._thread = threading.Thread(target=self._run, name="sqs-poller", daemon=True)

    def start(self) -> None:
        """Begin to poll."""
        self._thread.start()

    def stop(self) -> None:
        """Receive no more; batches that run are not waited for."""
        self._stopping.set()
        with self._slots:
            self._slots.notify_all()

    @property
    def polling(self) -> bool:
        """The thread has not ended."""
        return self._thread.is_alive()

    def _run(self) -> None:
        while not self._stopping.is_set():
            settings = self._settings()
            if settings is None:
                return
            if not settings.enabled:
                self._stopping.wait(0.2)
                continue
            if not self._wait_for_slot(settings.concurrency):
                continue
            batch = self._collect(settings)
            if not batch:
                self._free_slot()
                self._queue.wait(_IDLE_SECONDS)
                continue
            threading.Thread(
                target=self._deliver, args=(settings, batch), name="sqs-batch", daemon=True
            ).start()

    def _wait_for_slot(self, limit: int) -> bool:
        with self._slots:
            if self._running >= limit:
                self._slots.wait(_IDLE_SECONDS)
                return False
            self._running += 1
            return True

    def _free_slot(self) -> None:
        with self._slots:
            self._running -= 1
            self._slots.notify_all()

    def _collect(self, settings: MappingSettings) -> list[QueueMessage]:
        batch: list[QueueMessage] = []
        size = 0
        deadline = 0.0
        while len(batch) < settings.batch_size and not self._stopping.is_set():
            received = self._queue.receive(min(_RECEIVE_LIMIT, settings.batch_size - len(batch)))
            kept = [message for message in received if self._passes(settings, message)]
            if kept and not batch:
                # The window opens with the first message, not with the poll.
                deadline = time.monotonic() + settings.window_seconds
            batch += kept
            size += sum(len(message.body) for message in kept)
            if received and not batch:
                continue  # there may be more behind what was filtered out
            if not batch or size >= _MAX_PAYLOAD_BYTES:
                break
            remaining = deadline - time.monotonic()
            if remaining <= 0:
                break
            if self._settings() is None:
                break  # the mapping went while its window was open
            if not received:
                self._queue.wait(min(remaining, 0.2))
        return batch

    def _passes(self, settings: MappingSettings, message: QueueMessage) -> bool:
        """Delete a message that the filters keep from the function, as Lambda does."""
        record = _record(message, settings.queue_arn, settings.region)
        passed = passes(settings.filters, record)
        if not passed:
            self._queue.delete(message.receipt_handle)
        return passed

    def _deliver(self, settings: MappingSettings, batch: Sequence[QueueMessage]) -> None:
        try:
            if self._stopping.is_set() or self._settings() is None:
                return  # what was received becomes visible again in its time
            event = sqs_event(batch, queue_arn=settings.queue_arn, region=settings.region)
            outcome = self._invoke(json.dumps(event).encode())
            failed = failed_messages(batch, outcome, report_failures=settings.report_failures)
            for message in batch:
                if message.message_id not in failed:
                    self._queue.delete(message.receipt_handle)
        finally:
            self._free_slot()


def sqs_event(messages: Sequence[QueueMessage], *, queue_arn: str, region: str) -> dict[str, object]:
    """Return the event of a batch."""
    return {"Records": [_record(message, queue_arn, region) for message in messages]}


def failed_messages(
    batch: Sequence[QueueMessage], outcome: BatchOutcome, *, report_failures: bool
) -> frozenset[str]:
    """Return the ids of the messages that must stay in the queue.

    An unsound answer, or one that names a message of another batch, fails the whole batch.
    """
    everything = frozenset(message.message_id for message in batch)
    if outcome.failed:
        return everything
    if not report_failures:
        return frozenset()
    named = reported_failures(outcome.payload)
    return named if named is not None and named <= everything else everything


def _record(message: QueueMessage, queue_arn: str, region: str) -> dict[str, object]:
    record: dict[str, object] = {
        "messageId": message.message_id,
        "receiptHandle": message.receipt_handle,
        "body": message.body,
        "attributes": dict(message.attributes),
        "messageAttributes": {
            name: _attribute(attribute) for name, attribute in message.message_attributes.items()
        },
        "md5OfBody": message.md5_of_body,
        "eventSource": "aws:sqs",
        "eventSourceARN": queue_arn,
        "awsRegion": region,
    }
    if message.md5_of_message_attributes is not None:
        record["md5OfMessageAttributes"] = message.md5_of_message_attributes
    return record


def _attribute(attribute: MessageAttribute) -> dict[str, object]:
    value: dict[str, object] = {
        "stringListValues": [],
        "binaryListValues": [],
        "dataType": attribute.data_type,
    }
    if attribute.string_value is not None:
        value["stringValue"] = attribute.string_value
    if attribute.binary_value is not None:
        value["binaryValue"] = base64.b64encode(attribute.binary_value).decode()
    return value
