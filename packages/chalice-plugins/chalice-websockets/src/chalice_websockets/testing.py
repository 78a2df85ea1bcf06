"""WebSocket connections in tests: ``chalice.test.Client.websocket``.

Functions run in the process of the test, behind the emulator of API Gateway, and what they send with
``app.websocket_api`` arrives in the test's own connections.  No session and no boto3 take part, whether the
application assigns a session or not.
"""

from __future__ import annotations

import json
import os
import queue
from collections import deque
from contextlib import contextmanager
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from chalice.gateway import GoneError, Outcome, PayloadTooLargeError, WebSocketGateway

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from types import TracebackType

    from chalice.app import Chalice
    from chalice.test import Client
    from chalice_websockets.api import WebsocketAPI

__all__ = [
    "WebsocketClient",
    "WebsocketClosedError",
    "WebsocketConnection",
    "WebsocketNoMessageError",
    "WebsocketRefusedError",
]

_API_ID = "testclient"

# By these names ``.chalice/config.json`` knows the functions, whatever they are called.
_FUNCTIONS = {
    "$connect": "websocket_connect",
    "$default": "websocket_message",
    "$disconnect": "websocket_disconnect",
}


class WebsocketRefusedError(Exception):
    """The application did not admit a connection.

    Its ``__cause__`` is what the function of ``$connect`` raised, when it raised something.

    Args:
        status: The HTTP status of the refusal.
    """

    def __init__(self, status: int) -> None:
        super().__init__(f"The application refused the connection with the HTTP status {status}.")
        self.status = status


class WebsocketClosedError(Exception):
    """A connection is closed.

    Args:
        code: Of the close frame: 1000 when the application closed it, 1005 when the test did.
        reason: Of the close frame.
    """

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(f"The connection is closed, with code {code} ({reason}).")
        self.code = code
        self.reason = reason


class WebsocketNoMessageError(Exception):
    """The application has sent nothing that was not received yet."""


class WebsocketConnection:
    """A connection, seen from its client; also a context manager, which closes it.

    Args:
        client: What made it.

    Attributes:
        connection_id: What functions find in ``event.connection_id``.
        subprotocol: What ``$connect`` chose of the subprotocols that were offered, or None.
        close_code: None while the connection is open; afterwards as in `WebsocketClosedError`.
    """

    def __init__(self, client: WebsocketClient) -> None:
        self._client = client
        self._arrived: queue.Queue[str | None] = queue.Queue()
        self._reason = ""
        self.connection_id = ""
        self.subprotocol: str | None = None
        self.close_code: int | None = None

    def send(self, message: str | bytes) -> None:
        """Send a message, and wait until the application's function has run.

        Args:
            message: Text.  Bytes make a binary message, for which API Gateway closes the connection.

        Raises:
            WebsocketClosedError: The connection is closed.
            Exception: Whatever the function raises.  As on AWS the connection stays open, and gets the
                message ``Internal server error``.
        """
        self._check_open()
        self._client._message(self.connection_id, message)

    def send_json(self, value: Any) -> None:
        """Send a value as JSON; otherwise as `send`."""
        self.send(json.dumps(value))

    def receive(self, timeout: float = 0) -> str:
        """Return the next message that the application has sent to this connection.

        Args:
            timeout: Seconds to wait for it: 0 does where functions send while they run.

        Raises:
            WebsocketNoMessageError: There is none.
            WebsocketClosedError: There is none, and there will be none.
        """
        try:
            message = self._arrived.get(timeout=timeout) if timeout > 0 else self._arrived.get_nowait()
        except queue.Empty:
            message = None
        if message is not None:
            return message
        self._check_open()
        raise WebsocketNoMessageError(
            f"The application has sent no message to the connection {self.connection_id!r}"
            f"{f' within {timeout} s' if timeout > 0 else ''}."
        )

    def receive_json(self, timeout: float = 0) -> Any:
        """Return the next message decoded from JSON; otherwise as `receive`.

        Raises:
            ValueError: The message is no JSON.
        """
        return json.loads(self.receive(timeout))

    def close(self, code: int = 1005, reason: str | None = None) -> None:
        """Close the connection, and wait until the application's function has run.

        Closing twice does nothing.

        Args:
            code: Of the close frame; 1005 says that it has none.
            reason: Of the close frame.

        Raises:
            Exception: Whatever the function raises.
        """
        if self.close_code is None:
            self._closed(code, reason or "")
            self._client._disconnect(self.connection_id, code, reason)

    def __enter__(self) -> WebsocketConnection:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, frames: TracebackType | None
    ) -> None:
        self.close()

    def _check_open(self) -> None:
        if self.close_code is not None:
            raise WebsocketClosedError(self.close_code, self._reason)

    def _closed(self, code: int, reason: str) -> None:
        self.close_code, self._reason = code, reason
        # Wakes who waits for a message.
        self._arrived.put(None)


class _Peer:
    """The connection as the gateway reaches it."""

    def __init__(self, connection: WebsocketConnection, closed: Callable[[], None]) -> None:
        self._connection = connection
        self._closed = closed

    def send(self, message: str, /) -> None:
        self._connection._arrived.put(message)

    def close(self, code: int, reason: str, /) -> None:
        self._connection._closed(code, reason)
        self._closed()


class WebsocketClient:
    """Connects to the WebSocket API of an application: ``client.websocket``.

    While a connection is open, or one of the functions runs, ``app.websocket_api`` reaches these connections,
    also out of views and other functions.

    Args:
        client: The test client.

    Example::

        with Client(app) as client, client.websocket.connect("?room=7") as connection:
            connection.send("hello")
            assert connection.receive() == "hello to you"
    """

    def __init__(self, client: Client) -> None:
        self._client = client
        self._app: Chalice = client.app
        self._failure: BaseException | None = None
        self._waiting: deque[Callable[[], None]] = deque()
        self._running = 0
        region = os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION") or "us-west-2"
        self._gateway = WebSocketGateway(
            {},
            self._invoke,
            api_id=_API_ID,
            stage=client.api_gateway_stage,
            region=region,
            stage_variables=client.stage_variables,
            later=self._waiting.append,
        )

    def connect(
        self, path_or_query: str = "", headers: Mapping[str, str] | None = None
    ) -> WebsocketConnection:
        """Open a connection.

        Args:
            path_or_query: ``?token=abc``; nothing but the stage may stand in front of the query, since
                WebSocket APIs have no paths.
            headers: Of the HTTP request, name to value.

        Raises:
            WebsocketRefusedError: The application did not admit it.
            ValueError: There is a path.
        """
        url = urlsplit(path_or_query)
        if url.path not in {"", "/", f"/{self._gateway.stage}", f"/{self._gateway.stage}/"}:
            raise ValueError(f"A WebSocket API has no path {url.path!r}; write a query as '?name=value'.")
        connection = WebsocketConnection(self)
        arriving = {"Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version": "13"}
        with self._handling():
            handshake = self._gateway.connect(
                _Peer(connection, self._leave),
                headers=[*arriving.items(), *(headers or {}).items()],
                query_string=url.query,
                scheme="wss",
            )
            if handshake.connection_id is None:
                failure, self._failure = self._failure, None
                raise WebsocketRefusedError(handshake.status) from failure
            connection.connection_id = handshake.connection_id
            connection.subprotocol = next((value for _, value in handshake.headers), None)
            # The API stays connected to this client until the connection is closed.
            self._enter()
        return connection

    def _message(self, connection_id: str, message: str | bytes) -> None:
        with self._handling():
            self._gateway.message(connection_id, message)

    def _disconnect(self, connection_id: str, code: int, reason: str | None) -> None:
        with self._handling():
            try:
                self._gateway.disconnect(connection_id, code, reason)
            finally:
                self._leave()

    @contextmanager
    def _handling(self) -> Iterator[None]:
        """Run functions; raise what one of them raised when all have run."""
        # Functions may be declared after the client was made.
        self._gateway.routes = {key: key for key in self._app.websocket_handlers}
        self._enter()
        self._running += 1
        try:
            yield
            # What functions left to do is done when they have ended: on AWS it runs beside them.
            while self._running == 1 and self._waiting:
                self._waiting.popleft()()
        finally:
            self._running -= 1
            self._leave()
        if self._running == 0 and self._failure is not None:
            failure, self._failure = self._failure, None
            raise failure

    def _invoke(self, route_key: str, event: dict[str, Any]) -> Outcome:
        declared = self._app.websocket_handlers[route_key]
        handler = self._app.handler_map[declared.name]
        arriving = json.loads(json.dumps(event))
        try:
            result = self._client.run(_FUNCTIONS[route_key], handler, arriving)
            return Outcome(json.loads(json.dumps(result)))
        except Exception as error:
            # The connection has to get what it gets on AWS; then the test has to see this.
            self._failure = self._failure or error
            return Outcome({"errorMessage": str(error), "errorType": type(error).__name__}, error=True)

    def _enter(self) -> None:
        _Loopback.of(self._app.websocket_api).enter(self._gateway)

    def _leave(self) -> None:
        _Loopback.of(self._app.websocket_api).leave(self._gateway)


class _Loopback:
    """Stands in for boto3's client ``apigatewaymanagementapi`` in one application's `WebsocketAPI`.

    Several test clients may have connections to one application, so it looks for each of them.
    """

    class exceptions:  # noqa: N801 - boto3's clients call it so.
        """The errors, where boto3's clients have them."""

        GoneException = GoneError
        PayloadTooLargeException = PayloadTooLargeError

    def __init__(self, api: WebsocketAPI) -> None:
        self._api = api
        self._before = api._client
        self._gateways: list[WebSocketGateway] = []

    @classmethod
    def of(cls, api: WebsocketAPI) -> _Loopback:
        """Return the one that an API uses; a new one when it uses AWS."""
        client = api._client
        return client if isinstance(client, cls) else cls(api)

    def enter(self, gateway: WebSocketGateway) -> None:
        """Make the API reach the connections of a gateway, until `leave` was called as often."""
        self._gateways.append(gateway)
        self._api._client = self

    def leave(self, gateway: WebSocketGateway) -> None:
        """Undo one `enter`; with the last of them the API is what it was."""
        self._gateways.remove(gateway)
        if not self._gateways:
            self._api._client = self._before

    def post_to_connection(self, *, ConnectionId: str, Data: str | bytes) -> None:  # noqa: N803 - as boto3
        """Send a message."""
        self._of(ConnectionId).post_to_connection(ConnectionId, Data)

    def delete_connection(self, *, ConnectionId: str) -> None:  # noqa: N803 - as boto3
        """Close a connection."""
        self._of(ConnectionId).delete_connection(ConnectionId)

    def get_connection(self, *, ConnectionId: str) -> dict[str, Any]:  # noqa: N803 - as boto3
        """Describe a connection."""
        found = self._of(ConnectionId).get_connection(ConnectionId)
        identity = found["identity"]
        return {
            "ConnectedAt": datetime.fromtimestamp(found["connectedAt"], timezone.utc),
            "Identity": {"SourceIp": identity["sourceIp"], "UserAgent": identity["userAgent"]},
            "LastActiveAt": datetime.fromtimestamp(found["lastActiveAt"], timezone.utc),
        }

    def _of(self, connection_id: str) -> WebSocketGateway:
        for gateway in self._gateways:
            if connection_id in gateway.connections():
                return gateway
        raise GoneError(connection_id)
