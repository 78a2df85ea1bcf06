"""API Gateway for REST and WebSocket APIs, in this process and from the standard library alone.

The test client and the embedded AWS answer HTTP requests and WebSocket messages with this one emulator, so
that they mean the same in both.  It never ships into Lambda.
"""

from __future__ import annotations

from chalice.gateway._application import authorizers_of_app, routes_of_app
from chalice.gateway._document import authorizers_of_document, routes_of_document, security_schemes
from chalice.gateway._messages import (
    GatewayAuthorizer,
    GatewayRoute,
    HttpRequest,
    HttpResponse,
    Invoke,
    InvokeAuthorizer,
    NotEmulatedError,
    Outcome,
    UncheckedAuthorizerWarning,
)
from chalice.gateway._rest import RestGateway
from chalice.gateway._websocket import (
    CONNECTION_SECONDS,
    FRAME_BYTES,
    IDLE_SECONDS,
    GoneError,
    Handshake,
    PayloadTooLargeError,
    Peer,
    WebSocketGateway,
)

__all__ = [
    "CONNECTION_SECONDS",
    "FRAME_BYTES",
    "IDLE_SECONDS",
    "GatewayAuthorizer",
    "GatewayRoute",
    "GoneError",
    "Handshake",
    "HttpRequest",
    "HttpResponse",
    "Invoke",
    "InvokeAuthorizer",
    "NotEmulatedError",
    "Outcome",
    "PayloadTooLargeError",
    "Peer",
    "RestGateway",
    "UncheckedAuthorizerWarning",
    "WebSocketGateway",
    "authorizers_of_app",
    "authorizers_of_document",
    "routes_of_app",
    "routes_of_document",
    "security_schemes",
]
