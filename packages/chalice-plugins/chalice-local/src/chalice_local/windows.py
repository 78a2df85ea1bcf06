"""Tumbling windows: a state that goes from batch to batch of a shard, and ends with a span of time.

https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-windows.html
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from chalice_local.streams import StreamRecord

__all__ = ["Window", "by_window"]

_MAX_STATE_BYTES = 1024 * 1024


@dataclass(slots=True, kw_only=True)
class Window:
    """A window of one shard, while it is open.

    Attributes:
        shard_id: of the shard.
        start: seconds since 1970.
        seconds: how long it is.
        state: what the function returned last.
        last: the last batch, whose records stand for the window when it is given up.
        too_large: the function returned more state than Lambda keeps.
    """

    shard_id: str
    start: int
    seconds: int
    state: Mapping[str, Any] = field(default_factory=dict)
    last: tuple[StreamRecord, ...] = ()
    too_large: bool = False

    @property
    def end(self) -> int:
        """When it ends, in seconds since 1970."""
        return self.start + self.seconds

    def event(self, records: Sequence[StreamRecord], *, final: bool) -> dict[str, Any]:
        """Return the event of a batch, or of the end of the window."""
        known = [*records, *self.last]
        return {
            "Records": [record.event for record in records],
            "window": {"start": _time(self.start), "end": _time(self.end)},
            "state": self.state,
            "shardId": self.shard_id,
            "eventSourceARN": known[0].event.get("eventSourceARN"),
            "isFinalInvokeForWindow": final,
            "isWindowTerminatedEarly": final and self.too_large,
        }

    def remember(self, payload: bytes) -> None:
        """Keep the state in a function's answer; an answer without one empties it."""
        answer = json.loads(payload or b"null")
        state = answer.get("state") if isinstance(answer, dict) else None
        self.too_large = len(json.dumps(state)) > _MAX_STATE_BYTES
        self.state = state if isinstance(state, dict) and not self.too_large else {}


def by_window(
    records: Sequence[StreamRecord], seconds: int
) -> Iterator[tuple[int, tuple[StreamRecord, ...]]]:
    """Yield the starts of windows and the records that arrived in them, in order."""
    batch: list[StreamRecord] = []
    start: int | None = None
    for record in records:
        own = int(record.arrived // seconds) * seconds
        if batch and own != start:
            yield start or 0, tuple(batch)
            batch = []
        start = own
        batch.append(record)
    if batch and start is not None:
        yield start, tuple(batch)


def _time(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
