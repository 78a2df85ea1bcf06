"""A new project works at once and overwrites nothing."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from chalice_cli._templates import BUILT_IN

Chalice = Callable[..., Any]


@pytest.fixture(autouse=True)
def in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def tree(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def test_a_project_has_code_requirements_configuration_and_knows_what_not_to_commit(
    chalice: Chalice, tmp_path: Path
) -> None:
    outcome = chalice("new-project", "hello")

    assert outcome.status == 0
    assert outcome.stdout == "Your project has been generated in ./hello\n"
    assert tree(tmp_path / "hello") == [
        ".chalice",
        ".chalice/config.json",
        ".gitignore",
        "app.py",
        "requirements.txt",
    ]
    config = json.loads((tmp_path / "hello" / ".chalice" / "config.json").read_text())
    assert config == {"version": "2.0", "app_name": "hello", "stages": {"dev": {"api_gateway_stage": "api"}}}
    assert (tmp_path / "hello" / "requirements.txt").read_text() == "chalice-runtime\n"
    ignored = (tmp_path / "hello" / ".gitignore").read_text().splitlines()
    assert {".chalice/deployments/", ".chalice/venv/", ".chalice/local/"} <= set(ignored)


def test_the_project_says_hello_to_the_world(chalice: Chalice, tmp_path: Path) -> None:
    chalice("new-project", "hello")

    code = "from app import app; from chalice.test import Client; print(Client(app).http.get('/').json_body)"
    answer = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path / "hello", capture_output=True, text=True, check=True
    )

    assert answer.stdout == "{'hello': 'world'}\n"


@pytest.mark.parametrize("template", [template for template in BUILT_IN if "pytest.ini" in template.files])
def test_the_tests_that_a_template_brings_pass(chalice: Chalice, tmp_path: Path, template: Any) -> None:
    chalice("new-project", "-t", template.name, "tested")

    environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTEST")}
    ended = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"],
        cwd=tmp_path / "tested",
        env=environment,
        capture_output=True,
        text=True,
    )

    assert ended.returncode == 0, ended.stdout + ended.stderr


def test_a_folder_that_exists_is_left_alone(chalice: Chalice, tmp_path: Path) -> None:
    (tmp_path / "hello").mkdir()

    outcome = chalice("new-project", "hello")

    assert outcome.status == 1
    assert "Directory already exists" in outcome.stderr
    assert tree(tmp_path) == ["hello"]


@pytest.mark.parametrize("name", ["", "a b", "-x", "../up", "a/b", "ünï", "x" * 47, "dot.ted"])
def test_a_name_that_aws_would_not_take_is_refused(chalice: Chalice, tmp_path: Path, name: str) -> None:
    outcome = chalice("new-project", "--", name)

    assert outcome.status == 1
    assert "cannot be the name of an application" in outcome.stderr
    assert tree(tmp_path) == []


def test_without_a_name_and_without_a_terminal_nobody_is_asked(
    chalice: Chalice, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Path(os.devnull).open() as nothing:
        monkeypatch.setattr(sys, "stdin", nothing)
        outcome = chalice("new-project")

    assert outcome.status == 2
    assert "chalice new-project NAME" in outcome.stderr


@pytest.mark.skipif(os.name == "nt", reason="a pseudo terminal is asked for")
def test_on_a_terminal_name_and_type_are_asked_for(tmp_path: Path) -> None:
    import pty

    leader, follower = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "chalice_cli", "new-project"],
        cwd=tmp_path,
        stdin=follower,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    os.write(leader, b"asked\nlambda-only\n")
    process.communicate(timeout=30)
    os.close(leader)
    os.close(follower)

    assert process.returncode == 0
    assert "def add" in (tmp_path / "asked" / "app.py").read_text()


def test_an_unknown_type_lists_the_known_ones(chalice: Chalice, tmp_path: Path) -> None:
    outcome = chalice("new-project", "-t", "nonsense", "hello")

    assert outcome.status == 2
    assert "legacy" in outcome.stderr
    assert "rest-api" in outcome.stderr
    assert tree(tmp_path) == []


@pytest.mark.usefixtures("fake_cloud")
def test_a_plugin_offers_templates_of_its_own(chalice: Chalice, tmp_path: Path) -> None:
    outcome = chalice("new-project", "-t", "cloudy", "hello")

    assert outcome.status == 0
    assert (tmp_path / "hello" / "app.py").read_text() == "# hello\n"


@pytest.mark.usefixtures("fake_cloud")
def test_a_template_without_a_configuration_gets_one(chalice: Chalice, tmp_path: Path) -> None:
    chalice("new-project", "-t", "cloudy", "hello")

    config = json.loads((tmp_path / "hello" / ".chalice" / "config.json").read_text())
    assert config["app_name"] == "hello"


def test_an_application_in_a_folder_of_its_own_has_its_configuration_there_only(
    chalice: Chalice, tmp_path: Path
) -> None:
    outcome = chalice("new-project", "-t", "cdk-ddb", "hello")

    assert outcome.status == 0
    config = json.loads((tmp_path / "hello" / "runtime" / ".chalice" / "config.json").read_text())
    assert config["app_name"] == "hello"
    assert not (tmp_path / "hello" / ".chalice").exists()


def test_a_folder_that_cannot_be_written_is_an_error_with_its_name(
    chalice: Chalice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(tmp_path))

    # A disk that is full cannot be had otherwise.
    monkeypatch.setattr("tempfile.mkdtemp", full)

    outcome = chalice("new-project", "hello")

    assert outcome.status == 1
    assert f"Cannot write {tmp_path / 'hello'}." in outcome.stderr
    assert os.strerror(errno.ENOSPC) in outcome.stderr


@pytest.mark.skipif(os.name == "nt", reason="a folder that is in use cannot be removed there")
def test_a_working_directory_that_is_gone_is_an_error(
    chalice: Chalice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()

    outcome = chalice("new-project", "hello")

    assert outcome.status == 2
    assert "No such file or directory" in outcome.stderr
