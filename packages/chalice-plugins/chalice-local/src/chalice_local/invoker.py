"""Invoking functions: at once and waited for, or later and retried, by Lambda's rules.

https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
"""

from __future__ import annotations

import heapq
import itertools
import json
import threading
import uuid
import zipfile
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from chalice_local.clock import Clock
from chalice_local.destinations import AsyncOutcome
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
_TOO_OLD_SECONDS = 0.01
_LOOK_SECONDS = 1.0


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
    done: Callable[[AsyncOutcome], None] | None = field(compare=False)
    last: InvocationResult | None = field(compare=False, default=None)
    failures: int = field(compare=False, default=0)
    throttled: int = field(compare=False, default=0)


class Invoker:
    """Runs invocations on the workers of a pool.

    Args:
        pool: the workers.
        retry_delays: seconds before each retry of an asynchronous invocation.
        clock: what these seconds, and the age of an event, are measured with.
    """

    def __init__(
        self, pool: WorkerPool, *, retry_delays: Sequence[float] = RETRY_DELAYS, clock: Clock | None = None
    ) -> None:
        self._pool = pool
        self._clock = clock or Clock()
        self._retry_delays = tuple(retry_delays)
        self._events: list[_Event] = []
        self._serials = itertools.count()
        self._lock = threading.Lock()
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
        done: Callable[[AsyncOutcome], None] | None = None,
    ) -> str:
        """Queue an invocation and return its request id.

        Args:
            find: asked at each attempt, so that an update of the function is seen; ``None`` means that the
                function is gone, and the event with it.
            payload: JSON.
            policy: retries and age.
            client_context: as in `invoke`.
            done: hears how it ended, after all retries; not when the function has gone.
        """
        invocation = Invocation(request_id=str(uuid.uuid4()), payload=payload, client_context=client_context)
        now = self._clock.now()
        event = _Event(
            now, next(self._serials), find, invocation, policy or AsyncPolicy(), accepted=now, done=done
        )
        self._push(event)
        return invocation.request_id

    def forget(self) -> None:
        """Drop all events that wait."""
        with self._lock:
            self._events.clear()

    def close(self) -> None:
        """Drop all events and take no more."""
        with self._lock:
            self._closed = True
            self._events.clear()
        self._clock.wake()

    def _push(self, event: _Event) -> None:
        with self._lock:
            if not self._closed:
                heapq.heappush(self._events, event)
        self._clock.wake()

    def _run(self) -> None:
        while True:
            seen = self._clock.changes
            with self._lock:
                if self._closed:
                    return
                now = self._clock.now()
                due = [heapq.heappop(self._events) for _ in self._events if self._events[0].due <= now]
                following = self._events[0].due if self._events else None
            for event in due:
                threading.Thread(
                    target=self._attempt, args=(event,), name="async-invocation", daemon=True
                ).start()
            if not due:
                self._clock.wait_until(following, at_most=_LOOK_SECONDS, since=seen)

    def _attempt(self, event: _Event) -> None:
        function = event.find()
        if function is None:
            return
        if self._clock.now() - event.accepted > event.policy.max_age_seconds:
            self._finish(event, "EventAgeExceeded")
            return
        try:
            event.last = self.invoke(
                function,
                event.invocation.payload,
                client_context=event.invocation.client_context,
                request_id=event.invocation.request_id,
            )
        except ThrottledError:
            delay = min(_THROTTLE_FIRST_SECONDS * 2**event.throttled, _THROTTLE_LONGEST_SECONDS)
            event.throttled += 1
            self._again(event, delay)
            return
        if event.last.error is None:
            self._finish(event, "Success")
            return
        event.failures += 1
        if event.failures > min(event.policy.max_retries, len(self._retry_delays)):
            self._finish(event, "RetriesExhausted")
            return
        self._again(event, self._retry_delays[event.failures - 1])

    def _again(self, event: _Event, delay: float) -> None:
        # An event that will be too old by then is given up when it is, and not when it would be tried.
        too_old = event.accepted + event.policy.max_age_seconds
        event.due = min(self._clock.now() + delay, too_old + _TOO_OLD_SECONDS)
        self._push(event)

    def _finish(
        self, event: _Event, condition: Literal["Success", "RetriesExhausted", "EventAgeExceeded"]
    ) -> None:
        if event.done is None:
            return
        event.done(
            AsyncOutcome(
                request_id=event.invocation.request_id,
                payload=event.invocation.payload,
                condition=condition,
                attempts=event.failures + (condition == "Success"),
                result=event.last,
            )
        )


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
