"""How a request finds its view, and what becomes of what the view returns or raises.

This module runs in every cold start, so it imports nothing that Lambda's own runtime has not loaded already.
"""

from __future__ import annotations

# Lambda has not loaded this one: 0.3 M instructions, and 0.7 M by its public name, the module `contextvars`,
# which holds nothing else.
from _contextvars import ContextVar

from chalice._http import (
    ChaliceViewError,
    Request,
    Response,
    header,
    matches,
    media_types,
    proxy_response,
)
from chalice._routing import APIGateway

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from chalice._routing import RouteEntry
    from chalice.app import Chalice

_JSON = "application/json"


class Dispatcher:
    """Answers the requests of one application.

    An object of its own, for `Chalice` finds decorators with ``__getattr__``, and of a class that has one
    each attribute costs some 400 instructions more: a tenth of a request.

    Args:
        app: The application.

    Attributes:
        app: See above.
        api: Its settings for the whole REST API.
        middleware: What it registered: event type and function, in order.
        routes: Path, then method, to `RouteEntry`.
    """

    __slots__ = (
        "_binary",
        "_calls",
        "_json_is_text",
        "_latest",
        "_types",
        "api",
        "app",
        "middleware",
        "routes",
    )

    def __init__(self, app: Chalice) -> None:
        self.app = app
        self.api = APIGateway()
        self.middleware: list[tuple[str, Callable[..., Any]]] = []
        self.routes: dict[str, dict[str, RouteEntry]] = {}
        # The request and Lambda context of each thread and each asynchronous task, and the latest of all.
        self._calls: ContextVar[tuple[Request | None, Any]] = ContextVar("chalice call")
        self._latest: tuple[Request | None, Any] = (None, None)
        self._types: list[str] = []
        self._binary: frozenset[str] = frozenset()
        self._json_is_text = True

    def current(self) -> tuple[Request | None, Any]:
        """Return the request that this thread or task answers, and its Lambda context."""
        return self._calls.get(self._latest)

    def remember(self, request: Request | None, context: Any) -> None:
        """Make a request and its context the current ones."""
        self._latest = call = (request, context)
        self._calls.set(call)

    def dispatch(self, event: Any, context: Any) -> dict[str, Any]:
        """Answer an event; see `Chalice.__call__`."""
        try:
            request_context = event["requestContext"]
            path = request_context["resourcePath"]
            known = self.routes.get(path)
            method = request_context["httpMethod"]
            entry = None if known is None else known.get(method)
        except (KeyError, TypeError):
            entry = path = None
        if path is None:
            import chalice.payload2

            return chalice.payload2.answer(self, event, context)
        request = Request(event, context)
        self._latest = call = (request, context)
        self._calls.set(call)
        if entry is None:
            import chalice._matching

            entry = chalice._matching.entry_for(self.routes, request, path, method)
        return self.answer(request, entry)

    def answer(self, request: Request, entry: RouteEntry) -> dict[str, Any]:
        """Return the proxy response of a request, whatever its view does."""
        cors = entry.cors_headers
        try:
            headers = request._event.get("headers") or {}
            if entry.guarded and "version" in request._event:
                # From a HTTP API, which has asked nobody unless it was told to.
                import chalice._matching

                entry = chalice._matching.guarded(entry, request.context)
            if entry.several_origins:
                cors = entry.cors_for(header(headers, "origin", ""))
            if self.middleware:
                import chalice.middleware

                return chalice.middleware.answer(self, request, entry, cors)
            result = self.view(request, entry, headers)
            if self._types != self.api.binary_types:
                self._learn_binary_types()
            if not isinstance(result, (Response, bytes)) and self._json_is_text:
                # The common case: a value without headers, in a type that is not binary.
                return proxy_response(200, {} if cors is None else dict(cors), result)
            return self.prepared(result, cors, headers).to_dict(self.api.binary_types)
        except Exception as error:
            response = self.failure(error, entry.uri_pattern or request.path, cors)
            return proxy_response(response.status_code, response.headers, response.body)

    def view(self, request: Request, entry: RouteEntry, headers: dict[str, Any]) -> Any:
        """Call the view of a request; raises what it raises."""
        accepted = entry.media_types
        if accepted:
            content_type = request._content_type = header(headers, "content-type", None)
            if content_type is None:
                content_type = _JSON
            if not matches(accepted, content_type):
                import chalice._matching

                raise chalice._matching.UnsupportedMediaType(f"Unsupported media type: {content_type}")
        names = entry.view_args
        if names:
            values = request._event["pathParameters"]
            result = entry.view_function(**{name: values[name] for name in names})
        else:
            result = entry.view_function()
        if hasattr(result, "__await__"):
            import chalice._async

            return chalice._async.wait_for(result)
        return result

    def _learn_binary_types(self) -> None:
        """Prepare the binary types; the list is the application's, which may change it at any time."""
        self._types = list(self.api.binary_types)
        self._binary = binary = media_types(self._types)
        self._json_is_text = "*/*" not in binary and _JSON not in binary

    def prepared(self, result: Any, cors: dict[str, str] | None, request_headers: dict[str, Any]) -> Response:
        """Make a view's result a response that its caller can have; raises if nobody can."""
        import chalice._sending

        if self._types != self.api.binary_types:
            self._learn_binary_types()
        response = result if isinstance(result, Response) else Response(result)
        return chalice._sending.prepare(response, cors, request_headers, self._binary)

    def failure(self, error: Exception, path: str, cors: dict[str, str] | None) -> Response:
        """Return what an exception of a view becomes."""
        try:
            if isinstance(error, ChaliceViewError):
                headers = {} if cors is None else dict(cors)
                if error._response_headers:
                    headers.update(error._response_headers)
                body = {"Code": type(error).__name__, "Message": str(error)}
                status = int(error.STATUS_CODE)
                if 100 <= status <= 599:
                    return Response(body, headers, status)
                error = ValueError(f"{type(error).__name__}.STATUS_CODE = {status} is not an HTTP status.")
        except Exception as worse:
            # A class of the application whose status or text cannot be had.
            error = worse
        return self.unexpected(error, path, cors)

    def unexpected(self, error: Exception, path: str, cors: dict[str, str] | None) -> Response:
        """Log an exception that is no answer, and hide it from the caller unless in debug mode."""
        headers = {} if cors is None else dict(cors)
        if not (isinstance(path, str) and path.isprintable()):
            # What was asked for, of a path without a route: it is not to begin a line of its own in the log.
            path = repr(path)
        try:
            self.app.log.error("Caught exception for path %s", path, exc_info=error)
        except Exception as worse:
            # Lambda's own log handler lets out what Python's writing of a traceback raises: of a syntax error
            # that says something odd about its place, for one.
            said = "Caught exception for path %s, of %s, whose traceback cannot be written: %r"
            self.app.log.error(said, path, type(error), worse)
        if not self.app.debug:
            message = "An internal server error occurred."
            return Response({"Code": "InternalServerError", "Message": message}, headers, 500)
        from traceback import format_exception

        try:
            text = "".join(format_exception(type(error), error, error.__traceback__))
        except Exception as worse:
            text = f"An exception of {type(error)}, whose traceback cannot be written: {type(worse)}"
        # A message may hold what UTF-8 cannot, and then Lambda could not send any of it.
        text = text.encode("utf-8", "backslashreplace").decode("utf-8")
        return Response(text, {"Content-Type": "text/plain", **headers}, 500)
