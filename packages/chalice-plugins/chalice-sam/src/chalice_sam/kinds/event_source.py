"""Event source mappings: events of a function where SAM has the words, resources of their own elsewhere.

Sources: "Event source object types" of the AWS SAM Developer Guide;
``AWS::Lambda::EventSourceMapping``, AWS CloudFormation Template Reference.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from chalice_sam.intrinsics import Reference
from chalice_sam.kinds.function import function_name
from chalice_sam.kinds.function_events import is_event
from chalice_sam.naming import event_logical_id
from chalice_sam.renderer import FunctionEvent, Rendering, TemplateResource

if TYPE_CHECKING:
    from chalice_core.kinds import EventSourceMapping
    from chalice_sam.renderer import Scope

# The service's prefix in IAM: SAM's type of event, and the property that holds the source's ARN.
_EVENT_TYPES = {
    "sqs": ("SQS", "Queue"),
    "kinesis": ("Kinesis", "Stream"),
    "dynamodb": ("DynamoDB", "Stream"),
}


class EventSourceMappingRenderer:
    """Renders pollers.  A poller has one logical id, whether it is written as an event or not."""

    def reference(self, resource: EventSourceMapping, output: str, logical_id: str) -> Reference | None:  # noqa: ARG002 - SAM names what it makes of events in its own way
        """Return the mapping's UUID."""
        if output != "mapping_id":
            return None
        return Reference(event_logical_id(resource.function_arn.of, resource.id))

    def render(self, resource: EventSourceMapping, scope: Scope) -> Rendering:
        """Return an event of the function when it can be one, or a resource."""
        if is_event(resource, scope):
            type_, source = _EVENT_TYPES[resource.service]
            event = FunctionEvent(
                function=resource.function_arn.of,
                name=scope.logical_id(resource.id),
                type=type_,
                properties={source: scope.spell(resource.source_arn), **_polling(resource, scope)},
            )
            return Rendering(events=(event,))
        properties: dict[str, Any] = {"FunctionName": scope.spell(function_name(resource.function_arn))}
        if resource.source_arn is not None:
            properties["EventSourceArn"] = scope.spell(resource.source_arn)
        mapping = TemplateResource(
            type="AWS::Lambda::EventSourceMapping",
            properties={**properties, **_polling(resource, scope), **_kafka(resource, scope)},
        )
        return Rendering(resources={event_logical_id(resource.function_arn.of, resource.id): mapping})


def _polling(mapping: EventSourceMapping, scope: Scope) -> dict[str, Any]:
    """Return what both forms say in the same words."""
    properties: dict[str, Any] = {"BatchSize": mapping.batch_size}
    if mapping.starting_position is not None:
        properties["StartingPosition"] = mapping.starting_position
    properties["MaximumBatchingWindowInSeconds"] = mapping.maximum_batching_window
    optional = {
        "StartingPositionTimestamp": mapping.starting_position_timestamp,
        "MaximumRetryAttempts": mapping.maximum_retry_attempts,
        "MaximumRecordAgeInSeconds": mapping.maximum_record_age,
        "BisectBatchOnFunctionError": mapping.bisect_batch or None,
        "ParallelizationFactor": mapping.parallelization_factor,
        "TumblingWindowInSeconds": mapping.tumbling_window,
    }
    properties.update({name: value for name, value in optional.items() if value is not None})
    if mapping.maximum_concurrency is not None:
        properties["ScalingConfig"] = {"MaximumConcurrency": mapping.maximum_concurrency}
    if mapping.report_batch_item_failures:
        properties["FunctionResponseTypes"] = ["ReportBatchItemFailures"]
    if mapping.filter_patterns is not None:
        patterns = [{"Pattern": json.dumps(pattern)} for pattern in mapping.filter_patterns]
        properties["FilterCriteria"] = {"Filters": patterns}
    if mapping.on_failure is not None:
        # Without a type SAM adds no policy of its own: the role has one already.
        destination = {"Destination": scope.spell(mapping.on_failure)}
        properties["DestinationConfig"] = {"OnFailure": destination}
    return properties


def _kafka(mapping: EventSourceMapping, scope: Scope) -> dict[str, Any]:
    properties: dict[str, Any] = {}
    if mapping.topics:
        properties["Topics"] = list(mapping.topics)
    if mapping.bootstrap_servers:
        endpoints = {"KafkaBootstrapServers": list(mapping.bootstrap_servers)}
        properties["SelfManagedEventSource"] = {"Endpoints": endpoints}
    if mapping.source_access:
        properties["SourceAccessConfigurations"] = [
            {"Type": type_, "URI": scope.spell(uri)} for type_, uri in mapping.source_access
        ]
    if mapping.consumer_group is not None:
        managed = mapping.source_arn is not None
        name = "AmazonManagedKafkaEventSourceConfig" if managed else "SelfManagedKafkaEventSourceConfig"
        properties[name] = {"ConsumerGroupId": mapping.consumer_group}
    pollers = {"MinimumPollers": mapping.minimum_pollers, "MaximumPollers": mapping.maximum_pollers}
    if given := {name: number for name, number in pollers.items() if number is not None}:
        properties["ProvisionedPollerConfig"] = given
    return properties
