"""The order of middleware, and what counts for which event."""

from chalice import Chalice

app = Chalice(app_name="middleware_order")
SEEN = []


def recorder(name):
    def middleware(event, get_response):
        SEEN.append(f"{name} before")
        try:
            return get_response(event)
        finally:
            SEEN.append(f"{name} after")

    return middleware


app.register_middleware(recorder("first http"), "http")
app.register_middleware(recorder("all"))
app.register_middleware(recorder("pure"), "pure_lambda")
app.register_middleware(recorder("sqs"), event_type="sqs")
app.middleware("http")(recorder("second http"))
app.middleware()(recorder("all again"))


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
    SEEN.append(["queue", len(list(event))])
    return "queue"


@app.authorizer()
def authorizer(request):
    SEEN.append("authorizer")
    return {"principalId": "x"}


def late():
    app.register_middleware(recorder("late"), "all")
