"""The client for an application's own tests."""

from __future__ import annotations

import base64
import json
import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from chalice import Chalice, CORSConfig, NotFoundError, Response
from chalice.authorization import AuthRequest, AuthResponse
from chalice.authorizers import (
    CognitoUserPoolAuthorizer,
    CustomAuthorizer,
    IAMAuthorizer,
)
from chalice.gateway import UncheckedAuthorizerWarning
from chalice.test import Client, FunctionNotFoundError, HTTPClient, HTTPResponse, ProjectConfigError

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def served(app: Chalice) -> Chalice:
    @app.route("/users/{name}", methods=["GET", "PUT", "POST", "PATCH", "DELETE", "HEAD"], cors=True)
    def user(name: str) -> Any:
        """Echo."""
        request = app.current_request
        assert request is not None
        if name == "nobody":
            raise NotFoundError("who?")
        query = None if request.query_params is None else dict(request.query_params)
        return [request.method, name, query, request.json_body]

    @app.route("/raw", methods=["POST"], content_types=["application/octet-stream", "text/plain"])
    def raw() -> Response:
        assert app.current_request is not None
        body = app.current_request.raw_body
        return Response(body, headers={"Content-Type": "application/octet-stream", "Set-Cookie": ["a", "b"]})

    @app.route("/env")
    def env() -> Any:
        context = app.lambda_context
        return [
            os.environ.get("CHALICE_TESTED"),
            context.function_name,
            context.memory_limit_in_mb,
            context.get_remaining_time_in_millis() <= 7000,
        ]

    @app.lambda_function(name="adds")
    def add(event: Any, context: Any) -> Any:
        return [event, os.environ.get("CHALICE_TESTED"), context.function_name, context.aws_request_id]

    return app


class TestHttp:
    @pytest.mark.parametrize("method", ["get", "put", "post", "patch", "delete"])
    def test_each_method_has_a_function(self, served: Chalice, method: str) -> None:
        with Client(served) as client:
            response = getattr(client.http, method)("/users/x?a=1")

        assert response.status_code == 200
        assert response.json_body == [method.upper(), "x", {"a": "1"}, None]

    def test_a_method_may_be_written_in_any_case(self, served: Chalice) -> None:
        with Client(served) as client:
            assert client.http.request("put", "/users/x").json_body == ["PUT", "x", None, None]

    def test_a_body_is_sent_with_its_headers(self, served: Chalice) -> None:
        response = Client(served).http.post(
            "/users/x", headers={"Content-Type": "application/json"}, body=json.dumps({"a": "ü"})
        )

        assert response.json_body == ["POST", "x", None, {"a": "ü"}]

    def test_head_has_no_body(self, served: Chalice) -> None:
        response = Client(served).http.head("/users/x")

        assert (response.status_code, response.body, response.json_body) == (200, b"", None)

    def test_options_answers_the_preflight(self, served: Chalice) -> None:
        response = Client(served).http.options("/users/x")

        assert response.status_code == 200
        assert response.headers["Access-Control-Allow-Methods"] == "GET,PUT,POST,PATCH,DELETE,HEAD,OPTIONS"

    def test_binary_goes_both_ways_and_repeated_headers_are_a_list(self, served: Chalice) -> None:
        response = Client(served).http.post(
            "/raw",
            headers={"Content-Type": "application/octet-stream", "Accept": "application/octet-stream"},
            body=b"\xff\x00",
        )

        assert response.body == b"\xff\x00"
        assert response.headers["Set-Cookie"] == ["a", "b"]

    def test_errors_are_responses(self, served: Chalice) -> None:
        client = Client(served)

        assert client.http.get("/users/nobody").json_body == {"Code": "NotFoundError", "Message": "who?"}
        assert client.http.get("/none").json_body == {"message": "Missing Authentication Token"}
        assert client.http.get("/none").status_code == 403

    def test_a_captured_value_stays_encoded_as_it_does_on_aws(self, served: Chalice) -> None:
        assert Client(served).http.get("/users/J%C3%BC%2Fx").json_body[1] == "J%C3%BC%2Fx"

    def test_a_view_and_a_binary_type_may_be_added_between_two_requests(self, app: Chalice) -> None:
        http = Client(app).http
        assert http.get("/late").status_code == 403

        app.route("/late")(lambda: Response(b"x", headers={"Content-Type": "font/woff2"}))
        app.api.binary_types.append("font/woff2")

        assert http.get("/late", headers={"Accept": "font/woff2"}).body == b"x"


class TestRequests:
    """What a request is made of."""

    @pytest.fixture
    def echo(self, app: Chalice) -> HTTPClient:
        """Answer with the event."""

        @app.route("/", methods=["GET", "POST"], content_types=["*/*"])
        def root() -> Any:
            return event()

        @app.route("/{proxy+}", methods=["GET", "POST"], content_types=["*/*"])
        def other() -> Any:
            return event()

        def event() -> Any:
            assert app.current_request is not None
            return app.current_request.to_original_event()

        return Client(app, stage_variables={"colour": "red"}).http

    @pytest.mark.parametrize(
        ("path", "params", "query"),
        [
            ("/?a=1", None, {"a": ["1"]}),
            ("/", {"a": "1 2&ü", "b": ["x", "y"], "n": 3}, {"a": ["1 2&ü"], "b": ["x", "y"], "n": ["3"]}),
            ("/?a=1", [("a", "2"), ("", "")], {"a": ["1", "2"], "": [""]}),
            ("/", {}, None),
            ("/?a+b=%2B#part", (), {"a b": ["+"]}),
        ],
    )
    def test_params_are_added_to_the_query(
        self, echo: HTTPClient, path: str, params: Any, query: dict[str, list[str]] | None
    ) -> None:
        assert echo.get(path, params=params).json_body["multiValueQueryStringParameters"] == query

    @pytest.mark.parametrize(
        ("path", "sent"),
        [
            ("", "/"),
            ("/jürgen b", "/j%C3%BCrgen%20b"),
            ("/a%20b/{c}", "/a%20b/%7Bc%7D"),
            ("/a//b/", "/a//b/"),
            ("/a:b@c;d=e,f+g", "/a:b@c;d=e,f+g"),
        ],
    )
    def test_a_path_travels_percent_encoded(self, echo: HTTPClient, path: str, sent: str) -> None:
        assert echo.get(path).json_body["path"] == sent

    def test_a_path_starts_with_a_slash(self, echo: HTTPClient) -> None:
        with pytest.raises(ValueError, match=r"as in '/users'"):
            echo.get("users?a=1")

    @pytest.mark.parametrize(
        "headers", [{"X-Many": ["1", "2"], "x-One": "3"}, [("X-Many", "1"), ("X-Many", "2"), ("x-One", "3")]]
    )
    def test_a_header_may_come_several_times(self, echo: HTTPClient, headers: Any) -> None:
        arrived = echo.get("/", headers=headers).json_body["multiValueHeaders"]

        assert (arrived["X-Many"], arrived["x-One"]) == (["1", "2"], ["3"])

    def test_the_host_is_that_of_an_api_unless_the_test_says_otherwise(
        self, echo: HTTPClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("AWS_REGION", "eu-west-3")

        headers = echo.get("/").json_body["headers"]
        named = echo.get("/", headers={"host": "example.com"}).json_body

        assert headers["Host"] == "testclient.execute-api.eu-west-3.amazonaws.com"
        assert (headers["X-Forwarded-Proto"], headers["X-Forwarded-Port"]) == ("https", "443")
        assert named["requestContext"]["domainName"] == named["headers"]["host"] == "example.com"

    @pytest.mark.parametrize("value", [{"a": ["ü"]}, None, 0, "text"])
    def test_json_is_sent_with_its_type(self, echo: HTTPClient, value: Any) -> None:
        event = echo.post("/", json=value).json_body

        assert json.loads(event["body"]) == value
        assert event["headers"]["Content-Type"] == "application/json"

    def test_the_type_that_a_test_names_stays(self, echo: HTTPClient) -> None:
        event = echo.post("/", json={}, headers={"content-type": "application/vnd.api+json"}).json_body

        assert event["multiValueHeaders"]["content-type"] == ["application/vnd.api+json"]
        assert "Content-Type" not in event["headers"]

    @pytest.mark.parametrize(
        ("options", "why"),
        [
            ({"body": "x", "json": 1}, "either body= or json="),
            ({"body": {"a": 1}}, "not dict; json= sends a value"),
            ({"body": 1}, "not int"),
            ({"headers": {"X-A": None}}, "'X-A' must be text or a list of texts, not NoneType"),
        ],
    )
    def test_what_a_request_cannot_have_is_named(self, echo: HTTPClient, options: Any, why: str) -> None:
        with pytest.raises(TypeError, match=why):
            echo.post("/", **options)

    def test_no_body_may_be_none_and_headers_may_be_numbers(self, echo: HTTPClient) -> None:
        headers: Any = {"X-Number": 1, "X-Numbers": (1, "b")}

        event = echo.post("/", body=None, headers=headers).json_body

        assert event["body"] is None
        assert event["multiValueHeaders"]["X-Number"] == ["1"]
        assert event["multiValueHeaders"]["X-Numbers"] == ["1", "b"]

    @pytest.mark.parametrize("body", [b"\xc3\xbc", bytearray(b"\xc3\xbc"), "ü"])
    def test_a_body_of_text_may_be_given_as_bytes(self, echo: HTTPClient, body: Any) -> None:
        assert echo.post("/", body=body, headers={"Content-Type": "text/plain"}).json_body["body"] == "ü"

    def test_views_see_the_stage_variables(self, echo: HTTPClient) -> None:
        assert echo.get("/").json_body["stageVariables"] == {"colour": "red"}

    def test_a_response_is_read_as_text_too(self, app: Chalice) -> None:
        app.route("/")(lambda: Response("grün", headers={"Content-Type": "text/plain"}))

        response = Client(app).http.get("/")

        assert (response.text, response.json_body) == ("grün", None)


class TestPreflights:
    def test_of_several_origins_each_is_told_about_itself(self, app: Chalice) -> None:
        cors = CORSConfig(allow_origin=["https://a", "https://b"])
        app.route("/", methods=["GET", "PUT"], cors=cors)(dict)
        http = Client(app).http

        for origin, told in [("https://b", "https://b"), ("https://c", None)]:
            preflight = http.options("/", headers={"Origin": origin})
            response = http.get("/", headers={"Origin": origin})
            assert preflight.status_code == 200
            assert response.status_code == 200
            for headers in (preflight.headers, response.headers):
                assert headers.get("Access-Control-Allow-Origin") == told
                assert headers["Vary"] == "Origin"
            methods = preflight.headers.get("Access-Control-Allow-Methods")
            assert methods == ("GET,PUT,OPTIONS" if told else None)

    def test_without_cors_there_is_none(self, app: Chalice) -> None:
        app.route("/")(dict)

        assert Client(app).http.options("/").status_code == 403

    def test_the_application_may_answer_options_itself(self, app: Chalice) -> None:
        app.route("/", methods=["OPTIONS"], cors=True)(lambda: Response("mine", status_code=204))

        assert Client(app).http.options("/").status_code == 204


def jwt(**claims: Any) -> str:
    text = base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=").decode()
    return f"e30.{text}.sig"


class TestAuthorizers:
    @pytest.fixture
    def guarded(self, app: Chalice) -> Chalice:
        @app.authorizer(header="X-Token")
        def check(request: AuthRequest) -> Any:
            if request.token == "broken":
                raise LookupError("no such table")
            if request.token == "stranger":
                raise Exception("Unauthorized")
            assert request.method_arn.startswith("arn:aws:execute-api:")
            return AuthResponse(["/users/*", "/"], request.token, {"number": 1})

        def who() -> Any:
            assert app.current_request is not None
            return app.current_request.context.get("authorizer")

        app.route("/", authorizer=check, cors=True)(who)
        app.route("/users/{name}", authorizer=check)(lambda name: who())
        app.route("/admin", authorizer=check)(who)
        app.route("/open")(who)
        app.route("/signed", authorizer=IAMAuthorizer())(who)
        app.route("/elsewhere", authorizer=CustomAuthorizer("other", "arn:of-a-function"))(who)
        pool = CognitoUserPoolAuthorizer("pool", ["arn:of-a-pool"])
        app.route("/pool", authorizer=pool)(who)
        app.route("/scoped", authorizer=pool.with_scopes(["a/read"]))(who)
        return app

    @pytest.mark.parametrize(
        ("path", "token", "status"),
        [
            ("/", "joe", 200),
            ("/users/x/", "joe", 200),
            ("/admin", "joe", 403),
            ("/", None, 401),
            ("/", "stranger", 401),
            ("/open", None, 200),
        ],
    )
    def test_the_application_s_own_is_asked(
        self, guarded: Chalice, path: str, token: str | None, status: int
    ) -> None:
        response = Client(guarded).http.get(path, headers={} if token is None else {"x-token": token})

        assert response.status_code == status
        if token is not None and status == 200:
            assert response.json_body == {"number": "1", "principalId": "joe"}

    def test_one_that_fails_is_500_and_the_reason_is_in_the_log(
        self, guarded: Chalice, caplog: pytest.LogCaptureFixture
    ) -> None:
        response = Client(guarded).http.get("/", headers={"X-Token": "broken"})

        assert (response.status_code, response.json_body) == (500, {"message": None})
        assert "The authorizer 'check' failed" in caplog.text
        assert "LookupError: no such table" in caplog.text

    def test_a_preflight_needs_no_token(self, guarded: Chalice) -> None:
        assert Client(guarded).http.options("/").status_code == 200

    def test_who_calls_can_be_injected(self, guarded: Chalice) -> None:
        http = Client(guarded).http

        for path in ("/", "/admin", "/signed", "/pool", "/scoped"):
            assert http.get(path, authorizer={"principalId": "me"}).json_body == {"principalId": "me"}

    def test_what_cannot_be_asked_admits_with_a_warning(self, guarded: Chalice) -> None:
        http = Client(guarded).http

        with pytest.warns(UncheckedAuthorizerWarning, match="'sigv4' needs AWS credentials"):
            assert http.get("/signed").json_body is None
        with pytest.warns(UncheckedAuthorizerWarning, match="'other' needs a function outside"):
            assert http.get("/elsewhere").status_code == 200

    @pytest.mark.filterwarnings("ignore::chalice.gateway.UncheckedAuthorizerWarning")
    def test_tokens_of_user_pools_are_read(self, guarded: Chalice) -> None:
        http = Client(guarded).http
        claims = {"cognito:username": "joe", "scope": "a/read"}

        def get(path: str, token: str) -> HTTPResponse:
            return http.get(path, headers={"Authorization": token})

        assert get("/pool", jwt(**claims)).json_body == {"claims": claims, "principalId": "joe"}
        assert get("/scoped", f"Bearer {jwt(**claims)}").status_code == 200
        assert get("/scoped", jwt(scope="b")).status_code == 401
        assert get("/pool", jwt(exp=1)).json_body == {"message": "The incoming token has expired"}
        assert http.get("/pool").status_code == 401

    def test_every_request_asks_again(self, app: Chalice) -> None:
        answers = [["*"], []]

        @app.authorizer()
        def check(request: AuthRequest) -> AuthResponse:
            return AuthResponse(answers.pop(0), "me")

        app.route("/", authorizer=check)(dict)
        http = Client(app).http

        statuses = [http.get("/", headers={"Authorization": "x"}).status_code for _ in range(2)]

        assert statuses == [200, 403]

    def test_it_can_be_invoked_by_its_name_and_may_be_a_coroutine(self, app: Chalice) -> None:
        @app.authorizer(name="gate")
        async def check(request: AuthRequest) -> AuthResponse:
            return AuthResponse(["/a"], request.token)

        event = {"type": "TOKEN", "authorizationToken": "t", "methodArn": "arn:aws:execute-api:r:1:a/s/GET/b"}

        answer = Client(app).lambda_.invoke("gate", event).payload

        assert answer["policyDocument"]["Statement"][0]["Resource"] == ["arn:aws:execute-api:r:1:a/s/*/a"]
        assert answer["principalId"] == "t"


class TestApiKeys:
    @pytest.mark.parametrize(
        ("keys", "key", "status"),
        [(None, "any", 200), (None, None, 403), (["k"], "k", 200), (["k"], "any", 403)],
    )
    def test_a_route_that_needs_one_is_closed_without(
        self, app: Chalice, keys: list[str] | None, key: str | None, status: int
    ) -> None:
        app.route("/", api_key_required=True)(dict)

        response = Client(app, api_keys=keys).http.get("/", headers={"X-Api-Key": key} if key else None)

        assert response.status_code == status


class TestExtensions:
    @pytest.fixture
    def family(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Install a distribution with an event family of its own."""
        info = tmp_path / "chalice_parcels-1.0.dist-info"
        info.mkdir()
        (info / "entry_points.txt").write_text(
            "[chalice.samples]\ngenerate_parcel_event = parcels_for_tests:sample\n"
            "[chalice.testing]\ndepot = parcels_for_tests:Depot\n"
        )
        (tmp_path / "parcels_for_tests.py").write_text(
            "def sample(weight):\n    return {'weight': weight}\n"
            "class Depot:\n    def __init__(self, client):\n        self.client = client\n"
        )
        monkeypatch.syspath_prepend(tmp_path)

    def test_a_distribution_adds_events(self, app: Chalice, family: None) -> None:
        events = Client(app).events

        assert events.generate_parcel_event(3) == {"weight": 3}
        assert "generate_parcel_event" in dir(events)

    def test_a_distribution_adds_attributes_made_once(self, app: Chalice, family: None) -> None:
        client = Client(app)

        assert client.depot.client is client
        assert client.depot is client.depot
        assert {"depot", "http"} <= set(dir(client))

    def test_what_nobody_offers_is_an_attribute_error_that_names_the_events_there_are(
        self, app: Chalice, family: None
    ) -> None:
        client = Client(app)

        with pytest.raises(AttributeError, match=r"offers 'generate_nothing'; they offer .*generate_parcel"):
            client.events.generate_nothing()
        with pytest.raises(AttributeError, match="'Client' object has no attribute 'nothing'"):
            client.nothing()
        assert not hasattr(client, "__len__")

    def test_a_family_that_is_not_installed_names_its_distribution(
        self, app: Chalice, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("sys.path", [])

        with pytest.raises(AttributeError, match="pip install chalice-sqs"):
            Client(app).events.generate_sqs_event(["a"])
        with pytest.raises(AttributeError, match="pip install chalice-websockets"):
            Client(app).websocket.connect()

    def test_run_calls_a_handler_in_the_environment_of_a_function(self, app: Chalice, tmp_path: Path) -> None:
        configure(tmp_path, {"lambda_functions": {"f": {"environment_variables": {"CHALICE_TESTED": "f"}}}})
        client = Client(app, project_dir=tmp_path)

        ran = client.run(
            "f", lambda event, context: [event, context.function_name, os.environ["CHALICE_TESTED"]], 1
        )

        assert ran == [1, "tested-dev-f", "f"]


class TestLambda:
    def test_a_view_is_no_function(self, served: Chalice) -> None:
        with pytest.raises(FunctionNotFoundError, match="'user'"):
            Client(served).lambda_.invoke("user")

    def test_the_function_of_all_routes_is_invoked_by_its_name(self, served: Chalice) -> None:
        request = {"http": {"method": "GET", "path": "/users/ann"}, "stage": "$default"}
        event = {"version": "2.0", "rawPath": "/users/ann", "rawQueryString": "", "headers": {}}

        answer = Client(served).lambda_.invoke("api_handler", {**event, "requestContext": request}).payload

        assert answer["statusCode"] == 200

    def test_an_application_without_routes_has_no_function_of_all_routes(self, app: Chalice) -> None:
        with pytest.raises(FunctionNotFoundError, match="'api_handler'"):
            Client(app).lambda_.invoke("api_handler")

    def test_a_handler_may_be_a_coroutine(self, app: Chalice) -> None:
        @app.lambda_function()
        async def later(event: Any, context: Any) -> Any:
            return event

        assert Client(app).lambda_.invoke("later", [1]).payload == [1]

    def test_a_function_gets_payload_and_context(self, served: Chalice) -> None:
        payload, _, name, request_id = (
            Client(served, stage_name="beta").lambda_.invoke("adds", {"a": 1}).payload
        )

        assert (payload, name) == ({"a": 1}, "tested-beta-adds")
        assert len(request_id) == 36

    def test_the_payload_is_an_empty_object_by_default(self, served: Chalice) -> None:
        assert Client(served).lambda_.invoke("adds").payload[0] == {}

    def test_an_unknown_function_is_an_error_with_the_known_ones(self, served: Chalice) -> None:
        with pytest.raises(FunctionNotFoundError, match=r"'add'; its functions are: adds\."):
            Client(served).lambda_.invoke("add")

    def test_exceptions_reach_the_test(self, app: Chalice) -> None:
        @app.lambda_function()
        def fail(event: Any, context: Any) -> None:
            raise LookupError("why")

        with pytest.raises(LookupError, match="why"):
            Client(app).lambda_.invoke("fail")


def configure(folder: Path, document: Any) -> None:
    (folder / ".chalice").mkdir()
    text = document if isinstance(document, str) else json.dumps(document)
    (folder / ".chalice" / "config.json").write_text(text, encoding="utf-8")


class TestEnvironments:
    """There is one environment, and calls may overlap in it."""

    @pytest.fixture
    def client(self, app: Chalice, tmp_path: Path) -> Client:
        configure(
            tmp_path,
            {
                "environment_variables": {"CHALICE_TESTED": "all"},
                "lambda_functions": {"inner": {"environment_variables": {"CHALICE_TESTED": "inner"}}},
            },
        )
        return Client(app, project_dir=tmp_path)

    def test_a_call_within_a_call_has_its_own_and_leaves_the_outer_one_s(
        self, app: Chalice, client: Client
    ) -> None:
        @app.lambda_function()
        def inner(event: Any, context: Any) -> Any:
            return os.environ["CHALICE_TESTED"]

        @app.lambda_function()
        def outer(event: Any, context: Any) -> Any:
            return [client.lambda_.invoke("inner").payload, os.environ["CHALICE_TESTED"]]

        assert client.lambda_.invoke("outer").payload == ["inner", "all"]
        assert "CHALICE_TESTED" not in os.environ

    def test_what_a_function_changes_does_not_outlive_it(self, app: Chalice, client: Client) -> None:
        @app.lambda_function()
        def change(event: Any, context: Any) -> None:
            os.environ["CHALICE_TESTED"] = "changed"

        client.lambda_.invoke("change")

        assert "CHALICE_TESTED" not in os.environ

    def test_calls_that_overlap_in_threads_do_not_take_each_other_s_away(
        self, app: Chalice, client: Client
    ) -> None:
        first_is_in, second_is_over = threading.Event(), threading.Event()

        @app.route("/wait")
        def wait() -> Any:
            first_is_in.set()
            assert second_is_over.wait(10)
            return os.environ.get("CHALICE_TESTED")

        @app.route("/quick")
        def quick() -> Any:
            return os.environ.get("CHALICE_TESTED")

        with ThreadPoolExecutor() as pool:
            waiting = pool.submit(client.http.get, "/wait")
            assert first_is_in.wait(10)
            assert client.http.get("/quick").text == "all"
            second_is_over.set()

            assert waiting.result().text == "all"
        assert "CHALICE_TESTED" not in os.environ

    def test_requests_in_many_threads_get_their_own_answers(self, app: Chalice, client: Client) -> None:
        @app.route("/{name}")
        def name(name: str) -> Any:
            assert app.current_request is not None
            first = app.current_request.uri_params
            time.sleep(0.001)
            return [name, first, app.current_request.uri_params]

        names = [f"n{index}" for index in range(40)]
        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda name: client.http.get(f"/{name}").json_body, names))

        assert answers == [[name, {"name": name}, {"name": name}] for name in names]


class TestSettings:
    def test_a_variable_that_is_no_text_says_so(self, served: Chalice, tmp_path: Path) -> None:
        configure(tmp_path, {"environment_variables": {"PORT": 80}})

        with pytest.raises(ProjectConfigError, match=r"'PORT' in config\.json must be a string, not 80"):
            Client(served, project_dir=tmp_path).http.get("/env")

    def test_environment_time_limit_and_memory_come_from_the_stage(
        self, served: Chalice, tmp_path: Path
    ) -> None:
        configure(
            tmp_path,
            {
                "app_name": "named",
                "lambda_timeout": 7,
                "environment_variables": {"CHALICE_TESTED": "top"},
                "stages": {
                    "dev": {
                        "lambda_memory_size": 512,
                        "environment_variables": {"CHALICE_TESTED": "stage"},
                        "lambda_functions": {
                            "adds": {"environment_variables": {"CHALICE_TESTED": "function"}}
                        },
                    },
                    # Null takes a variable out.
                    "bare": {"environment_variables": {"CHALICE_TESTED": None}},
                },
            },
        )
        client = Client(served, project_dir=tmp_path)

        assert client.http.get("/env").json_body == ["stage", "named-dev", 512, True]
        assert client.lambda_.invoke("adds").payload[1] == "function"
        assert Client(served, "prod", str(tmp_path)).http.get("/env").json_body[0] == "top"
        assert Client(served, "bare", str(tmp_path)).http.get("/env").json_body[0] is None
        assert "CHALICE_TESTED" not in os.environ

    def test_a_variable_is_what_it_was_after_a_call_even_one_that_fails(
        self, app: Chalice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        configure(tmp_path, {"environment_variables": {"CHALICE_TESTED": "set"}})
        monkeypatch.setenv("CHALICE_TESTED", "mine")

        @app.lambda_function()
        def fail(event: Any, context: Any) -> None:
            raise LookupError(os.environ["CHALICE_TESTED"])

        with pytest.raises(LookupError, match="set"):
            Client(app, project_dir=tmp_path).lambda_.invoke("fail")
        assert os.environ["CHALICE_TESTED"] == "mine"

    @pytest.mark.parametrize(
        ("document", "why"),
        [
            ("{", "not valid JSON"),
            ([], "must hold a JSON object"),
            ({"stages": []}, "'stages' must be a JSON object"),
            ({"lambda_functions": 1}, "'lambda_functions' must be a JSON object"),
        ],
    )
    def test_a_config_that_cannot_be_used_says_why(
        self, app: Chalice, tmp_path: Path, document: Any, why: str
    ) -> None:
        configure(tmp_path, document)

        with pytest.raises(ProjectConfigError, match=why):
            Client(app, project_dir=tmp_path)
