"""The application object: what decorators declare, and how a request finds its view.

Everything that a request needs is prepared when a decorator runs: the table of routes, the names of path
parameters, the content types and the CORS headers.  A request only looks them up.

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
from chalice._routing import (
    APIGateway,
    CORSConfig,
    RouteEntry,
    checked_cors,
    checked_methods,
    path_parameters,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, MutableMapping
    from typing import Any, NoReturn, TypeVar

    from chalice.authorizers import Authorizer as Authorizer
    from chalice.authorizers import AuthRequest as AuthRequest
    from chalice.authorizers import AuthResponse as AuthResponse
    from chalice.authorizers import AuthRoute as AuthRoute
    from chalice.authorizers import BuiltinAuthConfig as BuiltinAuthConfig
    from chalice.authorizers import ChaliceAuthorizer as ChaliceAuthorizer
    from chalice.authorizers import CognitoUserPoolAuthorizer as CognitoUserPoolAuthorizer
    from chalice.authorizers import CustomAuthorizer as CustomAuthorizer
    from chalice.authorizers import IAMAuthorizer as IAMAuthorizer
    from chalice.extensions import EventDeclaration, EventHandler
    from chalice.extensions import EventSource as EventSource
    from chalice_sqs.events import SQSEvent as SQSEvent
    from chalice_sqs.events import SQSRecord as SQSRecord

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

_JSON = "application/json"


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
        """Run the function."""
        result = self.func(event, context)
        if hasattr(result, "__await__"):
            from chalice._async import wait_for

            return wait_for(result)
        return result


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
        builtin_auth_handlers: What `authorizer` declared, in order.
        websocket_handlers: WebSocket route key to handler.
        handler_map: Logical name of a function to what Lambda calls.

    The object itself is the Lambda handler of the REST API.
    """

    if TYPE_CHECKING:
        # Decorators of first-party distributions, which arrive through __getattr__, with their real
        # signatures.

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
        self.builtin_auth_handlers: list[BuiltinAuthConfig] = []
        self.websocket_handlers: dict[str, Any] = {}
        self.handler_map: dict[str, Callable[..., Any]] = {}
        self._middleware: list[tuple[str, Callable[..., Any]]] = []
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

    def __getattr__(self, name: str) -> Callable[..., Callable[[Callable[..., Any]], EventHandler]]:
        """Find a decorator or another attribute that an installed distribution offers.

        Raises:
            AttributeError: Nobody offers it; says what to install when a first-party distribution would.
        """
        if name.startswith("_"):
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        from chalice.extensions import member

        # Nearly all of them are decorators, and what these decorate keeps a type.
        found: Callable[..., Callable[[Callable[..., Any]], EventHandler]] = member(self, name)
        return found

    @property
    def debug(self) -> bool:
        """Whether callers see tracebacks; assigning sets the logger's level as well, DEBUG or ERROR."""
        return self._debug

    @debug.setter
    def debug(self, value: bool) -> None:
        self._debug = value
        self.log.setLevel(logging.DEBUG if value else logging.ERROR)

    def route(
        self,
        path: str,
        *,
        methods: Iterable[str] = ("GET",),
        name: str | None = None,
        authorizer: Authorizer | ChaliceAuthorizer | None = None,
        content_types: list[str] | None = None,
        api_key_required: bool | None = None,
        cors: bool | CORSConfig | None = None,
        **unknown: NoReturn,
    ) -> Callable[[View], View]:
        """Let the decorated function answer requests to ``path``.

        Args:
            path: ``/`` and parts between slashes; ``{name}`` captures a part and passes it as a keyword
                argument, and ``{proxy+}`` at the end stands for the rest, however long, and is not passed.
            methods: The HTTP methods that the function answers, in capitals.
            name: The view's name, by default the function's.
            authorizer: Who admits callers: a function under `authorizer`, or an object such as
                `IAMAuthorizer`; None admits everybody.
            content_types: What requests may send, by default JSON; an empty list admits everything.
            api_key_required: Whether API Gateway asks for an API key.
            cors: What other sites' scripts may do; None takes ``app.api.cors`` as it is now.
            **unknown: Refused, naming the options that there are.

        Returns:
            A decorator that returns the function unchanged.

        Raises:
            TypeError: An option is unknown, or not of its type.
            ValueError: A method or the content types cannot be, or the path has a view for the method
                already.  What is wrong with a path the tools say, all of it at once.
        """
        where = f"route({path!r})"
        if unknown:
            options = "methods, name, authorizer, content_types, api_key_required, cors"
            raise TypeError(f"{where} does not know {', '.join(map(repr, unknown))}; it knows {options}.")
        if authorizer is not None:
            from chalice.authorizers import checked_authorizer

            authorizer = checked_authorizer(authorizer, where)
        if content_types is None:
            content_types = [_JSON]
        elif not isinstance(content_types, list):
            raise ValueError(f"{where}: content_types must be a list, not {content_types!r}.")
        setting = checked_cors(self.api.cors if cors is None else cors, where)
        chosen = checked_methods(methods, where)
        view_args = path_parameters(path)

        def decorator(view: View) -> View:
            view_name = name or view.__name__
            known = self.routes.get(path, {})
            for method in chosen:
                if method in known:
                    raise ValueError(
                        f"Duplicate method: {method!r} of the path {path!r} is answered by the view "
                        f"{known[method].view_name!r} already, so {view_name!r} cannot answer it too."
                    )
            for method in chosen:
                entry = RouteEntry(
                    view,
                    view_name,
                    path,
                    method,
                    view_args,
                    content_types,
                    setting,
                    authorizer,
                    api_key_required,
                )
                self.routes.setdefault(path, {})[method] = entry
            return view

        return decorator

    def authorizer(
        self,
        ttl_seconds: int | None = None,
        execution_role: str | None = None,
        name: str | None = None,
        header: str | None = "Authorization",
    ) -> Callable[[Callable[[AuthRequest], Any]], ChaliceAuthorizer]:
        """Let the decorated function say what a caller may do; for ``route(authorizer=…)``.

        The function gets an `AuthRequest` and returns an `AuthResponse`, or a policy as a dict.

        Args:
            ttl_seconds: How long API Gateway remembers an answer for a token, 0 to 3600; None is its own
                default, 300.
            execution_role: ARN of a role with which API Gateway calls the function; None lets API Gateway
                call it without one.
            name: The authorizer's name, by default the function's.
            header: The request header with the token.

        Raises:
            TypeError: The decorator lacks its parentheses, or decorates no function.
            ValueError: Another function of the application has this name.
        """
        from chalice.authorizers import declaring

        return declaring(lambda made: made.attach(self), "app", ttl_seconds, execution_role, name, header)

    def lambda_function(self, name: str | None = None) -> Callable[[Callable[..., Any]], LambdaFunction]:
        """Deploy the decorated function as a Lambda function of its own, with no event source.

        Args:
            name: Its logical name, by default the function's.

        Raises:
            ValueError: Another function of the application has this name.
        """

        def decorator(function: Callable[..., Any]) -> LambdaFunction:
            if not callable(function) or not hasattr(function, "__name__"):
                raise TypeError(f"@app.lambda_function(…) must decorate a function, not {function!r}.")
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
            raise ValueError(
                f"Duplicate function: two Lambda functions of {self.app_name!r} are named {name!r}."
            )
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
            entry = known.get(method) if known is not None else None
        except (KeyError, TypeError):
            self.current_request = None
            return _error(500, "InternalServerError", "Unknown request.", None)
        if entry is None:
            self.current_request = None
            allow = {"Allow": ", ".join(known or ())}
            return _error(405, "MethodNotAllowedError", f"Unsupported method: {method}", allow)
        self.current_request = Request(event, context)
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
            if hasattr(result, "__await__"):
                from chalice._async import wait_for

                result = wait_for(result)
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
                    f"Request did not specify an Accept header with {response_type}, "
                    f"The response has a Content-Type of {response_type}. If a response has a binary "
                    "Content-Type then the request must specify an Accept header that matches."
                )
                result = Response({"Code": "BadRequest", "Message": message}, status_code=400)
        if entry.cors_headers is not None:
            # Not into the view's own object: other views, without CORS, may return it as well.
            result = Response(result.body, {**entry.cors_headers, **result.headers}, result.status_code)
        proxy_response: dict[str, Any] = result.to_dict(api_types)
        return proxy_response

    def _unexpected(self, path: str, entry: RouteEntry) -> dict[str, Any]:
        """Answer for a view that raised, or whose result cannot be sent; called in an except clause."""
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


if not TYPE_CHECKING:

    def __getattr__(name):
        """Find a name that an installed distribution offers, such as `SQSEvent`."""
        if name[0] == "_":
            # Python asking for `__path__` at every import, not an application.
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from chalice.extensions import find_export

        return find_export(name, __name__)
