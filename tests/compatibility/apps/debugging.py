"""Debug mode: tracebacks to the caller, and a chattier logger."""

from chalice import BadRequestError, Chalice, Response

app = Chalice(app_name="debugging", debug=True)


@app.route("/crash")
def crash():
    raise ValueError("shown")


@app.route("/cors", cors=True)
def with_cors():
    raise ValueError("shown")


@app.route("/bad")
def bad():
    raise BadRequestError("shown")


@app.route("/logs")
def logs():
    app.log.debug("debug")
    app.log.info("info")
    app.log.warning("warning")
    return "logged"


@app.route("/chained")
def chained():
    try:
        raise KeyError("first")
    except KeyError:
        raise ValueError("second")  # noqa: B904 - its context is what is looked at


@app.route("/header")
def header():
    return Response("x", {"X-Break": "a\nb"})


@app.route("/takes", methods=["POST"])
def takes():
    return "taken"
