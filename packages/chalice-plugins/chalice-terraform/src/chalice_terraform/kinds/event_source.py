"""Pollers: ``aws_lambda_event_source_mapping``."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any, ClassVar

from chalice_terraform.expressions import Referring
from chalice_terraform.kinds.function import function_name
from chalice_terraform.renderer import KnownOutputs, Rendering, TerraformResource

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalice_core.kinds import EventSourceMapping
    from chalice_terraform.renderer import Scope


class EventSourceMappingRenderer(KnownOutputs):
    """Renders pollers."""

    expressions: ClassVar[Mapping[str, str]] = {"mapping_id": "aws_lambda_event_source_mapping.{name}.uuid"}

    def render(self, resource: EventSourceMapping, scope: Scope) -> Rendering:
        """Return the poller."""
        arguments: dict[str, Any] = {
            "function_name": scope.spell(function_name(resource.function_arn)),
            **_source(resource, scope),
            "batch_size": resource.batch_size,
            "maximum_batching_window_in_seconds": resource.maximum_batching_window,
            **_reading(resource),
            **_failures(resource, scope),
        }
        if resource.filter_patterns is not None:
            patterns = [{"pattern": scope.json(pattern)} for pattern in resource.filter_patterns]
            arguments["filter_criteria"] = {"filter": patterns}
        mapping = TerraformResource(
            type="aws_lambda_event_source_mapping", name=scope.name(resource.id), arguments=arguments
        )
        return Rendering(resources=(mapping,))


def _source(mapping: EventSourceMapping, scope: Scope) -> dict[str, Any]:
    arguments: dict[str, Any] = {}
    if mapping.source_arn is not None:
        arguments["event_source_arn"] = scope.spell(Referring(mapping.source_arn))
    if mapping.topics:
        arguments["topics"] = scope.spell(Referring(mapping.topics))
    if mapping.bootstrap_servers:
        servers = scope.spell(Referring(",".join(mapping.bootstrap_servers)))
        arguments["self_managed_event_source"] = {"endpoints": {"KAFKA_BOOTSTRAP_SERVERS": servers}}
    if mapping.source_access:
        arguments["source_access_configuration"] = [
            {"type": type, "uri": scope.spell(Referring(uri))} for type, uri in mapping.source_access
        ]
    if mapping.consumer_group is not None:
        kind = "self_managed_kafka" if mapping.bootstrap_servers else "amazon_managed_kafka"
        group = {"consumer_group_id": scope.spell(mapping.consumer_group)}
        arguments[f"{kind}_event_source_config"] = group
    pollers = {"minimum_pollers": mapping.minimum_pollers, "maximum_pollers": mapping.maximum_pollers}
    if given := {name: number for name, number in pollers.items() if number is not None}:
        arguments["provisioned_poller_config"] = given
    return arguments


def _reading(mapping: EventSourceMapping) -> dict[str, Any]:
    arguments: dict[str, Any] = {}
    if mapping.starting_position is not None:
        arguments["starting_position"] = mapping.starting_position
    if mapping.starting_position_timestamp is not None:
        moment = datetime.fromtimestamp(mapping.starting_position_timestamp, tz=timezone.utc)
        # RFC 3339, in the one way in which the provider writes it, too.
        arguments["starting_position_timestamp"] = moment.strftime("%Y-%m-%dT%H:%M:%SZ")
    if mapping.maximum_concurrency is not None:
        arguments["scaling_config"] = {"maximum_concurrency": mapping.maximum_concurrency}
    if mapping.parallelization_factor is not None:
        arguments["parallelization_factor"] = mapping.parallelization_factor
    if mapping.tumbling_window is not None:
        arguments["tumbling_window_in_seconds"] = mapping.tumbling_window
    return arguments


def _failures(mapping: EventSourceMapping, scope: Scope) -> dict[str, Any]:
    arguments: dict[str, Any] = {}
    if mapping.report_batch_item_failures:
        arguments["function_response_types"] = ["ReportBatchItemFailures"]
    if mapping.on_failure is not None:
        destination = {"destination_arn": scope.spell(Referring(mapping.on_failure))}
        arguments["destination_config"] = {"on_failure": destination}
    if mapping.maximum_retry_attempts is not None:
        arguments["maximum_retry_attempts"] = mapping.maximum_retry_attempts
    if mapping.maximum_record_age is not None:
        arguments["maximum_record_age_in_seconds"] = mapping.maximum_record_age
    if mapping.bisect_batch:
        arguments["bisect_batch_on_function_error"] = True
    return arguments
