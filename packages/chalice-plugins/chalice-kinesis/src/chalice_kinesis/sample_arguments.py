"""What a person may say about the sample event that a command is to make."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalice_core.samples import NAME, SampleArguments, list_of
from chalice_kinesis.sample import generate_kinesis_event

if TYPE_CHECKING:
    from collections.abc import Mapping

_ARGUMENTS = SampleArguments(
    event="Kinesis event",
    takes={"bodies": list_of("texts", str, bytes), "stream_name": NAME},
    required=("bodies",),
    fix='Give {"bodies": ["first record", "second record"]}, and "stream_name" for another stream.',
)


def sample_from_arguments(arguments: Mapping[str, Any], *, stream: str) -> dict[str, Any]:
    """Return the event that a person's arguments ask for.

    Args:
        arguments: ``bodies``, the records' data, as texts (UTF-8) or bytes; ``stream_name``, optional.
        stream: name of the declared one, used unless the arguments name another.

    Raises:
        SampleArgumentError: an argument is unknown, missing, or of the wrong type.
    """
    given = _ARGUMENTS.read(arguments)
    bodies = [body.encode() if isinstance(body, str) else body for body in given["bodies"]]
    return generate_kinesis_event(bodies, stream_name=given.get("stream_name", stream))
