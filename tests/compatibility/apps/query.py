"""Query parameters, and the mapping that holds them."""

from chalice import Chalice
from chalice.app import MultiDict

app = Chalice(app_name="query")


@app.route("/")
def index():
    params = app.current_request.query_params
    if params is None:
        return None
    return {
        "type": type(params).__name__,
        "last": dict(params),
        "keys": list(params),
        "items": [[name, params[name]] for name in params],
        "all": {name: params.getlist(name) for name in params},
        "a": params.get("a"),
        "default": params.get("missing", "default"),
        "has": ["a" in params, "missing" in params],
        "length": len(params),
        "repr": repr(params),
        "str": str(params),
    }


@app.route("/missing")
def missing():
    return app.current_request.query_params["missing"]


@app.route("/list")
def missing_list():
    return app.current_request.query_params.getlist("missing")


@app.route("/returned")
def returned():
    return app.current_request.query_params


@app.route("/changed")
def changed():
    params = app.current_request.query_params
    params["a"] = "new"
    params.getlist("a").append("lost")
    popped = params.pop("b", None)
    return [params.getlist("a"), popped, len(params), app.current_request.query_params.getlist("a")]


def multi(**values):
    return MultiDict(dict(values))
