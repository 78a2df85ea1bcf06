"""Response objects: status, headers and bodies of every kind."""

from decimal import Decimal

from chalice import Chalice, Response
from chalice.app import MultiDict

app = Chalice(app_name="responses")

BODIES = {
    "none": None,
    "text": "text",
    "empty": "",
    "dict": {"a": [1, 2]},
    "decimal": {"a": Decimal("2.5")},
    "multi": MultiDict({"a": ["1", "2"]}),
    "number": 5,
    "bytes": b"bytes",
    "set": {1},
}


@app.route("/bodies/{name}")
def bodies(name):
    return Response(BODIES[name])


@app.route("/typed/{name}")
def typed(name):
    return Response(BODIES[name], headers={"Content-Type": "text/html; charset=utf-8"})


@app.route("/status/{code}")
def status(code):
    return Response("", status_code=int(code))


@app.route("/text-status")
def text_status():
    return Response("", status_code="201")


@app.route("/headers")
def headers():
    return Response("x", {"x-lower": "1", "X-Upper": "2", "X-Empty": "", "X-Unicode": "\u00e9"})


@app.route("/positional")
def positional():
    return Response({"a": 1}, {"Content-Type": "application/json"}, 202)


@app.route("/cors", cors=True)
def cors():
    return Response("x", {"X-A": "1"})


SHARED = Response({"n": 0}, {"X-Shared": "yes"})


@app.route("/shared")
def shared():
    return SHARED


@app.route("/shared-cors", cors=True)
def shared_cors():
    return SHARED


@app.route("/changed")
def changed():
    response = Response("first")
    response.body = "second"
    response.status_code = 299
    response.headers["X-Later"] = "1"
    return response


class Own(Response):
    pass


@app.route("/subclass")
def subclass():
    return Own("own", {"X-Own": "1"}, 203)


@app.route("/raised")
def raised():
    raise Response("raised")


def made(*args, **options):
    response = Response(*args, **options)
    return [response.body, response.headers, response.status_code, response.to_dict()]
