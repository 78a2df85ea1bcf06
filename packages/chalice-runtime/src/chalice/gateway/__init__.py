"""API Gateway for REST APIs, in this process and from the standard library alone.

The test client and the embedded AWS answer HTTP requests with this one emulator, so that a request means
the same in both.  It never ships into Lambda.
"""

from __future__ import annotations

from chalice.gateway._application import authorizers_of_app, routes_of_app
from chalice.gateway._document import authorizers_of_document, routes_of_document
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

__all__ = [
    "GatewayAuthorizer",
    "GatewayRoute",
    "HttpRequest",
    "HttpResponse",
    "Invoke",
    "InvokeAuthorizer",
    "NotEmulatedError",
    "Outcome",
    "RestGateway",
    "UncheckedAuthorizerWarning",
    "authorizers_of_app",
    "authorizers_of_document",
    "routes_of_app",
    "routes_of_document",
]
