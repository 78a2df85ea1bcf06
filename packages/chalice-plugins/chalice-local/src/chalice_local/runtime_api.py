"""The Lambda Runtime API, by which a worker fetches invocations and answers them.

https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html

The runtime clients take ``host:port`` and nothing more, so each worker gets a
port of its own; one thread listens on all of them.
"""

from __future__ import annotations

import contextlib
import selectors
import socket
import threading
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, Protocol, cast

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["RuntimeApi", "RuntimeApiServer", "RuntimePeer"]

_PREFIX = "/2018-06-01/runtime/"


class RuntimePeer(Protocol):
    """The side of a worker that its Runtime API talks to."""

    def next_invocation(self) -> tuple[Mapping[str, str], bytes] | None:
        """Wait for the next invocation: headers and payload; ``None`` ends the worker."""

    def answer(self, request_id: str, payload: bytes) -> bool:
        """Take a result; ``False`` when no such invocation is running."""

    def fail(self, request_id: str, payload: bytes) -> bool:
        """Take an error document; ``False`` when no such invocation is running."""

    def fail_init(self, payload: bytes) -> None:
        """Take the error document of a function that could not be loaded."""


class RuntimeApi:
    """One listening port, for one worker.

    Attributes:
        address: ``127.0.0.1:port``.
    """

    def __init__(self, server: RuntimeApiServer, peer: RuntimePeer) -> None:
        self._server = server
        self.peer = peer
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.listener.setblocking(False)
        self.address = f"127.0.0.1:{self.listener.getsockname()[1]}"
        server.add(self)

    def close(self) -> None:
        """Stop listening. Open connections end when their peer says so."""
        self._server.remove(self)


class RuntimeApiServer:
    """Listens for all workers of a process."""

    def __init__(self) -> None:
        self._selector = selectors.DefaultSelector()
        self._lock = threading.Lock()
        self._pending: list[tuple[str, RuntimeApi]] = []
        self._wake_reader, self._wake_writer = socket.socketpair()
        self._wake_reader.setblocking(False)
        self._selector.register(self._wake_reader, selectors.EVENT_READ, None)
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="runtime-api", daemon=True)
        self._thread.start()

    def add(self, api: RuntimeApi) -> None:
        """Start to accept connections for ``api``."""
        self._tell("add", api)

    def remove(self, api: RuntimeApi) -> None:
        """Stop to accept connections for ``api``, and close its port."""
        self._tell("remove", api)

    def close(self) -> None:
        """End the thread and close every port."""
        self._closing = True
        self._wake()
        self._thread.join(5)

    def _tell(self, verb: str, api: RuntimeApi) -> None:
        with self._lock:
            self._pending.append((verb, api))
        self._wake()

    def _wake(self) -> None:
        # A full buffer means that a wake-up is already under way; a closed one that the server has ended.
        with contextlib.suppress(OSError):
            self._wake_writer.send(b"x")

    def _run(self) -> None:
        while not self._closing:
            for key, _ in self._selector.select():
                if key.data is None:
                    self._take_orders()
                else:
                    self._accept(cast("RuntimeApi", key.data))
        for key in list(self._selector.get_map().values()):
            if isinstance(key.data, RuntimeApi):
                key.data.listener.close()
        self._selector.close()
        self._wake_reader.close()
        self._wake_writer.close()

    def _take_orders(self) -> None:
        self._wake_reader.recv(4096)
        with self._lock:
            orders, self._pending = self._pending, []
        for verb, api in orders:
            if verb == "add":
                self._selector.register(api.listener, selectors.EVENT_READ, api)
            elif api.listener.fileno() >= 0:
                self._selector.unregister(api.listener)
                api.listener.close()

    def _accept(self, api: RuntimeApi) -> None:
        try:
            connection, address = api.listener.accept()
        except OSError:
            return  # the client went away between the two calls
        connection.setblocking(True)
        threading.Thread(
            target=_serve, args=(connection, address, api.peer), name="runtime-api-connection", daemon=True
        ).start()


def _serve(connection: socket.socket, address: object, peer: RuntimePeer) -> None:
    with connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        # A worker that was killed resets its connection: nobody is left to be told.
        with contextlib.suppress(ConnectionError):
            _RequestHandler(connection, address, cast("_PeerHolder", peer))


class _PeerHolder(Protocol):
    """The handler's ``server``: in the standard library a server, here only a peer."""


class _RequestHandler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = 0

    def __init__(self, connection: socket.socket, address: object, peer: _PeerHolder) -> None:
        super().__init__(connection, address, peer)  # type: ignore[arg-type]

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: requests of workers are no news."""

    def do_GET(self) -> None:
        if self.path != _PREFIX + "invocation/next":
            self._reply(404, b"{}")
            return
        invocation = self._peer.next_invocation()
        if invocation is None:
            self.close_connection = True
            return
        headers, payload = invocation
        self._reply(200, payload, headers)

    def do_POST(self) -> None:
        body = self._body()
        parts = self.path.removeprefix(_PREFIX).split("/")
        match parts:
            case ["init", "error"]:
                # Answered first: the worker ends, and with it the connection.
                self._reply(202, b'{"status": "OK"}')
                self._peer.fail_init(body)
            case ["invocation", request_id, "response"]:
                self._acknowledge(self._peer.answer(request_id, body))
            case ["invocation", request_id, "error"]:
                self._acknowledge(self._peer.fail(request_id, body))
            case _:
                self._reply(404, b"{}")

    @property
    def _peer(self) -> RuntimePeer:
        return cast("RuntimePeer", self.server)

    def _acknowledge(self, known: bool) -> None:
        if known:
            self._reply(202, b'{"status": "OK"}')
        else:
            self._reply(400, b'{"errorMessage": "Invalid request ID", "errorType": "InvalidRequestID"}')

    def _body(self) -> bytes:
        if "chunked" not in (self.headers.get("Transfer-Encoding") or "").lower():
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        pieces = []
        while size := int(self.rfile.readline().split(b";")[0], 16):
            pieces.append(self.rfile.read(size))
            self.rfile.readline()
        while self.rfile.readline().strip():
            continue  # trailers
        return b"".join(pieces)

    def _reply(self, status: int, body: bytes, headers: Mapping[str, str] | None = None) -> None:
        lines = [f"HTTP/1.1 {status} {self.responses[status][0]}"]
        lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}", "", ""]
        # One write, so that the answer is not cut in two packets that wait for each other.
        self.wfile.write("\r\n".join(lines).encode("latin-1") + body)
