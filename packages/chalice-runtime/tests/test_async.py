"""Views and handlers that are ``async def``."""

from __future__ import annotations

import asyncio
import functools
import json
from typing import TYPE_CHECKING, Any

import pytest

from chalice import Chalice, EventSource, NotFoundError

if TYPE_CHECKING:
    from collections.abc import Callable

    RestEvent = Callable[..., dict[str, Any]]


def test_a_view_may_await(app: Chalice, rest_event: RestEvent) -> None:
    @app.route("/users/{name}", cors=True)
    async def user(name: str) -> Any:
        await asyncio.sleep(0)
        return {"name": name}

    result = app(rest_event("/users/{name}", pathParameters={"name": "x"}), None)

    assert (result["statusCode"], result["body"]) == (200, '{"name":"x"}')
    assert app.routes["/users/{name}"]["GET"].view_function is user


def test_errors_of_a_view_that_awaits_are_answered_as_ever(app: Chalice, rest_event: RestEvent) -> None:
    @app.route("/none")
    async def none() -> None:
        raise NotFoundError("gone")

    @app.route("/broken")
    async def broken() -> None:
        await asyncio.sleep(0)
        raise LookupError("why")

    answers = [app(rest_event(path), None) for path in ("/none", "/broken")]

    assert [answer["statusCode"] for answer in answers] == [404, 500]
    assert json.loads(answers[0]["body"]) == {"Code": "NotFoundError", "Message": "gone"}


def test_what_wraps_a_coroutine_function_is_awaited_too(app: Chalice, rest_event: RestEvent) -> None:
    async def view(answer: str) -> str:
        return answer

    @app.route("/wrapped")
    def wrapped() -> Any:
        return view("wrapped")

    app.route("/partial", name="partial")(functools.partial(view, "partial"))

    assert [app(rest_event(path), None)["body"] for path in ("/wrapped", "/partial")] == [
        "wrapped",
        "partial",
    ]


def test_all_calls_share_one_event_loop(app: Chalice) -> None:
    loops = []

    @app.lambda_function()
    async def work(event: Any, context: Any) -> Any:
        loops.append(asyncio.get_running_loop())
        return [event, context]

    results = [work(1, "a"), work(2, "b")]

    assert results == [[1, "a"], [2, "b"]]
    assert loops[0] is loops[1]


def test_where_an_event_loop_runs_already_calls_work_as_well(app: Chalice, rest_event: RestEvent) -> None:
    @app.middleware("http")
    async def around(event: Any, get_response: Callable[[Any], Any]) -> Any:
        response = await get_response(event)
        response.headers["X-Around"] = app.current_request.path
        return response

    @app.lambda_function()
    async def double(event: Any, context: Any) -> Any:
        await asyncio.sleep(0)
        return event * 2

    @app.route("/double")
    async def view() -> Any:
        await asyncio.sleep(0)
        assert app.current_request is not None
        return [app.current_request.path, double(21, None)]

    async def test() -> Any:
        return app(rest_event("/double"), None)

    answer = asyncio.run(test())

    assert (answer["statusCode"], answer["body"]) == (200, '["/double",42]')
    assert answer["headers"]["X-Around"] == "/double"


class Event:
    def __init__(self, event: Any, context: Any) -> None:
        self.event = event


@EventSource.of(source="things", event=Event)
def on_thing(name: str | None = None) -> dict[str, Any]:
    return {"name": name}


def test_an_event_handler_may_await_and_its_exceptions_reach_lambda(app: Chalice) -> None:
    @on_thing.declare_on(app)
    async def work(event: Event) -> Any:
        await asyncio.sleep(0)
        if event.event is None:
            raise LookupError("retry")
        return event.event

    assert work("fine", None) == "fine"
    with pytest.raises(LookupError, match="retry"):
        work(None, None)
