"""The examples of README.md do what it says."""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import botocore.session
import pytest

import chalice_deploy
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


SERVICES = ("cloudcontrol", "cognito-idp", "events", "iam", "lambda", "logs", "s3", "scheduler", "sns", "sts")
"""Whose operations are permissions; API Gateway's are the methods of HTTP."""
NAMED_OTHERWISE = {
    # "Actions, resources, and condition keys" for S3 and for Lambda, Service Authorization Reference
    "GetBucketNotificationConfiguration": "GetBucketNotification",
    "PutBucketNotificationConfiguration": "PutBucketNotification",
    "Invoke": "InvokeFunction",
}


def called() -> set[str]:
    """Return the operations that the source names."""
    session = botocore.session.get_session()
    known = {name for service in SERVICES for name in session.get_service_model(service).operation_names}
    # Names that other services have, too.
    known -= set(session.get_service_model("apigatewayv2").operation_names)
    source = Path(chalice_deploy.__file__).parent
    texts = {
        node.value
        for path in [*source.glob("*.py"), *source.glob("kinds/*.py")]
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    return texts & known


def test_every_permission_that_a_deployment_needs_is_listed() -> None:
    table = README.split("## What it may do in your account")[1].split("##")[0]
    listed = set(re.findall(r"`(\w+)`", table))

    operations = called()

    assert {"CreateFunction", "PutRule", "UpdateUserPool", "CreateResource"} <= operations
    assert {NAMED_OTHERWISE.get(name, name) for name in operations} - listed == set()


def test_every_hook_that_is_implemented_is_listed() -> None:
    from chalice_deploy.hooks import AwsPlugin

    implemented = {name for name in vars(AwsPlugin) if name.startswith("chalice_")}
    listed = README.split("Implemented:")[1].split("Called:")[0]

    assert set(re.findall(r"`(chalice_\w+)`", listed)) == implemented
