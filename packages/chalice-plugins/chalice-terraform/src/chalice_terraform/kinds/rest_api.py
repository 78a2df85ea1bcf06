"""REST APIs: ``aws_api_gateway_rest_api`` with a Swagger definition, its deployment and its stage."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from chalice_core.swagger import document
from chalice_core.values import Output, ResourceId, text
from chalice_terraform.expressions import Referring
from chalice_terraform.naming import camel_case
from chalice_terraform.renderer import KnownOutputs, Rendering, TerraformResource

if TYPE_CHECKING:
    from chalice_core.kinds import RestApi
    from chalice_terraform.renderer import Scope

REST_API = "rest_api"
"""The id of the application's own API, whose definition and outputs have names of old."""

_DEPLOYMENT = "aws_api_gateway_deployment"
_POLICY = "aws_api_gateway_rest_api_policy"


class RestApiRenderer(KnownOutputs):
    """Renders REST APIs."""

    expressions: ClassVar[Mapping[str, str]] = {
        "api_id": "aws_api_gateway_rest_api.{name}.id",
        "stage_name": "aws_api_gateway_stage.{name}.stage_name",
        "invoke_url": "aws_api_gateway_stage.{name}.invoke_url",
        "execution_arn": "aws_api_gateway_rest_api.{name}.execution_arn",
    }

    def render(self, resource: RestApi, scope: Scope) -> Rendering:
        """Return the API, and the outputs that other configurations and scripts read.

        A deployment is a copy of the definition, so a changed definition needs another one, and the stage
        moves to it before the old one goes.
        """
        name = scope.name(resource.id)
        own = resource.id == REST_API
        definition = "chalice_api_swagger" if own else f"chalice_{name}_swagger"
        api_id = scope.spell(resource.api_id)
        # Text that asks for it switches compression off again; no argument would leave it as it is.
        compression = (
            "-1" if resource.minimum_compression_size is None else str(resource.minimum_compression_size)
        )
        endpoint: dict[str, Any] = {"types": [resource.endpoint_type]}
        if resource.endpoint_vpce:
            endpoint["vpc_endpoint_ids"] = scope.spell(Referring(resource.endpoint_vpce))
        blocks: dict[str, dict[str, Any]] = {
            "aws_api_gateway_rest_api": {
                "name": scope.spell(resource.name),
                "body": f"${{local.{definition}}}",
                # The provider would put back the earlier ones after it has imported a changed definition.
                "binary_media_types": scope.spell(resource.binary_types),
                "minimum_compression_size": compression,
                "endpoint_configuration": endpoint,
            },
            _DEPLOYMENT: {
                "rest_api_id": api_id,
                "triggers": {
                    "definition": f"${{sha256(local.{definition})}}",
                    "minimum_compression_size": compression,
                },
                "lifecycle": {"create_before_destroy": True},
            },
            "aws_api_gateway_stage": {
                "rest_api_id": api_id,
                "deployment_id": f"${{aws_api_gateway_deployment.{name}.id}}",
                "stage_name": scope.spell(resource.stage_name),
                "xray_tracing_enabled": resource.tracing,
            },
        }
        if resource.policy is not None:
            # The provider would put back the earlier policy, too; a resource of its own has the last word.
            blocks[_POLICY] = {
                "rest_api_id": api_id,
                "policy": scope.json(_policy(resource.policy, resource.id)),
            }
        prefix = "" if own else camel_case(resource.id)
        return Rendering(
            resources=tuple(
                TerraformResource(
                    type=type,
                    name=name,
                    arguments=arguments,
                    depends_on=(f"{_POLICY}.{name}",) if type == _DEPLOYMENT and _POLICY in blocks else (),
                )
                for type, arguments in blocks.items()
            ),
            local_values={definition: scope.json(_definition(resource))},
            outputs={
                f"{prefix}EndpointURL": f"${{aws_api_gateway_stage.{name}.invoke_url}}",
                f"{prefix or 'RestAPI'}Id": api_id,
            },
        )


def _definition(api: RestApi) -> Mapping[str, Any]:
    definition = document(api)
    # They hold ARNs, some of which people write themselves.
    keys = (
        "securityDefinitions",
        "x-amazon-apigateway-endpoint-configuration",
        "x-amazon-apigateway-policy",
    )
    return {key: Referring(value) if key in keys else value for key, value in definition.items()}


def _policy(tree: Any, api: ResourceId) -> Any:
    """Return a policy with whole ARNs, as API Gateway gives it back, in place of ``execute-api:/…``."""
    if isinstance(tree, str) and tree.startswith("execute-api:/"):
        return text(Output(api, "execution_arn"), tree.removeprefix("execute-api:"))
    if isinstance(tree, Mapping):
        return {key: _policy(value, api) for key, value in tree.items()}
    if isinstance(tree, (list, tuple)):
        return [_policy(item, api) for item in tree]
    return tree
