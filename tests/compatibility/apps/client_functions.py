"""Functions and events through the test client."""

import os

from chalice import Blueprint, Chalice
from chalice.test import Client

app = Chalice(app_name="client_functions")
SEEN = []
blueprint = Blueprint("chalicelib.module")


@app.lambda_function()
def echo(event, context):
    return event


@app.lambda_function(name="renamed")
def original(event, context):
    return ["original", context.function_name, context.function_version, context.invoked_function_arn]


@app.lambda_function()
def crash(event, context):
    raise KeyError("crash")


@app.lambda_function()
def environment(event, context):
    return {name: os.environ.get(name) for name in ("FOR_STAGE", "FOR_FUNCTION", "AWS_LAMBDA_FUNCTION_NAME")}


@app.on_sns_message(topic="topic")
def sns(event):
    SEEN.append([event.subject, event.message, event.message_attributes])
    return "sns"


@app.on_s3_event(bucket="bucket")
def s3(event):
    SEEN.append([event.bucket, event.key])
    return "s3"


@app.on_sqs_message(queue="queue")
def sqs(event):
    SEEN.append([record.body for record in event])
    return "sqs"


@app.on_cw_event({"source": ["x"]})
def cloudwatch(event):
    SEEN.append([event.source, event.detail_type, event.detail, event.resources, event.region])
    return "cloudwatch"


@app.on_kinesis_record(stream="stream")
def kinesis(event):
    SEEN.append([record.data for record in event])
    return "kinesis"


@blueprint.lambda_function()
def inside(event, context):
    return ["inside", event]


app.register_blueprint(blueprint, name_prefix="bp_")


def invoke(name, *payload):
    with Client(app) as client:
        return client.lambda_.invoke(name, *payload).payload


def generated(kind, handler, *args, **options):
    with Client(app) as client:
        event = getattr(client.events, f"generate_{kind}_event")(*args, **options)
        return client.lambda_.invoke(handler, event).payload


def shape(kind, *args, **options):
    """Return a generated event with ids, times and addresses replaced by the types they have."""
    with Client(app) as client:
        return _shape(getattr(client.events, f"generate_{kind}_event")(*args, **options))


def _shape(value):
    if isinstance(value, dict):
        return {name: _shape(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_shape(item) for item in value]
    return type(value).__name__
