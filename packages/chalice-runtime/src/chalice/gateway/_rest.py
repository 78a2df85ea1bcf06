"""Answers HTTP requests as a stage of a REST API does: proxy event in, HTTP response out."""

from __future__ import annotations

import base64
import binascii
import json
import secrets
import time
import uuid
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from chalice.gateway._messages import GatewayRoute, HttpRequest, HttpResponse, Invoke, NotEmulatedError
from chalice.gateway._routes import RouteTable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

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


class _MalformedResponseError(Exception):
    """The function's result is no proxy response."""


class RestGateway:
    """One stage of a REST API.

    Args:
        routes: The routes of the API, see `routes_of_app` and `routes_of_document`.
        invoke: Called as ``invoke(target, event)`` for every admitted request; returns an `Outcome`.
        binary_types: Media types whose bodies travel as base64; ``image/*`` and ``*/*`` stand for several.
        api_id: As in ``https://API_ID.execute-api.REGION…``.
        stage: The stage's name, the first segment of the public path.
        account_id: Twelve digits.
        region: As in ``us-east-1``.
        stage_variables: Handed to the function as ``stageVariables``; None sends null.
    """

    def __init__(
        self,
        routes: Iterable[GatewayRoute],
        invoke: Invoke,
        *,
        binary_types: Iterable[str] = (),
        api_id: str,
        stage: str,
        account_id: str,
        region: str,
        stage_variables: Mapping[str, str] | None = None,
    ) -> None:
        self._table = RouteTable(routes)
        self._invoke = invoke
        self._binary_types = frozenset(kind.lower() for kind in binary_types)
        self.api_id = api_id
        self.stage = stage
        self.account_id = account_id
        self.region = region
        self.stage_variables = dict(stage_variables) if stage_variables else None

    def handle(self, request: HttpRequest) -> HttpResponse:
        """Answer one request.

        Returns:
            What the caller gets, errors of the function included (502).

        Raises:
            NotEmulatedError: The route needs an authorizer or an API key.
        """
        request_id = str(uuid.uuid4())
        response = self._answer(request, request_id)
        if request.method == "HEAD":
            return HttpResponse(status=response.status, headers=response.headers, body=b"")
        return response

    def _answer(self, request: HttpRequest, request_id: str) -> HttpResponse:
        found = self._table.match(request.path, request.method)
        if found is None:
            return _no_such_route(request, request_id)
        route, captured = found
        where = f"{route.method} {route.path}"
        if route.mock is not None:
            return HttpResponse(
                status=200,
                headers=[("x-amzn-RequestId", request_id), *route.mock.items()],
                body=b"",
            )
        if route.authorizer is not None:
            raise NotEmulatedError(f"the authorizer {route.authorizer!r}", where)
        if route.api_key_required:
            raise NotEmulatedError("an API key", where)
        outcome = self._invoke(route.target, self._event(request, route, captured, request_id))
        if outcome.error:
            return _error(502, "Internal server error", "InternalServerErrorException", request_id)
        try:
            return self._response(outcome.payload, request, request_id)
        except _MalformedResponseError:
            return _error(502, "Internal server error", "InternalServerErrorException", request_id)

    def _event(
        self, request: HttpRequest, route: GatewayRoute, captured: Mapping[str, str], request_id: str
    ) -> dict[str, Any]:
        """Build the event of a Lambda proxy integration, payload format 1.0."""
        headers = _multi(_forwarded(request))
        query = _multi(parse_qsl(request.query_string, keep_blank_values=True))
        body, encoded = self._request_body(request)
        now = time.time()
        host = _first(headers, "host") or ""
        return {
            "resource": route.path,
            "path": request.path,
            "httpMethod": request.method,
            "headers": _last(headers),
            "multiValueHeaders": headers or None,
            "queryStringParameters": _last(query),
            "multiValueQueryStringParameters": query or None,
            "pathParameters": dict(captured) or None,
            "stageVariables": self.stage_variables,
            "requestContext": {
                "resourceId": binascii.hexlify(route.path.encode())[-6:].decode().rjust(6, "0"),
                "resourcePath": route.path,
                "operationName": None,
                "httpMethod": request.method,
                "extendedRequestId": _extended_id(),
                "requestTime": time.strftime("%d/%b/%Y:%H:%M:%S +0000", time.gmtime(now)),
                "requestTimeEpoch": int(now * 1000),
                "path": f"/{self.stage}{request.path}",
                "accountId": self.account_id,
                "protocol": "HTTP/1.1",
                "stage": self.stage,
                "domainName": host.partition(":")[0],
                "domainPrefix": host.partition(".")[0].partition(":")[0],
                "requestId": request_id,
                "identity": _identity(request.source_ip, _first(headers, "user-agent")),
                "apiId": self.api_id,
            },
            "body": body,
            "isBase64Encoded": encoded,
        }

    def _request_body(self, request: HttpRequest) -> tuple[str | None, bool]:
        if not request.body:
            return None, False
        content_type = _media_type(_header(request.headers, "content-type") or "application/json")
        if self._is_binary(content_type):
            return base64.b64encode(request.body).decode("ascii"), True
        # A body that is not text loses the bytes that are not UTF-8, on AWS as well: declare its type as
        # binary.
        return request.body.decode("utf-8", "replace"), False

    def _response(self, payload: Any, request: HttpRequest, request_id: str) -> HttpResponse:
        """Turn the result of a proxy integration into HTTP.

        Raises:
            _MalformedResponseError: It does not have the form that API Gateway asks for.
        """
        if not isinstance(payload, dict) or not payload.keys() <= _RESPONSE_KEYS:
            raise _MalformedResponseError
        status = _status(payload.get("statusCode"))
        headers = [("x-amzn-RequestId", request_id), *_response_headers(payload)]
        if _header(headers, "content-type") is None:
            headers.append(("Content-Type", "application/json"))
        text = payload.get("body")
        if text is None:
            return HttpResponse(status=status, headers=headers, body=b"")
        if not isinstance(text, str):
            raise _MalformedResponseError
        if payload.get("isBase64Encoded") is True and self._wants_binary(request):
            try:
                return HttpResponse(
                    status=status, headers=headers, body=base64.b64decode(text, validate=True)
                )
            except binascii.Error as error:
                raise _MalformedResponseError from error
        return HttpResponse(status=status, headers=headers, body=text.encode("utf-8", "surrogatepass"))

    def _wants_binary(self, request: HttpRequest) -> bool:
        """Tell whether a base64 body is decoded for this caller.

        API Gateway looks at the first media type of ``Accept`` only, and at the request's content type when
        there is none.
        https://docs.aws.amazon.com/apigateway/latest/developerguide/lambda-proxy-binary-media.html
        """
        accept = _header(request.headers, "accept")
        if accept is None:
            accept = _header(request.headers, "content-type") or "application/json"
        return self._is_binary(_media_type(accept.partition(",")[0]))

    def _is_binary(self, media_type: str) -> bool:
        family = media_type.partition("/")[0]
        return not self._binary_types.isdisjoint((media_type, f"{family}/*", "*/*"))


def _no_such_route(request: HttpRequest, request_id: str) -> HttpResponse:
    """Answer as if a signature were missing: API Gateway does not tell strangers which resources exist."""
    authorization = _header(request.headers, "authorization")
    message = "Missing Authentication Token"
    if authorization is not None:
        message = (
            "Authorization header requires 'Credential' parameter. "
            "Authorization header requires 'Signature' parameter. "
            "Authorization header requires 'SignedHeaders' parameter. "
            "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. "
            f"Authorization={authorization}"
        )
    return _error(403, message, "UnauthorizedException", request_id)


def _error(status: int, message: str, kind: str, request_id: str) -> HttpResponse:
    return HttpResponse(
        status=status,
        headers=[
            ("x-amzn-RequestId", request_id),
            ("x-amzn-ErrorType", kind),
            ("Content-Type", "application/json"),
        ],
        body=json.dumps({"message": message}).encode(),
    )


def _status(value: object) -> int:
    """Read a status code; API Gateway takes digits in a string as well."""
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        raise _MalformedResponseError
    try:
        status = int(value)
    except ValueError as error:
        raise _MalformedResponseError from error
    if not 100 <= status <= 599:
        raise _MalformedResponseError
    return status


def _response_headers(payload: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Merge both kinds of headers; where a name is in both, the lists win."""
    single, multi = _mapping(payload.get("headers")), _mapping(payload.get("multiValueHeaders"))
    listed = {name.lower() for name in multi}
    pairs = [(name, value) for name, value in single.items() if name.lower() not in listed]
    for name, values in multi.items():
        if not isinstance(values, list):
            raise _MalformedResponseError
        pairs.extend((name, value) for value in values)
    headers = []
    for name, value in pairs:
        if isinstance(value, (dict, list)) or value is None:
            raise _MalformedResponseError
        text = value if isinstance(value, str) else json.dumps(value)
        # Neither could travel as one header line.
        if any(mark in name + text for mark in "\r\n\0") or not name:
            raise _MalformedResponseError
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
        raise _MalformedResponseError
    return value


def _forwarded(request: HttpRequest) -> list[tuple[str, str]]:
    """Return the headers that the function sees: the caller's, and what API Gateway says about the caller."""
    host = _header(request.headers, "host") or ""
    default_port = "443" if request.scheme == "https" else "80"
    forwarded = _header(request.headers, "x-forwarded-for")
    added = {
        # The address of the caller is appended to those of the proxies before it.
        "X-Forwarded-For": f"{forwarded}, {request.source_ip}" if forwarded else request.source_ip,
        "X-Forwarded-Port": host.rpartition(":")[2] if ":" in host else default_port,
        "X-Forwarded-Proto": request.scheme,
        "X-Amzn-Trace-Id": _header(request.headers, "x-amzn-trace-id")
        or f"Root=1-{int(time.time()):08x}-{secrets.token_hex(12)}",
    }
    replaced = {name.lower() for name in added}
    return [
        *((name, value) for name, value in request.headers if name.lower() not in replaced),
        *added.items(),
    ]


def _multi(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    values: dict[str, list[str]] = {}
    for name, value in pairs:
        values.setdefault(name, []).append(value)
    return values


def _last(values: Mapping[str, list[str]]) -> dict[str, str] | None:
    return {name: several[-1] for name, several in values.items()} or None


def _first(values: Mapping[str, list[str]], name: str) -> str | None:
    return next((several[0] for key, several in values.items() if key.lower() == name), None)


def _header(headers: Iterable[tuple[str, str]], name: str) -> str | None:
    return next((value for key, value in headers if key.lower() == name), None)


def _media_type(value: str) -> str:
    return value.partition(";")[0].strip().lower()


def _extended_id() -> str:
    return base64.b64encode(secrets.token_bytes(11)).decode("ascii")


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
