"""An SQS event as Lambda delivers it, made up for tests and local runs.

Shape: "Using Lambda with Amazon SQS", AWS Lambda Developer Guide; attributes:
``ReceiveMessage``, Amazon SQS API Reference.
"""

from __future__ import annotations

import base64
import hashlib
import uuid
from typing import TYPE_CHECKING, Any

from chalice_core.errors import ToolError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

REGION = "us-west-2"
ACCOUNT = "123456789012"
SENT = 1_700_000_000_000
"""Milliseconds since 1970; always the same, so that a sample is, too."""

_ARGUMENTS = ("bodies", "queue_name")


class SampleArgumentError(ToolError):
    """A sample event was asked for with arguments that make none."""

    code = "sqs-sample-argument"

    def __init__(self, *, problem: str) -> None:
        super().__init__(
            what=f"No sample SQS event can be made: {problem}",
            fix='Give {"bodies": ["first message", "second message"]}, and "queue_name" for another queue.',
        )
        self.problem = problem


def sample_event(message_bodies: Sequence[str], queue_name: str = "queue-name") -> dict[str, Any]:
    """Return the event that carries these messages; the same arguments give the same event.

    Args:
        message_bodies: one text per message.
        queue_name: messages of a name that ends in ``.fifo`` carry a group and a sequence number.
    """
    return {"Records": [_record(body, queue_name, index) for index, body in enumerate(message_bodies)]}


def sample_from_arguments(arguments: Mapping[str, Any], *, queue_name: str) -> dict[str, Any]:
    """Return the event that a person's arguments ask for.

    Args:
        arguments: ``bodies``, the messages' texts; ``queue_name``, optional.
        queue_name: of the declaration, used unless the arguments name another.

    Raises:
        SampleArgumentError: an argument is unknown, missing, or of the wrong type.
    """
    unknown = [name for name in arguments if name not in _ARGUMENTS]
    if unknown:
        raise SampleArgumentError(problem=f"it has no argument {', '.join(map(repr, sorted(unknown)))}.")
    bodies = arguments.get("bodies")
    if not isinstance(bodies, (list, tuple)) or not all(isinstance(body, str) for body in bodies):
        raise SampleArgumentError(problem=f"'bodies' must be a list of texts, not {bodies!r}.")
    name = arguments.get("queue_name", queue_name)
    if not isinstance(name, str) or not name:
        raise SampleArgumentError(problem=f"'queue_name' must be a text, not {name!r}.")
    return sample_event(bodies, name)


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
