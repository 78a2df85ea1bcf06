"""WebSocket APIs: ``aws_apigatewayv2_api`` with integrations, routes, a deployment and a stage."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from chalice_core.kinds import websocket_api_url
from chalice_core.swagger import integration_uri
from chalice_terraform.kinds.function import function_name
from chalice_terraform.naming import camel_case, identifier
from chalice_terraform.renderer import KnownOutputs, Rendering, TerraformResource

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from chalice_core.kinds import WebSocketApi, WebSocketRoute
    from chalice_core.values import ResourceId
    from chalice_terraform.renderer import Scope

WEBSOCKET_API = "websocket_api"
"""The id of the application's own API, whose outputs have names of old."""


class WebSocketApiRenderer(KnownOutputs):
    """Renders WebSocket APIs."""

    expressions: ClassVar[Mapping[str, str]] = {
        "api_id": "aws_apigatewayv2_api.{name}.id",
        "stage_id": "aws_apigatewayv2_stage.{name}_stage.id",
    }

    def render(self, resource: WebSocketApi, scope: Scope) -> Rendering:
        """Return the API, and the outputs that other configurations and scripts read."""
        name = scope.name(resource.id)
        api_id = scope.spell(resource.api_id)
        api = TerraformResource(
            type="aws_apigatewayv2_api",
            name=name,
            arguments={
                "name": scope.spell(resource.name),
                "protocol_type": "WEBSOCKET",
                "route_selection_expression": scope.spell(resource.route_selection_expression),
            },
        )
        routes = tuple(_routes(resource, api_id, scope))
        deployment = TerraformResource(
            type="aws_apigatewayv2_deployment",
            name=f"{name}_deployment",
            arguments={
                "api_id": api_id,
                # A deployment is a copy of the routes; other routes need another one.
                "triggers": {
                    "routes": f"${{sha256(jsonencode([{', '.join(part.address for part in routes)}]))}}"
                },
                "lifecycle": {"create_before_destroy": True},
            },
            depends_on=tuple(part.address for part in routes if part.type == "aws_apigatewayv2_route"),
        )
        stage = TerraformResource(
            type="aws_apigatewayv2_stage",
            name=f"{name}_stage",
            arguments={
                "api_id": api_id,
                "deployment_id": f"${{{deployment.address}.id}}",
                "name": scope.spell(resource.stage_name),
            },
        )
        return Rendering(resources=(api, *routes, deployment, stage), outputs=_outputs(resource, scope))


def _routes(api: WebSocketApi, api_id: str, scope: Scope) -> Iterator[TerraformResource]:
    integrated: set[ResourceId] = set()
    for route in api.routes:
        function = scope.name(route.function_arn.of)
        integration = f"{function}_api_integration"
        if route.function_arn.of not in integrated:
            integrated.add(route.function_arn.of)
            yield TerraformResource(
                type="aws_apigatewayv2_integration",
                name=integration,
                arguments={
                    "api_id": api_id,
                    "connection_type": "INTERNET",
                    "content_handling_strategy": "CONVERT_TO_TEXT",
                    "integration_type": "AWS_PROXY",
                    "integration_uri": scope.spell(integration_uri(route.function_arn)),
                },
            )
        yield TerraformResource(
            type="aws_apigatewayv2_route",
            name=_route_name(route, api, function),
            arguments={
                "api_id": api_id,
                "route_key": scope.spell(route.route_key),
                "target": f"integrations/${{aws_apigatewayv2_integration.{integration}.id}}",
            },
        )


def _route_name(route: WebSocketRoute, api: WebSocketApi, function: str) -> str:
    first = next(other for other in api.routes if other.function_arn == route.function_arn)
    # Further routes of a function are told apart by their keys.
    return f"{function}_route" if first is route else f"{function}{identifier(route.route_key)}_route"


def _outputs(api: WebSocketApi, scope: Scope) -> dict[str, Any]:
    prefix = "Websocket" if api.id == WEBSOCKET_API else camel_case(api.id)
    outputs = {f"{prefix}APIId" if prefix == "Websocket" else f"{prefix}Id": scope.spell(api.api_id)}
    for arn in dict.fromkeys(route.function_arn for route in api.routes):
        handler = f"{camel_case(arn.of)}Handler"
        outputs[f"{handler}Arn"] = scope.spell(arn)
        outputs[f"{handler}Name"] = scope.spell(function_name(arn))
    return {**outputs, f"{prefix}ConnectEndpointURL": scope.spell(websocket_api_url(api))}
