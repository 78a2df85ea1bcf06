"""Blueprints as type checkers see them; lines with a comment ``error: …`` are mistakes that they find."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from typing_extensions import assert_type

from chalice import AuthResponse, Blueprint, Chalice, IAMAuthorizer, S3Event, SQSEvent, WebsocketEvent
from chalice.app import AuthRequest, ChaliceAuthorizer, Request, WebsocketAPI

app = Chalice(app_name="shop")
users = Blueprint(__name__)
inner = Blueprint(import_name=__name__)


@users.authorizer(ttl_seconds=60)
def check(request: AuthRequest) -> AuthResponse:
    return AuthResponse(routes=["*"], principal_id=request.token)


assert_type(check, ChaliceAuthorizer)


@users.route("/{name}", methods=["PUT"], authorizer=check.with_scopes(["read"]), cors=True)
def user(name: str) -> dict[str, str]:
    assert_type(users.current_request, Request)
    assert_type(users.current_app, Chalice)
    assert_type(users.log, logging.Logger)
    return {"name": name}


assert_type(user("ann"), dict[str, str])


@users.lambda_function(name="plus")
def add(event: Any, context: Any) -> int:
    return 1


assert_type(add(None, None), int)


@users.on_sqs_message(queue="orders", batch_size=10)
def work(event: SQSEvent) -> list[str]:
    return [record.body for record in event]


assert_type(work({}, None), list[str])


@users.on_ws_message()
def say(event: WebsocketEvent) -> None:
    assert_type(users.websocket_api, WebsocketAPI)


@users.middleware("http")
def watch(event: Any, get_response: Callable[[Any], Any]) -> Any:
    return get_response(event)


users.register_middleware(watch, "sqs")
users.register_blueprint(inner, url_prefix="/inner")
app.register_blueprint(users, name_prefix="users_", url_prefix="/users")


@users.on_sqs_message(queu="orders")  # error: call-arg
def misspelt(event: SQSEvent) -> None: ...


@users.on_s3_event(bucket="b")  # error: arg-type
def another_event(event: SQSEvent) -> None: ...


@users.on_s3_event()  # error: call-arg
def no_bucket(event: S3Event) -> None: ...


@users.route("/", method="GET")  # error: arg-type
def unknown_option() -> None: ...


@users.route("/", authorizer=IAMAuthorizer)  # error: arg-type
def no_instance() -> None: ...


Blueprint()  # error: call-arg
users.register_blueprint("inner")  # error: arg-type
