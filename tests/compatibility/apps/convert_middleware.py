"""Decorators for Lambda handlers, used as middleware."""

import functools

from chalice import Chalice, ConvertToMiddleware, Response

app = Chalice(app_name="convert_middleware")
SEEN = []


def wrapper(handler):
    @functools.wraps(handler)
    def wrapped(event, context):
        kind = "http" if isinstance(event, dict) and "httpMethod" in event else "other"
        SEEN.append([kind, type(event).__name__, context.function_name])
        if isinstance(event, dict) and event.get("fail"):
            raise ValueError("fail")
        result = handler(event, context)
        SEEN.append(["result", type(result).__name__])
        return result

    return wrapped


app.register_middleware(ConvertToMiddleware(wrapper))


def changing(handler):
    def wrapped(event, context):
        result = handler(event, context)
        if isinstance(result, Response):
            result.headers["X-Wrapped"] = "1"
        return result

    return wrapped


app.middleware("http")(ConvertToMiddleware(changing))


@app.route("/")
def index():
    return {"a": 1}


@app.route("/crash")
def crash():
    raise ValueError("crash")


@app.lambda_function()
def function(event, context):
    SEEN.append(["function", event, context.function_name])
    return event


@app.on_sqs_message(queue="queue")
def queue(event):
    SEEN.append(["queue", type(event).__name__, [record.body for record in event]])
    return "queue"
