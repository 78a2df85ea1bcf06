"""Lambda functions that no event source calls; loaded by the first one that an application declares."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from chalice.app import Chalice

__all__ = ["LambdaFunction"]


class LambdaFunction:
    """A Lambda function without an event source: what `Chalice.lambda_function` returns.

    Calling it calls the function that it wraps, with Lambda's ``(event, context)``.

    Attributes:
        func: The user's function.
        name: Its logical name.
        handler_string: Where Lambda finds it, ``app.work``.
        app: The application whose middleware runs around the function, once there is one.
    """

    app: Chalice | None = None

    def __init__(self, function: Callable[..., Any], name: str, handler_string: str) -> None:
        self.func = function
        self.name = name
        self.handler_string = handler_string
        self.__wrapped__ = function
        self.__name__ = getattr(function, "__name__", name)
        self.__doc__ = function.__doc__

    def __call__(self, event: Any, context: Any) -> Any:
        """Run the function, with the application's middleware around it."""
        if self.app is not None and self.app._middleware:
            import chalice.middleware

            return chalice.middleware.apply_to_function(self.app._middleware, event, context, self.func)
        result = self.func(event, context)
        if hasattr(result, "__await__"):
            import chalice._async

            return chalice._async.wait_for(result)
        return result
