"""The application object: what decorators declare, and how a request finds its view.

Everything that a request needs is prepared when a decorator runs: the table of routes, the names of path parameters,
the content types and the CORS headers.  A request only looks them up.

This module runs in every cold start, so it imports nothing that Lambda's own runtime has not loaded already.
"""

from __future__ import annotations

import logging
import os
import sys

from chalice._http import (
    ALL_ERRORS,
    BadRequestError,
    CaseInsensitiveMapping,
    ChaliceError,
    ChaliceUnhandledError,
    ChaliceViewError,
    ConflictError,
    ForbiddenError,
    MethodNotAllowedError,
    MultiDict,
    NotFoundError,
    Request,
    RequestTimeoutError,
    Response,
    TooManyRequestsError,
    UnauthorizedError,
    UnprocessableEntityError,
    header,
    matches,
    media_types,
    to_json,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, MutableMapping
    from typing import Any, TypeVar

    from chalice_sqs.events import SQSEvent as SQSEvent
    from chalice_sqs.events import SQSRecord as SQSRecord

    from chalice.extensions import EventDeclaration, EventHandler
    from chalice.extensions import EventSource as EventSource

    View = TypeVar("View", bound=Callable[..., Any])

__version__ = "0.1.0"

__all__ = [
    "ALL_ERRORS",
    "APIGateway",
    "BadRequestError",
    "CORSConfig",
    "CaseInsensitiveMapping",
    "Chalice",
    "ChaliceError",
    "ChaliceUnhandledError",
    "ChaliceViewError",
    "ConflictError",
    "ForbiddenError",
    "LambdaFunction",
    "MethodNotAllowedError",
    "MultiDict",
    "NotFoundError",
    "Request",
    "RequestTimeoutError",
    "Response",
    "RouteEntry",
    "TooManyRequestsError",
    "UnauthorizedError",
    "UnprocessableEntityError",
]

_METHODS = ("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT")
_ROUTE_OPTIONS = ("methods", "name", "authorizer", "content_types", "api_key_required", "cors")
# What API Gateway accepts in a part of a resource path, besides letters, digits and braces.
_PATH_MARKS = "._-:"
_JSON = "application/json"


class CORSConfig:
    """What other sites' scripts may do with a view.

    Args:
        allow_origin: The site that may call, or ``*``.
        allow_headers: Request headers that a script may set, besides the five that API Gateway itself needs.
        expose_headers: Response headers that a script may read.
        max_age: Seconds that a browser may remember the answer.
        allow_credentials: True lets the browser send cookies; anything else sends nothing.

    See https://fetch.spec.whatwg.org/#http-cors-protocol
    """

    _REQUIRED_HEADERS = ("Authorization", "Content-Type", "X-Amz-Date", "X-Amz-Security-Token", "X-Api-Key")

    def __init__(
        self,
        allow_origin: str = "*",
        allow_headers: Iterable[str] | None = None,
        expose_headers: Iterable[str] | None = None,
        max_age: int | None = None,
        allow_credentials: bool | None = None,
    ) -> None:
        self.allow_origin = allow_origin
        self._allow_headers = {*self._REQUIRED_HEADERS, *(allow_headers or ())}
        self._expose_headers = list(expose_headers or ())
        self._max_age = max_age
        self._allow_credentials = allow_credentials

    @property
    def allow_headers(self) -> str:
        """The value of ``Access-Control-Allow-Headers``."""
        return ",".join(sorted(self._allow_headers))

    def get_access_control_headers(self) -> dict[str, str]:
        """Return the response headers that say all this."""
        headers = {
            "Access-Control-Allow-Origin": self.allow_origin,
            "Access-Control-Allow-Headers": self.allow_headers,
        }
        if self._expose_headers:
            headers["Access-Control-Expose-Headers"] = ",".join(self._expose_headers)
        if self._max_age is not None:
            headers["Access-Control-Max-Age"] = str(self._max_age)
        if self._allow_credentials is True:
            headers["Access-Control-Allow-Credentials"] = "true"
        return headers

    def __eq__(self, other: object) -> bool:
        if isinstance(other, CORSConfig):
            return self.get_access_control_headers() == other.get_access_control_headers()
        return NotImplemented

    __hash__ = None  # type: ignore[assignment]


class APIGateway:
    """What applies to the whole REST API of an application.

    Attributes:
        cors: The CORS setting of routes that say nothing themselves: True, False or a `CORSConfig`.  It is looked at when
            a route is declared.
        binary_types: Media types whose bodies are bytes.
    """

    def __init__(self) -> None:
        self.cors: bool | CORSConfig = False
        self.binary_types = self.default_binary_types

    @property
    def default_binary_types(self) -> list[str]:
        """The media types that are binary unless ``binary_types`` is changed; a new list each time."""
        return [
            "application/octet-stream",
            "application/x-tar",
            "application/zip",
            "audio/basic",
            "audio/ogg",
            "audio/mp4",
            "audio/mpeg",
            "audio/wav",
            "audio/webm",
            "image/png",
            "image/jpg",
            "image/jpeg",
            "image/gif",
            "video/ogg",
            "video/mpeg",
            "video/webm",
        ]


class RouteEntry:
    """One view under one method of one path.

    Attributes:
        view_function: Called with the captured parts of the path, as keywords.
        view_name: The function's name, or what ``name=`` says.
        uri_pattern: The path as declared, ``/users/{name}``.
        method: The HTTP method.
        view_args: The names in the path, in order.
        content_types: What requests may send; empty admits everything.
        cors: A `CORSConfig`, or None.
        authorizer: Who admits callers, or None.
        api_key_required: Whether API Gateway asks for an API key; None when the route does not say.
    """

    __slots__ = (
        "api_key_required",
        "authorizer",
        "content_types",
        "cors",
        "cors_headers",
        "media_types",
        "method",
        "uri_pattern",
        "view_args",
        "view_function",
        "view_name",
    )

    def __init__(
        self,
        view_function: Callable[..., Any],
        view_name: str,
        path: str,
        method: str,
        view_args: list[str],
        content_types: list[str],
        cors: CORSConfig | None,
        authorizer: Any,
        api_key_required: bool | None,
    ) -> None:
        self.view_function = view_function
        self.view_name = view_name
        self.uri_pattern = path
        self.method = method
        self.view_args = view_args
        self.content_types = content_types
        self.cors = cors
        self.authorizer = authorizer
        self.api_key_required = api_key_required
        self.cors_headers = None if cors is None else cors.get_access_control_headers()
        self.media_types = media_types(content_types)


class LambdaFunction:
    """A Lambda function without an event source: what `Chalice.lambda_function` returns.

    Calling it calls the function that it wraps, with Lambda's ``(event, context)``.
    """

    def __init__(self, function: Callable[..., Any], name: str, handler_string: str) -> None:
        self.func = function
        self.name = name
        self.handler_string = handler_string
        self.__wrapped__ = function
        self.__name__ = getattr(function, "__name__", name)
        self.__doc__ = function.__doc__

    def __call__(self, event: Any, context: Any) -> Any:
        return self.func(event, context)


class Chalice:
    """A serverless application.

    Args:
        app_name: Names the application, and its logger.
        debug: Answers an unexpected exception with its traceback, and logs at DEBUG.
        configure_logs: False leaves the logger as it is.
        env: Used in place of `os.environ`.

    Attributes:
        app_name: See above.
        api: What applies to the whole REST API.
        log: The logger ``app_name``.
        current_request: The request that is being answered, or the last one; None before the first.
        lambda_context: The Lambda context of that request; None before the first.
        experimental_feature_flags: Names of the features in trial that the application opts in to.
        routes: Path, then method, to `RouteEntry`.
        event_sources: What the event decorators declared, in order.
        pure_lambda_functions: What `lambda_function` declared, in order.
        builtin_auth_handlers: Authorizers that the application defines.
        websocket_handlers: WebSocket route key to handler.
        handler_map: Logical name of a function to what Lambda calls.

    The object itself is the Lambda handler of the REST API.
    """

    if TYPE_CHECKING:
        # Decorators of first-party distributions, which arrive through __getattr__, with their real signatures.

        def on_sqs_message(
            self,
            queue: str | None = None,
            batch_size: int = 1,
            name: str | None = None,
            queue_arn: str | None = None,
            maximum_batching_window_in_seconds: int = 0,
            maximum_concurrency: int | None = None,
            report_batch_item_failures: bool = False,
        ) -> Callable[[Callable[[SQSEvent], Any]], EventHandler]:
            """Call a function with messages of an SQS queue; install chalice-sqs."""

    def __init__(
        self,
        app_name: str,
        debug: bool = False,
        configure_logs: bool = True,
        env: MutableMapping[str, str] | None = None,
    ) -> None:
        self.app_name = app_name
        self.api = APIGateway()
        self.log = logging.getLogger(app_name)
        self.current_request: Request | None = None
        self.lambda_context: Any = None
        self.experimental_feature_flags: set[str] = set()
        self.routes: dict[str, dict[str, RouteEntry]] = {}
        self.event_sources: list[EventDeclaration] = []
        self.pure_lambda_functions: list[LambdaFunction] = []
        self.builtin_auth_handlers: list[Any] = []
        self.websocket_handlers: dict[str, Any] = {}
        self.handler_map: dict[str, Callable[..., Any]] = {}
        self._debug = debug
        self._binary_types: list[str] = []
        self._binary_matcher: frozenset[str] = frozenset()
        if env is None:
            env = os.environ
        env["AWS_EXECUTION_ENV"] = f"{env.get('AWS_EXECUTION_ENV', 'AWS_Lambda')} aws-chalice/{__version__}"
        if configure_logs:
            self._configure_logging()

    def _configure_logging(self) -> None:
        """Log to standard output, once for each logger: applications of one name share it."""
        for handler in self.log.handlers:
            if isinstance(handler, logging.StreamHandler) and handler.stream is sys.stdout:
                return
        handler = logging.StreamHandler(sys.stdout)
        # No time: Lambda writes one in front of each line.
        handler.setFormatter(logging.Formatter("%(name)s - %(levelname)s - %(message)s"))
        self.log.propagate = False
        self.log.setLevel(logging.DEBUG if self._debug else logging.ERROR)
        self.log.addHandler(handler)

    def __getattr__(self, name: str) -> Any:
        """Find a decorator that an installed distribution offers.

        Raises:
            AttributeError: Nobody offers it; says what to install when a first-party distribution would.
        """
        if name.startswith("_"):
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        from chalice.extensions import find_decorator

        source = find_decorator(name)

        def decorator(*args: Any, **options: Any) -> Callable[[Callable[..., Any]], Any]:
            return source.declare_on(self, *args, **options)

        decorator.__name__ = decorator.__qualname__ = name
        decorator.__doc__ = source.__doc__
        return decorator

    @property
    def debug(self) -> bool:
        """Whether tracebacks are shown to callers.  Assigning sets the logger's level as well: DEBUG or ERROR."""
        return self._debug

    @debug.setter
    def debug(self, value: bool) -> None:
        self._debug = value
        self.log.setLevel(logging.DEBUG if value else logging.ERROR)

    def route(self, path: str, **options: Any) -> Callable[[View], View]:
        """Let the decorated function answer requests to ``path``.

        Args:
            path: ``/`` and parts between slashes; ``{name}`` captures a part and passes it as a keyword argument, and
                ``{proxy+}`` at the end stands for the rest, however long, and is not passed.
            **options: ``methods=["GET"]``; ``name``, by default the function's; ``content_types=["application/json"]``,
                with an empty list admitting everything; ``cors``, by default ``app.api.cors``; ``authorizer``;
                ``api_key_required``.

        Returns:
            A decorator that returns the function unchanged.

        Raises:
            TypeError: An option is unknown, or not of its type.
            ValueError: The path or a method cannot be, or the path has a view for the method already.
        """
        # Named options would have to be kept apart from those that blueprints replay; a mapping is passed on as it is.
        unknown = [name for name in options if name not in _ROUTE_OPTIONS]
        if unknown:
            raise TypeError(
                f"route() does not know the option{'s' * (len(unknown) > 1)} {', '.join(map(repr, unknown))}; "
                f"it knows {', '.join(_ROUTE_OPTIONS)}."
            )

        def decorator(view: View) -> View:
            self._add_route(path, view, **options)
            return view

        return decorator

    def _add_route(
        self,
        path: str,
        view: Callable[..., Any],
        methods: Iterable[str] = ("GET",),
        name: str | None = None,
        authorizer: Any = None,
        content_types: list[str] | None = None,
        api_key_required: bool | None = None,
        cors: bool | CORSConfig | None = None,
    ) -> None:
        view_name = name or view.__name__
        if content_types is None:
            content_types = [_JSON]
        elif not isinstance(content_types, list):
            raise ValueError(f"In view function {view_name!r}, content_types must be a list, not {content_types!r}.")
        if authorizer is not None:
            # Ignoring it would leave the view open to everybody.
            raise TypeError(
                f"In view function {view_name!r}, authorizer={authorizer!r} is not supported by "
                f"chalice-runtime {__version__}; a later version will."
            )
        if cors is None:
            cors = self.api.cors
        if cors is True:
            cors = CORSConfig()
        elif cors is False:
            cors = None
        elif not isinstance(cors, CORSConfig):
            raise TypeError(f"In view function {view_name!r}, cors must be True, False or a CORSConfig, not {cors!r}.")
        view_args = _path_parameters(path)
        known = self.routes.get(path, {})
        added: dict[str, RouteEntry] = {}
        for method in _checked_methods(methods, view_name):
            taken = known.get(method) or added.get(method)
            if taken is not None:
                raise ValueError(
                    f"Duplicate method: {method!r} of the path {path!r} is answered by the view {taken.view_name!r} "
                    f"already, so {view_name!r} cannot answer it too."
                )
            added[method] = RouteEntry(
                view, view_name, path, method, view_args, content_types, cors, authorizer, api_key_required
            )
        self.routes.setdefault(path, {}).update(added)

    def lambda_function(self, name: str | None = None) -> Callable[[Callable[..., Any]], LambdaFunction]:
        """Deploy the decorated function as a Lambda function of its own, with no event source.

        Args:
            name: Its logical name, by default the function's.

        Raises:
            ValueError: Another function of the application has this name.
        """

        def decorator(function: Callable[..., Any]) -> LambdaFunction:
            handler = LambdaFunction(function, name or function.__name__, f"app.{function.__name__}")
            self.register_handler(handler.name, handler)
            self.pure_lambda_functions.append(handler)
            return handler

        return decorator

    def register_handler(self, name: str, handler: Callable[..., Any]) -> None:
        """Give a Lambda function its logical name.

        Raises:
            ValueError: Another function of the application has this name.
        """
        if name in self.handler_map:
            raise ValueError(f"Duplicate function: two Lambda functions of {self.app_name!r} are named {name!r}.")
        self.handler_map[name] = handler

    def __call__(self, event: Any, context: Any) -> dict[str, Any]:
        """Answer a REST request: the Lambda handler ``app.app``.

        Whatever the event and whatever the view does, the result is a response of a Lambda proxy integration.
        """
        self.lambda_context = context
        try:
            request_context = event["requestContext"]
            path = request_context["resourcePath"]
            method = request_context["httpMethod"]
            known = self.routes.get(path)
        except (KeyError, TypeError):
            self.current_request = None
            return _error(500, "InternalServerError", "Unknown request.", None)
        entry = known.get(method) if known is not None else None
        if entry is None:
            self.current_request = None
            allow = {"Allow": ", ".join(known or ())}
            return _error(405, "MethodNotAllowedError", f"Unsupported method: {method}", allow)
        self.current_request = request = Request(event, context)
        try:
            headers = event.get("headers") or {}
            accepted = entry.media_types
            if accepted:
                content_type = header(headers, "content-type", _JSON)
                if not matches(accepted, content_type):
                    message = f"Unsupported media type: {content_type}"
                    return _error(415, "UnsupportedMediaType", message, entry.cors_headers)
            names = entry.view_args
            if names:
                values = event["pathParameters"]
                result = entry.view_function(**{name: values[name] for name in names})
            else:
                result = entry.view_function()
            return self._respond(result, entry, headers)
        except ChaliceViewError as error:
            return _error(error.STATUS_CODE, type(error).__name__, str(error), entry.cors_headers)
        except Exception:
            return self._unexpected(path, entry)

    def _respond(self, result: Any, entry: RouteEntry, request_headers: dict[str, Any]) -> dict[str, Any]:
        """Turn what a view returned into a proxy response; raises what serialization raises."""
        api_types = self.api.binary_types
        if self._binary_types != api_types:
            # The list belongs to the application, which may change it in place at any time.
            self._binary_types, self._binary_matcher = list(api_types), media_types(api_types)
        binary = self._binary_matcher
        if isinstance(result, Response):
            response_type = header(result.headers, "content-type", "")
        elif "*/*" in binary or _JSON in binary or isinstance(result, bytes):
            result = Response(result)
            response_type = ""
        else:
            # The common case: a value without headers, in a type that is not binary.
            body = result if isinstance(result, str) else to_json(result)
            headers = {} if entry.cors_headers is None else dict(entry.cors_headers)
            return {"headers": headers, "multiValueHeaders": {}, "statusCode": 200, "body": body}
        if matches(binary, response_type or _JSON):
            accept = header(request_headers, "accept", "")
            if not accept or not matches(binary, accept):
                message = (
                    f"Request did not specify an Accept header with {response_type}, The response has a Content-Type of "
                    f"{response_type}. If a response has a binary Content-Type then the request must specify an Accept "
                    "header that matches."
                )
                result = Response({"Code": "BadRequest", "Message": message}, status_code=400)
        if entry.cors_headers is not None:
            # Not into the view's own object: other views, without CORS, may return it as well.
            result = Response(result.body, {**entry.cors_headers, **result.headers}, result.status_code)
        return result.to_dict(api_types)

    def _unexpected(self, path: str, entry: RouteEntry) -> dict[str, Any]:
        """Answer for a view that raised, or whose result cannot be sent; called while the exception is handled."""
        self.log.error("Caught exception for path %s", path, exc_info=True)
        if not self._debug:
            message = "An internal server error occurred."
            return _error(500, "InternalServerError", message, entry.cors_headers)
        from traceback import format_exc

        headers = {"Content-Type": "text/plain", **(entry.cors_headers or {})}
        return {"headers": headers, "multiValueHeaders": {}, "statusCode": 500, "body": format_exc()}


def _error(status: int, code: str, message: str, headers: dict[str, str] | None) -> dict[str, Any]:
    return {
        "headers": {} if headers is None else dict(headers),
        "multiValueHeaders": {},
        "statusCode": status,
        "body": to_json({"Code": code, "Message": message}),
    }


def _checked_methods(methods: Iterable[str], view_name: str) -> list[str]:
    """Return the methods of a route as a list.

    Raises:
        TypeError: It is a string, or not all of it are strings.
        ValueError: There are none, or one that API Gateway does not know; lower case never matches a request.
    """
    if isinstance(methods, str):
        raise TypeError(f"In view function {view_name!r}, methods must be a list such as [{methods!r}].")
    checked = list(methods)
    if not checked:
        raise ValueError(f"In view function {view_name!r}, methods is empty.")
    for method in checked:
        if method not in _METHODS:
            upper = method.upper() if isinstance(method, str) else None
            hint = f"write {upper!r}" if upper in _METHODS else f"known are {', '.join(_METHODS)}"
            raise ValueError(f"In view function {view_name!r}, {method!r} is not an HTTP method: {hint}.")
    return checked


def _path_parameters(path: str) -> list[str]:
    """Return the names that a path captures.

    Raises:
        TypeError: It is not a string.
        ValueError: API Gateway could not have a resource of this path.
    """
    if not isinstance(path, str):
        raise TypeError(f"A path must be a string, not {path!r}.")
    if not path.startswith("/"):
        raise ValueError(f"The path {path!r} must begin with '/'.")
    if path == "/":
        return []
    if path.endswith("/"):
        raise ValueError(f"The path {path!r} must not end with '/'.")
    names: list[str] = []
    parts = path[1:].split("/")
    for position, part in enumerate(parts):
        if part.startswith("{") and part.endswith("}"):
            name = part[1:-1]
            greedy = name.endswith("+")
            if greedy:
                if position != len(parts) - 1:
                    raise ValueError(f"In the path {path!r}, {part} must be the last part.")
                name = name[:-1]
            if not name.isidentifier() and not (name and name.replace("_", "a").isalnum()):
                raise ValueError(f"In the path {path!r}, {part} must hold a name of letters, digits and underscores.")
            if name in names:
                raise ValueError(f"In the path {path!r}, the name {name!r} is there twice.")
            if not greedy:
                names.append(name)
        elif not part or not all(mark in _PATH_MARKS or (mark.isascii() and mark.isalnum()) for mark in part):
            raise ValueError(
                f"In the path {path!r}, the part {part!r} must be letters, digits and '{_PATH_MARKS}', or one "
                "name in braces."
            )
    return names


if not TYPE_CHECKING:

    def __getattr__(name):
        """Find a name that an installed distribution offers, such as `SQSEvent`."""
        from chalice.extensions import find_export

        return find_export(name, __name__)
