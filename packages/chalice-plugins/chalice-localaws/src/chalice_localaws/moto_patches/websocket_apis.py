"""WebSocket APIs: what moto accepts too readily, what it forgets, and what it does not tell.

What moto has no calls for at all is in `chalice_localaws.embedded.websocket_deployments`.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from moto.apigatewayv2.exceptions import APIGatewayV2Error
from moto.apigatewayv2.models import Api, ApiGatewayV2Backend, Stage

from chalice_localaws.embedded.calls import CallError
from chalice_localaws.embedded.websocket_deployments import check_deployment
from chalice_localaws.moto_patches.patching import Patch

if TYPE_CHECKING:
    from collections.abc import Callable

    from moto.apigatewayv2.models import Integration, Route

    from chalice_localaws.moto_patches.patching import Plane

__all__ = ["PATCHES"]


class _ApiError(APIGatewayV2Error):
    def __init__(self, code: str, message: str, *, status: int = 400) -> None:
        self.code = status
        super().__init__(code, message)


def _create_api(original: Callable[..., Any], plane: Plane) -> Callable[..., Any]:  # noqa: ARG001 - no plane
    @functools.wraps(original)
    def create_api(self: ApiGatewayV2Backend, **settings: Any) -> Api:
        if settings["protocol_type"] == "WEBSOCKET" and not settings["route_selection_expression"]:
            raise _ApiError(
                "BadRequestException", "RouteSelectionExpression is required for WEBSOCKET protocol"
            )
        api: Api = original(self, **settings)
        if api.protocol_type == "WEBSOCKET":
            api.api_endpoint = api.api_endpoint.replace("https://", "wss://", 1)
        return api

    return create_api


def _delete_api(original: Callable[..., Any], plane: Plane) -> Callable[..., Any]:
    def delete_api(self: ApiGatewayV2Backend, api_id: str) -> None:
        self.get_api(api_id)
        original(self, api_id)
        plane.websocket_api_deleted(api_id)

    return delete_api


def _create_stage(original: Callable[..., Any], plane: Plane) -> Callable[..., Any]:  # noqa: ARG001 - no plane
    def create_stage(self: Api, config: dict[str, Any]) -> Stage:
        if config["stageName"] in self.stages:
            raise _ApiError("ConflictException", "Stage already exists", status=409)
        if config.get("deploymentId"):
            try:
                check_deployment(self, config["deploymentId"])
            except CallError as error:
                raise _ApiError(error.code, str(error), status=error.status) from error
        stage: Stage = original(self, config)
        return stage

    return create_stage


def _stage_to_json(original: Callable[..., Any], plane: Plane) -> Callable[..., Any]:  # noqa: ARG001 - no plane
    def to_json(self: Stage) -> dict[str, Any]:
        members: dict[str, Any] = original(self)
        if self.config.get("deploymentId"):
            members["deploymentId"] = self.config["deploymentId"]
        return members

    return to_json


def _create_integration(original: Callable[..., Any], plane: Plane) -> Callable[..., Any]:  # noqa: ARG001
    def create_integration(self: Api, **settings: Any) -> Integration:
        if settings["integration_type"] != "AWS_PROXY":
            raise _not_emulated(f"An integration of type {settings['integration_type']}")
        if ":lambda:path/" not in str(settings["integration_uri"]):
            raise _not_emulated(f"An integration with {settings['integration_uri']!r}")
        integration: Integration = original(self, **settings)
        return integration

    return create_integration


def _create_route(original: Callable[..., Any], plane: Plane) -> Callable[..., Any]:  # noqa: ARG001 - no plane
    def create_route(self: Api, **settings: Any) -> Route:
        if settings["route_key"] in {route.route_key for route in self.routes.values()}:
            raise _ApiError(
                "ConflictException",
                f"Route with key {settings['route_key']} already exists for this API",
                status=409,
            )
        _check_route(settings)
        route: Route = original(self, **settings)
        return route

    return create_route


def _update_route(original: Callable[..., Any], plane: Plane) -> Callable[..., Any]:  # noqa: ARG001 - no plane
    def update_route(self: Api, **settings: Any) -> Route:
        _check_route(settings)
        route: Route = original(self, **settings)
        return route

    return update_route


def _check_route(settings: dict[str, Any]) -> None:
    if settings.get("authorization_type") not in {None, "NONE"}:
        raise _not_emulated(f"A route with the authorization {settings['authorization_type']}")
    if settings.get("api_key_required"):
        raise _not_emulated("A route of a WebSocket API that requires an API key")
    if settings.get("route_response_selection_expression"):
        raise _not_emulated("A route with a response (RouteResponseSelectionExpression)")


def _not_emulated(feature: str) -> _ApiError:
    return _ApiError("BadRequestException", f"{feature} is not emulated on this machine.")


PATCHES = (
    Patch(
        owner=ApiGatewayV2Backend,
        name="create_api",
        parameters="self, api_key_selection_expression, cors_configuration, description, "
        "disable_schema_validation, disable_execute_api_endpoint, name, protocol_type, "
        "route_selection_expression, tags, version",
        why="moto takes WebSocket APIs without a route selection expression, and says https of them.",
        make=_create_api,
    ),
    Patch(
        owner=ApiGatewayV2Backend,
        name="delete_api",
        parameters="self, api_id",
        why="moto has no connections that would end, and no error for an API that does not exist.",
        make=_delete_api,
    ),
    Patch(
        owner=Api,
        name="create_stage",
        parameters="self, config",
        why="moto overwrites a stage of the same name, and takes deployments that do not exist.",
        make=_create_stage,
    ),
    Patch(
        owner=Stage,
        name="to_json",
        parameters="self",
        why="moto does not say which deployment a stage shows.",
        make=_stage_to_json,
    ),
    Patch(
        owner=Api,
        name="create_integration",
        parameters="self, connection_type, description, integration_method, integration_type, "
        "integration_uri, connection_id, content_handling_strategy, credentials_arn, "
        "passthrough_behavior, payload_format_version, integration_subtype, request_parameters, "
        "request_templates, response_parameters, template_selection_expression, timeout_in_millis, "
        "tls_config",
        why="moto keeps integrations that nothing here calls.",
        make=_create_integration,
    ),
    Patch(
        owner=Api,
        name="create_route",
        parameters="self, api_key_required, authorization_scopes, route_key, target, authorization_type, "
        "authorizer_id, model_selection_expression, operation_name, request_models, request_parameters, "
        "route_response_selection_expression",
        why="moto takes one route twice, and keeps authorizers and keys that nobody asks.",
        make=_create_route,
    ),
    Patch(
        owner=Api,
        name="update_route",
        parameters="self, route_id, api_key_required, authorization_scopes, authorization_type, "
        "authorizer_id, model_selection_expression, operation_name, request_models, request_parameters, "
        "route_key, route_response_selection_expression, target",
        why="moto keeps authorizers and keys that nobody asks.",
        make=_update_route,
    ),
)
