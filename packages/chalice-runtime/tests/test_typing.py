"""Type checkers see the public API, first-party decorators included, as it is."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("mypy")
pytest.importorskip("chalice_sqs")

EXAMPLES = Path(__file__).parent / "typing"


def check(file: Path, cache: Path) -> list[str]:
    ran = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--config-file", "", "--cache-dir", str(cache), str(file)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        cwd=file.parent,
    )
    assert ran.stderr == ""
    return [line for line in ran.stdout.splitlines() if ": error: " in line]


@pytest.mark.slow
def test_the_examples_check_and_the_mistakes_are_found(tmp_path: Path) -> None:
    mistakes = EXAMPLES / "mistakes.py"
    expected = {
        (number, found.group(1))
        for number, line in enumerate(mistakes.read_text(encoding="utf-8").splitlines(), 1)
        if (found := re.search(r"# error: ([\w-]+)$", line))
    }

    good = check(EXAMPLES / "api.py", tmp_path)
    bad = check(mistakes, tmp_path)

    found = {(int(line.split(":")[1]), line.rpartition("[")[2].rstrip("]")) for line in bad}
    assert good == []
    assert found == expected
