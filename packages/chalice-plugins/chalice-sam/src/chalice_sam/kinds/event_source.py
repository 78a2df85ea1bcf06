"""Event source mappings: events of a function where SAM knows the source, resources of their own elsewhere.

Sources: "Event source object types" of the AWS SAM Developer Guide;
``AWS::Lambda::EventSourceMapping``, AWS CloudFormation Template Reference.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from chalice_sam.kinds.function import function_name
from chalice_sam.renderer import FunctionEvent, KnownOutputs, Rendering, TemplateResource

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalice_core.graph import Graph
    from chalice_core.kinds import EventSourceMapping
    from chalice_core.values import ResourceId
    from chalice_sam.renderer import Scope

# The service's prefix in IAM: SAM's type of event, and the property that holds the source's ARN.
_EVENT_TYPES = {
    "sqs": ("SQS", "Queue"),
    "kinesis": ("Kinesis", "Stream"),
    "dynamodb": ("DynamoDB", "Stream"),
}


class EventSourceMappingRenderer(KnownOutputs):
    """Renders pollers."""

    attributes: ClassVar[Mapping[str, str | None]] = {"mapping_id": None}

    def render(self, resource: EventSourceMapping, scope: Scope) -> Rendering:
        """Return an event of the function when it can be one, or a resource."""
        logical_id = scope.logical_id(resource.id)
        if resource.service in _EVENT_TYPES and _can_be_event(resource, scope.graph):
            type_, source = _EVENT_TYPES[resource.service]
            event = FunctionEvent(
                function=resource.function_arn.of,
                name=logical_id,
                type=type_,
                properties={source: scope.spell(resource.source_arn), **_polling(resource)},
            )
            return Rendering(events=(event,))
        mapping = TemplateResource(
            type="AWS::Lambda::EventSourceMapping",
            properties={
                "FunctionName": scope.spell(function_name(resource.function_arn)),
                "EventSourceArn": scope.spell(resource.source_arn),
                **_polling(resource),
            },
        )
        return Rendering(resources={logical_id: mapping})


def _polling(mapping: EventSourceMapping) -> dict[str, Any]:
    properties: dict[str, Any] = {"BatchSize": mapping.batch_size}
    if mapping.starting_position is not None:
        properties["StartingPosition"] = mapping.starting_position
    properties["MaximumBatchingWindowInSeconds"] = mapping.maximum_batching_window
    if mapping.maximum_concurrency is not None:
        properties["ScalingConfig"] = {"MaximumConcurrency": mapping.maximum_concurrency}
    if mapping.report_batch_item_failures:
        properties["FunctionResponseTypes"] = ["ReportBatchItemFailures"]
    return properties


def _can_be_event(mapping: EventSourceMapping, graph: Graph) -> bool:
    """Say whether the mapping may be part of its function.

    A part has no name that others could wait for or refer to, and waits for
    nothing that its function does not wait for already.
    """
    if any(mapping.id in other.dependencies() for other in graph):
        return False
    function = mapping.function_arn.of
    return {*mapping.after} <= {function, *_before(function, graph)}


def _before(id: ResourceId, graph: Graph) -> set[ResourceId]:
    found: set[ResourceId] = set()
    waiting = [id]
    while waiting:
        for other in graph[waiting.pop()].dependencies():
            if other not in found:
                found.add(other)
                waiting.append(other)
    return found
