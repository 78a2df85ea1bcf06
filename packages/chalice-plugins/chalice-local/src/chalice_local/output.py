"""What a worker prints, line by line, and where the lines go.

A handler's output must be complete when its invocation ends, but it comes
through a pipe and the answer through a socket. The reader's side therefore
holds the writing end of the pipe as well: after the answer it writes a mark
into it, and when the mark comes out at the other end, so has everything that
the worker wrote before.
"""

from __future__ import annotations

import logging
import os
import secrets
import threading
import time
from collections import deque
from typing import Protocol

__all__ = ["LogSink", "OutputPipe"]

_log = logging.getLogger(__name__)
_CHUNK = 65536
_KEPT_LINES = 2048
_LONGEST_LINE = 262_144  # a CloudWatch Logs event holds no more


class LogSink(Protocol):
    """Where lines of output are kept: CloudWatch Logs, or a terminal."""

    def open(self, function_arn: str, group: str, stream: str) -> None:
        """Make the group and the stream, unless the function is gone."""

    def write(self, function_arn: str, group: str, stream: str, events: list[tuple[int, str]]) -> None:
        """Append ``(milliseconds since the epoch, line)``; dropped when the stream is gone."""


class OutputPipe:
    """The pipe that is stdout and stderr of a worker, and its reader.

    Attributes:
        writer: the descriptor to start the process with.
    """

    def __init__(self, sink: LogSink, *, function_arn: str, group: str, stream: str) -> None:
        self._sink = sink
        self._function_arn = function_arn
        self._group = group
        self._stream = stream
        self._reader, self.writer = os.pipe()
        self._write_lock = threading.Lock()
        self._lines_lock = threading.Lock()
        self._lines: deque[str] = deque(maxlen=_KEPT_LINES)
        self._marks: dict[bytes, threading.Event] = {}
        # Unguessable, so that no output can pass for a mark.
        self._token = b"\x00" + secrets.token_hex(16).encode() + b":"
        self._closed = False
        self._thread = threading.Thread(target=self._pump, name="worker-output", daemon=True)
        self._thread.start()

    def open(self) -> None:
        """See to it that the group and the stream exist: someone may have deleted them."""
        self._sink.open(self._function_arn, self._group, self._stream)

    def settle(self, seconds: float = 5.0) -> None:
        """Return when everything written until now was read, or after ``seconds``."""
        serial = secrets.token_hex(4).encode()
        arrived = threading.Event()
        with self._write_lock:
            if self._closed:
                return
            self._marks[serial] = arrived
            os.write(self.writer, self._token + serial + b"\n")
        arrived.wait(seconds)

    def say(self, line: str) -> None:
        """Add a line of the platform itself (START, END, REPORT)."""
        self._emit([line])

    def take(self) -> list[str]:
        """Return the last lines since the last call, enough for four kilobytes, and forget them."""
        with self._lines_lock:
            lines = list(self._lines)
            self._lines.clear()
        return lines

    def close(self) -> None:
        """Read what is left, then end the reader. Processes that still hold the pipe are not waited for."""
        self.settle(1.0)
        with self._write_lock:
            if self._closed:
                return
            self._closed = True
            os.write(self.writer, self._token + b"end\n")
        if threading.current_thread() is not self._thread:
            self._thread.join(5)
        os.close(self.writer)

    def _pump(self) -> None:
        rest = b""
        while True:
            chunk = os.read(self._reader, _CHUNK)
            if not chunk:
                break
            *whole, rest = (rest + chunk).split(b"\n")
            lines = []
            ended = False
            for raw in whole:
                text, found, serial = raw.partition(self._token)
                if not found or text:
                    lines.append(_decode(text))
                if found:
                    # The lines before the mark are out before its owner goes on.
                    self._emit(lines)
                    lines = []
                    ended = ended or serial == b"end"
                    if mark := self._marks.pop(serial, None):
                        mark.set()
            if len(rest) > _LONGEST_LINE:
                lines.append(_decode(rest))
                rest = b""
            self._emit(lines)
            if ended:
                break
        os.close(self._reader)

    def _emit(self, lines: list[str]) -> None:
        if not lines:
            return
        now = int(time.time() * 1000)
        with self._lines_lock:
            self._lines += lines
            # Under the lock, so that the order in the log is the order of the lines.
            events = [(now, line) for line in lines]
            try:
                self._sink.write(self._function_arn, self._group, self._stream, events)
            except Exception:
                # The reader must go on, or the worker would wait for room in the pipe for ever.
                _log.exception("The output of %s could not be kept.", self._function_arn)


def _decode(raw: bytes) -> str:
    # Lambda's runtime client joins the lines of one event (a traceback) with carriage returns.
    return raw.decode("utf-8", "replace").rstrip("\r").replace("\r", "\n")
