"""The workers of this machine: reused while idle, started on demand, stopped when they no longer fit."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from typing import TYPE_CHECKING, Protocol

from chalice_local.errors import ThrottledError

if TYPE_CHECKING:
    from chalice_local.function import FunctionSpec
    from chalice_local.worker import Worker

__all__ = ["WorkerPool", "WorkerSource"]

# AWS allows an account 1000; a process each is more than a development machine bears.
MACHINE_CONCURRENCY = 100
IDLE_SECONDS = 300.0


class WorkerSource(Protocol):
    """What starts workers."""

    def launch(self, function: FunctionSpec) -> Worker:
        """Start a worker for ``function``."""


class WorkerPool:
    """Keeps workers by the identity of their function.

    Args:
        source: starts workers.
        idle_seconds: how long an unused worker is kept.
        concurrency: how many invocations this machine runs at once.
    """

    def __init__(
        self,
        source: WorkerSource,
        *,
        idle_seconds: float = IDLE_SECONDS,
        concurrency: int = MACHINE_CONCURRENCY,
    ) -> None:
        self._source = source
        self._idle_seconds = idle_seconds
        self._concurrency = concurrency
        self._lock = threading.Lock()
        self._idle: dict[str, list[Worker]] = defaultdict(list)
        self._busy: set[Worker] = set()
        self._running: dict[str, int] = defaultdict(int)
        self._closed = threading.Event()
        self._reaper = threading.Thread(target=self._reap, name="worker-reaper", daemon=True)
        self._reaper.start()

    def acquire(self, function: FunctionSpec) -> Worker:
        """Return a worker for one invocation; give it back with `release`.

        Raises:
            ThrottledError: the function or the machine has no concurrency left.
            LocalRunError: no worker can be started.
        """
        name = _name_of(function.arn)
        with self._lock:
            if self._closed.is_set():
                raise RuntimeError("The worker pool was closed.")
            self._admit(function, name)
            self._running[name] += 1
            worker = self._reusable(function.identity)
            if worker is not None:
                self._busy.add(worker)
        if worker is not None:
            return worker
        try:
            worker = self._source.launch(function)
        except BaseException:
            with self._lock:
                self._running[name] -= 1
            raise
        with self._lock:
            self._busy.add(worker)
            closed = self._closed.is_set()
        if closed:
            worker.stop()
        return worker

    def release(self, worker: Worker) -> None:
        """Take a worker back after its invocation."""
        name = _name_of(worker.function.arn)
        with self._lock:
            self._busy.discard(worker)
            self._running[name] -= 1
            keep = worker.alive and not worker.stale and not self._closed.is_set()
            if keep:
                self._idle[worker.function.identity].append(worker)
        if not keep:
            worker.stop()

    def retire(self, arn: str) -> None:
        """Let no new invocation reach the workers that a function has now: it was updated.

        Args:
            arn: the function's ARN; its versions are meant as well.
        """
        name = _name_of(arn)
        with self._lock:
            idle = self._take_idle(name)
            for worker in self._busy:
                if _name_of(worker.function.arn) == name:
                    worker.stale = True
        for worker in idle:
            worker.stop()

    def stop_function(self, arn: str) -> None:
        """End all workers of a function, running invocations included: it was deleted."""
        name = _name_of(arn)
        with self._lock:
            workers = self._take_idle(name)
            workers += [worker for worker in self._busy if _name_of(worker.function.arn) == name]
        for worker in workers:
            worker.stop()

    def stop_all(self) -> None:
        """End all workers; the pool can still be used."""
        with self._lock:
            workers = [worker for idle in self._idle.values() for worker in idle] + list(self._busy)
            self._idle.clear()
        for worker in workers:
            worker.stop()

    def close(self) -> None:
        """End all workers and start no more."""
        self._closed.set()
        self.stop_all()

    def counts(self) -> tuple[int, int]:
        """Return how many workers are idle and how many are busy."""
        with self._lock:
            return sum(map(len, self._idle.values())), len(self._busy)

    def _admit(self, function: FunctionSpec, name: str) -> None:
        limit = function.reserved_concurrency
        if limit is not None and self._running[name] >= limit:
            raise ThrottledError(
                function=function.name,
                limit=limit,
                reason="ReservedFunctionConcurrentInvocationLimitExceeded",
            )
        if sum(self._running.values()) >= self._concurrency:
            raise ThrottledError(
                function=function.name,
                limit=self._concurrency,
                reason="ConcurrentInvocationLimitExceeded",
            )

    def _reusable(self, identity: str) -> Worker | None:
        idle = self._idle.get(identity, [])
        while idle:
            # The last one used is the one most likely to be still in memory.
            worker = idle.pop()
            if worker.alive:
                return worker
        return None

    def _take_idle(self, name: str) -> list[Worker]:
        taken: list[Worker] = []
        for identity, idle in list(self._idle.items()):
            mine = [worker for worker in idle if _name_of(worker.function.arn) == name]
            if mine:
                taken += mine
                del self._idle[identity]
        return taken

    def _reap(self) -> None:
        while not self._closed.wait(min(self._idle_seconds, 5.0)):
            limit = time.monotonic() - self._idle_seconds
            expired: list[Worker] = []
            with self._lock:
                for identity, idle in list(self._idle.items()):
                    fresh = [worker for worker in idle if worker.alive and worker.last_used > limit]
                    expired += [worker for worker in idle if worker not in fresh]
                    if fresh:
                        self._idle[identity] = fresh
                    else:
                        del self._idle[identity]
            for worker in expired:
                worker.stop()


def _name_of(arn: str) -> str:
    """Return a function's ARN without qualifier: ``arn:aws:lambda:REGION:ACCOUNT:function:NAME``."""
    return ":".join(arn.split(":")[:7])
