"""The emulated API Gateway against models of it: policies, paths with wildcards, lives of connections."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, multiple, rule

from chalice import AuthResponse, AuthRoute, Chalice
from chalice.authorization import AuthRequest
from chalice.gateway import GoneError, Outcome, PayloadTooLargeError, WebSocketGateway
from chalice.gateway._policy import decide
from chalice.test import Client

START = "arn:aws:execute-api:us-west-2:123456789012:abc/dev/"
PIECES = st.sampled_from("ab*?/:\n")


def covers(pattern: str, value: str) -> bool:
    """Try every way to lay a pattern over a value."""
    ends = {0}
    for mark in pattern:
        if mark == "*":
            ends = set(range(min(ends), len(value) + 1)) if ends else ends
        else:
            ends = {end + 1 for end in ends if end < len(value) and mark in ("?", value[end])}
    return len(value) in ends


@settings(max_examples=300, deadline=None, derandomize=True)
@given(pattern=st.text(PIECES, max_size=8), value=st.text(PIECES, max_size=9))
def test_a_resource_is_covered_when_some_way_covers_it(pattern: str, value: str) -> None:
    statement = {"Action": "execute-api:Invoke", "Effect": "Allow", "Resource": START + pattern}

    decision = decide({"Version": "2012-10-17", "Statement": statement}, START + value)

    assert decision == ("allowed" if covers(pattern, value) else "denied")


@settings(max_examples=300, deadline=None, derandomize=True)
@given(
    asked=st.lists(st.sampled_from(["a", "b", "*", "?", "a*", "..", "", "a:b", "\n"]), max_size=4),
    method=st.sampled_from(["GET", "POST", "*"]),
    routes=st.lists(st.sampled_from(["/a", "b", AuthRoute("/a/b", ["GET"]), "/b/*"]), max_size=2),
)
def test_what_is_asked_for_does_not_widen_a_policy(
    asked: list[str], method: str, routes: list[str | AuthRoute]
) -> None:
    request = AuthRequest("TOKEN", "t", f"{START}{method}/{'/'.join(asked)}")

    allowed = AuthResponse(routes, "joe").to_dict(request)["policyDocument"]["Statement"][0]["Resource"]

    expected = {"/a": "*/a", "b": "*/b", "/b/*": "*/b/*"}
    assert allowed == [START + (expected[route] if isinstance(route, str) else "GET/a/b") for route in routes]


@pytest.mark.parametrize("asked", ["*", "?", "a*", "%2A", "%3F", "a%0Ab", "..", "a:b", "**"])
def test_a_path_with_wildcards_is_admitted_only_when_it_is_named(app: Chalice, asked: str) -> None:
    @app.authorizer()
    def joe(request: AuthRequest) -> AuthResponse:
        return AuthResponse(["/users/a", "/users/?x", AuthRoute("/users/b", ["POST"])], "joe")

    @app.route("/users/{name}", authorizer=joe)
    def user(name: str) -> str:
        return name

    with Client(app) as client:
        token = {"Authorization": "t"}

        assert client.http.get("/users/a", headers=token).status_code == 200
        assert client.http.get(f"/users/{asked}", headers=token).status_code == 403


class Peer:
    """The other end of a connection, which hears nothing after its end."""

    def __init__(self) -> None:
        self.closed: int | None = None

    def send(self, message: str) -> None:
        assert self.closed is None
        message.encode()

    def close(self, code: int, reason: str) -> None:
        assert self.closed is None
        self.closed = code


TEXTS = st.text(alphabet=st.characters(exclude_categories=()), max_size=4)
MESSAGES = (
    TEXTS
    | st.binary(max_size=4)
    | st.sampled_from(
        ["[" * 9_000, "x" * 200_000, '{"action":"own"}', '{"action":"$connect"}', '{"action":[]}']
    )
)
ANSWERS = st.one_of(
    st.just(Outcome({"statusCode": 200})),
    st.just(Outcome({"errorMessage": "no"}, error=True)),
    st.builds(
        Outcome,
        st.none() | TEXTS | st.fixed_dictionaries({"statusCode": st.none() | st.integers() | TEXTS}),
    ),
)


class Connections(RuleBasedStateMachine):
    """Connections come, talk and go in any order; functions answer anything, and meddle themselves."""

    ids = Bundle("ids")

    def __init__(self) -> None:
        super().__init__()
        self.answer = Outcome({"statusCode": 200})
        self.meddling = ""
        self.peers: dict[str, Peer] = {}
        self.events: list[tuple[str, str]] = []
        self.later: list[Any] = []
        self.gateway = WebSocketGateway(
            {key: key for key in ("$connect", "$default", "$disconnect", "own")},
            self.run,
            api_id="abc",
            stage="dev",
            region="us-west-2",
            later=self.later.append,
        )

    def run(self, target: Any, event: dict[str, Any]) -> Outcome:
        json.dumps(event, ensure_ascii=False).encode()
        name = event["requestContext"]["connectionId"]
        self.events.append((target, name))
        try:
            if self.meddling == "close":
                self.gateway.delete_connection(name)
            elif self.meddling == "send":
                self.gateway.post_to_connection(name, "hello")
        except GoneError:
            assert name not in self.gateway.connections()
        return self.answer

    def attempt(self, name: str, action: Any) -> None:
        there = name in self.gateway.connections()
        try:
            action()
        except GoneError:
            assert not there
        except PayloadTooLargeError:
            assert there
        else:
            assert there

    @rule(answer=ANSWERS, meddling=st.sampled_from(["", "close", "send"]))
    def the_functions_change(self, answer: Outcome, meddling: str) -> None:
        self.answer, self.meddling = answer, meddling

    @rule(target=ids, query=TEXTS)
    def somebody_connects(self, query: str) -> Any:
        peer = Peer()
        shaken = self.gateway.connect(peer, headers=[("Host", "x"), ("host", "y")], query_string=query)
        assert (shaken.status == 101) == (shaken.connection_id is not None)
        if self.answer.error:
            assert shaken.status == 502
        elif self.answer.payload == {"statusCode": 200}:
            assert shaken.status == 101
        if shaken.connection_id is None:
            return multiple()
        self.peers[shaken.connection_id] = peer
        return shaken.connection_id

    @rule(name=ids, message=MESSAGES, frame=st.sampled_from([0, 0, 99_999]))
    def a_message_arrives(self, name: str, message: str | bytes, frame: int) -> None:
        self.attempt(name, lambda: self.gateway.message(name, message, largest_frame=frame))

    @rule(name=ids, message=MESSAGES)
    def a_message_is_sent(self, name: str, message: str | bytes) -> None:
        self.attempt(name, lambda: self.gateway.post_to_connection(name, message))

    @rule(name=ids)
    def a_function_closes(self, name: str) -> None:
        self.attempt(name, lambda: self.gateway.delete_connection(name))

    @rule(name=consumes(ids), code=st.integers(-1, 5000))
    def the_peer_closes(self, name: str, code: int) -> None:
        self.attempt(name, lambda: self.gateway.disconnect(name, code))

    @rule(name=TEXTS)
    def a_stranger_is_looked_for(self, name: str) -> None:
        self.attempt(name, lambda: self.gateway.get_connection(name))

    @invariant()
    def each_end_is_told_once_and_only_of_those_who_were_there(self) -> None:
        while self.later:
            self.later.pop()()
        there = self.gateway.connections()
        ended = [name for target, name in self.events if target == "$disconnect"]
        assert sorted(ended) == sorted(set(self.peers) - set(there))
        assert all(self.peers[name].closed is None for name in there)
        assert {name for target, name in self.events if target in ("$default", "own")} <= set(self.peers)


TestConnections = Connections.TestCase
TestConnections.settings = settings(max_examples=40, stateful_step_count=20, deadline=None, derandomize=True)
