"""Schedule expressions, and what fires by them."""

from __future__ import annotations

import time
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

import pytest

from chalice_local import Clock
from chalice_local.schedules import ScheduleError, parse_schedule
from chalice_local.timetable import Entry, Timetable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chalice_local.schedules import Schedule

UTC = timezone.utc
START = datetime(2030, 1, 1, 10, 30, 15, tzinfo=UTC)  # a Tuesday


def due(expression: str, count: int = 3, *, zone: str = "UTC", after: datetime = START) -> list[str]:
    schedule = parse_schedule(expression, zone=zone, once=True)
    found: list[str] = []
    moment: datetime | None = after
    while len(found) < count and moment is not None:
        moment = schedule.following(moment, START)
        if moment is not None:
            found.append(moment.strftime("%Y-%m-%d %H:%M"))
    return found


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("rate(1 hour)", ["2030-01-01 11:30", "2030-01-01 12:30", "2030-01-01 13:30"]),
        ("rate(2 days)", ["2030-01-03 10:30", "2030-01-05 10:30", "2030-01-07 10:30"]),
        ("cron(0/20 * * * ? *)", ["2030-01-01 10:40", "2030-01-01 11:00", "2030-01-01 11:20"]),
        ("cron(15 10 * * ? *)", ["2030-01-02 10:15", "2030-01-03 10:15", "2030-01-04 10:15"]),
        ("cron(0 18 ? * MON-FRI *)", ["2030-01-01 18:00", "2030-01-02 18:00", "2030-01-03 18:00"]),
        ("cron(0 8 1 * ? *)", ["2030-02-01 08:00", "2030-03-01 08:00", "2030-04-01 08:00"]),
        ("cron(0 8 L * ? *)", ["2030-01-31 08:00", "2030-02-28 08:00", "2030-03-31 08:00"]),
        ("cron(0 8 LW * ? *)", ["2030-01-31 08:00", "2030-02-28 08:00", "2030-03-29 08:00"]),
        ("cron(0 8 5W * ? *)", ["2030-01-04 08:00", "2030-02-05 08:00", "2030-03-05 08:00"]),
        ("cron(0 8 1W JUN ? *)", ["2030-06-03 08:00", "2031-06-02 08:00", "2032-06-01 08:00"]),
        ("cron(0 8 ? * 6L *)", ["2030-01-25 08:00", "2030-02-22 08:00", "2030-03-29 08:00"]),
        ("cron(0 8 ? * TUE#2 *)", ["2030-01-08 08:00", "2030-02-12 08:00", "2030-03-12 08:00"]),
        ("cron(0 8 ? * 3#5 *)", ["2030-01-29 08:00", "2030-04-30 08:00", "2030-07-30 08:00"]),
        ("cron(0 8 ? * L 2030)", ["2030-01-05 08:00", "2030-01-12 08:00", "2030-01-19 08:00"]),
        ("cron(0 8 29 2 ? 2030-2040)", ["2032-02-29 08:00", "2036-02-29 08:00", "2040-02-29 08:00"]),
        ("cron(0,30 9-10/1 1 JAN,MAR ? 2031)", ["2031-01-01 09:00", "2031-01-01 09:30", "2031-01-01 10:00"]),
        ("cron(0 8 1 1 ? 2029)", []),
        ("cron(0 8 30 2 ? *)", []),
        ("cron(0 8 31 12 ? 2199)", ["2199-12-31 08:00"]),
        ("at(2030-01-01T10:30:16)", ["2030-01-01 10:30"]),
        ("at(2030-01-01T10:30:15)", []),
    ],
)
def test_an_expression_is_due_at(expression: str, expected: list[str]) -> None:
    assert due(expression) == expected


def test_a_zone_has_its_own_clock_which_leaves_hours_out_and_repeats_them() -> None:
    before_spring = datetime(2030, 3, 29, 12, tzinfo=UTC)
    before_autumn = datetime(2030, 10, 25, 12, tzinfo=UTC)

    spring = due("cron(30 2 * * ? *)", zone="Europe/Berlin", after=before_spring)
    autumn = due("cron(30 2 * * ? *)", zone="Europe/Berlin", after=before_autumn)

    assert spring == ["2030-03-30 01:30", "2030-04-01 00:30", "2030-04-02 00:30"]
    assert autumn == ["2030-10-26 00:30", "2030-10-27 00:30", "2030-10-28 01:30"]


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        ("rate(0 minutes)", "not a schedule expression"),
        ("rate(1 minutes)", "agree in number"),
        ("rate(2 minute)", "agree in number"),
        ("every day", "not a schedule expression"),
        ("at(2030-01-01T10:30:15)", "not a schedule expression"),
        ("cron(* * * * *)", "has 5 fields"),
        ("cron(* * * * * *)", "must be ?"),
        ("cron(* * ? * ? *)", "must be ?"),
        ("cron(60 * * * ? *)", "'60' is not between 0 and 59"),
        ("cron(* 10-9 * * ? *)", "ends before it begins"),
        ("cron(*/0 * * * ? *)", "no step"),
        ("cron(* * ? * FOO *)", "'FOO' is not between 1 and 7"),
        ("cron(* * 40W * ? *)", "'40' is not between 1 and 31"),
    ],
)
def test_expressions_that_are_none(expression: str, reason: str) -> None:
    with pytest.raises(ScheduleError, match=reason):
        parse_schedule(expression)


def test_there_are_no_times_in_a_zone_that_is_none() -> None:
    with pytest.raises(ScheduleError, match="no time zone 'Nowhere/City'"):
        parse_schedule("rate(1 hour)", zone="Nowhere/City")


def test_time_does_not_go_back() -> None:
    with pytest.raises(ValueError, match="does not go back"):
        Clock().advance(-1)


class Table:
    """A timetable, and what has fired."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.schedules: dict[str, Schedule] = {}
        self.at_once: set[str] = set()
        self.end: datetime | None = None
        self.fired: list[str] = []
        self.table = Timetable(self.clock, self.entries)

    def entries(self) -> Iterator[Entry]:
        for name, schedule in list(self.schedules.items()):
            yield Entry(
                key=(name, schedule),
                schedule=schedule,
                fire=lambda when, name=name: self.fired.append(name),  # type: ignore[misc]
                at_once=name in self.at_once,
                end=self.end,
            )

    def advance(self, minutes: float) -> None:
        self.table.advance(minutes * 60)
        time.sleep(0.1)


@pytest.fixture
def table() -> Iterator[Table]:
    made = Table()
    yield made
    made.table.close()


def test_what_is_due_fires_once_however_far_the_clock_jumps(table: Table) -> None:
    table.schedules["often"] = parse_schedule("rate(1 minute)")
    table.schedules["seldom"] = parse_schedule("rate(1 day)")

    table.advance(0.5)
    before = list(table.fired)
    table.advance(10)
    table.advance(1)

    assert before == []
    assert table.fired == ["often", "often"]


def test_what_is_gone_fires_no_more_and_what_changes_begins_anew(table: Table) -> None:
    table.schedules = {"gone": parse_schedule("rate(1 hour)"), "changed": parse_schedule("rate(1 hour)")}
    table.advance(50)

    del table.schedules["gone"]
    table.schedules["changed"] = parse_schedule("rate(2 hours)")
    table.advance(50)
    soon = list(table.fired)
    table.advance(80)

    assert soon == []
    assert table.fired == ["changed"]


def test_a_schedule_may_begin_at_once_and_end(table: Table) -> None:
    table.at_once.add("now")
    table.end = datetime.now(UTC) + timedelta(minutes=90)
    table.schedules["now"] = parse_schedule("rate(1 hour)")

    table.advance(0)
    at_first = list(table.fired)
    table.advance(61)
    table.advance(61)

    assert at_first == ["now"]
    assert table.fired == ["now", "now"]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_schedule_that_fails_stops_no_other(table: Table) -> None:
    def fail(name: str) -> None:
        table.fired.append(name)
        raise ValueError(name)

    original = table.entries

    def entries() -> Iterator[Entry]:
        yield Entry(key="bad", schedule=parse_schedule("rate(1 hour)"), fire=lambda when: fail("bad"))
        yield from original()

    table.table.close()
    table.table = Timetable(table.clock, entries)
    table.schedules["good"] = parse_schedule("rate(1 hour)")

    table.advance(61)
    table.advance(61)

    assert sorted(table.fired) == ["bad", "bad", "good", "good"]
