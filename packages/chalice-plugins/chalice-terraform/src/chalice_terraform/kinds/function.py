"""Functions: ``aws_lambda_function``, with the outputs that name the REST handler."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from chalice_core.kinds import LogGroup
from chalice_core.values import Output, ResourceId
from chalice_terraform.artifacts import code_arguments
from chalice_terraform.expressions import Referring
from chalice_terraform.renderer import KnownOutputs, Rendering, TerraformResource

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from chalice_core.kinds import Function
    from chalice_terraform.renderer import Scope

REST_HANDLER = "api_handler"


class FunctionRenderer(KnownOutputs):
    """Renders functions."""

    expressions: ClassVar[Mapping[str, str]] = {
        "arn": "aws_lambda_function.{name}.arn",
        "name": "aws_lambda_function.{name}.function_name",
    }

    def render(self, resource: Function, scope: Scope) -> Rendering:
        """Return the function."""
        arguments: dict[str, Any] = {
            "function_name": scope.spell(resource.function_name),
            "runtime": resource.runtime,
            "handler": scope.spell(resource.handler),
            "memory_size": resource.memory_size,
            "timeout": resource.timeout,
            "architectures": [resource.architecture],
            "tags": scope.spell(resource.tags),
            "tracing_config": {"mode": "Active" if resource.tracing else "PassThrough"},
            **code_arguments(scope.file_name(resource.code)),
            "role": scope.spell(Referring(resource.role)),
        }
        if resource.environment:
            arguments["environment"] = {"variables": scope.spell(resource.environment)}
        if resource.subnet_ids or resource.security_group_ids:
            arguments["vpc_config"] = {
                "subnet_ids": scope.spell(Referring(resource.subnet_ids)),
                "security_group_ids": scope.spell(Referring(resource.security_group_ids)),
            }
        if resource.reserved_concurrency is not None:
            arguments["reserved_concurrent_executions"] = resource.reserved_concurrency
        if resource.layers:
            arguments["layers"] = scope.spell(Referring(resource.layers))
        function = TerraformResource(
            type="aws_lambda_function",
            name=scope.name(resource.id),
            arguments=arguments,
            after=tuple(_before(resource, scope)),
        )
        return Rendering(resources=(function,), outputs=_outputs(resource, scope))


def function_name(function_arn: Output) -> Output:
    """Return the output that names the function, as good as its ARN for other resources."""
    return Output(function_arn.of, "name")


def _before(function: Function, scope: Scope) -> Iterator[ResourceId]:
    if isinstance(function.role, Output):
        # What the function may do is decided by a resource of its own, to which the ARN does not lead.
        yield function.role.of
    group = ResourceId(f"{function.id}_log_group")
    if group in scope.graph and isinstance(scope.graph[group], LogGroup):
        # Lambda makes a group without a retention when it meets none.
        yield group


def _outputs(function: Function, scope: Scope) -> dict[str, Any]:
    if function.id != REST_HANDLER:
        return {}
    return {
        "APIHandlerName": scope.spell(function_name(function.arn)),
        "APIHandlerArn": scope.spell(function.arn),
    }
