"""The project template ``cdk-ddb``: an application that keeps its users in a table, in a CDK app.

``infrastructure/`` is the CDK app with the table, ``runtime/`` the Chalice application.
"""

from __future__ import annotations

from chalice_core.template import ProjectTemplate

_IGNORED = """\
__pycache__/
.venv/
cdk.out/
chalice.out/
.chalice/deployments/
.chalice/venv/
.chalice/local/
"""

_README = """\
# {{app_name}}

`runtime/` is a Chalice application, `infrastructure/` the CDK app that deploys it with its table.

```sh
pip install -r requirements.txt
cd infrastructure
cdk deploy
```

`cdk` comes with `npm install -g aws-cdk`. The application alone, with its tests: `cd runtime`, `pytest`.
"""

_CONFIG = """\
{
  "version": "2.0",
  "app_name": "{{app_name}}",
  "stages": {
    "dev": {
      "api_gateway_stage": "api"
    }
  }
}
"""

_CDK_APP = """\
#!/usr/bin/env python3
import aws_cdk as cdk

from stacks.chaliceapp import ChaliceApp

app = cdk.App()
ChaliceApp(app, "{{app_name}}")
app.synth()
"""

_CDK_STACK = '''\
"""The stack: a table, and the application that uses it."""

from pathlib import Path

import aws_cdk as cdk
from aws_cdk import aws_dynamodb as dynamodb
from chalice_cdk import Chalice

RUNTIME = Path(__file__).resolve().parents[2] / "runtime"


class ChaliceApp(cdk.Stack):
    def __init__(self, scope, id, **options):
        super().__init__(scope, id, **options)
        table = dynamodb.Table(
            self,
            "AppTable",
            partition_key=dynamodb.Attribute(name="PK", type=dynamodb.AttributeType.STRING),
            sort_key=dynamodb.Attribute(name="SK", type=dynamodb.AttributeType.STRING),
            billing_mode=dynamodb.BillingMode.PAY_PER_REQUEST,
            removal_policy=cdk.RemovalPolicy.DESTROY,
        )
        self.chalice = Chalice(
            self,
            "ChaliceApp",
            source_dir=str(RUNTIME),
            stage_config={"environment_variables": {"APP_TABLE_NAME": table.table_name}},
        )
        table.grant_read_write_data(self.chalice.get_role("DefaultRole"))
        cdk.CfnOutput(self, "AppTableName", value=table.table_name)
'''

_RUNTIME_APP = """\
import os

import boto3
from chalice import Chalice, NotFoundError

app = Chalice(app_name="{{app_name}}")


def table():
    return boto3.resource("dynamodb").Table(os.environ["APP_TABLE_NAME"])


@app.route("/users", methods=["POST"])
def create_user():
    user = app.current_request.json_body
    key = {"PK": f"User#{user['username']}", "SK": f"Profile#{user['username']}"}
    table().put_item(Item={**user, **key})
    return {}


@app.route("/users/{username}")
def get_user(username):
    found = table().get_item(Key={"PK": f"User#{username}", "SK": f"Profile#{username}"}).get("Item")
    if found is None:
        raise NotFoundError(f"there is no user {username}")
    del found["PK"], found["SK"]
    return found
"""

_RUNTIME_TESTS = """\
import app as application
import pytest
from chalice.test import Client


class Table:
    def __init__(self):
        self.items = {}

    def put_item(self, Item):
        self.items[Item["PK"], Item["SK"]] = dict(Item)

    def get_item(self, Key):
        found = self.items.get((Key["PK"], Key["SK"]))
        return {} if found is None else {"Item": dict(found)}


@pytest.fixture
def client(monkeypatch):
    table = Table()
    monkeypatch.setattr(application, "table", lambda: table)
    with Client(application.app) as client:
        yield client


def test_a_user_that_was_created_is_found(client):
    created = client.http.post(
        "/users", headers={"Content-Type": "application/json"}, body=b'{"username": "ada", "born": "1815"}'
    )

    assert created.status_code == 200
    assert client.http.get("/users/ada").json_body == {"username": "ada", "born": "1815"}


def test_a_user_that_was_not_is_not_found(client):
    assert client.http.get("/users/nobody").status_code == 404
"""

TEMPLATE = ProjectTemplate(
    name="cdk-ddb",
    summary="A REST API with a DynamoDB table, deployed by the AWS CDK",
    files={
        ".gitignore": _IGNORED,
        "README.md": _README,
        "requirements.txt": "-r infrastructure/requirements.txt\n-r runtime/requirements-dev.txt\n",
        "infrastructure/app.py": _CDK_APP,
        "infrastructure/cdk.json": '{\n  "app": "python app.py"\n}\n',
        "infrastructure/requirements.txt": "chalice-cdk[cdk]\n",
        "infrastructure/stacks/__init__.py": "",
        "infrastructure/stacks/chaliceapp.py": _CDK_STACK,
        "runtime/.chalice/config.json": _CONFIG,
        "runtime/app.py": _RUNTIME_APP,
        "runtime/requirements.txt": "boto3\nchalice-runtime\n",
        "runtime/requirements-dev.txt": "-r requirements.txt\npytest\n",
        "runtime/pytest.ini": "[pytest]\npythonpath = .\n",
        "runtime/tests/test_app.py": _RUNTIME_TESTS,
    },
)
