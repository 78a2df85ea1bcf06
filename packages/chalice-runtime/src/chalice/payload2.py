"""HTTP APIs and function URLs: events in version 2.0 of API Gateway's payload, and answers in its form.

Such an event names the path that was asked for rather than a resource, so the route is found here.  Loaded by
the first event that is not in the form of a REST API.

See https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
and https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html
"""

from __future__ import annotations

from chalice._http import Request, Response
from chalice._matching import guarded, match, unanswered, without_stage
from chalice._routing import RouteEntry

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from chalice._dispatch import Dispatcher


class Payload2Request(Request):
    """A request of a HTTP API or a function URL, with the attributes of every `Request`.

    Its ``context`` is the event's ``requestContext`` as it is, which differs from a REST API's.

    Args:
        event: The event, version 2.0.
        lambda_context: The context object that Lambda passes along.
        method: The HTTP method.
        path: That of the route, ``/users/{name}``, or what was asked for when there is no route.
        captured: What the route captured of the path.
    """

    def __init__(
        self,
        event: dict[str, Any],
        lambda_context: Any,
        method: str,
        path: str,
        captured: dict[str, str] | None,
    ) -> None:
        headers = dict(event.get("headers") or {})
        cookies = event.get("cookies")
        if cookies and not any(name.lower() == "cookie" for name in headers):
            # The payload has them in a list of their own.
            headers["cookie"] = "; ".join(cookies)
        super().__init__(
            {
                "requestContext": event["requestContext"],
                "headers": headers,
                "multiValueQueryStringParameters": _query(event),
                "pathParameters": captured,
                "stageVariables": event.get("stageVariables"),
                "body": event.get("body"),
                "isBase64Encoded": event.get("isBase64Encoded", False),
            },
            lambda_context,
        )
        self._sent = event
        self.method = method
        self.path = path


def answer(dispatcher: Dispatcher, event: Any, context: Any) -> dict[str, Any]:
    """Answer an event that does not come from a REST API.

    What is no event in version 2.0 either is answered with status 500, and no view sees it.
    """
    try:
        request, entry = _routed(dispatcher, event, context) if event["version"] == "2.0" else (None, None)
    except (KeyError, TypeError, ValueError, AttributeError):
        request = entry = None
    if request is None or entry is None:
        return _unknown(dispatcher, context)
    dispatcher.remember(request, context)
    return _in_version_2(dispatcher.answer(request, entry))


def answer_with(
    dispatcher: Dispatcher, view: Callable[[Request], Any], event: Any, context: Any
) -> dict[str, Any]:
    """Answer an event in version 2.0 with one view, whatever its path and method.

    The view is given the request; its result and its errors become what those of a route's view do.

    Args:
        dispatcher: That of the application.
        view: The user's function.
        event: The event; what is no event in version 2.0 is answered with status 500.
        context: The context object that Lambda passes along.
    """
    try:
        method, path = event["requestContext"]["http"]["method"], event["rawPath"]
        request = Payload2Request(event, context, method, path, None)
    except (KeyError, TypeError, ValueError, AttributeError):
        return _unknown(dispatcher, context)
    dispatcher.remember(request, context)

    def asked() -> Any:
        # Middleware may have put another request in its place.
        return view(dispatcher.current()[0] or request)

    entry = RouteEntry(asked, view.__name__, "", method, [], None, None, None)
    return _in_version_2(dispatcher.answer(request, entry))


def _routed(dispatcher: Dispatcher, event: dict[str, Any], context: Any) -> tuple[Request, RouteEntry]:
    request_context = event["requestContext"]
    method = request_context["http"]["method"]
    asked = without_stage(event["rawPath"], request_context.get("stage"))
    # A HTTP API's own route may be one of the application's, word for word; $default and others are not.
    path = event.get("routeKey", "").partition(" ")[2]
    captured = event.get("pathParameters")
    entry = dispatcher.routes[path].get(method) if path in dispatcher.routes else None
    if entry is None:
        path, captured, entry = match(dispatcher.routes, asked, method)
    if entry is None:
        entry = unanswered(dispatcher.routes, path, method, event.get("headers"), http_api=True)
    else:
        entry = guarded(entry, request_context)
    return Payload2Request(event, context, method, path or asked, captured), entry


def _unknown(dispatcher: Dispatcher, context: Any) -> dict[str, Any]:
    """Answer what is no request; middleware sees None in place of one."""
    dispatcher.remember(None, context)

    def unknown(_: Request | None) -> Response:
        return Response({"Code": "InternalServerError", "Message": "Unknown request."}, status_code=500)

    if not dispatcher.middleware:
        return unknown(None).to_dict()
    from chalice.middleware import respond

    return respond(dispatcher, None, "unknown", None, unknown)


def _in_version_2(response: dict[str, Any]) -> dict[str, Any]:
    """Put a proxy response of version 1.0 into the form of version 2.0.

    A REST API gives an answer that names no content type ``application/json``; a HTTP API gives it
    ``text/plain``, so that here it has to be named.
    """
    headers: dict[str, str] = {}
    cookies: list[str] = []
    several = [(name, value) for name, values in response["multiValueHeaders"].items() for value in values]
    for name, value in [*response["headers"].items(), *several]:
        if name.lower() == "set-cookie":
            cookies.append(value)
        elif name in headers:
            headers[name] += ", " + value
        else:
            headers[name] = value
    if not any(name.lower() == "content-type" for name in headers):
        headers["Content-Type"] = "application/json"
    result = {
        "statusCode": response["statusCode"],
        "headers": headers,
        "body": response["body"],
        "isBase64Encoded": response.get("isBase64Encoded", False),
    }
    if cookies:
        result["cookies"] = cookies
    return result


def _query(event: dict[str, Any]) -> dict[str, list[str]] | None:
    """Decode the query string; None when there is none.

    The event's ``queryStringParameters`` has the values of one name joined by commas, which cannot be told
    from commas in them.
    """
    text = event.get("rawQueryString")
    if not text:
        return None
    values: dict[str, list[str]] = {}
    for pair in text.split("&"):
        name, _, value = pair.partition("=")
        if pair:
            values.setdefault(_decoded(name), []).append(_decoded(value))
    return values


def _decoded(text: str) -> str:
    """Decode a part of a query string, as `urllib.parse.unquote_plus`, whose import costs 12 M instructions.

    See https://url.spec.whatwg.org/#urlencoded-parsing
    """
    text = text.replace("+", " ")
    if "%" not in text:
        return text
    head, *parts = text.split("%")
    raw = bytearray(head.encode("utf-8", "replace"))
    for part in parts:
        code, rest = part[:2], part[2:]
        if len(code) == 2 and _HEXADECIMAL.issuperset(code):
            raw.append(int(code, 16))
            raw += rest.encode("utf-8", "replace")
        else:
            raw += b"%" + part.encode("utf-8", "replace")
    return raw.decode("utf-8", "replace")


_HEXADECIMAL = frozenset("0123456789abcdefABCDEF")
