"""SNS in Lambda: the event, the decorator, and samples for tests."""

from __future__ import annotations

import inspect
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import chalice
from chalice import Chalice
from chalice_sns import SNSEvent, on_sns_message
from chalice_sns.sample import generate_sns_event

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=10,
)


def event_of(**sns: Any) -> dict[str, Any]:
    return {"Records": [{"Sns": sns}]}


@pytest.fixture
def app() -> Chalice:
    return Chalice("newsroom", configure_logs=False, env={})


class TestEvent:
    def test_it_has_what_was_published_and_all_the_rest(self) -> None:
        attributes = {"colour": {"Type": "String", "Value": "red"}}
        passed = event_of(Message="m", Subject="s", MessageAttributes=attributes)

        event = SNSEvent(event_dict=passed, context="context")

        assert (event.message, event.subject, event.context) == ("m", "s", "context")
        assert event.message_attributes == attributes
        assert event.to_dict() is passed

    @pytest.mark.parametrize("passed", [{}, {"Subject": None, "MessageAttributes": None}])
    def test_a_message_may_have_neither_subject_nor_attributes(self, passed: dict[str, Any]) -> None:
        event = SNSEvent(event_of(Message="m", **passed), None)

        assert event.subject is None
        assert event.message_attributes == {}

    def test_middleware_may_leave_things_on_it(self) -> None:
        event: Any = SNSEvent(event_of(Message="{}"), None)

        event.message, event.topic = {}, "news"

        assert (event.message, event.topic) == ({}, "news")

    @pytest.mark.parametrize(
        ("passed", "error", "message"),
        [
            ({}, KeyError, "Records"),
            ({"Records": []}, IndexError, "out of range"),
            ({"Records": [{}]}, KeyError, "Sns"),
            (event_of(Subject="s"), KeyError, "Message"),
        ],
    )
    def test_what_is_missing_is_named(
        self, passed: dict[str, Any], error: type[Exception], message: str
    ) -> None:
        with pytest.raises(error, match=message):
            SNSEvent(passed, None)

    @given(JSON)
    def test_a_strangers_event_is_refused_with_an_ordinary_exception(self, passed: Any) -> None:
        """It reaches Lambda, which reports the invocation as failed; nothing worse happens."""
        with pytest.raises((KeyError, IndexError, TypeError)):
            SNSEvent(passed, None)


class TestDecorator:
    def test_its_options_and_their_order_are_as_ever(self) -> None:
        parameters = inspect.signature(on_sns_message.options).parameters

        assert {name: one.default for name, one in parameters.items()} == {
            "topic": inspect.Parameter.empty,
            "name": None,
            # What aws/chalice does not have comes after what it has.
            "filter_policy": None,
            "filter_policy_scope": None,
            "maximum_retry_attempts": None,
            "maximum_event_age_in_seconds": None,
            "on_failure": None,
            "dead_letter_queue": None,
        }

    def test_the_declaration_has_every_option(self, app: Chalice) -> None:
        @app.on_sns_message("news", "renamed")
        def published(event: SNSEvent) -> None: ...

        (declared,) = app.event_sources

        assert (declared.source, declared.decorator) == ("sns", "on_sns_message")
        assert (declared.name, declared.handler_string) == ("renamed", "app.published")
        assert declared.options == {
            "topic": "news",
            "filter_policy": None,
            "filter_policy_scope": None,
            "maximum_retry_attempts": None,
            "maximum_event_age_in_seconds": None,
            "on_failure": None,
            "dead_letter_queue": None,
        }

    @pytest.mark.parametrize("options", [{}, {"topic": "news", "colour": "red"}])
    def test_an_option_that_is_missing_or_unknown_is_a_type_error(
        self, app: Chalice, options: dict[str, Any]
    ) -> None:
        with pytest.raises(TypeError, match="on_sns_message"):
            app.on_sns_message(**options)
        assert app.event_sources == []

    def test_the_function_gets_an_event_and_its_answer_goes_back(self, app: Chalice) -> None:
        @app.on_sns_message(topic="news")
        def published(event: SNSEvent) -> str:
            return event.message

        assert published(event_of(Message="m"), None) == "m"


class TestSample:
    def test_it_is_a_whole_record(self) -> None:
        (record,) = json.loads(json.dumps(generate_sns_event("m", "s")))["Records"]

        assert set(record) == {"EventSource", "EventVersion", "EventSubscriptionArn", "Sns"}
        assert set(record["Sns"]) == {
            *("Type", "MessageId", "TopicArn", "Subject", "Message", "Timestamp", "SignatureVersion"),
            *("Signature", "SigningCertUrl", "UnsubscribeUrl", "MessageAttributes"),
        }
        assert record["EventSubscriptionArn"].startswith(record["Sns"]["TopicArn"])

    @given(st.text(), st.text())
    def test_message_and_subject_arrive(self, message: str, subject: str) -> None:
        event = SNSEvent(generate_sns_event(message, subject), None)

        assert (event.message, event.subject) == (message, subject)

    def test_attributes_are_those_given_or_one_of_its_own(self) -> None:
        given_, none, own = (
            SNSEvent(generate_sns_event("m", message_attributes=attributes), None).message_attributes
            for attributes in ({"a": {"Type": "Number", "Value": "1"}}, {}, None)
        )

        assert given_ == {"a": {"Type": "Number", "Value": "1"}}
        assert none == {}
        assert own == {"AttributeKey": {"Type": "String", "Value": "AttributeValue"}}

    def test_no_sample_changes_another(self) -> None:
        SNSEvent(generate_sns_event("m"), None).message_attributes.clear()

        assert SNSEvent(generate_sns_event("m"), None).message_attributes != {}


def test_the_names_are_there_under_chalice_too() -> None:
    assert chalice.SNSEvent is chalice.app.SNSEvent is SNSEvent
