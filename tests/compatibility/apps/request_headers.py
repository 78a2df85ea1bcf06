"""Request headers: read-only, whatever their case."""

from chalice import Chalice

app = Chalice(app_name="request_headers")


@app.route("/")
def index():
    headers = app.current_request.headers
    return {
        "type": type(headers).__name__,
        "keys": list(headers),
        "dict": dict(headers),
        "length": len(headers),
        "exact": headers.get("X-Foo"),
        "upper": headers.get("X-FOO", "none"),
        "lower": headers.get("x-foo"),
        "has": ["x-Foo" in headers, "missing" in headers],
        "items": sorted(map(list, headers.items())),
        "values": sorted(map(str, headers.values())),
    }


@app.route("/missing")
def missing():
    return app.current_request.headers["x-missing"]


@app.route("/write")
def write():
    app.current_request.headers["x-foo"] = "no"


@app.route("/delete")
def delete():
    del app.current_request.headers["x-foo"]


@app.route("/repr")
def representation():
    return repr(app.current_request.headers)


@app.route("/original")
def original():
    return app.current_request.to_original_event()["headers"]
