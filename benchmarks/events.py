"""Lambda events of the usual size, in the shapes that AWS documents, and the answers to them."""

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


def http(path: str) -> dict[str, Any]:
    """Build the event of a GET request in payload format 2.0, as HTTP APIs and function URLs send it."""
    return {
        "version": "2.0",
        "routeKey": f"GET {path}",
        "rawPath": path,
        "rawQueryString": "",
        "headers": {name.lower(): value for name, value in HEADERS.items()},
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "abcdef1234",
            "domainName": HEADERS["Host"],
            "domainPrefix": "abcdef1234",
            "http": {
                "method": "GET",
                "path": path,
                "protocol": "HTTP/1.1",
                "sourceIp": "192.0.2.10",
                "userAgent": HEADERS["User-Agent"],
            },
            "requestId": "JKABCDEFoAMFabc=",
            "routeKey": f"GET {path}",
            "stage": "$default",
            "time": "12/Jan/2024:21:40:03 +0000",
            "timeEpoch": 1705095603000,
        },
        "isBase64Encoded": False,
    }


# About a kilobyte of JSON.
ORDER = {"items": [{"id": i, "name": f"item-{i}", "price": i * 1.25, "ok": True} for i in range(18)]}


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

S3 = {
    "Records": [
        {
            "eventVersion": "2.1",
            "eventSource": "aws:s3",
            "awsRegion": "us-east-1",
            "eventTime": "2024-01-12T21:40:03.000Z",
            "eventName": "ObjectCreated:Put",
            "userIdentity": {"principalId": "AWS:AIDAEXAMPLE"},
            "requestParameters": {"sourceIPAddress": "192.0.2.10"},
            "responseElements": {"x-amz-request-id": "C3D13FE58DE4C810", "x-amz-id-2": "FMyUVURIY8/IgAtTv8"},
            "s3": {
                "s3SchemaVersion": "1.0",
                "configurationId": "photos",
                "bucket": {
                    "name": "photos",
                    "ownerIdentity": {"principalId": "A3NL1KOZZKExample"},
                    "arn": "arn:aws:s3:::photos",
                },
                "object": {
                    "key": "some+folder/file%281%29.txt",
                    "size": 1024,
                    "eTag": "d41d8cd98f00b204e9800998ecf8427e",
                    "sequencer": "0055AED6DCD90281E5",
                },
            },
        }
    ]
}

MESSAGE = {
    "requestContext": {
        "routeKey": "$default",
        "messageId": "GXLKJfX4FiACG1w=",
        "eventType": "MESSAGE",
        "extendedRequestId": "GXLKAfX1FiACG1w=",
        "requestTime": "12/Jan/2024:21:40:03 +0000",
        "messageDirection": "IN",
        "stage": "api",
        "connectedAt": 1705095603000,
        "requestTimeEpoch": 1705095604000,
        "identity": {"sourceIp": "192.0.2.10"},
        "requestId": "GXLKAfX1FiACG1w=",
        "domainName": HEADERS["Host"],
        "connectionId": "GXLKAfX1FiACG1w=",
        "apiId": "abcdef1234",
    },
    "body": json.dumps({"say": "hello"}),
    "isBase64Encoded": False,
}

HELLO = {"hello": "world"}

# Case: application, handler, event, expected statuses (None: the answer is no HTTP response), expected answer
# (of an HTTP response: its body; None: each framework words its errors as it likes).
CASES: dict[str, tuple[str, str, dict[str, Any], tuple[int, ...] | None, Any]] = {
    "GET": ("common", "app", rest("GET", "/", "/"), (200,), HELLO),
    "path and query": (
        "common",
        "app",
        rest(
            "GET",
            "/users/{user_id}/orders/{order_id}",
            "/users/u-1/orders/o-2",
            {"user_id": "u-1", "order_id": "o-2"},
            {"limit": "10", "cursor": "abc"},
        ),
        (200,),
        {"user": "u-1", "order": "o-2", "limit": "10"},
    ),
    "GET, response object": ("common", "app", rest("GET", "/made", "/made"), (201,), HELLO),
    "404 from a view": ("common", "app", rest("GET", "/missing", "/missing"), (404,), None),
    "no such route": ("common", "app", rest("GET", "/nowhere", "/nowhere"), (404, 405), None),
    "first of 200 routes": (
        "many",
        "app",
        rest("GET", "/r0/items/{item_id}", "/r0/items/42", {"item_id": "42"}),
        (200,),
        {"route": 0, "item": "42"},
    ),
    "last of 200 routes": (
        "many",
        "app",
        rest("GET", "/r199/items/{item_id}", "/r199/items/42", {"item_id": "42"}),
        (200,),
        {"route": 199, "item": "42"},
    ),
    "POST 1 KB JSON": (
        "common",
        "app",
        rest("POST", "/echo", "/echo", body=json.dumps(ORDER)),
        (200,),
        ORDER,
    ),
    "SQS, 10 messages": ("messages", "work", SQS, None, sum(len(one["body"]) for one in SQS["Records"])),
    "S3": ("uploads", "work", S3, None, "photos/some folder/file(1).txt"),
    "GET, one middleware": ("wrapped", "app", rest("GET", "/", "/"), (200,), HELLO),
    "GET with CORS": ("cors", "app", rest("GET", "/", "/"), (200,), HELLO),
    "GET, blueprint": (
        "blueprinted",
        "app",
        rest("GET", "/orders/{order_id}", "/orders/7", {"order_id": "7"}),
        (200,),
        {"order": "7", "seen": "GET"},
    ),
    "WebSocket message": ("sockets", "work", MESSAGE, (200,), len(json.dumps({"say": "hello"}))),
    "GET, async view": ("coroutine", "app", rest("GET", "/", "/"), (200,), HELLO),
    "GET, payload 2.0": ("second", "app", http("/"), (200,), HELLO),
    "GET, everything in use": ("full", "app", rest("GET", "/", "/"), (200,), HELLO),
}
