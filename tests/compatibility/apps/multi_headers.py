"""Headers with several values, and header values that cannot be sent."""

from chalice import Chalice, Response

app = Chalice(app_name="multi_headers")

HEADERS = {
    "cookies": {"Set-Cookie": ["a=1", "b=2"]},
    "one": {"Set-Cookie": ["a=1"]},
    "none": {"Set-Cookie": []},
    "mixed": {"Set-Cookie": ["a=1", "b=2"], "X-Single": "x", "Content-Type": "text/plain"},
    "type": {"Content-Type": ["text/plain"]},
    "types": {"Content-Type": ["text/plain", "text/html"]},
    "tuple": {"X-Tuple": ("a", "b")},
    "number": {"X-Number": 1},
    "null": {"X-None": None},
    "bytes": {"X-Bytes": b"x"},
    "true": {"X-True": True},
    "break": {"X-Break": "a\nb"},
    "carriage": {"X-Break": "a\rb"},
    "both": {"X-Break": "a\r\nX-Injected: b"},
    "trailing": {"X-Break": "a\n"},
    "list break": {"Set-Cookie": ["a=1\nX-Injected: b"]},
    "list crlf": {"Set-Cookie": ["a=1", "b=2\r\nX-Injected: b"]},
    "list number": {"X-Numbers": [1, 2]},
    "list nothing": {"X-Nothing": [None]},
    "name break": {"X-A\nX-B": "x"},
    "cors": {"Access-Control-Allow-Origin": ["https://a.example", "https://b.example"]},
}


@app.route("/{name}")
def view(name):
    return Response("x", dict(HEADERS[name]))


@app.route("/cors/{name}", cors=True)
def with_cors(name):
    return Response("x", dict(HEADERS[name]))
