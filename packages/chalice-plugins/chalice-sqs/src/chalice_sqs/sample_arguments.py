"""What a person may say about the sample event that a command is to make."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalice_core.errors import ToolError
from chalice_sqs.sample import generate_sqs_event

if TYPE_CHECKING:
    from collections.abc import Mapping

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
    return generate_sqs_event(bodies, name)
