"""EventBridge in Lambda: the event, the expressions, the decorators, and samples for tests."""

from __future__ import annotations

import inspect
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import chalice
from chalice import Chalice
from chalice_schedule import CloudWatchEvent, Cron, Rate, ScheduleExpression, on_cw_event, schedule
from chalice_schedule.sample import generate_cw_event, generate_scheduled_event

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=10,
)
PASSED = {
    "version": "0",
    "id": "6a7e8feb-b491-4cf7-a9f1-bf3703467718",
    "detail-type": "EC2 Instance State-change Notification",
    "source": "aws.ec2",
    "account": "111122223333",
    "time": "2026-01-31T12:00:00Z",
    "region": "us-west-1",
    "resources": ["arn:aws:ec2:us-west-1:111122223333:instance/i-1234567890abcdef0"],
    "detail": {"state": "terminated"},
}
ASYNCHRONOUS = ("maximum_retry_attempts", "maximum_event_age_in_seconds", "on_failure", "dead_letter_queue")


@pytest.fixture
def app() -> Chalice:
    return Chalice("office", configure_logs=False, env={})


class TestEvent:
    def test_it_has_every_part_and_gives_back_what_lambda_passed(self) -> None:
        event = CloudWatchEvent(event_dict=PASSED, context="context")

        assert (event.version, event.event_id, event.detail_type) == (
            PASSED["version"],
            PASSED["id"],
            PASSED["detail-type"],
        )
        assert (event.source, event.account, event.time) == (
            PASSED["source"],
            PASSED["account"],
            PASSED["time"],
        )
        assert (event.region, event.resources, event.detail) == (
            PASSED["region"],
            PASSED["resources"],
            PASSED["detail"],
        )
        assert event.context == "context"
        assert event.to_dict() is PASSED

    def test_middleware_may_leave_things_on_it(self) -> None:
        event: Any = CloudWatchEvent(PASSED, None)

        event.detail, event.started = {}, 1

        assert (event.detail, event.started) == ({}, 1)

    @pytest.mark.parametrize("part", sorted(PASSED))
    def test_what_is_missing_is_named(self, part: str) -> None:
        with pytest.raises(KeyError, match=part):
            CloudWatchEvent({name: value for name, value in PASSED.items() if name != part}, None)

    @given(JSON)
    def test_a_strangers_event_is_refused_with_an_ordinary_exception(self, passed: Any) -> None:
        """It reaches Lambda, which reports the invocation as failed; nothing worse happens."""
        with pytest.raises((KeyError, IndexError, TypeError)):
            CloudWatchEvent(passed, None)


class TestExpressions:
    @pytest.mark.parametrize(
        ("value", "unit", "expression"),
        [
            (1, Rate.MINUTES, "rate(1 minute)"),
            (2, Rate.MINUTES, "rate(2 minutes)"),
            (1, Rate.HOURS, "rate(1 hour)"),
            (12, Rate.HOURS, "rate(12 hours)"),
            (1, Rate.DAYS, "rate(1 day)"),
            (7, Rate.DAYS, "rate(7 days)"),
            (2, "hours", "rate(2 hours)"),
        ],
    )
    def test_a_rate_has_one_of_a_thing_or_several(self, value: int, unit: str, expression: str) -> None:
        rate = Rate(value, unit=unit)

        assert rate.to_string() == expression
        assert (rate.value, rate.unit) == (value, unit)

    def test_a_cron_expression_has_six_fields(self) -> None:
        cron = Cron(15, 10, "?", "*", "6L", "2002-2005")

        assert cron.to_string() == "cron(15 10 ? * 6L 2002-2005)"
        assert (cron.minutes, cron.hours, cron.day_of_month) == (15, 10, "?")
        assert (cron.month, cron.day_of_week, cron.year) == ("*", "6L", "2002-2005")

    def test_both_are_schedule_expressions_and_there_may_be_others(self, app: Chalice) -> None:
        class Sundays(ScheduleExpression):
            def to_string(self) -> str:
                return "cron(0 0 ? * SUN *)"

        app.schedule(Sundays())(lambda event: None)

        assert issubclass(Rate, ScheduleExpression)
        assert issubclass(Cron, ScheduleExpression)
        assert app.event_sources[0].options["expression"] == "cron(0 0 ? * SUN *)"

    def test_an_expression_has_to_say_how_it_is_written(self) -> None:
        class Silent(ScheduleExpression):
            """Says nothing."""

        with pytest.raises(NotImplementedError, match=r"Silent has to define to_string\(\)"):
            Silent().to_string()


class TestDecorators:
    def test_their_options_and_their_order_are_as_ever(self) -> None:
        of_schedule, of_pattern = (
            {name: one.default for name, one in inspect.signature(source.options).parameters.items()}
            for source in (schedule, on_cw_event)
        )

        assert list(of_schedule.items()) == [
            ("expression", inspect.Parameter.empty),
            ("name", None),
            ("description", ""),
            # What aws/chalice does not have comes after what it has.
            ("scheduler", False),
            ("timezone", None),
            ("flexible_time_window_in_minutes", None),
            *((name, None) for name in ASYNCHRONOUS),
        ]
        assert list(of_pattern.items()) == [
            ("event_pattern", inspect.Parameter.empty),
            ("name", None),
            ("event_bus", None),
            *((name, None) for name in ASYNCHRONOUS),
        ]

    @pytest.mark.parametrize(
        ("expression", "written"),
        [
            ("rate(5 minutes)", "rate(5 minutes)"),
            (Rate(1, Rate.HOURS), "rate(1 hour)"),
            (Cron(0, 18, "?", "*", "MON-FRI", "*"), "cron(0 18 ? * MON-FRI *)"),
        ],
    )
    def test_a_schedule_is_declared_as_text(
        self, app: Chalice, expression: str | ScheduleExpression, written: str
    ) -> None:
        @app.schedule(expression, "renamed", "now and then")
        def tick(event: CloudWatchEvent) -> None: ...

        (declared,) = app.event_sources

        assert (declared.source, declared.decorator) == ("scheduled", "schedule")
        assert (declared.name, declared.handler_string) == ("renamed", "app.tick")
        assert json.loads(json.dumps(declared.options)) == {
            "expression": written,
            "description": "now and then",
            "scheduler": False,
            "timezone": None,
            "flexible_time_window_in_minutes": None,
            **dict.fromkeys(ASYNCHRONOUS),
        }

    def test_a_pattern_is_declared_as_it_was_given(self, app: Chalice) -> None:
        pattern = {"source": ["aws.ec2"]}
        app.on_cw_event(event_pattern=pattern)(lambda event: None)

        (declared,) = app.event_sources

        assert (declared.source, declared.decorator) == ("cloudwatch", "on_cw_event")
        assert declared.options == {
            "event_pattern": pattern,
            "event_bus": None,
            **dict.fromkeys(ASYNCHRONOUS),
        }

    @pytest.mark.parametrize(
        ("decorator", "options"),
        [
            ("schedule", {}),
            ("schedule", {"expression": "rate(1 hour)", "colour": "red"}),
            ("on_cw_event", {}),
            ("on_cw_event", {"pattern": {}}),
        ],
    )
    def test_an_option_that_is_missing_or_unknown_is_a_type_error(
        self, app: Chalice, decorator: str, options: dict[str, Any]
    ) -> None:
        with pytest.raises(TypeError, match=decorator):
            getattr(app, decorator)(**options)
        assert app.event_sources == []

    @pytest.mark.parametrize("decorator", ["schedule", "on_cw_event"])
    def test_the_function_gets_an_event_and_its_answer_goes_back(self, app: Chalice, decorator: str) -> None:
        handler = getattr(app, decorator)("rate(1 hour)", name="work")(lambda event: event.source)

        assert handler(PASSED, None) == "aws.ec2"


class TestSamples:
    def test_an_event_has_every_part(self) -> None:
        event = generate_cw_event("shop", "Sold", {"what": "tea"}, ["arn:x"], region="eu-west-1")

        assert set(event) == set(PASSED)
        made = CloudWatchEvent(json.loads(json.dumps(event)), None)
        assert (made.source, made.detail_type, made.detail) == ("shop", "Sold", {"what": "tea"})
        assert (made.resources, made.region, made.version) == (["arn:x"], "eu-west-1", "0")

    def test_a_schedule_sends_its_rule_and_nothing_else(self) -> None:
        made = CloudWatchEvent(generate_scheduled_event("tick", "eu-west-1"), None)

        assert (made.source, made.detail_type, made.detail) == ("aws.events", "Scheduled Event", {})
        assert made.resources == ["arn:aws:events:eu-west-1:123456789012:rule/tick"]

    def test_the_same_arguments_give_the_same_event_and_others_another(self) -> None:
        assert generate_scheduled_event() == generate_scheduled_event()
        assert generate_cw_event("a", "b", {}, [])["id"] != generate_cw_event("a", "c", {}, [])["id"]


def test_the_names_are_there_under_chalice_too() -> None:
    assert chalice.CloudWatchEvent is chalice.app.CloudWatchEvent is CloudWatchEvent
    assert (chalice.Rate, chalice.Cron, chalice.app.ScheduleExpression) == (Rate, Cron, ScheduleExpression)
