"""The emulated WebSocket API: connections, events, and the connections' own API."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalice.gateway import GoneError, NotEmulatedError, Outcome, PayloadTooLargeError, WebSocketGateway

ID = re.compile(r"[\w-]{15}=")
ROUTES = {"$connect": "C", "$default": "M", "$disconnect": "D"}


class Recorder:
    """The function behind every route: notes what it gets, answers what it is told to."""

    def __init__(self) -> None:
        self.calls: list[tuple[Any, dict[str, Any]]] = []
        self.answers: dict[Any, Outcome | Callable[[dict[str, Any]], Outcome]] = {}

    def __call__(self, target: Any, event: dict[str, Any], /) -> Outcome:
        self.calls.append((target, event))
        answer = self.answers.get(target, Outcome({"statusCode": 200}))
        return answer(event) if callable(answer) else answer


class Inbox:
    """A peer that notes what arrives."""

    def __init__(self) -> None:
        self.messages: list[str] = []
        self.closed: list[tuple[int, str]] = []

    def send(self, message: str, /) -> None:
        self.messages.append(message)

    def close(self, code: int, reason: str, /) -> None:
        self.closed.append((code, reason))


@pytest.fixture
def function() -> Recorder:
    return Recorder()


@pytest.fixture
def peer() -> Inbox:
    return Inbox()


def gateway_of(function: Recorder, routes: dict[str, Any] | None = None, **options: Any) -> WebSocketGateway:
    chosen = ROUTES if routes is None else routes
    return WebSocketGateway(chosen, function, api_id="abc123", stage="dev", region="eu-west-1", **options)


def connected(gateway: WebSocketGateway, peer: Inbox, **options: Any) -> str:
    connection_id = gateway.connect(peer, **options).connection_id
    assert connection_id is not None
    return connection_id


def test_a_connection_begins_with_the_event_that_api_gateway_sends(function: Recorder, peer: Inbox) -> None:
    gateway = gateway_of(function, stage_variables={"table": "members"})
    before = int(time.time() * 1000)

    handshake = gateway.connect(
        peer,
        headers=[("Host", "ws.example.com"), ("User-Agent", "u"), ("X-Room", "1"), ("X-Room", "2")],
        query_string="name=J%C3%BCrgen&room=1&room=2",
        source_ip="10.0.0.1",
        scheme="wss",
    )

    ((target, event),) = function.calls
    context = event["requestContext"]
    trace_id = event["headers"].pop("X-Amzn-Trace-Id")
    assert (handshake.status, target) == (101, "C")
    assert event["headers"] == {
        "Host": "ws.example.com",
        "User-Agent": "u",
        "X-Forwarded-For": "10.0.0.1",
        "X-Forwarded-Port": "443",
        "X-Forwarded-Proto": "https",
        "X-Room": "2",
    }
    assert event["multiValueHeaders"]["X-Room"] == ["1", "2"]
    assert event["multiValueHeaders"]["X-Amzn-Trace-Id"] == [trace_id]
    assert event["queryStringParameters"] == {"name": "Jürgen", "room": "2"}
    assert event["multiValueQueryStringParameters"] == {"name": ["Jürgen"], "room": ["1", "2"]}
    assert event["stageVariables"] == {"table": "members"}
    assert event["isBase64Encoded"] is False
    assert "body" not in event
    assert before <= context.pop("connectedAt") <= context.pop("requestTimeEpoch") <= time.time() * 1000
    assert re.fullmatch(r"\d\d/\w{3}/\d{4}:\d\d:\d\d:\d\d \+0000", context.pop("requestTime"))
    assert ID.fullmatch(context["requestId"])
    assert ID.fullmatch(context["connectionId"])
    assert context.pop("extendedRequestId") == context.pop("requestId")
    assert context == {
        "routeKey": "$connect",
        "eventType": "CONNECT",
        "messageDirection": "IN",
        "stage": "dev",
        "identity": {"sourceIp": "10.0.0.1", "userAgent": "u"},
        "domainName": "abc123.execute-api.eu-west-1.amazonaws.com",
        "connectionId": handshake.connection_id,
        "apiId": "abc123",
    }


def test_a_message_has_no_headers_and_an_id_of_its_own(function: Recorder, peer: Inbox) -> None:
    gateway = gateway_of(function)
    connection_id = connected(gateway, peer, query_string="a=1")

    gateway.message(connection_id, "hällo")
    gateway.message(connection_id, "")

    (_, (target, event), (_, empty)) = function.calls
    context = event["requestContext"]
    assert (target, context["routeKey"], context["eventType"]) == ("M", "$default", "MESSAGE")
    assert sorted(event) == ["body", "isBase64Encoded", "requestContext"]
    assert (event["body"], empty["body"]) == ("hällo", "")
    assert ID.fullmatch(context["messageId"])
    assert context["messageId"] != empty["requestContext"]["messageId"]
    assert context["connectionId"] == connection_id
    assert context["connectedAt"] == function.calls[0][1]["requestContext"]["connectedAt"]
    assert peer.messages == []


@pytest.mark.parametrize(
    ("code", "reason", "expected"),
    [
        (1005, None, "Client-side close frame status not set"),
        (1000, None, "Connection Closed Normally"),
        (1001, "moving", "moving"),
        (1006, None, ""),
    ],
)
def test_a_connection_ends_with_the_code_of_its_close_frame(
    function: Recorder, peer: Inbox, code: int, reason: str | None, expected: str
) -> None:
    gateway = gateway_of(function)
    connection_id = connected(gateway, peer, headers=[("Host", "ws.example.com")])

    gateway.disconnect(connection_id, code, reason)

    target, event = function.calls[-1]
    context = event["requestContext"]
    assert (target, context["routeKey"], context["eventType"]) == ("D", "$disconnect", "DISCONNECT")
    assert (context["disconnectStatusCode"], context["disconnectReason"]) == (code, expected)
    assert event["headers"] == {
        "Host": "ws.example.com",
        "x-api-key": "",
        "X-Forwarded-For": "",
        "x-restapi": "",
    }
    assert event["multiValueHeaders"] == {name: [value] for name, value in event["headers"].items()}
    assert gateway.connections() == []
    assert peer.closed == []


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (Outcome({"statusCode": 403, "body": "no"}), 403),
        (Outcome({"statusCode": "401"}), 401),
        (Outcome({"statusCode": 302}), 302),
        (Outcome({"errorMessage": "boom"}, error=True), 502),
        (Outcome(None), 502),
        (Outcome("ok"), 502),
        (Outcome({"statusCode": True}), 502),
        (Outcome({"statusCode": "20x"}), 502),
        (Outcome({"statusCode": 99}), 502),
        (Outcome({"statusCode": "9" * 5000}), 502),
        (Outcome({"statusCode": 200, "headers": {"Sec-WebSocket-Protocol": "x\r\nSet-Cookie: y"}}), 502),
    ],
)
def test_a_connection_is_refused_by_a_status_and_by_a_failure(
    function: Recorder, peer: Inbox, answer: Outcome, status: int
) -> None:
    gateway = gateway_of(function)
    function.answers["C"] = answer

    handshake = gateway.connect(peer)

    assert (handshake.status, handshake.connection_id) == (status, None)
    assert gateway.connections() == []
    assert len(function.calls) == 1


def test_the_chosen_subprotocol_is_part_of_the_handshake(function: Recorder, peer: Inbox) -> None:
    headers = {"sec-websocket-protocol": "chat", "x-other": "dropped"}
    function.answers["C"] = Outcome({"statusCode": 200, "headers": headers})

    handshake = gateway_of(function).connect(peer)

    assert handshake.headers == (("Sec-WebSocket-Protocol", "chat"),)


def test_without_functions_everybody_is_admitted_and_nobody_is_told(function: Recorder, peer: Inbox) -> None:
    gateway = gateway_of(function, {})
    connection_id = connected(gateway, peer)

    gateway.message(connection_id, "hi")
    gateway.disconnect(connection_id)

    (said,) = map(json.loads, peer.messages)
    assert (said["message"], said["connectionId"]) == ("Forbidden", connection_id)
    assert function.calls == []


@pytest.mark.parametrize(
    ("message", "target"),
    [
        ('{"action": "join"}', "J"),
        ('{"action": "leave"}', "M"),
        ('{"action": "$connect"}', "M"),
        ('{"action": "$disconnect"}', "M"),
        ('{"action": ["join"]}', "M"),
        ('{"action": null}', "M"),
        ('{"other": "join"}', "M"),
        ('["join"]', "M"),
        ("join", "M"),
        ("", "M"),
        ("[" * 100_000, "M"),
    ],
)
def test_messages_find_their_route_by_a_key(
    function: Recorder, peer: Inbox, message: str, target: str
) -> None:
    gateway = gateway_of(function, {**ROUTES, "join": "J"})
    connection_id = connected(gateway, peer)

    gateway.message(connection_id, message)

    assert function.calls[-1][0] == target


@pytest.mark.parametrize("expression", ["$request.body.a.b", "${request.body.a.b}"])
def test_the_key_may_be_further_inside(function: Recorder, peer: Inbox, expression: str) -> None:
    gateway = gateway_of(function, {"join": "J"}, route_selection_expression=expression)
    connection_id = connected(gateway, peer)

    gateway.message(connection_id, '{"a": {"b": "join"}}')
    gateway.message(connection_id, '{"a": "join"}')

    assert [target for target, _ in function.calls] == ["J"]
    assert json.loads(peer.messages[0])["message"] == "Forbidden"


@pytest.mark.parametrize(
    "expression", ["$request.header.x", "request.body.a", "$request.body.", "$default", ""]
)
def test_other_route_selection_expressions_are_not_emulated(function: Recorder, expression: str) -> None:
    with pytest.raises(NotEmulatedError, match=r"^Route selection"):
        gateway_of(function, route_selection_expression=expression)


def test_what_a_function_returns_goes_nowhere(function: Recorder, peer: Inbox) -> None:
    gateway = gateway_of(function)
    function.answers["M"] = Outcome({"statusCode": 200, "body": "secret"})

    gateway.message(connected(gateway, peer), "hi")

    assert (peer.messages, peer.closed) == ([], [])


@pytest.mark.parametrize("answer", [Outcome({}, error=True), Outcome(None), Outcome({"body": "x"})])
def test_the_peer_is_told_when_a_function_fails(function: Recorder, peer: Inbox, answer: Outcome) -> None:
    gateway = gateway_of(function)
    function.answers["M"] = answer
    connection_id = connected(gateway, peer)

    gateway.message(connection_id, "hi")

    (said,) = map(json.loads, peer.messages)
    request_id = function.calls[-1][1]["requestContext"]["requestId"]
    assert said == {
        "message": "Internal server error",
        "connectionId": connection_id,
        "requestId": request_id,
    }


@pytest.mark.parametrize(
    ("message", "options", "code"),
    [
        (b"text in a binary frame", {}, 1003),
        ("x" * (128 * 1024 + 1), {}, 1009),
        ("ü" * (64 * 1024 + 1), {}, 1009),
        ("x", {"largest_frame": 32 * 1024 + 1}, 1009),
    ],
)
def test_what_a_websocket_api_does_not_take_closes_the_connection(
    function: Recorder, peer: Inbox, message: str | bytes, options: dict[str, int], code: int
) -> None:
    gateway = gateway_of(function)
    connection_id = connected(gateway, peer)

    gateway.message(connection_id, message, **options)

    assert [closed for closed, _ in peer.closed] == [code]
    assert [target for target, _ in function.calls] == ["C", "D"]
    assert function.calls[-1][1]["requestContext"]["disconnectStatusCode"] == code
    with pytest.raises(GoneError):
        gateway.message(connection_id, "hi")


def test_messages_up_to_the_limit_are_taken(function: Recorder, peer: Inbox) -> None:
    gateway = gateway_of(function)
    connection_id = connected(gateway, peer)

    gateway.message(connection_id, "x" * 128 * 1024, largest_frame=32 * 1024)
    gateway.post_to_connection(connection_id, b"y" * 128 * 1024)

    assert peer.closed == []
    assert [len(function.calls[-1][1]["body"]), len(peer.messages[0])] == [128 * 1024, 128 * 1024]


def test_functions_send_to_connections(function: Recorder, peer: Inbox) -> None:
    gateway = gateway_of(function)
    other = Inbox()
    connection_id = connected(gateway, peer)
    connected(gateway, other)

    gateway.post_to_connection(connection_id, "hällo")
    gateway.post_to_connection(connection_id, "hällo".encode())
    gateway.post_to_connection(connection_id, b"\xff")

    assert (peer.messages, other.messages) == (["hällo", "hällo", "\ufffd"], [])
    with pytest.raises(PayloadTooLargeError):
        gateway.post_to_connection(connection_id, "x" * (128 * 1024 + 1))


def test_a_connection_is_described(function: Recorder, peer: Inbox) -> None:
    gateway = gateway_of(function)
    connection_id = connected(gateway, peer, headers=[("user-agent", "u")], source_ip="10.0.0.1")
    first = gateway.get_connection(connection_id)

    gateway.message(connection_id, "hi")

    second = gateway.get_connection(connection_id)
    assert first["identity"] == {"sourceIp": "10.0.0.1", "userAgent": "u"}
    assert first["connectedAt"] == second["connectedAt"] == first["lastActiveAt"] <= second["lastActiveAt"]


def test_a_deleted_connection_is_closed_and_its_end_is_told_once(function: Recorder, peer: Inbox) -> None:
    gateway = gateway_of(function)
    connection_id = connected(gateway, peer)

    gateway.delete_connection(connection_id)

    assert peer.closed == [(1000, "Connection Closed Normally")]
    assert [target for target, _ in function.calls] == ["C", "D"]
    for call in (
        lambda: gateway.disconnect(connection_id),
        lambda: gateway.delete_connection(connection_id),
        lambda: gateway.get_connection(connection_id),
        lambda: gateway.post_to_connection(connection_id, "x"),
        lambda: gateway.close(connection_id, 1001, ""),
    ):
        with pytest.raises(GoneError, match=re.escape(connection_id)):
            call()
    assert len(function.calls) == 2


def test_the_end_of_a_deleted_connection_may_be_told_later(function: Recorder, peer: Inbox) -> None:
    work: list[Callable[[], None]] = []
    gateway = gateway_of(function, later=work.append)
    connection_id = connected(gateway, peer)

    gateway.delete_connection(connection_id)
    told_at_once = [target for target, _ in function.calls]
    work.pop()()

    assert told_at_once == ["C"]
    assert function.calls[-1][0] == "D"


def test_there_is_no_connection_while_its_admission_is_decided(function: Recorder, peer: Inbox) -> None:
    gateway = gateway_of(function)
    found: list[str] = []

    def admit(event: dict[str, Any]) -> Outcome:
        with pytest.raises(GoneError):
            gateway.post_to_connection(event["requestContext"]["connectionId"], "welcome")
        found.extend(gateway.connections())
        return Outcome({"statusCode": 200})

    function.answers["C"] = admit

    connection_id = connected(gateway, peer)

    assert (found, gateway.connections()) == ([], [connection_id])


def test_a_function_that_closes_its_connection_and_fails_says_nothing_to_it(
    function: Recorder, peer: Inbox
) -> None:
    gateway = gateway_of(function)

    def close(event: dict[str, Any]) -> Outcome:
        gateway.delete_connection(event["requestContext"]["connectionId"])
        return Outcome(None, error=True)

    function.answers["M"] = close
    gateway.message(connected(gateway, peer), "hi")

    assert (peer.messages, len(peer.closed)) == ([], 1)


def test_a_server_closes_idle_connections(function: Recorder, peer: Inbox) -> None:
    gateway = gateway_of(function)
    connection_id = connected(gateway, peer)

    gateway.close(connection_id, 1001, "Idle")

    assert peer.closed == [(1001, "Idle")]
    assert function.calls[-1][1]["requestContext"]["disconnectReason"] == "Idle"


def test_a_connection_that_two_threads_close_ends_once(function: Recorder) -> None:
    gateway = gateway_of(function)
    peers = [Inbox() for _ in range(50)]
    ids = [connected(gateway, peer) for peer in peers]
    barrier = threading.Barrier(4)

    def close_all() -> None:
        barrier.wait()
        for connection_id in ids:
            try:
                gateway.delete_connection(connection_id)
            except GoneError:
                continue

    threads = [threading.Thread(target=close_all) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [len(peer.closed) for peer in peers] == [1] * 50
    assert sum(target == "D" for target, _ in function.calls) == 50


@given(
    message=st.text() | st.binary() | st.recursive(st.text() | st.none(), st.lists).map(json.dumps),
    headers=st.lists(st.tuples(st.text(), st.text()), max_size=5),
    query=st.text(),
    payload=st.recursive(st.none() | st.text() | st.integers(), lambda one: st.dictionaries(st.text(), one)),
)
def test_whatever_arrives_becomes_an_event_that_json_can_hold(
    message: str | bytes, headers: list[tuple[str, str]], query: str, payload: Any
) -> None:
    function, peer = Recorder(), Inbox()
    gateway = gateway_of(function)
    function.answers["M"] = Outcome(payload)

    connection_id = connected(gateway, peer, headers=headers, query_string=query)
    gateway.message(connection_id, message)

    for _, event in function.calls:
        assert json.loads(json.dumps(event).encode()) == event
    if isinstance(message, str):
        assert function.calls[-1][1]["body"] == message.encode("utf-8", "replace").decode()
    else:
        assert peer.closed[0][0] == 1003
