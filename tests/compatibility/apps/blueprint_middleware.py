"""Middleware that a blueprint brings: it counts for the whole application."""

from chalice import Blueprint, Chalice

app = Chalice(app_name="blueprint_middleware")
SEEN = []
first = Blueprint("first")
second = Blueprint("second")


def recorder(name):
    def middleware(event, get_response):
        SEEN.append(name)
        return get_response(event)

    return middleware


first.register_middleware(recorder("first, http"), "http")
app.register_middleware(recorder("app"))


@second.middleware("all")
def second_middleware(event, get_response):
    SEEN.append(["second", type(event).__name__])
    return get_response(event)


@first.route("/first")
def first_view():
    SEEN.append("first view")
    return "first"


@second.route("/second")
def second_view():
    SEEN.append("second view")
    return "second"


@second.lambda_function()
def function(event, context):
    SEEN.append("function")
    return event


@second.on_sqs_message(queue="queue")
def queue(event):
    SEEN.append("queue")


app.register_blueprint(second)
app.register_blueprint(first)
app.register_middleware(recorder("app, last"))


@app.route("/own")
def own():
    SEEN.append("own view")
    return "own"
