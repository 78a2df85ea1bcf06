"""Requests of HTTP APIs, in both versions of their payload, and of function URLs."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import parse_qs, quote, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalice import Chalice, CORSConfig, IAMAuthorizer, NotFoundError, Response
from chalice._matching import match, without_stage
from chalice.payload2 import _decoded, answer_with

if TYPE_CHECKING:
    from collections.abc import Callable

    RestEvent = Callable[..., dict[str, Any]]


class HttpEvent(Protocol):
    def __call__(self, path: str = "/", method: str = "GET", **parts: Any) -> dict[str, Any]: ...


@pytest.fixture
def http_event() -> HttpEvent:
    """Build an event of version 2.0 as a function URL sends it; keyword arguments replace its parts.

    See https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html
    """

    def build(
        path: str = "/", method: str = "GET", *, stage: str = "$default", **parts: Any
    ) -> dict[str, Any]:
        return {
            "version": "2.0",
            "routeKey": "$default",
            "rawPath": path,
            "rawQueryString": "",
            "headers": {"accept": "*/*", "host": "abc.lambda-url.eu-west-1.on.aws"},
            "requestContext": {
                "accountId": "123456789012",
                "apiId": "abc",
                "domainName": "abc.lambda-url.eu-west-1.on.aws",
                "http": {
                    "method": method,
                    "path": path,
                    "protocol": "HTTP/1.1",
                    "sourceIp": "192.0.2.1",
                    "userAgent": "curl",
                },
                "requestId": "id",
                "routeKey": "$default",
                "stage": stage,
                "time": "12/Mar/2020:19:03:58 +0000",
                "timeEpoch": 1583348638390,
            },
            "isBase64Encoded": False,
            **parts,
        }

    return build


def body(answer: dict[str, Any]) -> Any:
    return json.loads(answer["body"])


class TestAnswers:
    def test_a_value_is_json_in_the_form_of_version_2(self, app: Chalice, http_event: HttpEvent) -> None:
        app.route("/")(lambda: {"a": 1})

        assert app(http_event(), None) == {
            "statusCode": 200,
            "headers": {"Content-Type": "application/json"},
            "body": '{"a":1}',
            "isBase64Encoded": False,
        }

    def test_cookies_have_a_list_of_their_own_and_other_values_are_joined(
        self, app: Chalice, http_event: HttpEvent
    ) -> None:
        headers = {
            "content-type": "text/x",
            "Set-cookie": ["a=1; Path=/", "b=2"],
            "Vary": ["A", "B"],
            "X": "1",
        }
        app.route("/")(lambda: Response("", headers, 201))

        answer = app(http_event(), None)

        assert answer["cookies"] == ["a=1; Path=/", "b=2"]
        assert answer["headers"] == {"content-type": "text/x", "X": "1", "Vary": "A, B"}
        assert answer["statusCode"] == 201

    def test_one_cookie_is_a_cookie_too(self, app: Chalice, http_event: HttpEvent) -> None:
        app.route("/")(lambda: Response("", {"Set-Cookie": "a=1"}))

        answer = app(http_event(), None)

        assert (answer["cookies"], answer["headers"]) == (["a=1"], {"Content-Type": "application/json"})

    def test_a_binary_body_is_base64(self, app: Chalice, http_event: HttpEvent) -> None:
        app.route("/")(lambda: Response(b"\xff", {"Content-Type": "image/png"}))

        answer = app(http_event(), None)

        assert (answer["isBase64Encoded"], base64.b64decode(answer["body"])) == (True, b"\xff")

    def test_errors_are_those_of_every_request(
        self, app: Chalice, http_event: HttpEvent, caplog: pytest.LogCaptureFixture
    ) -> None:
        @app.route("/missing", cors=True)
        def missing() -> None:
            raise NotFoundError("gone")

        @app.route("/broken/{what}")
        def broken(what: str) -> None:
            raise LookupError(what)

        answers = [app(http_event(path), None) for path in ("/missing", "/broken/x")]

        assert [answer["statusCode"] for answer in answers] == [404, 500]
        assert body(answers[0]) == {"Code": "NotFoundError", "Message": "gone"}
        assert answers[0]["headers"]["Access-Control-Allow-Origin"] == "*"
        assert caplog.messages == ["Caught exception for path /broken/{what}"]

    def test_a_path_without_a_view_is_404_and_a_method_405(self, app: Chalice, http_event: HttpEvent) -> None:
        app.route("/a", methods=["GET", "PUT"])(lambda: None)

        answers = [app(http_event("/b"), None), app(http_event("/a", "POST"), None)]

        assert [answer["statusCode"] for answer in answers] == [404, 405]
        assert body(answers[0])["Code"] == "NotFoundError"
        assert body(answers[1]) == {
            "Code": "MethodNotAllowedError",
            "Message": "Unsupported method: POST",
        }
        assert answers[1]["headers"]["Allow"] == "GET, PUT"
        assert list(app.routes) == ["/a"]

    def test_middleware_runs_around_the_view(self, app: Chalice, http_event: HttpEvent) -> None:
        app.route("/{a}")(lambda a: a)
        paths = []

        @app.middleware("http")
        def watch(event: Any, get_response: Any) -> Any:
            paths.append(event.path)
            return get_response(event)

        app(http_event("/x"), None)
        app(http_event("/x/y"), None)

        assert paths == ["/{a}", "/x/y"]

    def test_a_view_may_await(self, app: Chalice, http_event: HttpEvent) -> None:
        @app.route("/")
        async def view() -> str:
            return "awaited"

        assert app(http_event(), None)["body"] == "awaited"


class TestOneFunctionForAll:
    """How a family answers the requests of a function's own URL."""

    def test_it_is_given_the_request_whatever_is_asked_for(self, app: Chalice, http_event: HttpEvent) -> None:
        app.route("/other")(lambda: "not this one")

        answer = answer_with(
            app._dispatcher, lambda request: [request.method, request.path], http_event("/other", "PUT"), "c"
        )

        assert (answer["statusCode"], answer["body"]) == (200, '["PUT","/other"]')
        assert app.lambda_context == "c"

    def test_its_errors_are_responses(self, app: Chalice, http_event: HttpEvent) -> None:
        def refuse(request: Any) -> None:
            raise NotFoundError(request.path)

        answer = answer_with(app._dispatcher, refuse, http_event("/x"), None)

        assert (answer["statusCode"], body(answer)["Message"]) == (404, "/x")

    def test_middleware_runs_around_it(self, app: Chalice, http_event: HttpEvent) -> None:
        @app.middleware("http")
        def shout(request: Any, get_response: Any) -> Any:
            response = get_response(request)
            response.body = response.body.upper()
            return response

        answer = answer_with(app._dispatcher, lambda request: request.path, http_event("/x"), None)

        assert answer["body"] == "/X"

    @pytest.mark.parametrize("event", [None, {}, {"requestContext": {"http": {}}}, {"rawPath": "/"}, "GET /"])
    def test_what_is_no_request_does_not_reach_it(self, app: Chalice, event: Any) -> None:
        def never(request: Any) -> None:
            raise AssertionError(request)

        assert answer_with(app._dispatcher, never, event, None)["statusCode"] == 500


class TestRequests:
    def test_it_has_the_attributes_of_every_request(self, app: Chalice, http_event: HttpEvent) -> None:
        app.route("/users/{name}", methods=["PUT"])(lambda name: name)
        event = http_event(
            "/users/x",
            "PUT",
            stageVariables={"v": "1"},
            headers={"Content-Type": "application/json"},
            body="[1]",
        )

        app(event, "context")

        request = app.current_request
        assert request is not None
        assert (request.method, request.path, request.uri_params) == ("PUT", "/users/{name}", {"name": "x"})
        assert (request.stage_vars, request.json_body, request.raw_body) == ({"v": "1"}, [1], b"[1]")
        assert request.context is event["requestContext"]
        assert request.to_original_event() is event
        assert request.lambda_context == app.lambda_context == "context"
        assert request.query_params is None
        assert json.loads(json.dumps(request.to_dict()))["path"] == "/users/{name}"

    def test_a_body_may_be_base64(self, app: Chalice, http_event: HttpEvent) -> None:
        app.route("/", methods=["POST"])(
            lambda: list(app.current_request.raw_body if app.current_request else b"")
        )

        event = http_event("/", "POST", body=base64.b64encode(b"\xff\x00").decode(), isBase64Encoded=True)

        assert body(app(event, None)) == [255, 0]

    def test_every_value_of_the_query_string_is_there(self, app: Chalice, http_event: HttpEvent) -> None:
        app.route("/")(lambda: None)

        app(http_event(rawQueryString="a=1&a=2,3&b=&c&d=%C3%BC+x%2by&&=e"), None)

        query = app.current_request.query_params if app.current_request else None
        assert query is not None
        assert {name: query.getlist(name) for name in query} == {
            "a": ["1", "2,3"],
            "b": [""],
            "c": [""],
            "d": ["ü x+y"],
            "": ["e"],
        }

    def test_cookies_are_a_header_as_elsewhere(self, app: Chalice, http_event: HttpEvent) -> None:
        app.route("/")(lambda: app.current_request.headers.get("cookie") if app.current_request else None)

        answers = [
            app(http_event(cookies=["a=1", "b=2"]), None)["body"],
            app(http_event(cookies=["a=1"], headers={"Cookie": "a=1"}), None)["body"],
            app(http_event(), None)["body"],
        ]

        assert answers == ["a=1; b=2", "a=1", "null"]

    @pytest.mark.parametrize(
        "change",
        [
            {"requestContext": None},
            {"requestContext": {}},
            {"requestContext": {"http": {"method": ["GET"]}}},
            {"rawPath": None},
            {"headers": "text"},
            {"cookies": 7},
            {"rawQueryString": 7},
            {"routeKey": None},
            {"version": "3.0"},
        ],
    )
    def test_an_event_that_is_not_quite_one_is_answered(
        self, app: Chalice, http_event: HttpEvent, change: dict[str, Any]
    ) -> None:
        app.route("/")(lambda: "x")

        answer = app(http_event(**change), None)

        assert (answer["statusCode"], body(answer)["Message"]) == (500, "Unknown request.")
        assert app.current_request is None

    @given(pairs=st.lists(st.tuples(st.text(min_size=1), st.text()), max_size=4))
    def test_query_strings_are_decoded_as_the_standard_library_does(
        self, pairs: list[tuple[str, str]]
    ) -> None:
        text = urlencode(pairs, errors="replace")

        ours = [tuple(map(_decoded, pair.split("="))) for pair in text.split("&") if pair]

        theirs = parse_qs(text, keep_blank_values=True)
        assert [value for name, value in ours] == [theirs[name].pop(0) for name, _ in ours if theirs[name]]

    @pytest.mark.parametrize(
        ("text", "decoded"), [("%", "%"), ("%4", "%4"), ("%zz%41", "%zzA"), ("%+1", "% 1"), ("%ff", "\ufffd")]
    )
    def test_what_is_not_properly_encoded_stays_readable(self, text: str, decoded: str) -> None:
        assert _decoded(text) == decoded


class TestMatching:
    @pytest.fixture
    def routed(self, app: Chalice) -> Chalice:
        def show(**captured: str) -> list[Any]:
            assert app.current_request is not None
            return [app.current_request.path, captured]

        for path in (
            "/",
            "/users",
            "/users/me",
            "/users/{name}",
            "/users/{name}/orders",
            "/{kind}/me/orders",
            "/files/{proxy+}",
        ):
            app.route(path)(show)
        app.route("/{any+}", methods=["DELETE"])(show)

        @app.route("/deep/{rest+}")
        def deep(rest: str) -> list[str]:
            return [rest]

        return app

    @pytest.mark.parametrize(
        ("path", "route", "captured"),
        [
            ("/", "/", {}),
            ("", "/", {}),
            ("/users", "/users", {}),
            ("/users/", "/users", {}),
            ("/users/me", "/users/me", {}),
            ("/users/x", "/users/{name}", {"name": "x"}),
            ("/users/a%2Fb%20c", "/users/{name}", {"name": "a%2Fb%20c"}),
            ("/users/me/orders", "/users/{name}/orders", {"name": "me"}),
            ("/shops/me/orders", "/{kind}/me/orders", {"kind": "shops"}),
            ("/files/a/b", "/files/{proxy+}", {}),
        ],
    )
    def test_the_most_specific_route_answers(
        self, routed: Chalice, http_event: HttpEvent, path: str, route: str, captured: dict[str, str]
    ) -> None:
        assert body(routed(http_event(path), None)) == [route, captured]

    def test_a_route_without_the_method_leaves_it_to_a_less_specific_one(
        self, routed: Chalice, http_event: HttpEvent
    ) -> None:
        answers = [routed(http_event("/users/me", method), None) for method in ("DELETE", "PUT")]

        assert body(answers[0])[0] == "/{any+}"
        assert (answers[1]["statusCode"], answers[1]["headers"]["Allow"]) == (405, "GET")

    @pytest.mark.parametrize("path", ["/nothing", "/users//orders", "/files"])
    def test_a_path_that_only_another_method_has_is_405(
        self, routed: Chalice, http_event: HttpEvent, path: str
    ) -> None:
        answer = routed(http_event(path), None)

        assert (answer["statusCode"], answer["headers"]["Allow"]) == (405, "DELETE")

    def test_an_application_without_routes_has_no_path(self) -> None:
        assert match({}, "/users", "GET") == (None, None, None)

    def test_a_greedy_parameter_takes_segments_as_they_were_sent(
        self, routed: Chalice, http_event: HttpEvent
    ) -> None:
        assert body(routed(http_event("/deep/a/b%2Fc/"), None)) == ["a/b%2Fc"]

    @pytest.mark.parametrize(
        ("stage", "path", "inner"),
        [
            ("dev", "/dev/users", "/users"),
            ("dev", "/dev", "/"),
            ("dev", "/dev/", "/"),
            ("dev", "/developers", "/developers"),
            ("dev", "/users", "/users"),
            ("$default", "/dev/users", "/dev/users"),
            (None, "/None/users", "/None/users"),
        ],
    )
    def test_a_named_stage_is_no_part_of_the_path(self, stage: str | None, path: str, inner: str) -> None:
        assert without_stage(path, stage) == inner

    def test_the_stage_of_an_event_is_removed(self, routed: Chalice, http_event: HttpEvent) -> None:
        assert body(routed(http_event("/dev/users/me", stage="dev"), None)) == ["/users/me", {}]

    @pytest.mark.parametrize("key", ["GET /users/{name}", "ANY /users/{name}"])
    def test_a_route_that_the_api_has_too_is_taken_at_its_word(
        self, routed: Chalice, http_event: HttpEvent, key: str
    ) -> None:
        event = http_event("/base/users/x y", routeKey=key, pathParameters={"name": "x y"})

        assert body(routed(event, None)) == ["/users/{name}", {"name": "x y"}]

    def test_another_route_of_the_api_leads_to_the_path(self, routed: Chalice, http_event: HttpEvent) -> None:
        event = http_event("/users/x", routeKey="ANY /{proxy+}", pathParameters={"proxy": "users/x"})

        assert body(routed(event, None)) == ["/users/{name}", {"name": "x"}]

    def test_routes_that_are_added_later_are_found(self, app: Chalice, http_event: HttpEvent) -> None:
        app.route("/a")(lambda: "a")
        before = app(http_event("/b"), None)["statusCode"]
        app.route("/b")(lambda: "b")

        assert (before, app(http_event("/b"), None)["body"]) == (404, "b")

    @given(
        segments=st.lists(st.sampled_from(["a", "b", "{x}", "{y}"]), max_size=4),
        asked=st.lists(st.sampled_from(["a", "b", "c"]), max_size=4),
    )
    def test_a_route_matches_what_fits_it_and_nothing_else(
        self, segments: list[str], asked: list[str]
    ) -> None:
        app = Chalice("matched", configure_logs=False, env={})
        path = "/" + "/".join(segments)
        app.route(path)(lambda: None)

        found, _, entry = match(app.routes, "/" + "/".join(map(quote, asked)), "GET")

        fits = len(segments) == len(asked) and all(
            one.startswith("{") or one == other for one, other in zip(segments, asked, strict=False)
        )
        assert (found == path) == (entry is not None) == fits


class TestPreflights:
    def test_an_api_that_sends_them_here_gets_an_answer(self, app: Chalice, http_event: HttpEvent) -> None:
        app.route("/a", methods=["GET", "PUT"], cors=CORSConfig(max_age=5))(lambda: None)
        app.route("/a", methods=["POST"])(lambda: None)

        answer = app(http_event("/a", "OPTIONS"), None)

        assert (answer["statusCode"], answer["body"]) == (200, "")
        assert answer["headers"]["Access-Control-Allow-Methods"] == "GET,PUT,OPTIONS"
        assert answer["headers"]["Access-Control-Allow-Origin"] == "*"
        assert answer["headers"]["Access-Control-Max-Age"] == "5"

    def test_a_view_of_the_applications_own_comes_first(self, app: Chalice, http_event: HttpEvent) -> None:
        app.route("/a", cors=True)(lambda: None)
        app.route("/a", methods=["OPTIONS"])(lambda: "own")

        assert app(http_event("/a", "OPTIONS"), None)["body"] == "own"

    def test_without_cors_there_is_none(self, app: Chalice, http_event: HttpEvent) -> None:
        app.route("/a")(lambda: None)

        assert app(http_event("/a", "OPTIONS"), None)["statusCode"] == 405


class TestCallersThatNobodyChecked:
    """REST APIs ask for authorizers and API keys by themselves; the others only what they are told to."""

    @pytest.fixture
    def guarded(self, app: Chalice) -> Chalice:
        app.route("/key", api_key_required=True)(lambda: "secret")
        app.route("/iam", authorizer=IAMAuthorizer(), cors=True)(lambda: "secret")
        app.route("/open", api_key_required=False)(lambda: "open")
        return app

    def test_they_do_not_reach_a_view_that_wants_an_authorizer(
        self, guarded: Chalice, http_event: HttpEvent
    ) -> None:
        for route in ("$default", "GET /iam"):
            answer = guarded(http_event("/iam", routeKey=route), None)

            assert (answer["statusCode"], body(answer)["Code"]) == (403, "ForbiddenError")
            assert "the authorizer 'sigv4'" in body(answer)["Message"]
            assert answer["headers"]["Access-Control-Allow-Origin"] == "*"

    def test_nor_one_that_wants_an_api_key(self, guarded: Chalice, http_event: HttpEvent) -> None:
        answer = guarded(http_event("/key"), None)

        assert (answer["statusCode"], body(answer)["Code"]) == (403, "ForbiddenError")
        assert "an API key" in body(answer)["Message"]

    def test_other_views_answer_everybody(self, guarded: Chalice, http_event: HttpEvent) -> None:
        assert guarded(http_event("/open"), None)["body"] == "open"
        assert guarded(http_event("/iam", "OPTIONS"), None)["statusCode"] == 200

    @pytest.mark.parametrize(
        ("authorizer", "status"),
        [
            ({"iam": {"userArn": "arn:aws:iam::123456789012:user/joe"}}, 200),
            ({"jwt": {"claims": {"sub": "joe"}, "scopes": None}}, 200),
            ({"lambda": {"level": "3"}}, 200),
            ({}, 403),
            (None, 403),
            ("joe", 403),
        ],
    )
    def test_whom_the_api_has_checked_is_let_in(
        self, guarded: Chalice, http_event: HttpEvent, authorizer: Any, status: int
    ) -> None:
        event = http_event("/iam")
        event["requestContext"]["authorizer"] = authorizer

        assert guarded(event, None)["statusCode"] == status

    @pytest.mark.parametrize(
        ("parts", "status"),
        [
            ({}, 403),
            # What a HTTP API sends of a route without an authorizer.
            ({"authorizer": {"claims": None, "scopes": None}, "identity": {"userArn": None}}, 403),
            ({"authorizer": {"claims": {"sub": "joe"}, "scopes": None}}, 200),
            ({"authorizer": None, "identity": {"userArn": "arn:aws:iam::123456789012:user/joe"}}, 200),
            ({"identity": "joe"}, 403),
        ],
    )
    @pytest.mark.parametrize("resource", ["$default", "/iam"])
    def test_version_1_says_it_in_its_own_way(
        self, guarded: Chalice, rest_event: RestEvent, parts: dict[str, Any], status: int, resource: str
    ) -> None:
        event = rest_event(resource, version="1.0", path="/iam")
        event["requestContext"] |= parts

        assert guarded(event, None)["statusCode"] == status


class TestVersion1:
    """What a HTTP API sends that is set to version 1.0."""

    @pytest.fixture
    def event(self, rest_event: RestEvent) -> Any:
        def build(path: str, resource: str, method: str = "GET", stage: str = "$default") -> dict[str, Any]:
            event = rest_event(resource, method, version="1.0", path=path)
            event["requestContext"]["stage"] = stage
            return event

        return build

    def test_a_route_of_the_api_is_the_applications(self, app: Chalice, event: Any) -> None:
        app.route("/users/{name}")(lambda name: name)

        answer = app({**event("/users/x", "/users/{name}"), "pathParameters": {"name": "x"}}, None)

        assert answer == {"headers": {}, "multiValueHeaders": {}, "statusCode": 200, "body": "x"}

    @pytest.mark.parametrize("resource", ["$default", "/{proxy+}"])
    def test_any_other_leads_to_the_path(self, app: Chalice, event: Any, resource: str) -> None:
        @app.route("/users/{name}")
        def user(name: str) -> Any:
            assert app.current_request is not None
            return [name, app.current_request.path, app.current_request.uri_params]

        sent = event("/dev/users/x", resource, stage="dev")
        before = json.dumps(sent)

        assert body(app(sent, None)) == ["x", "/users/{name}", {"name": "x"}]
        assert json.dumps(sent) == before

    def test_what_has_no_view_is_404_or_405_and_preflights_are_answered(
        self, app: Chalice, event: Any
    ) -> None:
        app.route("/a", cors=True)(lambda: None)

        answers = [
            app(event(path, "$default", method), None)
            for path, method in (("/b", "GET"), ("/a", "PUT"), ("/a", "OPTIONS"))
        ]

        assert [answer["statusCode"] for answer in answers] == [404, 405, 200]
        assert answers[2]["headers"]["Access-Control-Allow-Methods"] == "GET,OPTIONS"
        assert app.current_request is not None
        assert app.current_request.path == "/a"
