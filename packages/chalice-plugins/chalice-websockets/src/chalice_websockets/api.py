"""`WebsocketAPI`: how a function reaches the connections of its WebSocket API."""

from __future__ import annotations

import os

from chalice.app import ChaliceError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from chalice.app import Chalice

__all__ = ["WebsocketAPI", "WebsocketDisconnectedError", "websocket_api"]

_REGION_VARIABLES = ("AWS_REGION", "AWS_DEFAULT_REGION")
# Where another implementation of AWS is, for this service alone: "Service-specific endpoints", AWS SDKs and
# Tools Reference Guide. boto3 itself does not look at it once it is told an endpoint.
_ENDPOINT_VARIABLE = "AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI"


class WebsocketDisconnectedError(ChaliceError):
    """Raised when a connection is there no more.

    Args:
        connection_id: Names the connection.

    Attributes:
        connection_id: See above.
    """

    def __init__(self, connection_id: str) -> None:
        super().__init__(connection_id)
        self.connection_id = connection_id


# Where applications import it from.
WebsocketDisconnectedError.__module__ = "chalice.app"


class WebsocketAPI:
    """Sends messages to connections: ``app.websocket_api``.

    It calls AWS with boto3, of which the application assigns a session; this module does not import it.

    Args:
        env: Where the region is looked up; `os.environ` by default.

    Attributes:
        session: A `boto3.session.Session`, or None.
        used_by: Id and stage of the API whose event came first; None before.  It is where messages go unless
            the API was configured otherwise, and looked at when one does: a function that sends nothing needs
            no region.

    See https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-how-to-call-websocket-api-connections.html
    """

    def __init__(self, env: Mapping[str, str] | None = None) -> None:
        self.session: Any = None
        self._env = os.environ if env is None else env
        self._endpoint: str | None = None
        self.used_by: tuple[str, str] | None = None
        self._client: Any = None

    def configure(self, domain_name: str, stage: str) -> None:
        """Say where the API is; only the first time counts.

        Functions under ``@app.on_ws_…`` need not call this: their events say it.  A function with another
        source of events does.

        Args:
            domain_name: ``API_ID.execute-api.REGION.amazonaws.com``; a domain of one's own does not do.
            stage: The API's stage.
        """
        if self._endpoint is None:
            self._endpoint = f"https://{domain_name}/{stage}"

    def configure_from_api_id(self, api_id: str, stage: str) -> None:
        """Say which API it is; only the first time counts.

        Args:
            api_id: The API's id, first part of its domain name.
            stage: The API's stage.

        Raises:
            ValueError: The region is not known.
        """
        if self._endpoint is None:
            region = self._region()
            domain = "amazonaws.com.cn" if region.startswith("cn-") else "amazonaws.com"
            self.configure(f"{api_id}.execute-api.{region}.{domain}", stage)

    def send(self, connection_id: str, message: str) -> None:
        """Send a message to a connection.

        Args:
            connection_id: As in `WebsocketEvent.connection_id`.
            message: Text, of at most 128 KB.

        Raises:
            WebsocketDisconnectedError: The connection is there no more.
            ValueError: No session is assigned, or it is not known which API.
        """
        self._call("post_to_connection", connection_id, Data=message)

    def close(self, connection_id: str) -> None:
        """Close a connection.

        Args:
            connection_id: As in `WebsocketEvent.connection_id`.

        Raises:
            WebsocketDisconnectedError: The connection is there no more.
            ValueError: No session is assigned, or it is not known which API.
        """
        self._call("delete_connection", connection_id)

    def info(self, connection_id: str) -> Any:
        """Describe a connection: a dict with ``ConnectedAt``, ``LastActiveAt`` and ``Identity``.

        Args:
            connection_id: As in `WebsocketEvent.connection_id`.

        Raises:
            WebsocketDisconnectedError: The connection is there no more.
            ValueError: No session is assigned, or it is not known which API.
        """
        return self._call("get_connection", connection_id)

    def _call(self, operation: str, connection_id: str, **arguments: Any) -> Any:
        client = self._client or self._make_client()
        try:
            return getattr(client, operation)(ConnectionId=connection_id, **arguments)
        except client.exceptions.GoneException as error:
            raise WebsocketDisconnectedError(connection_id) from error

    def _make_client(self) -> Any:
        """Make the client, once: making one takes boto3 many times as long as a call."""
        if self.session is None:
            raise ValueError(
                "Assign app.websocket_api.session to a boto3 session before using the WebsocketAPI"
            )
        if self._endpoint is None and self.used_by is not None:
            self.configure_from_api_id(*self.used_by)
        if self._endpoint is None:
            raise ValueError("WebsocketAPI.configure must be called before using the WebsocketAPI")
        endpoint = self._env.get(_ENDPOINT_VARIABLE) or self._endpoint
        self._client = self.session.client("apigatewaymanagementapi", endpoint_url=endpoint)
        return self._client

    def _region(self) -> str:
        for variable in _REGION_VARIABLES:
            region = self._env.get(variable)
            if region:
                return region
        if self.session is not None and self.session.region_name:
            found: str = self.session.region_name
            return found
        raise ValueError(
            "Unable to retrieve the region name when configuring the websocket client.  Either set the "
            "'AWS_REGION' environment variable or assign 'app.websocket_api.session' to a boto3 session."
        )


def websocket_api(app: Chalice) -> WebsocketAPI:
    """Make ``app.websocket_api``."""
    return WebsocketAPI(getattr(app, "_env", None))
