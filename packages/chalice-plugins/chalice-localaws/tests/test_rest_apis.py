"""REST APIs: imported, deployed, called over HTTP in all forms of their URL."""

from __future__ import annotations

import http.client
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

ANSWER = """
import json

def handler(event, context):
    if event["path"] == "/boom":
        raise ValueError("boom")
    if event["path"] == "/gone":
        return {"statusCode": 204, "body": "null"}
    facts = {
        "version": 1,
        "path": event["path"],
        "parameters": event["pathParameters"],
        "query": event["multiValueQueryStringParameters"],
        "body": event["body"],
        "base64": event["isBase64Encoded"],
        "stage": event["requestContext"]["stage"],
        "api": event["requestContext"]["apiId"],
    }
    return {"statusCode": 200, "headers": {"Content-Type": "application/json"}, "body": json.dumps(facts)}
"""


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


def call(
    cloud: Any,
    path: str,
    *,
    method: str = "GET",
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
) -> Answer:
    port = int(cloud.url.rpartition(":")[2])
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request(method, path, body, dict(headers or {}))
    response = connection.getresponse()
    answer = Answer(
        response.status, {key.lower(): value for key, value in response.getheaders()}, response.read()
    )
    connection.close()
    return answer


def integration(arn: str) -> dict[str, Any]:
    region = arn.split(":")[3]
    return {
        "responses": {},
        "x-amazon-apigateway-integration": {
            "type": "aws_proxy",
            "httpMethod": "POST",
            "uri": f"arn:aws:apigateway:{region}:lambda:path/2015-03-31/functions/{arn}/invocations",
        },
    }


def document(arn: str, form: str = "swagger", paths: dict[str, Any] | None = None) -> dict[str, Any]:
    opening = {"swagger": "2.0"} if form == "swagger" else {"openapi": "3.0.1"}
    found = paths or {path: {"get": integration(arn)} for path in ("/", "/boom", "/gone", "/users/{name}")}
    return {
        **opening,
        "info": {"title": "test", "version": "1.0"},
        "x-amazon-apigateway-binary-media-types": ["image/png"],
        "paths": found,
    }


def allow(cloud: Any, arn: str, api: str) -> None:
    region, account = arn.split(":")[3:5]
    cloud.client("lambda").add_permission(
        FunctionName=arn,
        StatementId=api,
        Action="lambda:InvokeFunction",
        Principal="apigateway.amazonaws.com",
        SourceArn=f"arn:aws:execute-api:{region}:{account}:{api}/*",
    )


def deploy(cloud: Any, arn: str, body: dict[str, Any], *, permitted: bool = True) -> str:
    gateway = cloud.client("apigateway")
    api: str = gateway.import_rest_api(body=json.dumps(body))["id"]
    if permitted:
        allow(cloud, arn, api)
    gateway.create_deployment(restApiId=api, stageName="api")
    return api


@pytest.fixture(scope="module")
def function(cloud: Any) -> str:
    arn: str = cloud.function(ANSWER)
    return arn


@pytest.mark.parametrize("form", ["swagger", "openapi"])
def test_an_imported_document_answers_at_its_url(cloud: Any, function: str, form: str) -> None:
    api = deploy(cloud, function, document(function, form))

    answer = call(cloud, f"/_aws/execute-api/{api}/api/users/J%C3%BCrgen?a=1&a=2")

    assert answer.status == 200
    assert answer.json()["parameters"] == {"name": "J%C3%BCrgen"}
    assert answer.json()["query"] == {"a": ["1", "2"]}
    assert (answer.json()["stage"], answer.json()["api"]) == ("api", api)


def test_all_forms_of_the_url_mean_the_same(cloud: Any, function: str) -> None:
    api = deploy(cloud, function, document(function))
    port = cloud.url.rpartition(":")[2]

    answers = [
        call(cloud, f"/_aws/execute-api/{api}/api/users/x"),
        call(cloud, "/api/users/x", headers={"Host": f"{api}.execute-api.localhost:{port}"}),
        call(cloud, "/api/users/x", headers={"Host": f"{api}.execute-api.us-east-1.amazonaws.com"}),
    ]

    assert [answer.status for answer in answers] == [200, 200, 200]
    assert len({answer.body for answer in answers}) == 1


def test_the_stage_alone_is_the_root_of_the_api(cloud: Any, function: str) -> None:
    api = deploy(cloud, function, document(function))

    assert call(cloud, f"/_aws/execute-api/{api}/api").json()["path"] == "/"
    assert call(cloud, f"/_aws/execute-api/{api}/api/").json()["path"] == "/"


def test_an_api_without_permission_for_its_function_answers_500(cloud: Any, function: str) -> None:
    api = deploy(cloud, function, document(function), permitted=False)

    before = call(cloud, f"/_aws/execute-api/{api}/api/")
    allow(cloud, function, api)
    after = call(cloud, f"/_aws/execute-api/{api}/api/")

    assert (before.status, before.json()) == (500, {"message": "Internal server error"})
    assert after.status == 200


def test_an_error_of_the_function_answers_502(cloud: Any, function: str) -> None:
    api = deploy(cloud, function, document(function))

    answer = call(cloud, f"/_aws/execute-api/{api}/api/boom")

    assert (answer.status, answer.json()) == (502, {"message": "Internal server error"})


def test_an_answer_that_has_no_body_ends_with_its_headers(cloud: Any, function: str) -> None:
    api = deploy(cloud, function, document(function))

    answer = call(cloud, f"/_aws/execute-api/{api}/api/gone")

    assert (answer.status, answer.body) == (204, b"")
    assert "content-length" not in answer.headers


def test_an_unknown_stage_is_forbidden_and_an_unknown_path_needs_a_token(cloud: Any, function: str) -> None:
    api = deploy(cloud, function, document(function))

    stage = call(cloud, f"/_aws/execute-api/{api}/nope/")
    path = call(cloud, f"/_aws/execute-api/{api}/api/nope")

    assert (stage.status, stage.json()) == (403, {"message": "Forbidden"})
    assert (path.status, path.json()) == (403, {"message": "Missing Authentication Token"})


def test_an_update_shows_only_after_the_next_deployment(cloud: Any, function: str) -> None:
    gateway = cloud.client("apigateway")
    api = deploy(cloud, function, document(function))
    paths = {"/new": {"get": integration(function)}}

    gateway.put_rest_api(restApiId=api, mode="overwrite", body=json.dumps(document(function, paths=paths)))
    between = (
        call(cloud, f"/_aws/execute-api/{api}/api/new").status,
        call(cloud, f"/_aws/execute-api/{api}/api/").status,
    )
    gateway.create_deployment(restApiId=api, stageName="api")
    after = (
        call(cloud, f"/_aws/execute-api/{api}/api/new").status,
        call(cloud, f"/_aws/execute-api/{api}/api/").status,
    )

    assert between == (403, 200)
    assert after == (200, 403)


def test_a_merge_keeps_the_paths_that_it_does_not_mention(cloud: Any, function: str) -> None:
    gateway = cloud.client("apigateway")
    api = deploy(cloud, function, document(function))
    paths = {"/new": {"get": integration(function)}}

    gateway.put_rest_api(restApiId=api, mode="merge", body=json.dumps(document(function, paths=paths)))
    gateway.create_deployment(restApiId=api, stageName="api")

    assert call(cloud, f"/_aws/execute-api/{api}/api/new").status == 200
    assert call(cloud, f"/_aws/execute-api/{api}/api/users/x").status == 200


def test_a_stage_can_be_turned_back_to_an_earlier_deployment(cloud: Any, function: str) -> None:
    gateway = cloud.client("apigateway")
    api = deploy(cloud, function, document(function))
    first = gateway.get_stage(restApiId=api, stageName="api")["deploymentId"]
    paths = {"/new": {"get": integration(function)}}
    gateway.put_rest_api(restApiId=api, mode="overwrite", body=json.dumps(document(function, paths=paths)))
    gateway.create_deployment(restApiId=api, stageName="api")

    operation = {"op": "replace", "path": "/deploymentId", "value": first}
    gateway.update_stage(restApiId=api, stageName="api", patchOperations=[operation])

    assert call(cloud, f"/_aws/execute-api/{api}/api/users/x").status == 200


def test_a_deployment_keeps_the_settings_of_its_stage(cloud: Any, function: str) -> None:
    gateway = cloud.client("apigateway")
    api = deploy(cloud, function, document(function))
    operation = {"op": "replace", "path": "/tracingEnabled", "value": "true"}
    gateway.update_stage(restApiId=api, stageName="api", patchOperations=[operation])

    gateway.create_deployment(restApiId=api, stageName="api", variables={"colour": "red"})

    stage = gateway.get_stage(restApiId=api, stageName="api")
    assert stage["tracingEnabled"] is True
    assert stage["variables"] == {"colour": "red"}


def test_a_preflight_is_answered_by_the_mock_without_the_function(cloud: Any, function: str) -> None:
    mock = {
        "responses": {"200": {"description": "200 response"}},
        "x-amazon-apigateway-integration": {
            "type": "mock",
            "requestTemplates": {"application/json": '{"statusCode": 200}'},
            "passthroughBehavior": "when_no_match",
            "responses": {
                "default": {
                    "statusCode": "200",
                    "responseParameters": {
                        "method.response.header.Access-Control-Allow-Origin": "'*'",
                        "method.response.header.Access-Control-Allow-Methods": "'GET,OPTIONS'",
                    },
                }
            },
        },
    }
    paths = {"/": {"get": integration(function), "options": mock}}
    api = deploy(cloud, function, document(function, paths=paths), permitted=False)

    headers = {"Origin": "https://example.com", "Sec-Fetch-Site": "cross-site"}
    answer = call(cloud, f"/_aws/execute-api/{api}/api/", method="OPTIONS", headers=headers)

    assert answer.status == 200
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["access-control-allow-methods"] == "GET,OPTIONS"


def test_binary_bodies_travel_as_base64(cloud: Any, function: str) -> None:
    paths = {"/": {"post": integration(function)}}
    api = deploy(cloud, function, document(function, paths=paths))

    headers = {"Content-Type": "image/png"}
    answer = call(cloud, f"/_aws/execute-api/{api}/api/", method="POST", body=b"\x00\xff", headers=headers)

    assert (answer.json()["body"], answer.json()["base64"]) == ("AP8=", True)
    assert cloud.client("apigateway").get_rest_api(restApiId=api)["binaryMediaTypes"] == ["image/png"]


def test_the_endpoint_type_of_an_import_is_kept(cloud: Any, function: str) -> None:
    gateway = cloud.client("apigateway")

    made = gateway.import_rest_api(
        body=json.dumps(document(function)), parameters={"endpointConfigurationTypes": "REGIONAL"}
    )

    assert made["endpointConfiguration"]["types"] == ["REGIONAL"]
    assert gateway.get_rest_api(restApiId=made["id"])["endpointConfiguration"]["types"] == ["REGIONAL"]


def test_a_deleted_api_is_gone(cloud: Any, function: str) -> None:
    gateway = cloud.client("apigateway")
    api = deploy(cloud, function, document(function))

    gateway.delete_rest_api(restApiId=api)

    assert call(cloud, f"/_aws/execute-api/{api}/api/").status == 404
    with pytest.raises(gateway.exceptions.NotFoundException):
        gateway.delete_rest_api(restApiId=api)


@pytest.mark.parametrize(
    ("broken", "named"),
    [
        ({"swagger": "1.2"}, "Swagger 2.0 and OpenAPI 3"),
        ({"paths": None}, "'paths'"),
        ({"info": {}}, "'title'"),
    ],
)
def test_a_bad_document_is_refused(cloud: Any, function: str, broken: dict[str, Any], named: str) -> None:
    gateway = cloud.client("apigateway")

    with pytest.raises(gateway.exceptions.BadRequestException) as caught:
        gateway.import_rest_api(body=json.dumps({**document(function), **broken}))

    assert named in str(caught.value)


def test_an_integration_that_is_not_emulated_is_refused_by_name(cloud: Any, function: str) -> None:
    gateway = cloud.client("apigateway")
    paths = {"/": {"get": {"responses": {}, "x-amazon-apigateway-integration": {"type": "http_proxy"}}}}

    with pytest.raises(gateway.exceptions.BadRequestException) as caught:
        gateway.import_rest_api(body=json.dumps(document(function, paths=paths)))

    assert "'http_proxy' is not emulated" in str(caught.value)


def test_a_body_over_ten_megabytes_is_refused(cloud: Any, function: str) -> None:
    paths = {"/": {"post": integration(function)}}
    api = deploy(cloud, function, document(function, paths=paths))

    answer = call(cloud, f"/_aws/execute-api/{api}/api/", method="POST", body=b"x" * (10 * 1024 * 1024 + 1))

    assert (answer.status, answer.json()) == (413, {"message": "Request Too Long"})


def test_a_body_that_lambda_does_not_take_as_an_event_is_refused(cloud: Any, function: str) -> None:
    paths = {"/": {"post": integration(function)}}
    api = deploy(cloud, function, document(function, paths=paths))

    def status(body: str) -> int:
        return call(cloud, f"/_aws/execute-api/{api}/api/", method="POST", body=body.encode()).status

    assert status("x" * (6 * 1024 * 1024)) == 413
    # Characters count as UTF-8 writes them, not as JSON may escape them.
    assert status("é" * (2 * 1024 * 1024)) != 413


def test_a_function_that_may_run_longer_than_the_gateway_waits_answers_as_others_do(cloud: Any) -> None:
    arn = cloud.function(ANSWER, Timeout=60)
    api = deploy(cloud, arn, document(arn))

    assert call(cloud, f"/_aws/execute-api/{api}/api/").status == 200
    assert call(cloud, f"/_aws/execute-api/{api}/api/boom").status == 502


def test_a_throttled_function_answers_500(cloud: Any) -> None:
    arn = cloud.function(ANSWER, Timeout=60)
    api = deploy(cloud, arn, document(arn))
    cloud.client("lambda").put_function_concurrency(FunctionName=arn, ReservedConcurrentExecutions=0)

    answer = call(cloud, f"/_aws/execute-api/{api}/api/")

    assert (answer.status, answer.json()) == (500, {"message": "Internal server error"})


def test_a_function_of_another_region_answers_too(make_cloud: Callable[..., Any], cloud: Any) -> None:
    europe = make_cloud(cloud.url, region="eu-west-1")
    arn = europe.function(ANSWER)
    api = deploy(europe, arn, document(arn))

    assert arn.split(":")[3] == "eu-west-1"
    assert call(cloud, f"/_aws/execute-api/{api}/api/").status == 200
