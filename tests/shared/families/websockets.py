"""chalice-websockets."""

from __future__ import annotations

from typing import Any

from websockets.sync.client import ClientConnection, connect

from chalice_core.testing.contracts import Example
from chalice_core.testing.examples import Clients


def connection(clients: Clients) -> ClientConnection:
    return connect(clients.deployed()["Websocket API URL"])


def open_connection(clients: Clients) -> None:
    with connection(clients):
        pass


def send_message(clients: Clients) -> None:
    with connection(clients) as client:
        client.send("zwei ✓")


def _example(route_key: str, send: Any, body: str | None = None) -> Example:
    written = {} if body is None else {"body": body}
    return Example(
        declared={"route_key": route_key},
        event=("generate_websocket_event", {"route_key": route_key, "connection_id": "c", **written}),
        # Other statuses refuse a connection.
        body="{'statusCode': 200, 'body': [event.stage, event.body, bool(event.connection_id)]}",
        answer={"statusCode": 200, "body": ["api", body, True]},
        sample={"connection_id": "c", **written},
        send=send,
    )


EXAMPLES = {
    "on_ws_connect": _example("$connect", open_connection),
    "on_ws_message": _example("$default", send_message, "zwei ✓"),
    "on_ws_disconnect": _example("$disconnect", open_connection),
}
