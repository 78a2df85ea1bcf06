"""WebSockets in Lambda: the three decorators, what functions get, and what becomes of their results."""

from __future__ import annotations

import json

from chalice.app import BadRequestError, Response
from chalice.extensions import EventDeclaration, EventHandler, EventSource

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from chalice.app import Chalice

__all__ = ["WebsocketEvent", "on_ws_connect", "on_ws_disconnect", "on_ws_message"]


class WebsocketEvent:
    """Something that happened on a connection.

    Args:
        event_dict: The event as Lambda passes it.
        context: The Lambda context.

    Attributes:
        context: See above.
        domain_name: Of the API, as the caller wrote it.
        stage: The API's stage.
        connection_id: Names the connection, for ``app.websocket_api``.
        body: The text of the message; None when there is none, as for connections that begin and end.

    See https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-integrations.html
    """

    __slots__ = ("_event", "_json_body", "body", "connection_id", "context", "domain_name", "stage")

    def __init__(self, event_dict: dict[str, Any], context: Any) -> None:
        self._event = event_dict
        self.context = context
        request = event_dict["requestContext"]
        self.domain_name: str = request["domainName"]
        self.stage: str = request["stage"]
        self.connection_id: str = request["connectionId"]
        self.body: str | None = event_dict.get("body")

    @property
    def json_body(self) -> Any:
        """The body decoded from JSON; the same object each time.

        Raises:
            BadRequestError: The body is no JSON, or there is none.
        """
        try:
            return self._json_body
        except AttributeError:
            pass
        try:
            self._json_body: Any = json.loads(self.body)  # type: ignore[arg-type] # None is a TypeError.
        except (TypeError, ValueError, RecursionError) as error:
            raise BadRequestError("Error Parsing JSON") from error
        return self._json_body

    def to_dict(self) -> dict[str, Any]:
        """Return the event as Lambda passed it."""
        return self._event


class WebsocketHandler(EventHandler):
    """A function under one of the three decorators: itself the Lambda handler."""

    def __call__(self, event: Any, context: Any) -> dict[str, Any]:
        """Run the function, and return what API Gateway asks of a Lambda proxy integration.

        Of ``$connect`` a status other than 2xx refuses the connection.  The results of the others go nowhere.
        """
        api = getattr(self.app, "websocket_api", None)
        if api is not None and api.used_by is None:
            request = event["requestContext"]
            # Not domainName: under a domain of one's own, connections have no API.
            api.used_by = (request["apiId"], request["stage"])
        result = super().__call__(event, context)
        if isinstance(result, Response):
            return result.to_dict()
        if isinstance(result, dict):
            return result if "statusCode" in result else {**result, "statusCode": 200}
        return {"statusCode": 200}


class WebsocketDeclaration(EventDeclaration):
    """What one of the three decorators said.

    Attributes:
        route_key_handled: ``$connect``, ``$default`` or ``$disconnect``.
        handler_function: The user's function.
    """

    __slots__ = ("handler_function", "route_key_handled")

    def __init__(self, source: EventSource, handler: EventHandler, options: dict[str, Any]) -> None:
        super().__init__(source, handler, options)
        self.route_key_handled: str = options["route_key"]
        self.handler_function = handler.func

    @property
    def function_name(self) -> str:
        """``websocket_connect``, ``websocket_message`` or ``websocket_disconnect``."""
        return "websocket_" + self.decorator[len("on_ws_") :]


class WebsocketSource(EventSource):
    """One of the three decorators; an application can have each of them once."""

    def wrap(self, function: Callable[[Any], Any], name: str | None = None) -> EventHandler:
        """Return what Lambda calls for ``function``."""
        # For its check of the function.
        plain = super().wrap(function, name)
        return WebsocketHandler(function, plain.name, self.event, self.source)

    def attach(self, app: Chalice, handler: EventHandler, options: dict[str, Any]) -> None:
        """Make a handler that of its route.

        Raises:
            ValueError: The route has one, or the handler's name is taken.
        """
        if options["route_key"] in app.websocket_handlers:
            raise ValueError(
                f"Duplicate websocket handler: '{self.decorator}'. "
                "There can only be one handler for each websocket decorator."
            )
        app.register_handler(handler.name, handler)
        app.websocket_handlers[options["route_key"]] = WebsocketDeclaration(self, handler, options)
        handler.app = app


@WebsocketSource.of(source="websocket", event=WebsocketEvent)
def on_ws_connect(name: str | None = None) -> dict[str, Any]:
    """Call a function when somebody connects; a status other than 2xx refuses the connection.

    Args:
        name: Logical name of the function, by default its own.
    """
    return {"name": name, "route_key": "$connect"}


@WebsocketSource.of(source="websocket", event=WebsocketEvent)
def on_ws_message(name: str | None = None) -> dict[str, Any]:
    """Call a function with every message that arrives on a connection.

    Args:
        name: Logical name of the function, by default its own.
    """
    return {"name": name, "route_key": "$default"}


@WebsocketSource.of(source="websocket", event=WebsocketEvent)
def on_ws_disconnect(name: str | None = None) -> dict[str, Any]:
    """Call a function when a connection has ended, whoever closed it.

    API Gateway tries to deliver this event and does not promise it.

    Args:
        name: Logical name of the function, by default its own.
    """
    return {"name": name, "route_key": "$disconnect"}
