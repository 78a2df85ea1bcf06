"""Functions of blueprints answer as those of applications do, where a family has a say in the answer."""

from __future__ import annotations

import json
from typing import Any

import pytest

from chalice import Blueprint, Chalice
from chalice_cognito.events import CognitoTriggerEvent
from chalice_cognito.sample import generate_cognito_event
from chalice_function_urls.events import on_function_url
from chalice_function_urls.sample import generate_function_url_event

POOL = "eu-west-1_AbCdEfGhI"


@pytest.fixture
def app() -> Chalice:
    return Chalice("shop", configure_logs=False, env={})


def answered(app: Chalice, event: Any) -> dict[str, Any]:
    """Return what the application's one function answers to an event, as Lambda gets it."""
    (name,) = [one.name for one in app.event_sources]
    answer: dict[str, Any] = json.loads(json.dumps(app.handler_map[name](event, "context")))
    return answer


def test_a_trigger_of_a_blueprint_has_its_options_and_its_answer(app: Chalice) -> None:
    club = Blueprint("chalicelib.club")

    @club.on_cognito_trigger(user_pool=POOL, trigger=["PreTokenGeneration"], version="V2_0")
    def tokens(event: CognitoTriggerEvent) -> None:
        event.response["seen"] = True

    app.register_blueprint(club, name_prefix="club_")

    (declared,) = app.event_sources
    assert declared.name == "club_tokens"
    assert declared.options == {"user_pool": POOL, "trigger": ["PreTokenGeneration"], "version": "V2_0"}
    assert app.handler_map["club_tokens"](generate_cognito_event(), None)["response"]["seen"] is True
    assert tokens(generate_cognito_event(), None)["response"]["seen"] is True


def test_a_url_of_a_blueprint_has_its_options_and_its_answer(app: Chalice) -> None:
    shop = Blueprint("chalicelib.shop")

    @shop.on_function_url(auth_type="NONE", cors={"allow_origins": ["*"]})
    def work(request: Any) -> Any:
        return {"path": request.path, "app": shop.current_app.app_name}

    app.register_blueprint(shop, name_prefix="shop_")

    (declared,) = app.event_sources
    assert declared.name == "shop_work"
    assert declared.options == {
        "auth_type": "NONE",
        "cors": {"allow_origins": ["*"]},
        "invoke_mode": "BUFFERED",
    }
    event = generate_function_url_event()
    assert answered(app, event)["body"] == work(event, None)["body"] == '{"path":"/","app":"shop"}'


def test_a_url_without_an_application_says_so() -> None:
    shop = Blueprint("tests_of_function_urls")

    @shop.on_function_url()
    def work(_: Any) -> Any:
        return 1

    with pytest.raises(AttributeError, match="not registered"):
        work(generate_function_url_event(), None)
    with pytest.raises(RuntimeError, match="'work' is part of no application"):
        on_function_url.wrap(work.func)(generate_function_url_event(), None)
