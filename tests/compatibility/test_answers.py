"""An application answers as it did with the predecessor.

The same applications get the same events from both, each in a process of its
own.  What may differ is listed in `DIFFERENCES`, with the reason; a difference
that is not listed fails, and so does one that is listed and is not there.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import pytest

Event: TypeAlias = dict[str, Any]


@dataclass(frozen=True)
class Case:
    """One application.

    Args:
        source: its app.py.
        events: handler (a name in app.py) and event, by a name for the event.
    """

    source: str
    events: Mapping[str, tuple[str, Any]]


def request(
    resource: str,
    method: str = "GET",
    *,
    headers: Mapping[str, str] | None = None,
    params: Mapping[str, str] | None = None,
    query: Mapping[str, list[str]] | None = None,
    body: str | None = None,
    base64: bool = False,
) -> tuple[str, Event]:
    """Return the handler of REST requests, and a request as API Gateway passes it on."""
    event = {
        "resource": resource,
        "httpMethod": method,
        "headers": None if headers is None else dict(headers),
        "multiValueQueryStringParameters": query,
        "pathParameters": params,
        "stageVariables": None,
        "requestContext": {"resourcePath": resource, "httpMethod": method, "stage": "api"},
        "body": body,
        "isBase64Encoded": base64,
    }
    return "app", event


REQUESTS = Case(
    """\
from chalice import Chalice, BadRequestError

app = Chalice(app_name="requests")


@app.route("/")
def index():
    return {"hello": "world", "text": "\\u00e9", "tuple": (1, None)}


@app.route("/nothing")
def nothing():
    return None


@app.route("/pair")
def pair():
    return {"a": 1}, 201


@app.route("/a/{x}/b/{y}", methods=["GET", "PUT"])
def two(y, x):
    return [x, y, app.current_request.method]


@app.route("/request")
def describe():
    return app.current_request.to_dict()


@app.route("/query")
def query():
    params = app.current_request.query_params
    return None if params is None else [dict(params), params.getlist("a"), repr(params), "b" in params]


@app.route("/body", methods=["POST"], content_types=["application/json", "text/plain"])
def body():
    return [repr(app.current_request.raw_body), app.current_request.json_body]


@app.route("/any", methods=["POST"], content_types=[])
def any_type():
    return repr(app.current_request.raw_body)


@app.route("/set")
def unserializable():
    return {1}
""",
    {
        "root": request("/"),
        "nothing": request("/nothing"),
        "a pair is a list": request("/pair"),
        "captured": request("/a/{x}/b/{y}", params={"x": "1", "y": "2"}),
        "captured, put": request("/a/{x}/b/{y}", "PUT", params={"x": "1", "y": "2"}),
        "not captured": request("/a/{x}/b/{y}", params={"x": "1"}),
        "another method": request("/a/{x}/b/{y}", "DELETE"),
        "another case": request("/", "get"),
        "another path": request("/absent"),
        "no request": ("app", {"source": "aws.events"}),
        "described": request("/request", headers={"X-Foo": "1"}, query={"a": ["1", "2"]}),
        "described, bare": request("/request"),
        "query": request("/query", query={"a": ["1", "2"], "b": [""]}),
        "no query": request("/query"),
        "json": request("/body", "POST", headers={"Content-Type": "application/json"}, body='{"a": 1}'),
        "bad json": request("/body", "POST", headers={"content-type": "application/json"}, body="{"),
        "no json": request("/body", "POST", headers={"content-type": "application/json"}),
        "null": request("/body", "POST", headers={"content-type": "application/json"}, body="null"),
        "no type": request("/body", "POST", body='{"a": 1}'),
        "parameters": request(
            "/body", "POST", headers={"Content-Type": "application/json; charset=utf-8"}, body="[]"
        ),
        "text": request("/body", "POST", headers={"Content-Type": "Text/Plain"}, body="\u00e9"),
        "base64": request("/body", "POST", headers={"Content-Type": "text/plain"}, body="w6k=", base64=True),
        "unsupported": request("/body", "POST", headers={"Content-Type": "image/png"}, body="x"),
        "wildcard": request("/body", "POST", headers={"Content-Type": "*/*"}, body="x"),
        "half a wildcard": request("/body", "POST", headers={"Content-Type": "text/*"}, body="x"),
        "any type": request("/any", "POST", headers={"Content-Type": "image/png"}, body="x"),
        "unserializable": request("/set"),
    },
)

RESPONSES = Case(
    """\
import decimal
import json
import gzip

from chalice import Chalice, CORSConfig, NotFoundError, ChaliceViewError, Response

app = Chalice(app_name="responses")
app.api.binary_types.append("application/json")


class Teapot(ChaliceViewError):
    STATUS_CODE = 418


@app.route("/text")
def text():
    return Response("hi", {"Content-Type": "text/plain", "Set-Cookie": ["a=1", "b=2"]}, 203)


@app.route("/gzip")
def compressed():
    payload = gzip.compress(json.dumps({"hello": "world"}).encode(), mtime=0)
    headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    return Response(payload, headers)


@app.route("/json")
def plain():
    return {"decimal": decimal.Decimal("1.5")}


@app.route("/image", cors=True)
def image():
    return Response(b"\\x89PNG", {"content-type": "image/png; q=1"})


@app.route("/bytes")
def text_in_bytes():
    return Response(b"abc", {"Content-Type": "text/plain"})


@app.route("/break")
def header_with_a_break():
    return Response("x", {"Content-Type": "text/plain", "X-A": "a\\nb"})


@app.route("/teapot", cors=True)
def teapot():
    raise Teapot("short", "stout")


@app.route("/crash", cors=CORSConfig("https://x.example", ["X-A"], ["X-B", "X-A"], 0, True))
def crash():
    raise ValueError("secret")


app.api.cors = True


@app.route("/missing")
def missing():
    raise NotFoundError("nobody")


@app.route("/own")
def own():
    return Response("x", {"Access-Control-Allow-Origin": "https://own.example"})


@app.route("/types", methods=["POST"], content_types=["text/plain"])
def types():
    return 1
""",
    {
        f"{path} accepting {accept or 'nothing'}": request(
            path, method, headers={"Accept": accept} if accept else {}
        )
        for path, method in {
            "/text": "GET",
            "/gzip": "GET",
            "/json": "GET",
            "/image": "GET",
            "/bytes": "GET",
            "/break": "GET",
            "/teapot": "GET",
            "/crash": "GET",
            "/missing": "GET",
            "/own": "GET",
            "/types": "POST",
        }.items()
        for accept in ("", "application/json", "text/html, image/GIF;q=0.5", "image/*", "*/*")
    },
)

FUNCTIONS = Case(
    """\
from chalice import Chalice

app = Chalice(app_name="functions", debug=True)
app.log.info("starting")


@app.lambda_function(name="other")
def add(event, context):
    app.log.debug("adding %s", event)
    return [event, context.function_name]


@app.lambda_function()
def crash(event, context):
    raise KeyError("k")


@app.on_sqs_message(queue="orders", batch_size=2)
def work(event):
    again = [record.body for record in event]
    records = [[record.body, record.receipt_handle, record.to_dict()] for record in event]
    return [again, records, event.to_dict(), event.context.function_name]
""",
    {
        "add": ("add", {"a": 1}),
        "crash": ("crash", None),
        "work": (
            "work",
            {"Records": [{"body": "a", "receiptHandle": "r"}, {"body": "b", "receiptHandle": "s"}]},
        ),
        "no work": ("work", {"Records": []}),
    },
)

CASES = {"requests": REQUESTS, "responses": RESPONSES, "functions": FUNCTIONS}

_CRASH = "The predecessor's function fails, and API Gateway answers 502; ours answers 500 and logs why."
_ERROR = "The predecessor takes an error for binary data, and answers 400 in place of the error."
DIFFERENCES: Mapping[str, str] = {
    "requests: unserializable": _CRASH,
    **{
        f"responses: /bytes accepting {accept}": "The predecessor returns bytes, which Lambda refuses."
        for accept in ("nothing", "application/json", "text/html, image/GIF;q=0.5", "image/*", "*/*")
    },
    **{
        f"responses: /{path} accepting {accept}": _ERROR
        for path in ("break", "teapot", "crash", "missing")
        for accept in ("nothing", "image/*")
    },
}
"""Which answers differ, and why."""

RUNNER = """\
import importlib
import io
import json
import sys

folder, events = sys.argv[1:]
sys.path.insert(0, folder)
# Before the application is imported: loggers keep the standard output that they find.
out, sys.stdout = sys.stdout, io.StringIO()


class Context:
    function_name = "function"


answers = {}
for name, (handler, event) in json.loads(events).items():
    before = sys.stdout.tell()
    try:
        answer = getattr(importlib.import_module("app"), handler)(event, Context())
        answer = ["returned", json.loads(json.dumps(answer))]
    except Exception as error:
        answer = ["raised", type(error).__name__]
    # What follows the first line is a traceback, with places in the framework.
    answers[name] = [*answer, sys.stdout.getvalue()[before:].splitlines()[:1]]
json.dump(answers, out)
"""


def _answers(python: Path, folder: Path, case: Case) -> Any:
    folder.mkdir(parents=True)
    (folder / "app.py").write_text(case.source, encoding="utf-8")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    result = subprocess.run(
        [str(python), "-c", RUNNER, str(folder), json.dumps(case.events)],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(result.stdout)


@pytest.fixture(scope="session")
def answers(predecessor: Path, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, tuple[Any, Any]]:
    """Return what the predecessor and we answer to each event."""
    folder = tmp_path_factory.mktemp("answers")
    python = predecessor.parent / ("python.exe" if os.name == "nt" else "python")
    pairs = {}
    for name, case in CASES.items():
        theirs = _answers(python, folder / "theirs" / name, case)
        ours = _answers(Path(sys.executable), folder / "ours" / name, case)
        pairs.update({f"{name}: {event}": (theirs[event], ours[event]) for event in case.events})
    return pairs


@pytest.mark.slow
def test_answers_differ_only_where_the_table_says(answers: Mapping[str, tuple[Any, Any]]) -> None:
    different = {event: pair for event, pair in answers.items() if pair[0] != pair[1]}

    assert {event: pair for event, pair in different.items() if event not in DIFFERENCES} == {}
    assert set(DIFFERENCES) == set(different)


@pytest.mark.slow
def test_where_answers_differ_ours_is_one_that_api_gateway_takes(
    answers: Mapping[str, tuple[Any, Any]],
) -> None:
    for event in DIFFERENCES:
        _, (outcome, response, _) = answers[event]
        assert outcome == "returned"
        assert response["statusCode"] in {200, 404, 418, 500}
        assert isinstance(response["body"], str)
