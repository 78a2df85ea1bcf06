"""The application object, and what its decorators declare.

Everything that a request needs is prepared when a decorator runs: the table of routes, the names of path
parameters, the content types and the CORS headers.  A request only looks them up.

This module runs in every cold start, so it imports nothing that Lambda's own runtime has not loaded already.
"""

from __future__ import annotations

import logging
import os
import sys

from chalice._dispatch import Dispatcher
from chalice._http import (
    ALL_ERRORS,
    BadRequestError,
    ChaliceError,
    ChaliceUnhandledError,
    ChaliceViewError,
    ConflictError,
    ForbiddenError,
    MethodNotAllowedError,
    NotFoundError,
    Request,
    RequestTimeoutError,
    Response,
    TooManyRequestsError,
    UnauthorizedError,
    UnprocessableEntityError,
)
from chalice._routing import (
    APIGateway,
    CORSConfig,
    RouteEntry,
    checked_cors,
    checked_methods,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, MutableMapping
    from typing import Any, NoReturn, TypeVar

    from chalice._mappings import CaseInsensitiveMapping, MultiDict
    from chalice._names import *  # noqa: F403
    from chalice._signatures import FirstPartyDecorators, FunctionDecorator
    from chalice.authorization import AuthRequest
    from chalice.authorizers import Authorizer as Authorizer
    from chalice.authorizers import BuiltinAuthConfig as BuiltinAuthConfig
    from chalice.authorizers import ChaliceAuthorizer
    from chalice.extensions import EventDeclaration, EventHandler
    from chalice.functions import LambdaFunction

    View = TypeVar("View", bound=Callable[..., Any])
else:
    # What __getattr__ finds, with its signatures, for type checkers alone.
    FirstPartyDecorators = object

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


class Chalice(FirstPartyDecorators):
    """A serverless application.

    Args:
        app_name: Names the application, and its logger.
        debug: Answers an unexpected exception with its traceback, and logs at DEBUG.
        configure_logs: False leaves the logger as it is.
        env: Used in place of `os.environ`.

    Attributes:
        app_name: See above.
        configure_logs: See above.
        FORMAT_STRING: How log lines look; without a time, which Lambda writes in front of each.
        log: The logger ``app_name``.
        experimental_feature_flags: Names of the features in trial that the application opts in to; at present
            nothing needs one.
        event_sources: What the event decorators declared, in order.
        pure_lambda_functions: What `lambda_function` declared, in order.
        builtin_auth_handlers: What `authorizer` declared, in order.
        websocket_handlers: WebSocket route key to handler.
        functions: Logical name of a Lambda function to what Lambda calls; the REST API's is not among them.
        handler_map: The same, and the name of each view to the view.

    The object itself is the Lambda handler of all HTTP requests.
    """

    FORMAT_STRING = "%(name)s - %(levelname)s - %(message)s"

    def __init__(
        self,
        app_name: str,
        debug: bool = False,
        configure_logs: bool = True,
        env: MutableMapping[str, str] | None = None,
    ) -> None:
        self.app_name = app_name
        self.configure_logs = configure_logs
        self.log = logging.getLogger(app_name)
        self.experimental_feature_flags: set[str] = set()
        self.event_sources: list[EventDeclaration] = []
        self.pure_lambda_functions: list[LambdaFunction] = []
        self.builtin_auth_handlers: list[BuiltinAuthConfig] = []
        self.websocket_handlers: dict[str, Any] = {}
        self.functions: dict[str, Callable[..., Any]] = {}
        self.handler_map: dict[str, Callable[..., Any]] = {}
        self._debug = debug
        self._dispatcher = Dispatcher(self)
        self._middleware = self._dispatcher.middleware
        if env is None:
            env = os.environ
        self._env = env
        env["AWS_EXECUTION_ENV"] = f"{env.get('AWS_EXECUTION_ENV', 'AWS_Lambda')} aws-chalice/{__version__}"
        if configure_logs:
            self._configure_logging()

    def _configure_logging(self) -> None:
        """Log to standard output, once for each logger: applications of one name share it."""
        for handler in self.log.handlers:
            if isinstance(handler, logging.StreamHandler) and handler.stream is sys.stdout:
                return
        handler = logging.StreamHandler(sys.stdout)
        handler.setFormatter(logging.Formatter(self.FORMAT_STRING))
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

    def __dir__(self) -> list[str]:
        """List all attributes, with those that installed distributions offer."""
        from chalice.extensions import members

        return [*object.__dir__(self), *members()]

    @property
    def api(self) -> APIGateway:
        """What applies to the whole REST API."""
        return self._dispatcher.api

    @api.setter
    def api(self, api: APIGateway) -> None:
        self._dispatcher.api = api

    @property
    def routes(self) -> dict[str, dict[str, RouteEntry]]:
        """Path, then method, to `RouteEntry`."""
        return self._dispatcher.routes

    @routes.setter
    def routes(self, routes: dict[str, dict[str, RouteEntry]]) -> None:
        self._dispatcher.routes = routes

    @property
    def current_request(self) -> Request | None:
        """The request that is being answered, or was answered last; None before the first.

        Threads and asynchronous tasks that answer requests see their own.  A thread that a view starts has
        none of its own and sees the latest, which in Lambda is the view's: there is one request at a time.
        """
        return self._dispatcher.current()[0]

    @current_request.setter
    def current_request(self, request: Request | None) -> None:
        self._dispatcher.remember(request, self.lambda_context)

    @current_request.deleter
    def current_request(self) -> None:
        # `mock.patch.object` deletes what it has replaced.
        self._dispatcher.remember(None, self.lambda_context)

    @property
    def lambda_context(self) -> Any:
        """The context object that Lambda passed along with that request; None before the first."""
        return self._dispatcher.current()[1]

    @lambda_context.setter
    def lambda_context(self, context: Any) -> None:
        self._dispatcher.remember(self.current_request, context)

    @lambda_context.deleter
    def lambda_context(self) -> None:
        self._dispatcher.remember(self.current_request, None)

    @property
    def middleware_handlers(self) -> list[tuple[Callable[..., Any], str]]:
        """What `register_middleware` registered, in order: function and event type."""
        return [(function, event_type) for event_type, function in self._middleware]

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
                argument.  ``{proxy+}`` at the end stands for the rest, however long, and is passed to a view
                that has a parameter of this name.
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
        if not isinstance(path, str):
            raise TypeError(
                f"@….route(…) needs its parentheses and a path in them, which is text, not {path!r}."
            )
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
                    view, view_name, path, method, content_types, setting, authorizer, api_key_required
                )
                self.routes.setdefault(path, {})[method] = entry
            if view_name not in self.functions:
                self.handler_map[view_name] = view
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

    def lambda_function(self, name: str | None = None) -> FunctionDecorator:
        """Deploy the decorated function as a Lambda function of its own, with no event source.

        Args:
            name: Its logical name, by default the function's.

        Raises:
            TypeError: The decorator lacks its parentheses, or decorates no function.
            ValueError: Another function of the application has this name.
        """
        if callable(name):
            raise TypeError("Write the decorator @app.lambda_function() with its parentheses.")
        from chalice.functions import LambdaFunction

        def decorator(function: Callable[..., Any]) -> Any:
            if not callable(function) or not hasattr(function, "__name__"):
                raise TypeError(f"@app.lambda_function(…) must decorate a function, not {function!r}.")
            handler = LambdaFunction(function, name or function.__name__, f"app.{function.__name__}")
            self.register_handler(handler.name, handler)
            self.pure_lambda_functions.append(handler)
            handler.app = self
            return handler

        return decorator

    def register_handler(self, name: str, handler: Callable[..., Any]) -> None:
        """Give a Lambda function its logical name.

        Raises:
            ValueError: Another function of the application has this name.
        """
        if name in self.functions:
            raise ValueError(
                f"Duplicate function: two Lambda functions of {self.app_name!r} are named {name!r}."
            )
        self.functions[name] = self.handler_map[name] = handler

    def middleware(self, event_type: str = "all") -> Callable[[View], View]:
        """Let the decorated function see events on their way in, and results on their way out.

        Args:
            event_type: See `register_middleware`.

        Returns:
            A decorator that returns the function unchanged.
        """
        from chalice.middleware import checked_event_type

        event_type = checked_event_type(event_type, self)

        def decorator(function: View) -> View:
            self.register_middleware(function, event_type)
            return function

        return decorator

    def register_middleware(self, func: Callable[..., Any], event_type: str = "all") -> None:
        """Call a function around every view, handler or Lambda function that events of a type are for.

        Args:
            func: Called as ``func(event, get_response)``; it returns what ``get_response(event)`` returns, or
                something else.  The first one registered is the outermost.  It may be ``async def``, and
                then awaits ``get_response(event)``.
            event_type: ``http`` (the event is the `Request`, the result the `Response`), ``pure_lambda`` (the
                event is a `LambdaFunctionEvent`), the name of an event family such as ``sqs``, ``s3``,
                ``scheduled`` or ``websocket`` (the event is the object that handlers get), or ``all``.
                Authorizers have no middleware.

        Raises:
            TypeError: The function cannot be called.
            ValueError: Nothing has this event type.
        """
        from chalice.middleware import checked_event_type

        if not callable(func):
            raise TypeError(f"Middleware must be a function of an event and get_response, not {func!r}.")
        self._middleware.append((checked_event_type(event_type, self), func))

    def __call__(self, event: Any, context: Any) -> dict[str, Any]:
        """Answer an HTTP request: the Lambda handler ``app.app``.

        Events come from a REST API, from an HTTP API in either version of its payload, or from a function
        URL.  Whatever the event and whatever the view does, the result is a response in the form that the
        sender of the event expects.
        """
        return self._dispatcher.dispatch(event, context)


if not TYPE_CHECKING:

    def __getattr__(name):
        """Find a name of a module that few applications need, or of an installed distribution: `SQSEvent`."""
        if name[0] == "_":
            # Python asking for `__path__` at every import, not an application.
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        if name in ("CaseInsensitiveMapping", "MultiDict"):
            import chalice._mappings

            return getattr(chalice._mappings, name)
        if name == "LambdaFunction":
            import chalice.functions

            return chalice.functions.LambdaFunction
        from chalice.extensions import find_export

        return find_export(name, __name__)

else:
    # To Pyright a name is this module's own only when it is listed, or imported one by one.
    from chalice import _names

    __all__ += _names.__all__
