"""What callers, views and authorizers can do to a response, to the log and to the next request: nothing."""

from __future__ import annotations

import contextlib
import copy
import enum
import gc
import json
import logging
import random
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest

from chalice import BadRequestError, Chalice, CORSConfig, Response
from chalice.payload2 import _decoded

if TYPE_CHECKING:
    from collections.abc import Callable

    RestEvent = Callable[..., dict[str, Any]]


class Kind(str, enum.Enum):
    """Text by another name, as applications keep constants."""

    PNG = "image/png"


class Disguised(str):
    """Text that says of itself to be something else."""

    __slots__ = ()

    def __str__(self) -> str:
        return "harmless"

    def __add__(self, other: object) -> str:
        return "harmless"

    __radd__ = __add__


class WithHeadersError(BadRequestError):
    """An application's own error, whose attributes are its own."""

    def __init__(self, message: str, headers: Any = None) -> None:
        super().__init__(message)
        self._headers = headers


class NoClassError(Exception):
    """An exception that cannot be asked for its class."""

    @property
    def __class__(self) -> Any:
        raise RuntimeError("no class")


class NothingError(BadRequestError):
    """An exception that cannot be asked for anything."""

    def __getattribute__(self, name: str) -> Any:
        raise RuntimeError(f"no {name}")


def odd_syntax_error() -> SyntaxError:
    error = SyntaxError("odd")
    error.filename, error.lineno, error.text, error.offset = "f", 1, "text", 10
    error.end_lineno, error.end_offset = 1, "x"  # type: ignore[assignment]
    return error


class Unguarded(logging.Handler):
    """Lets out what formatting raises, as the handler of Lambda's runtime client does."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@pytest.fixture
def log(app: Chalice) -> list[str]:
    handler = Unguarded()
    app.log = logging.Logger("unguarded")
    app.log.addHandler(handler)
    return handler.lines


def test_the_text_of_a_header_is_what_json_writes_of_it(app: Chalice, rest_event: RestEvent) -> None:
    headers = {"Content-Type": Kind.PNG, "X": [Kind.PNG]}
    app.route("/")(lambda: Response(b"\x89", headers))

    answer = app(rest_event(headers={"accept": "image/png"}), None)

    assert answer["headers"] == {"Content-Type": "image/png"}
    assert answer["multiValueHeaders"] == {"X": ["image/png"]}
    assert answer["isBase64Encoded"] is True


@pytest.mark.parametrize(
    "headers",
    [{"X": Disguised("a\r\nb: c")}, {Disguised("a\r\nb"): "c"}, {"X": [Disguised("a\nb")]}],
)
def test_text_in_disguise_breaks_no_line(app: Chalice, rest_event: RestEvent, headers: Any) -> None:
    app.route("/")(lambda: Response("", headers))

    # As it leaves: JSON writes the text itself.
    assert "\\n" not in json.dumps(app(rest_event(), None)["headers"])


@pytest.mark.parametrize("headers", [None, {"X": "a\r\nSet-Cookie: b"}, 5])
@pytest.mark.parametrize("middleware", [False, True])
def test_attributes_of_an_applications_errors_are_no_headers(
    app: Chalice, rest_event: RestEvent, headers: Any, middleware: bool
) -> None:
    @app.route("/", cors=True)
    def fail() -> None:
        raise WithHeadersError("no", headers)

    if middleware:
        app.register_middleware(lambda event, get_response: get_response(event), "http")

    answer = app(rest_event(), None)

    assert (answer["statusCode"], "X" in answer["headers"]) == (400, False)
    assert json.loads(answer["body"]) == {"Code": "WithHeadersError", "Message": "no"}


@pytest.mark.parametrize("make", [NoClassError, NothingError, odd_syntax_error])
@pytest.mark.parametrize("debug", [False, True])
def test_an_exception_that_cannot_be_looked_at_is_a_logged_500(
    app: Chalice, rest_event: RestEvent, log: list[str], make: Callable[[], Exception], debug: bool
) -> None:
    @app.route("/", cors=True)
    def fail() -> None:
        raise make()

    app.debug = debug

    answer: Any = None
    # pytest cannot look at it either.
    with contextlib.suppress(Exception):
        answer = app(rest_event(), None)

    assert answer is not None, "The exception came out of the application."
    assert (answer["statusCode"], answer["headers"]["Access-Control-Allow-Origin"]) == (500, "*")
    assert log
    assert all(line.startswith("Caught exception for path /") for line in log)


def test_what_is_logged_of_a_header_that_is_no_text_is_no_secret(
    app: Chalice, rest_event: RestEvent, log: list[str]
) -> None:
    app.route("/")(lambda: Response("", {"Set-Cookie": b"session=secret", "X": [b"secret"]}))

    assert app(rest_event(), None)["statusCode"] == 500
    assert "not bytes" in "".join(log)
    # The traceback shows the line of the source, which is nobody's secret.
    assert not any(line.endswith(("secret'.", "secret'].")) for line in log[0].splitlines())


def test_a_path_begins_no_line_of_the_log(app: Chalice, log: list[str]) -> None:
    def fail(event: Any, get_response: Callable[[Any], Any]) -> None:
        raise ValueError

    app.register_middleware(fail, "http")
    event = {
        "version": "2.0",
        "rawPath": "/x\nadmin logged in",
        "requestContext": {"http": {"method": "GET"}},
    }

    assert app(event, None)["statusCode"] == 500
    assert log[0].splitlines()[0] == r"Caught exception for path '/x\nadmin logged in'"


class Audited(Response):
    """What an application's middleware looks for."""

    auditor = "nobody"


def test_with_cors_a_response_keeps_its_class_and_what_is_written_on_it(
    app: Chalice, rest_event: RestEvent
) -> None:
    kept = Audited("", {"X": "1"})
    kept.auditor = "joe"
    app.route("/", cors=True)(lambda: kept)
    seen = []

    @app.middleware("http")
    def look(event: Any, get_response: Callable[[Any], Any]) -> Any:
        seen.append(get_response(event))
        return seen[0]

    app(rest_event(), None)

    assert isinstance(seen[0], Audited)
    assert (seen[0].auditor, seen[0] is kept, kept.headers) == ("joe", False, {"X": "1"})


def test_what_middleware_writes_on_one_answer_is_not_on_the_next(app: Chalice, rest_event: RestEvent) -> None:
    kept = Audited("", {"X": "1", "Set-Cookie": ["a=b"]})
    app.route("/")(lambda: kept)

    @app.middleware("http")
    def tell(event: Any, get_response: Callable[[Any], Any]) -> Any:
        response = get_response(event)
        response.headers["X-User"] = event.headers["user"]
        response.headers["Set-Cookie"].append("user=" + event.headers["user"])
        response.status_code += 1
        return response

    answers = [app(rest_event(headers={"user": user}), None) for user in ("ann", "bob")]

    assert [answer["headers"]["X-User"] for answer in answers] == ["ann", "bob"]
    assert answers[1]["multiValueHeaders"] == {"Set-Cookie": ["a=b", "user=bob"]}
    assert answers[1]["statusCode"] == 201


def test_a_views_own_origin_counts_in_whatever_case(app: Chalice, rest_event: RestEvent) -> None:
    own = {"access-control-allow-origin": "https://own"}
    app.route("/", cors=CORSConfig(["https://a"]))(lambda: Response("", own))

    headers = app(rest_event(headers={"origin": "https://a"}), None)["headers"]

    # Browsers refuse an answer that names two.
    assert [value for name, value in headers.items() if name.lower().endswith("-origin")] == ["https://own"]


ALLOWED = ["https://a.example", "https://b.example:8443"]


@pytest.mark.parametrize(
    "origin",
    [
        "null",
        "*",
        "",
        "http://a.example",
        "https://a.example.",
        "https://a.example/",
        "https://a.example:443",
        "https://A.example",
        "https://a.example.evil",
        "https://evil-a.example",
        "https://b.example",
        "https://a.example\n",
        " https://a.example",
        "https://a.example,https://b.example:8443",
        None,
        5,
        {},
        ["https://evil"],
    ],
)
@pytest.mark.parametrize("method", ["GET", "OPTIONS"])
def test_an_origin_that_resembles_another_is_told_nothing_and_not_cached_for_it(
    app: Chalice, rest_event: RestEvent, origin: Any, method: str
) -> None:
    app.route("/", cors=CORSConfig(ALLOWED, allow_credentials=True))(lambda: "x")

    answer = app(rest_event("/", method, headers={"Origin": origin}), None)

    assert not [name for name in answer["headers"] if name.startswith("Access-Control")]
    assert answer["headers"]["Vary"] == "Origin"


def test_a_long_query_string_takes_time_in_proportion() -> None:
    before = time.process_time()

    assert _decoded("%41" * 500_000) == "A" * 500_000

    # A quarter of a second, or a quarter of a minute when each character copies all before it.
    assert time.process_time() - before < 5


def test_the_event_loop_of_a_thread_ends_with_it(app: Chalice, rest_event: RestEvent) -> None:
    import asyncio

    loops = []

    @app.route("/")
    async def view() -> str:
        loops.append(asyncio.get_running_loop())
        return "x"

    def serve() -> None:
        app(rest_event(), None)

    for _ in range(3):
        thread = threading.Thread(target=serve)
        thread.start()
        thread.join()
    del thread
    gc.collect()

    assert [loop.is_closed() for loop in loops] == [True, True, True]


COMMON = {
    "headers": {"Content-Type": "application/json", "Origin": "https://a", "Accept": "*/*"},
    "multiValueQueryStringParameters": {"a": ["1", "2"]},
    "pathParameters": {"name": "x"},
    "body": '{"a":1}',
    "isBase64Encoded": False,
}
VERSION_1 = {
    **COMMON,
    "version": "1.0",
    "path": "/api/users/x",
    "requestContext": {"resourcePath": "$default", "httpMethod": "POST", "stage": "api"},
}
VERSION_2 = {
    **COMMON,
    "version": "2.0",
    "routeKey": "POST /users/{name}",
    "rawPath": "/users/x",
    "rawQueryString": "a=1&b=%20",
    "cookies": ["a=b"],
    "requestContext": {"http": {"method": "POST"}, "stage": "$default"},
}
BALANCER = {"requestContext": {"elb": {}}, "httpMethod": "GET", "path": "/", "headers": {"host": "x"}}
PARTS: list[Any] = [None, True, False, 0, -1.5, float("nan"), 10**40, "", "x", "\ud800", "a\r\nb: c", "a\0b"]
PARTS += ["*/*", "//", "/users/x", "/users/{name}", "/echo", "%", "%zz", "GET", "OPTIONS", "2.0", "1.0", b"x"]
PARTS += [[], {}, [None], {"a": None}, {None: 1}, ["a"], {"a": []}, "[" * 100_000, "image/png", "https://a"]
PARTS += ["$default", "POST /echo", " /echo", "====", {"name": {}}, {"name": "x"}, "application/json"]


def mutated(event: Any, rng: random.Random) -> Any:
    """Replace, remove or add parts of an event, at any depth."""
    event = copy.deepcopy(event)
    for _ in range(rng.choice([1, 1, 2, 3, 6])):
        within = event
        while isinstance(within, dict) and within:
            name = rng.choice(list(within))
            if isinstance(within[name], (dict, list)) and within[name] and rng.random() < 0.6:
                if isinstance(within[name], list):
                    within[name][0] = copy.deepcopy(rng.choice(PARTS))
                    break
                within = within[name]
                continue
            if rng.random() < 0.3:
                del within[name]
            else:
                within[name] = copy.deepcopy(rng.choice(PARTS))
            break
    return event


@pytest.mark.parametrize("middleware", [False, True])
@pytest.mark.parametrize("cors", [False, CORSConfig(["https://a", "https://b"])])
def test_an_event_that_is_almost_right_has_a_response(
    app: Chalice, rest_event: RestEvent, middleware: bool, cors: bool | CORSConfig
) -> None:
    rng = random.Random(7)  # noqa: S311  the same events each time
    app.log = logging.Logger("quiet", logging.CRITICAL + 1)
    app.api.cors = cors

    @app.route("/echo", methods=["GET", "POST"], content_types=["*/*"])
    def echo() -> Response:
        assert app.current_request is not None
        return Response(app.current_request.raw_body, {**app.current_request.headers})

    @app.route("/users/{name}", methods=["GET", "POST"], content_types=[])
    def user(name: str) -> Any:
        request = app.current_request
        assert request is not None
        return [name, request.json_body, request.query_params, request.to_dict()]

    if middleware:
        app.register_middleware(lambda event, get_response: get_response(event), "http")
    rest = rest_event("/users/{name}", "POST", **COMMON)
    statuses = set()

    for _ in range(2_000):
        answer = app(mutated(rng.choice([rest, VERSION_1, VERSION_2, BALANCER]), rng), None)
        # As Lambda's own client writes it.
        json.dumps(answer, ensure_ascii=False).encode("utf-8")
        statuses.add(answer["statusCode"])
        lists = answer.get("multiValueHeaders", {})
        pairs = [*answer["headers"].items(), *((name, one) for name in lists for one in lists[name])]
        assert not any({"\r", "\n", "\0"} & {*name, *value} for name, value in pairs)

    assert statuses >= {200, 400, 404, 405, 500}
    assert list(app.routes) == ["/echo", "/users/{name}"]
