"""The error that only middleware can handle, where there is none."""

from chalice import Chalice, ChaliceUnhandledError

app = Chalice(app_name="unhandled")
debugged = Chalice(app_name="unhandled_debugged", debug=True)


class OwnError(ChaliceUnhandledError):
    pass


@app.route("/plain")
@debugged.route("/plain")
def plain():
    raise ChaliceUnhandledError("nobody")


@app.route("/own", cors=True)
@debugged.route("/own", cors=True)
def own():
    raise OwnError("nobody")
