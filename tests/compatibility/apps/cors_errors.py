"""CORS headers on every kind of answer that is not the view's."""

from chalice import Chalice, CORSConfig, NotFoundError, Response
from chalice.app import ChaliceUnhandledError

app = Chalice(app_name="cors_errors")
app.api.cors = CORSConfig(allow_origin="https://x.example", expose_headers=["X-A"], max_age=0)


def raising(error):
    raise error


VIEWS = {
    "fine": lambda: {"a": 1},
    "nothing": lambda: None,
    "missing": lambda: raising(NotFoundError("missing")),
    "crash": lambda: raising(ValueError("crash")),
    "unhandled": lambda: raising(ChaliceUnhandledError("unhandled")),
    "unserializable": lambda: {1},
    "break": lambda: Response("x", {"X-Break": "a\nb"}),
    "number": lambda: Response("x", {"X-Number": 1}),
    "image": lambda: Response(b"x", {"Content-Type": "image/png"}),
    "text image": lambda: Response("x", {"Content-Type": "image/png"}),
    "own": lambda: Response("x", {"Access-Control-Allow-Origin": "https://own.example"}),
    "lower": lambda: Response("x", {"access-control-allow-origin": "https://own.example"}),
    "list": lambda: Response("x", {"Access-Control-Allow-Origin": ["https://own.example"]}),
    "error status": lambda: Response({"a": 1}, status_code=503),
}


@app.route("/{name}", methods=["GET", "POST"])
def view(name):
    return VIEWS[name]()


@app.route("/off/{name}", methods=["GET", "POST"], cors=False)
def without(name):
    return VIEWS[name]()
