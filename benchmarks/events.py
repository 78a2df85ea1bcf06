"""Lambda events of the usual size, in the shapes that AWS documents."""

from __future__ import annotations

import json
from typing import Any

HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Encoding": "gzip, deflate, br",
    "Accept-Language": "en-GB,en;q=0.7",
    "CloudFront-Forwarded-Proto": "https",
    "CloudFront-Is-Desktop-Viewer": "true",
    "CloudFront-Is-Mobile-Viewer": "false",
    "CloudFront-Is-SmartTV-Viewer": "false",
    "CloudFront-Is-Tablet-Viewer": "false",
    "CloudFront-Viewer-Country": "GB",
    "Host": "abcdef1234.execute-api.us-east-1.amazonaws.com",
    "User-Agent": "benchmark/1.0 (X11; Linux x86_64) as long as a real one",
    "Via": "2.0 0123456789abcdef.cloudfront.net (CloudFront)",
    "X-Amz-Cf-Id": "AbCdEfGhIjKlMnOpQrStUvWxYz0123456789AbCdEfGhIjKlMnOp==",
    "X-Amzn-Trace-Id": "Root=1-65a1b2c3-0123456789abcdef01234567",
    "X-Forwarded-For": "192.0.2.10, 198.51.100.20",
    "X-Forwarded-Port": "443",
    "X-Forwarded-Proto": "https",
}


def rest(
    method: str,
    resource: str,
    path: str,
    parameters: dict[str, str] | None = None,
    query: dict[str, str] | None = None,
    body: str | None = None,
) -> dict[str, Any]:
    """Build the event of a REST request."""
    headers = dict(HEADERS)
    if body is not None:
        headers["Content-Type"] = "application/json"
    return {
        "resource": resource,
        "path": path,
        "httpMethod": method,
        "headers": headers,
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "queryStringParameters": query,
        "multiValueQueryStringParameters": {name: [value] for name, value in query.items()}
        if query
        else None,
        "pathParameters": parameters,
        "stageVariables": None,
        "requestContext": {
            "resourceId": "a1b2c3",
            "resourcePath": resource,
            "httpMethod": method,
            "extendedRequestId": "JKABCDEFoAMFabc=",
            "requestTime": "12/Jan/2024:21:40:03 +0000",
            "path": "/api" + path,
            "accountId": "123456789012",
            "protocol": "HTTP/1.1",
            "stage": "api",
            "requestTimeEpoch": 1705095603000,
            "requestId": "3e5b1c2d-0000-4000-8000-0123456789ab",
            "identity": {"sourceIp": "192.0.2.10", "userAgent": HEADERS["User-Agent"], "user": None},
            "domainName": HEADERS["Host"],
            "apiId": "abcdef1234",
        },
        "body": body,
        "isBase64Encoded": False,
    }


def _order() -> str:
    """Return about a kilobyte of JSON."""
    return json.dumps(
        {"items": [{"id": i, "name": f"item-{i}", "price": i * 1.25, "ok": True} for i in range(18)]}
    )


SQS = {
    "Records": [
        {
            "messageId": f"00000000-0000-4000-8000-{number:012}",
            "receiptHandle": "AQEBwJnKyrHigUMZj6rYigCgxlaS3SLy0a" + "x" * 120,
            "body": json.dumps({"order": number, "sku": f"sku-{number}", "qty": 3}),
            "attributes": {"ApproximateReceiveCount": "1", "SentTimestamp": "1545082649183"},
            "messageAttributes": {},
            "md5OfBody": "e4e68fb7bd0e697a0ae8f1bb342846b3",
            "eventSource": "aws:sqs",
            "eventSourceARN": "arn:aws:sqs:us-east-1:123456789012:orders",
            "awsRegion": "us-east-1",
        }
        for number in range(10)
    ]
}

# Case: application, handler, event, expected status (None for what is no REST request).
CASES: dict[str, tuple[str, str, dict[str, Any], int | None]] = {
    "GET": ("full", "app", rest("GET", "/", "/"), 200),
    "path and query": (
        "full",
        "app",
        rest(
            "GET",
            "/users/{user_id}/orders/{order_id}",
            "/users/u-1/orders/o-2",
            {"user_id": "u-1", "order_id": "o-2"},
            {"limit": "10", "cursor": "abc"},
        ),
        200,
    ),
    "POST 1 KB": ("full", "app", rest("POST", "/echo", "/echo", body=_order()), 200),
    "NotFoundError": ("full", "app", rest("GET", "/missing", "/missing"), 404),
    "last of 200": (
        "many",
        "app",
        rest("GET", "/r199/items/{item_id}", "/r199/items/42", {"item_id": "42"}),
        200,
    ),
    "SQS x10": ("full", "work", SQS, None),
}
