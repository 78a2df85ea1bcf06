"""One shard of a stream: records are collected into batches, and a batch is delivered until it is done.

https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-errors.html
"""

from __future__ import annotations

import json
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from chalice_local.batches import reported_failures
from chalice_local.windows import Window, by_window

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from chalice_local.batches import BatchOutcome
    from chalice_local.streams import StreamRecord, StreamSettings, StreamSource

__all__ = ["Delivery", "GivenUp", "ShardReader"]

_MAX_PAYLOAD_BYTES = 6 * 1024 * 1024
_LONGEST_RETRY_SECONDS = 10.0
_IDLE_SECONDS = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenUp:
    """Records that were passed over after their last attempt.

    Attributes:
        shard_id: where they are.
        records: in order; at least one.
        outcome: of the last attempt; ``None`` when there was none.
        attempts: how often the function was invoked with them.
        condition: why, in AWS's word.
    """

    shard_id: str
    records: tuple[StreamRecord, ...]
    outcome: BatchOutcome | None
    attempts: int
    condition: Literal["RetryAttemptsExhausted", "RecordAgeExceeded"]


class Delivery:
    """Invokes a function with batches, and retries by the rules of a mapping.

    Args:
        settings: the configuration, asked before each attempt; ``None`` when the mapping is gone.
        invoke: runs the function with an event.
        give_up: hears of records that are passed over.
        stopping: ends the waiting between attempts.
        retry_seconds: before the second attempt.
    """

    def __init__(
        self,
        *,
        settings: Callable[[], StreamSettings | None],
        invoke: Callable[[bytes], BatchOutcome],
        give_up: Callable[[GivenUp], None],
        stopping: threading.Event,
        retry_seconds: float,
    ) -> None:
        self._settings = settings
        self._invoke = invoke
        self._give_up = give_up
        self._stopping = stopping
        self._retry_seconds = retry_seconds

    def deliver(self, shard_id: str, records: Sequence[StreamRecord], window: Window | None = None) -> None:
        """Return when all of the records were handled or given up, or nobody waits for them any more.

        Args:
            shard_id: where they are.
            records: in order.
            window: that they are in; its state goes to the function, and comes back from it.
        """
        # Parts of the batch that are still to do, each with the attempts that were made with its records.
        parts: list[tuple[tuple[StreamRecord, ...], int]] = [(tuple(records), 0)]
        outcome: BatchOutcome | None = None
        delay = self._retry_seconds
        while parts:
            settings = self._settings_when_enabled()
            if settings is None:
                return
            batch, attempts = parts.pop(0)
            batch = self._drop_old(shard_id, batch, attempts, outcome, settings)
            if not batch:
                continue
            outcome = self._invoke(_event(batch, window))
            if not outcome.throttled:
                attempts += 1
            if window is not None and not outcome.failed:
                window.remember(outcome.payload)
            left = _unhandled(batch, outcome, settings)
            if not left:
                delay = self._retry_seconds
                continue
            if settings.bisect and not outcome.throttled and 1 < len(left) == len(batch):
                middle = (len(left) + 1) // 2
                # "Splitting a batch does not count towards the retry quota."
                parts[:0] = [(left[:middle], attempts - 1), (left[middle:], attempts - 1)]
            elif not outcome.throttled and 0 <= settings.max_retries < attempts:
                self._give_up(
                    GivenUp(
                        shard_id=shard_id,
                        records=left,
                        outcome=outcome,
                        attempts=attempts,
                        condition="RetryAttemptsExhausted",
                    )
                )
                continue
            else:
                parts.insert(0, (left, attempts))
            self._stopping.wait(delay)
            delay = min(delay * 2, _LONGEST_RETRY_SECONDS)

    def finish(self, window: Window) -> None:
        """Tell the function that a window has ended; return when it has taken it, or will not."""
        attempts = 0
        delay = self._retry_seconds
        while (settings := self._settings_when_enabled()) is not None:
            outcome = self._invoke(json.dumps(window.event((), final=True)).encode())
            if not outcome.failed:
                return
            attempts += not outcome.throttled
            if not outcome.throttled and 0 <= settings.max_retries < attempts:
                self._give_up(
                    GivenUp(
                        shard_id=window.shard_id,
                        records=window.last,
                        outcome=outcome,
                        attempts=attempts,
                        condition="RetryAttemptsExhausted",
                    )
                )
                return
            self._stopping.wait(delay)
            delay = min(delay * 2, _LONGEST_RETRY_SECONDS)

    def _settings_when_enabled(self) -> StreamSettings | None:
        while not self._stopping.is_set():
            settings = self._settings()
            if settings is None or settings.enabled:
                return settings
            self._stopping.wait(0.2)
        return None

    def _drop_old(
        self,
        shard_id: str,
        batch: tuple[StreamRecord, ...],
        attempts: int,
        outcome: BatchOutcome | None,
        settings: StreamSettings,
    ) -> tuple[StreamRecord, ...]:
        if settings.max_age_seconds < 0:
            return batch
        oldest = time.time() - settings.max_age_seconds
        old = tuple(record for record in batch if record.arrived < oldest)
        if old:
            self._give_up(
                GivenUp(
                    shard_id=shard_id,
                    records=old,
                    outcome=outcome if attempts else None,
                    attempts=attempts,
                    condition="RecordAgeExceeded",
                )
            )
        return tuple(record for record in batch if record.arrived >= oldest)


def _event(batch: tuple[StreamRecord, ...], window: Window | None) -> bytes:
    if window is None:
        return json.dumps({"Records": [record.event for record in batch]}).encode()
    window.last = batch
    return json.dumps(window.event(batch, final=False)).encode()


def _unhandled(
    batch: tuple[StreamRecord, ...], outcome: BatchOutcome, settings: StreamSettings
) -> tuple[StreamRecord, ...]:
    """Return what is still to do: everything from the first record that is reported as failed."""
    if outcome.failed:
        return batch
    if not settings.report_failures:
        return ()
    named = reported_failures(outcome.payload)
    if named is None or not named <= {record.sequence_number for record in batch}:
        return batch
    first = next(
        (number for number, record in enumerate(batch) if record.sequence_number in named), len(batch)
    )
    return batch[first:]


class ShardReader:
    """Reads one shard in order, in a thread of its own.

    Args:
        source: the stream.
        shard_id: of the shard.
        cursor: where to begin.
        settings: the configuration, asked before each batch; ``None`` ends the reader.
        delivery: takes the batches.
        stopping: ends the reader.
    """

    def __init__(
        self,
        *,
        source: StreamSource,
        shard_id: str,
        cursor: int,
        settings: Callable[[], StreamSettings | None],
        delivery: Delivery,
        stopping: threading.Event,
    ) -> None:
        self._source = source
        self._shard_id = shard_id
        self._cursor = cursor
        self._settings = settings
        self._delivery = delivery
        self._stopping = stopping
        self._window: Window | None = None
        self._thread = threading.Thread(target=self._run, name=f"shard-{shard_id}", daemon=True)

    def start(self) -> None:
        """Begin to read."""
        self._thread.start()

    @property
    def finished(self) -> bool:
        """The shard was closed and has been read to its end, or nobody reads it any more."""
        return not self._thread.is_alive()

    def _run(self) -> None:
        while not self._stopping.is_set():
            settings = self._settings()
            if settings is None:
                return
            if not settings.enabled:
                self._stopping.wait(0.2)
                continue
            # Asked before the reading: what comes between the two is found by the next round.
            closed = self._closed()
            batch, cursor = self._collect(settings)
            if batch:
                self._deliver(batch, settings.tumbling_seconds)
            elif cursor == self._cursor:
                self._end_window(time.time(), closed=closed)
                if closed:
                    return
                self._source.wait(_IDLE_SECONDS)
            self._cursor = cursor

    def _deliver(self, batch: Sequence[StreamRecord], tumbling_seconds: int) -> None:
        if not tumbling_seconds:
            self._end_window(time.time(), closed=True)
            self._delivery.deliver(self._shard_id, batch)
            return
        for start, records in by_window(batch, tumbling_seconds):
            self._end_window(start, closed=False)
            if self._window is None:
                self._window = Window(shard_id=self._shard_id, start=start, seconds=tumbling_seconds)
            self._delivery.deliver(self._shard_id, records, self._window)
            if self._window.too_large:
                self._end_window(start, closed=True)

    def _end_window(self, now: float, *, closed: bool) -> None:
        """End the window that is open when its time is over, or no record will come any more."""
        if self._window is not None and (closed or now >= self._window.end):
            window, self._window = self._window, None
            self._delivery.finish(window)

    def _closed(self) -> bool:
        known = {shard.shard_id: shard.closed for shard in self._source.shards()}
        return known.get(self._shard_id, True)

    def _collect(self, settings: StreamSettings) -> tuple[list[StreamRecord], int]:
        batch: list[StreamRecord] = []
        cursor = self._cursor
        size = 0
        deadline: float | None = None
        while len(batch) < settings.batch_size and not self._stopping.is_set():
            records, behind = self._source.read(self._shard_id, cursor, settings.batch_size - len(batch))
            for position, record in enumerate(records):
                if not settings.keeps(record):
                    continue
                if batch and size + record.size > _MAX_PAYLOAD_BYTES:
                    return batch, behind - (len(records) - position)
                batch.append(record)
                size += record.size
            cursor = behind
            if records:
                continue  # there may be more, for the rest of the batch
            if not batch:
                break
            deadline = deadline if deadline is not None else time.monotonic() + settings.window_seconds
            remaining = deadline - time.monotonic()
            if remaining <= 0 or self._settings() is None:
                break
            self._source.wait(min(remaining, 0.2))
        return batch, cursor
