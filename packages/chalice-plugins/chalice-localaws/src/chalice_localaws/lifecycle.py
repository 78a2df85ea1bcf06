"""One server process per project: found, started when needed, stopped.

The server outlives the command that started it. Two locks keep it single:
commands that start servers take turns, and a server holds its project's lock
for as long as it lives, which the operating system ends with it.
"""

from __future__ import annotations

import contextlib
import http.client
import os
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, replace
from importlib.util import find_spec
from typing import TYPE_CHECKING

from chalice_localaws.client import ask_status, send_command
from chalice_localaws.errors import (
    DataPlaneMissingError,
    EmbeddedAwsBusyError,
    EmbeddedAwsNotRunningError,
    EmbeddedAwsStartError,
    OtherPortError,
    PortInUseError,
)
from chalice_localaws.process_lock import LockHeldError, ProcessLock
from chalice_localaws.state import ServerRecord, StateFolder

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

__all__ = ["ACCOUNT_ID", "DEFAULT_REGION", "Endpoint", "advance", "ensure_running", "reset", "status", "stop"]

ACCOUNT_ID = "123456789012"
DEFAULT_REGION = "us-east-1"
READY_SECONDS = 60.0
STOP_SECONDS = 20.0
ENDING_SECONDS = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """A running embedded AWS.

    Attributes:
        record: how it is reached.
        state: its files.
        started_now: this call has started it.
        forgotten: names of the stages that were deployed to the state of an earlier server; this call
            has started another, which forgets them.
    """

    record: ServerRecord
    state: StateFolder
    started_now: bool = False
    forgotten: tuple[str, ...] = ()

    @property
    def url(self) -> str:
        """The endpoint for AWS clients, ``http://127.0.0.1:PORT``."""
        return f"http://127.0.0.1:{self.record.port}"

    @property
    def rest_api_url(self) -> str:
        """The URL of a REST API, with ``{api_id}`` and ``{stage}`` to fill in."""
        return self.url + "/_aws/execute-api/{api_id}/{stage}/"

    @property
    def websocket_api_url(self) -> str:
        """The URL that clients of a WebSocket API connect to, with the same to fill in."""
        return f"ws://127.0.0.1:{self.record.port}" + "/_aws/execute-api/{api_id}/{stage}/"

    @property
    def instance(self) -> str:
        """Identifies the state; another value means that the earlier state is gone."""
        return self.record.instance

    def register_interpreters(self, interpreters: Mapping[str, str]) -> None:
        """Say which executables run which runtimes, ``{"python3.12": "/path/to/python"}``.

        Raises:
            EmbeddedAwsRefusedError: one of them does not run, or is another version.
        """
        send_command(self.record, "interpreters", dict(interpreters))


def ensure_running(project_dir: Path, *, port: int | None = None) -> Endpoint:
    """Return the project's embedded AWS, and start it when it does not run.

    Args:
        project_dir: the project.
        port: to listen on; by default that of the last time if it is free, else any. A server that
            runs already on another port is an error when a port was asked for.

    Raises:
        PortInUseError: ``port`` cannot be had.
        OtherPortError: it runs already, on another port than ``port``.
        DataPlaneMissingError: chalice-local is not installed.
        StateFolderError: the project's folder is not writable.
        EmbeddedAwsStartError: the server failed, or was not ready in a minute.
        EmbeddedAwsBusyError: a server runs and does not answer.
    """
    state = StateFolder(project_dir)
    if (running := _running(state)) is not None:
        return _with_port(running, port)
    if find_spec("chalice_local") is None:
        raise DataPlaneMissingError
    state.create()
    try:
        with ProcessLock(state.start_lock, wait_seconds=READY_SECONDS):
            # Another command may have started it while this one waited.
            if (running := _running(state)) is not None:
                return _with_port(running, port)
            return _start(state, port)
    except LockHeldError as error:
        raise EmbeddedAwsStartError(
            reason="Another command has been starting it for a minute", log=state.log, tail=state.log_tail()
        ) from error


def status(project_dir: Path) -> dict[str, object] | None:
    """Return what the project's server says of itself; ``None`` when none runs."""
    running = _running(StateFolder(project_dir))
    return ask_status(running.record) if running is not None else None


def stop(project_dir: Path) -> bool:
    """Stop the project's server and wait for its end.

    Returns:
        ``False`` when none was running.

    Raises:
        EmbeddedAwsBusyError: it did not end.
    """
    state = StateFolder(project_dir)
    running = _running(state)
    if running is None:
        return False
    # Its answer may be lost when it ends quickly; the lock is what tells.
    with contextlib.suppress(OSError, http.client.HTTPException):
        send_command(running.record, "stop")
    try:
        with ProcessLock(state.server_lock, wait_seconds=STOP_SECONDS):
            return True
    except LockHeldError as error:
        raise EmbeddedAwsBusyError(pid=running.record.pid, log=state.log) from error


def reset(project_dir: Path) -> Endpoint:
    """Empty the project's embedded AWS, and forget what was deployed to it.

    Raises:
        EmbeddedAwsNotRunningError: none runs; its state went with it.
    """
    state = StateFolder(project_dir)
    running = _running(state)
    if running is None:
        raise EmbeddedAwsNotRunningError(project=state.project)
    send_command(running.record, "reset")
    record = state.read_record()
    if record is None:
        raise EmbeddedAwsNotRunningError(project=state.project)
    return Endpoint(record=record, state=state)


def advance(project_dir: Path, seconds: float) -> None:
    """Put the clock of the project's embedded AWS forward.

    Schedules that come due in that time fire, once each, and asynchronous invocations that wait to be tried
    again are.

    Args:
        project_dir: the project's folder.
        seconds: not negative.

    Raises:
        EmbeddedAwsNotRunningError: none runs.
        EmbeddedAwsRefusedError: the seconds are negative.
    """
    state = StateFolder(project_dir)
    running = _running(state)
    if running is None:
        raise EmbeddedAwsNotRunningError(project=state.project)
    send_command(running.record, "advance", {"seconds": seconds})


def _running(state: StateFolder) -> Endpoint | None:
    record = state.read_record()
    # A record that was copied with its project belongs to the other folder's server.
    if record is None or record.project != str(state.project) or ask_status(record) is None:
        return None
    return Endpoint(record=record, state=state)


def _with_port(endpoint: Endpoint, port: int | None) -> Endpoint:
    if port is not None and port != endpoint.record.port:
        raise OtherPortError(port=port, running=endpoint.record.port)
    return endpoint


def _start(state: StateFolder, port: int | None) -> Endpoint:
    last = state.read_record()
    try:
        # A server that was just killed, or told to stop, still has to end.
        with ProcessLock(state.server_lock, wait_seconds=ENDING_SECONDS):
            state.record_file.unlink(missing_ok=True)
    except LockHeldError as error:
        raise EmbeddedAwsBusyError(pid=last.pid if last else None, log=state.log) from error
    forgotten = state.deployed_stages()
    process = _spawn(state, _choose_port(port, last))
    try:
        return replace(_wait_until_ready(state, process), forgotten=forgotten)
    except BaseException:
        # Ours and of no use to anybody: half-started, it would only hold the lock.
        process.kill()
        process.wait()
        raise


def _choose_port(port: int | None, last: ServerRecord | None) -> int:
    if port is not None:
        if (reason := _unavailable(port)) is not None:
            raise PortInUseError(port=port, reason=reason)
        return port
    # The same port again, so that URLs in a browser or a script stay good.
    if last is not None and _unavailable(last.port) is None:
        return last.port
    return 0


def _unavailable(port: int) -> str | None:
    """Return why a port cannot be listened on, or ``None``."""
    with socket.socket() as probe:
        if os.name == "posix":
            # As servers do: connections of a server that has ended do not block its port.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            return error.strerror or str(error)
        except OverflowError:
            return "Ports are numbers up to 65535"
    return None


def _spawn(state: StateFolder, port: int) -> subprocess.Popen[bytes]:
    command = [
        sys.executable,
        "-m",
        "chalice_localaws.embedded",
        "--project-dir",
        str(state.project),
        "--port",
        str(port),
    ]
    with state.log.open("wb") as log:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=state.root,
            env=_server_environment(),
            close_fds=True,
            # A session of its own: closing the terminal or Ctrl-C there does not reach it.
            start_new_session=True,
            creationflags=_DETACHED,
        )


if sys.platform == "win32":
    _DETACHED = subprocess.DETACHED_PROCESS | subprocess.CREATE_NEW_PROCESS_GROUP
else:
    _DETACHED = 0


def _server_environment() -> dict[str, str]:
    # The server is an AWS; it must never speak to the real one with the user's credentials.
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "MOTO_"))}
    return kept | {
        "AWS_ACCESS_KEY_ID": "embedded",
        "AWS_SECRET_ACCESS_KEY": "embedded",
        "AWS_EC2_METADATA_DISABLED": "true",
        "PYTHONUNBUFFERED": "1",
    }


def _wait_until_ready(state: StateFolder, process: subprocess.Popen[bytes]) -> Endpoint:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        ended = process.poll()
        record = state.read_record()
        if record is not None and record.pid == process.pid and ask_status(record) is not None:
            return Endpoint(record=record, state=state, started_now=True)
        if ended is not None:
            raise EmbeddedAwsStartError(
                reason=f"Its process ended with status {ended}", log=state.log, tail=state.log_tail()
            )
        time.sleep(0.03)
    raise EmbeddedAwsStartError(
        reason=f"It was not ready after {READY_SECONDS:.0f} seconds", log=state.log, tail=state.log_tail()
    )
