"""A distribution that is taken away takes its feature with it, and nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.slow

WITH_A_QUEUE = """
from chalice import Chalice

app = Chalice(app_name="hello")


@app.on_sqs_message(queue="orders")
def work(event):
    print(event)
"""


@pytest.fixture(scope="module")
def without_sqs(make_environment: Any) -> Any:
    return make_environment(without=["chalice-sqs"])


@pytest.fixture(scope="module")
def without_sam(make_environment: Any) -> Any:
    return make_environment(without=["chalice-sam"])


@pytest.fixture(scope="module")
def without_localaws(make_environment: Any) -> Any:
    return make_environment(without=["chalice-localaws", "chalice-local"])


def test_without_the_queue_plugin_its_decorator_says_what_to_install(without_sqs: Any, project: Path) -> None:
    (project / "app.py").write_text(WITH_A_QUEUE)

    outcome = without_sqs.chalice("package", "out", cwd=project)

    assert outcome.status == 1
    assert "chalice-sqs" in outcome.stderr
    assert "on_sqs_message" in outcome.stderr
    assert not (project / "out").exists()


def test_without_the_queue_plugin_in_the_tools_alone_its_events_say_what_to_install(
    without_sqs: Any, make_environment: Any, project: Path
) -> None:
    apps = make_environment(only=["chalice-runtime", "chalice-sqs"])
    (project / "app.py").write_text(WITH_A_QUEUE)

    outcome = without_sqs.chalice("--python", str(apps.python), "package", "out", cwd=project)

    assert outcome.status == 1
    assert "chalice-sqs" in outcome.stderr
    assert not (project / "out").exists()


def test_without_the_queue_plugin_everything_else_works(without_sqs: Any, project: Path) -> None:
    for arguments in (["package", "out"], ["deploy", "--local"], ["url", "--local"], ["delete", "--local"]):
        outcome = without_sqs.chalice(*arguments, cwd=project)
        assert outcome.status == 0, outcome.all
        assert "Warning" not in outcome.stderr


def test_without_the_sam_plugin_packaging_says_what_to_install(without_sam: Any, project: Path) -> None:
    outcome = without_sam.chalice("package", "out", cwd=project)

    assert outcome.status == 1
    assert "Install the distribution chalice-sam" in outcome.stderr
    assert not (project / "out").exists()


def test_without_the_sam_plugin_everything_else_works(without_sam: Any, project: Path) -> None:
    (project / "app.py").write_text(
        (project / "app.py").read_text() + "\n\n@app.lambda_function()\ndef f(e, c): ...\n"
    )

    for arguments in (["deploy", "--local"], ["invoke", "-n", "f", "--local"], ["delete", "--local"]):
        outcome = without_sam.chalice(*arguments, cwd=project)
        assert outcome.status == 0, outcome.all
        assert "Warning" not in outcome.stderr


def test_without_the_embedded_aws_local_says_what_to_install(without_localaws: Any, project: Path) -> None:
    outcome = without_localaws.chalice("deploy", "--local", cwd=project)

    assert outcome.status == 1
    assert "Install the distribution chalice-localaws" in outcome.stderr


def test_without_the_embedded_aws_everything_else_works(without_localaws: Any, project: Path) -> None:
    (project / "app.py").write_text(WITH_A_QUEUE)

    outcome = without_localaws.chalice("package", "out", cwd=project)

    assert outcome.status == 0, outcome.all
    assert "localaws" not in without_localaws.chalice("--help", cwd=project).stdout


def test_without_the_data_plane_local_says_what_to_install_and_the_rest_works(
    make_environment: Any, project: Path
) -> None:
    without_local = make_environment(without=["chalice-local"])

    outcome = without_local.chalice("deploy", "--local", cwd=project)

    assert outcome.status == 1
    assert "Install the distribution chalice-local beside" in outcome.stderr
    assert "Traceback" not in outcome.stderr
    assert without_local.chalice("localaws", "stop", cwd=project).status == 0
    assert without_local.chalice("package", "out", cwd=project).status == 0


def test_the_runtime_works_in_an_environment_with_nothing_else(make_environment: Any, tmp_path: Path) -> None:
    alone = make_environment(only=["chalice-runtime"])
    code = (
        "import sys; from chalice import Chalice; from chalice.test import Client\n"
        "app = Chalice('alone')\n"
        "@app.route('/')\n"
        "def index(): return {'hello': 'world'}\n"
        "print(Client(app).http.get('/').json_body)\n"
    )

    outcome = alone.run("python", "-I", "-c", code, cwd=tmp_path)

    assert outcome.stdout == "{'hello': 'world'}\n", outcome.stderr
