"""A plugin that its author wrote without us works in every target, and ships the half that Lambda needs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

pytestmark = pytest.mark.slow

PLUGIN = Path(__file__).parents[2] / "examples" / "acme-cognito"


@pytest.fixture(scope="module")
def tools_with_plugin(make_environment: Any, build_wheel: Any, tmp_path_factory: Any) -> Any:
    wheel = build_wheel(PLUGIN, tmp_path_factory.mktemp("stranger"))
    return make_environment(more=[wheel])


@pytest.fixture
def members(tools_with_plugin: Any, tmp_path: Path) -> Iterator[Path]:
    """A project of the plugin's template."""
    made = tools_with_plugin.chalice("new-project", "-t", "cognito", "members", cwd=tmp_path)
    assert made.status == 0, made.all
    folder = tmp_path / "members"
    config = folder / ".chalice" / "config.json"
    config.write_text(json.dumps({**json.loads(config.read_text()), "pool_prefix": "acme-"}))
    yield folder
    if (folder / ".chalice" / "local").is_dir():
        tools_with_plugin.chalice("localaws", "stop", cwd=folder)


def test_its_own_tests_pass_with_what_core_ships_for_them() -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    environment["PYTHONPATH"] = str(PLUGIN / "src")

    ended = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/test_plugin.py"],
        cwd=PLUGIN,
        env=environment,
        capture_output=True,
        text=True,
    )

    assert ended.returncode == 0, ended.stdout + ended.stderr


def test_its_events_and_its_kind_live_from_the_first_deployment_to_the_deletion(
    tools_with_plugin: Any, members: Path
) -> None:
    def chalice(*arguments: str, given: str = "") -> Any:
        outcome = tools_with_plugin.chalice(*arguments, cwd=members, given=given)
        assert outcome.status == 0, outcome.all
        assert "Warning" not in outcome.stderr
        return outcome

    deployed = chalice("deploy", "--local")
    assert "create UserPool acme-members" in deployed.stderr + deployed.stdout
    assert "People can sign up to acme-members now." in deployed.stderr
    assert "User pool: us-east-1_" in deployed.stdout

    assert "No changes" in chalice("plan", "--local").all

    sign_up = chalice("cognito", "bob@acme.example").stdout
    answer = chalice("invoke", "--local", "-n", "check", given=sign_up)
    assert json.loads(answer.stdout) == json.loads(sign_up)

    app = members / "app.py"
    app.write_text(app.read_text().replace('pool="members"', 'pool="members", self_service=False'))
    changed = tools_with_plugin.chalice("plan", "--local", cwd=members)
    assert changed.status == 2, changed.all
    assert "AllowAdminCreateUserOnly: false -> true" in changed.stdout
    chalice("deploy", "--local")

    chalice("delete", "--local")
    assert "UserPool" in tools_with_plugin.chalice("plan", "--local", cwd=members).stdout


def test_its_kind_is_in_the_template_and_its_runtime_half_in_the_package(
    tools_with_plugin: Any, members: Path
) -> None:
    outcome = tools_with_plugin.chalice("package", "out", cwd=members)
    assert outcome.status == 0, outcome.all

    resources = json.loads((members / "out" / "sam.json").read_text())["Resources"]
    assert resources["CheckUserPool"]["Properties"]["LambdaConfig"] == {
        "PreSignUp": {"Fn::GetAtt": ["Check", "Arn"]}
    }
    assert resources["CheckUserPoolPermission"]["Properties"]["SourceArn"] == {
        "Fn::GetAtt": ["CheckUserPool", "Arn"]
    }
    with ZipFile(members / "out" / "deployment.zip") as package:
        names = {name for name in package.namelist() if name.startswith("acme_cognito/")}
        frozen = package.read("_chalice_extensions.py").decode()
    assert {name for name in names if "__pycache__" not in name} == {
        "acme_cognito/__init__.py",
        "acme_cognito/events.py",
        "acme_cognito/pools.json",
    }
    assert "'on_cognito_signup': 'acme_cognito.events:on_cognito_signup'" in frozen


def test_a_mistake_that_it_finds_stops_the_deployment(tools_with_plugin: Any, members: Path) -> None:
    app = members / "app.py"
    app.write_text(app.read_text().replace("members", "m" * 101))

    outcome = tools_with_plugin.chalice("deploy", "--local", cwd=members)

    assert outcome.status == 1
    assert "the pool's name of 'check' has more than 100 characters." in outcome.stderr


def test_without_it_what_it_brings_is_refused_by_name(tools_with_plugin: Any, members: Path) -> None:
    outcome = tools_with_plugin.chalice("-p", "no:cognito", "package", "out", cwd=members)
    assert outcome.status == 1
    assert "pool_prefix" in outcome.stderr
    assert "'cognito' (acme-cognito 0.3.0) is blocked" in outcome.stderr

    config = members / ".chalice" / "config.json"
    config.write_text(json.dumps({"version": "2.0", "app_name": "members"}))
    outcome = tools_with_plugin.chalice("-p", "no:cognito", "package", "out", cwd=members)
    assert outcome.status == 1
    assert "@app.on_cognito_signup" in outcome.stderr
    assert "'cognito' (acme-cognito 0.3.0) is blocked" in outcome.stderr
    assert not (members / "out").exists()
