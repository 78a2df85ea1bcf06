"""What a person may say about the sample event that a command is to make."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalice_cognito.sample import generate_cognito_event
from chalice_cognito.triggers import pool_id, triggers
from chalice_core.samples import OBJECT, TEXT, SampleArguments

if TYPE_CHECKING:
    from collections.abc import Mapping

_ARGUMENTS = SampleArguments(
    event="Cognito event",
    takes={
        "trigger": TEXT,
        "user_attributes": OBJECT,
        "user_name": TEXT,
        "request": OBJECT,
        "trigger_source": TEXT,
    },
    fix='Give {"user_name": "ann", "user_attributes": {"email": "ann@example.com"}}; "trigger", '
    '"trigger_source" and "request" may be added.',
)


def sample_from_arguments(arguments: Mapping[str, Any], options: Mapping[str, Any]) -> dict[str, Any]:
    """Return the event that a person's arguments ask for.

    Args:
        arguments: ``trigger`` (by default the first that is declared), ``user_attributes``, ``user_name``,
            ``request`` and ``trigger_source``, as `generate_cognito_event` takes them; all optional.
        options: of the declaration.

    Raises:
        SampleArgumentError: an argument is unknown, or of the wrong type.
    """
    given = _ARGUMENTS.read(arguments)
    declared = triggers(options)
    trigger = given.setdefault("trigger", declared[0])
    if trigger not in declared:
        raise _ARGUMENTS.refusal(f"the function is for {', '.join(declared)}, not {trigger!r}.")
    version = str(options.get("version") or "V1_0")[1]
    return generate_cognito_event(**given, user_pool_id=pool_id(options), version=version)
