"""Fixtures: the predecessor, installed by itself and run as a command, and both sides of the comparison."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Iterator
from pathlib import Path

import pytest

# `comparison` is what the tests here share; with pytest's importlib mode nothing else makes it importable.
sys.path.insert(0, str(Path(__file__).parent))

from comparison.sides import Side, Sides

PREDECESSOR = "chalice==1.34.0"


@pytest.fixture(scope="session")
def predecessor(request: pytest.FixtureRequest) -> Path:
    """The predecessor's ``chalice`` command, in an environment of its own that is kept between runs."""
    cache = request.config.cache
    assert cache is not None
    folder = Path(cache.mkdir("predecessor")) / f"{PREDECESSOR}-{sys.implementation.cache_tag}"
    scripts = folder / ("Scripts" if os.name == "nt" else "bin")
    ready = folder / "ready"
    if not ready.is_file():
        shutil.rmtree(folder, ignore_errors=True)
        try:
            _install(folder, scripts)
        except subprocess.CalledProcessError as error:
            # Without a package index there is nothing to compare with; that is no fault of ours.
            pytest.skip(f"{PREDECESSOR} cannot be installed here: {error.stderr.strip()[-300:]}")
        ready.touch()
    return scripts / "chalice"


def _install(folder: Path, scripts: Path) -> None:
    uv = shutil.which("uv", path=os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]))
    python = scripts / "python"
    # The predecessor needs setuptools and does not say so for each Python.
    if uv is not None:
        commands = [
            [uv, "venv", "--python", sys.executable, str(folder)],
            [uv, "pip", "install", "--python", str(python), PREDECESSOR, "setuptools"],
        ]
    else:
        venv.create(folder, with_pip=True)
        commands = [[str(python), "-m", "pip", "install", PREDECESSOR, "setuptools"]]
    for command in commands:
        subprocess.run(command, check=True, capture_output=True, text=True)


@pytest.fixture(scope="session")
def sides(predecessor: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sides]:
    """One interpreter with the predecessor and one with ours, of the same Python."""
    folder = tmp_path_factory.mktemp("sides")
    python = predecessor.parent / ("python.exe" if os.name == "nt" else "python")
    both = Sides(Side(python, folder), Side(Path(sys.executable), folder))
    yield both
    both.close()
