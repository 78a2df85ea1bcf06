"""Authorizers and API keys of REST APIs: asked for before a function is called, as AWS does."""

from __future__ import annotations

import base64
import http.client
import json
import time
import uuid
from typing import TYPE_CHECKING, Any

import botocore.auth
import botocore.awsrequest
import botocore.credentials
import pytest
from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from collections.abc import Mapping

VIEW = """
import json

def handler(event, context):
    return {"statusCode": 200, "body": json.dumps(event["requestContext"].get("authorizer"))}
"""

KEEPER = """
import json

def handler(event, context):
    print("EVENT " + json.dumps(event))
    token = event.get("authorizationToken")
    if token == "stranger":
        raise Exception("Unauthorized")
    if token == "broken":
        raise ValueError("broken")
    if token == "nothing":
        return None
    allowed = event["methodArn"] if token != "guest" else event["methodArn"] + "/elsewhere"
    statement = {"Action": "execute-api:Invoke", "Effect": "Allow", "Resource": [allowed]}
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    return {"principalId": "me", "policyDocument": policy, "context": {"level": 3}}
"""

POOL = "arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_abc"


def get(cloud: Any, api: str, path: str = "/", headers: Mapping[str, str] | None = None) -> tuple[int, Any]:
    port = int(cloud.url.rpartition(":")[2])
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("GET", f"/_aws/execute-api/{api}/api{path}", headers=dict(headers or {}))
    response = connection.getresponse()
    answer = response.status, json.loads(response.read())
    connection.close()
    return answer


def token(value: str) -> dict[str, str]:
    return {"Authorization": value}


def lambda_uri(arn: str) -> str:
    return f"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{arn}/invocations"


def scheme(authtype: str, settings: Mapping[str, Any] | None = None) -> dict[str, Any]:
    found: dict[str, Any] = {
        "type": "apiKey",
        "name": "Authorization",
        "in": "header",
        "x-amazon-apigateway-authtype": authtype,
    }
    return found if settings is None else {**found, "x-amazon-apigateway-authorizer": settings}


def lambda_scheme(arn: str, **settings: Any) -> dict[str, Any]:
    return scheme("custom", {"type": "token", "authorizerUri": lambda_uri(arn), **settings})


def document(view: str, definition: Mapping[str, Any] | None, *scopes: str) -> dict[str, Any]:
    """Return an API whose only route asks for ``definition``, or for an API key."""
    name = "api_key" if definition is None else "gate"
    api_key = {"type": "apiKey", "name": "x-api-key", "in": "header"}
    operation = {
        "responses": {},
        "security": [{name: list(scopes)}],
        "x-amazon-apigateway-integration": {
            "type": "aws_proxy",
            "httpMethod": "POST",
            "uri": lambda_uri(view),
        },
    }
    return {
        "swagger": "2.0",
        "info": {"title": "guarded", "version": "1.0"},
        "paths": {"/": {"get": operation}},
        "securityDefinitions": {name: api_key if definition is None else dict(definition)},
    }


def deploy(cloud: Any, view: str, body: Mapping[str, Any], keeper: str | None = None) -> str:
    gateway = cloud.client("apigateway")
    api: str = gateway.import_rest_api(body=json.dumps(body))["id"]
    permit(cloud, view, f"{api}/*/*")
    if keeper is not None:
        permit(cloud, keeper, f"{api}/authorizers/*")
    gateway.create_deployment(restApiId=api, stageName="api")
    return api


def permit(cloud: Any, arn: str, source: str) -> None:
    region, account = arn.split(":")[3:5]
    cloud.client("lambda").add_permission(
        FunctionName=arn,
        StatementId=uuid.uuid4().hex,
        Action="lambda:InvokeFunction",
        Principal="apigateway.amazonaws.com",
        SourceArn=f"arn:aws:execute-api:{region}:{account}:{source}",
    )


@pytest.fixture(scope="module")
def view(cloud: Any) -> str:
    arn: str = cloud.function(VIEW)
    return arn


@pytest.fixture(scope="module")
def keeper(cloud: Any) -> str:
    arn: str = cloud.function(KEEPER)
    return arn


@pytest.fixture(scope="module")
def guarded(cloud: Any, view: str, keeper: str) -> str:
    """An API whose authorizer is asked each time."""
    definition = lambda_scheme(keeper, authorizerResultTtlInSeconds=0)
    return deploy(cloud, view, document(view, definition), keeper)


def test_the_function_sees_what_the_authorizer_said(cloud: Any, guarded: str) -> None:
    assert get(cloud, guarded, headers=token("friend")) == (200, {"principalId": "me", "level": "3"})


@pytest.mark.parametrize(
    ("headers", "status"),
    [({}, 401), (token(""), 401), (token("stranger"), 401), (token("guest"), 403)],
)
def test_others_do_not_get_in(cloud: Any, guarded: str, headers: dict[str, str], status: int) -> None:
    assert get(cloud, guarded, headers=headers)[0] == status


@pytest.mark.parametrize("value", ["broken", "nothing"])
def test_an_authorizer_that_fails_lets_nobody_in(cloud: Any, guarded: str, value: str) -> None:
    assert get(cloud, guarded, headers=token(value)) == (500, {"message": None})


def test_the_authorizer_gets_the_token_and_what_is_wanted(cloud: Any, view: str) -> None:
    arn = cloud.function(KEEPER)
    api = deploy(cloud, view, document(view, lambda_scheme(arn)), arn)

    get(cloud, api, headers=token("friend"))

    (event,) = cloud.logged_json(arn)
    region, account = arn.split(":")[3:5]
    assert event == {
        "type": "TOKEN",
        "authorizationToken": "friend",
        "methodArn": f"arn:aws:execute-api:{region}:{account}:{api}/api/GET/",
    }


@pytest.mark.parametrize(("seconds", "asked"), [(60, 1), (0, 2)])
def test_an_answer_is_remembered_as_long_as_the_api_says(
    cloud: Any, view: str, seconds: int, asked: int
) -> None:
    arn = cloud.function(KEEPER)
    definition = lambda_scheme(arn, authorizerResultTtlInSeconds=seconds)
    api = deploy(cloud, view, document(view, definition), arn)

    statuses = [get(cloud, api, headers=token("friend"))[0] for _ in range(2)]

    assert statuses == [200, 200]
    assert len(cloud.logged_json(arn)) == asked


def test_an_authorizer_that_the_api_may_not_call_lets_nobody_in(cloud: Any, view: str) -> None:
    arn = cloud.function(KEEPER)
    api = deploy(cloud, view, document(view, lambda_scheme(arn)))

    assert get(cloud, api, headers=token("friend"))[0] == 500

    permit(cloud, arn, f"{api}/authorizers/*")

    assert get(cloud, api, headers=token("friend"))[0] == 200


def test_with_a_role_the_function_needs_no_permission(cloud: Any, view: str) -> None:
    arn = cloud.function(KEEPER)
    definition = lambda_scheme(arn, authorizerCredentials=cloud.role())
    api = deploy(cloud, view, document(view, definition))

    assert get(cloud, api, headers=token("friend"))[0] == 200


@pytest.mark.parametrize("name", ["nobody", "arn:aws:states:us-east-1:123456789012:activity"])
def test_an_authorizer_that_is_not_there_lets_nobody_in(cloud: Any, view: str, name: str) -> None:
    arn = name if ":" in name else f"arn:aws:lambda:us-east-1:123456789012:function:{name}"
    api = deploy(cloud, view, document(view, lambda_scheme(arn)))

    assert get(cloud, api, headers=token("friend")) == (500, {"message": None})


def test_a_user_pool_admits_those_with_a_token_that_has_not_expired(cloud: Any, view: str) -> None:
    pool = scheme("cognito_user_pools", {"type": "cognito_user_pools", "providerARNs": [POOL]})
    api = deploy(cloud, view, document(view, pool))
    claims = {"cognito:username": "ada", "exp": int(time.time()) + 60}

    assert get(cloud, api)[0] == 401
    assert get(cloud, api, headers=token("friend"))[0] == 401
    assert get(cloud, api, headers=token(jwt({**claims, "exp": 1})))[0] == 401
    status, seen = get(cloud, api, headers=token(jwt(claims)))
    assert (status, seen["claims"]["cognito:username"]) == (200, "ada")


def test_an_access_token_needs_one_of_the_scopes(cloud: Any, view: str) -> None:
    pool = scheme("cognito_user_pools", {"type": "cognito_user_pools", "providerARNs": [POOL]})
    api = deploy(cloud, view, document(view, pool, "orders/read", "orders/write"))

    def status(scope: str) -> int:
        return get(cloud, api, headers=token(jwt({"token_use": "access", "scope": scope})))[0]

    assert (status("orders/read other"), status("other")) == (200, 401)


def jwt(claims: Mapping[str, Any]) -> str:
    def part(value: Mapping[str, Any]) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")

    return f"{part({'alg': 'RS256'})}.{part(claims)}.signature"


def test_where_iam_decides_requests_are_signed(cloud: Any, view: str) -> None:
    api = deploy(cloud, view, document(view, scheme("awsSigv4")))

    assert get(cloud, api) == (403, {"message": "Missing Authentication Token"})
    status, answer = get(cloud, api, headers=token("friend"))
    assert (status, answer["message"].startswith("Authorization header requires 'Credential'")) == (403, True)
    assert get(cloud, api, headers=signed(f"{cloud.url}/_aws/execute-api/{api}/api/")) == (200, None)


def signed(url: str) -> dict[str, str]:
    request = botocore.awsrequest.AWSRequest("GET", url)
    credentials = botocore.credentials.Credentials("test", "test")
    botocore.auth.SigV4Auth(credentials, "execute-api", "us-east-1").add_auth(request)
    return dict(request.headers.items())


def test_an_api_key_counts_in_the_stages_of_its_usage_plan(cloud: Any, view: str) -> None:
    api = deploy(cloud, view, document(view, None))
    gateway = cloud.client("apigateway")
    key = gateway.create_api_key(name=uuid.uuid4().hex, enabled=True)

    def status(value: str) -> int:
        return get(cloud, api, headers={"x-api-key": value})[0]

    assert get(cloud, api) == (403, {"message": "Forbidden"})
    assert status(key["value"]) == 403

    stages = [{"apiId": api, "stage": "api"}]
    plan = gateway.create_usage_plan(name=uuid.uuid4().hex, apiStages=stages)
    gateway.create_usage_plan_key(usagePlanId=plan["id"], keyId=key["id"], keyType="API_KEY")

    assert (status(key["value"]), status("another")) == (200, 403)


@pytest.mark.parametrize(
    ("definition", "expected"),
    [
        (scheme("awsSigv4"), ("AWS_IAM", None, None)),
        (
            scheme("cognito_user_pools", {"type": "cognito_user_pools", "providerARNs": [POOL]}),
            ("COGNITO_USER_POOLS", "gate", ["a/b"]),
        ),
    ],
)
def test_a_method_shows_who_guards_it(
    cloud: Any, view: str, definition: Mapping[str, Any], expected: tuple[object, ...]
) -> None:
    scopes = ("a/b",) if expected[2] else ()
    api = deploy(cloud, view, document(view, definition, *scopes))
    gateway = cloud.client("apigateway")
    root = gateway.get_resources(restApiId=api)["items"][0]["id"]

    method = gateway.get_method(restApiId=api, resourceId=root, httpMethod="GET")

    found = (method["authorizationType"], method.get("authorizerId"), method.get("authorizationScopes"))
    assert found == expected


@pytest.mark.parametrize(
    "definition",
    [
        scheme("custom", {"type": "token", "authorizerUri": "arn:aws:lambda:us-east-1:1:function:f"}),
        scheme("oauth2", {"type": "jwt"}),
    ],
)
def test_an_authorizer_that_cannot_be_is_refused_when_it_is_imported(
    cloud: Any, view: str, definition: Mapping[str, Any]
) -> None:
    body = json.dumps(document(view, definition))

    with pytest.raises(ClientError, match="'gate'"):
        cloud.client("apigateway").import_rest_api(body=body)
