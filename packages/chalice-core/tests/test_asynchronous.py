"""Options of asynchronous events: what Lambda would refuse, and what they become."""

from __future__ import annotations

from typing import Any

import pytest

from chalice_core.asynchronous import (
    ASYNCHRONOUS_OPTIONS,
    asynchronous_problems,
    dead_letter_problems,
    is_integer_within,
    lower_asynchronous,
)
from chalice_core.graph import Graph
from chalice_core.kinds import EventInvokeConfig, Function, Role
from chalice_core.values import ResourceId

QUEUE = "arn:aws:sqs:eu-west-1:123456789012:failed"
BUCKET = "arn:aws:s3:::failed-events"


@pytest.fixture
def role() -> Role:
    return Role(id=ResourceId("default-role"), role_name="shop-dev")


@pytest.fixture
def work(role: Role) -> Function:
    return Function(
        id=ResourceId("work"),
        name="work",
        function_name="shop-dev-work",
        handler="app.work",
        runtime="python3.12",
        role=role.arn,
    )


@pytest.mark.parametrize(
    "options",
    [
        {},
        dict.fromkeys(ASYNCHRONOUS_OPTIONS),
        {"maximum_retry_attempts": 0, "maximum_event_age_in_seconds": 60, "on_failure": QUEUE},
        {"maximum_retry_attempts": 2, "maximum_event_age_in_seconds": 21_600, "on_failure": BUCKET},
    ],
)
def test_what_lambda_takes_has_no_problems(options: dict[str, Any]) -> None:
    assert list(asynchronous_problems(options)) == []


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"maximum_retry_attempts": 3}, "'maximum_retry_attempts' must be an integer from 0 to 2, not 3."),
        ({"maximum_retry_attempts": -1}, "from 0 to 2, not -1"),
        ({"maximum_retry_attempts": True}, "not True"),
        ({"maximum_retry_attempts": 1.0}, "not 1.0"),
        ({"maximum_event_age_in_seconds": 59}, "from 60 to 21600, not 59"),
        ({"maximum_event_age_in_seconds": "60"}, "not '60'"),
        ({"on_failure": "failed"}, "'on_failure' must be the ARN"),
    ],
)
def test_what_lambda_refuses_is_named(options: dict[str, Any], says: str) -> None:
    (problem,) = asynchronous_problems(options)

    assert says in problem


def test_all_problems_are_told_at_once() -> None:
    options = {"maximum_retry_attempts": 9, "maximum_event_age_in_seconds": 1, "on_failure": "x"}

    assert len(list(asynchronous_problems(options))) == 3


def test_only_a_standard_queue_takes_dead_letters() -> None:
    assert list(dead_letter_problems({"dead_letter_queue": QUEUE})) == []
    assert list(dead_letter_problems({})) == []
    assert "of an SQS queue" in next(dead_letter_problems({"dead_letter_queue": BUCKET}))
    assert "FIFO" in next(dead_letter_problems({"dead_letter_queue": f"{QUEUE}.fifo"}))


def test_options_that_are_not_set_leave_everything_to_lambda(work: Function) -> None:
    assert lower_asynchronous({}, work) == ()
    assert lower_asynchronous(dict.fromkeys(ASYNCHRONOUS_OPTIONS), work) == ()


def test_zero_attempts_are_an_option_that_is_set(work: Function) -> None:
    (config,) = lower_asynchronous({"maximum_retry_attempts": 0}, work)

    assert isinstance(config, EventInvokeConfig)
    assert (config.id, config.function_arn) == ("work-invoke-config", work.arn)
    assert (config.maximum_retry_attempts, config.maximum_event_age) == (0, None)
    assert (config.on_failure, config.on_success, config.after) == (None, None, ())


@pytest.mark.parametrize("destination", [QUEUE, BUCKET])
def test_the_configuration_waits_until_the_role_may_send(
    work: Function, role: Role, destination: str
) -> None:
    options = {"maximum_event_age_in_seconds": 120, "on_failure": destination}

    graph = Graph.of([role, work, *lower_asynchronous(options, work)])

    (config,) = graph.of_kind(EventInvokeConfig)
    assert (config.maximum_event_age, config.on_failure) == (120, destination)
    assert set(config.dependencies()) == {role.id, work.id}
    granted = [resource for one in graph.of_kind(Role)[0].statements for resource in one.resources]
    assert all(str(resource).startswith(destination) for resource in granted)
    assert granted


@pytest.mark.parametrize(
    ("value", "fits"),
    [(1, True), (3, True), (0, False), (4, False), (True, False), ("2", False), (2.0, False)],
)
def test_integers_are_integers_of_the_range(value: object, fits: bool) -> None:
    assert is_integer_within(value, 1, 3) is fits
