"""Events of WebSocket connections as Lambda gets them, made up for tests and local runs.

Shape: "Set up data mapping for WebSocket APIs: proxy integration" and "WebSocket API mapping template
reference", Amazon API Gateway Developer Guide.
"""

from __future__ import annotations

from typing import Any

API = "a1b2c3d4e5"
REGION = "us-west-2"
SENT = 1_700_000_000_000
"""Milliseconds since 1970; always the same, so that a sample is, too."""

_EVENT_TYPES = {"$connect": "CONNECT", "$default": "MESSAGE", "$disconnect": "DISCONNECT"}


def generate_websocket_event(
    route_key: str = "$default",
    body: str | None = None,
    connection_id: str = "L0SM9cOFvHcCIhw=",
    stage: str = "api",
) -> dict[str, Any]:
    """Return the event of something that happened on a connection.

    Args:
        route_key: ``$connect``, ``$default`` or ``$disconnect``.
        body: The text of the message; only messages have one.
        connection_id: Names the connection.
        stage: Of the API.

    Raises:
        ValueError: There is no such route key, or a body where none can be.
    """
    if route_key not in _EVENT_TYPES:
        raise ValueError(f"'route_key' must be one of {', '.join(_EVENT_TYPES)}, not {route_key!r}.")
    if body is not None and route_key != "$default":
        raise ValueError(f"an event of {route_key} has no 'body'; only messages do.")
    host = f"{API}.execute-api.{REGION}.amazonaws.com"
    request: dict[str, Any] = {
        "routeKey": route_key,
        "eventType": _EVENT_TYPES[route_key],
        "extendedRequestId": "L0SM-HvwPHcF0Ug=",
        "requestTime": "14/Nov/2023:22:13:20 +0000",
        "messageDirection": "IN",
        "stage": stage,
        "connectedAt": SENT,
        "requestTimeEpoch": SENT,
        "identity": {"sourceIp": "127.0.0.1"},
        "requestId": "L0SM-HvwPHcF0Ug=",
        "domainName": host,
        "connectionId": connection_id,
        "apiId": API,
    }
    event: dict[str, Any] = {"requestContext": request, "isBase64Encoded": False}
    if route_key == "$default":
        request["messageId"] = "L0SM9cOFvHcCIhw="
        return {**event, "body": "" if body is None else body}
    headers = {"Host": host}
    if route_key == "$disconnect":
        request["disconnectStatusCode"] = 1000
        request["disconnectReason"] = ""
    else:
        headers |= {"Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version": "13"}
    return {
        "headers": headers,
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        **event,
    }
