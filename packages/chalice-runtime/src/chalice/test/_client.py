"""The client itself: one application, and the ways to call it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from chalice.extensions import TESTING, catalog, find, missing
from chalice.test._events import EventsClient
from chalice.test._functions import Functions, LambdaClient
from chalice.test._http import HTTPClient
from chalice.test._settings import Settings

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Collection, Mapping
    from types import TracebackType

    from chalice.app import Chalice
    from chalice_websockets.testing import WebsocketClient


class Client:
    """Calls an application as its callers would.

    An installed distribution may add attributes: chalice-websockets adds ``client.websocket``.

    Args:
        app: The application.
        stage_name: The stage whose environment variables, time limit and memory functions get.
        project_dir: The folder that holds ``.chalice/config.json``, which need not exist.
        stage_variables: What views find in ``app.current_request.stage_vars``, name to value.
        api_keys: The valid API keys, for routes with ``api_key_required=True``; None takes every key.

    Attributes:
        app: The application.
        stage_name: See above.
        api_gateway_stage: The stage of the REST and WebSocket APIs, as configured.
        stage_variables: See above.
        http: Sends HTTP requests.
        lambda_: Invokes Lambda functions.
        events: Makes events for them.

    Raises:
        ProjectConfigError: There is a ``.chalice/config.json``, and it cannot be used.
    """

    if TYPE_CHECKING:
        # What a distribution of this project adds, for type checkers; it arrives through __getattr__.
        websocket: WebsocketClient

    def __init__(
        self,
        app: Chalice,
        stage_name: str = "dev",
        project_dir: str | os.PathLike[str] = ".",
        *,
        stage_variables: Mapping[str, str] | None = None,
        api_keys: Collection[str] | None = None,
    ) -> None:
        settings = Settings(Path(project_dir), stage_name)
        self._functions = Functions(app.app_name, settings)
        self.app = app
        self.stage_name = stage_name
        self.api_gateway_stage = settings.api_gateway_stage
        self.stage_variables = stage_variables
        self.http = HTTPClient(
            app,
            self._functions,
            stage=settings.api_gateway_stage,
            stage_variables=stage_variables,
            api_keys=api_keys,
        )
        self.lambda_ = LambdaClient(app, self._functions)
        self.events = EventsClient()

    def run(self, function_name: str, handler: Callable[[Any, Any], Any], event: Any) -> Any:
        """Call a handler as Lambda would: what attributes that other distributions add are made of.

        Args:
            function_name: Logical name of the function, by which its environment and limits are found.
            handler: Called with the event and a `LambdaContext`.
            event: Handed on as it is.

        Returns:
            What the handler returns.

        Raises:
            Exception: Whatever the handler raises.
        """
        return self._functions.run(function_name, handler, event)

    def __getattr__(self, name: str) -> Any:
        """Find an attribute that an installed distribution offers, and keep it.

        Raises:
            AttributeError: Nobody offers it; says what to install, where that is known.
        """
        make = None if name.startswith("_") else find(TESTING, name)
        if make is None:
            raise AttributeError(missing(name) or f"{type(self).__name__!r} object has no attribute {name!r}")
        value = self.__dict__[name] = make(self)
        return value

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *catalog.offered(TESTING)})

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, frames: TracebackType | None
    ) -> None:
        """Leave the ``with`` block; nothing is held open."""
