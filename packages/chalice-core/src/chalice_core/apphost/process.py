"""A child process with a channel of its own beside its output, and a time limit that holds.

The child may print, fork, leave threads behind or never end; the parent gets
back what there is and leaves nothing running.
"""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

# Seconds for the rest once the document is there or the process has ended: for output on its way,
# and for children that keep the channel open.
_GRACE = 0.5

_OUTPUT_LIMIT = 64 * 1024
# Far above any manifest: what comes before its last bytes is noise that the application wrote.
_DOCUMENT_LIMIT = 32 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a child process ended.

    Args:
        document: the bytes of its channel.
        output: what it printed to stdout and stderr, shortened in the middle.
        returncode: as `subprocess` has it; None when it was stopped after the time limit.
    """

    document: bytes
    output: str
    returncode: int | None


class _Excerpt:
    """Keeps the beginning and the end of a stream."""

    def __init__(self, *, head: int, tail: int) -> None:
        self._head_limit, self._tail_limit = head, tail
        self._head, self._tail = bytearray(), bytearray()
        self._dropped = 0

    def add(self, data: bytes) -> None:
        room = self._head_limit - len(self._head)
        self._head += data[:room]
        self._tail += data[room:]
        surplus = len(self._tail) - self._tail_limit
        # Cutting now and then, not each time, keeps a flood of output from costing quadratic time.
        if surplus > self._tail_limit:
            del self._tail[:surplus]
            self._dropped += surplus

    def bytes(self) -> bytes:
        return bytes(self._head + self._tail)

    def text(self) -> str:
        dropped = self._dropped + max(0, len(self._tail) - self._tail_limit)
        if not dropped:
            return self.bytes().decode("utf-8", "replace")
        head = self._head.decode("utf-8", "replace")
        tail = self._tail[-self._tail_limit :].decode("utf-8", "replace")
        return f"{head}\n[… {dropped} bytes left out …]\n{tail}"


def run_with_channel(
    command: Sequence[str], *, cwd: Path, environment: Mapping[str, str], timeout: float
) -> Ended:
    """Run a command that writes a document to a channel.

    Args:
        command: the command; ``--manifest-fd N``, or ``--manifest-handle H`` on Windows, is added.
        cwd: its working directory.
        environment: all of its environment variables.
        timeout: seconds.

    Raises:
        OSError: the command cannot be started.
    """
    reading, writing = os.pipe()
    process = None
    try:
        try:
            process = _start(command, writing, cwd=cwd, environment=environment)
        finally:
            os.close(writing)
        return _collect(process, reading, time.monotonic() + timeout)
    except BaseException:
        if process is None:
            os.close(reading)
        else:
            # The child has a process group of its own, so it did not get the Ctrl-C that we got.  The
            # thread that reads the channel still holds it.
            _stop(process)
        raise


if sys.platform == "win32":

    def _start(
        command: Sequence[str], writing: int, *, cwd: Path, environment: Mapping[str, str]
    ) -> subprocess.Popen[bytes]:
        import msvcrt

        handle = msvcrt.get_osfhandle(writing)
        os.set_handle_inheritable(handle, True)
        return subprocess.Popen(
            [*command, "--manifest-handle", str(handle)],
            cwd=cwd,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            startupinfo=subprocess.STARTUPINFO(lpAttributeList={"handle_list": [handle]}),
            creationflags=subprocess.CREATE_NEW_PROCESS_GROUP,
        )

    def _stop(process: subprocess.Popen[bytes]) -> None:
        # Windows has no signal for a group; taskkill walks the tree.
        subprocess.run(
            ["taskkill", "/F", "/T", "/PID", str(process.pid)], capture_output=True, check=False, timeout=10
        )

else:

    def _start(
        command: Sequence[str], writing: int, *, cwd: Path, environment: Mapping[str, str]
    ) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [*command, "--manifest-fd", str(writing)],
            cwd=cwd,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            pass_fds=(writing,),
            start_new_session=True,
        )

    def _stop(process: subprocess.Popen[bytes]) -> None:
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            # The group is empty; macOS says EPERM when only a zombie is left in it.
            return


def _collect(process: subprocess.Popen[bytes], reading: int, deadline: float) -> Ended:
    events: queue.SimpleQueue[str] = queue.SimpleQueue()
    document = _Excerpt(head=0, tail=_DOCUMENT_LIMIT)
    output = _Excerpt(head=_OUTPUT_LIMIT // 2, tail=_OUTPUT_LIMIT // 2)
    if process.stdout is None:
        raise RuntimeError("the process was started without a pipe for its output")
    stdout = process.stdout.fileno()
    # Daemons: a grandchild that left the process group can keep a pipe open for ever.
    _begin(lambda: _drain(reading, document), "document", events)
    _begin(lambda: _drain(stdout, output), "output", events)
    _begin(process.wait, "exit", events)
    pending = {"document", "output", "exit"}
    stopped = timed_out = False
    while pending:
        try:
            # In short turns, for on Windows a Ctrl-C waits until a turn has ended.
            pending.discard(events.get(timeout=max(0.0, min(0.5, deadline - time.monotonic()))))
        except queue.Empty:  # noqa: PERF203 - that is how the time limit shows
            if time.monotonic() < deadline:
                continue
            if stopped:
                break
            timed_out = "exit" in pending and ("document" in pending or not document.bytes())
            stopped = True
            _stop(process)
            deadline = time.monotonic() + _GRACE
        else:
            if "exit" not in pending or ("document" not in pending and document.bytes()):
                deadline = min(deadline, time.monotonic() + _GRACE)
    if "document" not in pending:
        os.close(reading)
    if "output" not in pending:
        process.stdout.close()
    return Ended(
        document=document.bytes(), output=output.text(), returncode=None if timed_out else process.poll()
    )


def _begin(work: Callable[[], object], name: str, events: queue.SimpleQueue[str]) -> None:
    def run() -> None:
        try:
            work()
        finally:
            events.put(name)

    threading.Thread(target=run, name=f"app-host-{name}", daemon=True).start()


def _drain(descriptor: int, excerpt: _Excerpt) -> None:
    while data := os.read(descriptor, 65536):
        excerpt.add(data)
