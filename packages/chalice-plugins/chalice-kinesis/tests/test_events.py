"""Kinesis in Lambda: the records, the decorator, and samples for tests."""

from __future__ import annotations

import inspect
import json
import warnings
from binascii import Error
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import chalice
from chalice import Chalice
from chalice_kinesis import KinesisEvent, KinesisRecord, on_kinesis_record
from chalice_kinesis.sample import generate_kinesis_event

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=10,
)


def record_of(**changes: Any) -> dict[str, Any]:
    kinesis = {
        "kinesisSchemaVersion": "1.0",
        "partitionKey": "p",
        "sequenceNumber": "1",
        "data": "aGVsbG8=",
        "approximateArrivalTimestamp": 1545084650.987,
    }
    return {"eventID": "shardId-1:1", "kinesis": {**kinesis, **changes}}


@pytest.fixture
def app() -> Chalice:
    return Chalice("shop", configure_logs=False, env={})


class TestRecord:
    def test_it_has_what_was_put_in_and_all_the_rest(self) -> None:
        passed = record_of()

        record = KinesisRecord(event_dict=passed, context="context")

        assert record.data == b"hello"
        assert (record.sequence_number, record.partition_key, record.schema_version) == ("1", "p", "1.0")
        assert record.context == "context"
        assert record.to_dict() is passed

    def test_its_time_is_utc_and_has_no_time_zone(self) -> None:
        assert KinesisRecord(record_of(), None).timestamp == datetime(2018, 12, 17, 22, 10, 50, 987000)  # noqa: DTZ001

    def test_its_time_costs_no_warning(self) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            timestamp = KinesisRecord(record_of(), None).timestamp

        assert timestamp.tzinfo is None

    @given(st.floats(0, 4e9))
    def test_any_time_is_counted_from_1970(self, seconds: float) -> None:
        timestamp = KinesisRecord(record_of(approximateArrivalTimestamp=seconds), None).timestamp

        expected = datetime(1970, 1, 1) + timedelta(seconds=seconds)  # noqa: DTZ001
        assert abs(timestamp - expected) <= timedelta(microseconds=1)

    @pytest.mark.parametrize(
        "part",
        ["data", "sequenceNumber", "partitionKey", "kinesisSchemaVersion", "approximateArrivalTimestamp"],
    )
    def test_what_is_missing_is_named(self, part: str) -> None:
        passed = record_of()
        del passed["kinesis"][part]

        with pytest.raises(KeyError, match=part):
            _ = KinesisRecord(passed, None).timestamp

    def test_data_that_is_no_base64_is_told(self) -> None:
        with pytest.raises(Error):
            KinesisRecord(record_of(data="aGk"), None)

    @given(JSON)
    def test_a_strangers_record_is_refused_with_an_ordinary_exception(self, passed: Any) -> None:
        with pytest.raises((KeyError, IndexError, TypeError, ValueError)):
            KinesisRecord(passed, None)

    @given(JSON)
    def test_data_of_any_kind_is_bytes_or_an_ordinary_exception(self, data: Any) -> None:
        try:
            assert isinstance(KinesisRecord(record_of(data=data), None).data, bytes)
        except (TypeError, ValueError) as error:
            assert str(error)


class TestEvent:
    def test_it_gives_its_records_as_often_as_asked(self) -> None:
        event = KinesisEvent(
            event_dict={"Records": [record_of(data="YQ=="), record_of(data="Yg==")]}, context=1
        )

        first, second = list(event), list(event)

        assert [one.data for one in first] == [one.data for one in second] == [b"a", b"b"]
        assert all(isinstance(one, KinesisRecord) and one.context == 1 for one in first)

    def test_it_gives_back_what_lambda_passed(self) -> None:
        passed: dict[str, Any] = {"Records": []}

        assert KinesisEvent(passed, None).to_dict() is passed

    def test_middleware_may_leave_things_on_it(self) -> None:
        event: Any = KinesisEvent({"Records": []}, None)

        event.started = 1

        assert event.started == 1

    @given(JSON)
    def test_a_strangers_event_gives_no_records(self, passed: Any) -> None:
        try:
            assert list(KinesisEvent(passed, None)) == []
        except (KeyError, IndexError, TypeError) as error:
            assert error.args


class TestDecorator:
    def test_its_options_and_their_order_are_as_ever(self) -> None:
        parameters = inspect.signature(on_kinesis_record.options).parameters

        assert [(name, one.default) for name, one in parameters.items()] == [
            ("stream", inspect.Parameter.empty),
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
            ("starting_position_timestamp", None),
        ]

    def test_the_declaration_has_every_option_with_its_default(self, app: Chalice) -> None:
        app.on_kinesis_record("clicks")(lambda event: None)

        (declared,) = app.event_sources

        assert (declared.source, declared.decorator) == ("kinesis", "on_kinesis_record")
        assert json.loads(json.dumps(declared.options)) == {
            "stream": "clicks",
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
            "starting_position_timestamp": None,
        }

    def test_options_may_be_given_by_position(self, app: Chalice) -> None:
        @app.on_kinesis_record("clicks", 5, "TRIM_HORIZON", "renamed", 3)
        def clicked(event: KinesisEvent) -> None: ...

        (declared,) = app.event_sources

        assert (declared.name, declared.handler_string) == ("renamed", "app.clicked")
        assert list(declared.options.values())[:4] == ["clicks", 5, "TRIM_HORIZON", 3]

    @pytest.mark.parametrize(
        ("given", "kept"),
        [
            (datetime(2026, 1, 31, 12, tzinfo=timezone.utc), "2026-01-31T12:00:00+00:00"),
            ("2026-01-31T12:00:00Z", "2026-01-31T12:00:00Z"),
            (1_700_000_000, 1_700_000_000),
        ],
    )
    def test_a_starting_time_is_kept_as_json(self, app: Chalice, given: Any, kept: Any) -> None:
        app.on_kinesis_record("s", starting_position="AT_TIMESTAMP", starting_position_timestamp=given)(
            lambda event: None
        )

        assert app.event_sources[0].options["starting_position_timestamp"] == kept

    @pytest.mark.parametrize("options", [{}, {"stream": "s", "colour": "red"}])
    def test_an_option_that_is_missing_or_unknown_is_a_type_error(
        self, app: Chalice, options: dict[str, Any]
    ) -> None:
        with pytest.raises(TypeError, match="on_kinesis_record"):
            app.on_kinesis_record(**options)
        assert app.event_sources == []

    def test_the_function_gets_an_event_and_its_answer_goes_back(self, app: Chalice) -> None:
        @app.on_kinesis_record(stream="clicks")
        def clicked(event: KinesisEvent) -> list[bytes]:
            return [record.data for record in event]

        assert clicked({"Records": [record_of()]}, None) == [b"hello"]


class TestSample:
    def test_it_is_a_whole_record(self) -> None:
        (record,) = json.loads(json.dumps(generate_kinesis_event([b"a"], "clicks")))["Records"]

        assert set(record) == {
            *("kinesis", "eventSource", "eventVersion", "eventID", "eventName", "invokeIdentityArn"),
            *("awsRegion", "eventSourceARN"),
        }
        assert set(record["kinesis"]) == set(record_of()["kinesis"])
        assert record["eventSourceARN"].endswith(":stream/clicks")
        assert record["eventID"].endswith(f":{record['kinesis']['sequenceNumber']}")

    @given(st.lists(st.binary(), max_size=4))
    def test_the_data_arrives_in_order(self, bodies: list[bytes]) -> None:
        records = list(KinesisEvent(generate_kinesis_event(bodies), None))

        numbers = [int(record.sequence_number) for record in records]
        assert [record.data for record in records] == bodies
        assert numbers == sorted(set(numbers))

    def test_a_text_is_no_data(self) -> None:
        with pytest.raises(TypeError, match="bytes"):
            generate_kinesis_event(["a"])  # type: ignore[list-item]


def test_the_names_are_there_under_chalice_too() -> None:
    assert chalice.KinesisEvent is chalice.app.KinesisEvent is KinesisEvent
    assert chalice.KinesisRecord is KinesisRecord
