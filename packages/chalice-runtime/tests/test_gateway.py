"""API Gateway for REST APIs, emulated."""

from __future__ import annotations

import base64
import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalice import Chalice, CORSConfig, Response
from chalice.gateway import (
    GatewayRoute,
    HttpRequest,
    HttpResponse,
    NotEmulatedError,
    Outcome,
    RestGateway,
    routes_of_app,
    routes_of_document,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

FINE = {"statusCode": 200, "headers": {}, "body": "fine"}
UNSET: Any = object()


class Backend:
    """A gateway whose functions answer what the test says, and remember what they were asked."""

    def __init__(
        self,
        *routes: str | GatewayRoute,
        payload: Any = UNSET,
        error: bool = False,
        binary: Sequence[str] = (),
    ) -> None:
        self.calls: list[tuple[Any, dict[str, Any]]] = []
        self.payload = FINE if payload is UNSET else payload
        self.error = error
        parsed = []
        for route in routes:
            if isinstance(route, str):
                method, path = route.split(" ")
                route = GatewayRoute(path=path, method=method, target=route)
            parsed.append(route)
        self.gateway = RestGateway(
            parsed,
            self.invoke,
            binary_types=binary,
            api_id="abc123",
            stage="dev",
            account_id="123456789012",
            region="eu-west-1",
            stage_variables={"colour": "red"},
        )

    def invoke(self, target: Any, event: dict[str, Any]) -> Outcome:
        self.calls.append((target, json.loads(json.dumps(event))))
        return Outcome(self.payload, self.error)

    def send(
        self, method: str, path: str, *headers: tuple[str, str], query: str = "", body: bytes = b""
    ) -> HttpResponse:
        return self.gateway.handle(
            HttpRequest(
                method=method,
                path=path,
                query_string=query,
                headers=list(headers),
                body=body,
                source_ip="192.0.2.7",
            )
        )

    def target(self, method: str, path: str) -> Any:
        self.calls.clear()
        self.send(method, path)
        return self.calls[0][0] if self.calls else None

    def event(self, method: str, path: str, *headers: tuple[str, str], **parts: Any) -> dict[str, Any]:
        self.send(method, path, *headers, **parts)
        return self.calls[-1][1]


def header(response: HttpResponse, name: str) -> list[str]:
    return [value for key, value in response.headers if key.lower() == name.lower()]


class TestMatching:
    def test_literal_parts_win_over_captured_ones_and_those_over_greedy_ones(self) -> None:
        backend = Backend(
            "GET /{proxy+}", "GET /users/{id}", "GET /users/me", "GET /users/{id}/orders", "GET /"
        )

        assert backend.target("GET", "/users/me") == "GET /users/me"
        assert backend.target("GET", "/users/you") == "GET /users/{id}"
        assert backend.target("GET", "/users/me/orders") == "GET /users/{id}/orders"
        assert backend.target("GET", "/users/me/more") == "GET /{proxy+}"
        assert backend.target("GET", "/") == "GET /"

    def test_a_path_that_leads_astray_is_tried_another_way_without_leaking_what_it_captured(self) -> None:
        backend = Backend("GET /{a}/x", "GET /lit/{b}/c", "GET /{proxy+}")

        event = backend.event("GET", "/lit/z/d")

        assert event["pathParameters"] == {"proxy": "lit/z/d"}

    def test_a_resource_without_the_method_leaves_the_request_to_another(self) -> None:
        options = GatewayRoute(path="/jobs/{id}", method="OPTIONS", mock={})
        backend = Backend("ANY /{proxy+}", "GET /jobs/{kind}", "POST /jobs/new", options)

        assert backend.target("GET", "/jobs/new") == "GET /jobs/{kind}"
        assert backend.target("POST", "/jobs/new") == "POST /jobs/new"
        assert backend.target("POST", "/jobs/old") == "ANY /{proxy+}"
        assert backend.target("GET", "/jobs") == "ANY /{proxy+}"

    @pytest.mark.parametrize(
        ("path", "captured"),
        [
            ("/users/J%C3%BCrgen", "J%C3%BCrgen"),
            ("/users/a%2Fb", "a%2Fb"),
            ("/users/a%2Bb@x.example", "a%2Bb@x.example"),
            ("/users/a+b", "a+b"),
            ("/users/x/", "x"),
            ("/us%65rs/x", "x"),
        ],
    )
    def test_captured_values_stay_encoded(self, path: str, captured: str) -> None:
        event = Backend("GET /users/{name}").event("GET", path)

        assert event["pathParameters"] == {"name": captured}
        assert event["path"] == path

    def test_a_greedy_part_needs_something_to_match(self) -> None:
        backend = Backend("GET /files/{proxy+}")

        statuses = [backend.send("GET", path).status for path in ("/files", "/files/", "/files/a/b%20c")]

        assert statuses == [403, 403, 200]
        assert backend.calls[-1][1]["pathParameters"] == {"proxy": "a/b%20c"}

    def test_any_answers_the_methods_that_have_no_route_of_their_own(self) -> None:
        backend = Backend("ANY /a", "POST /a")

        assert backend.target("DELETE", "/a") == "ANY /a"
        assert backend.target("POST", "/a") == "POST /a"

    @pytest.mark.parametrize(
        ("method", "path"), [("GET", "/none"), ("POST", "/"), ("GET", "//"), ("HEAD", "/")]
    )
    def test_what_does_not_exist_answers_403(self, method: str, path: str) -> None:
        backend = Backend("GET /")

        response = backend.send(method, path)

        assert response.status == 403
        assert backend.calls == []
        assert header(response, "x-amzn-errortype") == ["UnauthorizedException"]
        assert len(header(response, "x-amzn-requestid")) == 1
        if method != "HEAD":
            assert json.loads(response.body) == {"message": "Missing Authentication Token"}

    def test_an_authorization_header_for_what_does_not_exist_counts_as_a_bad_signature(self) -> None:
        response = Backend("GET /").send("GET", "/none", ("Authorization", "token"))

        message = json.loads(response.body)["message"]
        assert message.startswith("Authorization header requires 'Credential' parameter.")
        assert message.endswith("Authorization=token")


class TestEvent:
    def test_it_is_the_event_of_a_proxy_integration(self) -> None:
        event = Backend("POST /users/{id}").event(
            "POST",
            "/users/7",
            ("Host", "localhost:8000"),
            ("User-Agent", "test/1"),
            ("X-Many", "1"),
            ("X-Many", "2"),
            query="a=1&a=2&b=&c=x%20y+z",
            body="ü".encode(),
        )

        assert event["resource"] == "/users/{id}"
        assert (event["path"], event["httpMethod"]) == ("/users/7", "POST")
        assert event["headers"]["X-Many"] == "2"
        assert event["multiValueHeaders"]["X-Many"] == ["1", "2"]
        assert event["queryStringParameters"] == {"a": "2", "b": "", "c": "x y z"}
        assert event["multiValueQueryStringParameters"] == {"a": ["1", "2"], "b": [""], "c": ["x y z"]}
        assert event["pathParameters"] == {"id": "7"}
        assert event["stageVariables"] == {"colour": "red"}
        assert (event["body"], event["isBase64Encoded"]) == ("ü", False)
        context = event["requestContext"]
        assert context["resourcePath"] == "/users/{id}"
        assert (context["httpMethod"], context["path"], context["stage"]) == ("POST", "/dev/users/7", "dev")
        assert (context["apiId"], context["accountId"]) == ("abc123", "123456789012")
        assert context["identity"]["sourceIp"] == "192.0.2.7"
        assert context["identity"]["userAgent"] == "test/1"
        assert (context["domainName"], context["domainPrefix"]) == ("localhost", "localhost")

    def test_a_header_in_two_spellings_is_one_header(self) -> None:
        event = Backend("POST /", binary=["image/png"]).event(
            "POST", "/", ("content-Type", "text/plain"), ("Content-Type", "image/png"), body=b"x"
        )

        assert event["multiValueHeaders"]["content-Type"] == ["text/plain", "image/png"]
        assert event["headers"]["content-Type"] == "image/png"
        assert "Content-Type" not in event["headers"]
        # What decides over the body is what the function sees.
        assert event["isBase64Encoded"] is True

    def test_what_is_not_there_is_null(self) -> None:
        event = Backend("GET /").event("GET", "/")

        for name in ("queryStringParameters", "multiValueQueryStringParameters", "pathParameters", "body"):
            assert event[name] is None

    def test_it_says_who_called_and_how(self) -> None:
        headers = Backend("GET /").event(
            "GET",
            "/",
            ("Host", "localhost:8000"),
            ("X-Forwarded-For", "198.51.100.1"),
            ("X-Forwarded-Proto", "ftp"),
        )["multiValueHeaders"]

        assert headers["X-Forwarded-For"] == ["198.51.100.1, 192.0.2.7"]
        assert (headers["X-Forwarded-Proto"], headers["X-Forwarded-Port"]) == (["http"], ["8000"])
        assert headers["X-Amzn-Trace-Id"][0].startswith("Root=1-")

    def test_every_request_has_an_id_of_its_own(self) -> None:
        backend = Backend("GET /")

        responses = [backend.send("GET", "/") for _ in range(2)]

        ids = [header(response, "x-amzn-requestid")[0] for response in responses]
        assert ids == [event["requestContext"]["requestId"] for _, event in backend.calls]
        assert ids[0] != ids[1]

    @pytest.mark.parametrize("content_type", ["image/png", "Image/PNG; a=b"])
    def test_a_body_of_a_binary_type_travels_as_base64(self, content_type: str) -> None:
        event = Backend("POST /", binary=["image/png"]).event(
            "POST", "/", ("content-type", content_type), body=b"\xff\x00"
        )

        assert (base64.b64decode(event["body"]), event["isBase64Encoded"]) == (b"\xff\x00", True)

    @pytest.mark.parametrize("wildcard", ["*/*", "text/*"])
    def test_a_wildcard_makes_every_body_binary(self, wildcard: str) -> None:
        event = Backend("POST /", binary=[wildcard]).event(
            "POST", "/", ("content-type", "text/plain"), body=b"a"
        )

        assert event["isBase64Encoded"] is True


class TestResponse:
    def test_headers_of_both_kinds_are_sent_and_lists_win(self) -> None:
        payload = {
            "statusCode": 201,
            "headers": {"A": "1", "b": "2", "N": 3, "T": True},
            "multiValueHeaders": {"B": ["3", "4"], "Set-Cookie": ["x", "y"]},
            "body": None,
        }

        response = Backend("GET /", payload=payload).send("GET", "/")

        assert (response.status, response.body) == (201, b"")
        assert header(response, "a") == ["1"]
        assert header(response, "b") == ["3", "4"]
        assert header(response, "set-cookie") == ["x", "y"]
        assert (header(response, "n"), header(response, "t")) == (["3"], ["true"])
        assert header(response, "content-type") == ["application/json"]

    def test_headers_that_belong_to_the_gateway_get_another_name(self) -> None:
        payload = {
            "statusCode": 401,
            "headers": {"WWW-Authenticate": "Basic", "Content-Length": "999"},
            "body": "x",
        }

        response = Backend("GET /", payload=payload).send("GET", "/")

        assert header(response, "x-amzn-remapped-www-authenticate") == ["Basic"]
        assert header(response, "content-length") == []

    @pytest.mark.parametrize(
        "payload",
        [
            None,
            "text",
            [],
            {},
            {"body": "no status"},
            {"statusCode": "many"},
            {"statusCode": True},
            {"statusCode": 7},
            {"statusCode": 200, "body": {"not": "text"}},
            {"statusCode": 200, "headers": []},
            {"statusCode": 200, "headers": {"a": {}}},
            {"statusCode": 200, "headers": {"a": "b\r\nc: d"}},
            {"statusCode": 200, "multiValueHeaders": {"a": "b"}},
            {"statusCode": 200, "cookies": []},
            {"statusCode": 200, "body": "no base64!", "isBase64Encoded": True},
            {"statusCode": 200, "body": "ünbase64", "isBase64Encoded": True},
            {"statusCode": 200, "headers": {"a b": "c"}},
            {"statusCode": 200, "headers": {"a:b": "c"}},
            {"statusCode": 200, "headers": {"ä": "c"}},
            {"statusCode": 200, "headers": {"a": "b\x1b[0m"}},
            {"statusCode": 200, "multiValueHeaders": {"a": ["b", "c\nd: e"]}},
        ],
    )
    def test_a_malformed_response_is_502(self, payload: Any) -> None:
        response = Backend("GET /", payload=payload, binary=["*/*"]).send("GET", "/")

        assert response.status == 502
        assert json.loads(response.body) == {"message": "Internal server error"}

    def test_a_function_that_failed_is_502_whatever_it_says(self) -> None:
        response = Backend("GET /", payload=FINE, error=True).send("GET", "/")

        assert (response.status, json.loads(response.body)) == (502, {"message": "Internal server error"})

    def test_what_does_not_fit_into_a_header_is_replaced(self) -> None:
        payload = {"statusCode": 200, "headers": {"A": " gr\u00fcn \u20ac\t", "B": "\ud800"}}

        response = Backend("GET /", payload=payload).send("GET", "/")

        assert (header(response, "a"), header(response, "b")) == (["gr\u00fcn ?"], ["?"])

    def test_the_trace_is_told_to_the_caller_unless_the_function_tells_one(self) -> None:
        backend = Backend("GET /")
        sent = backend.send("GET", "/", ("x-amzn-trace-id", "Root=1-a"))
        backend.payload = {"statusCode": 200, "headers": {"x-amzn-trace-id": "mine"}}

        assert header(sent, "x-amzn-trace-id") == ["Root=1-a"]
        assert header(backend.send("GET", "/"), "x-amzn-trace-id") == ["mine"]

    def test_a_status_in_a_string_is_read(self) -> None:
        assert Backend("GET /", payload={"statusCode": "204"}).send("GET", "/").status == 204

    def test_the_answer_to_head_has_headers_and_no_body(self) -> None:
        response = Backend("HEAD /").send("HEAD", "/")

        assert (response.status, response.body) == (200, b"")

    @pytest.mark.parametrize("status", [204, 304])
    def test_a_status_without_a_body_has_none(self, status: int) -> None:
        response = Backend("GET /", payload={"statusCode": status, "body": "null"}).send("GET", "/")

        assert (response.status, response.body) == (status, b"")

    @pytest.mark.parametrize(
        ("binary", "headers", "decoded"),
        [
            (["image/png"], [("Accept", "image/png")], True),
            (["image/png"], [("Accept", "image/png;q=0.9, text/html")], True),
            # Only the first type counts, as on AWS.
            (["image/png"], [("Accept", "text/html, image/png")], False),
            (["image/png"], [("Accept", "*/*")], False),
            (["image/png"], [], False),
            (["*/*"], [], True),
            (["image/*"], [("Accept", "image/png")], True),
            (["image/*"], [("Accept", "text/png")], False),
        ],
    )
    def test_base64_is_decoded_for_callers_that_accept_it(
        self, binary: list[str], headers: list[tuple[str, str]], decoded: bool
    ) -> None:
        encoded = base64.b64encode(b"\xff\x00")
        payload = {"statusCode": 200, "body": encoded.decode(), "isBase64Encoded": True}

        response = Backend("GET /", payload=payload, binary=binary).send("GET", "/", *headers)

        assert response.body == (b"\xff\x00" if decoded else encoded)


class TestLimits:
    @pytest.mark.parametrize(("size", "status"), [(10 * 1024 * 1024, 200), (10 * 1024 * 1024 + 1, 413)])
    def test_a_request_has_at_most_10_mb(self, size: int, status: int) -> None:
        backend = Backend("POST /", binary=["*/*"])

        response = backend.send("POST", "/", body=b"x" * size)

        assert (response.status, len(backend.calls)) == (status, status == 200)
        if status == 413:
            assert json.loads(response.body) == {"message": "Request Too Long"}
            assert header(response, "x-amzn-errortype") == ["RequestTooLargeException"]

    @pytest.mark.parametrize(
        ("body", "status"),
        [("x" * 6_000_000, 200), ("x" * 6_300_000, 502), ("ü" * 3_000_000, 200), ("ü" * 3_150_000, 502)],
    )
    def test_a_response_has_at_most_6_mb(self, body: str, status: int) -> None:
        assert Backend("GET /", payload={"statusCode": 200, "body": body}).send("GET", "/").status == status


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
PAYLOADS = JSON_VALUES | st.fixed_dictionaries(
    {"statusCode": st.sampled_from([200, "404", 999]) | JSON_VALUES},
    optional={
        "headers": JSON_VALUES | st.dictionaries(st.text(max_size=8), st.text(max_size=8) | JSON_VALUES),
        "multiValueHeaders": JSON_VALUES
        | st.dictionaries(st.text(max_size=8), st.lists(st.text(max_size=8))),
        "body": st.text() | JSON_VALUES,
        "isBase64Encoded": st.booleans(),
    },
)


@settings(max_examples=200, deadline=None)
@given(
    payload=PAYLOADS,
    method=st.sampled_from(["GET", "HEAD", "POST", "BREW"]),
    path=st.sampled_from(["/", "/a", "//", "/a/%zz", "/%ff/b", ""]) | st.text(max_size=10),
    query=st.sampled_from(["", "a=1&a=2", "&&=", "%", "a=%ff;b"]) | st.text(max_size=10),
    headers=st.lists(
        st.tuples(
            st.sampled_from(["Host", "accept", "content-type", "X", "authorization", "x-amzn-trace-id"]),
            st.text(max_size=10),
        )
    ),
    body=st.binary(max_size=10),
)
def test_no_request_and_no_result_of_a_function_escapes_as_an_exception(
    payload: Any, method: str, path: str, query: str, headers: list[tuple[str, str]], body: bytes
) -> None:
    backend = Backend("ANY /", "ANY /{proxy+}", payload=payload, binary=["image/png"])

    response = backend.send(method, path, *headers, query=query, body=body)

    assert 100 <= response.status <= 599
    assert isinstance(response.body, bytes)
    for name, value in response.headers:
        assert re.fullmatch(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", name)
        assert re.fullmatch(r"[\t\x20-\x7e\x80-\xff]*", value)
        assert value == value.strip(" \t")


class TestWhatIsNotEmulated:
    def test_it_raises_and_names_the_feature_before_the_function_runs(self) -> None:
        backend = Backend(GatewayRoute(path="/a", method="GET", authorizer="mine"))

        with pytest.raises(NotEmulatedError) as raised:
            backend.send("GET", "/a")

        assert (raised.value.feature, raised.value.where) == ("the authorizer 'mine'", "GET /a")
        assert backend.calls == []


class TestRoutesOfAnApplication:
    def test_each_cors_path_gets_a_preflight_for_the_methods_with_cors(self, app: Chalice) -> None:
        cors = CORSConfig(allow_origin="https://a", max_age=5)
        app.route("/a", methods=["GET", "PUT"], cors=cors)(lambda: None)
        app.route("/a", methods=["DELETE"])(lambda: None)
        app.route("/b")(lambda: None)

        routes = {(route.method, route.path): route for route in routes_of_app(app)}

        assert sorted(routes) == [
            ("DELETE", "/a"),
            ("GET", "/a"),
            ("GET", "/b"),
            ("OPTIONS", "/a"),
            ("PUT", "/a"),
        ]
        assert routes["GET", "/a"].target is app
        assert routes["OPTIONS", "/a"].mock == {
            "Access-Control-Allow-Methods": "GET,PUT,OPTIONS",
            **cors.get_access_control_headers(),
        }

    def test_an_options_view_of_the_application_is_not_replaced(self, app: Chalice) -> None:
        app.route("/a", methods=["GET", "OPTIONS"], cors=True)(lambda: Response(None))

        assert [route.mock for route in routes_of_app(app)] == [None, None]

    def test_a_preflight_is_answered_without_the_application(self) -> None:
        mock = {"Access-Control-Allow-Methods": "GET,OPTIONS", "Access-Control-Allow-Origin": "*"}
        backend = Backend(GatewayRoute(path="/a", method="OPTIONS", mock=mock))

        response = backend.send("OPTIONS", "/a", ("Origin", "https://a"))

        assert (response.status, response.body) == (200, b"")
        assert dict(response.headers).items() >= mock.items()
        assert backend.calls == []


FUNCTION = "arn:aws:lambda:eu-west-1:123456789012:function:hello-dev"
PROXY = {
    "type": "aws_proxy",
    "httpMethod": "POST",
    "uri": f"arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/{FUNCTION}/invocations",
}


class TestRoutesOfADocument:
    def test_a_swagger_document_becomes_routes(self) -> None:
        document = {
            "swagger": "2.0",
            "x-amazon-apigateway-binary-media-types": ["image/png"],
            "securityDefinitions": {
                "api_key": {"type": "apiKey", "name": "x-api-key", "in": "header"},
                "mine": {
                    "type": "apiKey",
                    "name": "Authorization",
                    "in": "header",
                    "x-amazon-apigateway-authtype": "custom",
                },
            },
            "paths": {
                "/a/{b}": {
                    "parameters": [],
                    "get": {
                        "x-amazon-apigateway-integration": PROXY,
                        "security": [{"api_key": []}, {"mine": []}],
                    },
                    "x-amazon-apigateway-any-method": {"x-amazon-apigateway-integration": PROXY},
                    "options": {
                        "x-amazon-apigateway-integration": {
                            "type": "mock",
                            "responses": {
                                "default": {
                                    "statusCode": "200",
                                    "responseParameters": {
                                        "method.response.header.Access-Control-Allow-Origin": "'*'"
                                    },
                                }
                            },
                        }
                    },
                }
            },
        }

        routes, binary_types = routes_of_document(document)

        assert routes == [
            GatewayRoute(
                path="/a/{b}", method="GET", target=FUNCTION, authorizer="mine", api_key_required=True
            ),
            GatewayRoute(path="/a/{b}", method="ANY", target=FUNCTION),
            GatewayRoute(path="/a/{b}", method="OPTIONS", mock={"Access-Control-Allow-Origin": "*"}),
        ]
        assert binary_types == ["image/png"]

    def test_an_openapi_document_keeps_its_schemes_elsewhere(self) -> None:
        document = {
            "openapi": "3.0.1",
            "security": [{"key": []}],
            "components": {
                "securitySchemes": {"key": {"type": "apiKey", "name": "X-API-Key", "in": "header"}}
            },
            "paths": {"/": {"get": {"x-amazon-apigateway-integration": PROXY}}},
        }

        routes, binary_types = routes_of_document(document)

        assert routes == [GatewayRoute(path="/", method="GET", target=FUNCTION, api_key_required=True)]
        assert binary_types == []

    @pytest.mark.parametrize(
        ("operation", "feature"),
        [
            ({}, "a method without an integration"),
            (
                {"x-amazon-apigateway-integration": {"type": "http_proxy"}},
                "an integration of type 'http_proxy'",
            ),
            (
                {"x-amazon-apigateway-integration": {"type": "aws_proxy", "uri": "arn:aws:states"}},
                "an integration with the URI 'arn:aws:states'",
            ),
        ],
    )
    def test_an_integration_that_is_not_emulated_is_named(
        self, operation: dict[str, Any], feature: str
    ) -> None:
        with pytest.raises(NotEmulatedError) as raised:
            routes_of_document({"paths": {"/a": {"get": operation}}})

        assert (raised.value.feature, raised.value.where) == (feature, "GET /a")
