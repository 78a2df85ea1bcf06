"""The data plane of WebSocket APIs: connections to a stage, and what functions do with them."""

from __future__ import annotations

import http
import json
import logging
import re
import secrets
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from chalice.gateway import (
    CONNECTION_SECONDS,
    IDLE_SECONDS,
    GoneError,
    HttpResponse,
    NotEmulatedError,
    Outcome,
    PayloadTooLargeError,
    WebSocketGateway,
)
from chalice_localaws.embedded.calls import CallError, error_response
from chalice_localaws.embedded.integrations import (
    EventTooLongError,
    IntegrationRefusedError,
    Integrations,
    IntegrationTimeoutError,
)
from chalice_localaws.embedded.signatures import UnsignedError, check_signature
from chalice_localaws.embedded.websocket_deployments import WebSocketRouteTarget, deployed, find_api
from chalice_localaws.embedded.websocket_socket import BadHandshakeError, Closed, ServerSocket

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Mapping

    from moto.apigatewayv2.models import Api

    from chalice.gateway import HttpRequest
    from chalice_local import ExecuteApiAddress, Invoker

__all__ = ["WebSocketDataPlane", "connection_id_of"]

_LOG = logging.getLogger(__name__)

# Messages of one connection that are worked on at once: API Gateway does not wait for one before the next.
_AT_ONCE = 8
_GOING_AWAY = 1001
_CONNECTIONS = re.compile(r"(?:/[^/@]+)*/@connections/([^/]+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stage:
    """The gateway of a stage, as long as what it was made from stays the same."""

    api: Api
    gateway: WebSocketGateway
    sockets: dict[str, ServerSocket]


class _ConnectRefusedError(Exception):
    """The function of ``$connect`` cannot be asked."""


def connection_id_of(path: str) -> str | None:
    """Return the connection that a request to ``…/@connections/ID`` is about; None for other paths."""
    matched = _CONNECTIONS.fullmatch(path)
    return unquote(matched[1]) if matched else None


class WebSocketDataPlane:
    """Serves connections to WebSocket APIs.

    Args:
        invoker: runs the functions.
        idle_seconds: a connection without a message for so long is closed.
        connection_seconds: a connection is closed when it is so old.
    """

    def __init__(
        self,
        invoker: Invoker,
        *,
        idle_seconds: float = IDLE_SECONDS,
        connection_seconds: float = CONNECTION_SECONDS,
    ) -> None:
        self._integrations = Integrations(invoker)
        self._idle_seconds = idle_seconds
        self._connection_seconds = connection_seconds
        self._lock = threading.Lock()
        self._stages: dict[tuple[str, ...], _Stage] = {}

    def upgrade(
        self, address: ExecuteApiAddress, request: HttpRequest, connection: socket.socket
    ) -> HttpResponse | None:
        """Serve a connection until it ends.

        Args:
            address: the API and the stage.
            request: the HTTP request for the connection.
            connection: its socket; nothing has been written to it.

        Returns:
            The refusal; None after a connection, of which nothing is left to answer.
        """
        try:
            stage = self._stage(address)
        except NotEmulatedError as error:
            return _refusal(501, str(error))
        except CallError as error:
            _LOG.warning("The stage %r of %r cannot be shown: %s", address.stage, address.api_id, error)
            return _refusal(500, "Internal server error")
        if stage is None:
            return _refusal(403, "Forbidden")
        try:
            peer = ServerSocket(connection, headers=request.headers, target=request.path)
        except BadHandshakeError as error:
            return _refusal(400, f"Bad Request: {error}")
        try:
            handshake = stage.gateway.connect(
                peer,
                headers=request.headers,
                query_string=request.query_string,
                source_ip=request.source_ip,
            )
        except _ConnectRefusedError:
            return _refusal(500, "Internal server error")
        if handshake.connection_id is None:
            return _refusal(handshake.status, _phrase(handshake.status))
        chosen = {name.lower(): value for name, value in handshake.headers}.get("sec-websocket-protocol")
        stage.sockets[handshake.connection_id] = peer
        try:
            peer.accept(chosen)
            self._serve(address, stage.gateway, handshake.connection_id, peer)
        finally:
            stage.sockets.pop(handshake.connection_id, None)
            peer.end()
        return None

    def answer_without_upgrade(self) -> HttpResponse:
        """Answer a request that is no request for a connection."""
        answer = _refusal(426, "Upgrade Required")
        return HttpResponse(status=426, headers=[*answer.headers, ("Upgrade", "websocket")], body=answer.body)

    def manage(self, request: HttpRequest, connection_id: str) -> HttpResponse:
        """Answer a request to a connection, as functions send them.

        https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-how-to-call-websocket-api-connections.html
        """
        try:
            check_signature(dict(request.headers), {})
        except UnsignedError as error:
            return error_response(CallError(error.kind, str(error), status=403))
        with self._lock:
            gateways = [stage.gateway for stage in self._stages.values()]
        gateway = next((one for one in gateways if connection_id in one.connections()), None)
        try:
            if gateway is None:
                raise GoneError(connection_id)
            return _managed(gateway, request, connection_id)
        except GoneError:
            return error_response(CallError("GoneException", "Gone", status=410))
        except PayloadTooLargeError as error:
            return error_response(CallError("PayloadTooLargeException", str(error), status=413))

    def count(self) -> int:
        """Return how many connections there are."""
        with self._lock:
            return sum(len(stage.sockets) for stage in self._stages.values())

    def api_deleted(self, api_id: str) -> None:
        """Close the connections of an API that is gone; nobody is told."""
        with self._lock:
            gone = [self._stages.pop(key) for key in list(self._stages) if key[0] == api_id]
        for stage in gone:
            for peer in list(stage.sockets.values()):
                peer.close(_GOING_AWAY, "Going away")

    def close_all(self) -> None:
        """Close all connections, for the AWS that they belong to ends; nobody is told."""
        with self._lock:
            api_ids = {key[0] for key in self._stages}
        for api_id in api_ids:
            self.api_deleted(api_id)

    def _stage(self, address: ExecuteApiAddress) -> _Stage | None:
        found = find_api(address.api_id)
        if found is None:
            return None
        api, account_id, region = found
        deployment = deployed(api, address.stage)
        if deployment is None:
            return None
        variables = dict(api.stages[address.stage].stage_variables or {})
        key = (api.api_id, address.stage, deployment.selection, json.dumps(variables, sort_keys=True))
        with self._lock:
            stage = self._stages.get(key)
            if stage is None:
                source = f"arn:aws:execute-api:{region}:{account_id}:{api.api_id}/{address.stage}"
                gateway = WebSocketGateway(
                    {},
                    lambda target, event: self._invoke(target, event, source, account_id),
                    api_id=api.api_id,
                    stage=address.stage,
                    region=region,
                    route_selection_expression=deployment.selection,
                    stage_variables=variables or None,
                    later=_in_background,
                )
                stage = self._stages[key] = _Stage(api=api, gateway=gateway, sockets={})
        stage.gateway.routes = dict(deployment.routes)
        return stage

    def _invoke(
        self, target: WebSocketRouteTarget, event: Mapping[str, Any], source: str, account_id: str
    ) -> Outcome:
        context = event["requestContext"]
        try:
            result = self._integrations.call(
                target.function_arn,
                event,
                source_arn=None if target.with_role else f"{source}/{context['routeKey']}",
                account_id=account_id,
            )
        except (IntegrationRefusedError, IntegrationTimeoutError, EventTooLongError) as error:
            _LOG.warning("The route %r of %s failed: %s", context["routeKey"], source, error)
            if context["eventType"] == "CONNECT":
                raise _ConnectRefusedError from error
            return Outcome(payload=None, error=True)
        if result.error is not None:
            return Outcome(payload=None, error=True)
        return Outcome(payload=json.loads(result.payload))

    def _serve(
        self, address: ExecuteApiAddress, gateway: WebSocketGateway, connection_id: str, peer: ServerSocket
    ) -> None:
        working = threading.BoundedSemaphore(_AT_ONCE)
        with suppress(GoneError):
            while True:
                arrived = peer.receive(self._seconds_left(gateway, connection_id))
                if arrived is None:
                    self._close_when_due(gateway, connection_id)
                elif isinstance(arrived, Closed):
                    # This is its agreement when the gateway has closed the connection a moment ago.
                    with suppress(GoneError):
                        gateway.disconnect(connection_id, arrived.code, arrived.reason)
                    return
                else:
                    # What was deployed since the connection began counts for it, too.
                    with suppress(CallError):
                        self._stage(address)
                    self._deliver(gateway, connection_id, arrived, working)
        # The gateway has closed it; the other end still has to agree, or is given up soon.
        while not isinstance(peer.receive(self._idle_seconds), Closed | None):
            continue

    def _deliver(
        self, gateway: WebSocketGateway, connection_id: str, message: Any, working: threading.BoundedSemaphore
    ) -> None:
        working.acquire()

        def work() -> None:
            try:
                # It may have been closed in the meantime.
                with suppress(GoneError):
                    gateway.message(connection_id, message.data, largest_frame=message.largest_frame)
            finally:
                working.release()

        _in_background(work)

    def _seconds_left(self, gateway: WebSocketGateway, connection_id: str) -> float:
        facts = gateway.get_connection(connection_id)
        ends = min(
            facts["lastActiveAt"] + self._idle_seconds, facts["connectedAt"] + self._connection_seconds
        )
        return max(0.0, float(ends) - time.time())

    def _close_when_due(self, gateway: WebSocketGateway, connection_id: str) -> None:
        # A message to the connection may have put it off.
        if self._seconds_left(gateway, connection_id) <= 0:
            gateway.close(connection_id, _GOING_AWAY, "Going away")


def _managed(gateway: WebSocketGateway, request: HttpRequest, connection_id: str) -> HttpResponse:
    match request.method:
        case "POST":
            gateway.post_to_connection(connection_id, request.body)
            return HttpResponse(status=200, headers=[], body=b"")
        case "DELETE":
            gateway.delete_connection(connection_id)
            return HttpResponse(status=204, headers=[], body=b"")
        case "GET":
            facts = gateway.get_connection(connection_id)
            for name in ("connectedAt", "lastActiveAt"):
                moment = datetime.fromtimestamp(facts[name], timezone.utc)
                facts[name] = moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
            return HttpResponse(
                status=200,
                headers=[("Content-Type", "application/json")],
                body=json.dumps(facts).encode(),
            )
    return error_response(CallError("MethodNotAllowedException", "Method Not Allowed", status=405))


def _in_background(work: Callable[[], None]) -> None:
    threading.Thread(target=work, name="websocket", daemon=True).start()


def _phrase(status: int) -> str:
    try:
        return http.HTTPStatus(status).phrase
    except ValueError:
        return "Refused"


def _refusal(status: int, message: str) -> HttpResponse:
    request_id = secrets.token_urlsafe(11)
    return HttpResponse(
        status=status,
        headers=[("Content-Type", "application/json"), ("x-amzn-RequestId", request_id)],
        body=json.dumps({"message": message, "requestId": request_id}).encode(),
    )
