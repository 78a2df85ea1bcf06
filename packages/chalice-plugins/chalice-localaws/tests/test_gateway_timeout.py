"""API Gateway stops to wait after 29 seconds; here the limit is shortened and nothing runs."""

from __future__ import annotations

import json
import threading
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from moto import mock_aws

from chalice.gateway import HttpRequest
from chalice_local import InvocationResult, parse_execute_api
from chalice_localaws import moto_patches
from chalice_localaws.embedded import integrations, rest

if TYPE_CHECKING:
    from collections.abc import Iterator


class SlowInvoker:
    """Answers when it is told to."""

    def __init__(self) -> None:
        self.go = threading.Event()
        self.ended = threading.Event()

    def invoke(self, function: Any, payload: bytes) -> InvocationResult:
        self.go.wait(10)
        self.ended.set()
        answer = json.dumps({"statusCode": 200, "body": "late"}).encode()
        return InvocationResult(request_id="1", payload=answer, error=None, log_tail="", version="$LATEST")


class NoPlane:
    """Runs nothing."""

    def function_updated(self, arn: str) -> None:
        """Nobody has to hear."""


@pytest.fixture
def patched(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        patches = moto_patches.install(NoPlane())  # type: ignore[arg-type]
        yield
        patches.remove()


@pytest.mark.usefixtures("patched")
def test_a_function_that_takes_too_long_answers_504_and_runs_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(integrations, "INTEGRATION_SECONDS", 0.2)
    client = lambda service: boto3.client(service, region_name="us-east-1")  # noqa: E731
    role = client("iam").create_role(RoleName="r", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    arn = client("lambda").create_function(
        FunctionName="f", Runtime="python3.12", Role=role, Handler="a.b", Code={"ZipFile": b"x"}, Timeout=60
    )["FunctionArn"]
    client("lambda").add_permission(
        FunctionName="f",
        StatementId="s",
        Action="lambda:InvokeFunction",
        Principal="apigateway.amazonaws.com",
    )
    uri = f"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{arn}/invocations"
    proxy = {"x-amazon-apigateway-integration": {"type": "aws_proxy", "httpMethod": "POST", "uri": uri}}
    document = {"swagger": "2.0", "info": {"title": "t", "version": "1"}, "paths": {"/": {"get": proxy}}}
    api = client("apigateway").import_rest_api(body=json.dumps(document))["id"]
    client("apigateway").create_deployment(restApiId=api, stageName="api")
    address = parse_execute_api("127.0.0.1", f"/_aws/execute-api/{api}/api/")
    assert address is not None
    invoker = SlowInvoker()

    answer = rest.RestDataPlane(invoker).handle(  # type: ignore[arg-type]
        address, HttpRequest(method="GET", path="/", headers=[])
    )

    assert (answer.status, json.loads(answer.body)) == (504, {"message": "Endpoint request timed out"})
    assert not invoker.ended.is_set()
    invoker.go.set()
    assert invoker.ended.wait(5)
