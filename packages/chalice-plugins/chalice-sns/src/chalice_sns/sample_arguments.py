"""What a person may say about the sample event that a command is to make."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalice_core.samples import OBJECT, TEXT, SampleArguments
from chalice_sns.sample import generate_sns_event

if TYPE_CHECKING:
    from collections.abc import Mapping

_ARGUMENTS = SampleArguments(
    event="SNS event",
    takes={"message": TEXT, "subject": TEXT, "message_attributes": OBJECT},
    required=("message",),
    fix='Give {"message": "It rains."}, and "subject" and "message_attributes" if there are any.',
)


def sample_from_arguments(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Return the event that a person's arguments ask for.

    Args:
        arguments: ``message``, its text; ``subject`` and ``message_attributes``, optional.

    Raises:
        SampleArgumentError: an argument is unknown, missing, or of the wrong type.
    """
    return generate_sns_event(**{"message_attributes": {}, **_ARGUMENTS.read(arguments)})
