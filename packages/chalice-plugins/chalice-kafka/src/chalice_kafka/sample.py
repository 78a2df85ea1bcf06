"""A Kafka event as Lambda delivers it, made up for tests.

Shape: "Using Lambda with Amazon MSK" and "Using Lambda with self-managed Apache Kafka", AWS Lambda Developer
Guide.
"""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

REGION = "us-west-2"
ACCOUNT = "123456789012"
CLUSTER = f"arn:aws:kafka:{REGION}:{ACCOUNT}:cluster/cluster-name/01234567-89ab-cdef-0123-456789abcdef-1"
BROKERS = f"b-1.cluster-name.a1b2c3.c2.kafka.{REGION}.amazonaws.com:9098"
MADE = 1_700_000_000_987
"""Milliseconds since 1970; always the same, so that a sample is, too."""


def generate_kafka_event(message_bodies: Iterable[bytes], topic: str = "topic-name") -> dict[str, Any]:
    """Return the event that carries these records of one partition; the same arguments give the same event.

    Args:
        message_bodies: The value of each record.
        topic: Name of the topic.

    Raises:
        TypeError: The value of a record is not bytes.
    """
    records = [_record(body, topic, index) for index, body in enumerate(message_bodies)]
    return {
        "eventSource": "aws:kafka",
        "eventSourceArn": CLUSTER,
        "bootstrapServers": BROKERS,
        "records": {f"{topic}-0": records},
    }


def _record(body: bytes, topic: str, index: int) -> dict[str, Any]:
    return {
        "topic": topic,
        "partition": 0,
        "offset": 15 + index,
        "timestamp": MADE + index,
        "timestampType": "CREATE_TIME",
        "key": b64encode(b"1").decode("ascii"),
        "value": b64encode(body).decode("ascii"),
        "headers": [{"origin": list(b"sample")}],
    }
