"""What happens to events that functions fail on: ``AWS::Lambda::EventInvokeConfig``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalice_sam.kinds.function import function_name
from chalice_sam.renderer import KnownOutputs, Rendering, TemplateResource

if TYPE_CHECKING:
    from chalice_core.kinds import EventInvokeConfig
    from chalice_sam.renderer import Scope


class EventInvokeConfigRenderer(KnownOutputs):
    """Renders settings of asynchronous invocations; a function's own would bring an alias along."""

    def render(self, resource: EventInvokeConfig, scope: Scope) -> Rendering:
        """Return the settings."""
        properties: dict[str, Any] = {
            "FunctionName": scope.spell(function_name(resource.function_arn)),
            "Qualifier": "$LATEST",
        }
        if resource.maximum_retry_attempts is not None:
            properties["MaximumRetryAttempts"] = resource.maximum_retry_attempts
        if resource.maximum_event_age is not None:
            properties["MaximumEventAgeInSeconds"] = resource.maximum_event_age
        destinations = {"OnFailure": resource.on_failure, "OnSuccess": resource.on_success}
        told = {
            name: {"Destination": scope.spell(arn)} for name, arn in destinations.items() if arn is not None
        }
        if told:
            properties["DestinationConfig"] = told
        config = TemplateResource(type="AWS::Lambda::EventInvokeConfig", properties=properties)
        return Rendering(resources={scope.logical_id(resource.id): config})
