"""DynamoDB Streams in Lambda: the records, the decorator, and samples for tests."""

from __future__ import annotations

import inspect
import json
import warnings
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import chalice
from chalice import Chalice
from chalice_dynamodb import DynamoDBEvent, DynamoDBRecord, on_dynamodb_record
from chalice_dynamodb.sample import generate_dynamodb_event

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=10,
)
STREAM = "arn:aws:dynamodb:us-west-2:123456789012:table/orders/stream/2026-01-31T12:00:00.000"


def record_of(arn: str = STREAM, **changes: Any) -> dict[str, Any]:
    change = {
        "ApproximateCreationDateTime": 1480642020.5,
        "Keys": {"id": {"S": "1"}},
        "NewImage": {"id": {"S": "1"}, "tea": {"N": "2"}},
        "OldImage": {"id": {"S": "1"}, "tea": {"N": "1"}},
        "SequenceNumber": "11",
        "SizeBytes": 59,
        "StreamViewType": "NEW_AND_OLD_IMAGES",
    }
    return {
        "eventID": "e",
        "eventName": "MODIFY",
        "eventVersion": "1.1",
        "eventSource": "aws:dynamodb",
        "awsRegion": "us-west-2",
        "dynamodb": {**change, **changes},
        "eventSourceARN": arn,
    }


@pytest.fixture
def app() -> Chalice:
    return Chalice("shop", configure_logs=False, env={})


class TestRecord:
    def test_it_has_what_changed_and_all_the_rest(self) -> None:
        passed = record_of()

        record = DynamoDBRecord(event_dict=passed, context="context")

        assert record.keys == {"id": {"S": "1"}}
        assert record.new_image == {"id": {"S": "1"}, "tea": {"N": "2"}}
        assert record.old_image == {"id": {"S": "1"}, "tea": {"N": "1"}}
        assert (record.sequence_number, record.size_bytes) == ("11", 59)
        assert record.stream_view_type == "NEW_AND_OLD_IMAGES"
        assert (record.aws_region, record.event_id, record.event_name) == ("us-west-2", "e", "MODIFY")
        assert (record.event_source_arn, record.table_name, record.context) == (STREAM, "orders", "context")
        assert record.to_dict() is passed

    def test_its_time_is_utc_and_has_no_time_zone_and_costs_no_warning(self) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            timestamp = DynamoDBRecord(record_of(), None).timestamp

        assert timestamp == datetime(2016, 12, 2, 1, 27, 0, 500000)  # noqa: DTZ001

    def test_what_the_view_leaves_out_is_none(self) -> None:
        passed = record_of()
        for part in ("Keys", "NewImage", "OldImage", "ApproximateCreationDateTime"):
            del passed["dynamodb"][part]

        record = DynamoDBRecord(passed, None)

        assert (record.keys, record.new_image, record.old_image) == (None, None, None)

    @pytest.mark.parametrize(
        ("arn", "table"),
        [
            ("arn:aws:dynamodb:r:1:table/T/stream/2026-01-31T12:00:00", "T"),
            ("arn:aws-cn:dynamodb:r:1:table/T.x_-1/stream/l", "T.x_-1"),
            ("arn:aws:dynamodb:r:1:table/T", "T"),
            ("arn:aws:dynamodb:r:1:table/", ""),
            ("arn:aws:dynamodb:r:1:table", ""),
            ("arn:aws:sqs:r:1:q", ""),
            ("table/T/stream", ""),
            ("", ""),
        ],
    )
    def test_the_table_is_in_the_arn_or_nowhere(self, arn: str, table: str) -> None:
        assert DynamoDBRecord(record_of(arn), None).table_name == table

    @given(st.text())
    def test_no_text_is_too_strange_for_an_arn(self, arn: str) -> None:
        assert "/" not in DynamoDBRecord(record_of(arn), None).table_name

    @pytest.mark.parametrize("part", ["eventID", "eventName", "awsRegion", "dynamodb", "eventSourceARN"])
    def test_what_is_missing_is_named(self, part: str) -> None:
        passed = record_of()
        del passed[part]

        with pytest.raises(KeyError, match=part):
            DynamoDBRecord(passed, None)

    @pytest.mark.parametrize(
        "part", ["SequenceNumber", "SizeBytes", "StreamViewType", "ApproximateCreationDateTime"]
    )
    def test_what_is_missing_of_the_change_is_named(self, part: str) -> None:
        passed = record_of()
        del passed["dynamodb"][part]

        with pytest.raises(KeyError, match=part):
            _ = DynamoDBRecord(passed, None).timestamp

    @given(JSON)
    def test_a_strangers_record_is_refused_with_an_ordinary_exception(self, passed: Any) -> None:
        with pytest.raises((KeyError, IndexError, TypeError, AttributeError)):
            DynamoDBRecord(passed, None)


class TestEvent:
    def test_it_gives_its_records_as_often_as_asked(self) -> None:
        event = DynamoDBEvent(
            event_dict={"Records": [record_of(SizeBytes=1), record_of(SizeBytes=2)]}, context=1
        )

        first, second = list(event), list(event)

        assert [one.size_bytes for one in first] == [one.size_bytes for one in second] == [1, 2]
        assert all(isinstance(one, DynamoDBRecord) and one.context == 1 for one in first)

    def test_it_gives_back_what_lambda_passed(self) -> None:
        passed: dict[str, Any] = {"Records": []}

        assert DynamoDBEvent(passed, None).to_dict() is passed

    @given(JSON)
    def test_a_strangers_event_gives_no_records(self, passed: Any) -> None:
        try:
            assert list(DynamoDBEvent(passed, None)) == []
        except (KeyError, IndexError, TypeError) as error:
            assert error.args


class TestDecorator:
    def test_its_options_and_their_order_are_as_ever(self) -> None:
        parameters = inspect.signature(on_dynamodb_record.options).parameters

        assert [(name, one.default) for name, one in parameters.items()] == [
            ("stream_arn", inspect.Parameter.empty),
            ("batch_size", 100),
            ("starting_position", "LATEST"),
            ("name", None),
            ("maximum_batching_window_in_seconds", 0),
            ("report_batch_item_failures", False),
            ("filter_patterns", None),
            ("on_failure", None),
            ("maximum_retry_attempts", None),
            ("maximum_record_age_in_seconds", None),
            ("bisect_batch_on_function_error", False),
            ("parallelization_factor", None),
            ("tumbling_window_in_seconds", None),
        ]

    def test_the_declaration_has_every_option_with_its_default(self, app: Chalice) -> None:
        app.on_dynamodb_record(STREAM)(lambda event: None)

        (declared,) = app.event_sources

        assert (declared.source, declared.decorator) == ("dynamodb", "on_dynamodb_record")
        assert json.loads(json.dumps(declared.options)) == {
            "stream_arn": STREAM,
            "batch_size": 100,
            "starting_position": "LATEST",
            "maximum_batching_window_in_seconds": 0,
            "report_batch_item_failures": False,
            "filter_patterns": None,
            "on_failure": None,
            "maximum_retry_attempts": None,
            "maximum_record_age_in_seconds": None,
            "bisect_batch_on_function_error": False,
            "parallelization_factor": None,
            "tumbling_window_in_seconds": None,
        }

    def test_options_may_be_given_by_position(self, app: Chalice) -> None:
        @app.on_dynamodb_record(STREAM, 5, "TRIM_HORIZON", "renamed", 3)
        def changed(event: DynamoDBEvent) -> None: ...

        (declared,) = app.event_sources

        assert (declared.name, declared.handler_string) == ("renamed", "app.changed")
        assert list(declared.options.values())[:4] == [STREAM, 5, "TRIM_HORIZON", 3]

    @pytest.mark.parametrize("options", [{}, {"stream_arn": STREAM, "colour": "red"}])
    def test_an_option_that_is_missing_or_unknown_is_a_type_error(
        self, app: Chalice, options: dict[str, Any]
    ) -> None:
        with pytest.raises(TypeError, match="on_dynamodb_record"):
            app.on_dynamodb_record(**options)
        assert app.event_sources == []

    def test_the_function_gets_an_event_and_its_answer_goes_back(self, app: Chalice) -> None:
        @app.on_dynamodb_record(stream_arn=STREAM)
        def changed(event: DynamoDBEvent) -> list[str]:
            return [record.event_name for record in event]

        assert changed({"Records": [record_of()]}, None) == ["MODIFY"]


class TestSample:
    NEW = {"id": {"S": "1"}, "tea": {"N": "2"}}  # noqa: RUF012
    OLD = {"id": {"S": "1"}, "tea": {"N": "1"}}  # noqa: RUF012

    def test_it_is_a_whole_record(self) -> None:
        event = generate_dynamodb_event([self.NEW], "orders", old_images=[self.OLD])
        (record,) = json.loads(json.dumps(event))["Records"]

        assert set(record) == set(record_of())
        assert set(record["dynamodb"]) == set(record_of()["dynamodb"])

    def test_images_say_what_happened(self) -> None:
        event = generate_dynamodb_event(
            [self.NEW, self.NEW, {}], "orders", old_images=[None, self.OLD, self.OLD]
        )
        inserted, modified, removed = DynamoDBEvent(event, None)

        assert [one.event_name for one in (inserted, modified, removed)] == ["INSERT", "MODIFY", "REMOVE"]
        assert (inserted.new_image, inserted.old_image) == (self.NEW, None)
        assert (modified.new_image, modified.old_image) == (self.NEW, self.OLD)
        assert (removed.new_image, removed.old_image) == (None, self.OLD)
        assert all(one.keys == {"id": {"S": "1"}} for one in (inserted, modified, removed))
        assert inserted.table_name == "orders"
        assert inserted.timestamp < modified.timestamp
        assert int(inserted.sequence_number) < int(modified.sequence_number)
        assert len({one.event_id for one in (inserted, modified, removed)}) == 3

    def test_a_key_may_have_two_parts(self) -> None:
        (record,) = DynamoDBEvent(generate_dynamodb_event([self.NEW], key_names=["id", "tea"]), None)

        assert record.keys == self.NEW

    def test_an_item_without_its_key_is_refused(self) -> None:
        with pytest.raises(ValueError, match="Item 0 has no 'id'"):
            generate_dynamodb_event([{"tea": {"N": "1"}}])

    def test_more_old_items_than_new_ones_are_refused(self) -> None:
        with pytest.raises(ValueError, match="2 old items are given, and only 1 new ones"):
            generate_dynamodb_event([self.NEW], old_images=[self.OLD, self.OLD])


def test_the_names_are_there_under_chalice_too() -> None:
    assert chalice.DynamoDBEvent is chalice.app.DynamoDBEvent is DynamoDBEvent
    assert chalice.DynamoDBRecord is DynamoDBRecord
