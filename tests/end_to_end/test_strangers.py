"""Event sources that their authors wrote without us, installed as wheels beside ours."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from chalice_sam.testing import problems_of as problems_of_template
from chalice_terraform.testing import PROVIDERS, SchemaUnavailableError, provider_schema
from chalice_terraform.testing import problems_of as problems_of_configuration

pytestmark = pytest.mark.slow

EXAMPLES = Path(__file__).parents[2] / "examples"
# What their tests ask, besides the tools: their groups `test` say so.
TESTING = ("pytest>=8", "aws-sam-translator>=1.100", "cfn-lint>=1.20")

APP = """
from chalice import Chalice

app = Chalice(app_name="strangers")


@app.on_iot_message("devices/+/state")
def switched(message):
    print(message.topic)


@app.on_parcels_event(detail_type="Created")
def created(event):
    print(event.detail)


@app.on_cognito_signup(pool="members")
def check(event):
    return event.to_dict()


@app.on_sqs_message(queue="orders")
def work(event):
    print(event)
"""


@pytest.fixture(scope="module")
def projects(tools: Any, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    """The projects: two of the examples, and the one that ``chalice new-plugin`` writes."""
    folder = tmp_path_factory.mktemp("strangers")
    for name in ("acme-iot", "acme-cognito"):
        ignored = shutil.ignore_patterns("__pycache__", "build", "dist")
        shutil.copytree(EXAMPLES / name, folder / name, ignore=ignored)
    made = tools.chalice("new-plugin", "acme-parcels", cwd=folder)
    assert made.status == 0, made.all
    return {project.name: project for project in folder.iterdir()}


@pytest.fixture(scope="module")
def environment(
    projects: Mapping[str, Path], make_environment: Any, build_wheel: Any, tmp_path_factory: Any
) -> Any:
    """All of ours, and all of theirs."""
    theirs = [build_wheel(project, tmp_path_factory.mktemp(name)) for name, project in projects.items()]
    return make_environment(more=[*theirs, *TESTING])


def test_their_own_tests_pass(environment: Any, projects: Mapping[str, Path], tmp_path: Path) -> None:
    # Without the sources beside them, so that the wheels are what is tested.
    for name, project in projects.items():
        shutil.copytree(project / "tests", tmp_path / name)
    # One run, for the AWS on this machine that the suites share starts slowly.
    options = ("-q", "-p", "no:cacheprovider", "--import-mode=importlib")

    ended = environment.run("python", "-m", "pytest", *options, *sorted(projects), cwd=tmp_path)

    assert ended.status == 0, ended.all
    assert "skipped" not in ended.stdout
    assert "passed" in ended.stdout


def test_all_of_them_work_in_one_application_in_every_format(
    environment: Any, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    (tmp_path / ".chalice").mkdir()
    config = {"version": "2.0", "app_name": "strangers", "stages": {"dev": {}}}
    (tmp_path / ".chalice" / "config.json").write_text(json.dumps(config), encoding="utf-8")
    (tmp_path / "app.py").write_text(APP, encoding="utf-8")

    for form in ("cloudformation", "terraform", "cdk"):
        outcome = environment.chalice("package", "--pkg-format", form, f"out-{form}", cwd=tmp_path)
        assert outcome.status == 0, outcome.all

    template = json.loads((tmp_path / "out-cloudformation" / "sam.json").read_text(encoding="utf-8"))
    types = {resource["Type"] for resource in template["Resources"].values()}
    assert {"AWS::IoT::TopicRule", "AWS::Cognito::UserPool"} <= types
    assert template["Resources"]["Created"]["Properties"]["Events"]
    assert problems_of_template(template) == []
    written = json.loads((tmp_path / "out-terraform" / "chalice.tf.json").read_text(encoding="utf-8"))
    assert {"awscc_iot_topic_rule", "aws_cognito_user_pool", "aws_cloudwatch_event_rule"} <= set(
        written["resource"]
    )
    assert request.config.cache is not None
    for provider in PROVIDERS:
        try:
            schema = provider_schema(provider, Path(request.config.cache.mkdir("terraform-schemas")))
        except SchemaUnavailableError as error:
            pytest.skip(str(error))
        assert list(problems_of_configuration(written, schema)) == []
