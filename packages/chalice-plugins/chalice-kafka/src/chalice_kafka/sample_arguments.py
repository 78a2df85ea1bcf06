"""What a person may say about the sample event that a command is to make."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalice_core.errors import ToolError
from chalice_kafka.sample import generate_kafka_event

if TYPE_CHECKING:
    from collections.abc import Mapping

_ARGUMENTS = ("bodies", "topic")


class SampleArgumentError(ToolError):
    """A sample event was asked for with arguments that make none."""

    code = "kafka-sample-argument"

    def __init__(self, *, problem: str) -> None:
        super().__init__(
            what=f"No sample Kafka event can be made: {problem}",
            fix='Give {"bodies": ["first record", "second record"]}, and "topic" for another topic.',
        )
        self.problem = problem


def sample_from_arguments(arguments: Mapping[str, Any], *, topic: str) -> dict[str, Any]:
    """Return the event that a person's arguments ask for.

    Args:
        arguments: ``bodies``, the records' values, as texts (UTF-8) or bytes; ``topic``, optional.
        topic: the declared one, used unless the arguments name another.

    Raises:
        SampleArgumentError: an argument is unknown, missing, or of the wrong type.
    """
    unknown = [name for name in arguments if name not in _ARGUMENTS]
    if unknown:
        raise SampleArgumentError(problem=f"it has no argument {', '.join(map(repr, sorted(unknown)))}.")
    bodies = arguments.get("bodies")
    if not isinstance(bodies, (list, tuple)) or not all(isinstance(body, (str, bytes)) for body in bodies):
        raise SampleArgumentError(problem=f"'bodies' must be a list of texts, not {bodies!r}.")
    name = arguments.get("topic", topic)
    if not isinstance(name, str) or not name:
        raise SampleArgumentError(problem=f"'topic' must be a text, not {name!r}.")
    return generate_kafka_event(
        [body.encode() if isinstance(body, str) else body for body in bodies], topic=name
    )
