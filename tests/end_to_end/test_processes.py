"""The tools and the application are processes apart, and may be of different Pythons."""

from __future__ import annotations

import json
import urllib.request
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.slow

TELLTALE = """
import json, sys

with open({file!r}, "a") as telltale:
    tooling = [name for name in ("click", "boto3", "pluggy", "chalice_core") if name in sys.modules]
    json.dump({{"program": sys.argv[0], "tooling": tooling}}, telltale)
    telltale.write("\\n")
"""

APP = """
import platform

from chalice import Chalice

app = Chalice(app_name="hello")


@app.route("/")
def index():
    return {"python": platform.python_version()}


@app.lambda_function()
def add(event, context):
    return event["a"] + event["b"]
"""


def get(url: str) -> Any:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(url, timeout=60) as response:
        return json.loads(response.read())


def test_no_command_imports_the_application_into_its_own_process(
    tools: Any, project: Path, tmp_path: Path
) -> None:
    telltale = tmp_path / "telltale"
    (project / "app.py").write_text(TELLTALE.format(file=str(telltale)) + APP)

    for arguments in (
        ["deploy", "--local"],
        ["plan", "--local"],
        ["package", "out"],
        ["url", "--local"],
        ["logs", "--local"],
        ["invoke", "--local", "-n", "add"],
        ["delete", "--local"],
    ):
        outcome = tools.chalice(*arguments, cwd=project, given='{"a": 1, "b": 2}')
        assert outcome.status == 0, outcome.all

    imports = [json.loads(line) for line in telltale.read_text().splitlines()]
    assert len(imports) >= 3
    for found in imports:
        assert found["tooling"] == []
        assert Path(found["program"]).stem != "chalice"


@pytest.mark.parametrize("command", ["url", "logs", "delete", "plugins"])
def test_commands_that_do_not_need_the_application_do_not_even_start_it(
    tools: Any, project: Path, tmp_path: Path, command: str
) -> None:
    telltale = tmp_path / "telltale"
    (project / "app.py").write_text(TELLTALE.format(file=str(telltale)) + APP)

    tools.chalice(command, cwd=project)

    assert not telltale.exists()


def test_tools_of_one_python_deploy_an_application_of_another(
    tools: Any, make_environment: Any, other_python: str, project: Path
) -> None:
    (project / "app.py").write_text(APP)
    apps = make_environment(only=["chalice-runtime"], python=other_python, folder=project / ".venv")
    versions = [
        environment.run(
            "python", "-c", "import platform; print(platform.python_version())", cwd=project
        ).stdout.strip()
        for environment in (tools, apps)
    ]
    assert versions[0] != versions[1]

    deployed = tools.chalice("deploy", "--local", cwd=project)
    url = tools.chalice("url", "--local", cwd=project).stdout.strip()

    assert deployed.status == 0, deployed.all
    assert get(url) == {"python": versions[1]}


def test_tools_find_an_application_that_their_own_environment_knows_nothing_of(
    tools: Any, make_environment: Any, project: Path
) -> None:
    # The application's environment has the runtime halves and no tool; `--python` names it.
    apps = make_environment(only=["chalice-runtime", "chalice-sqs"])
    (project / "app.py").write_text(APP + "\n\n@app.on_sqs_message(queue='orders')\ndef work(event): ...\n")

    outcome = tools.chalice("--python", str(apps.python), "package", "out", cwd=project)

    assert outcome.status == 0, outcome.all
    assert "orders" in (project / "out" / "sam.json").read_text()
