"""Each error that answers a request."""

import chalice
import chalice.app
from chalice import Chalice

app = Chalice(app_name="view_errors")
SEEN = []


@app.route("/{name}/{message}", methods=["GET", "POST"], content_types=["*/*"])
def view(name, message):
    raise getattr(chalice.app, name)(message)


@app.route("/cors/{name}/{message}", cors=True)
def with_cors(name, message):
    raise getattr(chalice.app, name)(message)


@app.route("/bare/{name}")
def bare(name):
    raise getattr(chalice.app, name)


@app.route("/several/{name}")
def several(name):
    raise getattr(chalice.app, name)("one", 2)


@app.route("/caught/{name}")
def caught(name):
    try:
        raise getattr(chalice.app, name)("x")
    except chalice.ChaliceViewError as error:
        return [type(error).__name__, error.STATUS_CODE, str(error), list(error.args)]


@app.route("/cause/{name}")
def caused(name):
    try:
        raise KeyError("inner")
    except KeyError as error:
        raise getattr(chalice.app, name)("outer") from error
