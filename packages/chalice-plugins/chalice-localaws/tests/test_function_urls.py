"""URLs of functions: events, answers, pages of other origins, permissions."""

from __future__ import annotations

import base64
import http.client
import json
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

if TYPE_CHECKING:
    pass

# Answers with what the header says, as JSON; without one with the event.
SOURCE = """
import json

def handler(event, context):
    wanted = event["headers"].get("x-answer")
    if wanted == "crash":
        raise RuntimeError("no")
    return {"statusCode": 200, "body": json.dumps(event)} if wanted is None else json.loads(wanted)
"""


def ask(
    url: str, method: str = "GET", *, body: bytes | None = None, **headers: str
) -> tuple[int, http.client.HTTPMessage, bytes]:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=20)
    connection.request(
        method,
        f"{parts.path}{'?' if parts.query else ''}{parts.query}",
        body,
        {name.replace("_", "-"): value for name, value in headers.items()},
    )
    answer = connection.getresponse()
    found = answer.status, answer.msg, answer.read()
    connection.close()
    return found


def allow(cloud: Any, arn: str) -> None:
    client = cloud.client("lambda")
    client.add_permission(
        FunctionName=arn,
        StatementId="url",
        Action="lambda:InvokeFunctionUrl",
        Principal="*",
        FunctionUrlAuthType="NONE",
    )
    client.add_permission(
        FunctionName=arn,
        StatementId="function",
        Action="lambda:InvokeFunction",
        Principal="*",
        InvokedViaFunctionUrl=True,
    )


@pytest.fixture(scope="module")
def arn(cloud: Any) -> str:
    found: str = cloud.function(SOURCE)
    return found


@pytest.fixture(scope="module")
def url(cloud: Any, arn: str) -> str:
    made = cloud.client("lambda").create_function_url_config(
        FunctionName=arn,
        AuthType="NONE",
        Cors={
            "AllowOrigins": ["https://good.example"],
            "AllowMethods": ["GET", "PUT"],
            "AllowHeaders": ["x-mine"],
            "ExposeHeaders": ["x-told"],
            "MaxAge": 60,
        },
    )
    allow(cloud, arn)
    assert made["InvokeMode"] == "BUFFERED" if "InvokeMode" in made else True
    found: str = made["FunctionUrl"]
    return found


def test_the_event_has_the_payload_format_2(cloud: Any, url: str) -> None:
    assert url.startswith(f"{cloud.url}/_aws/lambda-url/")
    status, _, body = ask(
        f"{url}a%20b/c?x=1&x=2&y=", "POST", body=b"{}", Content_Type="application/json", Cookie="a=1; b=2"
    )
    event = json.loads(body)
    assert status == 200
    assert (event["version"], event["rawPath"], event["rawQueryString"]) == ("2.0", "/a%20b/c", "x=1&x=2&y=")
    assert event["queryStringParameters"] == {"x": "1,2", "y": ""}
    assert event["cookies"] == ["a=1", "b=2"]
    assert "cookie" not in event["headers"]
    assert event["headers"]["content-type"] == "application/json"
    assert (event["body"], event["isBase64Encoded"]) == ("{}", False)
    context = event["requestContext"]
    assert context["http"]["method"] == "POST"
    assert context["http"]["sourceIp"] == "127.0.0.1"
    assert context["domainName"] == f"{context['domainPrefix']}.lambda-url.us-east-1.on.aws"
    assert (context["accountId"], context["routeKey"], context["stage"]) == (
        "anonymous",
        "$default",
        "$default",
    )


def test_bodies_that_are_no_text_come_in_base64(url: str) -> None:
    _, _, body = ask(url, "POST", body=b"\xff\x00", Content_Type="image/png")
    event = json.loads(body)
    assert (base64.b64decode(event["body"]), event["isBase64Encoded"]) == (b"\xff\x00", True)
    _, _, body = ask(url, "POST", body=b"a=1", Content_Type="application/x-www-form-urlencoded")
    assert json.loads(body)["isBase64Encoded"] is True
    _, _, body = ask(url)
    assert "body" not in json.loads(body)


@pytest.mark.parametrize(
    ("answer", "status", "body"),
    [
        ('{"message": "hello"}', 200, b'{"message": "hello"}'),
        ('"text"', 200, b"text"),
        ("[1, 2]", 200, b"[1, 2]"),
        ("null", 200, b"null"),
        ('{"statusCode": 201, "body": "made"}', 201, b"made"),
        ('{"statusCode": "202", "body": {"a": 1}}', 202, b'{"a": 1}'),
        ('{"statusCode": 200, "body": "/wA=", "isBase64Encoded": true}', 200, b"\xff\x00"),
        ('{"statusCode": 204}', 204, b""),
        ('{"statusCode": "odd"}', 502, b'{"Message": "Internal Server Error"}'),
        ('{"statusCode": 999}', 502, b'{"Message": "Internal Server Error"}'),
        ("crash", 502, b'{"Message": "Internal Server Error"}'),
    ],
)
def test_answers_become_responses(url: str, answer: str, status: int, body: bytes) -> None:
    found = ask(url, x_answer=answer)
    assert (found[0], found[2]) == (status, body)


def test_headers_and_cookies_of_an_answer(url: str) -> None:
    answer = {"statusCode": 200, "headers": {"X-Told": "1"}, "cookies": ["a=1; Path=/", "b=2"]}
    _, headers, _ = ask(url, x_answer=json.dumps(answer))
    assert headers["X-Told"] == "1"
    assert headers.get_all("Set-Cookie") == ["a=1; Path=/", "b=2"]
    assert headers["Content-Type"] == "application/json"


def test_the_url_answers_preflights_itself(url: str) -> None:
    status, headers, body = ask(
        url, "OPTIONS", Origin="https://good.example", Access_Control_Request_Method="PUT"
    )
    assert (status, body) == (200, b"")
    assert headers["Access-Control-Allow-Origin"] == "https://good.example"
    assert headers["Access-Control-Allow-Methods"] == "GET,PUT"
    assert headers["Access-Control-Allow-Headers"] == "x-mine"
    assert headers["Access-Control-Max-Age"] == "60"
    _, headers, _ = ask(url, "OPTIONS", Origin="https://bad.example", Access_Control_Request_Method="PUT")
    assert "Access-Control-Allow-Origin" not in headers


def test_the_url_speaks_of_origins_instead_of_the_function(url: str) -> None:
    answer = json.dumps({"statusCode": 200, "headers": {"access-control-allow-origin": "*"}})
    _, headers, _ = ask(url, Origin="https://good.example", x_answer=answer)
    assert headers.get_all("Access-Control-Allow-Origin") == ["https://good.example"]
    assert headers["Access-Control-Expose-Headers"] == "x-told"


def test_the_other_spellings_of_the_url_work(cloud: Any, url: str) -> None:
    url_id = urlsplit(url).path.split("/")[3]
    for host in (f"{url_id}.lambda-url.localhost", f"{url_id}.lambda-url.us-east-1.on.aws"):
        status, _, body = ask(f"{cloud.url}/there", Host=host)
        assert (status, json.loads(body)["rawPath"]) == (200, "/there")
    assert ask(f"{cloud.url}/_aws/lambda-url/nothere/")[0] == 404


def test_both_permissions_are_needed(cloud: Any) -> None:
    client = cloud.client("lambda")
    arn = cloud.function(SOURCE)
    url = client.create_function_url_config(FunctionName=arn, AuthType="NONE")["FunctionUrl"]
    status, headers, body = ask(url)
    assert (status, json.loads(body)) == (403, {"Message": "Forbidden"})
    assert headers["x-amzn-ErrorType"] == "AccessDeniedException"
    allow(cloud, arn)
    assert ask(url)[0] == 200
    policy = json.loads(client.get_policy(FunctionName=arn)["Policy"])
    assert [statement["Condition"] for statement in policy["Statement"]] == [
        {"StringEquals": {"lambda:FunctionUrlAuthType": "NONE"}},
        {"Bool": {"lambda:InvokedViaFunctionUrl": "true"}},
    ]
    client.remove_permission(FunctionName=arn, StatementId="function")
    assert ask(url)[0] == 403


def test_a_url_for_iam_wants_signatures(cloud: Any) -> None:
    arn = cloud.function(SOURCE)
    made = cloud.client("lambda").create_function_url_config(FunctionName=arn, AuthType="AWS_IAM")
    url = made["FunctionUrl"]
    assert ask(url)[0] == 403
    request = AWSRequest("GET", url)
    SigV4Auth(Credentials("key", "secret"), "lambda", "us-east-1").add_auth(request)
    status, _, body = ask(url, **dict(request.headers.items()))
    assert status == 200
    assert json.loads(body)["requestContext"]["authorizer"]["iam"]["accessKey"] == "key"


def test_a_url_comes_changes_and_goes(cloud: Any) -> None:
    client = cloud.client("lambda")
    arn = cloud.function(SOURCE)
    with pytest.raises(ClientError, match="RESPONSE_STREAM"):
        client.create_function_url_config(FunctionName=arn, AuthType="NONE", InvokeMode="RESPONSE_STREAM")
    with pytest.raises(client.exceptions.ResourceNotFoundException):
        client.delete_function_url_config(FunctionName=arn)
    made = client.create_function_url_config(FunctionName=arn, AuthType="NONE", Cors={"AllowOrigins": ["*"]})
    with pytest.raises(client.exceptions.ResourceConflictException):
        client.create_function_url_config(FunctionName=arn, AuthType="NONE")
    client.update_function_url_config(FunctionName=arn, AuthType="AWS_IAM", Cors={})
    found = client.get_function_url_config(FunctionName=arn)
    assert (found["FunctionUrl"], found["AuthType"]) == (made["FunctionUrl"], "AWS_IAM")
    assert not found.get("Cors")
    client.delete_function_url_config(FunctionName=arn)
    assert ask(made["FunctionUrl"])[0] == 404
