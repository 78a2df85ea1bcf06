"""What a person may say about the sample event that a command is to make."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalice_core.errors import ToolError
from chalice_kinesis.sample import generate_kinesis_event

if TYPE_CHECKING:
    from collections.abc import Mapping

_ARGUMENTS = ("bodies", "stream_name")


class SampleArgumentError(ToolError):
    """A sample event was asked for with arguments that make none."""

    code = "kinesis-sample-argument"

    def __init__(self, *, problem: str) -> None:
        super().__init__(
            what=f"No sample Kinesis event can be made: {problem}",
            fix='Give {"bodies": ["first record", "second record"]}, and "stream_name" for another stream.',
        )
        self.problem = problem


def sample_from_arguments(arguments: Mapping[str, Any], *, stream: str) -> dict[str, Any]:
    """Return the event that a person's arguments ask for.

    Args:
        arguments: ``bodies``, the records' data, as texts (UTF-8) or bytes; ``stream_name``, optional.
        stream: name of the declared one, used unless the arguments name another.

    Raises:
        SampleArgumentError: an argument is unknown, missing, or of the wrong type.
    """
    unknown = [name for name in arguments if name not in _ARGUMENTS]
    if unknown:
        raise SampleArgumentError(problem=f"it has no argument {', '.join(map(repr, sorted(unknown)))}.")
    bodies = arguments.get("bodies")
    if not isinstance(bodies, (list, tuple)) or not all(isinstance(body, (str, bytes)) for body in bodies):
        raise SampleArgumentError(problem=f"'bodies' must be a list of texts, not {bodies!r}.")
    name = arguments.get("stream_name", stream)
    if not isinstance(name, str) or not name:
        raise SampleArgumentError(problem=f"'stream_name' must be a text, not {name!r}.")
    return generate_kinesis_event(
        [body.encode() if isinstance(body, str) else body for body in bodies], stream_name=name
    )
