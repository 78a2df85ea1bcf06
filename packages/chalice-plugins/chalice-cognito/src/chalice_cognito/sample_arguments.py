"""What a person may say about the sample event that a command is to make."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalice_cognito.sample import generate_cognito_event
from chalice_cognito.triggers import pool_id, triggers
from chalice_core.errors import ToolError

if TYPE_CHECKING:
    from collections.abc import Mapping

_TYPES: dict[str, type] = {
    "trigger": str,
    "user_attributes": dict,
    "user_name": str,
    "request": dict,
    "trigger_source": str,
}


class SampleArgumentError(ToolError):
    """A sample event was asked for with arguments that make none."""

    code = "cognito-sample-argument"

    def __init__(self, *, problem: str) -> None:
        super().__init__(
            what=f"No sample Cognito event can be made: {problem}",
            fix='Give {"user_name": "ann", "user_attributes": {"email": "ann@example.com"}}; "trigger", '
            '"trigger_source" and "request" may be added.',
        )
        self.problem = problem


def sample_from_arguments(arguments: Mapping[str, Any], options: Mapping[str, Any]) -> dict[str, Any]:
    """Return the event that a person's arguments ask for.

    Args:
        arguments: those of `generate_cognito_event` that `_TYPES` lists; ``trigger`` is by default the
            first that is declared.
        options: of the declaration.

    Raises:
        SampleArgumentError: an argument is unknown, or of the wrong type.
    """
    for name, value in arguments.items():
        if name not in _TYPES:
            raise SampleArgumentError(problem=f"it has no argument {name!r}.")
        if not isinstance(value, _TYPES[name]):
            kind = "a text" if _TYPES[name] is str else "an object"
            raise SampleArgumentError(problem=f"{name!r} must be {kind}, not {value!r}.")
    declared = triggers(options)
    trigger = arguments.get("trigger", declared[0])
    if trigger not in declared:
        raise SampleArgumentError(problem=f"the function is for {', '.join(declared)}, not {trigger!r}.")
    version = str(options.get("version") or "V1_0")[1]
    return generate_cognito_event(
        **{**arguments, "trigger": trigger}, user_pool_id=pool_id(options), version=version
    )
