"""Lambda functions, run in this process: with a context, and in the environment of their stage."""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from chalice.app import Chalice
    from chalice.test._settings import Settings

# The function that answers REST requests.
API_HANDLER = "api_handler"


class FunctionNotFoundError(Exception):
    """The application has no Lambda function of this name."""


@dataclass(frozen=True, slots=True)
class InvokeResponse:
    """What a Lambda function returned.

    Attributes:
        payload: Its return value, as it is.
    """

    payload: Any


class LambdaContext:
    """The Lambda context that handlers get here.

    Args:
        function_name: Name of the function.
        memory_size: In MB.
        timeout: Seconds from now that `get_remaining_time_in_millis` counts down.

    See https://docs.aws.amazon.com/lambda/latest/dg/python-context.html
    """

    def __init__(self, function_name: str, memory_size: int, timeout: int) -> None:
        self.function_name = function_name
        self.function_version = "$LATEST"
        self.invoked_function_arn = ""
        self.memory_limit_in_mb = memory_size
        self.aws_request_id = str(uuid.uuid4())
        self.log_group_name = ""
        self.log_stream_name = ""
        self.identity = None
        self.client_context = None
        self._deadline = time.monotonic() + timeout

    def get_remaining_time_in_millis(self) -> int:
        """Return the milliseconds that are left of the function's time limit; never less than 0."""
        return max(0, int((self._deadline - time.monotonic()) * 1000))


class Functions:
    """Runs the functions of an application.

    Args:
        app_name: The application's name; a project's configuration may have another.
        settings: What the functions are configured with.
    """

    def __init__(self, app_name: str, settings: Settings) -> None:
        self._app_name = app_name
        self._settings = settings

    def run(self, name: str, handler: Callable[[Any, Any], Any], event: Any) -> Any:
        """Call a handler as the function ``name``; returns what it returns and raises what it raises."""
        suffix = "" if name == API_HANDLER else f"-{name}"
        settings = self._settings
        context = LambdaContext(
            f"{settings.app_name or self._app_name}-{settings.stage}{suffix}",
            settings.memory_size(name),
            settings.timeout(name),
        )
        with settings.environment(name):
            return handler(event, context)


class LambdaClient:
    """Invokes the Lambda functions of an application; see `Client`."""

    def __init__(self, app: Chalice, functions: Functions) -> None:
        self._app = app
        self._functions = functions

    def invoke(self, function_name: str, payload: Any = None) -> InvokeResponse:
        """Invoke a function.

        Args:
            function_name: Its logical name: that of the Python function, unless the decorator says otherwise.
                A blueprint's prefix belongs to it. ``api_handler`` is the one that answers for all routes.
            payload: The event; ``{}`` by default.

        Raises:
            FunctionNotFoundError: There is no such function.
            Exception: Whatever the function raises.
        """
        handler = self._app.functions.get(function_name)
        if handler is None and function_name == API_HANDLER and self._app.routes:
            handler = self._app
        if handler is None:
            known = ", ".join(sorted(self._app.functions)) or "none"
            raise FunctionNotFoundError(
                f"The application has no Lambda function named {function_name!r}; its functions are: {known}."
            )
        event = {} if payload is None else payload
        return InvokeResponse(self._functions.run(function_name, handler, event))
