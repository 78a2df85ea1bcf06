"""What handlers of each family are, for tools and for direct calls."""

from chalice import Chalice, Cron, Rate

app = Chalice(app_name="event_tables")


@app.schedule(Rate(2, unit=Rate.DAYS))
def scheduled(event):
    return "scheduled"


@app.schedule(Cron(0, 0, "*", "*", "?", "*"), name="cron_name")
def cron(event):
    return "cron"


@app.on_s3_event(bucket="b", name="s3_name")
def s3(event):
    return "s3"


@app.on_sns_message(topic="t")
def sns(event):
    return "sns"


@app.on_sqs_message(queue="q")
def sqs(event):
    return "sqs"


@app.on_cw_event({"source": ["x"]})
def cloudwatch(event):
    return "cloudwatch"


@app.on_kinesis_record(stream="s")
def kinesis(event):
    return "kinesis"


@app.on_dynamodb_record(stream_arn="arn:aws:dynamodb:eu-west-1:123456789012:table/t/stream/x")
def dynamodb(event):
    return "dynamodb"


@app.authorizer(name="auth_name")
def authorizer(request):
    return None


@app.lambda_function(name="pure_name")
def pure(event, context):
    return None
