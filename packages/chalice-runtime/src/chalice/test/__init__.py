"""A client that calls an application in this process, for its tests.

HTTP requests go through the same API Gateway emulator that the embedded AWS uses.  Needs nothing but this
distribution::

    from chalice.test import Client
    from app import app

    def test_index():
        with Client(app) as client:
            assert client.http.get("/").json_body == {"hello": "world"}
"""

from __future__ import annotations

from chalice.test._client import Client
from chalice.test._events import EventsClient
from chalice.test._functions import FunctionNotFoundError, InvokeResponse, LambdaClient, LambdaContext
from chalice.test._http import HTTPClient, HTTPResponse, RequestOptions
from chalice.test._settings import ProjectConfigError

__all__ = [
    "Client",
    "EventsClient",
    "FunctionNotFoundError",
    "HTTPClient",
    "HTTPResponse",
    "InvokeResponse",
    "LambdaClient",
    "LambdaContext",
    "ProjectConfigError",
    "RequestOptions",
]
