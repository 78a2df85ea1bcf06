"""What AWS would refuse in a declaration of this family, found before anything is built.

Limits: ``PutRule``, Amazon EventBridge API Reference; ``CreateSchedule``,
Amazon EventBridge Scheduler API Reference; ``CreateRole``, AWS IAM API
Reference.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any
from zoneinfo import available_timezones

from chalice_core.asynchronous import asynchronous_problems, dead_letter_problems, is_integer_within
from chalice_core.patterns import pattern_problems
from chalice_schedule.expressions import expression_problems, uses_scheduler
from chalice_schedule.names import LONGEST_NAME, role_name, rule_name, schedule_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from chalice_core.config import StageConfig
    from chalice_core.manifest import EventDeclaration

LONGEST_DESCRIPTION = 512
LONGEST_PATTERN = 4096
FLEXIBLE_WINDOW = (1, 1440)

_BUS = re.compile(r"(arn:[a-z][a-z0-9-]*:events:[a-z0-9-]+:\d{12}:event-bus/)?[/.\-\w]{1,256}", re.ASCII)
_ZONE = re.compile(r"[\w+/-]{1,50}", re.ASCII)


def schedule_problems(event: EventDeclaration, config: StageConfig) -> list[str]:
    """Return a sentence for each thing in a ``schedule`` that AWS would refuse; none when it is fine.

    Args:
        event: the declaration.
        config: of the stage.
    """
    options = event.options
    found = [
        *expression_problems(options),
        *_description(options),
        *_scheduler(options),
        *asynchronous_problems(options),
        *dead_letter_problems(options),
    ]
    if uses_scheduler(options):
        # Its role has the longer name of the two.
        name, thing = role_name(config, event.function), "role of the schedule"
        if len(schedule_name(config, event.function)) > LONGEST_NAME:
            name, thing = schedule_name(config, event.function), "schedule"
        found += _name(thing, name)
    else:
        found += _name("rule", rule_name(config, event.function))
    return _placed(event, found)


def pattern_event_problems(event: EventDeclaration, config: StageConfig) -> list[str]:
    """Return a sentence for each thing in an ``on_cw_event`` that AWS would refuse; none when it is fine.

    Args:
        event: the declaration.
        config: of the stage.
    """
    options = event.options
    found = [
        *_pattern(options.get("event_pattern")),
        *_bus(options.get("event_bus")),
        *asynchronous_problems(options),
        *dead_letter_problems(options),
        *_name("rule", rule_name(config, event.function)),
    ]
    return _placed(event, found)


def _placed(event: EventDeclaration, found: list[str]) -> list[str]:
    return [f"{event.decorator} on {event.function!r}: {problem}" for problem in found]


def _name(thing: str, name: str) -> Iterator[str]:
    if len(name) > LONGEST_NAME:
        yield (
            f"the {thing} would be called {name!r}, {len(name)} characters; AWS allows {LONGEST_NAME}. "
            "Give the function a shorter name with name=…, or the application or the stage one."
        )


def _description(options: Mapping[str, Any]) -> Iterator[str]:
    description = options.get("description", "")
    if not isinstance(description, str):
        yield f"'description' must be a text, not {description!r}."
    elif len(description) > LONGEST_DESCRIPTION:
        yield f"'description' has {len(description)} characters; AWS allows {LONGEST_DESCRIPTION}."


def _scheduler(options: Mapping[str, Any]) -> Iterator[str]:
    chosen = options.get("scheduler", False)
    if not isinstance(chosen, bool):
        yield f"'scheduler' must be true or false, not {chosen!r}."
    zone = options.get("timezone")
    if zone is not None and not _is_zone(zone):
        yield f"'timezone' must be a name of the IANA time zones, such as 'Europe/Berlin', not {zone!r}."
    window = options.get("flexible_time_window_in_minutes")
    low, high = FLEXIBLE_WINDOW
    if window is not None and not is_integer_within(window, low, high):
        yield f"'flexible_time_window_in_minutes' must be an integer from {low} to {high}, not {window!r}."


def _is_zone(zone: object) -> bool:
    if not isinstance(zone, str) or not _ZONE.fullmatch(zone):
        return False
    known = available_timezones()
    # Windows has no such database; there the form has to do, unless the package tzdata is installed.
    return zone in known if known else True


def _pattern(pattern: object) -> Iterator[str]:
    found = list(pattern_problems("event_pattern", pattern))
    yield from found
    if not found:
        size = len(json.dumps(pattern))
        if size > LONGEST_PATTERN:
            yield f"'event_pattern' has {size} characters as JSON; EventBridge allows {LONGEST_PATTERN}."


def _bus(bus: object) -> Iterator[str]:
    if bus is not None and not (isinstance(bus, str) and _BUS.fullmatch(bus)):
        yield f"'event_bus' must be the name or the ARN of an event bus, not {bus!r}."
