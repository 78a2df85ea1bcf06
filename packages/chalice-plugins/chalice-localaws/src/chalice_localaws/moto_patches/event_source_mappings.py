"""Event source mappings: our pollers instead of moto's triggers, and AWS's checks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from moto.awslambda.exceptions import LambdaClientError
from moto.awslambda.models import LambdaBackend

from chalice_localaws.moto_patches.mapping_rules import (
    check_role,
    check_source,
    check_spec,
    find_queue,
    service_of,
)
from chalice_localaws.moto_patches.patching import Patch
from chalice_localaws.moto_patches.queues import queue_lock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from moto.awslambda.models import EventSourceMapping

    from chalice_localaws.moto_patches.patching import Plane

__all__ = ["PATCHES"]


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
        service = service_of(spec)
        source = str(spec["EventSourceArn"])
        function = self.get_function(str(spec.get("FunctionName") or ""))
        if service != "sqs":
            check_source(source)
        check_spec(spec, service, source, function)
        check_role(function, source)
        for known in list(self._event_source_mappings.values()):
            if known.event_source_arn == source and known.function_arn == function.function_arn:
                raise _ConflictError(source, function.function_name, known.uuid)
        if service == "sqs":
            queue = find_queue(source)
            with queue_lock(queue):
                mapping: EventSourceMapping = original(self, spec)
                # moto would invoke the function within send_message, once per message and never again.
                queue.lambda_event_source_mappings.clear()
        else:
            # Streams are told not to deliver when something is put into them.
            mapping = original(self, spec)
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
            source = mapping.event_source_arn
            service = source.split(":")[2]
            settings = {**mapping.get_configuration(), **spec}
            settings["StartingPositionTimestamp"] = mapping.starting_position_timestamp
            check_spec(settings, service, source, function)
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
