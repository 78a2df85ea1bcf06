"""What is due when: watches schedules that come and go, and fires them by a clock."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable

    from chalice_local.clock import Clock
    from chalice_local.schedules import Schedule

__all__ = ["Entry", "Timetable"]

_LOOK_SECONDS = 0.3


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A schedule that is on.

    Attributes:
        key: what makes it this schedule. With another key it begins anew.
        schedule: when it is due.
        fire: called when it is, with the time in UTC.
        start: it is not due before, with a time zone; ``None`` for the moment at which it is first seen.
        end: it is not due after, with a time zone; ``None`` for ever.
        at_once: it is due at its start.
    """

    key: Hashable
    schedule: Schedule
    fire: Callable[[datetime], None]
    start: datetime | None = None
    end: datetime | None = None
    at_once: bool = False


@dataclass(slots=True)
class _Due:
    entry: Entry
    start: datetime
    when: datetime | None


class Timetable:
    """Fires entries, in a thread of its own.

    An entry that has come due several times since the last look, because the clock was put forward, fires
    once.

    Args:
        clock: whose time counts.
        entries: asked several times a second.
    """

    def __init__(self, clock: Clock, entries: Callable[[], Iterable[Entry]]) -> None:
        self._clock = clock
        self._entries = entries
        self._due: dict[Hashable, _Due] = {}
        self._lock = threading.Lock()
        self._stopping = False
        threading.Thread(target=self._run, name="timetable", daemon=True).start()

    def advance(self, seconds: float) -> None:
        """Put the clock forward; what exists now and comes due in that time fires."""
        with self._lock:
            self._look()
        self._clock.advance(seconds)

    def close(self) -> None:
        """Fire no more."""
        self._stopping = True
        self._clock.wake()

    def _run(self) -> None:
        while not self._stopping:
            seen = self._clock.changes
            with self._lock:
                self._look()
                fired = self._take_due()
                whens = [due.when for due in self._due.values() if due.when is not None]
            for entry, when in fired:
                # In a thread of its own: neither the time that it takes nor its failure is the others'.
                threading.Thread(target=entry.fire, args=(when,), name="schedule", daemon=True).start()
            following = min(whens).timestamp() if whens else None
            self._clock.wait_until(following, at_most=_LOOK_SECONDS, since=seen)

    def _look(self) -> None:
        now = self._now()
        entries = {entry.key: entry for entry in self._entries()}
        for key in set(self._due) - set(entries):
            del self._due[key]
        for key, entry in entries.items():
            if key in self._due:
                self._due[key].entry = entry
                continue
            start = entry.start or now
            first = (
                start if entry.at_once and start >= now else entry.schedule.following(max(now, start), start)
            )
            self._due[key] = _Due(entry, start, _within(first, entry))

    def _take_due(self) -> list[tuple[Entry, datetime]]:
        now = self._now()
        fired: list[tuple[Entry, datetime]] = []
        for due in self._due.values():
            if due.when is not None and due.when <= now:
                fired.append((due.entry, due.when))
                due.when = _within(due.entry.schedule.following(now, due.start), due.entry)
        return fired

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._clock.now(), timezone.utc)


def _within(when: datetime | None, entry: Entry) -> datetime | None:
    return None if when is None or (entry.end is not None and when > entry.end) else when
