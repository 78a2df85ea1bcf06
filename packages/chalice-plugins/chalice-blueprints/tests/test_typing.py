"""Type checkers see blueprints as they see applications."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parent / "typing" / "blueprints.py"


@pytest.mark.slow
def test_the_examples_check_and_the_mistakes_are_found(tmp_path: Path) -> None:
    pytest.importorskip("mypy")
    pytest.importorskip("chalice_sqs")
    pytest.importorskip("chalice_s3")
    pytest.importorskip("chalice_websockets")
    expected = {
        (number, comment.group(1))
        for number, line in enumerate(EXAMPLES.read_text(encoding="utf-8").splitlines(), 1)
        if (comment := re.search(r"# error: ([\w-]+)$", line))
    }

    ran = subprocess.run(
        [
            sys.executable,
            "-m",
            "mypy",
            "--strict",
            "--config-file",
            "",
            "--cache-dir",
            str(tmp_path),
            EXAMPLES.name,
        ],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        cwd=EXAMPLES.parent,
    )

    errors = [line for line in ran.stdout.splitlines() if ": error: " in line]
    found = {(int(line.split(":")[1]), line.rpartition("[")[2].rstrip("]")) for line in errors}
    assert found == expected, ran.stdout + ran.stderr
