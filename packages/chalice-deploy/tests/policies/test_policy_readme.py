"""The example of README.md has the policy that it says."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from chalice_deploy.policies import analyse, document, merged

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
SECTION = README.partition("## Permissions from source")[2].partition("\n## ")[0]
SOURCE, USE = re.findall(r"```python\n(.*?)```", SECTION, flags=re.DOTALL)
(POLICY,) = re.findall(r"```json\n(.*?)```", SECTION, flags=re.DOTALL)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Be in the project of the example."""
    (tmp_path / "app.py").write_text(SOURCE)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_policy_is_the_one_that_is_shown(project: Path) -> None:
    policy = document(merged(analyse(project).findings({"THUMBNAILS": "thumbnails"})))

    assert json.dumps(policy, indent=2) == POLICY.strip()


@pytest.mark.usefixtures("project")
def test_the_use_in_a_program_gives_the_same_policy_and_the_lines() -> None:
    names: dict[str, object] = {}

    exec(USE, names)  # noqa: S102  # our own text

    assert names["policy"] == json.loads(POLICY)
    assert ("dynamodb:Scan", "app.py", 15, "") in names["lines"]  # type: ignore[operator]
