"""What a person may say about the sample event that a command is to make."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalice_core.errors import ToolError
from chalice_dynamodb.sample import generate_dynamodb_event

if TYPE_CHECKING:
    from collections.abc import Mapping

_ARGUMENTS = ("new_images", "old_images", "table_name", "key_names")


class SampleArgumentError(ToolError):
    """A sample event was asked for with arguments that make none."""

    code = "dynamodb-sample-argument"

    def __init__(self, *, problem: str) -> None:
        super().__init__(
            what=f"No sample DynamoDB event can be made: {problem}",
            fix='Give {"new_images": [{"id": {"S": "1"}}]}; "old_images" makes modifications of insertions, '
            '"key_names" names the attributes of the key, "table_name" another table.',
        )
        self.problem = problem


def sample_from_arguments(arguments: Mapping[str, Any], *, table: str | None) -> dict[str, Any]:
    """Return the event that a person's arguments ask for.

    Args:
        arguments: ``new_images``, items as DynamoDB writes them; ``old_images``, the same before;
            ``key_names``, by default ``["id"]``; ``table_name``.
        table: name of the declared one, used unless the arguments name another.

    Raises:
        SampleArgumentError: an argument is unknown, missing, or of the wrong type.
    """
    unknown = [name for name in arguments if name not in _ARGUMENTS]
    if unknown:
        raise SampleArgumentError(problem=f"it has no argument {', '.join(map(repr, sorted(unknown)))}.")
    new: Any = arguments.get("new_images")
    if not _is_list_of(new, dict):
        raise SampleArgumentError(problem=f"'new_images' must be a list of items, not {new!r}.")
    old = arguments.get("old_images", [])
    if not _is_list_of(old, dict, type(None)):
        raise SampleArgumentError(problem=f"'old_images' must be a list of items, not {old!r}.")
    keys = arguments.get("key_names", ["id"])
    if not keys or not _is_list_of(keys, str):
        raise SampleArgumentError(problem=f"'key_names' must be a list of names, not {keys!r}.")
    name = arguments.get("table_name", table or "table-name")
    if not isinstance(name, str) or not name:
        raise SampleArgumentError(problem=f"'table_name' must be a text, not {name!r}.")
    try:
        return generate_dynamodb_event(new, table_name=name, key_names=keys, old_images=old)
    except ValueError as error:
        raise SampleArgumentError(problem=str(error)) from error


def _is_list_of(value: Any, *types: type) -> bool:
    return isinstance(value, (list, tuple)) and all(isinstance(one, types) for one in value)
