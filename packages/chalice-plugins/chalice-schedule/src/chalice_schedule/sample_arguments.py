"""What a person may say about the sample event that a command is to make."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalice_core.errors import ToolError
from chalice_schedule.sample import generate_cw_event, generate_scheduled_event

if TYPE_CHECKING:
    from collections.abc import Mapping

_TYPES: Mapping[str, type] = {
    "rule_name": str,
    "region": str,
    "source": str,
    "detail_type": str,
    "detail": dict,
    "resources": list,
}
_WORDS: Mapping[type, str] = {str: "a text", dict: "an object", list: "a list of texts"}


class SampleArgumentError(ToolError):
    """A sample event was asked for with arguments that make none."""

    code = "schedule-sample-argument"

    def __init__(self, *, problem: str, example: str) -> None:
        super().__init__(what=f"No sample event can be made: {problem}", fix=f"Give {example}.")
        self.problem = problem


def scheduled_sample(arguments: Mapping[str, Any], *, rule_name: str) -> dict[str, Any]:
    """Return the event of a schedule that a person's arguments ask for.

    Args:
        arguments: ``rule_name`` and ``region``, both optional.
        rule_name: that the declaration will have, without application and stage.

    Raises:
        SampleArgumentError: an argument is unknown or of the wrong type.
    """
    checked = _checked(arguments, ("rule_name", "region"), example='{"rule_name": "tick"}, or nothing')
    return generate_scheduled_event(**{"rule_name": rule_name, **checked})


def pattern_sample(arguments: Mapping[str, Any], *, pattern: Mapping[str, Any]) -> dict[str, Any]:
    """Return the event that a person's arguments ask for; what is left out comes from the pattern.

    Args:
        arguments: ``source``, ``detail_type``, ``detail``, ``resources`` and ``region``, all optional.
        pattern: of the declaration.

    Raises:
        SampleArgumentError: an argument is unknown or of the wrong type.
    """
    allowed = ("source", "detail_type", "detail", "resources", "region")
    checked = _checked(
        arguments, allowed, example='{"source": "shop", "detail_type": "Sold", "detail": {"what": "tea"}}'
    )
    filled = {
        "source": _first(pattern.get("source"), "source"),
        "detail_type": _first(pattern.get("detail-type"), "Event"),
        "detail": {},
        "resources": [],
    }
    return generate_cw_event(**{**filled, **checked})


def _checked(arguments: Mapping[str, Any], allowed: tuple[str, ...], *, example: str) -> dict[str, Any]:
    unknown = sorted(name for name in arguments if name not in allowed)
    if unknown:
        listed = ", ".join(map(repr, unknown))
        raise SampleArgumentError(problem=f"it has no argument {listed}.", example=example)
    for name, value in arguments.items():
        wanted = _TYPES[name]
        is_right = isinstance(value, wanted)
        if is_right and isinstance(value, list):
            is_right = all(isinstance(item, str) for item in value)
        if not is_right:
            raise SampleArgumentError(
                problem=f"{name!r} must be {_WORDS[wanted]}, not {value!r}.", example=example
            )
    return dict(arguments)


def _first(accepted: object, otherwise: str) -> str:
    """Return the first text that a field of a pattern accepts."""
    texts = [value for value in accepted if isinstance(value, str)] if isinstance(accepted, list) else []
    return texts[0] if texts else otherwise
