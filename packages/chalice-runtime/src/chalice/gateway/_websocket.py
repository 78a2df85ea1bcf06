"""One stage of a WebSocket API: connections, the events that functions get, and the connections' own API.

No network here.  A server hands over what arrives on its sockets and gives a `Peer` for what goes back; the
test client does the same with a queue.
"""

from __future__ import annotations

import json
import threading
import time
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from chalice.gateway._messages import Invoke, NotEmulatedError
from chalice.gateway._websocket_event import both_headers, connect_headers, identifier, query

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

# https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html
MESSAGE_BYTES = 128 * 1024
"""The size of the largest message, in both directions."""
FRAME_BYTES = 32 * 1024
"""The size of the largest frame; larger messages come in several."""
IDLE_SECONDS = 600
"""After how long without a message a server has to close a connection, with code 1001."""
CONNECTION_SECONDS = 7200
"""After how long a server has to close any connection, with code 1001."""

CONNECT, DEFAULT, DISCONNECT = "$connect", "$default", "$disconnect"

# https://www.rfc-editor.org/rfc/rfc6455#section-7.4.1
_NORMAL, _UNSUPPORTED, _NO_STATUS, _TOO_BIG = 1000, 1003, 1005, 1009

_REASONS = {_NORMAL: "Connection Closed Normally", _NO_STATUS: "Client-side close frame status not set"}


class GoneError(Exception):
    """There is no connection of this id: it was closed, or is not established yet.

    The API of AWS says ``GoneException``, HTTP 410.

    Args:
        connection_id: The id.
    """

    def __init__(self, connection_id: str) -> None:
        super().__init__(f"There is no connection {connection_id!r}.")
        self.connection_id = connection_id


class PayloadTooLargeError(Exception):
    """A message to a connection is larger than 128 KB; AWS says ``PayloadTooLargeException``, HTTP 413."""


class Peer(Protocol):
    """The other end of a connection, as the gateway reaches it; both may be called from any thread."""

    def send(self, message: str, /) -> None:
        """Deliver a text message."""

    def close(self, code: int, reason: str, /) -> None:
        """Close the connection; the gateway has forgotten it already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Handshake:
    """How a request for a connection was answered.

    Attributes:
        status: 101 when the connection is established; otherwise the HTTP status of the refusal.
        connection_id: Names the connection; None when it was refused.
        headers: What the answer has to carry: the chosen ``Sec-WebSocket-Protocol``.
    """

    status: int
    connection_id: str | None = None
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True, kw_only=True)
class _Connection:
    """What the gateway remembers of a connection; the only state that changes here, under the lock."""

    id: str
    peer: Peer
    host: str
    identity: dict[str, str]
    connected_at: float
    last_active_at: float


class WebSocketGateway:
    """One stage of a WebSocket API.

    Args:
        routes: Route key (``$connect``, ``$default``, ``$disconnect`` or one of the API's own) to what stands
            behind it, which is handed to ``invoke``.
        invoke: Called as ``invoke(target, event)``; returns an `Outcome`.
        api_id: As in ``wss://API_ID.execute-api.REGION…``.
        stage: The stage's name.
        region: As in ``us-east-1``.
        domain_name: By default the one that AWS would give the API.
        route_selection_expression: ``$request.body.NAME``, where NAME is a key of messages that are JSON
            objects, or several with dots between them.
        stage_variables: Are part of the events when there are some.
        later: Called with work that nobody waits for: telling ``$disconnect`` of a connection that a function
            closed.  By default it is done at once, inside of that function.

    Raises:
        NotEmulatedError: The expression has another form.
    """

    def __init__(
        self,
        routes: Mapping[str, Any],
        invoke: Invoke,
        *,
        api_id: str,
        stage: str,
        region: str,
        domain_name: str | None = None,
        route_selection_expression: str = "$request.body.action",
        stage_variables: Mapping[str, str] | None = None,
        later: Callable[[Callable[[], None]], object] | None = None,
    ) -> None:
        self.routes = dict(routes)
        self.api_id = api_id
        self.stage = stage
        self.domain_name = domain_name or f"{api_id}.execute-api.{region}.amazonaws.com"
        self.stage_variables = dict(stage_variables) if stage_variables else None
        self._invoke = invoke
        self._later = later
        self._selection = _keys_of(route_selection_expression)
        self._connections: dict[str, _Connection] = {}
        self._lock = threading.Lock()

    # What a server does.

    def connect(
        self,
        peer: Peer,
        *,
        headers: Sequence[tuple[str, str]] = (),
        query_string: str = "",
        source_ip: str = "127.0.0.1",
        scheme: str = "ws",
    ) -> Handshake:
        """Answer a request for a connection.

        Args:
            peer: The other end.
            headers: Of the HTTP request, in the order of arrival.
            query_string: What follows the ``?``, percent-encoded.
            source_ip: The caller's address.
            scheme: ``ws`` or ``wss``.

        Returns:
            A refusal when the function of ``$connect`` fails or chooses what is no subprotocol (502), or
            answers with a status other than 2xx, which then is that of the refusal.  Without such a function
            everybody is admitted.
        """
        now = time.time()
        lowered = {name.lower(): value for name, value in headers}
        identity = {"sourceIp": source_ip}
        if "user-agent" in lowered:
            identity["userAgent"] = lowered["user-agent"]
        connection = _Connection(
            id=identifier(),
            peer=peer,
            host=lowered.get("host", self.domain_name),
            identity=identity,
            connected_at=now,
            last_active_at=now,
        )
        chosen: tuple[tuple[str, str], ...] = ()
        if CONNECT in self.routes:
            arriving = connect_headers(headers, connection.host, source_ip, scheme)
            event = {**both_headers(arriving), **query(query_string)}
            outcome = self._invoke(
                self.routes[CONNECT], self._event(connection, CONNECT, "CONNECT", event, {})
            )
            status = 502 if outcome.error else _status_of(outcome.payload)
            if not 200 <= status <= 299:
                return Handshake(status=status)
            chosen = _subprotocol(outcome.payload)
            if not all(value.isascii() and value.isprintable() for _, value in chosen):
                # It could begin another header of the answer.
                return Handshake(status=502)
        with self._lock:
            self._connections[connection.id] = connection
        return Handshake(status=101, connection_id=connection.id, headers=chosen)

    def message(self, connection_id: str, data: str | bytes, *, largest_frame: int = 0) -> None:
        """Hand a message to the function of its route.

        The connection is closed instead when the message is binary (1003), which WebSocket APIs do not know,
        or too big (1009).  When the function fails, or no route is there, the peer gets a message that says
        so.  What the function returns goes nowhere: that would take a route response, which none of these
        routes has.

        Args:
            connection_id: From `connect`.
            data: Text, or the bytes of a binary message.
            largest_frame: The size of the message's largest frame, for a server that knows.

        Raises:
            GoneError: There is no such connection.
        """
        connection = self._connection(connection_id)
        if isinstance(data, bytes):
            self._close(connection, _UNSUPPORTED, "Binary messages are not supported")
            return
        body = data.encode("utf-8", "replace")
        if len(body) > MESSAGE_BYTES or largest_frame > FRAME_BYTES:
            self._close(connection, _TOO_BIG, "Message too big")
            return
        connection.last_active_at = time.time()
        # Lone surrogates cannot come from a socket, and could not be written as JSON for the function.
        text = body.decode("utf-8")
        route_key = self._route_of(text)
        request_id = identifier()
        if route_key is None:
            self._complain(connection, "Forbidden", request_id)
            return
        details = {"messageId": identifier(), "requestId": request_id, "extendedRequestId": request_id}
        event = self._event(connection, route_key, "MESSAGE", {}, details)
        event["body"] = text
        outcome = self._invoke(self.routes[route_key], event)
        if outcome.error or _status_of(outcome.payload) == 502:
            self._complain(connection, "Internal server error", request_id)

    def disconnect(self, connection_id: str, code: int = _NO_STATUS, reason: str | None = None) -> None:
        """Take note that the other end has closed a connection, and tell the function of ``$disconnect``.

        Args:
            connection_id: From `connect`.
            code: Of the close frame; 1005 when it had none, 1006 when there was no close frame.
            reason: Of the close frame.

        Raises:
            GoneError: There is no such connection.
        """
        connection = self._connection(connection_id)
        if self._forget(connection):
            self._tell(connection, code, _REASONS.get(code, "") if reason is None else reason)

    # What functions do, through the connections' own API.

    def post_to_connection(self, connection_id: str, data: str | bytes) -> None:
        """Send a message to a connection; bytes have to be UTF-8 text, as WebSocket APIs send text only.

        Raises:
            GoneError: There is no such connection; nor is there while ``$connect`` is being answered.
            PayloadTooLargeError: The message is too big.
        """
        connection = self._connection(connection_id)
        body = data.encode("utf-8", "replace") if isinstance(data, str) else bytes(data)
        if len(body) > MESSAGE_BYTES:
            raise PayloadTooLargeError(f"A message has at most {MESSAGE_BYTES} bytes, and not {len(body)}.")
        connection.last_active_at = time.time()
        connection.peer.send(body.decode("utf-8", "replace"))

    def get_connection(self, connection_id: str) -> dict[str, Any]:
        """Describe a connection as the API does: ``connectedAt``, ``lastActiveAt``, ``identity``.

        Times are in seconds since 1970.

        Raises:
            GoneError: There is no such connection.
        """
        connection = self._connection(connection_id)
        return {
            "connectedAt": connection.connected_at,
            "lastActiveAt": connection.last_active_at,
            "identity": {"userAgent": None, **connection.identity},
        }

    def delete_connection(self, connection_id: str) -> None:
        """Close a connection.

        Raises:
            GoneError: There is no such connection.
        """
        self._close(self._connection(connection_id), _NORMAL, _REASONS[_NORMAL], self._later)

    def connections(self) -> list[str]:
        """Return the ids of all connections, the oldest first."""
        with self._lock:
            return list(self._connections)

    def close(self, connection_id: str, code: int, reason: str) -> None:
        """Close a connection for the server: idle, too old, or because the server ends.

        Raises:
            GoneError: There is no such connection.
        """
        self._close(self._connection(connection_id), code, reason)

    def _connection(self, connection_id: str) -> _Connection:
        with self._lock:
            connection = self._connections.get(connection_id)
        if connection is None:
            raise GoneError(connection_id)
        return connection

    def _close(
        self,
        connection: _Connection,
        code: int,
        reason: str,
        later: Callable[[Callable[[], None]], object] | None = None,
    ) -> None:
        if not self._forget(connection):
            return
        connection.peer.close(code, reason)
        if later is None:
            self._tell(connection, code, reason)
        else:
            later(partial(self._tell, connection, code, reason))

    def _forget(self, connection: _Connection) -> bool:
        """Take a connection out, and tell whether it was there: two threads may close it at once."""
        with self._lock:
            return self._connections.pop(connection.id, None) is not None

    def _tell(self, connection: _Connection, code: int, reason: str) -> None:
        """Tell the function of ``$disconnect``; the connection is no more, so nobody learns how that ends."""
        if DISCONNECT not in self.routes:
            return
        headers = [("Host", connection.host), ("x-api-key", ""), ("X-Forwarded-For", ""), ("x-restapi", "")]
        details = {"disconnectStatusCode": code, "disconnectReason": reason}
        event = self._event(connection, DISCONNECT, "DISCONNECT", both_headers(headers), details)
        self._invoke(self.routes[DISCONNECT], event)

    def _route_of(self, text: str) -> str | None:
        value: Any = None
        try:
            value = json.loads(text)
            for key in self._selection:
                value = value[key] if isinstance(value, dict) else None
        except (ValueError, KeyError, RecursionError):
            # No JSON, or no such key.
            value = None
        if isinstance(value, str) and value in self.routes and value not in (CONNECT, DISCONNECT):
            return value
        return DEFAULT if DEFAULT in self.routes else None

    def _complain(self, connection: _Connection, message: str, request_id: str) -> None:
        said = {"message": message, "connectionId": connection.id, "requestId": request_id}
        with self._lock:
            # The function may have closed the connection before it failed.
            connected = connection.id in self._connections
        if connected:
            connection.peer.send(json.dumps(said))

    def _event(
        self,
        connection: _Connection,
        route_key: str,
        event_type: str,
        start: Mapping[str, Any],
        details: Mapping[str, Any],
    ) -> dict[str, Any]:
        """Build the event of a Lambda proxy integration.

        https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-mapping-template-reference.html
        """
        now = time.time()
        request_id = identifier()
        event: dict[str, Any] = dict(start)
        if self.stage_variables is not None:
            event["stageVariables"] = dict(self.stage_variables)
        event["requestContext"] = {
            "routeKey": route_key,
            "eventType": event_type,
            "extendedRequestId": request_id,
            "requestTime": time.strftime("%d/%b/%Y:%H:%M:%S +0000", time.gmtime(now)),
            "messageDirection": "IN",
            "stage": self.stage,
            "connectedAt": int(connection.connected_at * 1000),
            "requestTimeEpoch": int(now * 1000),
            "identity": dict(connection.identity),
            "requestId": request_id,
            "domainName": self.domain_name,
            "connectionId": connection.id,
            "apiId": self.api_id,
            **details,
        }
        event["isBase64Encoded"] = False
        return event


def _keys_of(expression: str) -> list[str]:
    """Return the keys that a route selection expression follows into a message.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-develop-routes.html
    """
    inner = expression.removeprefix("$").removeprefix("{").removesuffix("}")
    keys = inner.removeprefix("request.body.").split(".")
    if not expression.startswith("$") or not inner.startswith("request.body.") or not all(keys):
        raise NotEmulatedError(
            "another expression than $request.body.NAME", f"Route selection {expression!r}"
        )
    return keys


def _status_of(payload: Any) -> int:
    """Return the status of a proxy response; 502 when it is none."""
    status = payload.get("statusCode") if isinstance(payload, dict) else None
    if isinstance(status, str) and status.isascii() and status.isdigit() and len(status) == 3:
        status = int(status)
    if isinstance(status, bool) or not isinstance(status, int) or not 100 <= status <= 599:
        return 502
    return status


def _subprotocol(payload: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Return the subprotocol that the function of ``$connect`` chose, as headers.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-connect-route-subprotocol.html
    """
    headers = payload.get("headers")
    if not isinstance(headers, dict):
        return ()
    found = [value for name, value in headers.items() if str(name).lower() == "sec-websocket-protocol"]
    return tuple(("Sec-WebSocket-Protocol", value) for value in found[:1] if isinstance(value, str))
