"""API Gateway for REST APIs, in this process and from the standard library alone.

The test client and the embedded AWS answer HTTP requests with this one emulator, so that a request means
the same in both.  It never ships into Lambda.
"""

from __future__ import annotations

from chalice.gateway._document import routes_of_document
from chalice.gateway._messages import (
    GatewayRoute,
    HttpRequest,
    HttpResponse,
    Invoke,
    NotEmulatedError,
    Outcome,
)
from chalice.gateway._rest import RestGateway
from chalice.gateway._routes import routes_of_app

__all__ = [
    "GatewayRoute",
    "HttpRequest",
    "HttpResponse",
    "Invoke",
    "NotEmulatedError",
    "Outcome",
    "RestGateway",
    "routes_of_app",
    "routes_of_document",
]
