"""What an ARN of a destination names, what is wrong with it, and what sending to it takes."""

from __future__ import annotations

from typing import Any

import pytest

from chalice_core.destinations import destination_grants, destination_of, destination_problem
from chalice_core.values import Output, ResourceId

PLACE = "eu-west-1:123456789012"
ROLE = Output(ResourceId("default-role"), "arn")


@pytest.mark.parametrize(
    ("arn", "service", "name"),
    [
        (f"arn:aws:sqs:{PLACE}:failed", "sqs", "failed"),
        (f"arn:aws-us-gov:sqs:us-gov-west-1:123456789012:{'q' * 80}", "sqs", "q" * 80),
        (f"arn:aws:sns:{PLACE}:alarm_1-x", "sns", "alarm_1-x"),
        (f"arn:aws:events:{PLACE}:event-bus/default", "events", "default"),
        (
            f"arn:aws:events:{PLACE}:event-bus/aws.partner/shop.example/1",
            "events",
            "aws.partner/shop.example/1",
        ),
        ("arn:aws-cn:s3:::failed-events", "s3", "failed-events"),
        (f"arn:aws:lambda:{PLACE}:function:helper", "lambda", "helper"),
        (f"arn:aws:lambda:{PLACE}:function:helper:live", "lambda", "helper"),
        (f"arn:aws:lambda:{PLACE}:function:helper:$LATEST", "lambda", "helper"),
    ],
)
def test_each_service_is_told_by_its_arn(arn: str, service: str, name: str) -> None:
    found = destination_of(arn)

    assert found is not None
    assert (found.arn, found.service, found.name) == (arn, service, name)
    assert destination_problem("on_failure", arn) is None


@pytest.mark.parametrize(
    "value",
    [
        "failed",
        "",
        7,
        ["arn:aws:s3:::failed"],
        "arn:aws:sqs:eu-west-1:12345:failed",
        f"arn:aws:sqs:{PLACE}:{'q' * 81}",
        f"arn:aws:sqs:{PLACE}:failed\n",
        f"arn:aws:events:{PLACE}:rule/tick",
        f"arn:aws:dynamodb:{PLACE}:table/t",
        "arn:aws:s3:::failed/prefix",
        "https://sqs.eu-west-1.amazonaws.com/123456789012/failed",
    ],
)
def test_what_is_no_destination_is_said_with_what_there_is(value: Any) -> None:
    assert destination_of(value) is None

    problem = destination_problem("on_failure", value)

    assert problem == (
        "'on_failure' must be the ARN of an SQS queue, an SNS topic, an event bus, an S3 bucket or "
        f"a Lambda function, not {value!r}."
    )


def test_an_option_that_is_not_set_is_fine() -> None:
    assert destination_problem("on_failure", None) is None


def test_a_service_that_is_no_destination_here_is_refused() -> None:
    problem = destination_problem("dead_letter_queue", f"arn:aws:sns:{PLACE}:alarm", ("sqs",))

    assert problem == f"'dead_letter_queue' must be the ARN of an SQS queue, not 'arn:aws:sns:{PLACE}:alarm'."


@pytest.mark.parametrize(("service", "noun"), [("sqs", "queue"), ("sns", "topic")])
def test_what_keeps_an_order_is_refused(service: str, noun: str) -> None:
    problem = destination_problem("on_failure", f"arn:aws:{service}:{PLACE}:failed.fifo")

    assert problem is not None
    assert f"FIFO {noun} 'failed.fifo'" in problem


@pytest.mark.parametrize(
    ("arn", "granted"),
    [
        (f"arn:aws:sqs:{PLACE}:q", [("sqs:SendMessage", f"arn:aws:sqs:{PLACE}:q")]),
        (f"arn:aws:sns:{PLACE}:t", [("sns:Publish", f"arn:aws:sns:{PLACE}:t")]),
        (
            f"arn:aws:events:{PLACE}:event-bus/b",
            [("events:PutEvents", f"arn:aws:events:{PLACE}:event-bus/b")],
        ),
        (
            f"arn:aws:lambda:{PLACE}:function:f:live",
            [("lambda:InvokeFunction", f"arn:aws:lambda:{PLACE}:function:f:live")],
        ),
        (
            "arn:aws:s3:::bucket",
            [("s3:PutObject", "arn:aws:s3:::bucket/*"), ("s3:ListBucket", "arn:aws:s3:::bucket")],
        ),
    ],
)
def test_sending_takes_these_actions_on_this_one_thing(arn: str, granted: list[tuple[str, str]]) -> None:
    grants = destination_grants("work-sends-failures", role=ROLE, arn=arn)

    assert [(*grant.actions, *grant.on) for grant in grants] == granted
    assert all(grant.role == ROLE for grant in grants)
    assert len({grant.id for grant in grants}) == len(grants)
    assert grants[0].id == "work-sends-failures"


def test_a_grant_for_nothing_is_the_callers_mistake() -> None:
    with pytest.raises(ValueError, match="failed"):
        destination_grants("work", role=ROLE, arn="failed")
