"""The data plane of function URLs: a request becomes an event, and the function's answer a response.

https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html
"""

from __future__ import annotations

import base64
import binascii
import json
import secrets
import time
import uuid
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from moto.awslambda.models import lambda_backends

from chalice.gateway import HttpResponse
from chalice_local import ThrottledError
from chalice_localaws.embedded.account import function_spec
from chalice_localaws.embedded.integrations import EventTooLongError, event_bytes
from chalice_localaws.embedded.permissions import allows_url
from chalice_localaws.embedded.signatures import UnsignedError, check_signature
from chalice_localaws.lifecycle import ACCOUNT_ID

if TYPE_CHECKING:
    from collections.abc import Mapping

    from moto.awslambda.models import FunctionUrlConfig

    from chalice.gateway import HttpRequest
    from chalice_local import Invoker
    from chalice_local.addresses import FunctionUrlAddress

__all__ = ["FunctionUrls"]

_TEXT = ("text/", "application/json", "application/javascript", "application/xml")
_FIRST_STATUS, _LAST_STATUS = 100, 599
_CORS = "access-control-"


class FunctionUrls:
    """Answers requests to URLs of functions.

    Args:
        invoker: runs the functions.
    """

    def __init__(self, invoker: Invoker) -> None:
        self._invoker = invoker

    def handle(self, address: FunctionUrlAddress, request: HttpRequest) -> HttpResponse:
        """Answer one request.

        Args:
            address: which URL it is for.
            request: with the path of the address.
        """
        config = _find(address.url_id)
        if config is None:
            # AWS has no such host at all; here the port is there and something must be said.
            return _refusal(404, f"No function URL with the id {address.url_id!r} exists here.", "NotFound")
        headers = _joined(request.headers)
        allowed = _cors_headers(config.config.get("Cors") or {}, request.method, headers)
        if allowed is not None and request.method == "OPTIONS" and _PREFLIGHT in headers:
            return HttpResponse(status=200, headers=allowed, body=b"")
        response = self._ask(config, address, request, headers)
        if not allowed:
            return response
        # What the URL says of other origins counts, and not what the function does.
        own = [(name, value) for name, value in response.headers if not name.lower().startswith(_CORS)]
        return HttpResponse(status=response.status, headers=[*own, *allowed], body=response.body)

    def _ask(
        self,
        config: FunctionUrlConfig,
        address: FunctionUrlAddress,
        request: HttpRequest,
        headers: Mapping[str, str],
    ) -> HttpResponse:
        function, auth_type = config.function, str(config.config.get("AuthType"))
        if auth_type == "AWS_IAM":
            try:
                check_signature(headers, dict(parse_qsl(request.query_string, keep_blank_values=True)))
            except UnsignedError:
                return _refusal(403, "Forbidden", "AccessDeniedException")
        elif not allows_url(function.policy.statements, auth_type=auth_type):
            return _refusal(403, "Forbidden", "AccessDeniedException")
        domain = f"{address.url_id}.lambda-url.{function.region}.on.aws"
        event = _event(address, request, headers, domain=domain, auth_type=auth_type)
        try:
            result = self._invoker.invoke(function_spec(function), event_bytes(event))
        except EventTooLongError:
            return _refusal(413, "Request Entity Too Large", "RequestEntityTooLargeException")
        except ThrottledError:
            return _refusal(429, "Rate Exceeded.", "TooManyRequestsException")
        if result.error is not None:
            return _refusal(502, "Internal Server Error", "InternalServerErrorException")
        return _response(json.loads(result.payload))


def _find(url_id: str) -> FunctionUrlConfig | None:
    for account in list(lambda_backends.values()):
        for backend in list(account.values()):
            for function in list(backend._lambdas._arns.values()):
                config = function.url_config
                if config is not None and config.url.endswith(f"/{url_id}/"):
                    return config
    return None


def _event(
    address: FunctionUrlAddress,
    request: HttpRequest,
    headers: Mapping[str, str],
    *,
    domain: str,
    auth_type: str,
) -> dict[str, Any]:
    """Return the event in the payload format 2.0."""
    now = time.time()
    port = headers.get("host", "").rpartition(":")[2]
    context: dict[str, Any] = {
        "accountId": "anonymous",
        "apiId": address.url_id,
        "domainName": domain,
        "domainPrefix": address.url_id,
        "http": {
            "method": request.method,
            "path": address.path,
            "protocol": "HTTP/1.1",
            "sourceIp": request.source_ip,
            "userAgent": headers.get("user-agent", ""),
        },
        "requestId": str(uuid.uuid4()),
        "routeKey": "$default",
        "stage": "$default",
        "time": time.strftime("%d/%b/%Y:%H:%M:%S +0000", time.gmtime(now)),
        "timeEpoch": int(now * 1000),
    }
    if auth_type == "AWS_IAM":
        caller = {
            "accessKey": headers.get("authorization", "").partition("Credential=")[2].partition("/")[0],
            "accountId": ACCOUNT_ID,
            "callerId": ACCOUNT_ID,
            "cognitoIdentity": None,
            "principalOrgId": None,
            "userArn": f"arn:aws:iam::{ACCOUNT_ID}:root",
            "userId": ACCOUNT_ID,
        }
        context |= {"accountId": ACCOUNT_ID, "authorizer": {"iam": caller}}
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": address.path,
        "rawQueryString": request.query_string,
        "headers": {
            **{name: value for name, value in headers.items() if name != "cookie"},
            "x-amzn-trace-id": f"Root=1-{int(now):08x}-{secrets.token_hex(12)}",
            "x-forwarded-for": request.source_ip,
            "x-forwarded-port": port if port.isdigit() else "80",
            "x-forwarded-proto": request.scheme,
        },
        "requestContext": context,
        "isBase64Encoded": False,
    }
    cookies = [part.strip() for part in headers.get("cookie", "").split(";") if part.strip()]
    if cookies:
        event["cookies"] = cookies
    query = parse_qsl(request.query_string, keep_blank_values=True)
    if query:
        event["queryStringParameters"] = _joined(query, lower=False)
    if request.body:
        text = _as_text(request.body, headers.get("content-type", ""))
        event["isBase64Encoded"] = text is None
        event["body"] = base64.b64encode(request.body).decode() if text is None else text
    return event


def _as_text(body: bytes, content_type: str) -> str | None:
    """Return a body that is handed on as text; None for one that is handed on in base64."""
    kind = content_type.partition(";")[0].strip().lower()
    if not kind.startswith(_TEXT) and not kind.endswith(("+json", "+xml")):
        return None
    try:
        return body.decode()
    except UnicodeDecodeError:
        return None


def _response(result: Any) -> HttpResponse:
    if not isinstance(result, dict) or "statusCode" not in result:
        # Text is the body as it is, anything else is JSON.
        body = result if isinstance(result, str) else json.dumps(result)
        return HttpResponse(
            status=200, headers=[("Content-Type", "application/json")], body=body.encode("utf-8", "replace")
        )
    try:
        status = int(result["statusCode"])
        headers = [(str(name), str(value)) for name, value in (result.get("headers") or {}).items()]
        headers += [("Set-Cookie", str(cookie)) for cookie in result.get("cookies") or ()]
        said = result.get("body", "")
        text = said if isinstance(said, str) else "" if said is None else json.dumps(said)
        content = text.encode("utf-8", "replace")
        if result.get("isBase64Encoded") is True:
            content = base64.b64decode(content, validate=True)
    except (AttributeError, TypeError, ValueError, binascii.Error):
        return _refusal(502, "Internal Server Error", "InternalServerErrorException")
    if not _FIRST_STATUS <= status <= _LAST_STATUS:
        return _refusal(502, "Internal Server Error", "InternalServerErrorException")
    if not any(name.lower() == "content-type" for name, _ in headers):
        headers.append(("Content-Type", "application/json"))
    # The length is that of what is sent, whatever the function says.
    kept = [(name, value) for name, value in headers if name.lower() != "content-length"]
    return HttpResponse(status=status, headers=kept, body=content)


_PREFLIGHT = "access-control-request-method"


def _cors_headers(
    cors: Mapping[str, Any], method: str, headers: Mapping[str, str]
) -> list[tuple[str, str]] | None:
    """Return what is added for a page of another origin; None when the URL has no settings for that.

    https://docs.aws.amazon.com/lambda/latest/api/API_Cors.html
    """
    if not cors:
        return None
    origin = headers.get("origin")
    origins = [str(one).lower() for one in cors.get("AllowOrigins") or ()]
    if origin is None or not ({"*", origin.lower()} & {*origins}):
        return []
    everybody = "*" in origins and not cors.get("AllowCredentials")
    found = [("Access-Control-Allow-Origin", "*" if everybody else origin)]
    if not everybody:
        found.append(("Vary", "Origin"))
    if cors.get("AllowCredentials"):
        found.append(("Access-Control-Allow-Credentials", "true"))
    if method == "OPTIONS" and _PREFLIGHT in headers:
        lists = {"Methods": cors.get("AllowMethods"), "Headers": cors.get("AllowHeaders")}
        found += [
            (f"Access-Control-Allow-{name}", ",".join(values)) for name, values in lists.items() if values
        ]
        if cors.get("MaxAge"):
            found.append(("Access-Control-Max-Age", str(cors["MaxAge"])))
    elif cors.get("ExposeHeaders"):
        found.append(("Access-Control-Expose-Headers", ",".join(cors["ExposeHeaders"])))
    return found


def _joined(pairs: list[tuple[str, str]], *, lower: bool = True) -> dict[str, str]:
    """Return one value of each name; several are joined with commas, cookies with semicolons."""
    joined: dict[str, str] = {}
    for name, value in pairs:
        key = name.lower() if lower else name
        glue = "; " if key == "cookie" else ","
        joined[key] = f"{joined[key]}{glue}{value}" if key in joined else value
    return joined


def _refusal(status: int, message: str, kind: str) -> HttpResponse:
    return HttpResponse(
        status=status,
        headers=[("Content-Type", "application/json"), ("x-amzn-ErrorType", kind)],
        body=json.dumps({"Message": message}).encode(),
    )
