"""The examples of README.md do what it says."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from chalice_core.graph import Graph
from chalice_core.values import ResourceId
from chalice_deploy.handlers import Handlers

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```python\n(.*?)```", README, flags=re.DOTALL)


def test_the_example_that_uses_the_target_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)

    exec(EXAMPLES[0], {})  # noqa: S102  # our own text

    assert capsys.readouterr().out == ""  # nothing is deployed in an empty folder


@pytest.fixture
def example(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    module = ModuleType("readme_example")
    monkeypatch.setitem(sys.modules, "readme_example", module)
    exec(EXAMPLES[1], module.__dict__)  # noqa: S102  # our own text
    return module


def test_the_example_of_another_kind_is_deployed_survives_a_lost_record_and_is_deleted(
    project: Any, code: Any, aws_client: Any, example: ModuleType
) -> None:
    graph = Graph.of([example.Topic(id=ResourceId("news"), topic_name="news")])
    deployment = project.deployment()
    deployment._handlers = Handlers(lambda kind: example.Plugin().chalice_realise_kind("aws", kind))

    for _ in range(2):
        deployment.apply(deployment.plan(graph, code()), lambda progress: None)
        assert len(aws_client("sns").list_topics()["Topics"]) == 1
        project.record_path.unlink()
    deployment.apply(deployment.plan(graph, code()), lambda progress: None)
    deployment.apply(deployment.plan_delete(), lambda progress: None)

    assert aws_client("sns").list_topics()["Topics"] == []


def test_every_hook_that_is_implemented_is_listed() -> None:
    from chalice_deploy.hooks import AwsPlugin

    implemented = {name for name in vars(AwsPlugin) if name.startswith("chalice_")}
    listed = README.split("Implemented:")[1].split("Called:")[0]

    assert set(re.findall(r"`(chalice_\w+)`", listed)) == implemented
