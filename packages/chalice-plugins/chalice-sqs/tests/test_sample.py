"""A sample event looks as Lambda's own does."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import pytest

from chalice_core.manifest import EventDeclaration
from chalice_core.samples import SampleArgumentError
from chalice_sqs import hooks
from chalice_sqs.sample import generate_sqs_event

Declare = Callable[..., EventDeclaration]

RECORD_KEYS = {
    "messageId",
    "receiptHandle",
    "body",
    "attributes",
    "messageAttributes",
    "md5OfBody",
    "eventSource",
    "eventSourceARN",
    "awsRegion",
}


def test_each_body_becomes_a_whole_record() -> None:
    records = generate_sqs_event(["one", "zwei ✓"])["Records"]

    assert [record["body"] for record in records] == ["one", "zwei ✓"]
    assert all(set(record) == RECORD_KEYS for record in records)
    assert records[1]["md5OfBody"] == hashlib.md5("zwei ✓".encode(), usedforsecurity=False).hexdigest()
    assert len({record["messageId"] for record in records}) == 2
    assert len({record["receiptHandle"] for record in records}) == 2


def test_a_queue_without_a_name_is_called_queue_name() -> None:
    (record,) = generate_sqs_event(["one"])["Records"]

    assert record["eventSourceARN"].endswith(":queue-name")


def test_messages_of_a_fifo_queue_have_a_group_and_grow_in_sequence() -> None:
    first, second = (
        record["attributes"] for record in generate_sqs_event(["a", "b"], "orders.fifo")["Records"]
    )

    assert first["MessageGroupId"] == second["MessageGroupId"]
    assert first["SequenceNumber"] < second["SequenceNumber"]


def test_the_same_arguments_give_the_same_event() -> None:
    assert generate_sqs_event(["a", "b"]) == generate_sqs_event(["a", "b"])


def test_equal_messages_are_told_apart() -> None:
    first, second = generate_sqs_event(["same", "same"])["Records"]

    assert first["messageId"] != second["messageId"]


@pytest.mark.parametrize(
    ("options", "arguments", "ends"),
    [
        ({"queue": "orders"}, {}, ":orders"),
        ({"queue_arn": "arn:aws:sqs:eu-west-1:1:there"}, {}, ":there"),
        ({"queue": "orders"}, {"queue_name": "other"}, ":other"),
    ],
)
def test_the_event_comes_from_the_declared_queue_unless_another_is_named(
    declare: Declare, options: dict[str, Any], arguments: dict[str, Any], ends: str
) -> None:
    event = hooks.chalice_sample_event(event=declare(**options), arguments={"bodies": ["x"], **arguments})

    assert event is not None
    assert event["Records"][0]["eventSourceARN"].endswith(ends)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({}, "'bodies' must be a list"),
        ({"bodies": "one"}, "not 'one'"),
        ({"bodies": [1]}, "not [1]"),
        ({"bodies": [], "bucket": "b"}, "no argument 'bucket'"),
        ({"bodies": [], "queue_name": 3}, "'queue_name' must be a text"),
    ],
)
def test_wrong_arguments_are_named(declare: Declare, arguments: dict[str, Any], says: str) -> None:
    with pytest.raises(SampleArgumentError) as caught:
        hooks.chalice_sample_event(event=declare(), arguments=arguments)

    assert says in caught.value.problem
