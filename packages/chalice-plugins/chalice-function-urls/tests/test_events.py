"""The runtime half: a function that answers requests as views do."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalice import BadRequestError, Chalice, Response
from chalice._mappings import CaseInsensitiveMapping
from chalice_function_urls.sample import generate_function_url_event

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=10,
)


@pytest.fixture
def app() -> Chalice:
    return Chalice("shop", configure_logs=False, env={})


def answered(app: Chalice, event: Any) -> dict[str, Any]:
    """Return what the application's one function answers to an event, as Lambda gets it."""
    (name,) = [one.name for one in app.event_sources]
    answer: dict[str, Any] = json.loads(json.dumps(app.handler_map[name](event, "context")))
    return answer


def test_a_function_is_given_the_request(app: Chalice) -> None:
    @app.on_function_url()
    def work(request: Any) -> Any:
        assert app.current_request is request
        assert app.lambda_context == "context"
        return {
            "method": request.method,
            "path": request.path,
            "query": request.query_params.getlist("a"),
            "header": request.headers["X-Name"],
            "json": request.json_body,
            "caller": request.context["authorizer"]["iam"]["userArn"],
        }

    event = generate_function_url_event(
        "POST",
        "/any/path",
        body='{"x": 1}',
        headers={"x-name": "ann", "content-type": "application/json"},
        query_string="a=1&a=2",
        auth_type="AWS_IAM",
    )

    answer = answered(app, event)

    assert answer["statusCode"] == 200
    assert answer["headers"]["Content-Type"] == "application/json"
    assert json.loads(answer["body"]) == {
        "method": "POST",
        "path": "/any/path",
        "query": ["1", "2"],
        "header": "ann",
        "json": {"x": 1},
        "caller": "arn:aws:iam::123456789012:user/ann",
    }


@pytest.mark.parametrize(
    ("returned", "status", "body"),
    [
        ({"a": 1}, 200, '{"a":1}'),
        ("text", 200, "text"),
        ([1], 200, "[1]"),
        (None, 200, "null"),
        (Response("made", status_code=201), 201, "made"),
    ],
)
def test_what_it_returns_is_answered_as_what_views_return(
    app: Chalice, returned: Any, status: int, body: str
) -> None:
    @app.on_function_url()
    def work(_: Any) -> Any:
        return returned

    answer = answered(app, generate_function_url_event())

    assert (answer["statusCode"], answer["body"]) == (status, body)


def test_bytes_and_cookies_are_answered_in_the_form_of_version_2(app: Chalice) -> None:
    @app.on_function_url()
    def work(request: Any) -> Response:
        assert request.raw_body == b"\xff"
        assert request.headers["cookie"] == "a=1; b=2"
        headers = {"Content-Type": "application/octet-stream", "Set-Cookie": ["c=3", "d=4"]}
        return Response(b"\xff", headers=headers)

    answer = answered(
        app, generate_function_url_event("PUT", body=b"\xff", headers={"Cookie": "a=1; b=2", "Accept": "*/*"})
    )

    assert (answer["body"], answer["isBase64Encoded"]) == ("/w==", True)
    assert answer["cookies"] == ["c=3", "d=4"]


def test_errors_are_responses(app: Chalice) -> None:
    @app.on_function_url()
    def work(request: Any) -> Any:
        if request.path == "/odd":
            raise BadRequestError("odd")
        raise ValueError("secret")

    odd = answered(app, generate_function_url_event(path="/odd"))
    broken = answered(app, generate_function_url_event())

    assert (odd["statusCode"], json.loads(odd["body"])["Message"]) == (400, "odd")
    assert broken["statusCode"] == 500
    assert "secret" not in broken["body"]


def test_a_function_may_be_async(app: Chalice) -> None:
    @app.on_function_url()
    async def work(request: Any) -> Any:
        return {"path": request.path}

    assert answered(app, generate_function_url_event())["body"] == '{"path":"/"}'


def test_middleware_of_both_types_runs_once_from_outside_in(app: Chalice) -> None:
    seen: list[str] = []

    @app.on_function_url()
    async def work(_: Any) -> Any:
        seen.append("work")
        return "fine"

    def remember(name: str) -> Any:
        def run(event: Any, get_response: Any) -> Any:
            seen.append(f"{name} {event.path}")
            return get_response(event)

        return run

    app.register_middleware(remember("own"), "function_url")
    app.register_middleware(remember("http"), "http")
    app.register_middleware(remember("all"), "all")
    app.register_middleware(remember("other"), "pure_lambda")

    assert answered(app, generate_function_url_event())["body"] == "fine"
    assert seen == ["http /", "all /", "own /", "work"]


def test_middleware_may_put_another_request_in_its_place(app: Chalice) -> None:
    @app.on_function_url()
    def work(request: Any) -> Any:
        return request.headers["x-name"]

    @app.middleware("http")
    def rename(request: Any, get_response: Any) -> Any:
        changed = copy.copy(request)
        changed.headers = CaseInsensitiveMapping({"X-Name": "bob"})
        return get_response(changed)

    assert answered(app, generate_function_url_event(headers={"x-name": "ann"}))["body"] == "bob"


@given(JSON)
def test_what_is_no_request_reaches_no_function(passed: Any) -> None:
    app = Chalice("shop", configure_logs=False, env={})

    @app.on_function_url()
    def work(_: Any) -> Any:
        raise AssertionError("called")

    assert answered(app, passed)["statusCode"] == 500


@pytest.mark.parametrize("options", [{"auth_type": None}, {"cors": "*"}, {"invoke_mode": 1}])
def test_options_of_another_type_are_refused_at_once(app: Chalice, options: dict[str, Any]) -> None:
    (name,) = options

    with pytest.raises(TypeError, match=f"on_function_url: {name} must be"):
        app.on_function_url(**options)
