"""What SNS would refuse is said before anything is built."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from chalice_core.manifest import App, EventDeclaration
from chalice_sns import hooks

Declare = Callable[..., EventDeclaration]
QUEUE = "arn:aws:sqs:us-west-2:123456789012:failed"
BODY = "MessageBody"


def problems_of(*events: EventDeclaration) -> list[str]:
    return list(hooks.chalice_validate_app(app=App(name="newsroom", events=events)))


@pytest.mark.parametrize(
    "options",
    [
        {"topic": "news"},
        {"topic": "n" * 256},
        {"topic": "arn:aws-cn:sns:cn-north-1:210987654321:news"},
        {"filter_policy": {"colour": ["red", {"prefix": "b"}], "size": [{"numeric": [">", 3]}]}},
        {"filter_policy": {"a": {"b": ["c"]}}, "filter_policy_scope": BODY},
        {"filter_policy": {"$or": [{"a": ["b"]}, {"c": ["d"]}]}, "filter_policy_scope": "MessageAttributes"},
        {"filter_policy": {str(index): ["a"] for index in range(5)}},
        {"filter_policy": {"a": list(range(10)), "b": list(range(15))}},
        {"dead_letter_queue": QUEUE, "on_failure": QUEUE, "maximum_retry_attempts": 2},
    ],
)
def test_what_sns_accepts_has_no_problems(declare: Declare, options: dict[str, Any]) -> None:
    assert problems_of(declare(**options)) == []


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"topic": ""}, "must be the name of a topic"),
        ({"topic": None}, "must be the name of a topic"),
        ({"topic": "two words"}, "must be the name of a topic"),
        ({"topic": "n" * 257}, "must be the name of a topic"),
        ({"topic": "arn:aws:sqs:us-west-2:123456789012:news"}, "arn:aws:sns:REGION:ACCOUNT:NAME"),
        ({"topic": "arn:aws:sns:us-west-2:12345:news"}, "arn:aws:sns:REGION:ACCOUNT:NAME"),
        ({"filter_policy": "red"}, "'filter_policy' must be a dict"),
        ({"filter_policy": {"colour": "red"}}, "write ['red']"),
        ({"filter_policy": {"a": {"b": ["c"]}}}, "attributes have no fields of their own"),
        (
            {"filter_policy": {"a": ["b"]}, "filter_policy_scope": "Body"},
            "'MessageAttributes' or 'MessageBody'",
        ),
        ({"filter_policy_scope": BODY}, "give that, too"),
        ({"filter_policy": {str(index): ["a"] for index in range(6)}}, "has 6 fields; SNS allows 5"),
        ({"filter_policy": {"a": list(range(151))}}, "accepts 151 combinations of values; SNS allows 150"),
        (
            {"filter_policy": {"a": {"b": list(range(76))}}, "filter_policy_scope": BODY},
            "accepts 152 combinations",
        ),
        ({"filter_policy": {"a": ["b" * 262_144]}}, "bytes as JSON; SNS allows 262144"),
        ({"dead_letter_queue": "failed"}, "'dead_letter_queue' must be the ARN of an SQS queue"),
        ({"on_failure": f"{QUEUE}.fifo"}, "FIFO queue"),
        ({"maximum_event_age_in_seconds": 5}, "from 60 to 21600"),
    ],
)
def test_what_sns_refuses_is_named(declare: Declare, options: dict[str, Any], says: str) -> None:
    (problem,) = problems_of(declare(**options))

    assert says in problem
    assert problem.startswith("on_sns_message on 'work': ")


@pytest.mark.parametrize("topic", ["news.fifo", "arn:aws:sns:us-west-2:123456789012:news.fifo"])
def test_a_fifo_topic_is_reached_through_a_queue(declare: Declare, topic: str) -> None:
    (problem,) = problems_of(declare(topic=topic))

    assert "cannot invoke functions" in problem
    assert "@app.on_sqs_message" in problem


def test_all_problems_are_told_at_once(declare: Declare) -> None:
    assert len(problems_of(declare(topic="", filter_policy=1), declare(maximum_retry_attempts=7))) == 3


def test_declarations_of_other_families_are_not_judged() -> None:
    event = EventDeclaration(source="sqs", decorator="on_sqs_message", function="work", options={})

    assert problems_of(event) == []
