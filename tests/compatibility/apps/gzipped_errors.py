"""Errors of every kind where JSON is among the binary types."""

from chalice import BadRequestError, Chalice, Response

app = Chalice(app_name="gzipped_errors")
app.api.binary_types.append("application/json")


@app.route("/dict")
def plain():
    return {"a": 1}


@app.route("/takes", methods=["POST"])
def takes():
    return {"taken": True}


@app.route("/crash")
def crash():
    raise ValueError("crash")


@app.route("/bad-cors", cors=True)
def bad():
    raise BadRequestError("bad")


@app.route("/header")
def header():
    return Response("x", {"X-Break": "a\nb"})
