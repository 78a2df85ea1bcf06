"""`chalice gen-policy` shows what the source needs."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

SOURCE = """
import os
import boto3
from chalice import Chalice

app = Chalice(app_name="hello")
raise SystemExit("the application is not run")


@app.route("/")
def index():
    boto3.resource("dynamodb").Table(os.environ["TABLE"]).scan()
    boto3.client("s3").list_buckets()


@app.lambda_function()
def work(event, context):
    boto3.resource("dynamodb").Table(os.environ["TABLE"]).put_item(Item={})
"""

Chalice = Callable[..., Any]


@pytest.fixture
def source(project: Path) -> Path:
    """Have a project that calls AWS, and a configuration with variables."""
    (project / "app.py").write_text(SOURCE)
    config = {
        "version": "2.0",
        "app_name": "hello",
        "environment_variables": {"TABLE": "orders"},
        "stages": {
            "dev": {"lambda_functions": {"work": {"environment_variables": {"TABLE": "jobs"}}}},
            "prod": {"environment_variables": {"TABLE": "prod-orders"}},
        },
    }
    (project / ".chalice" / "config.json").write_text(json.dumps(config))
    return project


@pytest.mark.usefixtures("source")
def test_the_policy_is_all_that_is_on_standard_output(chalice: Chalice) -> None:
    outcome = chalice("gen-policy")

    assert (outcome.status, outcome.stderr) == (0, "")
    assert json.loads(outcome.stdout) == {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Action": ["dynamodb:PutItem"],
                "Resource": ["arn:*:dynamodb:*:*:table/jobs"],
            },
            {
                "Effect": "Allow",
                "Action": ["dynamodb:Scan"],
                "Resource": ["arn:*:dynamodb:*:*:table/orders"],
            },
            {"Effect": "Allow", "Action": ["s3:ListAllMyBuckets"], "Resource": ["*"]},
        ],
    }
    assert outcome.stdout.startswith('{\n  "Version"')


@pytest.mark.usefixtures("source")
def test_another_stage_has_other_variables(chalice: Chalice) -> None:
    outcome = chalice("gen-policy", "--stage", "prod")

    assert "table/prod-orders" in outcome.stdout


@pytest.mark.usefixtures("source")
def test_every_action_is_explained(chalice: Chalice) -> None:
    outcome = chalice("gen-policy", "--explain")

    assert outcome.stdout.splitlines() == [
        "dynamodb:PutItem on arn:*:dynamodb:*:*:table/jobs",
        "    app.py:18  dynamodb put_item",
        "dynamodb:Scan on arn:*:dynamodb:*:*:table/orders",
        "    app.py:12  dynamodb scan",
        "s3:ListAllMyBuckets on *: AWS knows no resource of this action",
        "    app.py:13  s3 list_buckets",
    ]


@pytest.mark.usefixtures("source")
def test_the_explanation_can_be_read_by_programs(chalice: Chalice) -> None:
    outcome = chalice("gen-policy", "--explain", "--output", "json")

    document = json.loads(outcome.stdout)
    assert document["version"] == 1
    assert [finding["line"] for finding in document["findings"]] == [18, 12, 13]


def test_another_file_is_read_without_any_configuration(
    chalice: Chalice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "other.py").write_text("import boto3\nboto3.client('sqs').list_queues()\n")
    monkeypatch.chdir(tmp_path)

    outcome = chalice("gen-policy", "--filename", "other.py")

    assert outcome.status == 0
    assert "sqs:ListQueues" in outcome.stdout


@pytest.mark.usefixtures("project")
def test_a_file_that_is_not_there_is_an_error(chalice: Chalice) -> None:
    outcome = chalice("gen-policy", "--filename", "nowhere.py")

    assert outcome.status == 1
    assert "There is no file" in outcome.stderr
    assert outcome.stdout == ""


def test_a_mistake_in_the_source_is_named_with_its_line(chalice: Chalice, project: Path) -> None:
    (project / "app.py").write_text("import boto3\n\ndef broken(:\n    pass\n")

    outcome = chalice("gen-policy")

    assert outcome.status == 1
    assert "app.py, line 3 cannot be parsed" in outcome.stderr
    assert "Traceback" not in outcome.stderr


@pytest.mark.usefixtures("project")
def test_a_program_that_calls_nothing_has_a_policy_without_statements(chalice: Chalice) -> None:
    outcome = chalice("gen-policy")

    assert json.loads(outcome.stdout) == {
        "Version": "2012-10-17",
        "Statement": [],
    }
