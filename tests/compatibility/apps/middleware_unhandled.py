"""Middleware that turns the application's own exceptions into answers."""

from chalice import Chalice, ChaliceUnhandledError, Response

app = Chalice(app_name="middleware_unhandled")
debugged = Chalice(app_name="middleware_unhandled_debugged", debug=True)


class OwnError(ChaliceUnhandledError):
    status = 409


def handle(event, get_response):
    try:
        return get_response(event)
    except OwnError as error:
        return Response({"own": str(error)}, status_code=error.status, headers={"X-Own": "1"})


for one in (app, debugged):
    one.register_middleware(handle, "http")


@app.route("/own")
@debugged.route("/own")
def own():
    raise OwnError("own")


@app.route("/cors", cors=True)
@debugged.route("/cors", cors=True)
def with_cors():
    raise OwnError("own")


@app.route("/other", cors=True)
@debugged.route("/other", cors=True)
def other():
    raise ChaliceUnhandledError("other")


@app.route("/crash")
@debugged.route("/crash")
def crash():
    raise ValueError("crash")
