"""The life of the server process: lock, listen, announce, serve, clean up."""

from __future__ import annotations

import os
import secrets
import signal
import sys
import threading
import time
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING

from moto.core.base_backend import BackendDict
from moto.core.model_instances import reset_model_data
from werkzeug.serving import make_server

import chalice
from chalice_core.errors import ToolError
from chalice_localaws import moto_patches
from chalice_localaws.embedded.control import ControlPages
from chalice_localaws.embedded.front import Front, RequestHandler, finish_requests
from chalice_localaws.embedded.plane import DataPlane
from chalice_localaws.state import ServerRecord, StateFolder

if TYPE_CHECKING:
    from types import FrameType

__all__ = ["serve"]

_LOOK_SECONDS = 2.0
_TIDY_SECONDS = 60.0
_FINISH_SECONDS = 2.0
# What every deployment asks, in the order in which it does.
_SERVICES = ("sts", "iam", "logs", "lambda", "apigateway", "sqs")


def serve(state: StateFolder, port: int) -> int:
    """Run the embedded AWS of a project until it is told to stop.

    Args:
        state: the project's files; its server lock is held by this process.
        port: to listen on; 0 takes a free one.

    Returns:
        0 after a stop, 1 when the port cannot be had; the reason is on stderr.
    """
    try:
        server = _Server(state, port)
    except (_ListenError, ToolError) as error:
        print(error, file=sys.stderr)  # noqa: T201 - this is its log
        return 1
    return server.run()


class _ListenError(Exception):
    """The port cannot be had."""


class _Server:
    def __init__(self, state: StateFolder, port: int) -> None:
        self._state = state
        self._stopping = threading.Event()
        self._record_lock = threading.Lock()
        self._url: str | None = None
        self._plane = DataPlane(
            code=state.code,
            managed_runtime=state.managed_runtime,
            runtime_loop=Path(chalice.__file__).parent / "host" / "serve.py",
            endpoint_url=lambda: self._url,
        )
        moto_patches.install(self._plane)
        control = ControlPages(
            plane=self._plane,
            state=state,
            record=lambda: self._record,
            stop=self._stopping.set,
            reset=self._reset,
        )
        # A plugin that cannot work here says so now, and not in the middle of a deployment.
        self._plane.services.types()
        self._front = Front(
            plane=self._plane,
            control=control,
            prepare_service=moto_patches.LateInstaller(self._plane).prepare,
        )
        try:
            self._http = make_server(
                "127.0.0.1",
                port,
                self._front,
                threaded=True,
                request_handler=RequestHandler,
            )
        except OSError as error:
            self._plane.close()
            raise _ListenError(f"Cannot listen on 127.0.0.1:{port}: {error}") from error
        self._url = f"http://127.0.0.1:{self._http.server_port}"
        self._record = self._new_record()

    def run(self) -> int:
        """Serve until stopped."""
        for name in ("SIGTERM", "SIGINT", "SIGBREAK"):
            if (number := getattr(signal, name, None)) is not None:
                signal.signal(number, self._on_signal)
        # The state of an earlier server is gone, and with it the sense of its records.
        self._state.forget_deployments()
        self._state.write_record(self._record)
        thread = threading.Thread(
            target=self._http.serve_forever, kwargs={"poll_interval": 0.1}, name="http", daemon=True
        )
        thread.start()
        threading.Thread(target=self._front.prepare, args=(_SERVICES,), name="prepare", daemon=True).start()
        tidied = time.monotonic()
        while not self._stopping.wait(_LOOK_SECONDS):
            if time.monotonic() - tidied > _TIDY_SECONDS:
                self._plane.tidy()
                tidied = time.monotonic()
            with self._record_lock:
                found = self._state.read_record()
                ours = found is not None and found.instance == self._record.instance
            if not ours:
                # The folder was deleted or belongs to another server now: nobody could find this one again.
                break
        self._http.shutdown()
        self._plane.websockets.close_all()
        # The one who asked for the stop waits for the answer.
        finish_requests(_FINISH_SECONDS)
        self._plane.close()
        self._state.remove_record(self._record.instance)
        return 0

    def _reset(self) -> None:
        self._plane.reset()
        BackendDict.reset()
        reset_model_data()
        self._state.forget_deployments()
        # Another instance, so that whoever remembers the old one knows that its state is gone.
        with self._record_lock:
            self._record = self._new_record()
            self._state.write_record(self._record)

    def _new_record(self) -> ServerRecord:
        old: ServerRecord | None = getattr(self, "_record", None)
        now = datetime.now(timezone.utc).isoformat(timespec="seconds")
        return ServerRecord(
            pid=os.getpid(),
            port=self._http.server_port,
            instance=secrets.token_hex(16),
            token=old.token if old is not None else secrets.token_hex(32),
            started=old.started if old is not None else now,
            project=str(self._state.project),
        )

    def _on_signal(self, number: int, frame: FrameType | None) -> None:  # noqa: ARG002 - a handler's form
        self._stopping.set()
