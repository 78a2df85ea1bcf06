"""Runs what an ``async def`` view, handler or middleware returns; loaded when the first one does.

Lambda calls a handler, waits for its result and freezes the process until the next event.  One event loop is
kept for all of them, so that connections which a client object holds open still work at the next event.
"""

from __future__ import annotations

import asyncio
import threading
import weakref

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from typing import Any

# Of each thread: `loop`, its event loop, and `outer`, the running loop of a thread that waits for this one.
_kept = threading.local()


def wait_for(awaitable: Awaitable[Any]) -> Any:
    """Run an awaitable to its end and return its result, or raise what it raises.

    Raises:
        RuntimeError: The awaitable was cancelled, which nobody outside of it can have wanted.
    """
    if asyncio._get_running_loop() is not None:
        return _elsewhere(awaitable)
    outer: asyncio.AbstractEventLoop | None = getattr(_kept, "outer", None)
    coroutine = _result_of(awaitable)
    try:
        if outer is not None:
            return asyncio.run_coroutine_threadsafe(coroutine, outer).result()
        loop: asyncio.AbstractEventLoop | None = getattr(_kept, "loop", None)
        if loop is None or loop.is_closed():
            loop = _kept.loop = asyncio.new_event_loop()
            # With the thread, or at the end of the process: a server may have a thread for each request.
            weakref.finalize(threading.current_thread(), loop.close)
        return loop.run_until_complete(coroutine)
    except asyncio.CancelledError as error:
        # Not an Exception, so that it would end the process as an interrupt does.
        raise RuntimeError("The asynchronous function was cancelled.") from error
    except RuntimeError:
        # Of no effect unless they never ran, and then Python warns of coroutines left behind.
        coroutine.close()
        if hasattr(awaitable, "close"):
            awaitable.close()
        raise


def _elsewhere(awaitable: Awaitable[Any]) -> Any:
    """Run an awaitable in a thread of its own: a thread whose event loop is running cannot start another.

    Such callers are asynchronous tests, notebooks, and views that call another handler.  Their loop stands
    still meanwhile.
    """
    import contextvars
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(1) as executor:
        return executor.submit(contextvars.copy_context().run, wait_for, awaitable).result()


def runs_here() -> bool:
    """Tell whether an event loop that `wait_for` started is running in this thread."""
    loop: asyncio.AbstractEventLoop | None = getattr(_kept, "loop", None)
    return loop is not None and loop.is_running()


async def in_thread(function: Callable[..., Any], *args: Any) -> Any:
    """Call a function that may wait for awaitables, in a thread of its own.

    They run in the loop of the caller, where clients have their connections.
    """
    import contextvars
    from concurrent.futures import ThreadPoolExecutor

    loop = asyncio.get_running_loop()

    def work() -> Any:
        _kept.outer = loop
        return function(*args)

    # Not the loop's own threads: their number is limited, and calls within calls could wait for one forever.
    executor = ThreadPoolExecutor(1)
    try:
        return await loop.run_in_executor(executor, contextvars.copy_context().run, work)
    finally:
        executor.shutdown(wait=False)


async def _result_of(awaitable: Awaitable[Any]) -> Any:
    """Await, until there is a result: middleware may return what it got from ``get_response`` as it is."""
    result: Any = await awaitable
    while hasattr(result, "__await__"):
        result = await result
    return result
