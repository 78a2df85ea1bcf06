"""Compressed JSON: application/json among the binary types."""

import gzip
import json

from chalice import BadRequestError, Chalice, Response

app = Chalice(app_name="gzipped", debug=True)
app.api.binary_types.append("application/json")


@app.route("/compressed")
def compressed():
    body = gzip.compress(json.dumps({"hello": "world"}).encode(), mtime=0)
    return Response(body, {"Content-Type": "application/json", "Content-Encoding": "gzip"})


@app.route("/lower")
def lower():
    body = gzip.compress(b"[]", mtime=0)
    return Response(body, {"content-type": "application/json", "Content-Encoding": "gzip"})


@app.route("/dict")
def plain():
    return {"\u00e9": 1}


@app.route("/text")
def text():
    return "\u00e9"


@app.route("/nothing")
def nothing():
    return None


@app.route("/typed")
def typed():
    return Response({"a": 1}, {"Content-Type": "application/json; charset=utf-8"})


@app.route("/html")
def html():
    return Response("<p>", {"Content-Type": "text/html"})


@app.route("/untyped")
def untyped():
    return Response(b"\xff\xfe")


@app.route("/bad", cors=True)
def bad():
    raise BadRequestError("no")


@app.route("/broken")
def broken():
    return {1}
