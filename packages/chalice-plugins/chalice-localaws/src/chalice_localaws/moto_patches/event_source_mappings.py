"""Event source mappings: our poller instead of moto's trigger, and AWS's checks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from moto.awslambda.exceptions import InvalidParameterValueException, LambdaClientError
from moto.awslambda.models import LambdaBackend
from moto.sqs.models import sqs_backends

from chalice_localaws.embedded.account import role_policies
from chalice_localaws.embedded.permissions import allows_action
from chalice_localaws.moto_patches.patching import Patch
from chalice_localaws.moto_patches.queues import queue_lock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from moto.awslambda.models import EventSourceMapping, LambdaFunction
    from moto.sqs.models import Queue

    from chalice_localaws.moto_patches.patching import Plane

__all__ = ["PATCHES"]

# Settings of a mapping that would change what is delivered, and that the poller does not know.
_NOT_EMULATED = {
    "FilterCriteria": "filter criteria",
    "ProvisionedPollerConfig": "a provisioned poller",
    "KMSKeyArn": "encrypted filter criteria",
    "DestinationConfig": "a destination",
}
_MAX_BATCH = 10_000
_MAX_BATCH_AT_ONCE = 10
_MAX_WINDOW_SECONDS = 300


class _ConflictError(LambdaClientError):
    code = 409

    def __init__(self, source: str, function: str, uuid: str) -> None:
        super().__init__(
            "ResourceConflictException",
            f'An event source mapping with event source arn (" {source} ") and function (" {function} ") '
            f"already exists. Please update or delete the existing mapping with UUID {uuid}",
        )


def _create(original: Callable[..., Any], plane: Plane) -> Callable[..., Any]:
    def create_event_source_mapping(self: LambdaBackend, spec: dict[str, Any]) -> EventSourceMapping:
        source = str(spec.get("EventSourceArn") or "")
        service = source.split(":")[2] if source.count(":") >= 5 else ""
        if service != "sqs":
            raise InvalidParameterValueException(
                f"An event source other than an SQS queue is not emulated on this machine: {source!r}."
            )
        function = self.get_function(str(spec.get("FunctionName") or ""))
        queue = _queue(source)
        _check(spec, queue, function, batch_size=spec.get("BatchSize"))
        _check_role(function, source)
        for known in list(self._event_source_mappings.values()):
            if known.event_source_arn == source and known.function_arn == function.function_arn:
                raise _ConflictError(source, function.function_name, known.uuid)
        with queue_lock(queue):
            mapping: EventSourceMapping = original(self, spec)
            # moto would invoke the function within send_message, once per message and never again.
            queue.lambda_event_source_mappings.clear()
        # Callers name the function in four ways; the listing compares one.
        mapping.function_name = function.function_name
        plane.mapping_created(mapping)
        return mapping

    return create_event_source_mapping


def _update(original: Callable[..., Any], plane: Plane) -> Callable[..., Any]:  # noqa: ARG001 - the poller asks
    def update_event_source_mapping(
        self: LambdaBackend, uuid: str, spec: dict[str, Any]
    ) -> EventSourceMapping | None:
        mapping = self.get_event_source_mapping(uuid)
        if mapping is not None:
            name = spec.get("FunctionName") or mapping.function_name
            function = self.get_function(str(name))
            batch_size = spec.get("BatchSize") or mapping.batch_size
            window = spec.get("MaximumBatchingWindowInSeconds", mapping.max_batch_window)
            _check(
                {**spec, "MaximumBatchingWindowInSeconds": window},
                _queue(mapping.event_source_arn),
                function,
                batch_size=batch_size,
            )
        updated: EventSourceMapping | None = original(self, uuid, spec)
        if updated is not None and spec.get("FunctionName"):
            updated.function_name = function.function_name
        return updated

    return update_event_source_mapping


def _list(original: Callable[..., Any], plane: Plane) -> Callable[..., Any]:  # noqa: ARG001 - nothing runs
    def list_event_source_mappings(
        self: LambdaBackend, event_source_arn: str, function_name: str
    ) -> Iterable[EventSourceMapping]:
        name = function_name
        if name and ":function:" in name:
            name = name.split(":function:")[1].split(":")[0]
        mappings: Iterable[EventSourceMapping] = original(self, event_source_arn, name)
        return mappings

    return list_event_source_mappings


def _queue(arn: str) -> Queue:
    _, _, _, region, account, name = arn.split(":", 5)
    queue: Queue | None = sqs_backends[account][region].queues.get(name)
    if queue is None:
        raise InvalidParameterValueException(
            f"Error occurred while ReceiveMessage. SQS Error Code: AWS.SimpleQueueService.NonExistentQueue. "
            f"SQS Error Message: The specified queue does not exist: {arn}"
        )
    return queue


def _check(spec: dict[str, Any], queue: Queue, function: LambdaFunction, *, batch_size: Any) -> None:
    """Raise what AWS raises, and what we do not emulate."""
    for key, feature in _NOT_EMULATED.items():
        if _says_something(spec.get(key)):
            raise InvalidParameterValueException(
                f"{key}: an event source mapping with {feature} is not emulated on this machine."
            )
    size = int(batch_size or _MAX_BATCH_AT_ONCE)
    window = int(spec.get("MaximumBatchingWindowInSeconds") or 0)
    if not 1 <= size <= (_MAX_BATCH_AT_ONCE if queue.fifo_queue else _MAX_BATCH):
        raise InvalidParameterValueException(f"Batch size {size} is not allowed for this queue.")
    if not 0 <= window <= _MAX_WINDOW_SECONDS:
        raise InvalidParameterValueException(
            f"Maximum batch window in seconds must be between 0 and {_MAX_WINDOW_SECONDS}."
        )
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


def _says_something(value: Any) -> bool:
    """Return whether a setting is there: ``{"Filters": []}`` is how callers say that it is not."""
    if isinstance(value, dict):
        return any(_says_something(inner) for inner in value.values())
    return bool(value)


def _check_role(function: LambdaFunction, queue_arn: str) -> None:
    """Raise as AWS does when the role may not do what the poller does in its name."""
    policies = role_policies(function.role)
    for action in ("ReceiveMessage", "DeleteMessage", "GetQueueAttributes"):
        if not allows_action(policies, action=f"sqs:{action}", resource=queue_arn):
            raise InvalidParameterValueException(
                f"The provided execution role does not have permissions to call {action} on SQS"
            )


PATCHES = (
    Patch(
        owner=LambdaBackend,
        name="create_event_source_mapping",
        parameters="self, spec",
        why="moto delivers messages one by one inside send_message, and retries none.",
        make=_create,
    ),
    Patch(
        owner=LambdaBackend,
        name="update_event_source_mapping",
        parameters="self, uuid, spec",
        why="moto checks none of the rules for batches.",
        make=_update,
    ),
    Patch(
        owner=LambdaBackend,
        name="list_event_source_mappings",
        parameters="self, event_source_arn, function_name",
        why="moto finds a mapping only by the very spelling of the function that created it.",
        make=_list,
    ),
)
