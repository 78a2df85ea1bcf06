"""Middleware of each type, around handlers of each family."""

from chalice import Chalice

app = Chalice(app_name="middleware_events")
SEEN = []


def register(event_type):
    @app.middleware(event_type)
    def middleware(event, get_response):
        SEEN.append([event_type, type(event).__name__])
        if event_type == "all" or not isinstance(getattr(event, "to_dict", dict)(), dict):
            return get_response(event)
        original = event.to_dict() if hasattr(event, "to_dict") else event.event
        if isinstance(original, dict) and original.get("short"):
            return {"short": event_type}
        result = get_response(event)
        SEEN.append([event_type, "after", repr(result)])
        return result


for event_type in (
    "all",
    "s3",
    "sns",
    "sqs",
    "cloudwatch",
    "scheduled",
    "kinesis",
    "dynamodb",
    "pure_lambda",
):
    register(event_type)


@app.on_s3_event(bucket="bucket")
def s3(event):
    SEEN.append(["s3", event.bucket, event.key])
    return "s3"


@app.on_sns_message(topic="topic")
def sns(event):
    SEEN.append(["sns", event.message])
    return "sns"


@app.on_sqs_message(queue="queue")
def sqs(event):
    SEEN.append(["sqs", [record.body for record in event]])
    return "sqs"


@app.on_cw_event({"source": ["aws.ec2"]})
def cloudwatch(event):
    SEEN.append(["cloudwatch", event.source])
    return "cloudwatch"


@app.schedule("rate(1 hour)")
def scheduled(event):
    SEEN.append(["scheduled", event.source])
    return "scheduled"


@app.on_kinesis_record(stream="stream")
def kinesis(event):
    SEEN.append(["kinesis", len(list(event))])
    return "kinesis"


@app.on_dynamodb_record(stream_arn="arn:aws:dynamodb:eu-west-1:123456789012:table/t/stream/x")
def dynamodb(event):
    SEEN.append(["dynamodb", len(list(event))])
    return "dynamodb"


@app.lambda_function()
def pure(event, context):
    SEEN.append(["pure", event, context.function_name])
    return "pure"


@app.lambda_function()
def crash(event, context):
    raise ValueError("crash")
