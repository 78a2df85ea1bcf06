"""The demonstration of README.md."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

DEMO = Path(__file__).with_name("demo.py")

pytestmark = pytest.mark.slow


def test_the_demonstration_succeeds_shows_every_command_and_leaves_no_folder_behind(
    tools: Any, tmp_path: Path
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()

    variables = {"TMPDIR": str(temporary), "TEMP": str(temporary)}
    outcome = tools.run("python", str(DEMO), cwd=tmp_path, variables=variables)

    assert outcome.status == 0, outcome.all
    for shown in (
        "$ chalice new-project hello",
        "$ chalice deploy --local",
        '{"hello":"world"}',
        '{"hello":"chalice"}',
        "order received: two espressi",
        "somebody asks for the index",
        '{"sum": 3}',
        "$ chalice url",
        "$ chalice delete --local",
        "Functions: none",
    ):
        assert shown in outcome.stdout
    assert [path.name for path in temporary.iterdir() if path.name.startswith("chalice-demo")] == []


def test_the_demonstration_fails_when_there_is_no_embedded_aws(make_environment: Any, tmp_path: Path) -> None:
    tools = make_environment(without=["chalice-localaws"])

    outcome = tools.run("python", str(DEMO), cwd=tmp_path)

    assert outcome.status == 1
    assert "The demonstration failed" in outcome.stdout
    assert "Install the distribution chalice-localaws" in outcome.all
