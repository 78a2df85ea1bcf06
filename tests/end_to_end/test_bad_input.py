"""Bad input gets a clear error, an exit status, and changes nothing."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

DEPLOYS = [["deploy", "--local"], ["plan", "--local"], ["package", "out"]]
HELLO = "from chalice import Chalice\n\napp = Chalice(app_name='hello')\n"
VIEW = "\n\n@app.route('/')\ndef index():\n    return {}\n"

Refused = Callable[..., str]


def everything_in(folder: Path) -> dict[str, bytes | None]:
    """Return what is in a folder, apart from caches and from the files of the AWS on this machine."""
    found: dict[str, bytes | None] = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if "__pycache__" not in name and not name.startswith((".chalice/deployments", ".chalice/local")):
            found[name] = path.read_bytes() if path.is_file() else None
    return found


@pytest.fixture
def refused(tools: Any) -> Refused:
    """Run a command that has to fail as good commands fail, and return what it said."""

    def run(*arguments: str, cwd: Path, status: int = 1, variables: dict[str, str] | None = None) -> str:
        before = everything_in(cwd)

        outcome = tools.chalice(*arguments, cwd=cwd, variables=variables)

        assert outcome.status == status, outcome.all
        assert outcome.stdout == ""
        assert "Error" in outcome.stderr
        assert "This is a fault of chalice" not in outcome.stderr
        assert "chalice_cli" not in outcome.stderr
        assert everything_in(cwd) == before
        return str(outcome.stderr)

    return run


@pytest.fixture
def config(project: Path) -> Callable[[object], None]:
    def write(document: object) -> None:
        text = document if isinstance(document, str) else json.dumps(document)
        (project / ".chalice" / "config.json").write_text(text)

    return write


@pytest.mark.parametrize("command", DEPLOYS)
def test_no_project(refused: Refused, tmp_path: Path, command: list[str]) -> None:
    assert "config.json" in refused(*command, cwd=tmp_path)


@pytest.mark.parametrize("command", [*DEPLOYS, ["delete"], ["url"]])
def test_an_unknown_stage(refused: Refused, project: Path, command: list[str]) -> None:
    said = refused(*command, "--stage", "nonsense", cwd=project)

    assert "'nonsense'" in said
    assert "'dev'" in said


@pytest.mark.parametrize("command", [*DEPLOYS, ["delete"]])
def test_configuration_that_is_not_json(
    refused: Refused, project: Path, config: Callable[[object], None], command: list[str]
) -> None:
    config('{"app_name": "hello",\n "stages": }')

    said = refused(*command, cwd=project)

    assert "config.json" in said
    assert "line 2" in said


@pytest.mark.parametrize("command", DEPLOYS)
def test_all_wrong_types_and_names_of_a_configuration_at_once(
    refused: Refused, project: Path, config: Callable[[object], None], command: list[str]
) -> None:
    config(
        {
            "version": "2.0",
            "app_name": "hello",
            "lambda_timeout": "ten",
            "lambda_memroy_size": 256,
            "stages": {"dev": {"environment_variables": ["A"]}},
        }
    )

    said = refused(*command, cwd=project)

    assert "lambda_timeout" in said
    assert "lambda_memory_size" in said
    assert "environment_variables" in said


@pytest.mark.parametrize("name", ["a b", "", 7, "x" * 80, "ünï"])
def test_an_invalid_name_of_the_application(
    refused: Refused, project: Path, config: Callable[[object], None], name: object
) -> None:
    config({"version": "2.0", "app_name": name, "stages": {"dev": {}}})

    assert "app_name" in refused("deploy", "--local", cwd=project)


BAD_APPS = {
    "an application without app": ("import chalice\n", ["app"]),
    "an app that is something else": ("app = 7\n", ["app"]),
    "a syntax error": (HELLO + "def (:\n", ["app.py", "4"]),
    "an exception at import": (HELLO + "1 / 0\n", ["ZeroDivisionError", "app.py"]),
    "a call of sys.exit": (HELLO + "raise SystemExit(3)\n", ["exit", "3"]),
    "a duplicate route": (HELLO + VIEW + VIEW.replace("index", "other"), ["/"]),
    "a path without a slash": (HELLO + VIEW.replace("'/'", "'users'"), ["users"]),
    "a path with half a parameter": (HELLO + VIEW.replace("'/'", "'/{name'"), ["{name"]),
    "an unknown method": (HELLO + VIEW.replace("'/'", "'/', methods=['FETCH']"), ["FETCH"]),
    "a decorator that does not exist": (HELLO + "\n@app.on_fire()\ndef f(event): ...\n", ["on_fire"]),
}


@pytest.mark.parametrize("command", DEPLOYS[1:])
@pytest.mark.parametrize("situation", BAD_APPS)
def test_an_application_that_cannot_work(
    refused: Refused, project: Path, command: list[str], situation: str
) -> None:
    source, words = BAD_APPS[situation]
    (project / "app.py").write_text(source)

    said = refused(*command, cwd=project)

    for word in words:
        assert word in said


def test_no_app_py(refused: Refused, project: Path) -> None:
    (project / "app.py").unlink()

    assert "app.py" in refused("deploy", "--local", cwd=project)


def test_a_port_that_is_in_use(refused: Refused, project: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])

        said = refused("localaws", "start", "--port", port, cwd=project)

    assert port in said


@pytest.mark.parametrize("name", ["deployments", "local"])
def test_a_folder_that_cannot_be_written(refused: Refused, project: Path, name: str) -> None:
    # Permissions do not stop an administrator; a file where a folder has to be stops everybody.
    (project / ".chalice" / name).write_text("in the way")

    said = refused("deploy", "--local", cwd=project)

    assert name in said
    assert (project / ".chalice" / name).read_text() == "in the way"


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="permissions do not stop an administrator")
def test_a_folder_without_permission_to_write(refused: Refused, project: Path) -> None:
    (project / ".chalice").chmod(0o500)

    try:
        said = refused("deploy", "--local", cwd=project)
    finally:
        (project / ".chalice").chmod(0o700)

    assert "ermission" in said


def test_output_that_cannot_be_written(refused: Refused, project: Path) -> None:
    (project / "out").write_text("in the way")

    assert "out" in refused("package", "out", cwd=project)


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="a folder that nobody can write is asked for")
def test_a_new_project_where_nobody_can_write(tools: Any) -> None:
    outcome = tools.chalice("--project-dir", "/proc", "new-project", "hello", cwd=Path("/"))

    assert outcome.status == 1
    assert "Cannot write /proc/hello" in outcome.stderr


@pytest.mark.parametrize("command", ["deploy", "plan"])
def test_no_region(refused: Refused, project: Path, command: str) -> None:
    # The status of a missing region is that of wrong usage, and scripts look at it.
    status = 1 if command == "plan" else 2
    variables = {"AWS_ACCESS_KEY_ID": "nobody", "AWS_SECRET_ACCESS_KEY": "nothing"}

    said = refused(command, cwd=project, status=status, variables=variables)

    assert "region" in said
    assert "--region" in said or "AWS_DEFAULT_REGION" in said


@pytest.mark.parametrize("command", DEPLOYS)
def test_a_requirement_that_does_not_exist(refused: Refused, project: Path, command: list[str]) -> None:
    requirements = project / "requirements.txt"
    requirements.write_text("chalice-runtime\nno-such-distribution==1.0\n")

    # Without an index no distribution exists, and no index has to be asked.
    said = refused(*command, cwd=project, variables={"PIP_NO_INDEX": "1", "UV_NO_INDEX": "1"})

    assert "no-such-distribution" in said


def test_a_requirement_that_is_none(refused: Refused, project: Path) -> None:
    (project / "requirements.txt").write_text("this is not = a requirement\n")

    assert "requirements.txt" in refused("package", "out", cwd=project)


@pytest.mark.parametrize("python", ["no-such-python", "/no/such/python"])
def test_an_interpreter_that_is_not_there(refused: Refused, project: Path, python: str) -> None:
    assert python in refused("--python", python, "package", "out", cwd=project)


def test_an_interpreter_without_the_runtime(refused: Refused, make_environment: Any, project: Path) -> None:
    empty = make_environment(only=["chalice-core"])

    said = refused("--python", str(empty.python), "package", "out", cwd=project)

    assert "chalice-runtime" in said


def test_a_new_project_over_an_existing_folder(refused: Refused, tmp_path: Path) -> None:
    (tmp_path / "hello").mkdir()

    assert "already exists" in refused("new-project", "hello", cwd=tmp_path)
