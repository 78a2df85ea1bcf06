"""The rules of the pollers for streams, with a stream of the simplest kind."""

from __future__ import annotations

import json
import threading
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from chalice_local import (
    BatchOutcome,
    GivenUp,
    Position,
    Shard,
    StreamPoller,
    StreamRecord,
    StreamSettings,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


class MemoryStream:
    """Shards in memory, each with records that are their own data."""

    def __init__(self, **shards: Sequence[str]) -> None:
        self.records = {name: list(texts) for name, texts in shards.items()}
        self.parents: dict[str, tuple[str, ...]] = {}
        self.closed: set[str] = set()
        self.arrived = time.time()

    def shards(self) -> list[Shard]:
        return [
            Shard(shard_id=name, parents=self.parents.get(name, ()), closed=name in self.closed)
            for name in list(self.records)
        ]

    def start(self, shard_id: str, position: Position) -> int:
        return len(self.records[shard_id]) if position.kind == "LATEST" else 0

    def read(self, shard_id: str, cursor: int, limit: int) -> tuple[list[StreamRecord], int]:
        found = self.records[shard_id][cursor : cursor + limit]
        records = [
            StreamRecord(
                sequence_number=text, arrived=self.arrived, size=len(text), event={"text": text, "body": text}
            )
            for text in found
        ]
        return records, cursor + len(found)

    def wait(self, seconds: float) -> None:
        time.sleep(min(seconds, 0.01))


class Run:
    """A poller at work, its batches, and what was given up."""

    def __init__(
        self,
        stream: MemoryStream,
        outcomes: Callable[[list[str]], BatchOutcome] | None = None,
        *,
        position: Position | None = None,
        **settings: Any,
    ) -> None:
        self.settings: StreamSettings | None = StreamSettings(**settings)
        self.batches: list[list[str]] = []
        self.events: list[dict[str, Any]] = []
        self.given_up: list[GivenUp] = []
        self.outcomes = outcomes or (lambda batch: BatchOutcome(failed=False))
        self.lock = threading.Lock()
        self.poller = StreamPoller(
            source=stream,
            position=position or Position(kind="TRIM_HORIZON"),
            settings=lambda: self.settings,
            invoke=self.invoke,
            give_up=self.given_up.append,
            retry_seconds=0.01,
        )

    def invoke(self, event: bytes) -> BatchOutcome:
        batch = [record["text"] for record in json.loads(event)["Records"]]
        with self.lock:
            self.events.append(json.loads(event))
            self.batches.append(batch)
        return self.outcomes(batch)

    def __enter__(self) -> Run:
        self.poller.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.poller.stop()


def until(claim: Callable[[], Any]) -> None:
    deadline = time.monotonic() + 5
    while not claim():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def failing(*texts: str) -> Callable[[list[str]], BatchOutcome]:
    return lambda batch: BatchOutcome(failed=bool(set(texts) & set(batch)))


def test_a_failed_batch_is_tried_until_it_succeeds_and_holds_up_the_rest() -> None:
    attempts = iter([True, True, False, False])

    with Run(MemoryStream(s="abc"), lambda batch: BatchOutcome(failed=next(attempts)), batch_size=2) as run:
        until(lambda: ["c"] in run.batches)

    assert run.batches == [["a", "b"]] * 3 + [["c"]]
    assert run.given_up == []


def test_shards_do_not_wait_for_one_another() -> None:
    with Run(MemoryStream(one=["bad"], two=["good"]), failing("bad")) as run:
        until(lambda: run.batches.count(["bad"]) > 2 and ["good"] in run.batches)

    assert run.batches.count(["good"]) == 1


def test_a_child_is_read_when_its_parents_are_at_their_end() -> None:
    stream = MemoryStream(parent=["1", "2"], child=["3"])
    stream.parents["child"] = ("parent",)
    order: list[str] = []

    with Run(stream, lambda batch: order.extend(batch) or BatchOutcome(failed=False), batch_size=1) as run:
        until(lambda: order == ["1", "2"])
        time.sleep(0.1)
        before = list(order)
        stream.closed.add("parent")
        until(lambda: order == ["1", "2", "3"])

    assert before == ["1", "2"]
    assert run.given_up == []


def test_latest_is_where_the_stream_ended_when_the_poller_was_made() -> None:
    stream = MemoryStream(s=["old"])

    run = Run(stream, position=Position(kind="LATEST"))
    stream.records["s"].append("new")
    with run:
        until(lambda: run.batches)

    assert run.batches == [["new"]]


@pytest.mark.parametrize(("retries", "attempts"), [(0, 1), (2, 3)])
def test_after_the_last_retry_the_batch_is_given_up(retries: int, attempts: int) -> None:
    with Run(MemoryStream(s=["bad", "x", "next"]), failing("bad"), max_retries=retries, batch_size=2) as run:
        until(lambda: ["next"] in run.batches)

    [given_up] = run.given_up
    assert run.batches == [["bad", "x"]] * attempts + [["next"]]
    assert (given_up.attempts, given_up.condition) == (attempts, "RetryAttemptsExhausted")
    assert [record.sequence_number for record in given_up.records] == ["bad", "x"]


def test_throttles_are_no_attempts() -> None:
    outcomes = iter([BatchOutcome(failed=True, throttled=True)] * 3 + [BatchOutcome(failed=False)])

    with Run(MemoryStream(s=["a", "b"]), lambda batch: next(outcomes), max_retries=0, bisect=True) as run:
        until(lambda: len(run.batches) == 4)

    assert run.batches == [["a", "b"]] * 4
    assert run.given_up == []


def test_records_that_are_too_old_are_given_up_without_an_attempt() -> None:
    stream = MemoryStream(s=["old"])
    stream.arrived -= 100

    with Run(stream, max_age_seconds=60) as run:
        until(lambda: run.given_up)

    assert run.batches == []
    assert (run.given_up[0].attempts, run.given_up[0].condition) == (0, "RecordAgeExceeded")
    assert run.given_up[0].outcome is None


def test_a_report_that_names_a_record_of_another_batch_fails_the_whole_one() -> None:
    answers = iter([{"batchItemFailures": [{"itemIdentifier": "z"}]}, None])

    def answer(batch: list[str]) -> BatchOutcome:
        return BatchOutcome(failed=False, payload=json.dumps(next(answers)).encode())

    with Run(MemoryStream(s="ab"), answer, report_failures=True) as run:
        until(lambda: len(run.batches) == 2)

    assert run.batches == [["a", "b"]] * 2


def test_a_report_cuts_the_batch_and_a_bisection_does_not_cut_it_again() -> None:
    answers = iter(["c", None])

    def answer(batch: list[str]) -> BatchOutcome:
        failed = next(answers)
        found = [{"itemIdentifier": failed}] if failed else []
        return BatchOutcome(failed=False, payload=json.dumps({"batchItemFailures": found}).encode())

    with Run(MemoryStream(s="abcd"), answer, report_failures=True, bisect=True) as run:
        until(lambda: len(run.batches) == 2)

    assert run.batches == [["a", "b", "c", "d"], ["c", "d"]]


def test_a_batch_has_no_more_than_six_megabytes() -> None:
    large = "x" * (4 * 1024 * 1024)

    with Run(MemoryStream(s=[large, large])) as run:
        until(lambda: len(run.batches) == 2)

    assert [len(batch) for batch in run.batches] == [1, 1]


def test_what_the_filters_leave_out_does_not_count() -> None:
    filters = ({"body": [{"prefix": "k"}]},)

    with Run(MemoryStream(s=["k1", "x", "x", "k2", "k3"]), batch_size=2, filters=filters) as run:
        until(lambda: len(run.batches) == 2)

    assert run.batches == [["k1", "k2"], ["k3"]]


def test_a_disabled_mapping_goes_on_where_it_was_even_between_attempts() -> None:
    with Run(MemoryStream(s=["bad"]), failing("bad")) as run:
        until(lambda: run.batches)
        run.settings = StreamSettings(enabled=False)
        time.sleep(0.1)
        count = len(run.batches)
        time.sleep(0.2)
        paused = len(run.batches)
        run.settings = StreamSettings()
        until(lambda: len(run.batches) > count)

    assert paused == count


def test_a_mapping_that_is_gone_ends_the_poller() -> None:
    with Run(MemoryStream(s=[])) as run:
        run.settings = None
        until(lambda: not run.poller.polling)


def counting(events: list[dict[str, Any]]) -> Callable[[list[str]], BatchOutcome]:
    def count(batch: list[str]) -> BatchOutcome:
        state = {"count": events[-1]["state"].get("count", 0) + len(batch)}
        return BatchOutcome(failed=False, payload=json.dumps({"state": state}).encode())

    return count


def test_a_window_hands_its_state_from_batch_to_batch_and_ends_with_its_time() -> None:
    stream = MemoryStream(s="abc")
    stream.arrived = 120.5
    run = Run(stream, batch_size=2, tumbling_seconds=60)
    run.outcomes = counting(run.events)

    with run:
        until(lambda: len(run.events) == 3)

    assert run.batches == [["a", "b"], ["c"], []]
    assert [event["state"] for event in run.events] == [{}, {"count": 2}, {"count": 3}]
    assert [event["isFinalInvokeForWindow"] for event in run.events] == [False, False, True]
    assert run.events[0]["window"] == {"start": "1970-01-01T00:02:00Z", "end": "1970-01-01T00:03:00Z"}
    assert run.events[0]["shardId"] == "s"


def test_a_record_of_the_next_window_ends_the_one_before() -> None:
    class Later(MemoryStream):
        def read(self, shard_id: str, cursor: int, limit: int) -> tuple[list[StreamRecord], int]:
            records, behind = super().read(shard_id, cursor, limit)
            return [replace(record, arrived=float(record.sequence_number)) for record in records], behind

    run = Run(Later(s=["10", "59", "60"]), tumbling_seconds=60)
    run.outcomes = counting(run.events)

    with run:
        until(lambda: len(run.events) == 4)

    assert run.batches == [["10", "59"], [], ["60"], []]
    assert [event["state"] for event in run.events] == [{}, {"count": 2}, {}, {"count": 1}]


def test_a_state_that_is_too_large_ends_its_window_early() -> None:
    stream = MemoryStream(s=["a"])
    payload = json.dumps({"state": {"text": "x" * 1024 * 1024}}).encode()

    with Run(stream, lambda batch: BatchOutcome(failed=False, payload=payload), tumbling_seconds=900) as run:
        until(lambda: len(run.events) == 2)

    assert run.events[1]["isWindowTerminatedEarly"] is True
    assert run.events[1]["state"] == {}


def test_the_end_of_a_window_is_tried_again_and_given_up_too() -> None:
    stream = MemoryStream(s=["a"])
    stream.arrived = 0.0

    with Run(stream, lambda batch: BatchOutcome(failed=not batch), tumbling_seconds=60, max_retries=1) as run:
        until(lambda: run.given_up)

    assert run.batches == [["a"], [], []]
    assert [record.sequence_number for record in run.given_up[0].records] == ["a"]
