"""A Kinesis event as Lambda delivers it, made up for tests.

Shape: "Using Lambda to process records from Amazon Kinesis Data Streams", AWS Lambda Developer Guide.
"""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

REGION = "us-west-2"
ACCOUNT = "123456789012"
SHARD = "shardId-000000000006"
ARRIVED = 1_700_000_000.987
"""Seconds since 1970; always the same, so that a sample is, too."""
FIRST = 49590338271490256608559692538361571095921575989136588898
"""A sequence number as Kinesis makes them; those of later records are greater."""


def generate_kinesis_event(
    message_bodies: Iterable[bytes], stream_name: str = "stream-name"
) -> dict[str, Any]:
    """Return the event that carries these records; the same arguments give the same event.

    Args:
        message_bodies: The data of each record.
        stream_name: Name of the stream.

    Raises:
        TypeError: The data of a record is not bytes.
    """
    return {"Records": [_record(body, stream_name, index) for index, body in enumerate(message_bodies)]}


def _record(body: bytes, stream_name: str, index: int) -> dict[str, Any]:
    sequence_number = str(FIRST + index)
    return {
        "kinesis": {
            "kinesisSchemaVersion": "1.0",
            "partitionKey": "1",
            "sequenceNumber": sequence_number,
            "data": b64encode(body).decode("ascii"),
            "approximateArrivalTimestamp": ARRIVED + index,
        },
        "eventSource": "aws:kinesis",
        "eventVersion": "1.0",
        "eventID": f"{SHARD}:{sequence_number}",
        "eventName": "aws:kinesis:record",
        "invokeIdentityArn": f"arn:aws:iam::{ACCOUNT}:role/lambda-role",
        "awsRegion": REGION,
        "eventSourceARN": f"arn:aws:kinesis:{REGION}:{ACCOUNT}:stream/{stream_name}",
    }
