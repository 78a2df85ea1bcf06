"""The event of a Lambda proxy integration, payload format 1.0: what a function sees of a request.

See https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
"""

from __future__ import annotations

import base64
import binascii
import secrets
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from chalice.gateway._messages import GatewayRoute, HttpRequest


class MediaTypes:
    """The binary media types of an API.

    Args:
        kinds: Such as ``image/png``; ``image/*`` and ``*/*`` stand for several.
    """

    def __init__(self, kinds: Iterable[str]) -> None:
        self._kinds = frozenset(kind.lower() for kind in kinds)

    def holds_body_of(self, request: HttpRequest) -> bool:
        """Tell whether the request's body travels as base64."""
        return self._holds(header_of(request.headers, "content-type") or "application/json")

    def wanted_by(self, request: HttpRequest) -> bool:
        """Tell whether a base64 body is decoded for this caller.

        API Gateway looks at the first media type of ``Accept`` only, and at the request's content type when
        there is none.
        https://docs.aws.amazon.com/apigateway/latest/developerguide/lambda-proxy-binary-media.html
        """
        accept = header_of(request.headers, "accept")
        return self.holds_body_of(request) if accept is None else self._holds(accept.partition(",")[0])

    def _holds(self, content_type: str) -> bool:
        kind = content_type.partition(";")[0].strip().lower()
        family = kind.partition("/")[0]
        return not self._kinds.isdisjoint((kind, f"{family}/*", "*/*"))


def proxy_event(
    request: HttpRequest,
    route: GatewayRoute,
    captured: Mapping[str, str],
    *,
    binary: bool,
    stage_variables: Mapping[str, str] | None,
    context: Mapping[str, Any],
    now: float,
) -> dict[str, Any]:
    """Build the event.

    Args:
        request: What came in.
        route: The route that answers it.
        captured: Values of the route's path parameters.
        binary: Whether the body travels as base64.
        stage_variables: None sends null.
        context: What is known of the API: ``accountId``, ``apiId``, ``requestId``, ``stage``.
        now: Seconds since the epoch.
    """
    headers = _multi(_in_one_spelling(_forwarded(request, now)))
    query = _multi(parse_qsl(request.query_string, keep_blank_values=True))
    host = header_of(request.headers, "host") or ""
    name = host.partition(":")[0]
    return {
        "resource": route.path,
        "path": request.path,
        "httpMethod": request.method,
        "headers": _last(headers),
        "multiValueHeaders": headers or None,
        "queryStringParameters": _last(query),
        "multiValueQueryStringParameters": query or None,
        "pathParameters": dict(captured) or None,
        "stageVariables": None if stage_variables is None else dict(stage_variables),
        "requestContext": {
            "resourceId": binascii.hexlify(route.path.encode("utf-8", "replace"))[-6:].decode().rjust(6, "0"),
            "resourcePath": route.path,
            "operationName": None,
            "httpMethod": request.method,
            "extendedRequestId": base64.b64encode(secrets.token_bytes(11)).decode("ascii"),
            "requestTime": time.strftime("%d/%b/%Y:%H:%M:%S +0000", time.gmtime(now)),
            "requestTimeEpoch": int(now * 1000),
            "path": f"/{context['stage']}{request.path}",
            "protocol": "HTTP/1.1",
            "domainName": name,
            "domainPrefix": name.partition(".")[0],
            "identity": _identity(request.source_ip, header_of(request.headers, "user-agent")),
            **context,
        },
        "body": _body(request.body, binary=binary),
        "isBase64Encoded": binary and bool(request.body),
    }


def header_of(headers: Sequence[tuple[str, str]], name: str) -> str | None:
    """Return a header, or None; of several values the last, as functions see it; ``name`` in lower case."""
    return next((value for key, value in reversed(headers) if key.lower() == name), None)


def _body(body: bytes, *, binary: bool) -> str | None:
    if not body:
        return None
    if binary:
        return base64.b64encode(body).decode("ascii")
    # A body that is not text loses the bytes that are not UTF-8, on AWS as well: declare its type as binary.
    return body.decode("utf-8", "replace")


def _forwarded(request: HttpRequest, now: float) -> list[tuple[str, str]]:
    """Return the headers that the function sees: the caller's, and what API Gateway says about the caller."""
    host = header_of(request.headers, "host") or ""
    default_port = "443" if request.scheme == "https" else "80"
    forwarded = header_of(request.headers, "x-forwarded-for")
    trace = header_of(request.headers, "x-amzn-trace-id") or ""
    if not (trace.isascii() and trace.isprintable() and trace.strip()):
        # It is sent back, so what could not be a header of the response is none.
        trace = f"Root=1-{int(now):08x}-{secrets.token_hex(12)}"
    added = {
        # The address of the caller is appended to those of the proxies before it.
        "X-Forwarded-For": f"{forwarded}, {request.source_ip}" if forwarded else request.source_ip,
        "X-Forwarded-Port": host.rpartition(":")[2] if ":" in host else default_port,
        "X-Forwarded-Proto": request.scheme,
        "X-Amzn-Trace-Id": trace.strip(),
    }
    replaced = {name.lower() for name in added}
    return [
        *((name, value) for name, value in request.headers if name.lower() not in replaced),
        *added.items(),
    ]


def _in_one_spelling(headers: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Give a header that came in several spellings the first of them: case makes no other name."""
    spellings: dict[str, str] = {}
    return [(spellings.setdefault(name.lower(), name), value) for name, value in headers]


def _multi(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    values: dict[str, list[str]] = {}
    for name, value in pairs:
        values.setdefault(name, []).append(value)
    return values


def _last(values: Mapping[str, list[str]]) -> dict[str, str] | None:
    return {name: several[-1] for name, several in values.items()} or None


def _identity(source_ip: str, user_agent: str | None) -> dict[str, Any]:
    return {
        "cognitoIdentityPoolId": None,
        "accountId": None,
        "cognitoIdentityId": None,
        "caller": None,
        "sourceIp": source_ip,
        "principalOrgId": None,
        "accessKey": None,
        "cognitoAuthenticationType": None,
        "cognitoAuthenticationProvider": None,
        "userArn": None,
        "userAgent": user_agent,
        "user": None,
    }
