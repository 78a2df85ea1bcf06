"""What AWS would refuse is said before anything is built."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from chalice_core.manifest import App, EventDeclaration
from chalice_sqs import hooks

QUEUE_URL = "https://sqs.us-west-2.amazonaws.com/123456789012/orders"
Declare = Callable[..., EventDeclaration]


def problems_of(*events: EventDeclaration) -> list[str]:
    return list(hooks.chalice_validate_app(app=App(name="shop", events=events)))


@pytest.mark.parametrize(
    "options",
    [
        {"queue": "orders"},
        {"queue": "orders.fifo", "batch_size": 10},
        {"queue": "q" * 80},
        {"queue": "orders", "queue_arn": ""},
        {"queue": "ignored, for an ARN is there", "queue_arn": "arn:aws:sqs:us-west-2:123456789012:o"},
        {"queue_arn": "arn:aws-us-gov:sqs:us-gov-west-1:123456789012:orders"},
        {"batch_size": 10},
        {"batch_size": 11, "maximum_batching_window_in_seconds": 1},
        {"batch_size": 10_000, "maximum_batching_window_in_seconds": 300},
        {"maximum_concurrency": 2},
        {"maximum_concurrency": 1000},
    ],
)
def test_what_aws_accepts_has_no_problems(declare: Declare, options: dict[str, Any]) -> None:
    assert problems_of(declare(**options)) == []


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (
            {"queue": QUEUE_URL},
            "must be the name of the queue",
        ),
        ({"queue": QUEUE_URL}, "'orders'"),
        ({"queue": "arn:aws:sqs:us-west-2:123456789012:orders"}, "must be the name of the queue"),
        ({"queue": "arn:aws:sqs:us-west-2:123456789012:orders"}, "queue_arn="),
        ({"queue": "q" * 81}, "must be the name of the queue"),
        ({"queue": "two words"}, "must be the name of the queue"),
        ({"queue": 7}, "must be the name of the queue, not 7"),
        ({"queue": None}, "one of 'queue' and 'queue_arn'"),
        ({"queue": "", "queue_arn": ""}, "one of 'queue' and 'queue_arn'"),
        ({"queue_arn": "orders"}, "must be the ARN of a queue"),
        ({"queue_arn": "arn:aws:sns:us-west-2:123456789012:orders"}, "must be the ARN of a queue"),
        ({"batch_size": 0}, "from 1 to 10000, not 0"),
        ({"batch_size": 10_001, "maximum_batching_window_in_seconds": 1}, "from 1 to 10000"),
        ({"batch_size": "5"}, "not '5'"),
        ({"batch_size": True}, "not True"),
        ({"batch_size": 11}, "at least 1"),
        ({"maximum_batching_window_in_seconds": 301}, "from 0 to 300, not 301"),
        ({"maximum_batching_window_in_seconds": -1}, "from 0 to 300, not -1"),
        ({"queue": "orders.fifo", "batch_size": 11}, "of a FIFO queue must be an integer from 1 to 10"),
        ({"queue": "orders.fifo", "maximum_batching_window_in_seconds": 1}, "has no batching window"),
        ({"queue_arn": "arn:aws:sqs:us-west-2:123456789012:o.fifo", "batch_size": 11}, "of a FIFO queue"),
        ({"maximum_concurrency": 1}, "from 2 to 1000, not 1"),
        ({"maximum_concurrency": 1001}, "from 2 to 1000, not 1001"),
        ({"report_batch_item_failures": "yes"}, "true or false"),
    ],
)
def test_what_aws_refuses_is_named(declare: Declare, options: dict[str, Any], says: str) -> None:
    (problem,) = problems_of(declare(**options))

    assert says in problem
    assert problem.startswith("on_sqs_message on 'work': ")


def test_all_problems_of_all_declarations_are_reported_at_once(declare: Declare) -> None:
    found = problems_of(declare(batch_size=0, maximum_concurrency=1), declare(queue="no name"))

    assert len(found) == 3


def test_declarations_of_other_families_are_not_judged() -> None:
    event = EventDeclaration(source="s3", decorator="on_s3_event", function="work", options={"batch_size": 0})

    assert problems_of(event) == []
