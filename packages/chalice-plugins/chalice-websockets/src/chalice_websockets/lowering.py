"""What the WebSocket handlers of an application become: one API, and who may call whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalice_core.domains import domain_resources
from chalice_core.kinds import Grant, InvokePermission, Resource, WebSocketApi, WebSocketRoute
from chalice_core.values import Output, ResourceId, arn, text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from chalice_core.config import StageConfig
    from chalice_core.kinds import Function
    from chalice_core.manifest import App

SOURCE = "websocket"
"""The family's key in the manifest."""

WEBSOCKET_API = ResourceId("websocket_api")

SENDER_ACTIONS = ("execute-api:ManageConnections",)
"""What sending to a connection, closing and describing it ask for ("Use @connections commands in your backend
service", Amazon API Gateway Developer Guide)."""


def lower(app: App, functions: Sequence[Function], config: StageConfig) -> tuple[Resource, ...]:
    """Return the application's WebSocket API and its permissions; nothing without handlers.

    Args:
        app: what the application declares.
        functions: all of its functions.
        config: of the stage.
    """
    handlers = {event.function: event for event in app.events if event.source == SOURCE}
    if not handlers:
        return ()
    own = [function for function in functions if function.name in handlers]
    api = WebSocketApi(
        id=WEBSOCKET_API,
        name=f"{config.app_name}-{config.stage}-websocket-api",
        stage_name=config.api_gateway_stage,
        routes=tuple(
            WebSocketRoute(
                route_key=str(handlers[function.name].options["route_key"]), function_arn=function.arn
            )
            for function in own
        ),
    )
    return (api, *domain_resources(api, config), *_invocations(api, own), *_grants(api, functions))


def _invocations(api: WebSocketApi, functions: Sequence[Function]) -> Iterator[Resource]:
    for function in functions:
        yield InvokePermission(
            id=ResourceId(f"{function.id}_invoke_permission"),
            function_arn=function.arn,
            principal="apigateway.amazonaws.com",
            source_arn=arn("execute-api", text(api.api_id, "/*")),
        )


def _grants(api: WebSocketApi, functions: Sequence[Function]) -> Iterator[Resource]:
    """Let every function send, for a view or the function of a queue has news for connections, too.

    Functions that share a role share the permission.
    """
    roles = [function.role for function in functions if isinstance(function.role, Output)]
    for role in dict.fromkeys(roles):
        yield Grant(
            id=ResourceId(f"{role.of}-manages-connections"),
            role=role,
            actions=SENDER_ACTIONS,
            # API/STAGE/METHOD/@connections/CONNECTION
            on=(arn("execute-api", text(api.api_id, f"/{api.stage_name}/*/@connections/*")),),
        )
