"""What a person may say about the sample event that a command is to make."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalice_core.samples import NAME, TEXTS, SampleArguments
from chalice_sqs.sample import generate_sqs_event

if TYPE_CHECKING:
    from collections.abc import Mapping

_ARGUMENTS = SampleArguments(
    event="SQS event",
    takes={"bodies": TEXTS, "queue_name": NAME},
    required=("bodies",),
    fix='Give {"bodies": ["first message", "second message"]}, and "queue_name" for another queue.',
)


def sample_from_arguments(arguments: Mapping[str, Any], *, queue_name: str) -> dict[str, Any]:
    """Return the event that a person's arguments ask for.

    Args:
        arguments: ``bodies``, the messages' texts; ``queue_name``, optional.
        queue_name: of the declaration, used unless the arguments name another.

    Raises:
        SampleArgumentError: an argument is unknown, missing, or of the wrong type.
    """
    given = _ARGUMENTS.read(arguments)
    return generate_sqs_event(given["bodies"], given.get("queue_name", queue_name))
