"""The server's end of one WebSocket, on a socket whose HTTP request has been read.

https://www.rfc-editor.org/rfc/rfc6455
"""

from __future__ import annotations

import contextlib
import selectors
import socket
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wsproto import ConnectionType, WSConnection
from wsproto.connection import ConnectionState
from wsproto.events import (
    AcceptConnection,
    BytesMessage,
    CloseConnection,
    Ping,
    Request,
    TextMessage,
)
from wsproto.utilities import ProtocolError

from chalice.gateway import FRAME_BYTES

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["BadHandshakeError", "Closed", "Message", "ServerSocket"]

_RECEIVE_BYTES = 65536
# The gateway refuses half of this, so more need not be kept.
_KEPT_BYTES = 256 * 1024
# Somebody who does not read for so long is gone.
_SEND_SECONDS = 30.0
# For the other end's answer to a close frame.
_CLOSE_SECONDS = 2.0
# https://www.rfc-editor.org/rfc/rfc6455#section-7.4.1
_ABNORMAL = 1006


class BadHandshakeError(Exception):
    """The request asks for no WebSocket, or for one of another version."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What has arrived.

    Attributes:
        data: text, or the bytes of a binary message; only the beginning of what is too long.
        largest_frame: the size of its largest frame, in bytes.
    """

    data: str | bytes
    largest_frame: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """The other end has closed the connection.

    Attributes:
        code: of its close frame; 1006 without one.
        reason: of its close frame.
    """

    code: int
    reason: str | None


class ServerSocket:
    """One connection; `send` and `close` may be called from any thread, the rest from one.

    Args:
        connection: the socket.
        headers: of the HTTP request.
        target: of the HTTP request.

    Raises:
        BadHandshakeError: see there.
    """

    def __init__(self, connection: socket.socket, *, headers: Sequence[tuple[str, str]], target: str) -> None:
        self._socket = connection
        self._protocol = WSConnection(ConnectionType.SERVER)
        try:
            self._protocol.initiate_upgrade_connection(
                [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers], target
            )
            request = next(iter(self._protocol.events()))
        except ProtocolError as error:
            raise BadHandshakeError(str(error)) from error
        self._offered = request.subprotocols if isinstance(request, Request) else []
        self._lock = threading.Lock()
        self._accepted = False
        self._early: list[str] = []
        self._parts: list[str | bytes] = []
        self._frame = self._largest = self._size = 0
        self._dropping = False
        self._arrived: list[Message | Closed] = []

    def accept(self, subprotocol: str | None) -> None:
        """Answer the request with status 101; a subprotocol that was not offered is left out."""
        self._socket.settimeout(_SEND_SECONDS)
        chosen = subprotocol if subprotocol in self._offered else None
        with self._lock:
            self._socket.sendall(self._protocol.send(AcceptConnection(subprotocol=chosen)))
            self._accepted = True
            for message in self._early:
                self._socket.sendall(self._protocol.send(TextMessage(message)))
            self._early.clear()

    def send(self, message: str, /) -> None:
        """Deliver a text message; lost when the connection has just ended."""
        with self._lock:
            if not self._accepted:
                self._early.append(message)
            elif self._protocol.state is ConnectionState.OPEN:
                with contextlib.suppress(OSError):
                    self._socket.sendall(self._protocol.send(TextMessage(message)))

    def close(self, code: int, reason: str, /) -> None:
        """Begin to close; the other end has two seconds to agree."""
        with self._lock:
            if self._protocol.state is not ConnectionState.OPEN:
                return
            with contextlib.suppress(OSError):
                self._socket.sendall(self._protocol.send(CloseConnection(code, reason)))
        timer = threading.Timer(_CLOSE_SECONDS, self.end)
        timer.daemon = True
        timer.start()

    def end(self) -> None:
        """Leave the connection, whatever its state."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)

    def receive(self, seconds: float) -> Message | Closed | None:
        """Wait for what arrives next; None when nothing does in time."""
        with selectors.DefaultSelector() as selector:
            selector.register(self._socket, selectors.EVENT_READ)
            while not self._arrived:
                if not selector.select(seconds):
                    return None
                self._read()
        return self._arrived.pop(0)

    def _read(self) -> None:
        try:
            data = self._socket.recv(_RECEIVE_BYTES)
        except OSError:
            data = b""
        with self._lock:
            if not data:
                self._arrived.append(Closed(code=_ABNORMAL, reason=None))
                return
            try:
                self._protocol.receive_data(data)
                for event in self._protocol.events():
                    self._take(event)
            except ProtocolError as error:
                hint = getattr(error, "event_hint", None)
                if isinstance(hint, CloseConnection) and self._protocol.state is ConnectionState.OPEN:
                    with contextlib.suppress(OSError):
                        self._socket.sendall(self._protocol.send(hint))
                self._arrived.append(Closed(code=_ABNORMAL, reason=None))

    def _take(self, event: object) -> None:
        match event:
            case Ping():
                with contextlib.suppress(OSError):
                    self._socket.sendall(self._protocol.send(event.response()))
            case CloseConnection():
                if self._protocol.state is ConnectionState.REMOTE_CLOSING:
                    with contextlib.suppress(OSError):
                        self._socket.sendall(self._protocol.send(event.response()))
                self._arrived.append(Closed(code=int(event.code), reason=event.reason))
            case TextMessage() | BytesMessage():
                self._take_part(event)

    def _take_part(self, event: TextMessage | BytesMessage) -> None:
        data = event.data if isinstance(event.data, str) else bytes(event.data)
        size = len(data.encode()) if isinstance(data, str) else len(data)
        self._size += size
        self._frame += size
        self._largest = max(self._largest, self._frame)
        if not self._dropping:
            self._parts.append(data)
            # What is too long is handed over at once, for nobody waits for the end of it.
            self._dropping = self._largest > FRAME_BYTES or self._size > _KEPT_BYTES
            if self._dropping or event.message_finished:
                empty: str | bytes = "" if isinstance(data, str) else b""
                joined = empty.join(self._parts)  # type: ignore[arg-type]  # parts of one message are alike
                self._arrived.append(Message(data=joined, largest_frame=self._largest))
                self._parts.clear()
        if event.frame_finished:
            self._frame = 0
        if event.message_finished:
            self._largest = self._size = 0
            self._dropping = False
