"""Connections in tests: messages arrive in functions, and what functions send arrives in the test."""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path
from typing import Any

import pytest

from chalice import Chalice, Response, WebsocketDisconnectedError
from chalice.test import Client
from chalice_websockets.testing import WebsocketClosedError, WebsocketNoMessageError, WebsocketRefusedError


@pytest.fixture
def chat(app: Chalice) -> Chalice:
    """An application that passes messages on to everybody, and notes who comes and goes."""
    members: dict[str, str] = {}
    log: list[str] = []
    app.__dict__["log_of_members"] = log

    @app.on_ws_connect()
    def join(event: Any) -> Any:
        query = event.to_dict().get("queryStringParameters") or {}
        if query.get("name") == "eve":
            return Response("no", status_code=403)
        if query.get("name") == "mallory":
            raise LookupError("mallory")
        members[event.connection_id] = query.get("name", "nobody")
        return {"headers": {"Sec-WebSocket-Protocol": "chat"}}

    @app.on_ws_message()
    def say(event: Any) -> None:
        if event.body == "fail":
            raise LookupError("failed")
        if event.body == "everybody out":
            for one in members:
                app.websocket_api.close(one)
            return
        for one in members:
            app.websocket_api.send(one, f"{members[event.connection_id]}: {event.body}")

    @app.on_ws_disconnect()
    def leave(event: Any) -> None:
        code = event.to_dict()["requestContext"]["disconnectStatusCode"]
        log.append(f"{members.pop(event.connection_id)} {code}")
        with pytest.raises(WebsocketDisconnectedError):
            app.websocket_api.send(event.connection_id, "bye")

    @app.route("/broadcast", methods=["POST"])
    def broadcast() -> int:
        for one in members:
            app.websocket_api.send(one, "news")
        return len(members)

    return app


def test_messages_go_there_and_back_without_a_session(chat: Chalice) -> None:
    client = Client(chat)
    with client.websocket.connect("?name=ann") as ann, client.websocket.connect("/?name=bob") as bob:
        ann.send("hi")
        bob.send_json({"a": 1})

        assert [ann.receive(), bob.receive()] == ["ann: hi", "ann: hi"]
        assert [ann.receive(), bob.receive()] == ['bob: {"a": 1}', 'bob: {"a": 1}']
        assert ann.connection_id != bob.connection_id
        assert ann.subprotocol == "chat"
    assert chat.__dict__["log_of_members"] == ["bob 1005", "ann 1005"]


def test_views_reach_open_connections_as_well(chat: Chalice) -> None:
    with Client(chat) as client, client.websocket.connect() as connection:
        assert client.http.post("/broadcast").body == b"1"

        assert connection.receive() == "news"


def test_a_refused_connection_says_with_which_status(chat: Chalice) -> None:
    with Client(chat) as client:
        with pytest.raises(WebsocketRefusedError, match="403") as refused:
            client.websocket.connect("?name=eve")
        with pytest.raises(WebsocketRefusedError, match="502") as failed:
            client.websocket.connect("?name=mallory")

    assert (refused.value.status, refused.value.__cause__) == (403, None)
    assert isinstance(failed.value.__cause__, LookupError)


def test_what_a_function_raises_is_seen_and_the_connection_told(chat: Chalice) -> None:
    with Client(chat) as client, client.websocket.connect("?name=ann") as ann:
        with pytest.raises(LookupError, match="failed"):
            ann.send("fail")

        told = ann.receive_json()
        ann.send("still there")
        assert (told["message"], told["connectionId"]) == ("Internal server error", ann.connection_id)
        assert ann.receive() == "ann: still there"


def test_the_application_may_close_connections(chat: Chalice) -> None:
    with Client(chat) as client:
        ann, bob = client.websocket.connect("?name=ann"), client.websocket.connect("?name=bob")

        ann.send("everybody out")

        assert (ann.close_code, bob.close_code) == (1000, 1000)
        with pytest.raises(WebsocketClosedError, match="1000") as closed:
            ann.receive()
        with pytest.raises(WebsocketClosedError):
            bob.send("hello?")
        ann.close()
    assert closed.value.code == 1000
    assert chat.__dict__["log_of_members"] == ["ann 1000", "bob 1000"]


def test_messages_that_came_before_the_end_are_received(chat: Chalice) -> None:
    with Client(chat) as client:
        ann = client.websocket.connect("?name=ann")
        ann.send("one")
        ann.close(1001, "moving")

        assert ann.receive() == "ann: one"
        with pytest.raises(WebsocketClosedError, match="1001"):
            ann.receive(timeout=5)
    assert chat.__dict__["log_of_members"] == ["ann 1001"]


def test_no_message_is_an_error_that_says_so(chat: Chalice) -> None:
    with Client(chat) as client, client.websocket.connect() as connection:
        with pytest.raises(WebsocketNoMessageError, match="has sent no message"):
            connection.receive()
        with pytest.raises(WebsocketNoMessageError, match=r"within 0\.01 s"):
            connection.receive(timeout=0.01)


def test_a_message_from_another_thread_can_be_waited_for(app: Chalice) -> None:
    started: list[threading.Thread] = []

    @app.on_ws_message()
    def say(event: Any) -> None:
        thread = threading.Timer(0.05, lambda: app.websocket_api.send(event.connection_id, "later"))
        started.append(thread)
        thread.start()

    with Client(app) as client, client.websocket.connect() as connection:
        connection.send("")
        assert connection.receive(timeout=10) == "later"
        started[0].join()


def test_binary_messages_and_big_ones_close_the_connection(chat: Chalice) -> None:
    with Client(chat) as client:
        binary, big = client.websocket.connect(), client.websocket.connect()

        binary.send(b"\x00")
        big.send("x" * (128 * 1024 + 1))

        assert (binary.close_code, big.close_code) == (1003, 1009)


def test_info_is_what_boto3_returns(app: Chalice) -> None:
    found: list[dict[str, Any]] = []

    @app.on_ws_message()
    def say(event: Any) -> None:
        found.append(app.websocket_api.info(event.connection_id))

    with Client(app) as client, client.websocket.connect(headers={"User-Agent": "tests"}) as connection:
        connection.send("")

    assert found[0]["Identity"] == {"SourceIp": "127.0.0.1", "UserAgent": "tests"}
    assert found[0]["ConnectedAt"] <= found[0]["LastActiveAt"]
    assert found[0]["ConnectedAt"].utcoffset().total_seconds() == 0


class ForbiddenSession:
    """A session that must not be used."""

    region_name = "eu-west-1"

    def client(self, *_: Any, **__: Any) -> Any:
        raise AssertionError("A test must not call AWS.")


def test_the_applications_own_session_is_there_again_afterwards(chat: Chalice) -> None:
    session = ForbiddenSession()
    chat.websocket_api.session = session

    with Client(chat) as client, client.websocket.connect("?name=ann") as ann:
        ann.send("hi")
        assert ann.receive() == "ann: hi"

    assert chat.websocket_api.session is session
    with pytest.raises(AssertionError, match="must not call AWS"):
        chat.websocket_api.send(ann.connection_id, "hi")


def test_a_client_that_the_application_has_made_is_there_again_afterwards(chat: Chalice) -> None:
    made = chat.websocket_api._client = object()

    with pytest.raises(WebsocketRefusedError):
        Client(chat).websocket.connect("?name=eve")
    Client(chat).websocket.connect().close()

    assert chat.websocket_api._client is made


def test_connections_of_two_clients_reach_each_other(chat: Chalice) -> None:
    first, second = Client(chat).websocket.connect("?name=ann"), Client(chat).websocket.connect("?name=bob")

    first.send("hi")
    first.close()
    second.send("hello")

    assert [second.receive(), second.receive(), first.receive()] == ["ann: hi", "bob: hello", "ann: hi"]
    second.close()
    assert chat.websocket_api._client is None


def test_functions_run_in_the_environment_of_their_stage(app: Chalice, tmp_path: Path) -> None:
    config = {
        "app_name": "configured",
        "stages": {
            "prod": {
                "api_gateway_stage": "live",
                "environment_variables": {"CHAT_TABLE": "members"},
                "lambda_functions": {"websocket_message": {"environment_variables": {"CHAT_ROOM": "7"}}},
            }
        },
    }
    (tmp_path / ".chalice").mkdir()
    (tmp_path / ".chalice" / "config.json").write_text(json.dumps(config))
    seen: list[Any] = []

    def note(event: Any) -> None:
        seen.append([event.stage, os.environ.get("CHAT_TABLE"), os.environ.get("CHAT_ROOM")])
        seen.append(event.context.function_name)

    app.on_ws_connect(name="join")(note)
    app.on_ws_message(name="say")(note)

    with Client(app, "prod", tmp_path) as client, client.websocket.connect("/live?x=1") as connection:
        connection.send("hi")

    assert seen == [
        ["live", "members", None],
        "configured-prod-websocket_connect",
        ["live", "members", "7"],
        "configured-prod-websocket_message",
    ]
    assert "CHAT_TABLE" not in os.environ


def test_an_application_without_handlers_admits_everybody_and_answers_nothing(app: Chalice) -> None:
    with Client(app) as client, client.websocket.connect() as connection:
        connection.send("hi")
        assert connection.receive_json()["message"] == "Forbidden"


def test_handlers_may_be_declared_after_the_client_was_made(app: Chalice) -> None:
    with Client(app) as client, client.websocket.connect() as connection:
        app.on_ws_message(name="late")(lambda event: app.websocket_api.send(event.connection_id, "late"))
        connection.send("hi")
        assert connection.receive() == "late"


def test_a_websocket_api_has_no_paths(app: Chalice) -> None:
    with pytest.raises(ValueError, match="no path '/rooms'"):
        Client(app).websocket.connect("/rooms?name=ann")


def test_events_do_not_share_anything_with_the_emulator(app: Chalice) -> None:
    @app.on_ws_connect()
    def join(event: Any) -> None:
        event.to_dict()["requestContext"].clear()

    @app.on_ws_message()
    def say(event: Any) -> None:
        app.websocket_api.send(event.connection_id, event.stage)

    with Client(app) as client, client.websocket.connect() as connection:
        connection.send("")
        assert connection.receive() == "api"
