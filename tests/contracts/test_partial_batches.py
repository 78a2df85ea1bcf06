"""What every polled family owes a function that reports the records it failed on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from chalice import Blueprint, Chalice
from chalice.batch import BatchError
from chalice.test import Client


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """How a family is declared and what its answers look like.

    Args:
        decorator: its decorator.
        options: what the decorator needs.
        sample: makes an event of three records, by its name.
        arguments: of the sample; the second record is the one that fails.
        failed: given the event, what the answer names when that one fails.
        handled: how many records the function begins with.
    """

    decorator: str
    options: Mapping[str, Any]
    sample: str
    arguments: Mapping[str, Any]
    failed: Callable[[Any], list[Any]]
    handled: int = 2


BODIES = [b"one", b"two", b"three"]
ITEMS = [{"id": {"S": name}} for name in ("one", "two", "three")]
FAMILIES = {
    "queue": Family(
        decorator="on_sqs_message",
        options={"queue": "orders"},
        sample="generate_sqs_event",
        arguments={"message_bodies": ["one", "two", "three"], "queue_name": "orders"},
        failed=lambda event: [event["Records"][1]["messageId"]],
        handled=3,
    ),
    "fifo-queue": Family(
        decorator="on_sqs_message",
        options={"queue": "orders.fifo"},
        sample="generate_sqs_event",
        arguments={"message_bodies": ["one", "two", "three"], "queue_name": "orders.fifo"},
        failed=lambda event: [message["messageId"] for message in event["Records"][1:]],
    ),
    "kinesis": Family(
        decorator="on_kinesis_record",
        options={"stream": "clicks"},
        sample="generate_kinesis_event",
        arguments={"message_bodies": BODIES},
        failed=lambda event: [event["Records"][1]["kinesis"]["sequenceNumber"]],
    ),
    "dynamodb": Family(
        decorator="on_dynamodb_record",
        options={"stream_arn": "arn:aws:dynamodb:eu-west-1:123456789012:table/t/stream/l"},
        sample="generate_dynamodb_event",
        arguments={"new_images": ITEMS},
        failed=lambda event: [event["Records"][1]["dynamodb"]["SequenceNumber"]],
    ),
    "kafka": Family(
        decorator="on_kafka_message",
        options={"topic": "orders", "bootstrap_servers": ["a.example.com:9092"]},
        sample="generate_kafka_event",
        arguments={"message_bodies": BODIES, "topic": "orders"},
        failed=lambda _: [{"partition": "orders-0", "offset": 16}],
    ),
}


@pytest.fixture(params=FAMILIES)
def family(request: pytest.FixtureRequest) -> Family:
    return FAMILIES[request.param]


@pytest.fixture
def app() -> Chalice:
    return Chalice("shop", configure_logs=False, env={})


def declare(family: Family, to: Any, function: Callable[[Any], Any], *, reports: bool = True) -> Any:
    """Declare a function that works for an application or a blueprint."""
    return getattr(to, family.decorator)(**family.options, report_batch_item_failures=reports)(function)


def answer_of(app: Chalice, family: Family, name: str) -> tuple[Any, Any]:
    """Return the event that a function was called with through the test client, and its answer."""
    with Client(app) as client:
        event = getattr(client.events, family.sample)(**family.arguments)
        return event, client.lambda_.invoke(name, event).payload


def named(family: Family, event: Any) -> dict[str, Any]:
    return {"batchItemFailures": [{"itemIdentifier": one} for one in family.failed(event)]}


@pytest.mark.parametrize("where", ["app", "blueprint", "middleware"])
@pytest.mark.parametrize("asynchronous", [False, True], ids=["def", "async-def"])
def test_the_second_record_fails_alone_or_with_what_follows_it(
    family: Family, app: Chalice, where: str, asynchronous: bool
) -> None:
    begun: list[Any] = []

    def work(event: Any) -> None:
        for record in event:
            with event.item(record):
                begun.append(record)
                if len(begun) == 2:
                    raise ValueError

    async def work_async(event: Any) -> None:
        work(event)

    function = work_async if asynchronous else work
    if where == "blueprint":
        blueprint = Blueprint("part")
        declare(family, blueprint, function)
        app.register_blueprint(blueprint)
    else:
        declare(family, app, function)
    if where == "middleware":
        app.register_middleware(lambda event, get_response: get_response(event), "all")

    event, answer = answer_of(app, family, function.__name__)

    assert answer == named(family, event)
    assert len(begun) == family.handled


def test_what_a_blueprint_gives_back_reports_as_well(family: Family, app: Chalice) -> None:
    """Lambda calls that very object, by the name of its module."""

    def work(event: Any) -> None:
        for place, record in enumerate(event):
            with event.item(record):
                if place == 1:
                    raise ValueError

    blueprint = Blueprint("part")
    handler = declare(family, blueprint, work)
    app.register_blueprint(blueprint)
    with Client(app) as client:
        event = getattr(client.events, family.sample)(**family.arguments)

    assert handler(event, None) == named(family, event)


def test_a_function_that_fails_on_nothing_answers_so(family: Family, app: Chalice) -> None:
    def work(event: Any) -> None:
        for record in event:
            with event.item(record):
                assert record.to_dict()

    declare(family, app, work)

    assert answer_of(app, family, "work")[1] == {"batchItemFailures": []}


def test_an_answer_made_by_hand_still_works(family: Family, app: Chalice) -> None:
    def work(event: Any) -> Any:
        return named(family, event.to_dict())

    declare(family, app, work)

    event, answer = answer_of(app, family, "work")

    assert answer == named(family, event)


def test_an_answer_that_names_a_record_of_another_batch_is_an_error(family: Family, app: Chalice) -> None:
    def work(event: Any) -> Any:
        return {"batchItemFailures": [{"itemIdentifier": "of yesterday"}]}

    handler = declare(family, app, work)
    with Client(app) as client:
        event = getattr(client.events, family.sample)(**family.arguments)

    with pytest.raises(BatchError, match="identifies no record of this batch"):
        handler(event, None)


def test_without_the_option_the_helper_names_it(family: Family, app: Chalice) -> None:
    def work(event: Any) -> None:
        for record in event:
            with event.item(record):
                raise AssertionError

    handler = declare(family, app, work, reports=False)
    with Client(app) as client:
        event = getattr(client.events, family.sample)(**family.arguments)

    with pytest.raises(BatchError, match=family.decorator):
        handler(event, None)
