"""What a cold start pays, counted in the deployment package that the packager really makes.

The counts are exact on purpose: a module, an import or a file more is paid by every cold start of every
application, so that adding one has to be a decision.
"""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from chalice_core.apphost import describe
from chalice_core.artifact import BuildRequest
from chalice_core.config import StageConfig
from chalice_core.kinds import DEPLOYMENT
from chalice_core.plugins import load_plugins

# What AWS's runtime interface client has loaded before it imports a function.
LOADED_BY_LAMBDA = (
    "abc,atexit,codecs,collections,contextlib,copyreg,decimal,encodings,enum,functools,importlib,io,itertools,json,"
    "keyword,linecache,logging,math,numbers,operator,os,re,reprlib,stat,string,textwrap,threading,time,token,"
    "tokenize,traceback,types,warnings,weakref"
)
HELLO = """
from chalice import Chalice

app = Chalice(app_name="hello")


@app.route("/")
def index():
    return {"hello": "world"}
"""
QUEUE = (
    HELLO
    + """

@app.on_sqs_message(queue="orders")
def work(event):
    return None
"""
)
# Started with what Lambda has loaded; then the application is imported and called, and everything that Python
# compiles, opens or imports meanwhile is written down.
WATCHED_IMPORT = """
import json, sys
package, loaded = sys.argv[1:3]
for name in loaded.split(","):
    __import__(name)
import re
patterns, compiled, opened, listed = [], [], [], []
real_pattern = re._compile
re._compile = lambda *args: patterns.append(str(args[0])) or real_pattern(*args)
def watch(name, args):
    if name == "compile":
        compiled.append(str(args[1]))
    elif name == "open" and not str(args[0]).endswith((".pyc", ".py")):
        opened.append(str(args[0]))
    elif name == "os.listdir":
        listed.append(str(args[0]))
before = set(sys.modules)
sys.path.insert(0, package)
sys.addaudithook(watch)
import app
new = sorted(set(sys.modules) - before)
event = {
    "resource": "/", "path": "/", "httpMethod": "GET", "headers": {"Accept": "*/*"},
    "multiValueHeaders": {"Accept": ["*/*"]}, "queryStringParameters": None,
    "multiValueQueryStringParameters": None, "pathParameters": None, "stageVariables": None,
    "requestContext": {"resourcePath": "/", "httpMethod": "GET"}, "body": None, "isBase64Encoded": False,
}
status = app.app(event, None)["statusCode"]
used = sorted(set(sys.modules) - before)
seen = {"new": new, "used": used, "patterns": patterns, "compiled": compiled, "opened": opened}
print(json.dumps({**seen, "listed": listed, "status": status}))
"""


def package_of(source: str, folder: Path) -> Path:
    """Build the deployment package of an application."""
    project = folder / "project"
    project.mkdir()
    (project / "app.py").write_text(source, encoding="utf-8")
    built = load_plugins(only={"packager"}).hook.chalice_build_artifacts(
        request=BuildRequest(
            manifest=describe(project, Path(sys.executable)),
            config=StageConfig(project_dir=project, app_name="hello", stage="dev"),
            cache_dir=folder / "cache",
        )
    )
    return Path(built.artifacts[DEPLOYMENT].path)


def unpacked(package: Path, folder: Path) -> Path:
    """Unpack a deployment package as Lambda does."""
    task = folder / "task"
    with zipfile.ZipFile(package) as archive:
        archive.extractall(task)
    return task


def cold_start(task: Path) -> Any:
    """Import the application as Lambda does, and send it one request."""
    ran = subprocess.run(
        [sys.executable, "-S", "-s", "-B", "-c", WATCHED_IMPORT, str(task), LOADED_BY_LAMBDA],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        cwd=task,
    )
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


@pytest.fixture(scope="module")
def hello(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return package_of(HELLO, tmp_path_factory.mktemp("hello"))


def test_the_package_of_a_rest_application_holds_the_runtime_and_no_plugin(hello: Path) -> None:
    with zipfile.ZipFile(hello) as archive:
        sources = {name for name in archive.namelist() if name.endswith(".py")}
        bytecode = {name for name in archive.namelist() if name.endswith(".pyc")}
        everything = set(archive.namelist())

    assert everything == sources | bytecode
    assert {name for name in sources if not name.startswith("chalice/")} == {
        "_chalice_extensions.py",
        "app.py",
    }
    assert {name.removeprefix("chalice/") for name in sources if name.startswith("chalice/")} == {
        "__init__.py",
        "_async.py",
        "_dispatch.py",
        "_http.py",
        "_installed.py",
        "_mappings.py",
        "_matching.py",
        "_routing.py",
        "_sending.py",
        "app.py",
        "authorization.py",
        "authorizers.py",
        "batch.py",
        "extensions.py",
        "functions.py",
        "middleware.py",
        "payload2.py",
    }
    assert len(bytecode) == len(sources)


def test_the_runtime_with_its_bytecode_adds_little_to_a_package(hello: Path) -> None:
    with zipfile.ZipFile(hello) as archive:
        ours = [entry for entry in archive.infolist() if entry.filename.startswith("chalice/")]

    assert sum(entry.file_size for entry in ours) < 380_000
    assert sum(entry.compress_size for entry in ours) < 155_000


def test_a_cold_start_of_a_rest_application_imports_five_modules_of_ours(hello: Path, tmp_path: Path) -> None:
    seen = cold_start(unpacked(hello, tmp_path))

    assert seen["status"] == 200
    ours = [name for name in seen["new"] if name.partition(".")[0] == "chalice"]
    assert ours == ["chalice", "chalice._dispatch", "chalice._http", "chalice._routing", "chalice.app"]
    assert [name for name in seen["used"] if name not in seen["new"]] == []


def test_a_cold_start_imports_two_small_modules_of_the_standard_library(hello: Path, tmp_path: Path) -> None:
    seen = cold_start(unpacked(hello, tmp_path))

    foreign = {name for name in seen["new"] if name.partition(".")[0] not in {"chalice", "app"}}
    # Newer Pythons have loaded the one or the other by then.
    assert foreign <= {"__future__", "_contextvars"}


def test_a_cold_start_compiles_nothing(hello: Path, tmp_path: Path) -> None:
    seen = cold_start(unpacked(hello, tmp_path))

    assert seen["compiled"] == []
    assert seen["patterns"] == []


def test_a_cold_start_with_a_plugin_reads_no_metadata(tmp_path: Path) -> None:
    task = unpacked(package_of(QUEUE, tmp_path), tmp_path)

    seen = cold_start(task)

    metadata = [name for name in seen["opened"] + seen["listed"] if "info" in name]
    assert metadata == []
    assert seen["compiled"] == []
    ours = {name for name in seen["new"] if name.partition(".")[0] in {"chalice", "chalice_sqs"}}
    assert ours - {"chalice", "chalice._dispatch", "chalice._http", "chalice._routing", "chalice.app"} == {
        "chalice.extensions",
        "chalice_sqs",
        "chalice_sqs.events",
    }


def test_without_its_bytecode_a_package_compiles_what_it_imports_and_nothing_more(
    hello: Path, tmp_path: Path
) -> None:
    task = unpacked(hello, tmp_path)
    for file in task.rglob("*.pyc"):
        file.unlink()

    seen = cold_start(task)

    names = {Path(name).relative_to(task).as_posix() for name in seen["compiled"]}
    assert names == {
        "app.py",
        "chalice/__init__.py",
        "chalice/_dispatch.py",
        "chalice/_http.py",
        "chalice/_routing.py",
        "chalice/app.py",
    }
