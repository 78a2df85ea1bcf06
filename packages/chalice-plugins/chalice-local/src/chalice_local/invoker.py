"""Invoking functions: at once and waited for, or later and retried, by Lambda's rules.

https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
"""

from __future__ import annotations

import heapq
import itertools
import json
import threading
import time
import uuid
import zipfile
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from chalice_local.errors import LocalRunError, ThrottledError
from chalice_local.worker import Invocation, InvocationResult

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from chalice_local.function import FunctionSpec
    from chalice_local.pool import WorkerPool

__all__ = ["RETRY_DELAYS", "AsyncPolicy", "Invoker"]

# Lambda waits a minute before the first retry of an asynchronous invocation, and two before the second.
RETRY_DELAYS = (60.0, 120.0)
_THROTTLE_FIRST_SECONDS = 1.0
_THROTTLE_LONGEST_SECONDS = 300.0


@dataclass(frozen=True, slots=True, kw_only=True)
class AsyncPolicy:
    """What a function's configuration says about its asynchronous invocations.

    Attributes:
        max_retries: 0 to 2.
        max_age_seconds: an event older than this is dropped.
    """

    max_retries: int = 2
    max_age_seconds: float = 21600.0


@dataclass(order=True, slots=True)
class _Event:
    due: float
    serial: int
    find: Callable[[], FunctionSpec | None] = field(compare=False)
    invocation: Invocation = field(compare=False)
    policy: AsyncPolicy = field(compare=False)
    accepted: float = field(compare=False)
    failures: int = field(compare=False, default=0)
    throttled: int = field(compare=False, default=0)


class Invoker:
    """Runs invocations on the workers of a pool.

    Args:
        pool: the workers.
        retry_delays: seconds before each retry of an asynchronous invocation.
    """

    def __init__(self, pool: WorkerPool, *, retry_delays: Sequence[float] = RETRY_DELAYS) -> None:
        self._pool = pool
        self._retry_delays = tuple(retry_delays)
        self._events: list[_Event] = []
        self._serials = itertools.count()
        self._condition = threading.Condition()
        self._closed = False
        threading.Thread(target=self._run, name="async-invocations", daemon=True).start()

    def invoke(
        self,
        function: FunctionSpec,
        payload: bytes,
        *,
        client_context: str | None = None,
        request_id: str | None = None,
    ) -> InvocationResult:
        """Invoke and wait for the end.

        A function that cannot run here (no interpreter, a refused package) answers with an error document,
        as a runtime that cannot start does.

        Raises:
            ThrottledError: no concurrency is left.
        """
        invocation = Invocation(
            request_id=request_id or str(uuid.uuid4()), payload=payload, client_context=client_context
        )
        try:
            worker = self._pool.acquire(function)
        except ThrottledError:
            raise
        except (LocalRunError, zipfile.BadZipFile, OSError) as error:
            return _cannot_start(function, invocation, error)
        try:
            return worker.invoke(invocation, timeout_seconds=function.timeout_seconds)
        finally:
            self._pool.release(worker)

    def invoke_later(
        self,
        find: Callable[[], FunctionSpec | None],
        payload: bytes,
        *,
        policy: AsyncPolicy | None = None,
        client_context: str | None = None,
    ) -> str:
        """Queue an invocation and return its request id.

        Args:
            find: asked at each attempt, so that an update of the function is seen; ``None`` means that the
                function is gone, and the event with it.
            payload: JSON.
            policy: retries and age.
            client_context: as in `invoke`.
        """
        invocation = Invocation(request_id=str(uuid.uuid4()), payload=payload, client_context=client_context)
        now = time.monotonic()
        self._push(_Event(now, next(self._serials), find, invocation, policy or AsyncPolicy(), accepted=now))
        return invocation.request_id

    def forget(self) -> None:
        """Drop all events that wait."""
        with self._condition:
            self._events.clear()

    def close(self) -> None:
        """Drop all events and take no more."""
        with self._condition:
            self._closed = True
            self._events.clear()
            self._condition.notify_all()

    def _push(self, event: _Event) -> None:
        with self._condition:
            if not self._closed:
                heapq.heappush(self._events, event)
                self._condition.notify_all()

    def _run(self) -> None:
        while True:
            with self._condition:
                while not self._closed and (not self._events or self._events[0].due > time.monotonic()):
                    wait = self._events[0].due - time.monotonic() if self._events else None
                    self._condition.wait(wait)
                if self._closed:
                    return
                event = heapq.heappop(self._events)
            threading.Thread(
                target=self._attempt, args=(event,), name="async-invocation", daemon=True
            ).start()

    def _attempt(self, event: _Event) -> None:
        function = event.find()
        if function is None or time.monotonic() - event.accepted > event.policy.max_age_seconds:
            return
        try:
            result = self.invoke(
                function,
                event.invocation.payload,
                client_context=event.invocation.client_context,
                request_id=event.invocation.request_id,
            )
        except ThrottledError:
            delay = min(_THROTTLE_FIRST_SECONDS * 2**event.throttled, _THROTTLE_LONGEST_SECONDS)
            event.throttled += 1
            event.due = time.monotonic() + delay
            self._push(event)
            return
        if result.error is None or event.failures >= min(event.policy.max_retries, len(self._retry_delays)):
            return
        event.due = time.monotonic() + self._retry_delays[event.failures]
        event.failures += 1
        self._push(event)


def _cannot_start(function: FunctionSpec, invocation: Invocation, error: Exception) -> InvocationResult:
    message = str(error)
    kind = "Runtime.NotAvailable" if isinstance(error, LocalRunError) else "Runtime.StartError"
    return InvocationResult(
        request_id=invocation.request_id,
        payload=json.dumps({"errorType": kind, "errorMessage": message}).encode(),
        error="Unhandled",
        log_tail=message,
        version=function.version,
    )
