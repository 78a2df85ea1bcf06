"""What a person may say about the sample event that a command is to make."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalice_core.errors import ToolError
from chalice_s3.sample import generate_s3_event

if TYPE_CHECKING:
    from collections.abc import Mapping

_ARGUMENTS = ("key", "bucket", "event_name")


class SampleArgumentError(ToolError):
    """A sample event was asked for with arguments that make none."""

    code = "s3-sample-argument"

    def __init__(self, *, problem: str) -> None:
        super().__init__(
            what=f"No sample S3 event can be made: {problem}",
            fix='Give {"key": "in/beach.jpg"}, and "bucket" or "event_name" for others than the declared.',
        )
        self.problem = problem


def sample_from_arguments(arguments: Mapping[str, Any], *, bucket: str, event_name: str) -> dict[str, Any]:
    """Return the event that a person's arguments ask for.

    Args:
        arguments: ``key``, of the object as S3 writes it; ``bucket`` and ``event_name``, optional.
        bucket: of the declaration.
        event_name: that the declaration asks for first, without ``s3:``.

    Raises:
        SampleArgumentError: an argument is unknown, missing, or of the wrong type.
    """
    unknown = sorted(name for name in arguments if name not in _ARGUMENTS)
    if unknown:
        raise SampleArgumentError(problem=f"it has no argument {', '.join(map(repr, unknown))}.")
    filled = {"key": None, "bucket": bucket, "event_name": event_name, **arguments}
    for name, value in filled.items():
        if not isinstance(value, str) or not value:
            raise SampleArgumentError(problem=f"{name!r} must be a text, not {value!r}.")
    return generate_s3_event(str(filled["bucket"]), str(filled["key"]), str(filled["event_name"]))


def first_event_name(types: object) -> str:
    """Return the name of an event that a declaration's first type stands for, ``ObjectCreated:Put``.

    Args:
        types: the declared types, ``["s3:ObjectCreated:*"]``.
    """
    first = str(types[0]) if isinstance(types, (list, tuple)) and types else "s3:ObjectCreated:*"
    usual = {"s3:ObjectCreated:*": "s3:ObjectCreated:Put"}
    return usual.get(first, first.replace(":*", ":Delete")).removeprefix("s3:")
