"""What runs in Lambda, and what serves tests and is never there."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

APP = """
from chalice import Chalice

app = Chalice(app_name="echo")
app.experimental_feature_flags.update(["WEBSOCKETS"])


@app.on_ws_connect()
def connect(event):
    return {"statusCode": 403 if event.body else 200}


@app.on_ws_message(name="said")
def message(event):
    app.websocket_api.send(event.connection_id, event.body)
"""
HANDLE = """
import json
before = set(sys.modules)
import app
class Client:
    class exceptions:
        class GoneException(Exception): pass
    def post_to_connection(self, **arguments): self.sent = arguments
class Session:
    region_name = "eu-west-1"
    def client(self, service, endpoint_url):
        self.made, self.one = endpoint_url, Client()
        return self.one
app.app.websocket_api.session = session = Session()
context = {"domainName": "d", "stage": "s", "connectionId": "c", "apiId": "a"}
connected = app.connect({"requestContext": context}, None)
said = app.message({"requestContext": context, "body": "hi"}, None)
foreign = {name.partition(".")[0] for name in set(sys.modules) - before} - set(sys.stdlib_module_names)
print(json.dumps([connected, said, session.made, session.one.sent, sorted(foreign)]))
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("project").resolve()
    (folder / "app.py").write_text(APP, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def manifest(project: Path) -> dict[str, Any]:
    """What the app host says about the application."""
    output = project / "manifest.json"
    target = "('--manifest-fd', str(descriptor))"
    if sys.platform == "win32":
        target = "('--manifest-handle', str(__import__('msvcrt').get_osfhandle(descriptor)))"
    code = (
        "import os, runpy, sys\n"
        f"descriptor = os.open({str(output)!r}, os.O_WRONLY | os.O_CREAT)\n"
        f"sys.argv[1:] = ['describe', '--project-dir', {str(project)!r}, *{target}]\n"
        "runpy.run_module('chalice.host', run_name='__main__')\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
    document: dict[str, Any] = json.loads(output.read_text(encoding="utf-8"))
    return document


def test_the_manifest_lists_the_handlers(manifest: dict[str, Any]) -> None:
    app = manifest["app"]

    assert app["experimental_features"] == ["WEBSOCKETS"]
    assert app["events"] == [
        {
            "source": "websocket",
            "decorator": "on_ws_connect",
            "function": "websocket_connect",
            "options": {"route_key": "$connect"},
        },
        {
            "source": "websocket",
            "decorator": "on_ws_message",
            "function": "websocket_message",
            "options": {"route_key": "$default"},
        },
    ]
    assert app["functions"] == [
        {"name": "websocket_connect", "handler": "app.connect", "kind": "event"},
        {"name": "websocket_message", "handler": "app.message", "kind": "event"},
    ]


def test_two_modules_ship(manifest: dict[str, Any]) -> None:
    shipped = [one["archive"] for one in manifest["package"]["files"]]

    assert [one for one in shipped if one.startswith("chalice_")] == [
        "chalice_websockets/__init__.py",
        "chalice_websockets/api.py",
        "chalice_websockets/events.py",
    ]


def test_the_package_runs_with_nothing_but_the_standard_library(
    project: Path, manifest: dict[str, Any], tmp_path: Path
) -> None:
    shutil.copy(project / "app.py", tmp_path)
    for shipped in manifest["package"]["files"]:
        file = tmp_path / shipped["archive"]
        file.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(shipped["path"], file)
    extensions = manifest["package"]["extensions"]
    frozen = [
        f"{group.upper()} = {extensions[group]!r}\n" for group in ("decorators", "exports", "attributes")
    ]
    (tmp_path / "_chalice_extensions.py").write_text("".join(frozen), encoding="utf-8")

    done = subprocess.run(
        [
            sys.executable,
            "-S",
            "-s",
            "-E",
            "-c",
            f"import sys\nsys.path.insert(0, {str(tmp_path)!r})\n{HANDLE}",
        ],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={**os.environ, "AWS_REGION": "us-east-1"},
        check=False,
        timeout=60,
    )

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == [
        {"statusCode": 200},
        {"statusCode": 200},
        "https://a.execute-api.us-east-1.amazonaws.com/s",
        {"ConnectionId": "c", "Data": "hi"},
        ["_chalice_extensions", "app", "chalice", "chalice_websockets"],
    ]
