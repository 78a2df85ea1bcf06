"""The runtime half: the decorator, what a function is given, and what Cognito gets back."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import chalice
import chalice_cognito
from chalice import Chalice
from chalice_cognito import CognitoTriggerEvent
from chalice_cognito.sample import generate_cognito_event
from chalice_cognito.triggers import TRIGGERS

POOL = "eu-west-1_AbCdEfGhI"
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=10,
)


@pytest.fixture
def app() -> Chalice:
    return Chalice("club", configure_logs=False, env={})


def test_an_event_has_what_the_pool_told() -> None:
    passed = generate_cognito_event(user_name="bob", user_attributes={"email": "b@example.com"})

    event = CognitoTriggerEvent(passed, "context")

    assert (event.trigger_source, event.user_name) == ("PreSignUp_SignUp", "bob")
    assert (event.user_pool_id, event.region) == ("us-west-2_AbCdEfGhI", "us-west-2")
    assert (event.client_id, event.context) == ("1example23456789", "context")
    assert event.user_attributes == {"email": "b@example.com"}
    assert event.request is passed["request"]
    assert event.response is passed["response"]
    assert event.to_dict() is passed


def test_a_user_may_have_no_attributes() -> None:
    assert generate_cognito_event(user_attributes={})["request"]["userAttributes"] == {}
    assert generate_cognito_event()["request"]["userAttributes"]["email"] == "ann@example.com"


def test_what_the_pool_did_not_tell_is_none_or_empty() -> None:
    event = CognitoTriggerEvent({"triggerSource": "s", "userPoolId": "p", "request": {}}, None)

    assert (event.user_name, event.client_id, event.region) == (None, None, None)
    assert event.user_attributes == {}
    assert event.response == {}
    assert event.to_dict()["response"] is event.response


@given(JSON)
def test_a_strangers_event_is_refused_with_an_ordinary_exception(passed: Any) -> None:
    with pytest.raises((KeyError, IndexError, TypeError)):
        CognitoTriggerEvent(passed, None)


@pytest.mark.parametrize("trigger", TRIGGERS)
def test_a_function_that_changes_the_response_answers_with_the_event(app: Chalice, trigger: str) -> None:
    @app.on_cognito_trigger(user_pool=POOL, trigger=trigger)
    def work(event: CognitoTriggerEvent) -> None:
        event.response["said"] = event.trigger_source

    passed = json.loads(json.dumps(generate_cognito_event(trigger)))

    answer = work(passed, None)

    assert answer == {**passed, "response": {**passed["response"], "said": passed["triggerSource"]}}


def test_a_response_may_be_replaced(app: Chalice) -> None:
    @app.on_cognito_trigger(user_pool=POOL, trigger="PreSignUp")
    def work(event: CognitoTriggerEvent) -> CognitoTriggerEvent:
        event.response = {"autoConfirmUser": True}
        return event

    assert work(generate_cognito_event(), None)["response"] == {"autoConfirmUser": True}


def test_a_function_may_return_the_whole_event(app: Chalice) -> None:
    @app.on_cognito_trigger(user_pool=POOL, trigger="PreSignUp")
    def work(event: CognitoTriggerEvent) -> dict[str, Any]:
        return {**event.to_dict(), "response": {"other": 1}}

    assert work(generate_cognito_event(), None)["response"] == {"other": 1}


@pytest.mark.parametrize("returned", [{"autoConfirmUser": True}, "yes", 0, []])
def test_what_cognito_would_not_recognise_is_an_error(app: Chalice, returned: Any) -> None:
    @app.on_cognito_trigger(user_pool=POOL, trigger="PreSignUp")
    def work(_: CognitoTriggerEvent) -> Any:
        return returned

    with pytest.raises(TypeError, match=r"changes event\.response and returns nothing"):
        work(generate_cognito_event(), None)


def test_a_function_may_be_async(app: Chalice) -> None:
    @app.on_cognito_trigger(user_pool=POOL, trigger="PreSignUp")
    async def work(event: CognitoTriggerEvent) -> None:
        event.response["autoConfirmUser"] = True

    assert work(generate_cognito_event(), None)["response"]["autoConfirmUser"] is True


def test_middleware_sees_the_event(app: Chalice) -> None:
    seen: list[Any] = []

    @app.on_cognito_trigger(user_pool=POOL, trigger="PreSignUp")
    def work(event: CognitoTriggerEvent) -> None:
        event.response["autoConfirmUser"] = True

    @app.middleware("cognito")
    def look(event: Any, get_response: Any) -> Any:
        seen.append(event.user_name)
        return get_response(event)

    assert work(generate_cognito_event(), None)["response"]["autoConfirmUser"] is True
    assert seen == ["ann"]


@pytest.mark.parametrize(
    ("options", "error", "text"),
    [
        ({"user_pool": "", "trigger": "PreSignUp"}, ValueError, "user_pool="),
        ({"user_pool": POOL, "trigger": []}, ValueError, "trigger="),
        ({"user_pool": POOL, "trigger": ""}, ValueError, "trigger="),
        ({"user_pool": 7, "trigger": "PreSignUp"}, TypeError, "user_pool must be a string"),
        ({"user_pool": POOL, "trigger": 7}, TypeError, "trigger must be a string or a list"),
        ({"user_pool": POOL, "trigger": [7]}, TypeError, "trigger must be a string or a list"),
        ({"user_pool": POOL, "trigger": "PreTokenGeneration", "version": 2}, TypeError, "version must be"),
    ],
)
def test_options_that_cannot_be_are_refused_at_once(
    app: Chalice, options: dict[str, Any], error: type[Exception], text: str
) -> None:
    with pytest.raises(error, match=text):
        app.on_cognito_trigger(**options)


def test_the_names_are_exported() -> None:
    assert chalice.CognitoTriggerEvent is chalice_cognito.CognitoTriggerEvent
    assert chalice_cognito.__all__ == ["CognitoTriggerEvent", "on_cognito_trigger"]
