"""Several origins by hand: an OPTIONS view of the application's own."""

from chalice import Chalice, Response

app = Chalice(app_name="own_options")

ORIGINS = {"https://a.example", "https://b.example"}


@app.route("/shared", methods=["OPTIONS"])
def preflight():
    headers = {
        "Access-Control-Allow-Methods": "GET, OPTIONS",
        "Access-Control-Allow-Origin": ",".join(sorted(ORIGINS)),
    }
    origin = app.current_request.headers.get("origin", "")
    if origin in ORIGINS:
        headers["Access-Control-Allow-Origin"] = origin
    return Response(body=None, headers=headers)


@app.route("/shared", methods=["GET"])
def shared():
    return Response(
        {"a": 1}, {"Access-Control-Allow-Origin": app.current_request.headers.get("Origin", "none")}
    )


@app.route("/both", methods=["GET", "OPTIONS"])
def both():
    return app.current_request.method
