"""Binary responses: the response's type, the request's Accept."""

from chalice import Chalice, Response

app = Chalice(app_name="binary")

BODIES = {"bytes": b"\x89PNG\xff", "empty": b"", "text": "text", "dict": {"a": 1}, "none": None}


def view():
    query = app.current_request.query_params
    headers = {}
    if "type" in query:
        headers[query.get("name", "Content-Type")] = query["type"]
    return Response(BODIES[query["body"]], headers)


app.route("/plain")(view)
app.route("/cors", name="cors", cors=True)(view)


@app.route("/bytes")
def bare():
    return b"\x00\x01"


@app.route("/upload", methods=["POST"], content_types=["application/octet-stream", "image/png"])
def upload():
    return Response(
        app.current_request.raw_body[::-1],
        {"Content-Type": app.current_request.headers["content-type"]},
    )
