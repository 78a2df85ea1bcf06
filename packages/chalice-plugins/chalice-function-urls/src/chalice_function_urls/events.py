"""Function URLs in Lambda: the decorator, and a handler that answers requests as views do."""

from __future__ import annotations

from chalice.extensions import EventHandler, EventSource

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

__all__ = ["on_function_url"]


class FunctionUrlHandler(EventHandler):
    """A function with a URL: itself the Lambda handler."""

    def __call__(self, event: Any, context: Any) -> dict[str, Any]:
        """Answer a request as the application answers those of its routes.

        Middleware of the type ``http`` runs around the function, as around views, and inside it that of this
        family's own type.

        Raises:
            RuntimeError: The function is part of no application.
        """
        app = self.app
        if app is None:
            raise RuntimeError(f"The function {self.name!r} is part of no application.")
        import chalice.payload2

        function, source = self.func, self.source
        own = [one for one in app._middleware if one[0] == source]

        def view(request: Any) -> Any:
            import chalice.middleware

            return chalice.middleware.apply(own, source, request, function)

        return chalice.payload2.answer_with(app._dispatcher, view if own else function, event, context)


class FunctionUrlSource(EventSource):
    """The decorator, whose functions get a request."""

    def wrap(self, function: Callable[[Any], Any], name: str | None = None) -> EventHandler:
        """Return what Lambda calls for ``function``."""
        # For its check of the function.
        plain = super().wrap(function, name)
        return FunctionUrlHandler(function, plain.name, self.event, self.source)


def _request(event: Any, context: Any) -> Any:
    """Wrap an event as every family does; the handler has no need of it."""
    from chalice.payload2 import Payload2Request

    return Payload2Request(event, context, event["requestContext"]["http"]["method"], event["rawPath"], None)


@FunctionUrlSource.of(source="function_url", event=_request)
def on_function_url(
    auth_type: str = "AWS_IAM",
    cors: bool | dict[str, Any] | None = None,
    name: str | None = None,
    invoke_mode: str = "BUFFERED",
) -> dict[str, Any]:
    """Give a function a URL of its own, without API Gateway.

    The function is given a `chalice.app.Request` and returns what views return.  What Lambda takes is for the
    tools to check: they report every mistake at once.

    Args:
        auth_type: ``AWS_IAM``, for callers who sign their requests and whom IAM lets in; ``NONE``, for
            everybody.
        cors: True lets pages of every site call the URL; a dictionary says which, and how:
            ``allow_origins``, ``allow_methods``, ``allow_headers``, ``expose_headers`` (lists),
            ``allow_credentials`` (a boolean), ``max_age`` (seconds).
        name: Logical name of the function, by default its own.
        invoke_mode: ``BUFFERED``; Lambda's runtime for Python streams nothing.

    Raises:
        TypeError: An option is not of its type.

    See https://docs.aws.amazon.com/lambda/latest/dg/urls-configuration.html
    """
    for option, value in (("auth_type", auth_type), ("invoke_mode", invoke_mode)):
        if not isinstance(value, str):
            raise TypeError(f"on_function_url: {option} must be a string, not {value!r}.")
    if cors is not None and not isinstance(cors, (bool, dict)):
        raise TypeError(f"on_function_url: cors must be True or a dictionary, not {cors!r}.")
    return {"name": name, "auth_type": auth_type, "cors": cors, "invoke_mode": invoke_mode}
