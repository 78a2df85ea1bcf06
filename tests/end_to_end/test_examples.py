"""The examples work as they stand."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted(file.parent.parent for file in (ROOT / "examples").glob("*/.chalice/config.json"))

pytestmark = [pytest.mark.slow, pytest.mark.parametrize("example", EXAMPLES, ids=lambda folder: folder.name)]


@pytest.fixture
def copy(example: Path, tmp_path: Path) -> Path:
    folder = tmp_path / example.name
    shutil.copytree(example, folder, ignore=shutil.ignore_patterns("__pycache__", "local", "deployments"))
    return folder


def test_the_tests_of_an_example_pass(copy: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}

    ended = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"],
        cwd=copy,
        env=environment,
        capture_output=True,
        text=True,
    )

    assert ended.returncode == 0, ended.stdout + ended.stderr


def test_an_example_can_be_packaged(tools: Any, copy: Path) -> None:
    outcome = tools.chalice("package", "out", cwd=copy)

    assert outcome.status == 0, outcome.all
    template = json.loads((copy / "out" / "sam.json").read_text())
    assert "APIHandler" in template["Resources"]
    assert (copy / "out" / "deployment.zip").stat().st_size > 0
