"""What a person may say about the sample event that a command is to make."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalice_core.samples import NAME, SampleArguments
from chalice_s3.sample import generate_s3_event

if TYPE_CHECKING:
    from collections.abc import Mapping

_ARGUMENTS = SampleArguments(
    event="S3 event",
    takes={"key": NAME, "bucket": NAME, "event_name": NAME},
    required=("key",),
    fix='Give {"key": "in/beach.jpg"}, and "bucket" or "event_name" for others than the declared.',
)


def sample_from_arguments(arguments: Mapping[str, Any], *, bucket: str, event_name: str) -> dict[str, Any]:
    """Return the event that a person's arguments ask for.

    Args:
        arguments: ``key``, of the object as S3 writes it; ``bucket`` and ``event_name``, optional.
        bucket: of the declaration.
        event_name: that the declaration asks for first, without ``s3:``.

    Raises:
        SampleArgumentError: an argument is unknown, missing, or of the wrong type.
    """
    given = {"bucket": bucket, "event_name": event_name, **_ARGUMENTS.read(arguments)}
    return generate_s3_event(given["bucket"], given["key"], given["event_name"])


def first_event_name(types: object) -> str:
    """Return the name of an event that a declaration's first type stands for, ``ObjectCreated:Put``.

    Args:
        types: the declared types, ``["s3:ObjectCreated:*"]``.
    """
    first = str(types[0]) if isinstance(types, (list, tuple)) and types else "s3:ObjectCreated:*"
    usual = {"s3:ObjectCreated:*": "s3:ObjectCreated:Put"}
    return usual.get(first, first.replace(":*", ":Delete")).removeprefix("s3:")
