"""WebSocket APIs: ``AWS::ApiGatewayV2::Api`` with its integrations, routes, deployment and stage.

The stage deploys by itself whenever a route or an integration changes, as the stages do that SAM makes for
such APIs; a deployment of a template is made once and never again, so that a change would not take effect.
The deployment is still there because deployed stacks have it, and their stages were made with it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from chalice_core.kinds import websocket_api_url
from chalice_core.swagger import integration_uri
from chalice_sam.kinds.function import function_name
from chalice_sam.naming import logical_id as camel_case
from chalice_sam.renderer import KnownOutputs, Rendering, TemplateResource

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from chalice_core.kinds import WebSocketApi
    from chalice_core.values import Output
    from chalice_sam.renderer import Scope


class WebSocketApiRenderer(KnownOutputs):
    """Renders WebSocket APIs."""

    attributes: ClassVar[Mapping[str, str | None]] = {"api_id": None}

    def render(self, resource: WebSocketApi, scope: Scope) -> Rendering:
        """Return the API with its parts, and the outputs that other stacks and scripts read."""
        name = scope.logical_id(resource.id)
        api = scope.spell(resource.api_id)
        functions = {route.function_arn.of: route.function_arn for route in resource.routes}
        integrations = {
            _integration_id(scope.logical_id(id)): _integration(api, arn, scope)
            for id, arn in functions.items()
        }
        routes = _routes(resource, api, scope)
        deployment, stage = f"{name}Deployment", stage_id(name)
        return Rendering(
            resources={
                name: TemplateResource(
                    type="AWS::ApiGatewayV2::Api",
                    properties={
                        "Name": resource.name,
                        "RouteSelectionExpression": resource.route_selection_expression,
                        "ProtocolType": "WEBSOCKET",
                    },
                ),
                **integrations,
                **routes,
                deployment: TemplateResource(
                    type="AWS::ApiGatewayV2::Deployment",
                    properties={"ApiId": api},
                    depends_on=tuple(routes),
                ),
                stage: TemplateResource(
                    type="AWS::ApiGatewayV2::Stage",
                    properties={"ApiId": api, "StageName": resource.stage_name, "AutoDeploy": True},
                    depends_on=(deployment,),
                ),
            },
            outputs=_outputs(resource, functions.values(), scope),
        )


def stage_id(api: str) -> str:
    """Return the logical id of an API's stage.

    Args:
        api: logical id of the API.
    """
    return f"{api}Stage"


def _integration_id(function: str) -> str:
    return f"{function}APIIntegration"


def _integration(api: Any, function_arn: Output, scope: Scope) -> TemplateResource:
    return TemplateResource(
        type="AWS::ApiGatewayV2::Integration",
        properties={
            "ApiId": api,
            "ConnectionType": "INTERNET",
            "ContentHandlingStrategy": "CONVERT_TO_TEXT",
            "IntegrationType": "AWS_PROXY",
            "IntegrationUri": scope.spell(integration_uri(function_arn)),
        },
    )


def _routes(resource: WebSocketApi, api: Any, scope: Scope) -> dict[str, TemplateResource]:
    routes: dict[str, TemplateResource] = {}
    for route in resource.routes:
        function = scope.logical_id(route.function_arn.of)
        id = f"{function}Route"
        if id in routes:
            # A function with several routes: the further ones are told apart by their keys.
            id = f"{function}{camel_case(route.route_key)}Route"
        integration = {"Ref": _integration_id(function)}
        routes[id] = TemplateResource(
            type="AWS::ApiGatewayV2::Route",
            properties={
                "ApiId": api,
                "RouteKey": route.route_key,
                "Target": {"Fn::Join": ["/", ["integrations", integration]]},
            },
        )
    return routes


def _outputs(resource: WebSocketApi, functions: Iterable[Output], scope: Scope) -> dict[str, Any]:
    outputs = {f"{scope.logical_id(resource.id)}Id": scope.spell(resource.api_id)}
    for arn in functions:
        function = scope.logical_id(arn.of)
        outputs[f"{function}HandlerArn"] = scope.spell(arn)
        outputs[f"{function}HandlerName"] = scope.spell(function_name(arn))
    outputs["WebsocketConnectEndpointURL"] = scope.spell(websocket_api_url(resource))
    return outputs
