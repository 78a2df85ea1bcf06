"""Schedule expressions as EventBridge reads them, and what it would refuse in them.

Sources: "Creating an Amazon EventBridge rule that runs on a schedule", Amazon
EventBridge User Guide; "Schedule types in EventBridge Scheduler", Amazon
EventBridge Scheduler User Guide.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_EXPRESSION = re.compile(r"(?P<form>rate|cron|at)\((?P<inside>.*)\)")
_RATE = re.compile(r"(?P<value>\S+) +(?P<unit>\S+)")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}")
_UNITS = ("minute", "hour", "day")

_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_DAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")


@dataclass(frozen=True, slots=True)
class _Field:
    """One of the six fields of a cron expression.

    Args:
        title: for people.
        low: the smallest number.
        high: the greatest number.
        names: that stand for the numbers from ``low`` on.
        special: a form that only this field has, besides lists, ranges and steps.
    """

    title: str
    low: int
    high: int
    names: tuple[str, ...] = ()
    special: re.Pattern[str] | None = None

    def problem(self, text: str) -> str | None:
        """Return what is wrong with the field; None when nothing is."""
        for part in text.split(","):
            if part == "*" or (self.special and self.special.fullmatch(part)):
                continue
            span, _, step = part.partition("/")
            if "/" in part and not (step.isascii() and step.isdigit() and int(step) > 0):
                return f"{part!r} needs a number over 0 after the slash"
            if span in ("", "*") and "/" in part:
                continue
            first, dash, last = span.partition("-")
            for end in (first, last) if dash else (first,):
                if not self._takes(end):
                    return f"{end!r} is none of its values, {self._values()}"
        return None

    def _takes(self, value: str) -> bool:
        if value.isascii() and value.isdigit():
            return self.low <= int(value) <= self.high
        return value.upper() in self.names

    def _values(self) -> str:
        named = f" or {self.names[0]} to {self.names[-1]}" if self.names else ""
        return f"{self.low} to {self.high}{named}"


_FIELDS = (
    _Field("minutes", 0, 59),
    _Field("hours", 0, 23),
    _Field("day of month", 1, 31, special=re.compile(r"\?|L|LW|L-\d{1,2}|\d{1,2}W", re.IGNORECASE)),
    _Field("month", 1, 12, _MONTHS),
    _Field("day of week", 1, 7, _DAYS, special=re.compile(r"\?|L|\w{1,3}L|\w{1,3}#[1-5]", re.IGNORECASE)),
    _Field("year", 1970, 2199),
)


def expression_problems(options: Mapping[str, object]) -> Iterator[str]:
    """Yield a sentence for each thing that EventBridge would refuse in the ``expression`` of a schedule.

    Args:
        options: of a declaration.
    """
    expression = options.get("expression")
    known = _EXPRESSION.fullmatch(expression) if isinstance(expression, str) else None
    if known is None:
        yield (
            f"'expression' must be a Rate, a Cron, or a text such as 'rate(5 minutes)' or "
            f"'cron(0 18 ? * MON-FRI *)', not {expression!r}."
        )
    elif known["form"] == "rate":
        yield from (f"'expression' is {expression!r}; {problem}" for problem in _rate(known["inside"]))
    elif known["form"] == "cron":
        yield from (f"'expression' is {expression!r}; {problem}" for problem in _cron(known["inside"]))
    elif not uses_scheduler(options):
        yield (
            f"'expression' is {expression!r}; a rule knows rate and cron only. A single moment needs "
            "EventBridge Scheduler: add scheduler=True."
        )
    elif not _is_moment(known["inside"]):
        yield f"'expression' is {expression!r}; write a moment as at(2030-12-31T23:59:00)."


def uses_scheduler(options: Mapping[str, object]) -> bool:
    """Return whether a schedule is one of EventBridge Scheduler, rather than a rule.

    Args:
        options: of a declaration.
    """
    only_there = ("timezone", "flexible_time_window_in_minutes")
    return bool(options.get("scheduler")) or any(options.get(name) is not None for name in only_there)


def _rate(inside: str) -> Iterator[str]:
    parts = _RATE.fullmatch(inside)
    value = parts["value"] if parts else ""
    if parts is None or not (value.isascii() and value.isdigit() and int(value) > 0):
        yield "a rate is a whole number over 0 with a unit, rate(5 minutes)."
        return
    unit = parts["unit"]
    singular = unit.removesuffix("s")
    if singular not in _UNITS:
        yield f"{unit!r} is no unit; there are minutes, hours and days."
        return
    right = singular if int(value) == 1 else f"{singular}s"
    if unit != right:
        yield f"write rate({value} {right})."


def _cron(inside: str) -> Iterator[str]:
    texts = inside.split()
    if len(texts) != len(_FIELDS):
        titles = ", ".join(field.title for field in _FIELDS)
        yield f"cron has six fields ({titles}), and this has {len(texts)}."
        return
    for field, text in zip(_FIELDS, texts, strict=True):
        problem = field.problem(text)
        if problem:
            yield f"the field {field.title} is wrong: {problem}."
    if (texts[2] == "?") == (texts[4] == "?"):
        yield "exactly one of day of month and day of week must be '?'."


def _is_moment(text: str) -> bool:
    if not _MOMENT.fullmatch(text):
        return False
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True
