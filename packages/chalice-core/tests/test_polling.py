"""What polled families share: the judgement of options, and how they become a mapping."""

from __future__ import annotations

import time
from typing import Any

import pytest

from chalice_core.graph import Graph
from chalice_core.kinds import EventSourceMapping, Function, Grant, Role
from chalice_core.polling import (
    SourceLimits,
    filter_problems,
    lower_polled,
    pattern_text,
    polling_problems,
    timestamp_of,
)
from chalice_core.values import ResourceId

QUEUE = SourceLimits(batch_without_window=10)
STREAM = SourceLimits(positions=("LATEST", "TRIM_HORIZON", "AT_TIMESTAMP"), windows=True)
FAILED = "arn:aws:sqs:eu-west-1:123456789012:failed"
SOURCE = "arn:aws:sqs:eu-west-1:123456789012:orders"
ROLE = Role(id=ResourceId("role"), role_name="shop-dev")
WORK = Function(
    id=ResourceId("work"),
    name="work",
    function_name="shop-dev-work",
    handler="app.work",
    runtime="python3.12",
    role=ROLE.arn,
)
READS = Grant(id=ResourceId("work-reads"), role=ROLE.arn, actions=("sqs:ReceiveMessage",), on=(SOURCE,))


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"batch_size": 10_000, "maximum_batching_window_in_seconds": 300},
        {"maximum_retry_attempts": -1, "maximum_record_age_in_seconds": -1},
        {"maximum_retry_attempts": 10_000, "maximum_record_age_in_seconds": 604_800},
        {"maximum_retry_attempts": 0, "maximum_record_age_in_seconds": 60},
        {"on_failure": FAILED},
        {"on_failure": "arn:aws:s3:::failed"},
        {"parallelization_factor": 1, "tumbling_window_in_seconds": 0},
        {"starting_position": "AT_TIMESTAMP", "starting_position_timestamp": "2026-01-31T12:00:00+01:00"},
        {"filter_patterns": [{"data": {"a": [None, {"numeric": [">", 1]}]}, "$or": [{"b": [1]}]}]},
    ],
)
def test_what_lambda_takes_has_no_problems(options: dict[str, Any]) -> None:
    assert list(polling_problems(options, STREAM)) == []


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"batch_size": 0}, "'batch_size' must be an integer from 1 to 10000, not 0"),
        ({"batch_size": True}, "not True"),
        ({"maximum_batching_window_in_seconds": 301}, "from 0 to 300, not 301"),
        ({"maximum_retry_attempts": -2}, "or -1 for as long"),
        ({"maximum_retry_attempts": 10_001}, "from 0 to 10000"),
        ({"maximum_record_age_in_seconds": 59}, "from 60 to 604800, or -1"),
        ({"maximum_record_age_in_seconds": 604_801}, "not 604801"),
        ({"on_failure": "failed"}, "'on_failure' must be the ARN of"),
        (
            {"on_failure": "arn:aws:lambda:eu-west-1:123456789012:function:f"},
            "SQS queue, an SNS topic or an S3",
        ),
        ({"on_failure": FAILED + ".fifo"}, "FIFO"),
        ({"parallelization_factor": 0}, "from 1 to 10, not 0"),
        ({"tumbling_window_in_seconds": 901}, "from 0 to 900"),
        ({"report_batch_item_failures": "yes"}, "true or false"),
        ({"bisect_batch_on_function_error": 1}, "true or false"),
        ({"starting_position": "latest"}, "LATEST, TRIM_HORIZON or AT_TIMESTAMP, not 'latest'"),
        ({"starting_position": "AT_TIMESTAMP"}, "needs a 'starting_position_timestamp'"),
        ({"starting_position_timestamp": 1}, "goes with 'starting_position' AT_TIMESTAMP, not 'LATEST'"),
        (
            {"starting_position": "AT_TIMESTAMP", "starting_position_timestamp": "yesterday"},
            "'starting_position_timestamp' must be a time as ISO 8601",
        ),
        (
            {"starting_position": "AT_TIMESTAMP", "starting_position_timestamp": time.time() + 3600},
            "cannot be in the future",
        ),
    ],
)
def test_what_lambda_refuses_is_named(options: dict[str, Any], says: str) -> None:
    (problem,) = polling_problems(options, STREAM)

    assert says in problem


def test_a_large_batch_needs_a_window_where_lambda_says_so() -> None:
    assert list(polling_problems({"batch_size": 11}, STREAM)) == []
    (problem,) = polling_problems({"batch_size": 11}, QUEUE)

    assert "over 10 needs" in problem


def test_queues_have_no_positions_and_no_windows() -> None:
    options = {"starting_position": "NOW", "parallelization_factor": 99}

    assert list(polling_problems(options, QUEUE)) == []


def test_all_problems_are_told_at_once() -> None:
    options = {"batch_size": 0, "maximum_retry_attempts": -5, "on_failure": "x", "starting_position": "NOW"}

    assert len(list(polling_problems(options, STREAM))) == 4


@pytest.mark.parametrize(
    ("patterns", "says"),
    [
        ("body", "must be a list of patterns"),
        ({"body": ["a"]}, "must be a list of patterns"),
        ([], "must be a list of patterns"),
        (["body"], "must be a dictionary"),
        ([{}], "must be a dictionary with something in it"),
        ([{"body": {"a": {"b": "c"}}}], "a list of accepted values at 'body.a.b', not 'c'"),
        ([{"body": []}], "at 'body'"),
        ([{"$or": ["a"]}], "at '$or'"),
        ([{"body": ["a"]}] * 11, "has 11 patterns"),
        ([{"body": ["a" * 4096]}], "longer than 4096"),
    ],
)
def test_a_pattern_that_cannot_be_is_named(patterns: Any, says: str) -> None:
    (problem,) = filter_problems(patterns)

    assert says in problem


def test_a_pattern_is_written_as_short_as_it_can_be() -> None:
    assert pattern_text({"body": {"a": ["ü", None, 1]}}) == '{"body":{"a":["ü",null,1]}}'


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (0, 0.0),
        (1.5, 1.5),
        ("1970-01-01T00:00:01Z", 1.0),
        ("1970-01-01T01:00:01+01:00", 1.0),
        ("1970-01-01T00:00:00.250+00:00", 0.25),
    ],
)
def test_a_time_is_seconds_since_1970(value: Any, seconds: float) -> None:
    assert timestamp_of(value) == seconds


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ("2026-01-31T12:00:00", "must say its time zone"),
        ("soon", "ISO 8601"),
        (True, "ISO 8601"),
        ([], "ISO 8601"),
    ],
)
def test_what_is_no_time_is_said(value: Any, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        timestamp_of(value)


def test_options_become_a_mapping_that_waits_for_its_permissions() -> None:
    options = {
        "batch_size": 5,
        "maximum_batching_window_in_seconds": 2,
        "maximum_concurrency": 3,
        "report_batch_item_failures": True,
        "filter_patterns": [{"body": ["a"]}],
        "starting_position": "AT_TIMESTAMP",
        "starting_position_timestamp": "1970-01-01T00:00:01Z",
        "on_failure": FAILED,
        "maximum_retry_attempts": 0,
        "maximum_record_age_in_seconds": 60,
        "bisect_batch_on_function_error": True,
        "parallelization_factor": 2,
        "tumbling_window_in_seconds": 30,
    }

    reads, sends, mapping = lower_polled(
        options,
        WORK,
        id="work-source",
        service="kinesis",
        source_arn=SOURCE,
        grants=[READS],
        default_batch_size=100,
        topics=("t",),
    )

    assert reads is READS
    assert isinstance(sends, Grant)
    assert (sends.actions, sends.on) == (("sqs:SendMessage",), (FAILED,))
    assert mapping == EventSourceMapping(
        id=ResourceId("work-source"),
        function_arn=WORK.arn,
        source_arn=SOURCE,
        service="kinesis",
        batch_size=5,
        maximum_batching_window=2,
        maximum_concurrency=3,
        report_batch_item_failures=True,
        filter_patterns=({"body": ["a"]},),
        starting_position="AT_TIMESTAMP",
        starting_position_timestamp=1.0,
        on_failure=FAILED,
        maximum_retry_attempts=0,
        maximum_record_age=60,
        bisect_batch=True,
        parallelization_factor=2,
        tumbling_window=30,
        topics=("t",),
        after=(READS.id, sends.id),
    )


def test_options_left_out_take_their_defaults() -> None:
    lowered = lower_polled(
        {}, WORK, id="m", service="sqs", source_arn=SOURCE, grants=[READS], default_batch_size=7
    )

    (mapping,) = Graph.of([ROLE, WORK, *lowered]).of_kind(EventSourceMapping)
    assert mapping == EventSourceMapping(
        id=ResourceId("m"),
        function_arn=WORK.arn,
        source_arn=SOURCE,
        service="sqs",
        batch_size=7,
        after=(ROLE.id,),
    )
