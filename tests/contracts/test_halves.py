"""The half of a family that runs in Lambda, and the half that serves the tools, do not know each other.

The half that ships is imported where the tools are not: an interpreter of its
own that has the runtime, that one family, and nothing else.
"""

from __future__ import annotations

import ast
import importlib
import os
import shutil
import subprocess
import sys
import venv
from importlib.metadata import EntryPoint, distribution
from pathlib import Path

import pytest

import chalice
from chalice._installed import FIRST_PARTY

SHIPPED = ("chalice.decorators", "chalice.exports", "chalice.attributes", "chalice.runtime")
FAMILIES = sorted(FIRST_PARTY)

IMPORT_IT = """
import importlib, importlib.util, sys
for tool in ("chalice_core", "pluggy", "boto3", "click"):
    assert importlib.util.find_spec(tool) is None, tool
import chalice
before = set(sys.modules)
for item in sys.argv[1:]:
    module, _, name = item.partition(":")
    getattr(importlib.import_module(module), name)
foreign = {name.partition(".")[0] for name in set(sys.modules) - before}
print(*sorted(foreign - set(sys.stdlib_module_names) - {"chalice"}))
"""


def entries(family: str, *groups: str) -> list[EntryPoint]:
    """Return what a distribution offers in these groups."""
    return [entry for entry in distribution(family).entry_points if entry.group in groups]


def folder_of(family: str) -> Path:
    """Return the folder of a distribution's package."""
    file = importlib.import_module(family.replace("-", "_")).__file__
    assert file is not None
    return Path(file).parent


def shipped(family: str) -> set[str]:
    """Return the modules that ship, ``chalice_sqs.events``; the package itself is one of them."""
    named = {entry.module for entry in entries(family, *SHIPPED)}
    parents = {module.rpartition(".")[0] for module in named}
    whole = {
        f"{module}.{file.stem}"
        for module in named
        for file in (folder_of(family) / Path(*module.split(".")[1:])).glob("*.py")
        if file.stem != "__init__"
    }
    return named | whole | {parent for parent in parents if parent}


def imports_of(file: Path) -> set[str]:
    """Return the modules that a file imports, the standard library's as well."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    return names


@pytest.fixture(scope="module")
def lambda_like(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An interpreter that has the runtime and nothing else."""
    folder = tmp_path_factory.mktemp("empty")
    builder = venv.EnvBuilder(with_pip=False, symlinks=os.name != "nt")
    builder.create(folder)
    python = Path(str(builder.ensure_directories(folder).env_exe))
    asked = [str(python), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    site = subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip()
    # A copy, for a path to where it is installed would bring its neighbours along.
    runtime = Path(chalice.__file__).parent
    shutil.copytree(runtime, Path(site) / "chalice", ignore=shutil.ignore_patterns("__pycache__"))
    return python


def test_every_family_is_seen() -> None:
    assert {"chalice-sqs", "chalice-websockets", "chalice-kafka"} <= set(FAMILIES)
    assert shipped("chalice-sqs") == {"chalice_sqs", "chalice_sqs.events"}
    assert {"chalice_websockets.api", "chalice_websockets.events"} <= shipped("chalice-websockets")


@pytest.mark.parametrize("family", FAMILIES)
def test_the_runtime_half_needs_the_runtime_and_nothing_else(
    family: str, lambda_like: Path, tmp_path: Path
) -> None:
    package = folder_of(family)
    shutil.copytree(package, tmp_path / package.name, ignore=shutil.ignore_patterns("__pycache__"))
    # The test client takes samples from an environment without the tools, too.
    named = [entry.value for entry in entries(family, "chalice.samples", *SHIPPED) if ":" in entry.value]

    done = subprocess.run(
        [lambda_like, "-c", IMPORT_IT, *named],
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.stderr == ""
    assert done.stdout.split() == [package.name]


@pytest.mark.parametrize("family", FAMILIES)
def test_a_sample_needs_the_standard_library_and_nothing_else(family: str) -> None:
    modules = {entry.module for entry in entries(family, "chalice.samples")}
    files = [folder_of(family).joinpath(*module.split(".")[1:]).with_suffix(".py") for module in modules]

    foreign = {name.partition(".")[0] for file in files for name in imports_of(file)}

    assert foreign <= set(sys.stdlib_module_names)


@pytest.mark.parametrize("family", FAMILIES)
def test_the_tooling_half_imports_nothing_of_what_ships(family: str) -> None:
    """It reads the manifest, which the application's own version of the family has written."""
    folder, ships = folder_of(family), shipped(family)
    tooling = [file for file in folder.glob("*.py") if f"{folder.name}.{file.stem}" not in ships]

    crossing = {
        (file.name, name)
        for file in tooling
        if file.stem not in {"__init__", "testing"}
        for name in imports_of(file)
        if name in ships
    }

    assert crossing == set()
