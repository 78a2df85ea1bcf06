"""Runs what an ``async def`` view or handler returns; loaded when the first one does.

Lambda calls a handler, waits for its result and freezes the process until the next event.  One event loop is
kept for all of them, so that connections which a client object holds open still work at the next event.
"""

from __future__ import annotations

import asyncio
import atexit
import threading

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable
    from typing import TypeVar

    Result = TypeVar("Result")

# A loop belongs to a thread; in Lambda there is one.
_kept = threading.local()


def wait_for(awaitable: Awaitable[Result]) -> Result:
    """Run an awaitable to its end and return its result, or raise what it raises.

    Raises:
        RuntimeError: An event loop runs in this thread already, and whoever runs it has to await instead.
    """
    loop: asyncio.AbstractEventLoop | None = getattr(_kept, "loop", None)
    if loop is None or loop.is_closed():
        loop = _kept.loop = asyncio.new_event_loop()
        atexit.register(loop.close)
    return loop.run_until_complete(_result_of(awaitable))


async def _result_of(awaitable: Awaitable[Result]) -> Result:
    """Make any awaitable a coroutine, which is what an event loop runs."""
    return await awaitable
