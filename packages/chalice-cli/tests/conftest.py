"""A project to work on, a fake cloud to deploy it to, and the command in this process."""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from chalice_cli.__main__ import main

FAKE_CLOUD = Path(__file__).parent / "fake_cloud"
APP = """
from chalice import Chalice

app = Chalice(app_name="hello")


@app.route("/")
def index():
    return {"hello": "world"}


@app.lambda_function()
def add(event, context):
    return 3
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a run of the command left behind."""

    status: int
    stdout: str
    stderr: str


Chalice = Callable[..., Outcome]


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith(("AWS_", "CHALICE_")) and name != "AWS_CA_BUNDLE":
            monkeypatch.delenv(name)
    # Nothing of the person's own may decide how a test ends.
    monkeypatch.setenv("AWS_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", os.devnull)
    monkeypatch.delenv("VIRTUAL_ENV", raising=False)


@pytest.fixture
def chalice(capsys: pytest.CaptureFixture[str]) -> Chalice:
    """Run the command in this process."""

    def run(*arguments: str) -> Outcome:
        capsys.readouterr()
        status = main(arguments)
        captured = capsys.readouterr()
        return Outcome(status=status, stdout=captured.out, stderr=captured.err)

    return run


@pytest.fixture
def chalice_process(tmp_path: Path) -> Chalice:
    """Run the command in a process of its own, with folders of packages first on its path."""

    def run(
        *arguments: str, path: Sequence[Path] = (), cwd: Path = tmp_path, options: Sequence[str] = ()
    ) -> Outcome:
        ended = subprocess.run(
            [sys.executable, *options, "-m", "chalice_cli", *arguments],
            cwd=cwd,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(str(folder) for folder in path)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=60,
        )
        return Outcome(status=ended.returncode, stdout=ended.stdout, stderr=ended.stderr)

    return run


@pytest.fixture
def fake_cloud(monkeypatch: pytest.MonkeyPatch) -> None:
    """Install a plugin that takes the places of the target, the builder and the embedded AWS."""
    monkeypatch.syspath_prepend(FAKE_CLOUD)
    monkeypatch.setenv("CHALICE_DISABLE_PLUGINS", "aws,packager,localaws,sam")
    importlib.invalidate_caches()


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Be in the folder of a project that works."""
    folder = tmp_path / "hello"
    (folder / ".chalice").mkdir(parents=True)
    (folder / "app.py").write_text(APP)
    (folder / ".chalice" / "config.json").write_text(
        json.dumps({"version": "2.0", "app_name": "hello", "stages": {"dev": {}, "prod": {}}})
    )
    monkeypatch.chdir(folder)
    return folder


def write_plugin(folder: Path, name: str, *, module: str, groups: str) -> None:
    """Install a distribution into a folder, as an installer would.

    Args:
        folder: to be put on the path.
        name: of the distribution and, with underscores, of its module.
        module: source of the module.
        groups: text of entry_points.txt.
    """
    identifier = name.replace("-", "_")
    metadata = folder / f"{identifier}-3.4.dist-info"
    metadata.mkdir(parents=True)
    (folder / f"{identifier}.py").write_text(module)
    (metadata / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {name}\nVersion: 3.4\nSummary: What {name} does\n\nLong text\n"
    )
    (metadata / "entry_points.txt").write_text(groups)


@pytest.fixture
def plugin_writer() -> Callable[..., None]:
    """Install distributions into folders."""
    return write_plugin
