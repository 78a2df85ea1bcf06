"""Asynchronous invocations: ``aws_lambda_function_event_invoke_config``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalice_terraform.expressions import Referring
from chalice_terraform.kinds.function import function_name
from chalice_terraform.renderer import KnownOutputs, Rendering, TerraformResource

if TYPE_CHECKING:
    from chalice_core.kinds import EventInvokeConfig
    from chalice_terraform.renderer import Scope


class EventInvokeConfigRenderer(KnownOutputs):
    """Renders what happens to events that a function fails on."""

    def render(self, resource: EventInvokeConfig, scope: Scope) -> Rendering:
        """Return the settings."""
        arguments: dict[str, Any] = {"function_name": scope.spell(function_name(resource.function_arn))}
        if resource.maximum_retry_attempts is not None:
            arguments["maximum_retry_attempts"] = resource.maximum_retry_attempts
        if resource.maximum_event_age is not None:
            arguments["maximum_event_age_in_seconds"] = resource.maximum_event_age
        destinations = {
            name: {"destination": scope.spell(Referring(arn))}
            for name, arn in (("on_failure", resource.on_failure), ("on_success", resource.on_success))
            if arn is not None
        }
        if destinations:
            arguments["destination_config"] = destinations
        config = TerraformResource(
            type="aws_lambda_function_event_invoke_config",
            name=scope.name(resource.id),
            arguments=arguments,
            # Lambda refuses a destination that the function's role may not send to.
            after=(resource.function_arn.of,),
        )
        return Rendering(resources=(config,))
