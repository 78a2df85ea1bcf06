"""The example in the README runs as it stands."""

from __future__ import annotations

import re
from pathlib import Path

import pytest


def test_the_example_prints_a_digest(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    text = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)

    exec(compile(example, "README.md", "exec"), {})  # noqa: S102 - it is our own text

    assert re.fullmatch(r"[0-9a-f]{64}\n", capsys.readouterr().out)
