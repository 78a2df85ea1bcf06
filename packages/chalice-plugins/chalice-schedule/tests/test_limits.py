"""What AWS would refuse is said before anything is built."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from chalice_core.manifest import App, EventDeclaration
from chalice_core.testing import stage_config
from chalice_schedule import Cron, Rate, hooks, limits

Declare = Callable[..., EventDeclaration]
QUEUE = "arn:aws:sqs:us-west-2:123456789012:failed"


def problems_of(*events: EventDeclaration) -> list[str]:
    app = App(name="office", events=events)
    return list(hooks.chalice_validate_app(app=app, config=stage_config()))


class TestExpressions:
    @pytest.mark.parametrize(
        "expression",
        [
            "rate(1 minute)",
            "rate(2 minutes)",
            "rate(1 hour)",
            "rate(24 hours)",
            "rate(1 day)",
            "rate(365 days)",
            "cron(0 18 ? * MON-FRI *)",
            "cron(15 10 ? * 6L 2002-2005)",
            "cron(0/15 * * * ? *)",
            "cron(*/10 8-17 ? JAN,jun-Aug tue,THU 2026/2)",
            "cron(0 0 L * ? *)",
            "cron(0 0 LW * ? *)",
            "cron(0 0 3W * ? *)",
            "cron(0 0 ? * 2#1 *)",
            "cron(0 0 ? * FRI#3 *)",
            "cron(59 23 31 12 ? 2199)",
        ],
    )
    def test_what_eventbridge_accepts_has_no_problems(self, declare: Declare, expression: str) -> None:
        assert problems_of(declare(expression=expression)) == []
        assert problems_of(declare(expression=expression, scheduler=True)) == []

    @pytest.mark.parametrize(
        "expression", [Rate(1, Rate.DAYS), Rate(5, Rate.MINUTES), Cron(15, 10, "?", "*", "6L", "2002-2005")]
    )
    def test_what_is_made_of_classes_has_no_problems(self, declare: Declare, expression: Any) -> None:
        assert problems_of(declare(expression=expression)) == []

    @pytest.mark.parametrize(
        ("expression", "says"),
        [
            ("5 minutes", "must be a Rate, a Cron, or a text"),
            (5, "must be a Rate, a Cron, or a text"),
            ("", "must be a Rate, a Cron, or a text"),
            ("Rate(5 minutes)", "must be a Rate, a Cron, or a text"),
            ("rate(1 minutes)", "write rate(1 minute)"),
            ("rate(1 days)", "write rate(1 day)"),
            ("rate(5 hour)", "write rate(5 hours)"),
            ("rate(5 weeks)", "'weeks' is no unit"),
            ("rate(5 Minutes)", "'Minutes' is no unit"),
            ("rate(0 minutes)", "a whole number over 0"),
            ("rate(-1 minutes)", "a whole number over 0"),
            ("rate(1.5 hours)", "a whole number over 0"),
            ("rate(minutes)", "a whole number over 0"),
            ("rate(\N{ARABIC-INDIC DIGIT FIVE} minutes)", "a whole number over 0"),
            (
                "cron(0 18 * * ?)",
                "six fields (minutes, hours, day of month, month, day of week, year), and this has 5",
            ),
            ("cron(0 0 18 ? * MON-FRI *)", "and this has 7"),
            ("cron(60 18 ? * * *)", "the field minutes is wrong: '60' is none of its values, 0 to 59"),
            ("cron(0 24 ? * * *)", "the field hours is wrong"),
            ("cron(0 0 0 * ? *)", "the field day of month is wrong"),
            ("cron(0 0 ? 13 * *)", "1 to 12 or JAN to DEC"),
            ("cron(0 0 ? * 0 *)", "1 to 7 or SUN to SAT"),
            ("cron(0 0 ? * MONDAY *)", "'MONDAY' is none of its values"),
            ("cron(0 0 ? * * 1969)", "1970 to 2199"),
            ("cron(0/0 * * * ? *)", "a number over 0 after the slash"),
            ("cron(0/x * * * ? *)", "a number over 0 after the slash"),
            ("cron(? 0 * * ? *)", "the field minutes is wrong: '?'"),
            ("cron(0,,5 0 * * ? *)", "the field minutes is wrong: ''"),
            ("cron(0 0 * * * *)", "exactly one of day of month and day of week must be '?'"),
            ("cron(0 0 ? * ? *)", "exactly one of day of month and day of week must be '?'"),
            ("cron(0 0 1 * 2 *)", "exactly one of day of month and day of week must be '?'"),
            ("at(2030-12-31T23:59:00)", "add scheduler=True"),
        ],
    )
    def test_what_eventbridge_refuses_is_named(self, declare: Declare, expression: Any, says: str) -> None:
        (problem,) = problems_of(declare(expression=expression))

        assert says in problem
        assert problem.startswith("schedule on 'tick': 'expression' ")

    def test_scheduler_knows_single_moments(self, declare: Declare) -> None:
        assert problems_of(declare(expression="at(2030-12-31T23:59:00)", timezone="UTC")) == []

        (problem,) = problems_of(declare(expression="at(2030-13-31T23:59:00)", scheduler=True))
        assert "write a moment as at(2030-12-31T23:59:00)" in problem
        (problem,) = problems_of(declare(expression="at(tomorrow)", scheduler=True))
        assert "write a moment as" in problem


class TestSchedules:
    @pytest.mark.parametrize(
        "options",
        [
            {"description": "d" * 512},
            {"timezone": "Europe/Berlin"},
            {"timezone": "America/Argentina/Buenos_Aires", "flexible_time_window_in_minutes": 1440},
            {"flexible_time_window_in_minutes": 1},
            {"dead_letter_queue": QUEUE, "on_failure": QUEUE, "maximum_retry_attempts": 0},
            {"function": "f" * 48},  # hello-dev-…-event has 64 characters
            {"function": "f" * 45, "scheduler": True},  # hello-dev-…-schedule has 64, too
        ],
    )
    def test_what_aws_accepts_has_no_problems(self, declare: Declare, options: dict[str, Any]) -> None:
        assert problems_of(declare(**options)) == []

    @pytest.mark.parametrize(
        ("options", "says"),
        [
            ({"description": "d" * 513}, "'description' has 513 characters; AWS allows 512"),
            ({"description": None}, "'description' must be a text, not None"),
            ({"scheduler": "yes"}, "'scheduler' must be true or false, not 'yes'"),
            ({"timezone": "Europe/Atlantis"}, "not 'Europe/Atlantis'"),
            ({"timezone": ""}, "IANA time zones"),
            ({"timezone": 5}, "IANA time zones"),
            ({"flexible_time_window_in_minutes": 0}, "from 1 to 1440, not 0"),
            ({"flexible_time_window_in_minutes": 1441}, "from 1 to 1440, not 1441"),
            ({"dead_letter_queue": "failed"}, "'dead_letter_queue' must be the ARN of an SQS queue"),
            ({"on_failure": "failed"}, "'on_failure' must be the ARN"),
            ({"maximum_retry_attempts": 185}, "from 0 to 2, not 185"),
            ({"function": "f" * 49}, "the rule would be called 'hello-dev-ffff"),
            ({"function": "f" * 46, "scheduler": True}, "the role of the schedule would be called"),
            ({"function": "f" * 55, "scheduler": True}, "the schedule would be called"),
        ],
    )
    def test_what_aws_refuses_is_named(self, declare: Declare, options: dict[str, Any], says: str) -> None:
        (problem,) = problems_of(declare(**options))

        assert says in problem
        assert problem.startswith("schedule on ")

    def test_a_name_that_is_too_long_says_what_to_do(self, declare: Declare) -> None:
        (problem,) = problems_of(declare(function="f" * 60))

        assert "76 characters; AWS allows 64. Give the function a shorter name" in problem

    def test_without_a_database_of_time_zones_the_form_has_to_do(
        self, declare: Declare, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Windows has none."""
        monkeypatch.setattr(limits, "available_timezones", set)

        assert problems_of(declare(timezone="Europe/Atlantis")) == []
        assert len(problems_of(declare(timezone="Berlin, Europe"))) == 1


class TestPatterns:
    @pytest.mark.parametrize(
        "options",
        [
            {"event_pattern": {"source": ["aws.ec2"], "detail": {"state": [{"anything-but": "running"}]}}},
            {"event_bus": "orders"},
            {"event_bus": "aws.partner/shop.example/1"},
            {"event_bus": "arn:aws:events:us-west-2:123456789012:event-bus/orders"},
            {"dead_letter_queue": QUEUE},
        ],
    )
    def test_what_eventbridge_accepts_has_no_problems(
        self, declare_pattern: Declare, options: dict[str, Any]
    ) -> None:
        assert problems_of(declare_pattern(**options)) == []

    @pytest.mark.parametrize(
        ("options", "says"),
        [
            ({"event_pattern": '{"source": ["aws.ec2"]}'}, "'event_pattern' must be a dict"),
            ({"event_pattern": None}, "'event_pattern' must be a dict"),
            ({"event_pattern": {}}, "must have a field"),
            ({"event_pattern": {"source": "aws.ec2"}}, "write ['aws.ec2']"),
            ({"event_pattern": {"source": ["x" * 4096]}}, "EventBridge allows 4096"),
            ({"event_bus": ""}, "'event_bus' must be the name or the ARN"),
            ({"event_bus": "two words"}, "'event_bus' must be the name or the ARN"),
            ({"event_bus": "arn:aws:events:us-west-2:123456789012:rule/r"}, "'event_bus' must be"),
            ({"maximum_event_age_in_seconds": 0}, "from 60 to 21600"),
            ({"dead_letter_queue": f"{QUEUE}.fifo"}, "FIFO"),
            ({"function": "f" * 49}, "the rule would be called"),
        ],
    )
    def test_what_eventbridge_refuses_is_named(
        self, declare_pattern: Declare, options: dict[str, Any], says: str
    ) -> None:
        (problem,) = problems_of(declare_pattern(**options))

        assert says in problem
        assert problem.startswith("on_cw_event on ")


def test_all_problems_of_all_declarations_are_told_at_once(
    declare: Declare, declare_pattern: Declare
) -> None:
    found = problems_of(
        declare(expression="x", description=5), declare_pattern(event_pattern={}, event_bus="")
    )

    assert len(found) == 4


def test_declarations_of_other_families_are_not_judged() -> None:
    event = EventDeclaration(source="sqs", decorator="on_sqs_message", function="work", options={})

    assert problems_of(event) == []
