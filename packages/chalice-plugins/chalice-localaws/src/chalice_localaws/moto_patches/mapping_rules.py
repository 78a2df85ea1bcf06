"""What AWS checks when an event source mapping is created or changed, and what is not emulated of it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from moto.awslambda.exceptions import InvalidParameterValueException
from moto.sqs.models import sqs_backends

from chalice_local import PatternError, check_pattern
from chalice_localaws.embedded.account import role_policies
from chalice_localaws.embedded.destinations import DestinationError, may_send
from chalice_localaws.embedded.event_sources import filter_patterns
from chalice_localaws.embedded.permissions import allows_action
from chalice_localaws.embedded.streams import dynamodb_table, kinesis_stream

if TYPE_CHECKING:
    from collections.abc import Mapping

    from moto.awslambda.models import LambdaFunction
    from moto.sqs.models import Queue

__all__ = ["check_role", "check_source", "check_spec", "find_queue", "service_of"]

# Sources that nothing here could poll, by the service in their ARN.
_UNKNOWN_SOURCES = {"kafka": "Apache Kafka (Amazon MSK)", "mq": "Amazon MQ", "rds": "Amazon DocumentDB"}
# Settings of a mapping that would change what is delivered, and that no poller here knows.
_NOT_EMULATED = {
    "ProvisionedPollerConfig": "a provisioned poller",
    "KMSKeyArn": "encrypted filter criteria",
}
_FOR_STREAMS_ONLY = (
    "BisectBatchOnFunctionError",
    "DestinationConfig",
    "MaximumRecordAgeInSeconds",
    "MaximumRetryAttempts",
    "ParallelizationFactor",
    "StartingPosition",
    "TumblingWindowInSeconds",
)
_MAX_BATCH = 10_000
_MAX_BATCH_AT_ONCE = 10
_MAX_WINDOW_SECONDS = 300
_MAX_RETRIES = 10_000
_AGES = range(60, 604_801)
_MAX_FILTERS = 10
_PARALLEL = range(1, 11)
_MAX_TUMBLING_SECONDS = 900
_STREAM_ACTIONS = {
    "kinesis": ("GetRecords", "GetShardIterator", "DescribeStream", "ListShards"),
    "dynamodb": ("GetRecords", "GetShardIterator", "DescribeStream"),
}


def service_of(spec: Mapping[str, Any]) -> str:
    """Return the service of a mapping's source: ``sqs``, ``kinesis`` or ``dynamodb``.

    Raises:
        InvalidParameterValueException: it is another, which is not emulated.
    """
    if spec.get("SelfManagedEventSource"):
        raise _not_emulated("An event source mapping for Apache Kafka (self-managed)")
    source = str(spec.get("EventSourceArn") or "")
    service = source.split(":")[2] if source.count(":") >= 5 else ""
    if service in _UNKNOWN_SOURCES:
        raise _not_emulated(f"An event source mapping for {_UNKNOWN_SOURCES[service]}")
    if service not in {"sqs", *_STREAM_ACTIONS}:
        raise InvalidParameterValueException(f"Unrecognized event source: {source!r}.")
    if service == "kinesis" and "/consumer/" in source:
        raise _not_emulated("An event source mapping for a consumer with enhanced fan-out")
    return service


def find_queue(arn: str) -> Queue:
    """Return moto's queue.

    Raises:
        InvalidParameterValueException: there is none.
    """
    _, _, _, region, account, name = arn.split(":", 5)
    queue: Queue | None = sqs_backends[account][region].queues.get(name)
    if queue is None:
        raise InvalidParameterValueException(
            f"Error occurred while ReceiveMessage. SQS Error Code: AWS.SimpleQueueService.NonExistentQueue. "
            f"SQS Error Message: The specified queue does not exist: {arn}"
        )
    return queue


def check_source(source: str) -> None:
    """Raise when a stream does not exist."""
    found = kinesis_stream(source) if ":kinesis:" in source else dynamodb_table(source)
    if found is None:
        raise InvalidParameterValueException(f"Stream not found: {source}")


def check_role(function: LambdaFunction, source: str) -> None:
    """Raise as AWS does when the role may not do what the poller does in its name."""
    service = source.split(":")[2]
    policies = role_policies(function.role)
    if service == "sqs":
        for action in ("ReceiveMessage", "DeleteMessage", "GetQueueAttributes"):
            if not allows_action(policies, action=f"sqs:{action}", resource=source):
                raise InvalidParameterValueException(
                    f"The provided execution role does not have permissions to call {action} on SQS"
                )
        return
    wanted = _STREAM_ACTIONS[service]
    if not all(allows_action(policies, action=f"{service}:{action}", resource=source) for action in wanted):
        raise InvalidParameterValueException(
            f"Cannot access stream {source}. Please ensure the role can perform the "
            f"{', '.join(wanted[:-1])}, and {wanted[-1]} Actions on your stream in IAM."
        )


def check_spec(spec: Mapping[str, Any], service: str, source: str, function: LambdaFunction) -> None:
    """Raise what AWS raises, and what is not emulated.

    Args:
        spec: all settings of the mapping, as they would be.
        service: of the source.
        source: its ARN.
        function: the mapping's.
    """
    for key, feature in _NOT_EMULATED.items():
        if _says_something(spec.get(key)):
            raise _not_emulated(f"{key}: an event source mapping with {feature}")
    _check_filters(spec)
    window = int(spec.get("MaximumBatchingWindowInSeconds") or 0)
    if not 0 <= window <= _MAX_WINDOW_SECONDS:
        raise InvalidParameterValueException(
            f"Maximum batch window in seconds must be between 0 and {_MAX_WINDOW_SECONDS}."
        )
    if service == "sqs":
        _check_queue(spec, find_queue(source), function, window)
    else:
        _check_stream(spec, service, function)


def _check_queue(spec: Mapping[str, Any], queue: Queue, function: LambdaFunction, window: int) -> None:
    for key in _FOR_STREAMS_ONLY:
        if _says_something(spec.get(key)):
            raise InvalidParameterValueException(
                f"Unsupported {key} parameter for given event source mapping type."
            )
    size = int(spec.get("BatchSize") or _MAX_BATCH_AT_ONCE)
    if not 1 <= size <= (_MAX_BATCH_AT_ONCE if queue.fifo_queue else _MAX_BATCH):
        raise InvalidParameterValueException(f"Batch size {size} is not allowed for this queue.")
    if window and queue.fifo_queue:
        raise InvalidParameterValueException("Batching window is not supported for FIFO queues.")
    if size > _MAX_BATCH_AT_ONCE and not window:
        raise InvalidParameterValueException(
            "Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10"
        )
    visibility = int(queue.visibility_timeout)  # type: ignore[attr-defined]  # moto sets it by name
    if visibility < int(function.timeout):
        raise InvalidParameterValueException(
            f"Queue visibility timeout: {visibility} seconds is less than "
            f"Function timeout: {function.timeout} seconds"
        )


def _check_stream(spec: Mapping[str, Any], service: str, function: LambdaFunction) -> None:
    if _says_something(spec.get("ScalingConfig")):
        raise InvalidParameterValueException(
            "Unsupported ScalingConfig parameter for given event source mapping type."
        )
    position = spec.get("StartingPosition")
    positions = {"LATEST", "TRIM_HORIZON"} | ({"AT_TIMESTAMP"} if service == "kinesis" else set())
    if position not in positions:
        raise InvalidParameterValueException(
            f"Unsupported starting position for {service} event source: {position!r}. "
            f"Please provide one of {', '.join(sorted(positions))}."
        )
    if position == "AT_TIMESTAMP" and spec.get("StartingPositionTimestamp") is None:
        raise InvalidParameterValueException("StartingPositionTimestamp is required with AT_TIMESTAMP.")
    size = int(spec.get("BatchSize") or 1)
    if not 1 <= size <= _MAX_BATCH:
        raise InvalidParameterValueException(f"Batch size {size} is not allowed for this stream.")
    retries = int(spec.get("MaximumRetryAttempts") or 0)
    if not -1 <= retries <= _MAX_RETRIES:
        raise InvalidParameterValueException(f"MaximumRetryAttempts must be between -1 and {_MAX_RETRIES}.")
    age = int(spec.get("MaximumRecordAgeInSeconds") or -1)
    if age != -1 and age not in _AGES:
        raise InvalidParameterValueException("MaximumRecordAgeInSeconds must be -1 or between 60 and 604800.")
    # Accepted and kept. Here a shard has one invocation at a time, as it may happen to have in AWS.
    if int(spec.get("ParallelizationFactor") or 1) not in _PARALLEL:
        raise InvalidParameterValueException("ParallelizationFactor must be between 1 and 10.")
    tumbling = int(spec.get("TumblingWindowInSeconds") or 0)
    if not 0 <= tumbling <= _MAX_TUMBLING_SECONDS:
        raise InvalidParameterValueException(
            f"TumblingWindowInSeconds must be between 0 and {_MAX_TUMBLING_SECONDS}."
        )
    _check_destination(spec, function)


def _check_destination(spec: Mapping[str, Any], function: LambdaFunction) -> None:
    destination = ((spec.get("DestinationConfig") or {}).get("OnFailure") or {}).get("Destination")
    if not destination:
        return
    try:
        missing = may_send(function.role, destination)
    except DestinationError as error:
        raise InvalidParameterValueException(str(error)) from error
    if destination.split(":")[2] not in {"sqs", "sns", "s3"}:
        raise InvalidParameterValueException(
            f"A stream's destination is a queue, a topic or a bucket, and not {destination}."
        )
    if missing is not None:
        raise InvalidParameterValueException(
            f"The function's execution role does not have permissions to call {missing} on {destination}"
        )


def _check_filters(spec: Mapping[str, Any]) -> None:
    patterns = filter_patterns(spec.get("FilterCriteria"))
    if len(patterns) > _MAX_FILTERS:
        raise InvalidParameterValueException(f"A mapping has at most {_MAX_FILTERS} filters.")
    for pattern in patterns:
        reason = _fault(pattern)
        if reason is not None:
            raise InvalidParameterValueException(f"Invalid filter pattern definition. {reason}")


def _fault(pattern: str) -> str | None:
    try:
        check_pattern(json.loads(pattern))
    except PatternError as error:
        return str(error)
    except ValueError:
        return f"It is not JSON: {pattern}"
    return None


def _not_emulated(feature: str) -> InvalidParameterValueException:
    return InvalidParameterValueException(f"{feature} is not emulated on this machine.")


def _says_something(value: Any) -> bool:
    """Return whether a setting is there: ``{"Filters": []}`` is how callers say that it is not."""
    if isinstance(value, dict):
        return any(_says_something(inner) for inner in value.values())
    return bool(value)
