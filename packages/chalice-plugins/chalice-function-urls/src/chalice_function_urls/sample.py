"""The event of a request to a function URL as Lambda gets it, made up for tests and local runs.

Shape: "Invoking Lambda function URLs", AWS Lambda Developer Guide.
"""

from __future__ import annotations

import base64
from typing import Any

HOST = "abcdefghijklmnopqrstuvwxyz012345.lambda-url.us-west-2.on.aws"
ACCOUNT = "123456789012"


def generate_function_url_event(
    method: str = "GET",
    path: str = "/",
    body: str | bytes | None = None,
    headers: dict[str, str] | None = None,
    query_string: str = "",
    auth_type: str = "NONE",
) -> dict[str, Any]:
    """Return the event of a request; the same arguments give the same event.

    Args:
        method: Of the request.
        path: As the caller wrote it, percent-encoded.
        body: Text, or bytes, which go in as base64.
        headers: By name.  Cookies become the event's list of them.
        query_string: What follows the ``?``.
        auth_type: ``AWS_IAM`` for a request that was signed.
    """
    named = {"host": HOST, "user-agent": "sample", "x-forwarded-proto": "https", "x-forwarded-port": "443"}
    named |= {name.lower(): value for name, value in (headers or {}).items()}
    cookies = [part.strip() for part in named.pop("cookie", "").split(";") if part.strip()]
    request: dict[str, Any] = {
        "accountId": ACCOUNT if auth_type == "AWS_IAM" else "anonymous",
        "apiId": HOST.partition(".")[0],
        "domainName": HOST,
        "domainPrefix": HOST.partition(".")[0],
        "http": {
            "method": method,
            "path": path,
            "protocol": "HTTP/1.1",
            "sourceIp": "127.0.0.1",
            "userAgent": named["user-agent"],
        },
        "requestId": "11111111-2222-4333-8444-555555555555",
        "routeKey": "$default",
        "stage": "$default",
        "time": "14/Nov/2023:22:13:20 +0000",
        "timeEpoch": 1_700_000_000_000,
    }
    if auth_type == "AWS_IAM":
        arn = f"arn:aws:iam::{ACCOUNT}:user/ann"
        caller = {"accessKey": "AKIAIOSFODNN7EXAMPLE", "accountId": ACCOUNT, "callerId": "AIDAEXAMPLE"}
        request["authorizer"] = {
            "iam": {**caller, "cognitoIdentity": None, "userArn": arn, "userId": "AIDAEXAMPLE"}
        }
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": query_string,
        "headers": named,
        "requestContext": request,
        "isBase64Encoded": isinstance(body, bytes),
    }
    if cookies:
        event["cookies"] = cookies
    if body is not None:
        event["body"] = base64.b64encode(body).decode("ascii") if isinstance(body, bytes) else body
    return event
