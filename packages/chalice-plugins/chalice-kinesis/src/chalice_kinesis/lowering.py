"""What a Kinesis declaration becomes: permissions to read the stream, and the poller that waits for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalice_core.kinds import Function, Grant, Resource
from chalice_core.polling import lower_polled
from chalice_core.values import ResourceId
from chalice_kinesis.stream import is_consumer, source_arn, stream_arn

if TYPE_CHECKING:
    from chalice_core.manifest import EventDeclaration

READER_ACTIONS = (
    "kinesis:DescribeStream",
    "kinesis:DescribeStreamSummary",
    "kinesis:GetRecords",
    "kinesis:GetShardIterator",
    "kinesis:ListShards",
)
"""What the poller does with the stream, as the role ("Process Amazon Kinesis Data Streams records with
Lambda", AWS Lambda Developer Guide)."""

CONSUMER_ACTIONS = ("kinesis:SubscribeToShard",)
"""What it does with a consumer."""

LIST_ACTIONS = ("kinesis:ListStreams",)
"""Lambda asks for it, too, and IAM knows no resource for it but all ("Actions, resources, and condition keys
for Amazon Kinesis Data Streams", Service Authorization Reference)."""


def lower(event: EventDeclaration, function: Function) -> tuple[Resource, ...]:
    """Return the resources that deliver the stream's records to ``function``.

    Args:
        event: a Kinesis declaration without problems (`chalice_kinesis.limits.problems`).
        function: the function that receives the records.
    """
    stream = str(event.options["stream"])
    source = source_arn(stream)
    needs = [("reads-stream", READER_ACTIONS, stream_arn(stream)), ("lists-streams", LIST_ACTIONS, "*")]
    if is_consumer(stream):
        needs.append(("subscribes-to-shards", CONSUMER_ACTIONS, source))
    return lower_polled(
        event.options,
        function,
        id=f"{function.id}-kinesis-event-source",
        service="kinesis",
        source_arn=source,
        grants=[
            Grant(id=ResourceId(f"{function.id}-{name}"), role=function.role, actions=actions, on=(on,))
            for name, actions, on in needs
        ],
        default_batch_size=100,
    )
