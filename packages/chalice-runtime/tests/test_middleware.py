"""Functions around views, handlers and Lambda functions."""

from __future__ import annotations

import asyncio
import functools
import json
import sys
from typing import TYPE_CHECKING, Any

import pytest

from chalice import (
    BadRequestError,
    Chalice,
    ChaliceUnhandledError,
    ConvertToMiddleware,
    EventSource,
    NotFoundError,
    Response,
)
from chalice.app import LambdaFunctionEvent, Request

if TYPE_CHECKING:
    from collections.abc import Callable

    RestEvent = Callable[..., dict[str, Any]]

INTERNAL_ERROR = {"Code": "InternalServerError", "Message": "An internal server error occurred."}
ORIGIN = "Access-Control-Allow-Origin"


class Parcel:
    def __init__(self, event: Any, context: Any) -> None:
        self.event = event
        self.context = context

    def to_dict(self) -> Any:
        return self.event


@EventSource.of(source="parcels", event=Parcel)
def on_parcel(name: str | None = None) -> dict[str, Any]:
    return {"name": name}


@pytest.fixture
def seen() -> list[Any]:
    return []


@pytest.fixture
def note(app: Chalice, seen: list[Any]) -> Callable[..., None]:
    """Register middleware that notes when it runs."""

    def register(name: str, event_type: str = "all") -> None:
        def middleware(event: Any, get_response: Callable[[Any], Any]) -> Any:
            seen.append(name)
            result = get_response(event)
            seen.append(f"/{name}")
            return result

        app.register_middleware(middleware, event_type)

    return register


class TestOrder:
    def test_the_first_registered_is_the_outermost_whatever_comes_first_in_the_file(
        self, app: Chalice, rest_event: RestEvent, seen: list[Any], note: Callable[..., None]
    ) -> None:
        note("first")
        app.route("/")(lambda: seen.append("view"))
        note("second", "http")

        app(rest_event(), None)

        assert seen == ["first", "second", "view", "/second", "/first"]

    def test_only_middleware_of_the_events_type_runs(
        self, app: Chalice, rest_event: RestEvent, seen: list[Any], note: Callable[..., None]
    ) -> None:
        app.route("/")(lambda: None)
        add = app.lambda_function(name="add")(lambda event, context: None)
        work = on_parcel.declare_on(app)(_work)
        for event_type in ("all", "http", "pure_lambda", "parcels", "sqs"):
            note(event_type, event_type)

        runs = []
        for call in (lambda: app(rest_event(), None), lambda: add({}, None), lambda: work({}, None)):
            seen.clear()
            call()
            runs.append(seen[: len(seen) // 2])

        assert runs == [["all", "http"], ["all", "pure_lambda"], ["all", "parcels"]]

    def test_middleware_may_answer_itself(
        self, app: Chalice, rest_event: RestEvent, seen: list[Any], note: Callable[..., None]
    ) -> None:
        app.register_middleware(lambda event, get_response: Response("no", {"X": "y"}, 299), "http")
        note("never")
        app.route("/", cors=True)(lambda: seen.append("view"))

        answer = app(rest_event(), None)

        assert (answer["statusCode"], answer["headers"], answer["body"]) == (299, {"X": "y"}, "no")
        assert seen == []

    def test_it_is_not_for_authorizers(
        self, app: Chalice, seen: list[Any], note: Callable[..., None]
    ) -> None:
        note("all")

        @app.authorizer()
        def check(request: Any) -> Any:
            return {"token": request.token}

        answer = check({"type": "TOKEN", "authorizationToken": "t", "methodArn": "arn:a:b:c:d:e"}, None)

        assert answer == {"token": "t"}
        assert seen == []


def _work(event: Any) -> Any:
    return "worked"


class TestHttp:
    def test_it_sees_the_request_and_the_response_with_its_cors_headers(
        self, app: Chalice, rest_event: RestEvent, seen: list[Any]
    ) -> None:
        app.route("/", cors=True)(lambda: {"a": 1})

        @app.middleware("http")
        def change(event: Request, get_response: Callable[[Request], Response]) -> Response:
            seen.extend((event, app.current_request))
            response = get_response(event)
            seen.append((response.status_code, dict(response.body), response.headers[ORIGIN]))
            response.headers["X-Added"] = "1"
            response.body["b"] = 2
            response.status_code = 201
            return response

        answer = app(rest_event(), "context")

        assert isinstance(seen[0], Request)
        assert seen[0] is seen[1]
        assert seen[2] == (200, {"a": 1}, "*")
        assert (answer["statusCode"], answer["body"]) == (201, '{"a":1,"b":2}')
        assert answer["headers"]["X-Added"] == "1"
        assert app.current_request is seen[0]

    @pytest.mark.parametrize(
        ("path", "method", "headers", "status"),
        [
            ("/missing", "GET", {}, 404),
            ("/broken", "GET", {}, 500),
            ("/missing", "PUT", {}, 405),
            ("/missing", "GET", {"content-type": "text/x"}, 415),
            ("/unsendable", "GET", {}, 500),
            ("/image", "GET", {"accept": "text/html"}, 400),
        ],
    )
    def test_what_goes_wrong_in_a_view_is_a_response_by_then(
        self,
        app: Chalice,
        rest_event: RestEvent,
        seen: list[Any],
        path: str,
        method: str,
        headers: dict[str, str],
        status: int,
    ) -> None:
        @app.route("/missing", cors=True)
        def missing() -> None:
            raise NotFoundError("x")

        @app.route("/broken")
        def broken() -> None:
            raise LookupError("x")

        app.route("/unsendable")(lambda: Response("", {"X": "a\nb"}))
        app.route("/image")(lambda: Response(b"\xff", {"Content-Type": "image/png"}))

        @app.middleware("http")
        def watch(event: Request, get_response: Callable[[Request], Response]) -> Response:
            response = get_response(event)
            seen.append(response.status_code)
            return response

        answer = app(rest_event(path, method, headers=headers), None)

        assert seen == [answer["statusCode"]] == [status]

    def test_only_an_unhandled_error_reaches_it_as_an_exception(
        self, app: Chalice, rest_event: RestEvent
    ) -> None:
        @app.route("/")
        def view() -> None:
            raise ChaliceUnhandledError("why")

        @app.middleware("http")
        def catch(event: Request, get_response: Callable[[Request], Response]) -> Response:
            try:
                return get_response(event)
            except ChaliceUnhandledError as error:
                return Response({"caught": str(error)}, status_code=502)

        answer = app(rest_event(), None)

        assert (answer["statusCode"], answer["body"]) == (502, '{"caught":"why"}')

    @pytest.mark.parametrize(
        "error", [LookupError("secret"), BadRequestError("x"), ChaliceUnhandledError("x")]
    )
    @pytest.mark.parametrize("inner", [False, True])
    def test_an_exception_of_its_own_is_the_standard_500(
        self,
        app: Chalice,
        rest_event: RestEvent,
        caplog: pytest.LogCaptureFixture,
        error: Exception,
        inner: bool,
    ) -> None:
        app.route("/", cors=True)(lambda: None)
        if inner:
            app.register_middleware(lambda event, get_response: get_response(event), "http")

        @app.middleware("http")
        def fail(event: Request, get_response: Callable[[Request], Response]) -> Response:
            raise error

        answer = app(rest_event(), None)

        assert (answer["statusCode"], json.loads(answer["body"])) == (500, INTERNAL_ERROR)
        assert answer["headers"][ORIGIN] == "*"
        assert caplog.messages == ["Caught exception for path /"]

    def test_a_value_that_it_returns_is_a_response_to_those_further_out(
        self, app: Chalice, rest_event: RestEvent, seen: list[Any]
    ) -> None:
        app.route("/")(lambda: None)

        @app.middleware("http")
        def outer(event: Request, get_response: Callable[[Request], Response]) -> Response:
            response = get_response(event)
            seen.append(response.body)
            return response

        app.register_middleware(lambda event, get_response: {"a": "dict"}, "http")

        answer = app(rest_event(), None)

        assert seen == [{"a": "dict"}]
        assert (answer["statusCode"], answer["body"]) == (200, '{"a":"dict"}')

    def test_a_forgotten_return_is_a_logged_500_that_names_the_function(
        self, app: Chalice, rest_event: RestEvent, caplog: pytest.LogCaptureFixture
    ) -> None:
        app.route("/")(lambda: "x")

        @app.middleware("http")
        def forgetful(event: Request, get_response: Callable[[Request], Response]) -> None:
            get_response(event)

        assert app(rest_event(), None)["statusCode"] == 500
        assert "forgetful returned None" in caplog.text

    def test_what_it_makes_of_a_response_may_be_impossible_to_send(
        self, app: Chalice, rest_event: RestEvent, caplog: pytest.LogCaptureFixture
    ) -> None:
        app.route("/", cors=True)(lambda: "x")

        @app.middleware("http")
        def split(event: Request, get_response: Callable[[Request], Response]) -> Response:
            response = get_response(event)
            response.headers["X"] = "a\r\nSet-Cookie: b"
            return response

        answer = app(rest_event(), None)

        assert (answer["statusCode"], answer["headers"][ORIGIN]) == (500, "*")
        assert "line break" in caplog.text

    def test_an_event_that_is_no_request_passes_through_as_none(self, app: Chalice, seen: list[Any]) -> None:
        @app.middleware()
        def watch(event: Any, get_response: Callable[[Any], Any]) -> Any:
            seen.append(event)
            return get_response(event)

        answer = app({"Records": []}, None)

        assert (answer["statusCode"], seen) == (500, [None])

    def test_middleware_that_cannot_bear_that_is_answered_for(
        self, app: Chalice, caplog: pytest.LogCaptureFixture
    ) -> None:
        app.register_middleware(lambda event, get_response: get_response(event.headers), "http")

        assert json.loads(app({}, None)["body"]) == INTERNAL_ERROR
        assert caplog.messages == ["Caught exception for path unknown"]

    def test_another_request_that_it_passes_on_is_the_views(
        self, app: Chalice, rest_event: RestEvent
    ) -> None:
        app.route("/{a}")(lambda a: [a, app.current_request.method if app.current_request else None])
        other = Request(rest_event("/{a}", "PUT", pathParameters={"a": "other"}))
        app.register_middleware(lambda event, get_response: get_response(other), "http")

        assert app(rest_event("/{a}", pathParameters={"a": "own"}), None)["body"] == '["other","PUT"]'

    def test_an_application_without_any_does_not_load_its_module(self) -> None:
        from subprocess import run

        code = (
            "import sys; from chalice import Chalice; app = Chalice('a', env={}); app.route('/')(dict);"
            "app({'requestContext': {'resourcePath': '/', 'httpMethod': 'GET'}}, None);"
            "sys.exit('chalice.middleware' in sys.modules)"
        )

        assert run([sys.executable, "-c", code], check=False, timeout=60).returncode == 0


class TestOtherEvents:
    def test_a_lambda_functions_event_and_context_may_be_changed(self, app: Chalice, seen: list[Any]) -> None:
        @app.lambda_function()
        def add(event: Any, context: Any) -> Any:
            return [event, context]

        @app.middleware("pure_lambda")
        def change(event: Any, get_response: Callable[[Any], Any]) -> Any:
            seen.append((type(event), event.event, event.context))
            event.event = {"changed": True}
            return {"result": get_response(event)}

        assert add({"a": 1}, "context") == {"result": [{"changed": True}, "context"]}
        assert seen == [(LambdaFunctionEvent, {"a": 1}, "context")]

    def test_every_event_gives_what_lambda_passed(self, app: Chalice, seen: list[Any]) -> None:
        @app.lambda_function()
        def echo(event: Any, context: Any) -> Any:
            return event

        @on_parcel.declare_on(app)
        def work(event: Parcel) -> Any:
            return None

        @app.middleware("all")
        def note(event: Any, get_response: Callable[[Any], Any]) -> Any:
            seen.append((event.to_dict(), event.context))
            return get_response(event)

        assert echo({"a": 1}, "one") == {"a": 1}
        assert work({"b": 2}, "two") is None
        assert seen == [({"a": 1}, "one"), ({"b": 2}, "two")]

    def test_an_event_handlers_results_and_exceptions_pass_through(
        self, app: Chalice, seen: list[Any], note: Callable[..., None]
    ) -> None:
        note("all")

        @on_parcel.declare_on(app)
        def work(event: Parcel) -> Any:
            if event.event is None:
                raise LookupError("retry")
            return (type(event), event.event)

        assert work(1, None) == (Parcel, 1)
        with pytest.raises(LookupError, match="retry"):
            work(None, None)

    def test_middleware_may_take_an_exception(self, app: Chalice) -> None:
        @on_parcel.declare_on(app)
        def work(event: Parcel) -> Any:
            raise LookupError("retry")

        @app.middleware("parcels")
        def catch(event: Parcel, get_response: Callable[[Parcel], Any]) -> Any:
            try:
                return get_response(event)
            except LookupError:
                return "taken"

        assert work(1, None) == "taken"


class TestConvertToMiddleware:
    def test_a_decorator_for_lambda_handlers_gets_events_as_lambda_sent_them(
        self, app: Chalice, rest_event: RestEvent, seen: list[Any]
    ) -> None:
        def wrapper(handler: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
            @functools.wraps(handler)
            def wrapped(event: Any, context: Any) -> Any:
                seen.append((event, context))
                return handler({"not": "looked at"}, None)

            return wrapped

        app.register_middleware(ConvertToMiddleware(wrapper))
        app.route("/")(lambda: "view")
        add = app.lambda_function(name="add")(lambda event, context: [event, context])
        work = on_parcel.declare_on(app)(_work)
        event = rest_event()

        answers = [app(event, "a")["body"], add({"b": 1}, "b"), work({"c": 1}, "c")]

        assert answers == ["view", [{"b": 1}, "b"], "worked"]
        assert seen == [(event, "a"), ({"b": 1}, "b"), ({"c": 1}, "c")]

    def test_it_may_replace_the_result(self, app: Chalice, rest_event: RestEvent) -> None:
        def wrapper(handler: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
            return lambda event, context: Response([handler(event, context).body])

        app.register_middleware(ConvertToMiddleware(wrapper))
        app.route("/")(lambda: "view")

        assert app(rest_event(), None)["body"] == '["view"]'

    def test_an_event_that_is_no_request_goes_past_it(self, app: Chalice) -> None:
        app.register_middleware(ConvertToMiddleware(lambda handler: pytest.fail))

        assert json.loads(app({}, None)["body"])["Message"] == "Unknown request."


class TestDeclaring:
    def test_the_function_comes_back_unchanged(self, app: Chalice) -> None:
        def middleware(event: Any, get_response: Any) -> Any: ...

        assert app.middleware("sqs")(middleware) is middleware
        assert app.middleware_handlers == [(middleware, "sqs")]

    @pytest.mark.parametrize(
        "event_type",
        [
            "all",
            "s3",
            "sns",
            "sqs",
            "cloudwatch",
            "scheduled",
            "websocket",
            "http",
            "pure_lambda",
            "kinesis",
            "dynamodb",
        ],
    )
    def test_every_family_of_this_project_is_a_type(self, app: Chalice, event_type: str) -> None:
        app.register_middleware(lambda event, get_response: None, event_type)

        assert app.middleware_handlers[0][1] == event_type

    def test_an_unknown_type_is_refused_with_the_known_ones(self, app: Chalice) -> None:
        with pytest.raises(ValueError, match=r"'htp' is not .* cloudwatch, .*http, .*websocket"):
            app.middleware("htp")
        with pytest.raises(ValueError, match="parcels"):
            app.register_middleware(lambda event, get_response: None, "parcels")
        assert app.middleware_handlers == []

    def test_a_strangers_family_is_a_type_once_it_is_used(self, app: Chalice) -> None:
        on_parcel.declare_on(app)(_work)

        app.register_middleware(lambda event, get_response: None, "parcels")

        assert app.middleware_handlers[0][1] == "parcels"

    def test_a_strangers_family_is_a_type_when_it_is_installed(self, project: Any) -> None:
        project.write(
            {
                "site/parcels.py": "from chalice import EventSource\n"
                "@EventSource.of(source='parcels', event=print)\n"
                "def on_parcel(name=None):\n    return {'name': name}\n",
                "site/parcels-1.dist-info/METADATA": "Name: parcels\nVersion: 1\n",
                "site/parcels-1.dist-info/entry_points.txt": "[chalice.decorators]\n"
                "on_parcel = parcels:on_parcel\n",
            }
        )

        ran = project.run(
            "import json, sys; sys.path.insert(0, 'site')\n"
            "from chalice import Chalice; from chalice.extensions import catalog\n"
            "app = Chalice('a'); app.middleware('parcels')(print)\n"
            "print(json.dumps([app.middleware_handlers[0][1], catalog.used['chalice.decorators']]))"
        )

        assert ran.document == ["parcels", {}]

    def test_a_deployment_package_trusts_what_was_checked_when_it_was_made(self, project: Any) -> None:
        project.write({"_chalice_extensions.py": "DECORATORS = EXPORTS = ATTRIBUTES = {}\n"})

        ran = project.run(
            "import json, sys; sys.path.insert(0, '')\n"
            "from chalice import Chalice\n"
            "app = Chalice('a'); app.middleware('parcels')(print)\n"
            "print(json.dumps(app.middleware_handlers[0][1]))"
        )

        assert ran.document == "parcels"

    def test_forgotten_parentheses_are_noticed(self, app: Chalice) -> None:
        with pytest.raises(TypeError, match=r"middleware\(…\) needs its parentheses"):
            app.middleware(lambda event, get_response: None)  # type: ignore[arg-type]

    def test_what_cannot_be_called_is_refused(self, app: Chalice) -> None:
        with pytest.raises(TypeError, match="must be a function"):
            app.register_middleware("http")  # type: ignore[arg-type]


class TestAsync:
    def test_a_chain_may_mix_both_kinds_around_both_kinds(
        self, app: Chalice, rest_event: RestEvent, seen: list[Any]
    ) -> None:
        async def waiting(event: Any, get_response: Callable[[Any], Any]) -> Any:
            seen.append(asyncio.get_running_loop())
            await asyncio.sleep(0)
            response = await get_response(event)
            response.body.append("async")
            return response

        def plain(event: Any, get_response: Callable[[Any], Any]) -> Any:
            response = get_response(event)
            response.body.append("plain")
            return response

        # More levels than an event loop has threads of its own.
        for _ in range(20):
            app.register_middleware(plain, "http")
            app.register_middleware(waiting, "http")
        app.register_middleware(plain, "http")

        @app.route("/async")
        async def asynchronous() -> list[str]:
            seen.append(asyncio.get_running_loop())
            return [app.current_request.path] if app.current_request else []

        app.route("/plain")(lambda: [app.current_request.path] if app.current_request else [])

        answers = [json.loads(app(rest_event(path), None)["body"]) for path in ("/async", "/plain")]

        assert answers == [[path, "plain", *["async", "plain"] * 20] for path in ("/async", "/plain")]
        # Clients keep their connections in one loop.
        assert len(set(map(id, seen))) == 1

    def test_the_response_may_be_returned_without_awaiting_it(
        self, app: Chalice, rest_event: RestEvent
    ) -> None:
        @app.middleware("http")
        async def lazy(event: Any, get_response: Callable[[Any], Any]) -> Any:
            return get_response(event)

        app.route("/")(lambda: "x")

        assert app(rest_event(), None)["body"] == "x"

    def test_exceptions_pass_through_it(self, app: Chalice) -> None:
        seen = []

        @app.middleware("pure_lambda")
        async def watch(event: Any, get_response: Callable[[Any], Any]) -> Any:
            try:
                return await get_response(event)
            finally:
                seen.append("left")

        @app.lambda_function()
        async def work(event: Any, context: Any) -> Any:
            raise LookupError(event)

        with pytest.raises(LookupError, match="why"):
            work("why", None)
        assert seen == ["left"]

    def test_a_handler_of_events_may_be_within(self, app: Chalice) -> None:
        @app.middleware()
        async def watch(event: Any, get_response: Callable[[Any], Any]) -> Any:
            return [await get_response(event)]

        @on_parcel.declare_on(app)
        async def work(event: Parcel) -> Any:
            await asyncio.sleep(0)
            return event.event

        assert work("x", None) == ["x"]
