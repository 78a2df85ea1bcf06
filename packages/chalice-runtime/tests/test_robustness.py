"""Events and views as nobody means them: the caller gets a response all the same."""

from __future__ import annotations

import asyncio
import base64
import json
import logging
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from chalice import Chalice, ChaliceViewError, CORSConfig, Response

if TYPE_CHECKING:
    from collections.abc import Callable

    RestEvent = Callable[..., dict[str, Any]]

JSON = {"content-type": "application/json"}
DEEP = "[" * 100_000
BROKEN = "\ud800"

# Any JSON, texts with half a surrogate pair, line breaks and null characters included.
TEXTS = st.text(alphabet=st.characters(exclude_categories=()), max_size=8) | st.sampled_from(
    [BROKEN, "a\r\nb: c", "a\0b", "", "*/*", "application/json", DEEP, "%", "null"]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)
HEADERS = VALUES | st.dictionaries(
    st.sampled_from(
        ["content-type", "Content-Type", "Accept", "origin", "access-control-request-method", "x"]
    ),
    VALUES | st.sampled_from(["application/json", "image/png", "https://a", "GET"]),
)
PATHS = st.sampled_from(["/", "/echo", "/users/{name}", "/files/{proxy+}", "/none", "$default"])
METHODS = st.sampled_from(["GET", "POST", "PUT", "OPTIONS"])
BODIES = VALUES | st.sampled_from(
    ["{}", DEEP, base64.b64encode(b'\xff"').decode(), '{"a":1,"a":2}', "1" * 5000]
)
COMMON = {
    "headers": HEADERS,
    "pathParameters": VALUES
    | st.fixed_dictionaries({"name": VALUES})
    | st.fixed_dictionaries({"proxy": VALUES}),
    "multiValueQueryStringParameters": VALUES
    | st.dictionaries(TEXTS, st.lists(VALUES, max_size=2), max_size=2),
    "stageVariables": VALUES,
    "body": BODIES,
    "isBase64Encoded": st.booleans() | VALUES,
    "version": st.sampled_from(["1.0", "2.0"]) | VALUES,
    "path": TEXTS | VALUES,
}
REST_EVENTS = st.fixed_dictionaries(
    {
        "requestContext": st.fixed_dictionaries(
            {"resourcePath": PATHS | VALUES, "httpMethod": METHODS | VALUES}, optional={"stage": VALUES}
        )
        | VALUES
    },
    optional=COMMON,
)
HTTP_EVENTS = st.fixed_dictionaries(
    {
        "version": st.just("2.0"),
        "rawPath": st.sampled_from(["/", "/echo", "/users/x", "/users/x%2fy/", "/files/a/b"]) | TEXTS,
        "requestContext": st.fixed_dictionaries(
            {"http": st.fixed_dictionaries({"method": METHODS | VALUES}) | VALUES}, optional={"stage": VALUES}
        ),
    },
    optional={
        **{name: values for name, values in COMMON.items() if name != "version"},
        "routeKey": st.sampled_from(["$default", "GET /", "ANY /users/{name}"]) | VALUES,
        "rawQueryString": st.sampled_from(["a=1&a=%zz", "&&", "=", "%"]) | TEXTS,
        "cookies": st.lists(TEXTS, max_size=2) | VALUES,
    },
)


def make(*, middleware: bool) -> Chalice:
    app = Chalice("fuzzed", configure_logs=False, env={})
    app.log.setLevel(logging.CRITICAL + 1)
    app.api.cors = CORSConfig(allow_origin=["https://a", "https://b"])
    methods = ["GET", "POST"]

    @app.route("/", methods=methods)
    def whole() -> Any:
        assert app.current_request is not None
        return app.current_request.to_dict()

    @app.route("/echo", methods=methods, content_types=["*/*"])
    def echo() -> Any:
        request = app.current_request
        assert request is not None
        headers: Any = {"Content-Type": request.headers.get("accept", "image/png"), **request.headers}
        return Response(request.raw_body, headers=headers)

    @app.route("/users/{name}", methods=methods, content_types=[])
    def user(name: str) -> Any:
        assert app.current_request is not None
        return [name, app.current_request.json_body, app.current_request.query_params]

    @app.route("/files/{proxy+}", methods=methods, content_types=[], cors=True)
    def files(proxy: str) -> Any:
        return proxy

    if middleware:
        app.register_middleware(lambda event, get_response: get_response(event))
    return app


def check(answer: Any) -> None:
    """Check that Lambda can send an answer, and that API Gateway takes it for one response."""
    # As Lambda's own client writes it.
    json.dumps(answer, ensure_ascii=False).encode("utf-8")
    assert type(answer["statusCode"]) is int
    assert 100 <= answer["statusCode"] <= 599
    assert isinstance(answer["body"], str)
    several = [
        (name, value) for name, values in answer.get("multiValueHeaders", {}).items() for value in values
    ]
    for name, value in [*answer["headers"].items(), *several]:
        assert isinstance(name, str)
        assert isinstance(value, str)
        assert not {"\r", "\n", "\0"} & {*name, *value}
    assert all(isinstance(cookie, str) for cookie in answer.get("cookies", []))
    if answer.get("isBase64Encoded"):
        base64.b64decode(answer["body"], validate=True)


@pytest.mark.parametrize("middleware", [False, True])
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@example(
    event={"requestContext": {"resourcePath": "$default", "httpMethod": []}, "version": "1.0", "path": ""}
)
@given(event=VALUES | REST_EVENTS | HTTP_EVENTS)
def test_whatever_the_event_there_is_a_response(middleware: bool, event: Any) -> None:
    app = make(middleware=middleware)
    routes = {path: list(methods) for path, methods in app.routes.items()}

    answer = app(event, None)

    check(answer)
    assert {path: list(methods) for path, methods in app.routes.items()} == routes
    assert app.log.level == logging.CRITICAL + 1


class TextsError(ChaliceViewError):
    """An error whose status and text are whatever a test says."""

    def __init__(self, status: Any, text: Any) -> None:
        self.STATUS_CODE = status  # type: ignore[misc]
        self.text = text

    def __str__(self) -> str:
        return self.text  # type: ignore[no-any-return]


# What a view may return without meaning to.
RESULTS = (
    VALUES
    | st.binary(max_size=8)
    | st.builds(
        Response,
        VALUES | st.binary(max_size=8),
        VALUES
        | st.dictionaries(
            st.sampled_from(["Content-Type", "Vary", "Set-Cookie", "a\r\nb", "a\0", BROKEN]) | TEXTS,
            VALUES | st.sampled_from(["image/png", "text/plain"]),
        ),
        st.integers() | st.sampled_from([200, 204, 418, "201", "x", None, float("nan")]),
    )
)


@settings(max_examples=400, deadline=None)
@given(
    result=RESULTS,
    error=st.booleans(),
    cors=st.sampled_from([False, True]),
    types=st.sampled_from([None, ["*/*"], ["application/json"]]),
    middleware=st.booleans(),
    debug=st.booleans(),
)
@example(
    result=Response(b"", {BROKEN: []}), error=False, cors=False, types=None, middleware=False, debug=False
)
@example(
    result=Response("", {"a\r\nb": ()}), error=False, cors=False, types=None, middleware=False, debug=False
)
def test_whatever_a_view_returns_or_raises_there_is_a_response(
    result: Any, error: bool, cors: bool, types: Any, middleware: bool, debug: bool
) -> None:
    app = Chalice("fuzzed", configure_logs=False, env={})
    app.debug = debug
    app.log.setLevel(logging.CRITICAL + 1)
    app.api.binary_types = types or app.api.binary_types

    @app.route("/", cors=cors)
    def view() -> Any:
        if error:
            raise TextsError(getattr(result, "status_code", 400), getattr(result, "body", result))
        return result

    if middleware:
        app.register_middleware(lambda event, get_response: get_response(event))
    event = {"requestContext": {"resourcePath": "/", "httpMethod": "GET"}, "headers": {"accept": "*/*"}}

    answer = app(event, None)

    check(answer)
    # Unless the view has said something itself.
    assert not cors or answer["headers"].get("Access-Control-Allow-Origin") == "*"


@pytest.mark.parametrize("body", [DEEP, DEEP.replace("[", '{"a":'), "1" * 5000, "\xff", "{", BROKEN])
@pytest.mark.parametrize("encoded", [False, True])
def test_json_that_cannot_be_read_is_a_bad_request(
    app: Chalice, rest_event: RestEvent, body: str, encoded: bool
) -> None:
    app.route("/", methods=["POST"])(lambda: app.current_request.json_body if app.current_request else None)
    if encoded:
        body = base64.b64encode(body.encode("utf-8", "surrogatepass")).decode()

    answer = app(rest_event("/", "POST", headers=JSON, body=body, isBase64Encoded=encoded), None)

    assert (answer["statusCode"], json.loads(answer["body"])["Message"]) == (400, "Error Parsing JSON")


def test_of_a_key_that_comes_twice_the_last_counts(app: Chalice, rest_event: RestEvent) -> None:
    app.route("/", methods=["POST"])(lambda: app.current_request.json_body if app.current_request else None)

    answer = app(rest_event("/", "POST", headers=JSON, body='{"a":1,"a":2}'), None)

    assert answer["body"] == '{"a":2}'


def test_a_megabyte_goes_through(app: Chalice, rest_event: RestEvent) -> None:
    app.route("/", methods=["POST"])(lambda: app.current_request.json_body if app.current_request else None)
    sent = json.dumps(["x" * 1000] * 1000, separators=(",", ":"))

    assert app(rest_event("/", "POST", headers=JSON, body=sent), None)["body"] == sent


@pytest.mark.parametrize("name", ["Origin", "Accept", "Content-Type"])
def test_a_request_header_cannot_break_a_line_of_the_response(
    app: Chalice, rest_event: RestEvent, name: str
) -> None:
    app.route("/", content_types=["*/*"], cors=CORSConfig(allow_origin=["https://a"]))(lambda: "x")

    answer = app(rest_event(headers={name: "https://a\r\nSet-Cookie: b"}), None)

    check(answer)
    assert "Set-Cookie" not in json.dumps(answer["headers"])


@pytest.mark.parametrize("exception", [SystemExit, KeyboardInterrupt])
def test_what_ends_a_process_is_not_kept_from_it(
    app: Chalice, rest_event: RestEvent, exception: type[BaseException]
) -> None:
    @app.route("/")
    def leave() -> None:
        raise exception

    with pytest.raises(exception):
        app(rest_event(), None)


def test_a_cancelled_task_is_an_error_of_the_view(
    app: Chalice, rest_event: RestEvent, caplog: pytest.LogCaptureFixture
) -> None:
    @app.route("/")
    async def cancelled() -> None:
        task = asyncio.ensure_future(asyncio.sleep(60))
        task.cancel()
        await task

    assert app(rest_event(), None)["statusCode"] == 500
    assert "was cancelled" in caplog.text


@pytest.mark.parametrize(
    ("status", "text", "why"),
    [
        (404, None, "__str__ returned non-string"),
        (0, "x", "0 is not an HTTP status"),
        ("x", "x", "invalid literal"),
        (None, "x", "int()"),
    ],
)
def test_a_view_error_whose_text_or_status_is_none_is_an_unexpected_exception(
    app: Chalice, rest_event: RestEvent, caplog: pytest.LogCaptureFixture, status: Any, text: Any, why: str
) -> None:
    @app.route("/", cors=True)
    def fail() -> None:
        raise TextsError(status, text)

    answer = app(rest_event(), None)

    assert (answer["statusCode"], answer["headers"]["Access-Control-Allow-Origin"]) == (500, "*")
    assert why in caplog.text


def test_a_traceback_that_has_no_utf_8_is_shown_escaped(rest_event: RestEvent) -> None:
    app = Chalice("escaped", debug=True, configure_logs=False, env={})
    # What collects logs could not write it either.
    app.log.disabled = True

    @app.route("/")
    def fail() -> None:
        raise ValueError(BROKEN)

    answer = app(rest_event(), None)

    check(answer)
    assert "\\ud800" in answer["body"]


@pytest.mark.parametrize(
    "result",
    [
        BROKEN,
        Response(BROKEN),
        Response("", {"X": BROKEN}),
        Response("", {"X": "a\0b"}),
        Response("", {BROKEN: "x"}),
        Response("", {1: "x"}),  # type: ignore[dict-item]
        Response("", status_code=99),
        Response("", status_code=600),
        Response("", status_code="x"),  # type: ignore[arg-type]
        Response("", headers=["x"]),  # type: ignore[arg-type]
    ],
)
def test_what_lambda_or_api_gateway_would_choke_on_is_a_logged_500(
    app: Chalice, rest_event: RestEvent, caplog: pytest.LogCaptureFixture, result: Any
) -> None:
    app.route("/")(lambda: result)

    assert app(rest_event(), None)["statusCode"] == 500
    assert caplog.messages == ["Caught exception for path /"]
