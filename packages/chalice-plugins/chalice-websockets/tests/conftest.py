"""Applications and events."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from chalice import Chalice

SocketEvent = Callable[..., dict[str, Any]]


@pytest.fixture
def env() -> dict[str, str]:
    """The environment of `app`."""
    return {"AWS_REGION": "eu-west-1"}


@pytest.fixture
def app(env: dict[str, str]) -> Chalice:
    """An application whose logger and environment are nobody else's."""
    return Chalice("chat", configure_logs=False, env=env)


@pytest.fixture
def socket_event() -> SocketEvent:
    """Build an event; keyword arguments replace its parts, None takes them away."""

    def build(**parts: Any) -> dict[str, Any]:
        event = {
            "requestContext": {
                "routeKey": "$default",
                "eventType": "MESSAGE",
                "domainName": "ws.example.com",
                "stage": "api",
                "connectionId": "Iu3aIcUlIAMCJtQ=",
                "apiId": "abc123",
            },
            "body": '{"say": "hi"}',
            "isBase64Encoded": False,
            **parts,
        }
        return {name: value for name, value in event.items() if value is not None}

    return build
