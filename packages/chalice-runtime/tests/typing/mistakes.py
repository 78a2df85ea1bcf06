"""Mistakes that a type checker must find, each on a line that says how."""

from __future__ import annotations

from chalice import (
    AuthResponse,
    Chalice,
    CloudWatchEvent,
    KinesisEvent,
    Rate,
    Response,
    S3Event,
    SNSEvent,
    SQSEvent,
    WebsocketEvent,
)
from chalice.test import Client

app = Chalice(7)  # error: arg-type


@app.on_sqs_message(queu="orders")  # error: call-arg
def misspelt(event: SQSEvent) -> None: ...


@app.on_sqs_message(queue="orders", batch_size="5")  # error: arg-type
def wrong_type(event: SQSEvent) -> None: ...


@app.on_sqs_message(queue="orders")  # error: arg-type
def wrong_event(event: int) -> None: ...


@app.route("/", method="GET")  # error: arg-type
def unknown_option() -> None: ...


Response("", status="200")  # error: call-arg


@app.schedule(Rate(5))  # error: call-arg
def no_unit(event: CloudWatchEvent) -> None: ...


@app.schedule(5)  # error: arg-type
def no_expression(event: CloudWatchEvent) -> None: ...


@app.on_s3_event()  # error: call-arg
def no_bucket(event: S3Event) -> None: ...


@app.on_s3_event(bucket="b")  # error: arg-type
def another_event(event: SNSEvent) -> None: ...


@app.on_sns_message(topic="news")
def subject_may_be_missing(event: SNSEvent) -> str:
    return event.subject  # error: return-value


@app.on_kinesis_record(stream="s", starting_position=0)  # error: arg-type
def position(event: KinesisEvent) -> None: ...


@app.on_cw_event("aws.ec2")  # error: arg-type
def pattern(event: CloudWatchEvent) -> None: ...


@app.on_ws_message("name", "$default")  # error: call-arg
def message(event: WebsocketEvent) -> None: ...


@app.lambda_function()  # error: arg-type
def one_argument(event: dict[str, int]) -> int:
    return 1


@app.lambda_function()
def count(event: dict[str, int], context: object) -> int:
    return 1


text: str = count({}, None)  # error: assignment
app.register_blueprint("users")  # error: arg-type
AuthResponse(routes=["/"], principal_id=1)  # error: arg-type

client = Client(app)
client.http.get("/", parameters={})  # error: call-arg
client.http.post("/", body={"a": 1})  # error: arg-type
client.events.generate_sqs_event(1)  # error: arg-type
