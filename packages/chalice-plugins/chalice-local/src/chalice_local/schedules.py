"""Schedule expressions: ``rate``, ``cron`` and ``at``, and when they are due.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html and
https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Protocol
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from chalice_local.cron import CronError, CronFields

__all__ = ["At", "Cron", "Rate", "Schedule", "ScheduleError", "parse_schedule"]

_RATE = re.compile(r"rate\(\s*([1-9][0-9]*)\s+(minute|hour|day)(s?)\s*\)")
_CRON = re.compile(r"cron\((.*)\)")
_AT = re.compile(r"at\(([0-9-]+T[0-9:]+)\)")


class ScheduleError(ValueError):
    """An expression is not one."""


class Schedule(Protocol):
    """An expression."""

    def following(self, after: datetime, start: datetime) -> datetime | None:
        """Return the first time that is due after a moment.

        Args:
            after: with a time zone.
            start: since when there is the schedule, with a time zone.

        Returns:
            In UTC; ``None`` when nothing is due any more.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """Again and again after the same time.

    Attributes:
        period: of at least a minute.
    """

    period: timedelta

    def following(self, after: datetime, start: datetime) -> datetime | None:
        """Return the start and a multiple of the period."""
        if start > after:
            return start.astimezone(timezone.utc)
        passed = (after - start) // self.period
        return (start + (passed + 1) * self.period).astimezone(timezone.utc)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cron:
    """At times of a calendar.

    Attributes:
        fields: the six of AWS's cron expressions.
        zone: whose clock they mean.
    """

    fields: CronFields
    zone: ZoneInfo

    def following(self, after: datetime, start: datetime) -> datetime | None:
        """Return a time that the fields mean.

        One that the clock leaves out in spring does not count, and one that it shows twice in autumn counts
        once.
        """
        moment = max(after, start).astimezone(self.zone)
        for local in self.fields.times_from(moment.replace(tzinfo=None)):
            found = local.replace(tzinfo=self.zone)
            in_utc = found.astimezone(timezone.utc)
            exists = in_utc.astimezone(self.zone).replace(tzinfo=None) == local
            if exists and in_utc > after and in_utc >= start:
                return in_utc
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class At:
    """Once.

    Attributes:
        when: with a time zone.
    """

    when: datetime

    def following(self, after: datetime, start: datetime) -> datetime | None:  # noqa: ARG002 - it has one time
        """Return its time, until that has come."""
        return self.when.astimezone(timezone.utc) if self.when > after else None


def parse_schedule(text: str, *, zone: str = "UTC", once: bool = False) -> Schedule:
    """Return what an expression means.

    Args:
        text: ``rate(5 minutes)``, ``cron(0 12 * * ? *)``, ``at(2030-01-31T12:00:00)``.
        zone: of the IANA database.
        once: ``at`` is an expression, and ``rate(1 minutes)`` is good grammar, as with EventBridge Scheduler.

    Raises:
        ScheduleError: it is none; the message says why.
    """
    try:
        where = ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ScheduleError(f"There is no time zone {zone!r}.") from error
    if rate := _RATE.fullmatch(text):
        count, unit, plural = int(rate[1]), rate[2], bool(rate[3])
        if not once and plural is (count == 1):
            raise ScheduleError(f"{text!r} does not agree in number: rate(1 minute), rate(2 minutes).")
        return Rate(period=timedelta(**{f"{unit}s": count}))
    if cron := _CRON.fullmatch(text):
        try:
            return Cron(fields=CronFields.parse(cron[1]), zone=where)
        except CronError as error:
            raise ScheduleError(str(error)) from error
    if once and (at := _AT.fullmatch(text)):
        try:
            return At(when=datetime.strptime(at[1], "%Y-%m-%dT%H:%M:%S").replace(tzinfo=where))
        except ValueError as error:
            raise ScheduleError(f"{at[1]!r} is not a time like 2030-01-31T12:00:00.") from error
    raise ScheduleError(f"{text!r} is not a schedule expression.")
