"""What a person may say about the sample event that a command is to make."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalice_core.samples import NAME, ArgumentType, SampleArguments, list_of
from chalice_dynamodb.sample import generate_dynamodb_event

if TYPE_CHECKING:
    from collections.abc import Mapping

_NAMES = list_of("names", str)
_ARGUMENTS = SampleArguments(
    event="DynamoDB event",
    takes={
        "new_images": list_of("items", dict),
        "old_images": list_of("items", dict, type(None)),
        "key_names": ArgumentType(
            words=_NAMES.words, accepts=lambda value: bool(value) and _NAMES.accepts(value)
        ),
        "table_name": NAME,
    },
    required=("new_images",),
    fix='Give {"new_images": [{"id": {"S": "1"}}]}; "old_images" makes modifications of insertions, '
    '"key_names" names the attributes of the key, "table_name" another table.',
)


def sample_from_arguments(arguments: Mapping[str, Any], *, table: str | None) -> dict[str, Any]:
    """Return the event that a person's arguments ask for.

    Args:
        arguments: ``new_images``, items as DynamoDB writes them; ``old_images``, the same before;
            ``key_names``, by default ``["id"]``; ``table_name``.
        table: name of the declared one, used unless the arguments name another.

    Raises:
        SampleArgumentError: an argument is unknown, missing, or of the wrong type.
    """
    given = {"table_name": table or "table-name", **_ARGUMENTS.read(arguments)}
    try:
        return generate_dynamodb_event(**given)
    except ValueError as error:
        raise _ARGUMENTS.refusal(str(error)) from error
