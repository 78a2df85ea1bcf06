"""Events, applications and projects that several tests need."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import pytest

from chalice import Chalice

if TYPE_CHECKING:
    from collections.abc import Mapping


class RestEvent(Protocol):
    def __call__(self, resource: str = "/", method: str = "GET", **parts: Any) -> dict[str, Any]: ...


@pytest.fixture
def rest_event() -> RestEvent:
    """Build a proxy event; keyword arguments replace its parts."""

    def build(resource: str = "/", method: str = "GET", **parts: Any) -> dict[str, Any]:
        return {
            "resource": resource,
            "path": resource,
            "httpMethod": method,
            "headers": None,
            "multiValueHeaders": None,
            "queryStringParameters": None,
            "multiValueQueryStringParameters": None,
            "pathParameters": None,
            "stageVariables": None,
            "requestContext": {"resourcePath": resource, "httpMethod": method, "stage": "api"},
            "body": None,
            "isBase64Encoded": False,
            **parts,
        }

    return build


@pytest.fixture
def app() -> Chalice:
    """An application whose logger and environment are nobody else's."""
    return Chalice("tested", configure_logs=False, env={})


@dataclass(frozen=True)
class Ran:
    """How a child process ended."""

    status: int
    stdout: str
    stderr: str
    document: Any


class Project:
    """A folder with an application, and ways to run it in a process of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def write(self, files: Mapping[str, str]) -> None:
        for name, text in files.items():
            file = self.folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")

    def describe(
        self, app: str | None = None, *, python: str = sys.executable, cwd: Path | None = None
    ) -> Ran:
        if app is not None:
            self.write({"app.py": app})
        reader, writer = os.pipe()
        os.set_inheritable(writer, True)
        command = [python, "-m", "chalice.host", "describe", "--project-dir", str(self.folder)]
        kwargs: dict[str, Any] = {"pass_fds": (writer,)}
        command += ["--manifest-fd", str(writer)]
        if sys.platform == "win32":
            import msvcrt

            handle = msvcrt.get_osfhandle(writer)
            os.set_handle_inheritable(handle, True)
            command[-2:] = ["--manifest-handle", str(handle)]
            kwargs = {"close_fds": False}
        ran = subprocess.run(
            command,
            capture_output=True,
            text=True,
            cwd=cwd or self.folder.parent,
            timeout=60,
            check=False,
            **kwargs,
        )
        os.close(writer)
        with os.fdopen(reader, "rb") as stream:
            content = stream.read()
        return Ran(ran.returncode, ran.stdout, ran.stderr, json.loads(content) if content else None)

    def run(self, code: str, *options: str) -> Ran:
        """Run a script in the project's folder; a last line that is JSON becomes ``document``."""
        ran = subprocess.run(
            [sys.executable, *options, "-c", code],
            capture_output=True,
            text=True,
            cwd=self.folder,
            timeout=60,
            check=False,
        )
        assert ran.returncode == 0, ran.stderr
        return Ran(ran.returncode, ran.stdout, ran.stderr, json.loads(ran.stdout.splitlines()[-1]))


@pytest.fixture
def project(tmp_path: Path) -> Project:
    folder = tmp_path / "project"
    folder.mkdir()
    return Project(folder.resolve())
