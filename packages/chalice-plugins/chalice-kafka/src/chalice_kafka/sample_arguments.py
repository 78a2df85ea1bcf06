"""What a person may say about the sample event that a command is to make."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalice_core.samples import NAME, SampleArguments, list_of
from chalice_kafka.sample import generate_kafka_event

if TYPE_CHECKING:
    from collections.abc import Mapping

_ARGUMENTS = SampleArguments(
    event="Kafka event",
    takes={"bodies": list_of("texts", str, bytes), "topic": NAME},
    required=("bodies",),
    fix='Give {"bodies": ["first record", "second record"]}, and "topic" for another topic.',
)


def sample_from_arguments(arguments: Mapping[str, Any], *, topic: str) -> dict[str, Any]:
    """Return the event that a person's arguments ask for.

    Args:
        arguments: ``bodies``, the records' values, as texts (UTF-8) or bytes; ``topic``, optional.
        topic: the declared one, used unless the arguments name another.

    Raises:
        SampleArgumentError: an argument is unknown, missing, or of the wrong type.
    """
    given = _ARGUMENTS.read(arguments)
    bodies = [body.encode() if isinstance(body, str) else body for body in given["bodies"]]
    return generate_kafka_event(bodies, topic=given.get("topic", topic))
