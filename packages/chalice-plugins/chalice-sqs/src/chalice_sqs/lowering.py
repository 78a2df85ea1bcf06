"""What an SQS declaration becomes: a permission to read the queue, and the poller that waits for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalice_core.kinds import EventSourceMapping, Function, Grant, Resource
from chalice_core.values import ResourceId
from chalice_sqs.queue import queue_arn

if TYPE_CHECKING:
    from chalice_core.manifest import EventDeclaration

POLLER_ACTIONS = ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes")
"""What the poller does, as the role ("Using Lambda with Amazon SQS", AWS Lambda Developer Guide)."""


def lower(event: EventDeclaration, function: Function) -> tuple[Resource, ...]:
    """Return the resources that deliver the queue's messages to ``function``.

    Args:
        event: an SQS declaration without problems (`chalice_sqs.limits.problems`).
        function: the function that receives the messages.
    """
    options = event.options
    source = queue_arn(options)
    grant = Grant(
        id=ResourceId(f"{function.id}-reads-queue"),
        role=function.role,
        actions=POLLER_ACTIONS,
        on=(source,),
    )
    mapping = EventSourceMapping(
        id=ResourceId(f"{function.id}-sqs-event-source"),
        function_arn=function.arn,
        source_arn=source,
        service="sqs",
        batch_size=options.get("batch_size", 1),
        maximum_batching_window=options.get("maximum_batching_window_in_seconds", 0),
        maximum_concurrency=options.get("maximum_concurrency"),
        report_batch_item_failures=options.get("report_batch_item_failures", False),
        # Lambda refuses a mapping whose role cannot read the queue.
        after=(grant.id,),
    )
    return (grant, mapping)
