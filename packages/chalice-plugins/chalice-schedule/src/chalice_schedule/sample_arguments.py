"""What a person may say about the sample event that a command is to make."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalice_core.samples import OBJECT, TEXT, TEXTS, SampleArguments
from chalice_schedule.sample import generate_cw_event, generate_scheduled_event

if TYPE_CHECKING:
    from collections.abc import Mapping

_OF_SCHEDULES = SampleArguments(
    event="event",
    takes={"rule_name": TEXT, "region": TEXT},
    fix='Give {"rule_name": "tick"}, or nothing.',
)
_OF_PATTERNS = SampleArguments(
    event="event",
    takes={"source": TEXT, "detail_type": TEXT, "detail": OBJECT, "resources": TEXTS, "region": TEXT},
    fix='Give {"source": "shop", "detail_type": "Sold", "detail": {"what": "tea"}}.',
)


def scheduled_sample(arguments: Mapping[str, Any], *, rule_name: str) -> dict[str, Any]:
    """Return the event of a schedule that a person's arguments ask for.

    Args:
        arguments: ``rule_name`` and ``region``, both optional.
        rule_name: that the declaration will have, without application and stage.

    Raises:
        SampleArgumentError: an argument is unknown or of the wrong type.
    """
    return generate_scheduled_event(**{"rule_name": rule_name, **_OF_SCHEDULES.read(arguments)})


def pattern_sample(arguments: Mapping[str, Any], *, pattern: Mapping[str, Any]) -> dict[str, Any]:
    """Return the event that a person's arguments ask for; what is left out comes from the pattern.

    Args:
        arguments: ``source``, ``detail_type``, ``detail``, ``resources`` and ``region``, all optional.
        pattern: of the declaration.

    Raises:
        SampleArgumentError: an argument is unknown or of the wrong type.
    """
    filled = {
        "source": _first(pattern.get("source"), "source"),
        "detail_type": _first(pattern.get("detail-type"), "Event"),
        "detail": {},
        "resources": [],
    }
    return generate_cw_event(**{**filled, **_OF_PATTERNS.read(arguments)})


def _first(accepted: object, otherwise: str) -> str:
    """Return the first text that a field of a pattern accepts."""
    texts = [value for value in accepted if isinstance(value, str)] if isinstance(accepted, list) else []
    return texts[0] if texts else otherwise
