"""The runtime half: the decorator, and the messages that a function is given."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import chalice
import chalice_sqs
from chalice import Chalice
from chalice_sqs import SQSEvent, SQSRecord

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=10,
)
ARN = "arn:aws:sqs:eu-west-1:123456789012:orders"


def record(number: int) -> dict[str, Any]:
    """One message, in the shape that Lambda documents."""
    return {
        "messageId": f"00000000-0000-4000-8000-{number:012}",
        "receiptHandle": f"handle-{number}",
        "body": f"body {number}",
        "attributes": {
            "ApproximateReceiveCount": "1",
            "SentTimestamp": "1545082649183",
            "SenderId": "AIDAIENQZJOLO23YVJ4VO",
            "ApproximateFirstReceiveTimestamp": "1545082649185",
        },
        "messageAttributes": {},
        "md5OfBody": "e4e68fb7bd0e697a0ae8f1bb342846b3",
        "eventSource": "aws:sqs",
        "eventSourceARN": ARN,
        "awsRegion": "eu-west-1",
    }


@pytest.fixture
def app() -> Chalice:
    return Chalice("queues", configure_logs=False, env={})


class TestEvent:
    def test_it_gives_its_records_as_often_as_asked(self) -> None:
        event = SQSEvent({"Records": [record(1), record(2)]}, "context")

        first, second = list(event), list(event)

        assert [one.body for one in first] == [one.body for one in second] == ["body 1", "body 2"]
        assert event.context == "context"

    def test_it_gives_back_what_lambda_passed(self) -> None:
        passed = {"Records": [record(1)]}

        assert SQSEvent(passed, None).to_dict() is passed

    def test_a_record_of_ones_own_is_like_those_of_a_batch(self) -> None:
        passed = record(1)

        (of_batch,) = SQSEvent({"Records": [passed]}, "context")
        own = SQSRecord(event_dict=passed, context="context")

        assert own.to_dict() is of_batch.to_dict() is passed
        for attribute in ("body", "receipt_handle", "context"):
            assert getattr(own, attribute) == getattr(of_batch, attribute)

    def test_functions_may_leave_things_on_event_and_record(self) -> None:
        event: Any = SQSEvent({"Records": [record(1)]}, None)
        (one,) = event

        event.started, one.parsed, one.body = 1, {"a": 1}, "other"

        assert (event.started, one.parsed, one.body) == (1, {"a": 1}, "other")

    def test_a_record_can_be_sent_to_another_process(self) -> None:
        (one,) = SQSEvent({"Records": [record(1)]}, None)

        there = pickle.loads(pickle.dumps(one))  # noqa: S301 - it is our own

        assert isinstance(there, SQSRecord)
        assert (there.body, there.to_dict()) == (one.body, one.to_dict())

    @pytest.mark.parametrize("part", ["body", "receiptHandle"])
    def test_what_a_record_lacks_is_named(self, part: str) -> None:
        passed = record(1)
        del passed[part]

        with pytest.raises(KeyError, match=part):
            list(SQSEvent({"Records": [passed]}, None))
        with pytest.raises(KeyError, match=part):
            SQSRecord(passed, None)

    @given(JSON)
    def test_a_strangers_event_gives_no_records(self, passed: Any) -> None:
        """The exception reaches Lambda, which reports the invocation as failed; nothing worse happens."""
        try:
            assert list(SQSEvent(passed, None)) == []
        except (KeyError, IndexError, TypeError) as error:
            assert error.args

    @given(JSON)
    def test_a_strangers_record_is_refused_with_an_ordinary_exception(self, passed: Any) -> None:
        with pytest.raises((KeyError, IndexError, TypeError)):
            list(SQSEvent({"Records": [passed]}, None))

    def test_a_record_has_body_and_handle_and_all_the_rest(self) -> None:
        (one,) = SQSEvent({"Records": [record(1)]}, "context")

        assert isinstance(one, SQSRecord)
        assert (one.body, one.receipt_handle, one.context) == ("body 1", "handle-1", "context")
        assert one.to_dict()["messageId"] == "00000000-0000-4000-8000-000000000001"


class TestDecorator:
    def test_the_function_gets_an_event_and_its_answer_goes_back_untouched(self, app: Chalice) -> None:
        failures = {"batchItemFailures": [{"itemIdentifier": "1"}]}
        bodies = []

        @app.on_sqs_message(queue="orders")
        def work(event: SQSEvent) -> Any:
            bodies.extend(one.body for one in event)
            return failures

        result = work({"Records": [record(1)]}, None)

        assert result is failures
        assert bodies == ["body 1"]
        assert app.handler_map == {"work": work}

    def test_an_exception_reaches_lambda_which_then_delivers_again(self, app: Chalice) -> None:
        @app.on_sqs_message(queue="orders")
        def work(event: SQSEvent) -> None:
            raise LookupError("not yet")

        with pytest.raises(LookupError, match="not yet"):
            work({"Records": [record(1)]}, None)

    def test_the_declaration_has_every_option_with_its_default(self, app: Chalice) -> None:
        app.on_sqs_message(queue="orders")(lambda event: None)

        declaration = app.event_sources[0]

        assert (declaration.source, declaration.decorator) == ("sqs", "on_sqs_message")
        assert json.loads(json.dumps(declaration.options)) == {
            "queue": "orders",
            "queue_arn": None,
            "batch_size": 1,
            "maximum_batching_window_in_seconds": 0,
            "maximum_concurrency": None,
            "report_batch_item_failures": False,
            "filter_patterns": None,
        }

    def test_options_may_be_given_by_position(self, app: Chalice) -> None:
        @app.on_sqs_message(None, 10, "renamed", ARN, 5, 2, True)
        def work(event: SQSEvent) -> None: ...

        declaration = app.event_sources[0]

        assert (declaration.name, declaration.handler_string) == ("renamed", "app.work")
        assert declaration.options == {
            "queue": None,
            "queue_arn": ARN,
            "batch_size": 10,
            "maximum_batching_window_in_seconds": 5,
            "maximum_concurrency": 2,
            "report_batch_item_failures": True,
            "filter_patterns": None,
        }

    @pytest.mark.parametrize(
        ("options", "message"),
        [
            ({}, "needs the queue's name"),
            ({"queue": ""}, "needs the queue's name"),
        ],
    )
    def test_a_value_that_cannot_be_is_refused_at_the_decorator(
        self, app: Chalice, options: dict[str, Any], message: str
    ) -> None:
        with pytest.raises(ValueError, match=message):
            app.on_sqs_message(**options)
        assert app.event_sources == []

    @pytest.mark.parametrize(
        "options",
        [
            {"queue": 1},
            {"queue": "q", "queue_arn": 1},
            {"queue": "q", "colour": "red"},
        ],
    )
    def test_a_value_of_another_type_is_refused_at_the_decorator(
        self, app: Chalice, options: dict[str, Any]
    ) -> None:
        with pytest.raises(TypeError, match="on_sqs_message"):
            app.on_sqs_message(**options)

    def test_what_aws_would_refuse_is_left_to_the_tools(self, app: Chalice) -> None:
        """They report all mistakes of an application at once."""
        app.on_sqs_message(queue="q", batch_size=0, maximum_concurrency=1)(print)

        assert app.event_sources[0].options["batch_size"] == 0


def test_the_names_are_there_under_chalice_too() -> None:
    assert chalice.SQSEvent is chalice.app.SQSEvent is SQSEvent
    assert chalice.SQSRecord is SQSRecord


def test_the_runtime_half_needs_the_runtime_and_nothing_else() -> None:
    roots = [str(Path(module.__file__ or "").parent.parent) for module in (chalice, chalice_sqs)]
    code = (
        f"import sys\nsys.path[:0] = {roots!r}\nbefore = set(sys.modules)\nimport chalice_sqs.events\n"
        "print(*sorted(name for name in set(sys.modules) - before if name.startswith('chalice')))"
    )

    ran = subprocess.run(
        [sys.executable, "-S", "-s", "-c", code], capture_output=True, text=True, check=True, timeout=60
    )

    assert "chalice_core" not in ran.stdout
    assert [name for name in ran.stdout.split() if name.startswith("chalice_sqs")] == [
        "chalice_sqs",
        "chalice_sqs.events",
    ]
