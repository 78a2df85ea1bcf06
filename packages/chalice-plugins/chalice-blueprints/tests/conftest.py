"""Applications, and projects that run in processes of their own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from chalice import Blueprint, Chalice


@pytest.fixture
def app() -> Chalice:
    """An application whose logger and environment are nobody else's."""
    return Chalice("shop", configure_logs=False, env={})


@pytest.fixture
def users() -> Blueprint:
    return Blueprint("chalicelib.users")


@pytest.fixture
def sqs() -> None:
    """Skip where chalice-sqs is not installed: these tests run alone as well."""
    pytest.importorskip("chalice_sqs")


@pytest.fixture
def schedule() -> None:
    """Skip where chalice-schedule is not installed."""
    pytest.importorskip("chalice_schedule")


@pytest.fixture
def websockets() -> None:
    """Skip where chalice-websockets is not installed."""
    pytest.importorskip("chalice_websockets")


class Project:
    """A folder with an application."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def write(self, files: Mapping[str, str]) -> None:
        for name, text in files.items():
            file = self.folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")

    def describe(self) -> dict[str, Any]:
        """Return what the app host says about the application."""
        output = self.folder / "manifest.json"
        code = (
            "import runpy, os, sys\n"
            f"descriptor = os.open({str(output)!r}, os.O_WRONLY | os.O_CREAT)\n"
            f"sys.argv[1:] = ['describe', '--project-dir', {str(self.folder)!r}, OPTION, str(VALUE)]\n"
            "runpy.run_module('chalice.host', run_name='__main__')\n"
        )
        if sys.platform == "win32":
            code = code.replace("OPTION", "'--manifest-handle'")
            code = code.replace("VALUE", "__import__('msvcrt').get_osfhandle(descriptor)")
        else:
            code = code.replace("OPTION", "'--manifest-fd'").replace("VALUE", "descriptor")
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60
        )
        assert done.returncode == 0, done.stderr
        document: dict[str, Any] = json.loads(output.read_text(encoding="utf-8"))
        return document

    def package(self, document: Mapping[str, Any], target: Path) -> None:
        """Lay out what a deployment package holds: the application, and what its manifest lists."""
        for source in [self.folder / "app.py", *self.folder.glob("chalicelib/**/*.py")]:
            file = target / source.relative_to(self.folder)
            file.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, file)
        for shipped in document["package"]["files"]:
            file = target / shipped["archive"]
            file.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(shipped["path"], file)
        extensions = document["package"]["extensions"]
        frozen = [
            f"{group.upper()} = {extensions[group]!r}\n" for group in ("decorators", "exports", "attributes")
        ]
        (target / "_chalice_extensions.py").write_text("".join(frozen), encoding="utf-8")


@pytest.fixture
def project(tmp_path: Path) -> Project:
    folder = tmp_path / "project"
    folder.mkdir()
    return Project(folder.resolve())


def run_alone(folder: Path, code: str) -> Any:
    """Run a script with the standard library and a folder to import from; return its last line, from JSON."""
    done = subprocess.run(
        [sys.executable, "-S", "-s", "-E", "-c", f"import sys\nsys.path.insert(0, {str(folder)!r})\n{code}"],
        capture_output=True,
        text=True,
        cwd=folder,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture
def alone() -> Any:
    """`run_alone`, for tests."""
    return run_alone
