"""Middleware around functions without an event source."""

from chalice import Chalice

app = Chalice(app_name="middleware_lambda")
SEEN = []


@app.middleware("pure_lambda")
def around(event, get_response):
    SEEN.append([type(event).__name__, event.event, event.context.function_name])
    if event.event == "short":
        return "short"
    if event.event == "change":
        event.event = "changed"
    SEEN.append(event.to_dict())
    if event.event == "fail":
        raise ValueError("fail")
    try:
        result = get_response(event)
    except KeyError as error:
        return ["caught", str(error)]
    return ["around", result]


@app.lambda_function()
def echo(event, context):
    SEEN.append(["echo", event, context.aws_request_id])
    if event == "key":
        raise KeyError("key")
    if event == "value":
        raise ValueError("value")
    return event


@app.lambda_function(name="other")
def second(event, context):
    return [event]


@app.route("/")
def index():
    return "not concerned"
