"""One execution environment: one process that runs one function, one invocation at a time."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import TYPE_CHECKING

from chalice_local.runtime_api import RuntimeApi

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from chalice_local.function import FunctionSpec
    from chalice_local.output import OutputPipe
    from chalice_local.runtime_api import RuntimeApiServer

__all__ = ["Invocation", "InvocationResult", "Worker"]

# https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html#runtimes-lifecycle-ib
INIT_SECONDS = 10.0
# https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
MAX_RESPONSE_BYTES = 6_291_556
_TAIL_BYTES = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class Invocation:
    """What one invocation carries.

    Attributes:
        request_id: a UUID, kept through retries.
        payload: JSON.
        client_context: the ``ClientContext`` of the caller, decoded JSON text.
    """

    request_id: str
    payload: bytes
    client_context: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InvocationResult:
    """How one invocation ended.

    Attributes:
        request_id: of the invocation.
        payload: the result, or the error document, as JSON.
        error: ``None``, or ``Unhandled`` as AWS reports a function's error.
        log_tail: the last 4 KB of output.
        version: the version of the function that ran.
    """

    request_id: str
    payload: bytes
    error: str | None
    log_tail: str
    version: str


@dataclass(frozen=True, slots=True)
class _Answer:
    kind: str  # response, error, init-error or exit
    payload: bytes


class Worker:
    """A running process.

    Args:
        function: what it runs.
        runtime_api: the server that gives it a port.
        command: starts the process.
        cwd: the task root.
        environment: makes its variables, given the address of its Runtime API.
        output: the pipe for its stdout and stderr.
    """

    def __init__(
        self,
        *,
        function: FunctionSpec,
        runtime_api: RuntimeApiServer,
        command: Sequence[str],
        cwd: Path,
        environment: Callable[[str], Mapping[str, str]],
        output: OutputPipe,
    ) -> None:
        self.function = function
        self.output = output
        self.last_used = time.monotonic()
        self.stale = False
        self._next: queue.Queue[Invocation | None] = queue.Queue()
        self._answers: queue.Queue[_Answer] = queue.Queue()
        self._ready = threading.Event()
        self._current: str | None = None
        self._deadline = 0.0
        self._stopped = threading.Event()
        self._started_at = time.monotonic()
        self._init_ms: float | None = None
        self._api = RuntimeApi(runtime_api, self)
        try:
            self._process = subprocess.Popen(
                list(command),
                cwd=cwd,
                env=dict(environment(self._api.address)),
                # Held open and never written to: its end tells the worker that we are gone.
                stdin=subprocess.PIPE,
                stdout=output.writer,
                stderr=output.writer,
                # A group of its own, so that what the function has started ends with it.
                start_new_session=True,
                creationflags=_NO_WINDOW,
            )
        except OSError:
            self._api.close()
            output.close()
            raise
        threading.Thread(target=self._watch, name="worker-exit", daemon=True).start()

    @property
    def pid(self) -> int:
        """The process's id."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """The process runs and nobody has stopped it."""
        return not self._stopped.is_set() and self._process.poll() is None

    def invoke(self, invocation: Invocation, *, timeout_seconds: float) -> InvocationResult:
        """Run one invocation to its end, whatever that is."""
        request_id = invocation.request_id
        self.output.open()
        cold = self._wait_until_ready(timeout_seconds)
        self.output.say(f"START RequestId: {request_id} Version: {self.function.version}")
        started = time.monotonic()
        if cold is None:
            self._deadline = time.time() + timeout_seconds
            self._current = request_id
            self._next.put(invocation)
            try:
                answer = self._answers.get(timeout=timeout_seconds)
            except queue.Empty:
                answer = None
        else:
            answer = cold if cold.kind != "timeout" else None
        duration = time.monotonic() - started
        self._current = None
        payload, error = self._outcome(request_id, answer, timeout_seconds)
        self.output.settle()
        if answer is None:
            stamp = datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3]
            self.output.say(f"{stamp}Z {request_id} Task timed out after {timeout_seconds:.2f} seconds")
            duration = timeout_seconds
        elif answer.kind == "exit":
            document = json.loads(payload)
            self.output.say(f"{document['errorMessage']}\n{document['errorType']}")
        self.output.say(f"END RequestId: {request_id}")
        self.output.say(self._report(request_id, duration))
        lines = self.output.take()
        self.last_used = time.monotonic()
        if answer is None or answer.kind in {"exit", "init-error"}:
            self.stop()
        tail = ("\n".join(lines) + "\n").encode()[-_TAIL_BYTES:].decode("utf-8", "ignore")
        return InvocationResult(
            request_id=request_id, payload=payload, error=error, log_tail=tail, version=self.function.version
        )

    def stop(self) -> None:
        """End the process now. An invocation that is running ends as a crash."""
        if self._stopped.is_set():
            return
        self._stopped.set()
        self._next.put(None)
        _kill(self._process)
        self._process.wait()
        if self._process.stdin is not None:
            self._process.stdin.close()
        self._api.close()
        self.output.close()

    # The side of the Runtime API

    def next_invocation(self) -> tuple[Mapping[str, str], bytes] | None:
        """Hand out the next invocation. The first question means that the function is loaded."""
        if not self._ready.is_set():
            self._init_ms = (time.monotonic() - self._started_at) * 1000
            self._ready.set()
        invocation = self._next.get()
        if invocation is None:
            return None
        headers = {
            "Lambda-Runtime-Aws-Request-Id": invocation.request_id,
            "Lambda-Runtime-Deadline-Ms": str(int(self._deadline * 1000)),
            "Lambda-Runtime-Invoked-Function-Arn": self.function.arn,
            "Lambda-Runtime-Trace-Id": _trace_id(invocation.request_id),
        }
        if invocation.client_context is not None:
            headers["Lambda-Runtime-Client-Context"] = invocation.client_context
        return headers, invocation.payload

    def answer(self, request_id: str, payload: bytes) -> bool:
        """Take the result of the running invocation."""
        return self._take(request_id, _Answer("response", payload))

    def fail(self, request_id: str, payload: bytes) -> bool:
        """Take the error of the running invocation."""
        return self._take(request_id, _Answer("error", payload))

    def fail_init(self, payload: bytes) -> None:
        """Take the error of a function that could not be loaded."""
        self._answers.put(_Answer("init-error", payload))
        self._ready.set()

    def _take(self, request_id: str, answer: _Answer) -> bool:
        if request_id != self._current:
            return False  # it came after its time had run out
        self._current = None
        self._answers.put(answer)
        return True

    def _wait_until_ready(self, timeout_seconds: float) -> _Answer | None:
        """Return what went wrong before the first invocation, or ``None``."""
        if not self._ready.wait(INIT_SECONDS + timeout_seconds):
            return _Answer("timeout", b"")
        try:
            return self._answers.get_nowait()
        except queue.Empty:
            return None

    def _watch(self) -> None:
        self._process.wait()
        if sys.platform != "win32":  # where there are no such groups
            _kill_group(self._process.pid)
        self._answers.put(_Answer("exit", b""))
        self._ready.set()

    def _outcome(
        self, request_id: str, answer: _Answer | None, timeout_seconds: float
    ) -> tuple[bytes, str | None]:
        if answer is None:
            text = f"RequestId: {request_id} Error: Task timed out after {timeout_seconds:.2f} seconds"
            return _document("Sandbox.Timedout", text), "Unhandled"
        if answer.kind == "exit":
            text = f"RequestId: {request_id} Error: {self._exit_reason()}"
            return _document("Runtime.ExitError", text), "Unhandled"
        if answer.kind != "response":
            return answer.payload, "Unhandled"
        if len(answer.payload) > MAX_RESPONSE_BYTES:
            text = (
                f"Response payload size exceeded maximum allowed payload size ({MAX_RESPONSE_BYTES} bytes)."
            )
            return _document("Function.ResponseSizeTooLarge", text), "Unhandled"
        return answer.payload, None

    def _exit_reason(self) -> str:
        status = self._process.poll()
        if not status:
            return "Runtime exited without providing a reason"
        if status < 0:
            return f"Runtime exited with error: signal: {_SIGNALS.get(-status, -status)}"
        return f"Runtime exited with error: exit status {status}"

    def _report(self, request_id: str, seconds: float) -> str:
        milliseconds = seconds * 1000
        parts = [
            f"REPORT RequestId: {request_id}",
            f"Duration: {milliseconds:.2f} ms",
            f"Billed Duration: {int(milliseconds) + 1} ms",
            f"Memory Size: {self.function.memory_mb} MB",
        ]
        if self._init_ms is not None:
            parts.append(f"Init Duration: {self._init_ms:.2f} ms")
            self._init_ms = None
        return "\t".join(parts) + "\t"


if sys.platform == "win32":
    _NO_WINDOW = subprocess.CREATE_NO_WINDOW

    def _kill(process: subprocess.Popen[bytes]) -> None:
        process.kill()

else:
    _NO_WINDOW = 0

    def _kill(process: subprocess.Popen[bytes]) -> None:
        """Kill a process and what it has started."""
        # One that was waited for has given its id back; `Worker._watch` has seen to its group.
        if process.poll() is None:
            _kill_group(process.pid)

    def _kill_group(group: int) -> None:
        """Kill what is left of a group, whose first process may have ended a moment ago.

        While a member is left nobody else gets the group's number (``fork``, POSIX.1-2017).
        """
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(group, signal.SIGKILL)


# As Go, in which AWS's supervisor is written, spells them.
_SIGNALS = {
    4: "illegal instruction",
    6: "aborted",
    7: "bus error",
    9: "killed",
    11: "segmentation fault",
    15: "terminated",
}


def _trace_id(request_id: str) -> str:
    return f"Root=1-{int(time.time()):08x}-{request_id.replace('-', '')[:24]};Sampled=0"


def _document(error_type: str, message: str) -> bytes:
    return json.dumps({"errorType": error_type, "errorMessage": message}).encode()
