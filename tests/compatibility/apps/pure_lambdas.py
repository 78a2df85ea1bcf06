"""Functions without an event source."""

import functools

from chalice import Chalice

app = Chalice(app_name="pure_lambdas")
SEEN = []


@app.lambda_function()
def echo(event, context):
    SEEN.append([event, context.function_name, context.get_remaining_time_in_millis()])
    return event


@app.lambda_function(name="renamed")
def original(event, context):
    """Say something."""
    return ["original", event]


@app.lambda_function()
def crash(event, context):
    raise KeyError("crash")


@app.lambda_function()
def unserializable(event, context):
    return {1, 2}


@app.lambda_function()
def nothing(event, context):
    app.log.error("nothing for %s", event)


@app.lambda_function()
def changing(event, context):
    event["changed"] = True
    return event


def twice(function):
    @functools.wraps(function)
    def wrapper(event, context):
        return [function(event, context), function(event, context)]

    return wrapper


@app.lambda_function()
@twice
def wrapped(event, context):
    return event


@twice
@app.lambda_function(name="outside")
def wrapped_outside(event, context):
    return event


@app.lambda_function()
def named_differently(first, second):
    return [first, second.aws_request_id]


@app.route("/")
def index():
    return "also an API"
