"""What a person may say about the sample event that a command is to make."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalice_core.errors import ToolError
from chalice_sns.sample import generate_sns_event

if TYPE_CHECKING:
    from collections.abc import Mapping

_TYPES: Mapping[str, type] = {"message": str, "subject": str, "message_attributes": dict}


class SampleArgumentError(ToolError):
    """A sample event was asked for with arguments that make none."""

    code = "sns-sample-argument"

    def __init__(self, *, problem: str) -> None:
        super().__init__(
            what=f"No sample SNS event can be made: {problem}",
            fix='Give {"message": "It rains."}, and "subject" and "message_attributes" if there are any.',
        )
        self.problem = problem


def sample_from_arguments(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Return the event that a person's arguments ask for.

    Args:
        arguments: ``message``, its text; ``subject`` and ``message_attributes``, optional.

    Raises:
        SampleArgumentError: an argument is unknown, missing, or of the wrong type.
    """
    unknown = sorted(name for name in arguments if name not in _TYPES)
    if unknown:
        raise SampleArgumentError(problem=f"it has no argument {', '.join(map(repr, unknown))}.")
    filled = {"message": None, "message_attributes": {}, **arguments}
    for name, value in filled.items():
        if not isinstance(value, _TYPES[name]):
            wanted = "a text" if _TYPES[name] is str else "an object"
            raise SampleArgumentError(problem=f"{name!r} must be {wanted}, not {value!r}.")
    return generate_sns_event(**filled)
