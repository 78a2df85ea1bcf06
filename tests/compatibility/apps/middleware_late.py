"""Middleware that is registered after handlers, between calls, or by decorator."""

from chalice import Chalice

app = Chalice(app_name="middleware_late")
SEEN = []


@app.route("/")
def index():
    SEEN.append("view")
    return "x"


@app.lambda_function()
def function(event, context):
    SEEN.append("function")
    return event


@app.on_sqs_message(queue="queue")
def queue(event):
    SEEN.append("queue")


@app.middleware("all")
def after_the_handlers(event, get_response):
    SEEN.append("after the handlers")
    return get_response(event)


def add(name, event_type):
    def middleware(event, get_response):
        SEEN.append(name)
        return get_response(event)

    app.register_middleware(middleware, event_type)
