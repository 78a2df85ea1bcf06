"""How functions reach connections."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from boto3.session import Session
from botocore.stub import Stubber

from chalice import Chalice, WebsocketDisconnectedError
from chalice.app import ChaliceError, WebsocketAPI

SocketEvent = Callable[..., dict[str, Any]]


class Exceptions:
    class GoneException(Exception): ...  # noqa: N818 - AWS's name.


class RecordingClient:
    """What boto3's client is for these tests: it notes calls, and one connection is gone."""

    exceptions = Exceptions

    def __init__(self) -> None:
        self.calls: list[tuple[str, dict[str, Any]]] = []

    def __getattr__(self, operation: str) -> Callable[..., Any]:
        def call(**arguments: Any) -> Any:
            self.calls.append((operation, arguments))
            if arguments["ConnectionId"] == "gone":
                raise Exceptions.GoneException("410")
            if arguments["ConnectionId"] == "denied":
                raise PermissionError("403")
            return {"of": operation}

        return call


class RecordingSession:
    def __init__(self, region_name: str | None = None) -> None:
        self.region_name = region_name
        self.made: list[tuple[str, str]] = []
        self.one = RecordingClient()

    def client(self, service: str, *, endpoint_url: str) -> RecordingClient:
        self.made.append((service, endpoint_url))
        return self.one


@pytest.fixture
def session() -> RecordingSession:
    return RecordingSession()


@pytest.fixture
def api(session: RecordingSession) -> WebsocketAPI:
    api = WebsocketAPI({})
    api.session = session
    return api


def test_the_three_calls_are_those_of_the_connections_api(
    api: WebsocketAPI, session: RecordingSession
) -> None:
    api.configure("abc.execute-api.eu-west-1.amazonaws.com", "dev")

    api.send("c", "hi")
    api.close("c")

    assert api.info("c") == {"of": "get_connection"}
    assert session.one.calls == [
        ("post_to_connection", {"ConnectionId": "c", "Data": "hi"}),
        ("delete_connection", {"ConnectionId": "c"}),
        ("get_connection", {"ConnectionId": "c"}),
    ]
    assert session.made == [
        ("apigatewaymanagementapi", "https://abc.execute-api.eu-west-1.amazonaws.com/dev"),
    ]


def test_a_connection_that_is_gone_has_an_error_of_its_own(api: WebsocketAPI) -> None:
    api.configure("d", "s")

    for call in (lambda: api.send("gone", ""), lambda: api.close("gone"), lambda: api.info("gone")):
        with pytest.raises(WebsocketDisconnectedError) as raised:
            call()
        assert (raised.value.connection_id, str(raised.value)) == ("gone", "gone")
        assert isinstance(raised.value, ChaliceError)
    with pytest.raises(PermissionError):
        api.send("denied", "")


def test_boto3s_own_client_says_so_in_the_same_way() -> None:
    session = Session("key", "secret", region_name="eu-west-1")
    api = WebsocketAPI({})
    api.session = session
    api.configure_from_api_id("abc", "dev")
    api._client = client = api._make_client()

    with Stubber(client) as stubber:
        stubber.add_response("post_to_connection", {}, {"ConnectionId": "c", "Data": "hi"})
        stubber.add_client_error("delete_connection", "GoneException", "", 410)
        api.send("c", "hi")
        with pytest.raises(WebsocketDisconnectedError):
            api.close("c")

    assert client.meta.endpoint_url == "https://abc.execute-api.eu-west-1.amazonaws.com/dev"


def test_the_client_is_made_once_and_only_when_needed(api: WebsocketAPI, session: RecordingSession) -> None:
    api.configure("d", "s")
    assert session.made == []

    api.send("c", "1")
    api.send("c", "2")

    assert len(session.made) == 1


def test_only_the_first_configuration_counts(api: WebsocketAPI, session: RecordingSession) -> None:
    api.configure("first", "s")
    api.configure("second", "s")
    api.configure_from_api_id("third", "s")

    api.send("c", "")

    assert session.made[0][1] == "https://first/s"


def test_what_is_missing_is_said() -> None:
    api = WebsocketAPI({})

    with pytest.raises(ValueError) as raised:
        api.send("c", "hi")
    assert str(raised.value) == (
        "Assign app.websocket_api.session to a boto3 session before using the WebsocketAPI"
    )
    api.session = RecordingSession()
    with pytest.raises(ValueError) as raised:
        api.send("c", "hi")
    assert str(raised.value) == "WebsocketAPI.configure must be called before using the WebsocketAPI"
    with pytest.raises(ValueError, match="Unable to retrieve the region name"):
        api.configure_from_api_id("abc", "dev")


@pytest.mark.parametrize(
    ("env", "of_session", "expected"),
    [
        ({"AWS_REGION": "eu-west-1", "AWS_DEFAULT_REGION": "b"}, "c", "eu-west-1.amazonaws.com"),
        ({"AWS_DEFAULT_REGION": "us-gov-west-1"}, "c", "us-gov-west-1.amazonaws.com"),
        ({"AWS_REGION": ""}, "c", "c.amazonaws.com"),
        ({"AWS_REGION": "cn-north-1"}, None, "cn-north-1.amazonaws.com.cn"),
    ],
)
def test_the_endpoint_is_that_of_the_api_in_its_region(
    env: dict[str, str], of_session: str | None, expected: str
) -> None:
    session = RecordingSession(of_session)
    api = WebsocketAPI(env)
    api.session = session

    api.configure_from_api_id("abc", "dev")
    api.send("c", "hi")

    assert session.made[0][1] == f"https://abc.execute-api.{expected}/dev"


def test_an_endpoint_of_the_environment_is_used_instead(session: RecordingSession) -> None:
    api = WebsocketAPI({"AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI": "http://127.0.0.1:4566"})
    api.session = session

    api.configure("abc.execute-api.eu-west-1.amazonaws.com", "dev")
    api.send("c", "hi")

    assert session.made == [("apigatewaymanagementapi", "http://127.0.0.1:4566")]


def test_the_region_is_looked_up_in_the_process_by_default(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AWS_REGION", "ap-south-1")
    api = WebsocketAPI()
    api.session = session = RecordingSession()

    api.configure_from_api_id("abc", "dev")
    api.send("c", "hi")

    assert session.made[0][1] == "https://abc.execute-api.ap-south-1.amazonaws.com/dev"


def test_handlers_need_no_configuration_and_do_not_use_a_domain_of_ones_own(
    app: Chalice, session: RecordingSession, socket_event: SocketEvent
) -> None:
    app.websocket_api.session = session

    @app.on_ws_message()
    def say(event: Any) -> None:
        app.websocket_api.send(event.connection_id, "hi")

    say(socket_event(), None)

    assert session.made == [
        ("apigatewaymanagementapi", "https://abc123.execute-api.eu-west-1.amazonaws.com/api")
    ]
    assert app.websocket_api is app.websocket_api
    assert isinstance(app.websocket_api, WebsocketAPI)


def test_what_an_application_configures_counts_more_than_an_event(
    app: Chalice, session: RecordingSession, socket_event: SocketEvent
) -> None:
    app.websocket_api.session = session
    app.websocket_api.configure("localhost:4001", "local")

    @app.on_ws_message()
    def say(event: Any) -> None:
        app.websocket_api.send(event.connection_id, "hi")

    say(socket_event(), None)

    assert session.made[0][1] == "https://localhost:4001/local"


def test_a_handler_that_sends_nothing_needs_no_region(
    app: Chalice, env: dict[str, str], socket_event: SocketEvent, session: RecordingSession
) -> None:
    del env["AWS_REGION"]
    app.websocket_api.session = session

    @app.on_ws_connect()
    def connect(event: Any) -> None: ...

    @app.on_ws_message()
    def say(event: Any) -> None:
        app.websocket_api.send(event.connection_id, "hi")

    assert connect(socket_event(), None) == {"statusCode": 200}
    with pytest.raises(ValueError, match="Unable to retrieve the region name"):
        say(socket_event(), None)
