"""What ships into Lambda needs the standard library and the runtime, and loads little of the former."""

from __future__ import annotations

import os
import shutil
import subprocess
import venv
from pathlib import Path

import pytest

import chalice
import chalice_s3

HANDLE = """
import importlib.util, sys
assert importlib.util.find_spec("chalice_core") is None
assert importlib.util.find_spec("pip") is None
import chalice.extensions
before = set(sys.modules)
import chalice_s3.events
loaded = set(sys.modules) - before
event = chalice_s3.events.S3Event(
    {"Records": [{"s3": {"bucket": {"name": "b"}, "object": {"key": "a+%C3%BC"}}}]}, None
)
assert event.key == "a ü"
assert "urllib.parse" not in sys.modules
print(*sorted(loaded))
"""


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An interpreter that has the runtime and this plugin, and nothing else."""
    folder = tmp_path_factory.mktemp("empty")
    builder = venv.EnvBuilder(with_pip=False, symlinks=os.name != "nt")
    builder.create(folder)
    context = builder.ensure_directories(folder)
    interpreter = Path(str(context.env_exe))
    asked = [str(interpreter), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    site = subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip()
    for package in (chalice, chalice_s3):
        source = Path(str(package.__file__)).parent
        # Copies, for a path to where they are installed would bring their neighbours along.
        shutil.copytree(source, Path(site) / source.name, ignore=shutil.ignore_patterns("__pycache__"))
    return interpreter


def test_the_runtime_half_handles_an_event_with_the_runtime_and_nothing_else(python: Path) -> None:
    done = subprocess.run([python, "-c", HANDLE], capture_output=True, text=True, check=False)

    assert done.stdout.split() == ["chalice_s3", "chalice_s3.events"], done.stderr
