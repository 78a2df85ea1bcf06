"""Applications under AWS's own runtime interface client, which asks a runtime API of ours for events."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from typing import Any

from measure import HERE, Program, clean, count_instructions, python

# How long a process may take until it asks for an event.
PATIENCE_SECONDS = 120


class RuntimeApi(ThreadingHTTPServer):
    """Lambda's runtime API, as far as a function gets before its first event.

    Attributes:
        asked: A moment of `time.perf_counter` for each process that asked for an event; text is the error
            of one that could not be initialised.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Calls)
        self.asked: Queue[float | str] = Queue()

    @property
    def address(self) -> str:
        """Host and port."""
        return f"127.0.0.1:{self.server_address[1]}"


class _Calls(BaseHTTPRequestHandler):
    server: RuntimeApi

    def do_GET(self) -> None:
        """Note that somebody asks for an event; there is none, and the process will be ended."""
        self.server.asked.put(time.perf_counter())

    def do_POST(self) -> None:
        """Take the error of an application that cannot be imported."""
        length = int(self.headers.get("Content-Length") or 0)
        self.server.asked.put(self.rfile.read(length).decode(errors="replace"))

    def log_message(self, format: str, *arguments: Any) -> None:
        """Say nothing."""


@contextmanager
def runtime_api() -> Iterator[RuntimeApi]:
    """Serve for as long as the block runs."""
    with RuntimeApi() as api:
        Thread(target=api.serve_forever, daemon=True).start()
        try:
            yield api
        finally:
            api.shutdown()


def init_ms(api: RuntimeApi, client: Path, program: Program) -> float:
    """Return the milliseconds from the start of a process until it asks for its first event.

    Raises:
        RuntimeError: It never does.
    """
    started = time.perf_counter()
    process = subprocess.Popen(
        _command(client, program),
        env=_variables(api.address, program),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        asked = api.asked.get(timeout=PATIENCE_SECONDS)
    except Empty:
        raise RuntimeError(f"{program.tree}: no event was asked for") from None
    finally:
        process.kill()
        process.wait()
    if isinstance(asked, str):
        raise RuntimeError(f"{program.tree}: {asked}")
    return (asked - started) * 1000


def init_instructions(client: Path, program: Program) -> int:
    """Count the instructions until a process would ask for its first event."""
    return count_instructions(_command(client, program, "count"), _variables("127.0.0.1:9", program))[0]


def modules(client: Path, program: Program) -> set[str]:
    """Return the modules that are loaded when a process would ask for its first event."""
    ran = subprocess.run(
        _command(client, program, "count"),
        env=_variables("127.0.0.1:9", program),
        capture_output=True,
        check=True,
    )
    return set(json.loads(ran.stdout))


def missing_modules(client: Path, program: Program, assumed: str) -> set[str]:
    """Return names out of ``assumed`` that the client has not loaded, when it runs a bare function."""
    return set(assumed.split()) - modules(client, program) - set(sys.builtin_module_names)


def _command(client: Path, program: Program, *more: str) -> list[str]:
    script = str(HERE / "client_child.py")
    return python(script, str(client), str(program.tree), f"{program.module}.app", *more)


def _variables(address: str, program: Program) -> dict[str, str]:
    return clean(
        AWS_LAMBDA_RUNTIME_API=address,
        LAMBDA_TASK_ROOT=str(program.tree),
        AWS_LAMBDA_FUNCTION_NAME="bench",
        AWS_LAMBDA_FUNCTION_VERSION="$LATEST",
        AWS_LAMBDA_FUNCTION_MEMORY_SIZE="256",
        AWS_LAMBDA_LOG_GROUP_NAME="/aws/lambda/bench",
        AWS_LAMBDA_LOG_STREAM_NAME="2024/01/12/[$LATEST]abc",
    )
