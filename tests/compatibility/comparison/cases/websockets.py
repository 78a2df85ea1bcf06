"""WebSockets: events of connections and messages, and the API to talk back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from comparison.cases.families import BROKEN, Event
from comparison.steps import call, labelled, run


def websocket(
    body: str | None = None, kind: str = "MESSAGE", connection: str = "connection=", **more: Any
) -> Event:
    """An event of a WebSocket API."""
    event: Event = {
        "requestContext": {
            "routeKey": {"CONNECT": "$connect", "DISCONNECT": "$disconnect"}.get(kind, "$default"),
            "eventType": kind,
            "connectionId": connection,
            "domainName": "abcdef1234.execute-api.eu-west-1.amazonaws.com",
            "apiId": "abcdef1234",
            "stage": "api",
            "requestId": "r",
        },
        "isBase64Encoded": False,
        **more,
    }
    if body is not None:
        event["body"] = body
    return event


WEBSOCKET_ANSWERS = ("none", "dict", "status", "response", "text", "empty", "list", "number", "false")
WEBSOCKETS = {
    **{
        labelled(handler=handler, answer=answer): call(handler, websocket("x", kind, answer=answer))
        for handler, kind in (("connect", "CONNECT"), ("message", "MESSAGE"))
        for answer in WEBSOCKET_ANSWERS
    },
    "disconnect": call("disconnect", websocket(kind="DISCONNECT")),
    "connect without a body": call("connect", websocket(kind="CONNECT")),
    "message without a body": call("message", websocket()),
    "body of null": call("message", {**websocket(), "body": None}),
    **{
        labelled(body=body): call("message", websocket(body))
        for body in ("", "plain", "json", "crash", "bad", '{"a": 1}', "\u00e9")
    },
    **{
        labelled(json=text): call("message", websocket(text)) for text in ("json ", "json {", 'json {"a": 1}')
    },
    **{
        labelled(operation=operation, connection=connection): call(
            "message", websocket(f"{operation} {connection}")
        )
        for operation in ("send", "close", "info")
        for connection in ("here", "gone", "broken")
    },
    "json_body": run(
        "import chalice.app as a; e = a.WebsocketEvent({**EVENT, 'body': '[1]'}, None); "
        "result = [e.json_body, e.json_body is e.json_body]"
    ),
    "json_body of no JSON": run(
        "import chalice.app as a; result = a.WebsocketEvent({**EVENT, 'body': 'x'}, None).json_body",
        exact=True,
    ),
    "names": run("sorted(app.websocket_handlers)"),
    "handler names": run(
        "{key: [h.name, h.handler_string] for key, h in sorted(app.websocket_handlers.items())}"
    ),
    "map": run("sorted(n for n in app.handler_map if n in ('connect', 'renamed', 'message', 'disconnect'))"),
    "a second connect": run("app.on_ws_connect()(lambda event: None)", "on_ws_connect"),
    "a second message": run("app.on_ws_message()(lambda event: None)", "on_ws_message"),
    "a second disconnect": run("app.on_ws_disconnect()(lambda event: None)", "on_ws_disconnect"),
    "flags": run("app.experimental_feature_flags"),
    "event sources": run("len(app.event_sources)"),
    **{f"broken: {name}": call("message", event) for name, event in BROKEN.items()},
}

REGIONS: Sequence[Mapping[str, str]] = (
    {},
    {"AWS_REGION": "eu-central-1"},
    {"AWS_DEFAULT_REGION": "us-west-2"},
    {"AWS_REGION": "eu-central-1", "AWS_DEFAULT_REGION": "us-west-2"},
    {"AWS_REGION": "cn-north-1"},
    {"AWS_REGION": "us-gov-west-1"},
)
WEBSOCKET_API = {
    **{
        labelled(environment=dict(environment)): run(
            f"endpoint(('configure_from_api_id', 'abc', 'api'), environment={dict(environment)!r})"
        )
        for environment in REGIONS
    },
    "no region at all": run(
        "endpoint(('configure_from_api_id', 'abc', 'api'), session=Session(None))", "region"
    ),
    "configured": run("endpoint(('configure', 'example.org', 'stage'))"),
    "configured twice": run(
        "endpoint(('configure', 'example.org', 'stage'), ('configure', 'other.org', 'x'))"
    ),
    "configured by id after a name": run(
        "endpoint(('configure', 'example.org', 'stage'), ('configure_from_api_id', 'abc', 'api'))"
    ),
    "not configured": run("endpoint()", exact=True),
    "no session": run(
        "a = WebsocketAPI(); a.configure('example.org', 's'); result = a.info('c')", exact=True
    ),
    "no session, sending": run(
        "a = WebsocketAPI(); a.configure('e', 's'); result = a.send('c', 'm')", exact=True
    ),
    "no session, closing": run(
        "a = WebsocketAPI(); a.configure('e', 's'); result = a.close('c')", exact=True
    ),
    "session at first": run("app.websocket_api.session"),
    "the same object each time": run("app.websocket_api is app.websocket_api"),
    "its kind": run("isinstance(app.websocket_api, WebsocketAPI)"),
    "session assigned": run("app.websocket_api.session = 'mine'; result = app.websocket_api.session"),
    "the environment that it looks at": run(
        "s = Session(); a = WebsocketAPI(env={'AWS_REGION': 'ap-south-1'}); a.session = s; "
        "a.configure_from_api_id('abc', 'x'); result = a.info('c')"
    ),
    "disconnected error": run(
        "from chalice import WebsocketDisconnectedError as e; x = e('id'); result = "
        "[x.connection_id, isinstance(x, Exception)]"
    ),
}

CASES = {"websockets": WEBSOCKETS, "websocket_api": WEBSOCKET_API}
