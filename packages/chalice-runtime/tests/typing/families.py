"""Uses of every first-party decorator that must type-check; run through mypy, never imported."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from typing_extensions import assert_type

from chalice import (
    AuthRequest,
    AuthResponse,
    AuthRoute,
    Blueprint,
    Chalice,
    CloudWatchEvent,
    CognitoTriggerEvent,
    CognitoUserPoolAuthorizer,
    ConvertToMiddleware,
    Cron,
    CustomAuthorizer,
    DynamoDBEvent,
    DynamoDBRecord,
    IAMAuthorizer,
    KinesisEvent,
    KinesisRecord,
    LambdaFunctionEvent,
    Rate,
    S3Event,
    SNSEvent,
    SQSEvent,
    SQSRecord,
    WebsocketAPI,
    WebsocketDisconnectedError,
    WebsocketEvent,
)
from chalice import app as chalice_app
from chalice.app import LambdaFunction, Request
from chalice.extensions import EventHandler

app = Chalice("families")
# What people keep in modules of their own has the same decorators.
users = Blueprint(__name__)


@app.schedule(Rate(5, unit=Rate.MINUTES), name="tick", description="every five minutes")
def often(event: CloudWatchEvent) -> str:
    assert_type(event.resources, list[str])
    return event.detail_type


@users.schedule(Cron(0, 18, "?", "*", "MON-FRI", "*"))
def evening(event: Any) -> None: ...


@app.schedule("rate(1 hour)")
def hourly(event):  # type: ignore[no-untyped-def]
    return event.time


@app.on_cw_event({"source": ["aws.ec2"]})
def changed(event: CloudWatchEvent) -> dict[str, Any]:
    return event.detail


@app.on_s3_event(bucket="b", events=["s3:ObjectRemoved:*"], prefix="in/", suffix=".csv")
def upload(event: S3Event) -> str:
    return f"{event.bucket}/{event.key}"


@app.schedule("cron(0 9 ? * * *)", timezone="Europe/Berlin", flexible_time_window_in_minutes=5)
def morning(event: CloudWatchEvent) -> None: ...


@app.on_cw_event({"source": ["shop"]}, event_bus="orders", dead_letter_queue="arn:aws:sqs:eu-west-1:1:q")
def bought(event: CloudWatchEvent) -> None: ...


@app.on_s3_event(bucket="b", maximum_retry_attempts=0, maximum_event_age_in_seconds=60)
def once(event: S3Event) -> None: ...


@users.on_sns_message(topic="loud", filter_policy={"colour": ["red"]}, filter_policy_scope="MessageBody")
def loud(event: SNSEvent) -> None: ...


@users.on_sns_message(topic="news")
def news(event: SNSEvent) -> None:
    assert_type(event.message, str)
    assert_type(event.subject, str | None)
    assert_type(event.message_attributes, dict[str, Any])


@users.on_sqs_message(queue="orders")
def orders(event: SQSEvent) -> list[str]:
    for record in event:
        assert_type(record, SQSRecord)
        with event.item(record) as same:
            assert_type(same, SQSRecord)
            raise LookupError
    # Reached, for the exception above goes no further.
    assert_type(event, SQSEvent)
    return [record.body for record in event]


@app.on_kinesis_record(stream="clicks", batch_size=10, starting_position="TRIM_HORIZON")
def clicks(event: KinesisEvent) -> int:
    for record in event:
        assert_type(record, KinesisRecord)
        assert_type(record.data, bytes)
        assert_type(record.timestamp, datetime)
    return 1


@app.on_dynamodb_record(stream_arn="arn:aws:dynamodb:eu-west-1:123456789012:table/t/stream/s")
def items(event: DynamoDBEvent) -> None:
    for record in event:
        assert_type(record, DynamoDBRecord)
        assert_type(record.table_name, str)
        assert_type(record.new_image, dict[str, Any] | None)


@app.on_ws_connect()
def hello(event: WebsocketEvent) -> None:
    assert_type(app.websocket_api, WebsocketAPI)
    try:
        app.websocket_api.send(event.connection_id, "hello")
    except WebsocketDisconnectedError:
        assert_type(event.body, str | None)


@app.on_ws_message(name="talk")
def talk(event: WebsocketEvent) -> dict[str, Any]:
    return {"statusCode": 200}


@app.on_ws_disconnect()
def bye(event: WebsocketEvent) -> None: ...


@app.on_cognito_trigger(user_pool="eu-west-1_a", trigger=["PreSignUp", "CustomMessage"])
def admit(event: CognitoTriggerEvent) -> None:
    assert_type(event.user_attributes, dict[str, str])
    event.response["autoConfirmUser"] = True


@users.on_function_url(auth_type="NONE", cors={"allow_origins": ["*"]})
def answer(request: Request) -> list[str]:
    return [request.method, request.path]


assert_type(admit({}, None), dict[str, Any])
assert_type(answer({}, None), dict[str, Any])


@app.on_sqs_message(queue="slow")
async def slow(event: SQSEvent) -> int:
    return 1


@app.lambda_function()
def add(event: dict[str, int], context: object) -> int:
    return event["a"] + event["b"]


@app.lambda_function(name="later")
async def add_later(event: Any, context: Any) -> int:
    return 1


@app.authorizer(ttl_seconds=30)
def who(request: AuthRequest) -> AuthResponse:
    return AuthResponse(routes=["/a", AuthRoute("/b", ["GET"])], principal_id=request.token)


@app.route("/a", authorizer=who)
@users.route("/a", authorizer=IAMAuthorizer())
def a(number: int = 1) -> dict[str, int]:
    return {"number": number}


@app.route("/b", authorizer=CognitoUserPoolAuthorizer("pool", provider_arns=["arn"]).with_scopes(["s"]))
@app.route("/c", authorizer=CustomAuthorizer("own", authorizer_uri="uri"))
async def b() -> list[int]:
    return []


@app.middleware("http")
@users.middleware()
def through(event: Any, get_response: Callable[[Any], Any]) -> Any:
    return get_response(event)


app.register_middleware(ConvertToMiddleware(lambda handler: handler), event_type="sqs")
app.register_blueprint(users, name_prefix="users_", url_prefix="/users")

# A handler takes what Lambda passes, and answers with what its function returns.
assert_type(often({}, None), str)
assert_type(changed({}, None), dict[str, Any])
assert_type(upload({}, None), str)
assert_type(orders({}, None), list[str])
assert_type(slow({}, None), int)
assert_type(add({"a": 1, "b": 2}, None), int)
assert_type(add_later({}, None), int)
assert_type(hello({}, None), dict[str, Any])
# The user's own function is still there.
assert_type(upload.func(S3Event({}, None)), str)
# Views are left alone.
assert_type(a(number=2), dict[str, int])

handlers: list[EventHandler] = [
    often,
    evening,
    hourly,
    changed,
    upload,
    news,
    orders,
    clicks,
    items,
    hello,
    talk,
    bye,
    slow,
]
functions: list[LambdaFunction] = [add, add_later]
elsewhere: tuple[type[S3Event], type[SQSRecord]] = (chalice_app.S3Event, chalice_app.SQSRecord)
pure: type[LambdaFunctionEvent] = chalice_app.LambdaFunctionEvent
