"""What the configuration says shows in the AWS on this machine, changes nothing the second time, and goes."""

from __future__ import annotations

import http.client
import json
import re
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import websocket

from chalice_core.apphost import describe
from chalice_core.kinds import DEPLOYMENT, LAYER
from chalice_core.plugins import Plugins
from chalice_core.testing import write_project
from chalice_core.testing.examples import Application
from chalice_core.testing.local import LocalApplication, LocalServer

pytestmark = pytest.mark.slow

SOURCE = """
import os

from chalice import Chalice

app = Chalice(app_name="shop")


@app.route("/greeting")
def greeting():
    import acme_greeting

    return {
        "text": acme_greeting.TEXT,
        "seen": {name: os.environ.get(name) for name in ("TABLE", "WIDE")},
    }


@app.on_ws_message()
def message(event):
    print("heard", event.body)


@app.lambda_function()
def work(event, context):
    import acme_greeting

    return [acme_greeting.TEXT, os.environ.get("TABLE"), context.memory_limit_in_mb]
"""
CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/b1b2b3b4-1111-2222-3333-444455556666"
POLICY = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::home/${aws:username}"}
    ],
}
CONFIG: dict[str, Any] = {
    "version": "2.0",
    "app_name": "shop",
    "automatic_layer": True,
    "environment_variables": {"TABLE": "wide", "WIDE": "yes"},
    "tags": {"team": "blue"},
    "lambda_functions": {
        "work": {
            "lambda_memory_size": 256,
            "environment_variables": {"TABLE": "narrow"},
            "autogen_policy": False,
            "iam_policy_file": "work.json",
            "reserved_concurrency": 3,
            "log_retention_in_days": 7,
            "xray": True,
            # There are no networks here: it is kept, and the function reaches what it always does.
            "subnet_ids": ["subnet-0123456789abcdef0"],
            "security_group_ids": ["sg-0123456789abcdef0"],
        }
    },
    "stages": {
        "dev": {
            "api_gateway_stage": "v1",
            "api_gateway_endpoint_type": "REGIONAL",
            "minimum_compression_size": 0,
            "xray": False,
            "log_retention_in_days": 30,
            "api_gateway_custom_domain": {
                "domain_name": "api.example.com",
                "certificate_arn": CERTIFICATE,
                "url_prefix": "shop",
                "tags": {"team": "red"},
            },
            "websocket_api_custom_domain": {
                "domain_name": "ws.example.com",
                "certificate_arn": CERTIFICATE,
            },
        }
    },
}


@pytest.fixture(scope="module")
def local(plugins: Plugins, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalApplication]:
    """The application, deployed."""
    folder = tmp_path_factory.mktemp("configured")
    wheels = folder / "wheels"
    wheels.mkdir()
    _write_wheel(wheels)
    project = write_project(
        folder / "shop",
        source=SOURCE,
        config=CONFIG,
        files={
            "requirements.txt": f"--no-index\n--find-links {wheels.as_posix()}\nacme-greeting==1.0\n",
            ".chalice/work.json": json.dumps(POLICY),
        },
    )
    application = Application(
        folder=project, manifest=describe(project, Path(sys.executable)), plugins=plugins
    )
    server = LocalServer(tmp_path_factory.mktemp("server"), plugins)
    with server, LocalApplication(application, server) as local:
        local.before = local.inventory()
        assert local.deploy()
        yield local


def _write_wheel(folder: Path) -> None:
    info = "acme_greeting-1.0.dist-info"
    files = {
        "acme_greeting.py": "TEXT = 'hello from the layer'\n",
        f"{info}/METADATA": "Metadata-Version: 2.1\nName: acme-greeting\nVersion: 1.0\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    with zipfile.ZipFile(folder / "acme_greeting-1.0-py3-none-any.whl", "w") as wheel:
        for name, content in files.items():
            wheel.writestr(name, content)
        wheel.writestr(f"{info}/RECORD", "".join(f"{name},,\n" for name in (*files, f"{info}/RECORD")))


def _get(local: LocalApplication, path: str, host: str) -> tuple[int, Any]:
    connection = http.client.HTTPConnection(urlsplit(local.server.aws.endpoint_url).netloc, timeout=30)
    connection.request("GET", path, headers={"Host": host})
    answer = connection.getresponse()
    found = answer.status, json.loads(answer.read())
    connection.close()
    return found


def _function(local: LocalApplication, name: str) -> Any:
    return local.server.client("lambda").get_function(FunctionName=name)


def test_a_rest_api_answers_at_its_domain_name_with_what_is_in_the_layer(local: LocalApplication) -> None:
    status, body = _get(local, "/shop/greeting", "api.example.com")

    assert status == 200
    assert body["text"] == "hello from the layer"
    assert body["seen"] == {"TABLE": "wide", "WIDE": "yes"}
    assert _get(local, "/greeting", "api.example.com")[0] == 403


def test_the_dependency_is_in_the_layer_and_not_in_the_package(local: LocalApplication) -> None:
    built = local.build().artifacts
    names = {id: zipfile.ZipFile(built[id].path).namelist() for id in (DEPLOYMENT, LAYER)}

    assert "app.py" in names[DEPLOYMENT]
    assert not [name for name in names[DEPLOYMENT] if "greeting" in name]
    assert [name for name in names[LAYER] if name.endswith("/acme_greeting.py")]


def test_a_websocket_api_answers_at_its_domain_name(local: LocalApplication) -> None:
    netloc = urlsplit(local.server.aws.endpoint_url).netloc
    client = websocket.create_connection(f"ws://{netloc}/", host="ws.example.com", timeout=30)

    client.send("hello at ws.example.com")
    local.wait_for("websocket_message", re.compile("heard hello at ws.example.com"))

    client.close()


def test_a_function_has_what_is_configured_for_it(local: LocalApplication) -> None:
    answer = local.deployment.invoke("work", b"{}")
    work, handler = _function(local, "shop-dev-work"), _function(local, "shop-dev")

    assert json.loads(answer.payload) == ["hello from the layer", "narrow", "256"]
    configuration = work["Configuration"]
    assert configuration["MemorySize"] == 256
    assert configuration["Environment"]["Variables"] == {"TABLE": "narrow", "WIDE": "yes"}
    assert configuration["VpcConfig"]["SubnetIds"] == ["subnet-0123456789abcdef0"]
    assert configuration["Role"].endswith(":role/shop-dev-work")
    assert work["Tags"]["team"] == "blue"
    assert work["Tags"]["aws-chalice"].endswith(":stage=dev:app=shop")
    concurrency = local.server.client("lambda").get_function_concurrency(FunctionName="shop-dev-work")
    assert concurrency["ReservedConcurrentExecutions"] == 3
    assert handler["Configuration"]["MemorySize"] == 128
    assert [layer["Arn"] for layer in configuration["Layers"]] == [
        layer["Arn"] for layer in handler["Configuration"]["Layers"]
    ]


def test_a_written_policy_is_the_roles_as_it_is_written(local: LocalApplication) -> None:
    iam = local.server.client("iam")
    (name,) = iam.list_role_policies(RoleName="shop-dev-work")["PolicyNames"]

    assert iam.get_role_policy(RoleName="shop-dev-work", PolicyName=name)["PolicyDocument"] == POLICY


def test_log_groups_keep_events_for_as_long_as_is_said(local: LocalApplication) -> None:
    groups = local.server.client("logs").describe_log_groups()["logGroups"]

    assert {group["logGroupName"]: group["retentionInDays"] for group in groups} == {
        "/aws/lambda/shop-dev": 30,
        # A stage counts more than a function at the top level.
        "/aws/lambda/shop-dev-work": 30,
        "/aws/lambda/shop-dev-websocket_message": 30,
    }


def test_the_apis_have_the_stage_and_the_endpoint(local: LocalApplication) -> None:
    client = local.server.client("apigateway")
    (api,) = client.get_rest_apis()["items"]
    (stage,) = client.get_stages(restApiId=api["id"])["item"]

    assert stage["stageName"] == "v1"
    assert api["endpointConfiguration"]["types"] == ["REGIONAL"]
    assert api["minimumCompressionSize"] == 0
    (domain,) = [one for one in client.get_domain_names()["items"] if one["domainName"] == "api.example.com"]
    assert domain["regionalCertificateArn"] == CERTIFICATE
    assert domain["tags"]["team"] == "red"


def test_deploying_again_changes_nothing(local: LocalApplication) -> None:
    assert local.deploy() == []


def test_deletion_leaves_nothing(local: LocalApplication) -> None:
    local.delete()

    assert local.inventory() == local.before
    assert local.server.client("apigateway").get_domain_names()["items"] == []
    assert local.server.client("apigatewayv2").get_domain_names()["Items"] == []
