"""An SQS event as Lambda delivers it, made up for tests and local runs.

Shape: "Using Lambda with Amazon SQS", AWS Lambda Developer Guide; attributes:
``ReceiveMessage``, Amazon SQS API Reference.
"""

from __future__ import annotations

import base64
import hashlib
import uuid
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

REGION = "us-west-2"
ACCOUNT = "123456789012"
SENT = 1_700_000_000_000
"""Milliseconds since 1970; always the same, so that a sample is, too."""


def generate_sqs_event(message_bodies: Iterable[str], queue_name: str = "queue-name") -> dict[str, Any]:
    """Return the event that carries these messages; the same arguments give the same event.

    Args:
        message_bodies: One text per message.
        queue_name: Messages of a name that ends in ``.fifo`` carry a group and a sequence number.
    """
    return {"Records": [_record(body, queue_name, index) for index, body in enumerate(message_bodies)]}


def _record(body: str, queue_name: str, index: int) -> dict[str, Any]:
    identity = uuid.uuid5(uuid.NAMESPACE_URL, f"sqs:{queue_name}:{index}:{body}")
    sent = str(SENT + index)
    attributes = {
        "ApproximateReceiveCount": "1",
        "SentTimestamp": sent,
        "SenderId": ACCOUNT,
        "ApproximateFirstReceiveTimestamp": sent,
    }
    if queue_name.endswith(".fifo"):
        attributes["SequenceNumber"] = f"{SENT + index:020d}"
        attributes["MessageGroupId"] = "group"
        attributes["MessageDeduplicationId"] = hashlib.sha256(body.encode()).hexdigest()
    return {
        "messageId": str(identity),
        "receiptHandle": base64.b64encode(identity.bytes).decode("ascii"),
        "body": body,
        "attributes": attributes,
        "messageAttributes": {},
        # SQS names this field; nothing is protected by it.
        "md5OfBody": hashlib.md5(body.encode(), usedforsecurity=False).hexdigest(),
        "eventSource": "aws:sqs",
        "eventSourceARN": f"arn:aws:sqs:{REGION}:{ACCOUNT}:{queue_name}",
        "awsRegion": REGION,
    }
