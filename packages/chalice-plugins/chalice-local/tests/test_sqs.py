"""The poller's rules, with a queue of the simplest kind."""

from __future__ import annotations

import json
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest

from chalice_local import BatchOutcome, MappingSettings, QueueMessage, SqsPoller
from chalice_local.sqs import failed_messages, sqs_event

if TYPE_CHECKING:
    from collections.abc import Sequence

ARN = "arn:aws:sqs:eu-west-1:123456789012:q"


def message(number: int) -> QueueMessage:
    return QueueMessage(
        message_id=f"id-{number}",
        receipt_handle=f"handle-{number}",
        body=str(number),
        md5_of_body="md5",
        attributes={"ApproximateReceiveCount": "1"},
    )


class MemoryQueue:
    """Gives each message once; what was deleted is remembered."""

    def __init__(self, count: int = 0) -> None:
        self.waiting = [message(number) for number in range(count)]
        self.deleted: list[str] = []
        self.lock = threading.Lock()

    def receive(self, limit: int) -> Sequence[QueueMessage]:
        assert 1 <= limit <= 10
        with self.lock:
            taken, self.waiting = self.waiting[:limit], self.waiting[limit:]
        return taken

    def delete(self, receipt_handle: str) -> None:
        self.deleted.append(receipt_handle)

    def wait(self, seconds: float) -> None:
        time.sleep(min(seconds, 0.01))


class Run:
    """A poller at work, and the batches that it has delivered."""

    def __init__(self, queue: MemoryQueue, outcome: BatchOutcome | None = None, **settings: Any) -> None:
        self.settings: MappingSettings | None = MappingSettings(queue_arn=ARN, region="eu-west-1", **settings)
        self.batches: list[list[str]] = []
        self.outcome = outcome or BatchOutcome(failed=False)
        self.poller = SqsPoller(queue=queue, settings=lambda: self.settings, invoke=self.invoke)

    def invoke(self, event: bytes) -> BatchOutcome:
        self.batches.append([record["body"] for record in json.loads(event)["Records"]])
        return self.outcome

    def __enter__(self) -> Run:
        self.poller.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.poller.stop()


def until(claim: Any) -> None:
    deadline = time.monotonic() + 5
    while not claim():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_batch_larger_than_one_receive_is_collected_in_several() -> None:
    queue = MemoryQueue(25)

    with Run(queue, batch_size=25, window_seconds=1) as run:
        until(lambda: len(queue.deleted) == 25)

    assert [len(batch) for batch in run.batches] == [25]


def test_what_was_handled_is_deleted_and_what_failed_is_not() -> None:
    queue = MemoryQueue(3)
    report = json.dumps({"batchItemFailures": [{"itemIdentifier": "id-1"}]}).encode()

    with Run(queue, BatchOutcome(failed=False, payload=report), report_failures=True):
        until(lambda: len(queue.deleted) == 2)

    assert sorted(queue.deleted) == ["handle-0", "handle-2"]


def test_a_failed_batch_is_deleted_not_at_all() -> None:
    queue = MemoryQueue(3)

    with Run(queue, BatchOutcome(failed=True)) as run:
        until(lambda: run.batches)
        time.sleep(0.1)

    assert queue.deleted == []


def test_a_mapping_that_is_gone_ends_the_poller() -> None:
    with Run(MemoryQueue()) as run:
        run.settings = None
        until(lambda: not run.poller.polling)


def test_a_mapping_that_goes_while_its_window_is_open_delivers_nothing() -> None:
    queue = MemoryQueue(1)

    with Run(queue, batch_size=100, window_seconds=300) as run:
        until(lambda: not queue.waiting)
        run.settings = None
        until(lambda: not run.poller.polling)

    assert run.batches == []
    assert queue.deleted == []


def test_a_stopped_poller_ends() -> None:
    run = Run(MemoryQueue())
    with run:
        pass

    until(lambda: not run.poller.polling)


def test_a_disabled_mapping_receives_nothing() -> None:
    queue = MemoryQueue(1)

    with Run(queue, enabled=False) as run:
        time.sleep(0.3)

    assert run.batches == []
    assert len(queue.waiting) == 1


BATCH = [message(0), message(1)]


@pytest.mark.parametrize(
    "payload", [b"null", b"{}", b'{"batchItemFailures": []}', b'{"batchItemFailures": null}', b""]
)
def test_these_answers_are_a_success(payload: bytes) -> None:
    outcome = BatchOutcome(failed=False, payload=payload)

    assert failed_messages(BATCH, outcome, report_failures=True) == frozenset()


@pytest.mark.parametrize(
    "payload",
    [
        b"not json",
        b'"text"',
        b'{"batchItemFailures": "id-0"}',
        b'{"batchItemFailures": [{"itemIdentifier": ""}]}',
        b'{"batchItemFailures": [{"itemIdentifier": null}]}',
        b'{"batchItemFailures": [{"wrongKey": "id-0"}]}',
        b'{"batchItemFailures": [{"itemIdentifier": "unknown"}]}',
        b'{"batchItemFailures": ["id-0"]}',
    ],
)
def test_these_answers_fail_the_whole_batch(payload: bytes) -> None:
    outcome = BatchOutcome(failed=False, payload=payload)

    assert failed_messages(BATCH, outcome, report_failures=True) == {"id-0", "id-1"}


def test_a_report_counts_only_when_the_mapping_asks_for_it() -> None:
    outcome = BatchOutcome(failed=False, payload=b'{"batchItemFailures": [{"itemIdentifier": "id-0"}]}')

    assert failed_messages(BATCH, outcome, report_failures=True) == {"id-0"}
    assert failed_messages(BATCH, outcome, report_failures=False) == frozenset()


def test_a_record_without_attributes_has_no_digest_of_them() -> None:
    event = sqs_event([message(0)], queue_arn=ARN, region="eu-west-1")

    assert event == {
        "Records": [
            {
                "messageId": "id-0",
                "receiptHandle": "handle-0",
                "body": "0",
                "attributes": {"ApproximateReceiveCount": "1"},
                "messageAttributes": {},
                "md5OfBody": "md5",
                "eventSource": "aws:sqs",
                "eventSourceARN": ARN,
                "awsRegion": "eu-west-1",
            }
        ]
    }
