"""What an SQS declaration becomes: a permission to read the queue, and the poller that waits for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalice_core.kinds import Function, Grant, Resource
from chalice_core.polling import lower_polled
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
    source = queue_arn(event.options)
    grant = Grant(
        id=ResourceId(f"{function.id}-reads-queue"),
        role=function.role,
        actions=POLLER_ACTIONS,
        on=(source,),
    )
    return lower_polled(
        event.options,
        function,
        id=f"{function.id}-sqs-event-source",
        service="sqs",
        source_arn=source,
        grants=(grant,),
        default_batch_size=1,
    )
