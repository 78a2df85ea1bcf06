"""Requests that are answered at the same time, and one after the other, do not see each other."""

from __future__ import annotations

import asyncio
import json
import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from chalice import Chalice, NotFoundError, Response

if TYPE_CHECKING:
    from collections.abc import Callable

    RestEvent = Callable[..., dict[str, Any]]


@pytest.mark.parametrize("kind", ["plain", "async"])
@pytest.mark.parametrize("middleware", [False, True])
def test_threads_see_their_own_request_and_context(
    app: Chalice, rest_event: RestEvent, kind: str, middleware: bool
) -> None:
    workers = 8
    together = threading.Barrier(workers)

    def tell() -> list[Any]:
        assert app.current_request is not None
        return [app.current_request.uri_params, app.lambda_context, app.current_request.lambda_context]

    @app.route("/plain/{name}")
    def plain(name: str) -> list[Any]:
        before = tell()
        # All are in the middle of a request now.
        together.wait(10)
        return [name, before, tell()]

    @app.route("/async/{name}")
    async def asynchronous(name: str) -> list[Any]:
        before = tell()
        together.wait(10)
        await asyncio.sleep(0.001)
        return [name, before, await asyncio.ensure_future(told())]

    async def told() -> list[Any]:
        return tell()

    if middleware:
        app.register_middleware(lambda event, get_response: get_response(event))

    def request(number: int) -> Any:
        event = rest_event(f"/{kind}/{{name}}", pathParameters={"name": str(number)})
        return json.loads(app(event, number)["body"])

    with ThreadPoolExecutor(workers) as pool:
        answers = list(pool.map(request, range(5 * workers)))

    for number, answer in enumerate(answers):
        expected = [{"name": str(number)}, number, number]
        assert answer == [str(number), expected, expected]


def test_a_thread_that_a_view_starts_sees_the_views_request(app: Chalice, rest_event: RestEvent) -> None:
    pool = ThreadPoolExecutor(1)
    app.route("/{name}")(lambda name: pool.submit(seen).result())

    def seen() -> Any:
        assert app.current_request is not None
        return [app.current_request.uri_params, app.lambda_context]

    with pool:
        answers = [
            app(rest_event("/{name}", pathParameters={"name": name}), name)["body"] for name in ("a", "b")
        ]

    # The thread stays from one request to the next; what it sees does not.
    assert answers == ['[{"name":"a"},"a"]', '[{"name":"b"},"b"]']


def test_a_thread_that_asyncio_starts_does_so_too(app: Chalice, rest_event: RestEvent) -> None:
    @app.route("/{name}")
    async def view(name: str) -> Any:
        return await asyncio.to_thread(lambda: app.current_request and app.current_request.uri_params)

    assert app(rest_event("/{name}", pathParameters={"name": "a"}), None)["body"] == '{"name":"a"}'


def test_what_is_left_running_keeps_its_own_request(app: Chalice, rest_event: RestEvent) -> None:
    seen = []
    tasks = []

    async def later() -> None:
        await asyncio.sleep(0.01)
        assert app.current_request is not None
        seen.append(app.current_request.uri_params)

    @app.route("/{name}")
    async def view(name: str) -> None:
        if name == "first":
            tasks.append(asyncio.ensure_future(later()))
        else:
            await tasks[0]

    for name in ("first", "second"):
        app(rest_event("/{name}", pathParameters={"name": name}), None)

    assert seen == [{"name": "first"}]


def test_both_may_be_assigned(app: Chalice, rest_event: RestEvent) -> None:
    app.route("/")(lambda: None)
    app(rest_event(), "context")
    request = app.current_request

    app.current_request = None
    after = (app.current_request, app.lambda_context)
    app.current_request = request
    app.lambda_context = "other"

    assert after == (None, "context")
    assert (app.current_request, app.lambda_context) == (request, "other")


def test_applications_have_requests_of_their_own(app: Chalice, rest_event: RestEvent) -> None:
    other = Chalice("other", configure_logs=False, env={})
    app.route("/")(lambda: None)

    app(rest_event(), None)

    assert other.current_request is None


def test_nothing_of_a_request_is_left_for_the_next(app: Chalice, rest_event: RestEvent) -> None:
    shared = Response({"shared": True}, {"X": "1"})

    @app.route("/{what}", cors=True, methods=["GET", "POST"])
    def view(what: str) -> Any:
        assert app.current_request is not None
        app.current_request.added = what  # type: ignore[attr-defined]
        if what == "missing":
            raise NotFoundError(what)
        if what == "broken":
            raise LookupError(what)
        return (
            shared
            if what == "shared"
            else [what, app.current_request.json_body, app.current_request.query_params]
        )

    def ask(what: str, **parts: Any) -> dict[str, Any]:
        return app(rest_event("/{what}", pathParameters={"what": what}, **parts), what)

    alone = {what: ask(what) for what in ("plain", "shared", "missing", "broken")}
    ask("plain", headers={"content-type": "application/json"}, body="[1]")
    ask("plain", multiValueQueryStringParameters={"a": ["1"]})
    app({}, None)
    for first in alone:
        for second in alone:
            answer = ask(first)
            # A caller that changes what it got changes nothing for others.
            answer["headers"]["X-Changed"] = "1"
            answer["multiValueHeaders"]["X"] = ["1"]
            assert ask(second) == alone[second]

    assert shared.headers == {"X": "1"}


def test_a_request_never_changes_the_log_level(app: Chalice, rest_event: RestEvent) -> None:
    app.route("/")(lambda: app.log.debug("x"))
    app.debug = True
    app.log.setLevel(logging.WARNING)

    app(rest_event(), None)
    app({}, None)

    assert app.log.level == logging.WARNING
