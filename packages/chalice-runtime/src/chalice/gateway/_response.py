"""What the caller gets: a function's result as HTTP, and what API Gateway says by itself."""

from __future__ import annotations

import base64
import binascii
import json
from typing import TYPE_CHECKING, Any

from chalice.gateway._messages import HttpResponse

if TYPE_CHECKING:
    from collections.abc import Mapping

# What a Lambda proxy integration may answer; anything else makes the response malformed.
# https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
_RESPONSE_KEYS = {"statusCode", "headers", "multiValueHeaders", "body", "isBase64Encoded"}

# Headers of a function's response that API Gateway keeps for itself and hands on under another name.
# https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
_REMAPPED = {
    "connection",
    "content-md5",
    "date",
    "expect",
    "host",
    "max-forwards",
    "proxy-authenticate",
    "server",
}
_REMAPPED |= {"authorization", "trailer", "upgrade", "user-agent", "www-authenticate"}

# The connection between caller and gateway is the server's business.
_DROPPED = {"content-length", "transfer-encoding"}

# A header's name is a token. https://www.rfc-editor.org/rfc/rfc9110#section-5.6.2
_NAME_MARKS = frozenset("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")

# What may end a header's value, or the whole head. https://www.rfc-editor.org/rfc/rfc9110#section-5.5
_CONTROLS = frozenset(map(chr, (*range(9), *range(10, 32), 127)))

# Lambda refuses a larger result of a function: 6 MB and a little for the envelope.
# https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
_MAX_RESULT_BYTES = 6 * 1024 * 1024 + 100


class MalformedResponseError(Exception):
    """The function's result is no proxy response."""


def error_response(status: int, body: str, kind: str, request_id: str) -> HttpResponse:
    """Return an answer of API Gateway itself.

    Args:
        status: The HTTP status.
        body: A JSON document, spaced as API Gateway does.
        kind: The value of ``x-amzn-ErrorType``.
        request_id: The value of ``x-amzn-RequestId``.
    """
    return HttpResponse(
        status=status,
        headers=[
            ("x-amzn-RequestId", request_id),
            ("x-amzn-ErrorType", kind),
            ("Content-Type", "application/json"),
        ],
        body=body.encode(),
    )


def proxy_response(payload: object, request_id: str, trace_id: str, *, decode: bool) -> HttpResponse:
    """Turn the result of a proxy integration into HTTP.

    Args:
        payload: What the function returned.
        request_id: The value of ``x-amzn-RequestId``.
        trace_id: The value of ``X-Amzn-Trace-Id``, unless the function has one.
        decode: Whether the caller takes binary bodies; another gets their base64.

    Raises:
        MalformedResponseError: It does not have the form that API Gateway asks for.
    """
    if not isinstance(payload, dict) or not payload.keys() <= _RESPONSE_KEYS:
        raise MalformedResponseError
    status = _status(payload.get("statusCode"))
    headers = [("x-amzn-RequestId", request_id), *_headers(payload)]
    for name, value in (("Content-Type", "application/json"), ("X-Amzn-Trace-Id", trace_id)):
        if not any(known.lower() == name.lower() for known, _ in headers):
            headers.append((name, value))
    text = payload.get("body")
    if text is None:
        return HttpResponse(status=status, headers=headers, body=b"")
    if not isinstance(text, str) or _is_too_large(payload, text):
        raise MalformedResponseError
    if payload.get("isBase64Encoded") is True and decode:
        try:
            return HttpResponse(status=status, headers=headers, body=base64.b64decode(text, validate=True))
        except (binascii.Error, ValueError) as error:
            raise MalformedResponseError from error
    return HttpResponse(status=status, headers=headers, body=text.encode("utf-8", "surrogatepass"))


def _is_too_large(payload: dict[str, Any], text: str) -> bool:
    # JSON makes a character six bytes at most, so that a short text needs no measuring.
    if len(text) * 6 < _MAX_RESULT_BYTES // 2:
        return False
    document = json.dumps(payload, ensure_ascii=False)
    return len(document.encode("utf-8", "surrogatepass")) > _MAX_RESULT_BYTES


def _status(value: object) -> int:
    """Read a status code; API Gateway takes digits in a string as well."""
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        raise MalformedResponseError
    try:
        status = int(value)
    except ValueError as error:
        raise MalformedResponseError from error
    if not 100 <= status <= 599:
        raise MalformedResponseError
    return status


def _headers(payload: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Merge both kinds of headers; where a name is in both, the lists win."""
    single, multi = _mapping(payload.get("headers")), _mapping(payload.get("multiValueHeaders"))
    listed = {name.lower() for name in multi}
    pairs = [(name, value) for name, value in single.items() if name.lower() not in listed]
    for name, values in multi.items():
        if not isinstance(values, list):
            raise MalformedResponseError
        pairs.extend((name, value) for value in values)
    headers = []
    for name, value in pairs:
        if isinstance(value, (dict, list)) or value is None:
            raise MalformedResponseError
        text = value.strip(" \t") if isinstance(value, str) else json.dumps(value)
        # Neither could travel as one header line.
        if not name or not _NAME_MARKS.issuperset(name) or not _CONTROLS.isdisjoint(text):
            raise MalformedResponseError
        text = text.encode("latin-1", "replace").decode("latin-1")
        lowered = name.lower()
        if lowered in _REMAPPED:
            name = f"x-amzn-Remapped-{name}"
        if lowered not in _DROPPED:
            headers.append((name, text))
    return headers


def _mapping(value: Any) -> Mapping[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise MalformedResponseError
    return value
