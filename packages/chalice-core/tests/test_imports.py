"""The core stands on the standard library and pluggy alone."""

from __future__ import annotations

import ast
import pkgutil
import shutil
import subprocess
import sys
from pathlib import Path

import pluggy
import pytest

import chalice_core

ROOT = Path(chalice_core.__path__[0])
FILES = sorted(ROOT.rglob("*.py"))
SUITES = {
    f"chalice_core.testing.{name}"
    for name in ("contracts", "event_sources", "examples", "local", "pytest_plugin", "targets")
}
"""Modules for the tests of plugins, where the runtime, pytest and an AWS to talk to are at hand."""


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_module_imports_nothing_foreign(path: Path) -> None:
    allowed = {*sys.stdlib_module_names, "chalice_core", "pluggy"}
    if ".".join(("chalice_core", *path.relative_to(ROOT).with_suffix("").parts)) in SUITES:
        allowed |= {"boto3", "botocore", "chalice", "pytest"}
    tree = ast.parse(path.read_text(encoding="utf-8"))
    imported = {
        name.partition(".")[0]
        for node in ast.walk(tree)
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }

    assert imported <= allowed


def test_every_module_works_with_nothing_else_installed(tmp_path: Path) -> None:
    every = {one.name for one in pkgutil.walk_packages([str(ROOT)], "chalice_core.")}
    assert every >= SUITES
    modules = sorted(every - SUITES)
    site = tmp_path / "site"
    site.mkdir()
    for package in (ROOT, Path(pluggy.__path__[0])):
        shutil.copytree(package, site / package.name, ignore=shutil.ignore_patterns("__pycache__"))
    code = (
        f"import sys; sys.path.insert(0, {str(site)!r})\n"
        f"for name in {modules!r}: __import__(name)\n"
        "print(*sorted(name.partition('.')[0] for name in sys.modules))"
    )

    # -I and -S: neither this environment's packages nor the user's.
    ran = subprocess.run(
        [sys.executable, "-I", "-S", "-c", code], capture_output=True, text=True, check=False
    )

    assert ran.returncode == 0, ran.stderr
    assert not {"click", "boto3", "botocore", "pip", "pytest", "chalice"} & set(ran.stdout.split())
    assert "chalice_core" in ran.stdout.split()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_module_begins_with_its_docstring(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
