"""Kafka in Lambda: the records, the decorator, and samples for tests."""

from __future__ import annotations

import inspect
import json
import warnings
from binascii import Error
from datetime import datetime, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import chalice
from chalice import Chalice
from chalice_kafka import KafkaEvent, KafkaRecord, on_kafka_message
from chalice_kafka.sample import generate_kafka_event

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=10,
)
CLUSTER = "arn:aws:kafka:eu-west-1:123456789012:cluster/shop/0f3c5b1e-2"


def record_of(**changes: Any) -> dict[str, Any]:
    return {
        "topic": "orders",
        "partition": 3,
        "offset": 15,
        "timestamp": 1545084650987,
        "timestampType": "CREATE_TIME",
        "key": "a2V5",
        "value": "aGVsbG8=",
        "headers": [{"colour": [114, 101, 100]}, {"raw": [-1, 0, 127, -128]}, {"colour": []}],
        **changes,
    }


@pytest.fixture
def app() -> Chalice:
    return Chalice("shop", configure_logs=False, env={})


class TestRecord:
    def test_it_has_what_was_put_in_and_all_the_rest(self) -> None:
        passed = record_of()

        record = KafkaRecord(event_dict=passed, context="context")

        assert (record.topic, record.partition, record.offset) == ("orders", 3, 15)
        assert (record.key, record.value) == (b"key", b"hello")
        assert record.context == "context"
        assert record.to_dict() is passed

    @pytest.mark.parametrize("part", ["key", "value"])
    def test_key_and_value_may_be_missing(self, part: str) -> None:
        absent = record_of()
        del absent[part]

        for passed in (absent, record_of(**{part: None})):
            assert getattr(KafkaRecord(passed, None), part) is None

    def test_headers_keep_their_order_and_their_bytes(self) -> None:
        assert KafkaRecord(record_of(), None).headers == [
            ("colour", b"red"),
            ("raw", b"\xff\x00\x7f\x80"),
            ("colour", b""),
        ]

    @pytest.mark.parametrize("headers", [None, []])
    def test_there_may_be_no_headers(self, headers: Any) -> None:
        assert KafkaRecord(record_of(headers=headers), None).headers == []

    def test_its_time_is_utc_and_has_no_time_zone_and_costs_no_warning(self) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            timestamp = KafkaRecord(record_of(), None).timestamp

        assert timestamp == datetime(2018, 12, 17, 22, 10, 50, 987000)  # noqa: DTZ001

    @pytest.mark.parametrize("part", ["topic", "partition", "offset", "timestamp"])
    def test_what_is_missing_is_named(self, part: str) -> None:
        passed = record_of()
        del passed[part]

        with pytest.raises(KeyError, match=part):
            _ = KafkaRecord(passed, None).timestamp

    def test_a_value_that_is_no_base64_is_told(self) -> None:
        with pytest.raises(Error):
            KafkaRecord(record_of(value="aGk"), None)

    @given(JSON)
    def test_a_strangers_record_is_refused_with_an_ordinary_exception(self, passed: Any) -> None:
        with pytest.raises((KeyError, IndexError, TypeError, ValueError)):
            KafkaRecord(passed, None)


class TestEvent:
    def test_it_gives_its_records_as_often_as_asked_one_partition_after_the_other(self) -> None:
        passed = {"records": {"orders-0": [record_of(offset=1), record_of(offset=2)], "a-1": [record_of()]}}
        event = KafkaEvent(event_dict=passed, context=1)

        first, second = list(event), list(event)

        assert [one.offset for one in first] == [one.offset for one in second] == [1, 2, 15]
        assert all(isinstance(one, KafkaRecord) and one.context == 1 for one in first)
        assert event.to_dict() is passed

    @given(JSON)
    def test_a_strangers_event_gives_no_records(self, passed: Any) -> None:
        try:
            assert list(KafkaEvent(passed, None)) == []
        except (KeyError, IndexError, TypeError, AttributeError) as error:
            assert error.args


class TestDecorator:
    def test_the_declaration_has_every_option_with_its_default(self, app: Chalice) -> None:
        app.on_kafka_message("orders", CLUSTER)(lambda event: None)

        (declared,) = app.event_sources

        assert (declared.source, declared.decorator) == ("kafka", "on_kafka_message")
        assert set(declared.options) == set(inspect.signature(on_kafka_message.options).parameters) - {"name"}
        given_ = {name: value for name, value in declared.options.items() if value not in (None, False, 0)}
        assert json.loads(json.dumps(given_)) == {
            "topic": "orders",
            "cluster_arn": CLUSTER,
            "batch_size": 100,
            "starting_position": "LATEST",
        }

    @pytest.mark.parametrize("options", [{}, {"cluster_arn": CLUSTER, "bootstrap_servers": ["a:1"]}])
    def test_either_a_cluster_or_servers_are_needed(self, app: Chalice, options: dict[str, Any]) -> None:
        with pytest.raises(ValueError, match="either an MSK cluster"):
            app.on_kafka_message("orders", **options)
        assert app.event_sources == []

    def test_a_starting_time_is_kept_as_json(self, app: Chalice) -> None:
        at = datetime(2026, 1, 31, 12, tzinfo=timezone.utc)
        app.on_kafka_message("orders", CLUSTER, starting_position_timestamp=at)(lambda event: None)

        assert app.event_sources[0].options["starting_position_timestamp"] == "2026-01-31T12:00:00+00:00"

    def test_each_partition_is_read_on_from_its_first_failure(self, app: Chalice) -> None:
        seen = []

        @app.on_kafka_message("orders", CLUSTER, report_batch_item_failures=True)
        def ordered(event: KafkaEvent) -> Any:
            for record in event:
                with event.item(record):
                    seen.append((record.partition, record.offset))
                    if record.value == b"bad":
                        raise ValueError

        bad = "YmFk"
        answer = ordered(
            {
                "records": {
                    "orders-0": [
                        record_of(partition=0, offset=1, value=bad),
                        record_of(partition=0, offset=2),
                    ],
                    "orders-1": [
                        record_of(partition=1, offset=1),
                        record_of(partition=1, offset=2, value=bad),
                    ],
                }
            },
            None,
        )

        assert answer == {
            "batchItemFailures": [
                {"itemIdentifier": {"partition": "orders-0", "offset": 1}},
                {"itemIdentifier": {"partition": "orders-1", "offset": 2}},
            ]
        }
        assert seen == [(0, 1), (1, 1), (1, 2)]

    def test_an_answer_of_its_own_names_partition_and_offset(self, app: Chalice) -> None:
        failed = {"batchItemFailures": [{"itemIdentifier": {"offset": 15, "partition": "orders-0"}}]}

        @app.on_kafka_message("orders", CLUSTER, report_batch_item_failures=True)
        def ordered(event: KafkaEvent) -> Any:
            return failed

        assert ordered(generate_kafka_event([b"a"], "orders"), None) is failed


class TestSample:
    def test_it_is_a_whole_record(self) -> None:
        event = json.loads(json.dumps(generate_kafka_event([b"hello"], "orders")))

        assert set(event) == {"eventSource", "eventSourceArn", "bootstrapServers", "records"}
        assert set(event["records"]["orders-0"][0]) == set(record_of())

    def test_records_are_those_asked_for_in_their_order(self) -> None:
        first, second = KafkaEvent(generate_kafka_event([b"a", b"\xff"], "orders"), None)

        assert (first.value, second.value, first.topic) == (b"a", b"\xff", "orders")
        assert first.offset < second.offset
        assert first.timestamp < second.timestamp

    def test_a_text_is_no_value(self) -> None:
        with pytest.raises(TypeError, match="bytes"):
            generate_kafka_event(["a"])  # type: ignore[list-item]


def test_the_names_are_there_under_chalice_too() -> None:
    assert chalice.KafkaEvent is chalice.app.KafkaEvent is KafkaEvent
    assert chalice.KafkaRecord is KafkaRecord
