"""Routes that several sites may call; what one site is told is among the tests of dispatch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from chalice import Chalice, CORSConfig, NotFoundError, Response

if TYPE_CHECKING:
    from collections.abc import Callable

    RestEvent = Callable[..., dict[str, Any]]

A, B = "https://a.example", "https://b.example"
SEVERAL = CORSConfig(allow_origin=[A, B], allow_credentials=True, max_age=7)


@pytest.fixture
def shared(app: Chalice) -> Chalice:
    """An application that two sites may call."""
    app.api.cors = SEVERAL
    app.route("/", methods=["GET", "PUT"])(lambda: "ok")

    @app.route("/missing")
    def missing() -> None:
        raise NotFoundError("gone")

    @app.route("/broken")
    def broken() -> None:
        raise LookupError("why")

    return app


@pytest.mark.parametrize("name", ["origin", "Origin"])
@pytest.mark.parametrize("origin", [A, B])
def test_a_listed_site_is_told_about_itself(
    shared: Chalice, rest_event: RestEvent, name: str, origin: str
) -> None:
    headers = shared(rest_event(headers={name: origin}), None)["headers"]

    assert headers["Access-Control-Allow-Origin"] == origin
    assert headers["Access-Control-Allow-Credentials"] == "true"
    assert headers["Vary"] == "Origin"


@pytest.mark.parametrize("origin", ["https://c.example", "", "null", A.upper(), f"{A}/", f"{A},{B}"])
def test_another_site_is_told_nothing(shared: Chalice, rest_event: RestEvent, origin: str) -> None:
    answers = [
        shared(rest_event(method=method, headers={"Origin": origin}), None) for method in ("GET", "OPTIONS")
    ]

    # What caches keep still depends on who asked.
    assert [answer["headers"] for answer in answers] == [{"Vary": "Origin"}] * 2


@pytest.mark.parametrize("headers", [None, {}, {"Accept": "*/*"}])
def test_neither_is_a_caller_that_is_no_site(shared: Chalice, rest_event: RestEvent, headers: Any) -> None:
    assert shared(rest_event(headers=headers), None)["headers"] == {"Vary": "Origin"}


@pytest.mark.parametrize(("path", "status"), [("/missing", 404), ("/broken", 500)])
def test_errors_say_it_too(shared: Chalice, rest_event: RestEvent, path: str, status: int) -> None:
    answer = shared(rest_event(path, headers={"Origin": B}), None)

    assert (answer["statusCode"], answer["headers"]["Access-Control-Allow-Origin"]) == (status, B)


def test_middleware_sees_it(shared: Chalice, rest_event: RestEvent) -> None:
    seen = []

    @shared.middleware("http")
    def watch(event: Any, get_response: Any) -> Any:
        response = get_response(event)
        seen.append(response.headers["Access-Control-Allow-Origin"])
        return response

    shared(rest_event(headers={"Origin": B}), None)

    assert seen == [B]


@pytest.mark.parametrize(
    ("own", "vary"),
    [
        ({"Vary": "Accept"}, "Accept, Origin"),
        ({"vary": ["Accept", "Cookie"]}, "Accept, Cookie, Origin"),
        ({"X": "y"}, "Origin"),
    ],
)
def test_what_else_an_answer_depends_on_stays(
    app: Chalice, rest_event: RestEvent, own: dict[str, Any], vary: str
) -> None:
    app.route("/", cors=SEVERAL)(lambda: Response("", own))

    answer = app(rest_event(headers={"Origin": A}), None)

    varied = {name: value for name, value in answer["headers"].items() if name.lower() == "vary"}
    assert varied == {"Vary": vary}
    assert answer["multiValueHeaders"] == {}


def test_preflights_are_answered_here(shared: Chalice, rest_event: RestEvent) -> None:
    shared.route("/", methods=["POST"], cors=False)(lambda: None)

    answer = shared(rest_event(method="OPTIONS", headers={"Origin": A}), None)

    assert (answer["statusCode"], answer["body"]) == (200, "")
    assert answer["headers"] == {
        "Access-Control-Allow-Origin": A,
        "Access-Control-Allow-Headers": SEVERAL.allow_headers,
        "Access-Control-Allow-Methods": "GET,PUT,OPTIONS",
        "Access-Control-Allow-Credentials": "true",
        "Access-Control-Max-Age": "7",
        "Vary": "Origin",
    }


def test_a_preflight_asks_for_one_method(app: Chalice, rest_event: RestEvent) -> None:
    app.route("/", cors=CORSConfig(allow_origin=[A]))(lambda: None)
    app.route("/", methods=["PUT"], cors=CORSConfig(allow_origin=[B]))(lambda: None)

    allowed = [
        app(
            rest_event(method="OPTIONS", headers={"origin": B, "access-control-request-method": method}),
            None,
        )["headers"].get("Access-Control-Allow-Origin")
        for method in ("GET", "PUT")
    ]

    assert allowed == [None, B]


def test_a_preflight_for_a_method_that_one_site_may_call_is_answered_too(
    app: Chalice, rest_event: RestEvent
) -> None:
    app.route("/", cors=SEVERAL)(lambda: None)
    app.route("/", methods=["PUT"], cors=True)(lambda: None)
    wanted = {"origin": "https://c.example", "access-control-request-method": "PUT"}

    headers = app(rest_event(method="OPTIONS", headers=wanted), None)["headers"]

    assert headers["Access-Control-Allow-Origin"] == "*"
    assert headers["Access-Control-Allow-Methods"] == "GET,PUT,OPTIONS"


def test_a_view_for_options_is_left_to_answer(shared: Chalice, rest_event: RestEvent) -> None:
    shared.route("/", methods=["OPTIONS"], cors=False)(lambda: Response(None, {"X": "own"}))

    answer = shared(rest_event(method="OPTIONS", headers={"Origin": A}), None)

    assert (answer["headers"], answer["body"]) == ({"X": "own"}, "null")


def test_preflights_for_one_site_are_answered_by_api_gateway(app: Chalice, rest_event: RestEvent) -> None:
    app.route("/", cors=True)(lambda: None)

    assert app(rest_event(method="OPTIONS"), None)["statusCode"] == 405


@pytest.mark.parametrize("origins", [[], ["*"], [A, "*"]])
def test_a_list_that_cannot_be_is_refused(origins: list[str]) -> None:
    with pytest.raises(ValueError, match="must list origins"):
        CORSConfig(allow_origin=origins)


@pytest.mark.parametrize("origin", [None, 7, [A, None]])
def test_an_origin_is_text(origin: Any) -> None:
    with pytest.raises(TypeError, match="origin"):
        CORSConfig(allow_origin=origin)


def test_settings_are_equal_when_they_say_the_same() -> None:
    assert CORSConfig(allow_origin=[A, B]) == CORSConfig(allow_origin=[A, B])
    assert CORSConfig(allow_origin=[A, B]) != CORSConfig(allow_origin=[A])
    assert CORSConfig(allow_origin=[A]) != CORSConfig(allow_origin=A)
    assert CORSConfig(allow_origin=[A]) != CORSConfig(allow_origin=[A], max_age=1)
    assert CORSConfig() != "*"
