"""Functions: ``AWS::Serverless::Function``, with the outputs that name the REST handler."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from chalice_core.values import Output
from chalice_sam.renderer import KnownOutputs, Rendering, TemplateResource

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalice_core.kinds import Function
    from chalice_sam.renderer import Scope

REST_HANDLER = "api_handler"


class FunctionRenderer(KnownOutputs):
    """Renders functions.

    The function has no name of its own, so that one template makes many
    stacks in one account; CloudFormation makes one up.  Its output ``name``
    exists in templates only.
    """

    attributes: ClassVar[Mapping[str, str | None]] = {"arn": "Arn", "name": None}

    def render(self, resource: Function, scope: Scope) -> Rendering:
        """Return the function."""
        logical_id = scope.logical_id(resource.id)
        properties: dict[str, Any] = {
            "Runtime": resource.runtime,
            "Handler": resource.handler,
            "CodeUri": f"./{scope.file_name(resource.code)}",
            "Tags": dict(resource.tags),
            "Tracing": "Active" if resource.tracing else "PassThrough",
            "Timeout": resource.timeout,
            "MemorySize": resource.memory_size,
            "Architectures": [resource.architecture],
        }
        if resource.environment:
            properties["Environment"] = {"Variables": scope.spell(resource.environment)}
        if resource.subnet_ids or resource.security_group_ids:
            properties["VpcConfig"] = {
                "SecurityGroupIds": list(resource.security_group_ids),
                "SubnetIds": list(resource.subnet_ids),
            }
        if resource.reserved_concurrency is not None:
            properties["ReservedConcurrentExecutions"] = resource.reserved_concurrency
        if resource.layers:
            properties["Layers"] = scope.spell(resource.layers)
        properties["Role"] = scope.spell(resource.role)
        return Rendering(
            resources={logical_id: TemplateResource(type="AWS::Serverless::Function", properties=properties)},
            outputs=_outputs(resource, scope),
        )


def function_name(function_arn: Output) -> Output:
    """Return the output that names the function, shorter than its ARN and as good for other resources."""
    return Output(function_arn.of, "name")


def _outputs(function: Function, scope: Scope) -> dict[str, Any]:
    if function.id != REST_HANDLER:
        return {}
    return {
        "APIHandlerName": scope.spell(function_name(function.arn)),
        "APIHandlerArn": scope.spell(function.arn),
    }
