"""The half that runs in Lambda and the half that serves the tools do not know each other."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import pytest

import chalice
import chalice_function_urls

PACKAGE = Path(chalice_function_urls.__file__).parent
RUNTIME_HALF = {"__init__", "events"}

HANDLE = """
import importlib.util, sys
assert importlib.util.find_spec("chalice_core") is None
assert importlib.util.find_spec("pluggy") is None
before = set(sys.modules)
from chalice import Chalice
import chalice_function_urls.events
app = Chalice("a", configure_logs=False, env={})
@chalice_function_urls.events.on_function_url.declare_on(app)
def hello(request):
    return {"said": request.method}
foreign = {name.partition(".")[0] for name in set(sys.modules) - before} - set(sys.stdlib_module_names)
http = {"method": "GET"}
event = {"version": "2.0", "rawPath": "/", "requestContext": {"http": http}}
print(sorted(foreign), hello(event, None)["body"])
"""


@pytest.fixture(scope="module")
def lambda_like(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An interpreter that has the runtime and this plugin, and nothing else."""
    folder = tmp_path_factory.mktemp("empty")
    builder = venv.EnvBuilder(with_pip=False, symlinks=os.name != "nt")
    builder.create(folder)
    context = builder.ensure_directories(folder)
    python = Path(str(context.env_exe))
    asked = [str(python), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    site = subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip()
    for package in (Path(chalice.__file__).parent, PACKAGE):
        # Copies, for a path to where they are installed would bring their neighbours along.
        shutil.copytree(package, Path(site) / package.name, ignore=shutil.ignore_patterns("__pycache__"))
    return python


def test_the_runtime_half_needs_the_runtime_and_nothing_else(lambda_like: Path) -> None:
    done = subprocess.run([lambda_like, "-c", HANDLE], capture_output=True, text=True, check=False)

    assert done.stdout.split("\n")[0] == "['chalice', 'chalice_function_urls'] {\"said\":\"GET\"}", (
        done.stderr
    )


def _imports_of(module: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    return names


def test_a_sample_needs_the_standard_library_and_nothing_else() -> None:
    """The runtime's test client takes it from an environment without the tools."""
    foreign = {name.partition(".")[0] for name in _imports_of(PACKAGE / "sample.py")}

    assert foreign <= set(sys.stdlib_module_names)


@pytest.mark.parametrize("module", sorted(PACKAGE.glob("*.py")), ids=lambda path: path.stem)
def test_neither_half_imports_the_other(module: Path) -> None:
    ours = {
        name.partition(".")[2] for name in _imports_of(module) if name.startswith("chalice_function_urls")
    }

    if module.stem in RUNTIME_HALF:
        assert ours <= RUNTIME_HALF
    else:
        assert not ours & (RUNTIME_HALF | {""})
