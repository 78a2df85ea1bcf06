"""Event source mappings: Lambda polls a queue, a stream or a Kafka topic for a function.

``CreateEventSourceMapping`` and ``UpdateEventSourceMapping``, AWS Lambda API Reference, say what is changed
in place, and which setting belongs to which source: Lambda refuses one of another source, even an empty one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from chalice_core.artifact import Artifacts
from chalice_core.kinds import EventSourceMapping, Resource
from chalice_core.polling import pattern_text
from chalice_core.target import DeployedValue
from chalice_deploy.cloud import OWNER_TAG, Cloud
from chalice_deploy.errors import NotFoundError
from chalice_deploy.handler import Deployed, Found, PlaceFacts, Task
from chalice_deploy.properties import Properties, Rendered
from chalice_deploy.record import Entry


class EventSourceMappings:
    """How a `chalice_core.kinds.EventSourceMapping` is deployed."""

    replaces = frozenset(
        {
            "EventSourceArn",
            "StartingPosition",
            "StartingPositionTimestamp",
            "Topics",
            "SelfManagedEventSource",
            "AmazonManagedKafkaEventSourceConfig",
            "SelfManagedKafkaEventSourceConfig",
        }
    )
    may_share = False
    # Lambda refuses a second mapping of one function and source only for some sources.
    looks_first = True

    def name(self, resource: Resource) -> str:
        """Return the resource's id; AWS knows mappings by UUIDs only."""
        return resource.id

    def desired(self, resource: Resource, artifacts: Artifacts) -> Properties:  # noqa: ARG002  # the protocol's
        """Return what CreateEventSourceMapping takes."""
        if not isinstance(resource, EventSourceMapping):
            raise TypeError(f"{resource!r} is not an EventSourceMapping")
        concurrency, failures = resource.maximum_concurrency, resource.report_batch_item_failures
        patterns, servers = resource.filter_patterns, resource.bootstrap_servers
        return {
            "EventSourceArn": resource.source_arn,
            "FunctionName": resource.function_arn,
            "BatchSize": resource.batch_size,
            "MaximumBatchingWindowInSeconds": resource.maximum_batching_window,
            "StartingPosition": resource.starting_position,
            "StartingPositionTimestamp": resource.starting_position_timestamp,
            "ScalingConfig": None if concurrency is None else {"MaximumConcurrency": concurrency},
            "FunctionResponseTypes": ["ReportBatchItemFailures"] if failures else None,
            "FilterCriteria": None
            if patterns is None
            else {"Filters": [{"Pattern": pattern_text(pattern)} for pattern in patterns]},
            "DestinationConfig": None
            if resource.on_failure is None
            else {"OnFailure": {"Destination": resource.on_failure}},
            "MaximumRetryAttempts": resource.maximum_retry_attempts,
            "MaximumRecordAgeInSeconds": resource.maximum_record_age,
            "BisectBatchOnFunctionError": True if resource.bisect_batch else None,
            "ParallelizationFactor": resource.parallelization_factor,
            "TumblingWindowInSeconds": resource.tumbling_window,
            "Topics": list(resource.topics) or None,
            "SelfManagedEventSource": {"Endpoints": {"KAFKA_BOOTSTRAP_SERVERS": list(servers)}}
            if servers
            else None,
            "SourceAccessConfigurations": [{"Type": type, "URI": uri} for type, uri in resource.source_access]
            or None,
            **_kafka(resource),
        }

    def key(self, properties: Mapping[str, Any]) -> Mapping[str, Any]:
        """A mapping is recognised by its source and function; one of Kafka by its topic as well."""
        key = {"FunctionName": properties["FunctionName"], "EventSourceArn": properties.get("EventSourceArn")}
        kafka = {name: properties.get(name) for name in ("Topics", "SelfManagedEventSource")}
        return key | {name: value for name, value in kafka.items() if value is not None}

    def create(self, cloud: Cloud, task: Task) -> Deployed:
        """Create the mapping and wait until it polls."""
        answer = cloud.call(
            "lambda",
            "CreateEventSourceMapping",
            task.name,
            again=_role_is_new,
            already="ResourceConflictException",
            Tags={OWNER_TAG: cloud.owner(task.id)},
            **{name: value for name, value in task.properties.items() if value is not None},
        )
        _wait_until_enabled(cloud, task.name, answer)
        return _deployed(answer)

    def find(self, cloud: Cloud, id: str, key: Mapping[str, Any]) -> Found | None:
        """Look for a mapping of the function and source; one that is being deleted is waited for."""
        mappings = cloud.pages(
            "lambda",
            "ListEventSourceMappings",
            id,
            items="EventSourceMappings",
            FunctionName=key["FunctionName"],
            **({} if key["EventSourceArn"] is None else {"EventSourceArn": key["EventSourceArn"]}),
        )
        try:
            every = [mapping for mapping in mappings if _reads(mapping, key)]
        except NotFoundError:  # of the function
            return None
        found = [mapping for mapping in every if mapping.get("State") != "Deleting"]
        for going in every:
            if going.get("State") == "Deleting":  # its place is not free before it is gone
                _wait_until_gone(cloud, id, going["UUID"])
        if not found:
            return None
        arn = found[0].get("EventSourceMappingArn") or _arn(cloud, found[0]["UUID"])
        tags = cloud.call("lambda", "ListTags", id, Resource=arn).get("Tags", {})
        return Found(deployed=_deployed(found[0]), ours=cloud.is_ours(tags))

    def update(self, cloud: Cloud, task: Task, before: Entry, changed: frozenset[str]) -> Deployed:
        """Change what differs."""
        answer = cloud.call(
            "lambda",
            "UpdateEventSourceMapping",
            task.name,
            again=lambda code, message: _in_use(code, message) or _role_is_new(code, message),
            UUID=before.identity["UUID"],
            **_changes(task.properties, changed, _may_have(cloud, task, before)),
        )
        if "UUID" not in answer:  # moto's way to say that it knows no such mapping
            raise NotFoundError(
                operation="UpdateEventSourceMapping",
                resource=task.name,
                aws_code="ResourceNotFoundException",
                message="There is no such mapping.",
            )
        _wait_until_enabled(cloud, task.name, answer)
        return Deployed(identity=before.identity, outputs=before.outputs)

    def delete(self, cloud: Cloud, id: str, before: Entry) -> None:
        """Delete the mapping and wait until it is gone."""
        uuid = before.identity["UUID"]
        try:
            cloud.call("lambda", "DeleteEventSourceMapping", id, again=_in_use, UUID=uuid)
        except NotFoundError:
            return
        _wait_until_gone(cloud, id, uuid)

    def summary(self, id: str, entry: Entry, cloud: PlaceFacts) -> Mapping[str, str] | None:  # noqa: ARG002
        """Return the ``sqs_event``, ``kinesis_event`` or ``dynamodb_event`` of schema 2.0."""
        arn = str(entry.key["EventSourceArn"])
        common = {
            "name": id,
            "event_uuid": entry.identity["UUID"],
            "lambda_arn": str(entry.key["FunctionName"]),
        }
        service = _service(entry.key)
        if service == "sqs":
            values = {"resource_type": "sqs_event", "queue": arn.rsplit(":", 1)[-1], "queue_arn": arn}
        elif service == "kinesis":
            # A consumer's ARN goes on behind the name of its stream.
            values = {"resource_type": "kinesis_event", "stream": arn.split("/")[1], "kinesis_arn": arn}
        elif service == "dynamodb":
            values = {"resource_type": "dynamodb_event", "stream_arn": arn}
        else:
            return None
        return {**common, **values}

    def report(self, entry: Entry, cloud: PlaceFacts) -> Sequence[DeployedValue]:  # noqa: ARG002
        """Nobody asks for mappings."""
        return ()


# What stands for "not set" in an update; leaving a setting out leaves it as it is.
_ANY_SOURCE: Rendered = {"FunctionResponseTypes": [], "FilterCriteria": {}}
_QUEUE: Rendered = {"ScalingConfig": {}}
_KAFKA: Rendered = {
    "DestinationConfig": {"OnFailure": {"Destination": ""}},
    "MaximumRetryAttempts": -1,
    "MaximumRecordAgeInSeconds": -1,
    "BisectBatchOnFunctionError": False,
    "SourceAccessConfigurations": [],
    "ProvisionedPollerConfig": {},
}
_STREAM: Rendered = {
    "DestinationConfig": {"OnFailure": {"Destination": ""}},
    "MaximumRetryAttempts": -1,
    "MaximumRecordAgeInSeconds": -1,
    "BisectBatchOnFunctionError": False,
    "ParallelizationFactor": 1,
    "TumblingWindowInSeconds": 0,
}
_CLEARED: Mapping[str, Rendered] = {
    "sqs": _ANY_SOURCE | _QUEUE,
    "kinesis": _ANY_SOURCE | _STREAM,
    "dynamodb": _ANY_SOURCE | _STREAM,
    "kafka": _ANY_SOURCE | _KAFKA,
}


def _kafka(mapping: EventSourceMapping) -> dict[str, Any]:
    """Return the settings that Kafka alone has."""
    pollers = {"MinimumPollers": mapping.minimum_pollers, "MaximumPollers": mapping.maximum_pollers}
    given = {name: number for name, number in pollers.items() if number is not None}
    config = "SelfManagedKafka" if mapping.bootstrap_servers else "AmazonManagedKafka"
    group = mapping.consumer_group
    return {
        "ProvisionedPollerConfig": given or None,
        f"{config}EventSourceConfig": None if group is None else {"ConsumerGroupId": group},
    }


def _service(properties: Mapping[str, Any]) -> str:
    arn = properties.get("EventSourceArn")
    return "kafka" if arn is None else str(arn).split(":")[2]


def _reads(mapping: Mapping[str, Any], key: Mapping[str, Any]) -> bool:
    """Return whether a mapping in AWS is the one with that key."""
    return all(mapping.get(name) == key.get(name) for name in ("Topics", "SelfManagedEventSource"))


def _may_have(cloud: Cloud, task: Task, before: Entry) -> Mapping[str, Any]:
    """Return the settings that the mapping may have at present; the unwanted ones have to be cleared."""
    known = [*task.earlier, before.properties]
    if not before.properties:  # it has been adopted, and nobody remembers how it was made
        known.append(cloud.call("lambda", "GetEventSourceMapping", task.name, UUID=before.identity["UUID"]))
    return {name: value for properties in known for name, value in properties.items() if value}


def _changes(wanted: Rendered, changed: frozenset[str], held: Mapping[str, Any]) -> Rendered:
    """Return what UpdateEventSourceMapping takes for the properties that differ."""
    cleared = _CLEARED.get(_service(wanted), _ANY_SOURCE)
    values = {name: wanted.get(name) for name in sorted(changed - EventSourceMappings.replaces)}
    return {
        name: cleared[name] if value is None else value
        for name, value in values.items()
        if value is not None or (name in cleared and name in held and held[name] != cleared[name])
    }


def _role_is_new(code: str, message: str) -> bool:
    # Lambda checks that the role may read the source, and IAM takes a while to tell everyone that it may.
    return code == "InvalidParameterValueException" and any(
        phrase in message.lower() for phrase in ("does not have permissions to call", "cannot be assumed")
    )


def _in_use(code: str, message: str) -> bool:
    return code in ("ResourceInUseException", "ResourceConflictException") and any(
        phrase in message.lower() for phrase in ("in use", "in progress", "cannot update", "cannot delete")
    )


def _wait_until_enabled(cloud: Cloud, name: str, answer: Mapping[str, Any]) -> None:
    latest = [answer]

    def look() -> tuple[bool, str]:
        if latest[0].get("State") in ("Creating", "Enabling", "Updating"):
            latest[0] = cloud.call("lambda", "GetEventSourceMapping", name, UUID=answer["UUID"])
        state = str(latest[0].get("State"))
        return state not in ("Creating", "Enabling", "Updating"), state

    cloud.wait(name, "enabled", look)


def _wait_until_gone(cloud: Cloud, name: str, uuid: str) -> None:
    def look() -> tuple[bool, str]:
        try:
            mapping = cloud.call("lambda", "GetEventSourceMapping", name, UUID=uuid)
        except NotFoundError:
            return True, "gone"
        return False, str(mapping.get("State"))

    cloud.wait(name, "deleted", look)


def _arn(cloud: Cloud, uuid: str) -> str:
    return f"arn:{cloud.partition}:lambda:{cloud.region}:{cloud.account}:event-source-mapping:{uuid}"


def _deployed(mapping: Mapping[str, Any]) -> Deployed:
    return Deployed(identity={"UUID": mapping["UUID"]}, outputs={"mapping_id": mapping["UUID"]})
