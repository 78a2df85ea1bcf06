"""What handlers get, and what becomes of their results."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chalice import BadRequestError, Chalice, Response, WebsocketEvent
from chalice_websockets.events import WebsocketHandler

SocketEvent = Callable[..., dict[str, Any]]


def test_an_event_shows_what_it_is_about(socket_event: SocketEvent) -> None:
    given_event = socket_event()

    event = WebsocketEvent(given_event, "context")

    assert (event.domain_name, event.stage, event.connection_id) == (
        "ws.example.com",
        "api",
        "Iu3aIcUlIAMCJtQ=",
    )
    assert (event.body, event.json_body, event.context) == ('{"say": "hi"}', {"say": "hi"}, "context")
    assert event.to_dict() is given_event
    assert event.json_body is event.json_body


def test_a_connection_that_begins_or_ends_has_no_body(socket_event: SocketEvent) -> None:
    event = WebsocketEvent(socket_event(body=None), None)

    assert event.body is None
    with pytest.raises(BadRequestError, match=r"^Error Parsing JSON$"):
        _ = event.json_body


@pytest.mark.parametrize("body", ["", "{", "None", "[" * 100_000, "'a'", "9" * 5000 + "e"])
def test_a_body_that_is_no_json_is_the_callers_mistake(socket_event: SocketEvent, body: str) -> None:
    event = WebsocketEvent(socket_event(body=body), None)

    with pytest.raises(BadRequestError, match=r"^Error Parsing JSON$"):
        _ = event.json_body


@given(
    body=st.one_of(st.none(), st.text(), st.recursive(st.text() | st.integers(), st.lists).map(json.dumps))
)
@example(body="NaN")
def test_whatever_is_sent_is_json_or_the_callers_mistake(body: str | None) -> None:
    context = {"domainName": "d", "stage": "s", "connectionId": "c"}
    event = WebsocketEvent({"requestContext": context, "body": body}, None)

    try:
        expected = json.loads(body or "")
    except ValueError:
        with pytest.raises(BadRequestError):
            _ = event.json_body
    else:
        # NaN is read, and equals nothing.
        assert repr(event.json_body) == repr(expected)


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        (None, {"statusCode": 200}),
        ("text", {"statusCode": 200}),
        (False, {"statusCode": 200}),
        ([1], {"statusCode": 200}),
        (b"x", {"statusCode": 200}),
        ({}, {"statusCode": 200}),
        ({"body": "x"}, {"statusCode": 200, "body": "x"}),
        ({"statusCode": 403}, {"statusCode": 403}),
        ({"statusCode": None}, {"statusCode": None}),
        (
            Response({"a": 1}, {"Sec-WebSocket-Protocol": "v1", "x": ["a", "b"]}, 201),
            {
                "headers": {"Sec-WebSocket-Protocol": "v1"},
                "multiValueHeaders": {"x": ["a", "b"]},
                "statusCode": 201,
                "body": '{"a":1}',
            },
        ),
    ],
)
def test_results_become_what_api_gateway_asks_for(
    app: Chalice, socket_event: SocketEvent, result: Any, expected: dict[str, Any]
) -> None:
    @app.on_ws_message()
    def say(event: WebsocketEvent) -> Any:
        return result

    @app.middleware("websocket")
    def watch(event: Any, get_response: Any) -> Any:
        assert isinstance(event, WebsocketEvent)
        inner = get_response(event)
        assert inner is result
        return inner

    assert say(socket_event(), None) == expected


def test_a_dict_that_a_handler_returns_stays_as_it_is(app: Chalice, socket_event: SocketEvent) -> None:
    constant = {"body": "x"}
    handler = app.on_ws_message()(lambda event: constant)

    handler(socket_event(), None)

    assert constant == {"body": "x"}


def test_middleware_may_refuse(app: Chalice, socket_event: SocketEvent) -> None:
    @app.middleware("websocket")
    def refuse(event: Any, get_response: Any) -> Response:
        return Response("no", status_code=403)

    @app.on_ws_connect()
    def connect(event: WebsocketEvent) -> None:
        raise AssertionError("The middleware has answered.")

    assert connect(socket_event(), None)["statusCode"] == 403


def test_errors_propagate(app: Chalice, socket_event: SocketEvent) -> None:
    @app.on_ws_message()
    def say(event: WebsocketEvent) -> None:
        raise BadRequestError("no")

    with pytest.raises(BadRequestError, match="no"):
        say(socket_event(), None)


def test_handlers_may_be_asynchronous(app: Chalice, socket_event: SocketEvent) -> None:
    @app.on_ws_message()
    async def say(event: WebsocketEvent) -> dict[str, Any]:
        return {"body": event.body}

    assert say(socket_event(), None) == {"statusCode": 200, "body": '{"say": "hi"}'}


def test_an_application_shows_its_handlers(app: Chalice) -> None:
    def connect(event: WebsocketEvent) -> None: ...

    handler = app.on_ws_connect()(connect)
    app.on_ws_message("said")(connect)
    app.on_ws_disconnect(name="left")(connect)

    assert isinstance(handler, WebsocketHandler)
    assert {
        key: (one.name, one.handler_string, one.route_key_handled, one.handler_function is connect)
        for key, one in app.websocket_handlers.items()
    } == {
        "$connect": ("connect", "app.connect", "$connect", True),
        "$default": ("said", "app.connect", "$default", True),
        "$disconnect": ("left", "app.connect", "$disconnect", True),
    }
    assert app.websocket_handlers["$default"].options == {"route_key": "$default"}
    assert {one.source for one in app.websocket_handlers.values()} == {"websocket"}
    assert app.handler_map["connect"] is handler
    assert app.event_sources == []
    assert app.experimental_feature_flags == set()


@pytest.mark.parametrize("decorator", ["on_ws_connect", "on_ws_message", "on_ws_disconnect"])
def test_a_second_handler_of_a_kind_is_refused(app: Chalice, decorator: str) -> None:
    getattr(app, decorator)()(lambda event: None)

    with pytest.raises(ValueError) as raised:
        getattr(app, decorator)(name="second")(lambda event: None)

    assert str(raised.value) == (
        f"Duplicate websocket handler: '{decorator}'. "
        "There can only be one handler for each websocket decorator."
    )
    assert "second" not in app.handler_map


def test_a_name_that_is_taken_is_refused_and_leaves_no_trace(app: Chalice) -> None:
    app.lambda_function(name="work")(lambda event, context: None)

    with pytest.raises(ValueError, match="'work'"):
        app.on_ws_connect(name="work")(lambda event: None)

    assert app.websocket_handlers == {}


def test_mistakes_in_decorators_are_shown_at_once(app: Chalice) -> None:
    with pytest.raises(TypeError, match="route"):
        app.on_ws_message(route="join")  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="must decorate a function"):
        app.on_ws_message()("say")  # type: ignore[arg-type]
