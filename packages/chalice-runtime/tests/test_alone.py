"""The distribution by itself: built, installed where nothing else is, and used."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

DISTRIBUTION = Path(__file__).parent.parent

APP = """
from chalice import Chalice
app = Chalice("alone")

@app.route("/users/{name}")
def user(name):
    return {"hello": name}

@app.lambda_function()
def add(event, context):
    return event["a"] + event["b"]
"""
USE = """
import json, sys
from importlib.metadata import distributions
from app import app
from chalice.test import Client
with Client(app) as client:
    hello = client.http.get("/users/world").json_body
    added = client.lambda_.invoke("add", {"a": 1, "b": 2}).payload
files = {name: getattr(module, "__file__", None) or "" for name, module in sys.modules.items()}
foreign = [name for name, file in files.items() if "site-packages" in file]
print(json.dumps({
    "hello": hello,
    "added": added,
    "installed": sorted(one.metadata["Name"] for one in distributions()),
    "imported": sorted({name.partition(".")[0] for name in foreign}),
}))
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("hatchling")
    out = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(out)],
        cwd=DISTRIBUTION,
        check=True,
        capture_output=True,
        timeout=120,
    )
    return next(out.glob("*.whl"))


@pytest.fixture(scope="module")
def lonely_python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The Python of an environment that holds the wheel and nothing else, not even pip."""
    home = tmp_path_factory.mktemp("venv")
    venv.create(home, with_pip=False)
    python = home / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    found = subprocess.run(
        [str(python), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    )
    # A wheel without scripts is installed by unpacking it.
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(found.stdout.strip())
    yield python


@pytest.mark.slow
def test_an_application_runs_where_nothing_else_is_installed(lonely_python: Path, tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(APP, encoding="utf-8")

    ran = subprocess.run(
        [str(lonely_python), "-c", USE], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60
    )

    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout) == {
        "hello": {"hello": "world"},
        "added": 3,
        "installed": ["chalice-runtime"],
        "imported": ["chalice"],
    }


@pytest.mark.slow
def test_the_wheel_requires_nothing_and_says_that_it_is_typed(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        metadata = next(archive.read(name).decode() for name in names if name.endswith("METADATA"))

    required = [line for line in metadata.splitlines() if line.startswith("Requires-Dist")]
    assert [line for line in required if "extra ==" not in line] == []
    assert "chalice/py.typed" in names
    # The test client, and no tests.
    assert {name.partition("/test")[0] for name in names if "test" in name} == {"chalice"}
