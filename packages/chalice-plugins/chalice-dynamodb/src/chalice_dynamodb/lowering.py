"""What a DynamoDB declaration becomes: permissions to read the stream, and the poller that waits for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalice_core.kinds import Function, Grant, Resource
from chalice_core.polling import lower_polled
from chalice_core.values import ResourceId

if TYPE_CHECKING:
    from chalice_core.manifest import EventDeclaration

READER_ACTIONS = ("dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator")
"""What the poller does with the stream, as the role ("Process DynamoDB records with Lambda", AWS Lambda
Developer Guide)."""

LIST_ACTIONS = ("dynamodb:ListStreams",)
"""Lambda asks for it, too, and it is about all streams of the account."""


def lower(event: EventDeclaration, function: Function) -> tuple[Resource, ...]:
    """Return the resources that deliver the stream's records to ``function``.

    Args:
        event: a DynamoDB declaration without problems (`chalice_dynamodb.limits.problems`).
        function: the function that receives the records.
    """
    source = str(event.options["stream_arn"])
    needs = (("reads-stream", READER_ACTIONS, source), ("lists-streams", LIST_ACTIONS, "*"))
    return lower_polled(
        event.options,
        function,
        id=f"{function.id}-dynamodb-event-source",
        service="dynamodb",
        source_arn=source,
        grants=[
            Grant(id=ResourceId(f"{function.id}-{name}"), role=function.role, actions=actions, on=(on,))
            for name, actions, on in needs
        ],
        default_batch_size=100,
    )
