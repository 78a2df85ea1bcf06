"""S3 in Lambda: the event, its key, the decorator, and samples for tests."""

from __future__ import annotations

import inspect
import json
from typing import Any
from urllib.parse import quote_plus, unquote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

import chalice
from chalice import Chalice
from chalice_s3 import S3Event, on_s3_event
from chalice_s3.sample import generate_s3_event

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=10,
)


def event_of(key: Any, bucket: Any = "photos") -> dict[str, Any]:
    return {"Records": [{"s3": {"bucket": {"name": bucket}, "object": {"key": key}}}]}


@pytest.fixture
def app() -> Chalice:
    return Chalice("gallery", configure_logs=False, env={})


class TestEvent:
    def test_it_has_bucket_key_context_and_all_the_rest(self) -> None:
        passed = event_of("in/a.jpg")

        event = S3Event(event_dict=passed, context="context")

        assert (event.bucket, event.key, event.context) == ("photos", "in/a.jpg", "context")
        assert event.to_dict() is passed

    @pytest.mark.parametrize(
        ("written", "key"),
        [
            ("a+b", "a b"),
            ("a%20b", "a b"),
            ("%C3%BC", "ü"),
            ("%e2%82%ac", "€"),
            ("%F0%9F%98%80.png", "😀.png"),
            ("1%2B1%3D2", "1+1=2"),
            ("100%", "100%"),
            ("%zz%2", "%zz%2"),
            ("%+1%1 ", "% 1%1 "),
            ("%FF", "\ufffd"),
            ("%C3ü", "\ufffdü"),
            ("", ""),
        ],
    )
    def test_a_key_is_as_the_sdks_take_it(self, written: str, key: str) -> None:
        assert S3Event(event_of(written), None).key == key

    @given(st.text() | st.text("%+2CFcf3BbA ü€"))
    def test_any_key_is_read_as_the_standard_library_reads_it(self, written: str) -> None:
        assert S3Event(event_of(written), None).key == unquote_plus(written)

    @given(st.text(max_size=20))
    def test_a_key_that_s3_writes_is_the_one_that_was_put(self, key: str) -> None:
        assert S3Event(event_of(quote_plus(key, safe="/*")), None).key == key

    def test_half_of_a_surrogate_pair_is_no_reason_to_fail(self) -> None:
        assert S3Event(event_of("\ud800+%41"), None).key.endswith(" A")

    def test_middleware_may_leave_things_on_it(self) -> None:
        event: Any = S3Event(event_of("a"), None)

        event.key, event.request_id = "b", "1"

        assert (event.key, event.request_id) == ("b", "1")

    @pytest.mark.parametrize(
        ("passed", "error", "message"),
        [
            ({}, KeyError, "Records"),
            ({"Records": []}, IndexError, "out of range"),
            ({"Records": [{}]}, KeyError, "s3"),
            ({"Records": [{"s3": {"object": {"key": "a"}}}]}, KeyError, "bucket"),
            ({"Records": [{"s3": {"bucket": {"name": "b"}, "object": {}}}]}, KeyError, "key"),
        ],
    )
    def test_what_is_missing_is_named(
        self, passed: dict[str, Any], error: type[Exception], message: str
    ) -> None:
        with pytest.raises(error, match=message):
            S3Event(passed, None)

    @given(JSON)
    def test_a_strangers_event_is_refused_with_an_ordinary_exception(self, passed: Any) -> None:
        """It reaches Lambda, which reports the invocation as failed; nothing worse happens."""
        with pytest.raises((KeyError, IndexError, TypeError, AttributeError)):
            S3Event(passed, None)


class TestDecorator:
    def test_its_options_and_their_order_are_as_ever(self) -> None:
        parameters = inspect.signature(on_s3_event.options).parameters

        assert {name: one.default for name, one in parameters.items()} == {
            "bucket": inspect.Parameter.empty,
            "events": None,
            "prefix": None,
            "suffix": None,
            "name": None,
            # What aws/chalice does not have comes after what it has.
            "maximum_retry_attempts": None,
            "maximum_event_age_in_seconds": None,
            "on_failure": None,
        }

    def test_the_declaration_has_every_option_with_its_default(self, app: Chalice) -> None:
        app.on_s3_event("photos")(lambda event: None)

        (declared,) = app.event_sources

        assert (declared.source, declared.decorator) == ("s3", "on_s3_event")
        assert json.loads(json.dumps(declared.options)) == {
            "bucket": "photos",
            "events": ["s3:ObjectCreated:*"],
            "prefix": None,
            "suffix": None,
            "maximum_retry_attempts": None,
            "maximum_event_age_in_seconds": None,
            "on_failure": None,
        }

    def test_options_may_be_given_by_position(self, app: Chalice) -> None:
        @app.on_s3_event("photos", ["s3:ObjectRemoved:*"], "in/", ".jpg", "renamed")
        def removed(event: S3Event) -> None: ...

        (declared,) = app.event_sources

        assert (declared.name, declared.handler_string) == ("renamed", "app.removed")
        given = [declared.options[option] for option in ("bucket", "events", "prefix", "suffix")]
        assert given == ["photos", ["s3:ObjectRemoved:*"], "in/", ".jpg"]

    @pytest.mark.parametrize("options", [{}, {"bucket": "b", "colour": "red"}])
    def test_an_option_that_is_missing_or_unknown_is_a_type_error(
        self, app: Chalice, options: dict[str, Any]
    ) -> None:
        with pytest.raises(TypeError, match="on_s3_event"):
            app.on_s3_event(**options)
        assert app.event_sources == []

    def test_the_function_gets_an_event_and_its_answer_goes_back(self, app: Chalice) -> None:
        @app.on_s3_event(bucket="photos")
        def uploaded(event: S3Event) -> list[str]:
            return [event.bucket, event.key]

        assert uploaded(event_of("a+b"), None) == ["photos", "a b"]

    def test_an_exception_reaches_lambda(self, app: Chalice) -> None:
        @app.on_s3_event(bucket="photos")
        def uploaded(event: S3Event) -> None:
            raise LookupError("not there")

        with pytest.raises(LookupError, match="not there"):
            uploaded(event_of("a"), None)


class TestSample:
    def test_it_is_a_whole_record(self) -> None:
        (record,) = json.loads(json.dumps(generate_s3_event("photos", "a.jpg")))["Records"]

        assert set(record) == {
            *("eventVersion", "eventSource", "awsRegion", "eventTime", "eventName", "userIdentity"),
            *("requestParameters", "responseElements", "s3"),
        }
        assert record["eventName"] == "ObjectCreated:Put"
        assert set(record["s3"]) == {"s3SchemaVersion", "configurationId", "bucket", "object"}
        assert record["s3"]["bucket"]["arn"] == "arn:aws:s3:::photos"
        assert set(record["s3"]["object"]) == {"key", "size", "eTag", "sequencer"}

    @given(st.text(max_size=20))
    def test_a_key_without_signs_of_its_own_arrives_as_it_was_given(self, key: str) -> None:
        key = key.replace("+", "").replace("%", "")

        assert S3Event(generate_s3_event("b", key), None).key == key

    @given(st.text(max_size=20))
    def test_what_is_escaped_already_stays_so(self, key: str) -> None:
        written = quote_plus(key)

        assert generate_s3_event("b", written)["Records"][0]["s3"]["object"]["key"] == written

    def test_the_type_of_the_event_may_be_chosen(self) -> None:
        (record,) = generate_s3_event("b", "k", event_name="ObjectRemoved:Delete")["Records"]

        assert record["eventName"] == "ObjectRemoved:Delete"


def test_the_names_are_there_under_chalice_too() -> None:
    assert chalice.S3Event is chalice.app.S3Event is S3Event
