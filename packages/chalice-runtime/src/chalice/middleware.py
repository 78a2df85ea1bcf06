"""Middleware: functions that see events on their way to a view or handler, and results on their way back.

Loaded by the first application that registers one; without any, an event pays for a single check.

A chain may mix functions and ``async def`` functions.  Within one that is ``async def``, ``get_response``
returns something to await, and what follows runs in a thread of its own, so that functions which know nothing
of event loops can wait for their result there.
"""

from __future__ import annotations

import sys

from chalice._http import ChaliceUnhandledError, Request, Response

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from chalice._dispatch import Dispatcher
    from chalice._routing import RouteEntry
    from chalice.app import Chalice

__all__ = ["ConvertToMiddleware", "LambdaFunctionEvent"]

_TYPES = (
    "all",
    "cloudwatch",
    "dynamodb",
    "http",
    "kinesis",
    "pure_lambda",
    "s3",
    "scheduled",
    "sns",
    "sqs",
    "websocket",
)


class LambdaFunctionEvent:
    """What middleware of the type ``pure_lambda`` gets; the function itself gets both apart.

    Args:
        event: What Lambda was invoked with.
        context: Lambda's context object.
    """

    def __init__(self, event: Any, context: Any) -> None:
        self.event = event
        self.context = context

    def to_dict(self) -> Any:
        """Return the event; every event of other types has this method, which ``all`` counts on."""
        return self.event


class ConvertToMiddleware:
    """Makes middleware of a decorator for Lambda handlers, functions of ``(event, context)``.

    The decorated function gets the event as Lambda sent it.  What it passes on is not looked at: the event
    goes on as it came, and only changes within it are seen further in.  What it gets back, and may replace,
    is what middleware gets: a `Response` for HTTP requests.

    Args:
        lambda_wrapper: The decorator.

    Example::

        app.register_middleware(ConvertToMiddleware(logger.inject_lambda_context))
    """

    def __init__(
        self, lambda_wrapper: Callable[[Callable[[Any, Any], Any]], Callable[[Any, Any], Any]]
    ) -> None:
        self._wrapper = lambda_wrapper

    def __call__(self, event: Any, get_response: Callable[[Any], Any]) -> Any:
        """Call the decorator's function around the rest of the chain."""

        def handler(event_: Any, context_: Any) -> Any:  # noqa: ARG001
            return get_response(event)

        if isinstance(event, Request):
            return self._wrapper(handler)(event.to_original_event(), event.lambda_context)
        if isinstance(event, LambdaFunctionEvent):
            return self._wrapper(handler)(event.event, event.context)
        if event is None:
            # No request at all, which the rest of the chain will say.
            return get_response(event)
        return self._wrapper(handler)(event.to_dict(), event.context)


def checked_event_type(event_type: str, app: Chalice) -> str:
    """Return an event type of middleware.

    Families of installed distributions are types as well.  A deployment package knows only those that the
    application uses, and was checked when it was made.

    Raises:
        TypeError: It is no text, as when a decorator lacks its parentheses.
        ValueError: Nothing has this type.
    """
    if not isinstance(event_type, str):
        raise TypeError(
            f"@….middleware(…) needs its parentheses; the event type in them is text, not {event_type!r}."
        )
    if event_type in _TYPES or any(event_type == one.source for one in app.event_sources):
        return event_type
    from chalice import extensions

    if extensions.frozen_answers(extensions.DECORATORS) is not None:
        return event_type
    known = {*_TYPES}
    for name, offers in extensions.catalog.offered(extensions.DECORATORS).items():
        # Not looked up by name, which would make the family part of the deployment package.
        known.add(extensions._load(name, offers[0][0]).source)
    if event_type in known:
        return event_type
    raise ValueError(
        f"{event_type!r} is not an event type of middleware; known are {', '.join(sorted(known))}."
    )


def apply(
    middleware: Sequence[tuple[str, Callable[..., Any]]],
    event_type: str,
    event: Any,
    function: Callable[[Any], Any],
) -> Any:
    """Pass an event through the middleware of its type to a function, and the result back.

    Args:
        middleware: What an application registered: event type and function.
        event_type: That of the event.
        event: The event object.
        function: A handler of the user's; it may be ``async def``.
    """
    return _run(_chosen(middleware, event_type), 0, event, function, None)


def apply_to_function(
    middleware: Sequence[tuple[str, Callable[..., Any]]],
    event: Any,
    context: Any,
    function: Callable[[Any, Any], Any],
) -> Any:
    """The same for a Lambda function without an event source."""
    wrapped = LambdaFunctionEvent(event, context)
    return apply(middleware, "pure_lambda", wrapped, lambda one: function(one.event, one.context))


def answer(
    dispatcher: Dispatcher, request: Request, entry: RouteEntry, cors: dict[str, str] | None
) -> dict[str, Any]:
    """Return the proxy response of a request that passes through middleware to its view.

    Args:
        dispatcher: That of the application.
        request: The request.
        entry: Its route.
        cors: The route's CORS headers for the caller, or None.
    """
    path = entry.uri_pattern or request.path

    def view(given: Any) -> Response:
        """Run the view; its errors are responses already."""
        if not isinstance(given, Request):
            given = request
        elif given is not request:
            dispatcher.remember(given, dispatcher.current()[1])
        try:
            headers = given._event.get("headers") or {}
            result = dispatcher.view(given, entry, headers)
            response = dispatcher.prepared(result, cors, headers)
            return _own(response) if response is result else response
        except ChaliceUnhandledError:
            raise
        except Exception as error:
            return dispatcher.failure(error, path, cors)

    return respond(dispatcher, request, path, cors, view)


def _own(response: Response) -> Response:
    """Return a response that middleware may change: a view may return the same object to the next caller."""
    import chalice._sending

    lists = {name: [*value] for name, value in response.headers.items() if isinstance(value, list)}
    return chalice._sending.with_headers(response, {**response.headers, **lists})


def respond(
    dispatcher: Dispatcher,
    request: Request | None,
    path: str,
    cors: dict[str, str] | None,
    view: Callable[[Any], Response],
) -> dict[str, Any]:
    """Return the proxy response of what passes through middleware to ``view``.

    Args:
        dispatcher: That of the application.
        request: The request; None for an event that is none.
        path: Names it in the log, when middleware raises.
        cors: Headers of the answer then, or None.
        view: Returns the response.
    """
    try:
        response: Response = _run(_chosen(dispatcher.middleware, "http"), 0, request, view, _as_response)
        return response.to_dict(dispatcher.api.binary_types)
    except Exception as error:
        # Not of the view: what that raises is a response by now, unless it asked to be passed on.
        return dispatcher.unexpected(error, path, cors).to_dict()


def _chosen(
    middleware: Sequence[tuple[str, Callable[..., Any]]], event_type: str
) -> list[Callable[..., Any]]:
    return [function for kind, function in middleware if kind in (event_type, "all")]


def _run(
    chain: list[Callable[..., Any]],
    index: int,
    event: Any,
    function: Callable[[Any], Any],
    settle: Callable[[Any, Callable[..., Any]], Any] | None,
) -> Any:
    """Call what is at ``index`` of a chain, the rest being its ``get_response``; at its end, ``function``."""
    if index == len(chain):
        result = function(event)
    else:

        def get_response(event: Any) -> Any:
            asynchronous = sys.modules.get("chalice._async")
            if asynchronous is not None and asynchronous.runs_here():
                return asynchronous.in_thread(_run, chain, index + 1, event, function, settle)
            return _run(chain, index + 1, event, function, settle)

        result = chain[index](event, get_response)
    if hasattr(result, "__await__"):
        import chalice._async

        result = chalice._async.wait_for(result)
    if settle is not None and index < len(chain):
        return settle(result, chain[index])
    return result


def _as_response(result: Any, function: Callable[..., Any]) -> Response:
    """Return what middleware returned as a response: a value is one, as it is from a view.

    Raises:
        TypeError: It is None, which is no response but a forgotten ``return``.
    """
    if isinstance(result, Response):
        return result
    if result is None:
        name = getattr(function, "__qualname__", repr(function))
        raise TypeError(
            f"The middleware {name} returned None: it has to return what get_response(event) returned, or "
            "another response."
        )
    return Response(result)
