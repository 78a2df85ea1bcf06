"""The time that schedules and the waits between retries go by, which can be put forward."""

from __future__ import annotations

import threading
import time

__all__ = ["Clock"]


class Clock:
    """Real time, and what was added to it.

    What AWS measures in minutes and days (schedules, the waits before an asynchronous invocation is tried
    again, the age of events) goes by this clock, so that nobody has to wait that long at a desk.
    """

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._ahead = 0.0
        self._changes = 0

    def now(self) -> float:
        """Return the seconds since 1970."""
        return time.time() + self._ahead

    @property
    def changes(self) -> int:
        """How often the clock was put forward or woken; see `wait_until`."""
        return self._changes

    def advance(self, seconds: float) -> None:
        """Put the clock forward; whoever waits looks again.

        Raises:
            ValueError: the seconds are negative.
        """
        if seconds < 0:
            raise ValueError("time does not go back")
        with self._condition:
            self._ahead += seconds
        self.wake()

    def reset(self) -> None:
        """Show real time again."""
        with self._condition:
            self._ahead = 0.0
        self.wake()

    def wake(self) -> None:
        """Let whoever waits look again, because something else has changed."""
        with self._condition:
            self._changes += 1
            self._condition.notify_all()

    def wait_until(self, when: float | None, *, at_most: float, since: int) -> None:
        """Return when the clock shows a time, was put forward or woken, or after some real seconds.

        Args:
            when: seconds since 1970; ``None`` waits for nothing in particular.
            at_most: seconds that nobody can put forward.
            since: the `changes` from before the caller looked at what it waits for, so that one that comes
                between the looking and the waiting is not missed.
        """
        with self._condition:
            left = at_most if when is None else min(when - self.now(), at_most)
            if left > 0:
                self._condition.wait_for(lambda: self._changes != since, left)
