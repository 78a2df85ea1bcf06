"""Log events of one or several functions as lines, oldest first."""

from __future__ import annotations

import heapq
import queue
import re
import threading
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

from chalice_cli._errors import BadTimeError

if TYPE_CHECKING:
    from chalice_core.target import Deployment, LogEvent

UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}

# "Using CloudWatch Logs with Lambda", AWS Lambda Developer Guide.
LAMBDA_MESSAGE = re.compile(r"(?:START|END|REPORT) RequestId: |INIT_START Runtime Version: ")

STREAM_ID_LENGTH = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """What to show.

    Args:
        functions: logical names.
        since: the earliest time, or None for all.
        lambda_messages: what Lambda itself logs is shown too.
        named: each line says which function it comes from.
    """

    functions: tuple[str, ...]
    since: datetime | None
    lambda_messages: bool
    named: bool


def parse_since(text: str, now: datetime) -> datetime:
    """Return the time that ``10m`` before now or an ISO 8601 text means; without a zone it is UTC.

    Raises:
        BadTimeError: it means no time.
    """
    relative = re.fullmatch(r"(\d+)([smhdw])", text.strip())
    try:
        if relative:
            return now - timedelta(seconds=int(relative[1]) * UNITS[relative[2]])
        # The final Z is understood from Python 3.11 on only.
        parsed = datetime.fromisoformat(re.sub(r"[zZ]$", "+00:00", text.strip()))
    except (ValueError, OverflowError) as error:
        raise BadTimeError(given=text) from error
    return parsed if parsed.tzinfo is not None else parsed.replace(tzinfo=timezone.utc)


def newest_entries(deployment: Deployment, selection: Selection, count: int | None) -> Iterator[str]:
    """Yield the lines of what is logged now, at most the newest ``count``."""
    merged = heapq.merge(
        *(_events(deployment, name, selection, follow=False) for name in selection.functions),
        key=lambda item: item[1].timestamp,
    )
    for name, event in deque(merged, maxlen=count):
        yield _line(name, event, selection)


def follow_entries(deployment: Deployment, selection: Selection, count: int | None) -> Iterator[str]:
    """Yield lines as they are logged, for ever, or until ``count`` of them.

    Each function is followed by a thread of its own, so that a silent one holds up nobody.

    Raises:
        Exception: whatever following one of the functions raised.
    """
    arrived: queue.SimpleQueue[tuple[str, LogEvent] | Exception] = queue.SimpleQueue()

    def watch(name: str) -> None:
        try:
            for item in _events(deployment, name, selection, follow=True):
                arrived.put(item)
        except Exception as error:  # raised again by the reader
            arrived.put(error)

    for name in selection.functions:
        threading.Thread(target=watch, args=(name,), daemon=True, name=f"logs of {name}").start()
    shown = 0
    while count is None or shown < count:
        item = arrived.get()
        if isinstance(item, Exception):
            raise item
        yield _line(*item, selection)
        shown += 1


def _events(
    deployment: Deployment, name: str, selection: Selection, *, follow: bool
) -> Iterator[tuple[str, LogEvent]]:
    for event in deployment.logs(name, since=selection.since, follow=follow):
        if selection.lambda_messages or not LAMBDA_MESSAGE.match(event.message):
            yield name, event


def _line(name: str, event: LogEvent, selection: Selection) -> str:
    # A stream is called 2026/01/31/[$LATEST]0123456789abcdef….
    stream = event.stream.rpartition("]")[2] or event.stream
    where = f"{name} {stream[:STREAM_ID_LENGTH]}" if selection.named else stream[:STREAM_ID_LENGTH]
    return f"{event.timestamp.isoformat()} {where} {event.message.rstrip()}"
