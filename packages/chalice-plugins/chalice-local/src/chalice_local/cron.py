"""AWS's cron expressions: six fields, with ``?``, ``L``, ``W`` and ``#``.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html#eb-cron-expressions
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["CronError", "CronFields"]

_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_DAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
_COUNT = 6
_YEARS = range(1970, 2200)
_SATURDAY = 7


class CronError(ValueError):
    """An expression is not one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CronFields:
    """What the six fields allow.

    Attributes:
        minutes: of an hour, in order.
        hours: of a day, in order.
        days_of_month: numbers, and ``L``, ``LW``, ``15W``; ``None`` for ``?``.
        months: 1 to 12.
        days_of_week: numbers from 1 (Sunday) to 7, and ``6L``, ``3#2``; ``None`` for ``?``.
        years: in which it is due.
    """

    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    days_of_month: frozenset[int | str] | None
    months: frozenset[int | str]
    days_of_week: frozenset[int | str] | None
    years: frozenset[int | str]

    @classmethod
    def parse(cls, text: str) -> CronFields:
        """Read the text between the parentheses.

        Raises:
            CronError: it is not six fields, or one of them is wrong.
        """
        fields = text.upper().split()
        if len(fields) != _COUNT:
            raise CronError(f"cron({text}) has {len(fields)} fields and not six.")
        minutes, hours, day, month, weekday, year = fields
        if (day == "?") == (weekday == "?"):
            raise CronError(f"cron({text}): one of day-of-month and day-of-week must be ?, and not both.")
        return cls(
            minutes=_numbers(minutes, range(60)),
            hours=_numbers(hours, range(24)),
            days_of_month=None if day == "?" else _values(day, range(1, 32), special=r"L|LW|[0-9]+W"),
            months=_values(month, range(1, 13), names=_MONTHS),
            days_of_week=None
            if weekday == "?"
            else _values(weekday, range(1, 8), names=_DAYS, special=r"L|[A-Z0-9]+L|[A-Z0-9]+#[1-5]"),
            years=_values(year, _YEARS),
        )

    def times_from(self, moment: datetime) -> Iterator[datetime]:
        """Yield all times from the day of a moment on, earliest first; neither has a time zone."""
        last = max(int(year) for year in self.years)
        day = moment.date()
        while day.year <= last:
            if day.year not in self.years:
                day = date(day.year + 1, 1, 1) if day.year < _YEARS[-1] else date.max
                continue
            if day.month not in self.months:
                day = (day.replace(day=1) + timedelta(days=31)).replace(day=1)
                continue
            if self._has(day):
                for hour in self.hours:
                    for minute in self.minutes:
                        yield datetime.combine(day, time(hour, minute))
            day += timedelta(days=1)

    def _has(self, day: date) -> bool:
        if self.days_of_month is not None:
            return any(_is_day_of_month(day, value) for value in self.days_of_month)
        return any(_is_day_of_week(day, value) for value in self.days_of_week or ())


def _is_day_of_month(day: date, value: int | str) -> bool:
    last = calendar.monthrange(day.year, day.month)[1]
    if isinstance(value, int):
        return day.day == value
    if value == "L":
        return day.day == last
    wanted = last if value == "LW" else min(int(value.removesuffix("W")), last)
    return day == _nearest_weekday(day.replace(day=wanted), last)


def _nearest_weekday(day: date, last: int) -> date:
    """Return the working day that is nearest, in the same month."""
    match day.isoweekday():
        case 6:
            return day - timedelta(days=1) if day.day > 1 else day + timedelta(days=2)
        case 7:
            return day + timedelta(days=1) if day.day < last else day - timedelta(days=2)
    return day


def _is_day_of_week(day: date, value: int | str) -> bool:
    number = day.isoweekday() % 7 + 1
    if isinstance(value, int):
        return number == value
    if value == "L":
        return number == _SATURDAY
    if value.endswith("L"):
        is_last = (day + timedelta(days=7)).month != day.month
        return is_last and number == _number(value.removesuffix("L"), range(1, 8), _DAYS)
    weekday, _, which = value.partition("#")
    return number == _number(weekday, range(1, 8), _DAYS) and (day.day - 1) // 7 + 1 == int(which)


def _numbers(field: str, valid: range) -> tuple[int, ...]:
    return tuple(sorted(int(value) for value in _values(field, valid)))


def _values(
    field: str, valid: range, *, names: tuple[str, ...] = (), special: str | None = None
) -> frozenset[int | str]:
    found: set[int | str] = set()
    for item in field.split(","):
        if special is not None and re.fullmatch(special, item):
            _check_special(item, valid, names)
            found.add(item)
        else:
            found |= set(_range(item, valid, names))
    return frozenset(found)


def _check_special(item: str, valid: range, names: tuple[str, ...]) -> None:
    number = re.sub(r"L?W$|L$|#[1-5]$", "", item)
    if number:
        _number(number, valid, names)


def _range(item: str, valid: range, names: tuple[str, ...]) -> range:
    span, slash, step = item.partition("/")
    if slash and (not step.isdigit() or int(step) < 1):
        raise CronError(f"{item!r} has no step after its slash.")
    low, dash, high = span.partition("-")
    first = valid[0] if low == "*" else _number(low, valid, names)
    # "1/10" means every tenth from the first on.
    open_end = low == "*" or bool(slash)
    last = _number(high, valid, names) if dash else valid[-1] if open_end else first
    if last < first:
        raise CronError(f"{item!r} ends before it begins.")
    return range(first, last + 1, int(step) if slash else 1)


def _number(text: str, valid: range, names: tuple[str, ...]) -> int:
    if text in names:
        return names.index(text) + 1
    if not text.isdigit() or int(text) not in valid:
        raise CronError(f"{text!r} is not between {valid[0]} and {valid[-1]}.")
    return int(text)
