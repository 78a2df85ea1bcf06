"""Lambda's pollers for Kinesis and DynamoDB streams: order, batches, retries, giving up.

https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html and
https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html. Each shard is read
in order: a batch that fails holds up what comes after it until it succeeds or
is given up. The stream itself belongs to the control plane, behind a small
protocol.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Protocol

from chalice_local.filters import passes
from chalice_local.shards import Delivery, ShardReader

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from chalice_local.batches import BatchOutcome
    from chalice_local.shards import GivenUp

__all__ = [
    "Position",
    "Shard",
    "StreamPoller",
    "StreamRecord",
    "StreamSettings",
    "StreamSource",
]

_LOOK_SECONDS = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamRecord:
    """A record of a stream.

    Attributes:
        sequence_number: its place in the shard, as the function sees it.
        arrived: seconds since 1970.
        size: bytes that it takes in an event.
        event: the record as the function gets it, one of ``Records``.
    """

    sequence_number: str
    arrived: float
    size: int
    event: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shard:
    """A shard.

    Attributes:
        shard_id: its name.
        parents: the shards that it was made of, which come before it.
        closed: it gets no records any more.
    """

    shard_id: str
    parents: tuple[str, ...] = ()
    closed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """Where the reading of a stream starts.

    Attributes:
        kind: as ``StartingPosition`` has it.
        timestamp: with ``AT_TIMESTAMP``, seconds since 1970.
    """

    kind: Literal["LATEST", "TRIM_HORIZON", "AT_TIMESTAMP"]
    timestamp: float = 0.0


class StreamSource(Protocol):
    """A stream to poll. A *cursor* is the number of records of a shard that come before the one it is at."""

    def shards(self) -> Sequence[Shard]:
        """Return all shards; none when the stream was deleted."""

    def start(self, shard_id: str, position: Position) -> int:
        """Return the cursor of the first record to read."""

    def read(self, shard_id: str, cursor: int, limit: int) -> tuple[Sequence[StreamRecord], int]:
        """Return up to ``limit`` records from a cursor on, without waiting, and the cursor behind them."""

    def wait(self, seconds: float) -> None:
        """Return when a record may have been added, or after ``seconds``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamSettings:
    """The configuration of an event source mapping of a stream, as it is now.

    Attributes:
        enabled: a disabled mapping reads nothing, and goes on later where it was.
        batch_size: 1 to 10000.
        window_seconds: how long a batch may be collected; 0 invokes with what is there.
        report_failures: ``ReportBatchItemFailures`` is among the response types.
        bisect: a batch that failed is cut in two.
        max_retries: -1 tries until the record expires.
        max_age_seconds: older records are given up; -1 for none.
        filters: patterns of which a record must match one; others are passed over.
        tumbling_seconds: of a window with a state; 0 for none.
    """

    enabled: bool = True
    batch_size: int = 100
    window_seconds: float = 0.0
    report_failures: bool = False
    bisect: bool = False
    max_retries: int = -1
    max_age_seconds: float = -1.0
    filters: tuple[Mapping[str, Any], ...] = ()
    tumbling_seconds: int = 0

    def keeps(self, record: StreamRecord) -> bool:
        """Return whether the filters let a record pass."""
        return passes(self.filters, record.event)


class StreamPoller:
    """Polls one stream for one mapping: a thread that looks for shards, and one for each of these.

    Args:
        source: what to poll.
        position: where the shards that exist now are read from. Shards that come later are read whole.
        settings: the configuration, asked before each step; ``None`` means that the mapping is gone and ends
            the poller.
        invoke: runs the function with an event.
        give_up: hears of records that are passed over after their last attempt.
        retry_seconds: before the second attempt; doubles with each until ten seconds.
    """

    def __init__(
        self,
        *,
        source: StreamSource,
        position: Position,
        settings: Callable[[], StreamSettings | None],
        invoke: Callable[[bytes], BatchOutcome],
        give_up: Callable[[GivenUp], None],
        retry_seconds: float = 0.5,
    ) -> None:
        self._source = source
        self._settings = settings
        self._stopping = threading.Event()
        self._delivery = Delivery(
            settings=settings,
            invoke=invoke,
            give_up=give_up,
            stopping=self._stopping,
            retry_seconds=retry_seconds,
        )
        # Found now, in the thread that creates the mapping: what is put from here on is after LATEST.
        self._starts = {shard.shard_id: source.start(shard.shard_id, position) for shard in source.shards()}
        self._readers: dict[str, ShardReader] = {}
        self._thread = threading.Thread(target=self._run, name="stream-poller", daemon=True)

    def start(self) -> None:
        """Begin to poll."""
        self._thread.start()

    def stop(self) -> None:
        """Read no more; an invocation that runs is not waited for."""
        self._stopping.set()

    @property
    def polling(self) -> bool:
        """The thread has not ended."""
        return self._thread.is_alive()

    def _run(self) -> None:
        while not self._stopping.is_set():
            if self._settings() is None:
                self._stopping.set()
                return
            for shard in self._source.shards():
                if shard.shard_id not in self._readers and self._parents_are_read(shard):
                    self._read(shard)
            self._stopping.wait(_LOOK_SECONDS if self._readers else 0.1)

    def _parents_are_read(self, shard: Shard) -> bool:
        # A child waits for its parents, so that the order of a partition key survives a split.
        known = [self._readers[parent] for parent in shard.parents if parent in self._readers]
        unread = [
            parent for parent in shard.parents if parent in self._starts and parent not in self._readers
        ]
        return not unread and all(reader.finished for reader in known)

    def _read(self, shard: Shard) -> None:
        cursor = self._starts.get(shard.shard_id)
        if cursor is None:
            cursor = self._source.start(shard.shard_id, Position(kind="TRIM_HORIZON"))
        reader = ShardReader(
            source=self._source,
            shard_id=shard.shard_id,
            cursor=cursor,
            settings=self._settings,
            delivery=self._delivery,
            stopping=self._stopping,
        )
        self._readers[shard.shard_id] = reader
        reader.start()
