"""Events that are no requests, or strange ones."""

from chalice import Chalice

app = Chalice(app_name="malformed")


@app.route("/", methods=["GET", "POST"])
def index():
    request = app.current_request
    return [dict(request.headers), repr(request.raw_body), request.uri_params, request.stage_vars]


@app.route("/{name}", cors=True)
def named(name):
    return name
