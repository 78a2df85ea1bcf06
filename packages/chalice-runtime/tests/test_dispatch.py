"""From a proxy event to a proxy response."""

from __future__ import annotations

import base64
import datetime
import json
import logging
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import chalice
from chalice import (
    BadRequestError,
    Chalice,
    ChaliceUnhandledError,
    ChaliceViewError,
    CORSConfig,
    NotFoundError,
    Response,
)
from chalice.app import MethodNotAllowedError, MultiDict, RequestTimeoutError

if TYPE_CHECKING:
    from collections.abc import Callable

    RestEvent = Callable[..., dict[str, Any]]

CORS_HEADERS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Headers": "Authorization,Content-Type,X-Amz-Date,X-Amz-Security-Token,X-Api-Key",
}
INTERNAL_ERROR = {"Code": "InternalServerError", "Message": "An internal server error occurred."}


def test_a_value_becomes_compact_json_without_a_content_type(app: Chalice, rest_event: RestEvent) -> None:
    app.route("/")(lambda: {"a": [1, None, "ü"]})

    result = app(rest_event(), None)

    assert result == {
        "headers": {},
        "multiValueHeaders": {},
        "statusCode": 200,
        "body": '{"a":[1,null,"\\u00fc"]}',
    }


@pytest.mark.parametrize(
    ("value", "body"),
    [
        (None, "null"),
        ("text", "text"),
        ((1, 404), "[1,404]"),
        (Decimal("1.5"), "1.5"),
        (MultiDict({"a": ["1", "2"]}), '{"a":"2"}'),
        (b"plain", "plain"),
        (True, "true"),
    ],
)
def test_what_a_view_returns_is_written_as(
    app: Chalice, rest_event: RestEvent, value: Any, body: str
) -> None:
    app.route("/")(lambda: value)

    assert app(rest_event(), None)["body"] == body


def test_path_parameters_arrive_as_keywords_in_any_order(app: Chalice, rest_event: RestEvent) -> None:
    @app.route("/users/{user}/orders/{order}")
    def show(order: str, user: str) -> list[str]:
        return [user, order]

    event = rest_event("/users/{user}/orders/{order}", pathParameters={"user": "u", "order": "o"})

    assert app(event, None)["body"] == '["u","o"]'


def test_a_greedy_parameter_is_not_passed(app: Chalice, rest_event: RestEvent) -> None:
    app.route("/files/{proxy+}")(lambda: app.current_request.uri_params if app.current_request else None)

    result = app(rest_event("/files/{proxy+}", pathParameters={"proxy": "a/b"}), None)

    assert result["body"] == '{"proxy":"a/b"}'


@pytest.mark.parametrize(
    "event",
    [{}, None, [], "text", 7, {"requestContext": None}, {"requestContext": {}}, {"Records": []}],
)
def test_an_event_that_is_no_rest_request_is_answered_and_not_raised(app: Chalice, event: Any) -> None:
    result = app(event, None)

    assert result["statusCode"] == 500
    assert json.loads(result["body"]) == {"Code": "InternalServerError", "Message": "Unknown request."}
    assert app.current_request is None


def test_an_unknown_method_lists_those_that_are_known(app: Chalice, rest_event: RestEvent) -> None:
    app.route("/", methods=["PUT", "GET"], cors=True)(lambda: None)

    result = app(rest_event("/", "POST"), None)

    assert result["statusCode"] == 405
    assert json.loads(result["body"]) == {
        "Code": "MethodNotAllowedError",
        "Message": "Unsupported method: POST",
    }
    assert result["headers"] == {"Allow": "PUT, GET"}


def test_a_request_for_an_unknown_path_leaves_the_routes_alone(app: Chalice, rest_event: RestEvent) -> None:
    result = app(rest_event("/nowhere"), None)

    assert (result["statusCode"], result["headers"]) == (405, {"Allow": ""})
    assert app.routes == {}


def test_request_and_context_are_none_before_the_first_call_and_stay_after_it(
    app: Chalice, rest_event: RestEvent
) -> None:
    app.route("/")(lambda: None)
    before = (app.current_request, app.lambda_context)
    context = object()

    app(rest_event(), context)

    assert before == (None, None)
    assert app.current_request is not None
    assert app.current_request.lambda_context is app.lambda_context is context


class TestContentTypes:
    @pytest.mark.parametrize(
        "sent",
        [
            "application/json",
            "APPLICATION/JSON",
            "application/json; charset=utf-8",
            "text/plain, application/json",
            "*/*",
        ],
    )
    def test_a_listed_type_is_accepted(self, app: Chalice, rest_event: RestEvent, sent: str) -> None:
        app.route("/", methods=["POST"])(lambda: "ok")

        assert app(rest_event("/", "POST", headers={"content-TYPE": sent}), None)["statusCode"] == 200

    @pytest.mark.parametrize("sent", ["text/plain", "application/*", "application/jsonx"])
    def test_another_type_is_refused_with_cors_headers(
        self, app: Chalice, rest_event: RestEvent, sent: str
    ) -> None:
        app.route("/", methods=["POST"], cors=True)(lambda: "ok")

        result = app(rest_event("/", "POST", headers={"Content-Type": sent}), None)

        assert result["statusCode"] == 415
        assert json.loads(result["body"]) == {
            "Code": "UnsupportedMediaType",
            "Message": f"Unsupported media type: {sent}",
        }
        assert result["headers"] == CORS_HEADERS

    def test_a_request_without_one_counts_as_json(self, app: Chalice, rest_event: RestEvent) -> None:
        app.route("/json")(lambda: "ok")
        app.route("/text", content_types=["text/plain"])(lambda: "ok")

        statuses = [
            app(rest_event(path, headers={"accept": "*/*"}), None)["statusCode"]
            for path in ("/json", "/text")
        ]

        assert statuses == [200, 415]

    def test_an_empty_list_accepts_everything(self, app: Chalice, rest_event: RestEvent) -> None:
        app.route("/", content_types=[])(lambda: "ok")

        assert app(rest_event(headers={"content-type": "what/ever"}), None)["statusCode"] == 200


class TestErrors:
    def test_a_view_error_is_a_response_with_its_class_as_the_code(
        self, app: Chalice, rest_event: RestEvent
    ) -> None:
        class TeapotError(ChaliceViewError):
            STATUS_CODE = 418

        @app.route("/", cors=True)
        def brew() -> None:
            raise TeapotError("short and stout")

        result = app(rest_event(), None)

        assert result["statusCode"] == 418
        assert json.loads(result["body"]) == {"Code": "TeapotError", "Message": "short and stout"}
        assert result["headers"] == CORS_HEADERS

    @pytest.mark.parametrize(
        ("error", "status"),
        [
            (ChaliceViewError, 500),
            (BadRequestError, 400),
            (chalice.UnauthorizedError, 401),
            (chalice.ForbiddenError, 403),
            (NotFoundError, 404),
            (MethodNotAllowedError, 405),
            (RequestTimeoutError, 408),
            (chalice.ConflictError, 409),
            (chalice.UnprocessableEntityError, 422),
            (chalice.TooManyRequestsError, 429),
        ],
    )
    @pytest.mark.parametrize("debug", [False, True])
    def test_each_view_error_has_its_status(
        self, app: Chalice, rest_event: RestEvent, error: type[ChaliceViewError], status: int, debug: bool
    ) -> None:
        @app.route("/")
        def fail() -> None:
            raise error("why")

        app.debug = debug

        result = app(rest_event(), None)

        assert result["statusCode"] == status
        assert json.loads(result["body"]) == {"Code": error.__name__, "Message": "why"}
        assert error in chalice.app.ALL_ERRORS

    def test_an_unexpected_exception_is_logged_and_hidden(
        self, app: Chalice, rest_event: RestEvent, caplog: pytest.LogCaptureFixture
    ) -> None:
        @app.route("/", cors=True)
        def fail() -> None:
            raise RuntimeError("secret")

        result = app(rest_event(), None)

        assert result["statusCode"] == 500
        assert json.loads(result["body"]) == INTERNAL_ERROR
        assert result["headers"] == CORS_HEADERS
        assert caplog.messages == ["Caught exception for path /"]
        assert "secret" in caplog.text

    def test_in_debug_mode_the_traceback_is_the_whole_body(self, app: Chalice, rest_event: RestEvent) -> None:
        @app.route("/", cors=True)
        def fail() -> None:
            raise RuntimeError("secret")

        app.debug = True

        result = app(rest_event(), None)

        assert result["statusCode"] == 500
        assert result["body"].startswith("Traceback (most recent call last):")
        assert result["body"].rstrip().endswith("RuntimeError: secret")
        assert result["headers"] == {"Content-Type": "text/plain", **CORS_HEADERS}

    def test_an_unhandled_error_that_nobody_takes_is_an_unexpected_exception(
        self, app: Chalice, rest_event: RestEvent
    ) -> None:
        @app.route("/")
        def fail() -> None:
            raise ChaliceUnhandledError("why")

        assert json.loads(app(rest_event(), None)["body"]) == INTERNAL_ERROR

    @pytest.mark.parametrize(
        "value",
        [
            object(),
            datetime.datetime(2020, 1, 1, tzinfo=datetime.timezone.utc),
            {1, 2},
            {("a",): 1},
            Response({"a": object()}),
            Response(b"\xff"),
            Response("x", headers={"X": "a\nb"}),
            Response("x", headers={"X": "a\rSet-Cookie: b"}),
            Response("x", headers={"X": ["fine", "a\r\nSet-Cookie: b"]}),
            Response("x", headers={"X\r\nSet-Cookie": "a"}),
            Response("x", headers={"X": object()}),
            Response("text", headers={"Content-Type": "image/png"}),
        ],
    )
    def test_a_result_that_cannot_be_sent_is_a_logged_500_with_cors_headers(
        self, app: Chalice, rest_event: RestEvent, caplog: pytest.LogCaptureFixture, value: Any
    ) -> None:
        app.route("/", cors=True)(lambda: value)

        result = app(rest_event(headers={"accept": "image/png"}), None)

        assert result["statusCode"] == 500
        assert json.loads(result["body"]) == INTERNAL_ERROR
        assert result["headers"] == CORS_HEADERS
        assert caplog.messages == ["Caught exception for path /"]

    def test_a_circular_result_is_a_500_and_the_next_answer_is_not(
        self, app: Chalice, rest_event: RestEvent
    ) -> None:
        loop: list[Any] = []
        loop.append(loop)
        app.route("/loop")(lambda: loop)
        app.route("/fine")(lambda: [[]])

        statuses = [app(rest_event(path), None)["statusCode"] for path in ("/loop", "/fine")]

        assert statuses == [500, 200]


class TestCors:
    def test_a_header_of_the_view_is_left_alone(self, app: Chalice, rest_event: RestEvent) -> None:
        app.route("/", cors=True)(lambda: Response("", headers={"Access-Control-Allow-Origin": "https://a"}))

        headers = app(rest_event(), None)["headers"]

        assert headers["Access-Control-Allow-Origin"] == "https://a"
        assert "Access-Control-Allow-Methods" not in headers

    def test_a_response_object_that_two_views_share_does_not_carry_cors_from_one_to_the_other(
        self, app: Chalice, rest_event: RestEvent
    ) -> None:
        shared = Response("ok")
        app.route("/open", cors=True)(lambda: shared)
        app.route("/closed")(lambda: shared)

        app(rest_event("/open"), None)

        assert app(rest_event("/closed"), None)["headers"] == {}

    def test_the_global_setting_counts_as_it_is_when_the_route_is_declared(
        self, app: Chalice, rest_event: RestEvent
    ) -> None:
        app.route("/before")(lambda: None)
        app.api.cors = CORSConfig(allow_origin="https://a", max_age=0)
        app.route("/after")(lambda: None)
        app.route("/none", cors=None)(lambda: None)
        app.route("/off", cors=False)(lambda: None)

        origins = {
            path: app(rest_event(path), None)["headers"].get("Access-Control-Allow-Origin")
            for path in ("/before", "/after", "/none", "/off")
        }

        assert origins == {"/before": None, "/after": "https://a", "/none": "https://a", "/off": None}

    def test_the_configuration_becomes_headers(self) -> None:
        cors = CORSConfig(
            allow_origin="https://a",
            allow_headers=["X-Special", "B"],
            expose_headers=["Z", "A"],
            max_age=0,
            allow_credentials=True,
        )

        assert cors.get_access_control_headers() == {
            "Access-Control-Allow-Origin": "https://a",
            "Access-Control-Allow-Headers": (
                "Authorization,B,Content-Type,X-Amz-Date,X-Amz-Security-Token,X-Api-Key,X-Special"
            ),
            "Access-Control-Expose-Headers": "Z,A",
            "Access-Control-Max-Age": "0",
            "Access-Control-Allow-Credentials": "true",
        }
        assert CORSConfig(allow_credentials=False) == CORSConfig()
        assert CORSConfig(max_age=1) != CORSConfig()


class TestBinary:
    PNG = b"\x89PNG\x00\xff"

    def test_a_binary_type_is_sent_as_base64(self, app: Chalice, rest_event: RestEvent) -> None:
        app.route("/")(lambda: Response(self.PNG, headers={"content-type": "image/PNG"}))

        result = app(rest_event(headers={"Accept": "text/html, image/gif;q=0.5"}), None)

        assert result["isBase64Encoded"] is True
        assert base64.b64decode(result["body"]) == self.PNG

    @pytest.mark.parametrize("headers", [None, {}, {"accept": "text/html"}, {"accept": ""}])
    def test_a_caller_that_accepts_no_binary_type_gets_400(
        self, app: Chalice, rest_event: RestEvent, headers: dict[str, str] | None
    ) -> None:
        app.route("/", cors=True)(lambda: Response(self.PNG, headers={"Content-Type": "image/png"}))

        result = app(rest_event(headers=headers), None)

        assert result["statusCode"] == 400
        assert json.loads(result["body"]) == {
            "Code": "BadRequest",
            "Message": (
                "Request did not specify an Accept header with image/png, The response has a Content-Type of "
                "image/png. If a response has a binary Content-Type then the request must specify an "
                "Accept header that matches."
            ),
        }
        assert result["headers"] == CORS_HEADERS
        assert "isBase64Encoded" not in result

    def test_json_can_be_binary_and_then_text_is_encoded(self, app: Chalice, rest_event: RestEvent) -> None:
        app.api.binary_types.append("application/json")
        app.route("/")(lambda: Response({"a": "ü"}, headers={"Content-Type": "application/json"}))

        result = app(rest_event(headers={"accept": "application/json"}), None)

        assert json.loads(base64.b64decode(result["body"])) == {"a": "ü"}

    def test_compressed_json_goes_out_as_the_view_made_it(self, app: Chalice, rest_event: RestEvent) -> None:
        app.api.binary_types.append("application/json")
        headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
        app.route("/")(lambda: Response(b"\x1f\x8b", headers=headers))

        result = app(rest_event(headers={"accept": "application/json"}), None)

        assert base64.b64decode(result["body"]) == b"\x1f\x8b"
        assert result["headers"]["Content-Encoding"] == "gzip"

    def test_the_list_of_types_may_change_between_two_requests(
        self, app: Chalice, rest_event: RestEvent
    ) -> None:
        app.route("/")(lambda: Response(b"text", headers={"Content-Type": "text/x"}))
        event = rest_event(headers={"accept": "text/x"})

        before = app(event, None)
        app.api.binary_types.append("text/x")
        after = app(event, None)

        assert before["body"] == "text"
        assert after["body"] == base64.b64encode(b"text").decode()

    def test_every_application_has_a_list_of_its_own(self) -> None:
        one, other = Chalice("one", env={}), Chalice("other", env={})

        one.api.binary_types.append("a/b")

        assert other.api.binary_types == other.api.default_binary_types
        assert len(one.api.default_binary_types) == 16


class TestResponse:
    def test_lists_of_values_are_sent_apart_from_single_ones(
        self, app: Chalice, rest_event: RestEvent
    ) -> None:
        app.route("/")(
            lambda: Response("", headers={"A": "1", "Set-Cookie": ["a", "b"], "N": 5}, status_code=201)
        )

        result = app(rest_event(), None)

        assert result["statusCode"] == 201
        assert result["headers"] == {"A": "1", "N": "5"}
        assert result["multiValueHeaders"] == {"Set-Cookie": ["a", "b"]}

    def test_without_binary_types_nothing_is_base64(self) -> None:
        assert Response("x", headers={"Content-Type": "image/png"}).to_dict() == {
            "headers": {"Content-Type": "image/png"},
            "multiValueHeaders": {},
            "statusCode": 200,
            "body": "x",
        }

    def test_the_kept_encoder_writes_what_json_writes(self) -> None:
        from chalice._http import to_json

        for value in ({"a": [1, 2.5, None, True, "ü\n"], 1: {}}, [], [float("nan")], 10**30, "text"):
            assert to_json(value) == json.dumps(value, separators=(",", ":"))


# Any JSON, and JSON that is nearly a REST event.
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
RESOURCES = st.sampled_from(["/", "/echo", "/users/{name}", "/none"])
NEAR_EVENTS = st.fixed_dictionaries(
    {
        "requestContext": JSON_VALUES
        | st.fixed_dictionaries(
            {
                "resourcePath": RESOURCES | JSON_VALUES,
                "httpMethod": st.sampled_from(["GET", "POST"]) | JSON_VALUES,
            }
        )
    },
    optional={
        "headers": JSON_VALUES
        | st.dictionaries(
            st.sampled_from(["content-type", "Accept", "x"]),
            st.sampled_from(["application/json", "image/png"]) | JSON_VALUES,
        ),
        "pathParameters": JSON_VALUES | st.fixed_dictionaries({"name": JSON_VALUES}),
        "multiValueQueryStringParameters": JSON_VALUES,
        "body": JSON_VALUES,
        "isBase64Encoded": st.booleans() | JSON_VALUES,
    },
)


@settings(max_examples=300, deadline=None)
@given(event=JSON_VALUES | NEAR_EVENTS)
def test_no_event_whatever_escapes_as_an_exception(event: Any) -> None:
    app = Chalice("fuzzed", configure_logs=False, env={})
    app.log.setLevel(logging.CRITICAL)

    @app.route("/", methods=["GET", "POST"], cors=True)
    def whole() -> Any:
        assert app.current_request is not None
        return app.current_request.to_dict()

    @app.route("/echo", methods=["GET", "POST"])
    def echo() -> Any:
        assert app.current_request is not None
        return Response(app.current_request.raw_body, headers={"Content-Type": "image/png"})

    @app.route("/users/{name}", methods=["GET", "POST"])
    def user(name: str) -> Any:
        assert app.current_request is not None
        return [name, app.current_request.json_body, app.current_request.query_params]

    routes = {path: list(methods) for path, methods in app.routes.items()}

    result = app(event, None)

    assert isinstance(result["statusCode"], int)
    assert isinstance(result["body"], str)
    json.dumps(result)
    assert {path: list(methods) for path, methods in app.routes.items()} == routes


def test_errors_are_named_after_the_module_that_applications_import_them_from() -> None:
    named = {f"{error.__module__}.{error.__qualname__}": error for error in chalice.app.ALL_ERRORS}

    assert named["chalice.app.NotFoundError"] is chalice.app.NotFoundError
    assert all(getattr(chalice.app, name.rpartition(".")[2]) is error for name, error in named.items())
