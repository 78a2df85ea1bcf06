"""What a cold start pays: modules, patterns and files that importing an application costs."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import chalice

# The standard library that AWS's runtime interface client has loaded before the application is imported.
LOADED_BY_LAMBDA = (
    "abc,atexit,codecs,collections,contextlib,copyreg,decimal,encodings,enum,functools,importlib,io,itertools,json,"
    "keyword,linecache,logging,math,numbers,operator,os,re,reprlib,stat,string,textwrap,threading,time,token,tokenize,"
    "traceback,types,warnings,weakref"
)
# Each of these costs more than the whole runtime.
FORBIDDEN = {
    "asyncio",
    "base64",
    "copy",
    "dataclasses",
    "datetime",
    "email",
    "importlib.metadata",
    "inspect",
    "pathlib",
    "socket",
    "ssl",
    "typing",
    "urllib",
}
# Python imports it wherever annotations are left unevaluated, and evaluating them would cost far more.
FUTURE = "__future__"
# Keeps the requests of threads and asynchronous tasks apart; a C module.
CONTEXT = "_contextvars"
OUR_PACKAGES = {"app", "chalice", "chalice_sqs", "_chalice_extensions"}

MEASURE = """
import sys
root, loaded = sys.argv[1:3]
for name in loaded.split(","):
    __import__(name)
import builtins, json, re
compiled, annotated, opened = [], [], []
real = re._compile if hasattr(re, "_compile") else None
re._compile = lambda *args: compiled.append(args[0]) or real(*args)
def watch(name, args):
    if name == "open" and "entry_points" in str(args[0]):
        opened.append(str(args[0]))
sys.addaudithook(watch)
before = set(sys.modules)
sys.path[:0] = root.split(";")
import app
new = sorted(set(sys.modules) - before)
event = {
    "requestContext": {"resourcePath": "/", "httpMethod": "GET"}, "headers": {"Accept": "*/*"},
    "pathParameters": None, "multiValueQueryStringParameters": None, "body": None,
}
answer = app.app(event, None)
used = sorted(set(sys.modules) - before)
print(json.dumps({"new": new, "used": used, "compiled": compiled, "opened": opened, "answer": answer}))
"""
REST = """
from chalice import Chalice, NotFoundError, Response
app = Chalice("cold")

@app.route("/", cors=True)
def index():
    return {"seen": app.current_request.headers["accept"]}
"""
EVENTS = (
    REST
    + """
from chalice import SQSEvent

@app.on_sqs_message(queue="q")
def work(event: SQSEvent):
    return None
"""
)


def measure(folder: Path, app: str, *roots: Path) -> Any:
    (folder / "app.py").write_text(app, encoding="utf-8")
    path = ";".join(str(one) for one in (folder, Path(chalice.__file__).parent.parent, *roots))
    ran = subprocess.run(
        [sys.executable, "-S", "-s", "-B", "-c", MEASURE, path, LOADED_BY_LAMBDA],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        cwd=folder,
    )
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


def test_a_rest_application_loads_the_runtime_and_nothing_else(tmp_path: Path) -> None:
    seen = measure(tmp_path, REST)

    ours = ["app", "chalice", "chalice._dispatch", "chalice._http", "chalice._routing", "chalice.app"]
    assert seen["new"] == [FUTURE, CONTEXT, *ours]
    # Reading a header is what this view does besides.
    assert seen["used"] == sorted([*seen["new"], "chalice._mappings"])
    assert seen["answer"]["statusCode"] == 200


USES_ALL = (
    REST
    + """
from chalice import Response
from chalice.app import CaseInsensitiveMapping, LambdaFunction, MultiDict
app.middleware("http")(lambda event, get_response: get_response(event))

@app.lambda_function()
def pure(event, context):
    return None
"""
)


def test_what_an_application_uses_of_the_runtime_is_loaded_and_still_nothing_else(tmp_path: Path) -> None:
    seen = measure(tmp_path, USES_ALL)

    ours = [
        "app",
        "chalice",
        "chalice._dispatch",
        "chalice._http",
        "chalice._mappings",
        "chalice._routing",
        "chalice.app",
    ]
    assert seen["new"] == sorted([FUTURE, CONTEXT, *ours, "chalice.functions", "chalice.middleware"])
    assert seen["used"] == sorted([*seen["new"], "chalice._sending"])


def test_no_pattern_is_compiled_while_the_runtime_is_imported(tmp_path: Path) -> None:
    assert measure(tmp_path, REST)["compiled"] == []


def test_an_application_with_events_reads_no_metadata_in_a_deployment_package(tmp_path: Path) -> None:
    sqs = pytest.importorskip("chalice_sqs")
    (tmp_path / "_chalice_extensions.py").write_text(
        'DECORATORS = {"on_sqs_message": "chalice_sqs.events:on_sqs_message"}\n'
        'EXPORTS = {"SQSEvent": "chalice_sqs.events:SQSEvent"}\n',
        encoding="utf-8",
    )

    seen = measure(tmp_path, EVENTS, Path(sqs.__file__).parent.parent)

    assert seen["opened"] == []
    assert [name for name in seen["new"] if name.partition(".")[0] not in OUR_PACKAGES] == [FUTURE, CONTEXT]


@pytest.mark.parametrize("module", ["chalice.app", "chalice.extensions"])
def test_none_of_the_costly_modules_is_loaded_even_without_lambdas_own(module: str) -> None:
    root = str(Path(chalice.__file__).parent.parent)
    code = f"import sys\nsys.path.insert(0, {root!r})\nimport {module}\nprint(*sys.modules)"

    ran = subprocess.run(
        [sys.executable, "-S", "-s", "-c", code], capture_output=True, text=True, check=True, timeout=60
    )

    assert FORBIDDEN.isdisjoint(ran.stdout.split())
