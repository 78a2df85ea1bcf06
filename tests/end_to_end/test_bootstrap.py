"""One command sets everything up, wherever the clone is and whatever the person's environment holds."""

from __future__ import annotations

import ast
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
BOOTSTRAP = ROOT / "bootstrap.py"
PROBE = """
import json, os, sys
import nox

@nox.session
def probe(session):
    said = {"environment": dict(os.environ), "arguments": session.posargs, "folder": os.getcwd()}
    print("SAID" + json.dumps(said))
    if "fail" in session.posargs:
        session.error("as asked")
"""


@pytest.fixture
def bootstrap(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("bootstrap", BOOTSTRAP)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "FOLDER", tmp_path / ".bootstrap")
    return module


def test_what_would_change_the_outcome_is_taken_out_of_the_environment(
    bootstrap: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    scrubbed = (
        "PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "PIP_REQUIRE_VIRTUALENV", "PIP_TARGET", "NOX_SESSION",
        "AWS_PROFILE", "AWS_ACCESS_KEY_ID", "CHALICE_DISABLE_PLUGINS", "PYTEST_ADDOPTS",
    )  # fmt: skip
    for name in scrubbed:
        monkeypatch.setenv(name, "1")

    assert not set(scrubbed) & set(bootstrap.clean_environment())


@pytest.mark.parametrize(
    "name", ["PIP_INDEX_URL", "PIP_CERT", "SSL_CERT_FILE", "AWS_CA_BUNDLE", "PATH", "UV_INDEX"]
)
def test_where_packages_and_certificates_are_stays_in_the_environment(
    bootstrap: Any, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, "/somewhere")

    assert bootstrap.clean_environment()[name] == "/somewhere"


def test_uv_looks_for_packages_where_the_configuration_of_pip_says(
    bootstrap: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    configuration = tmp_path / "pip.conf"
    configuration.write_text(
        "[global]\nindex-url = https://index.example/simple\nextra-index-url =\n"
        "    https://one.example/simple\n    https://two.example/simple\nfind-links =\n    /a\n    /b\n"
    )
    monkeypatch.setattr(bootstrap, "ENVIRONMENT", Path(sys.prefix))
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "UV_"))}

    found = bootstrap.where_packages_are({**kept, "PIP_CONFIG_FILE": str(configuration)})

    assert found["UV_DEFAULT_INDEX"] == "https://index.example/simple"
    assert found["UV_INDEX"] == "https://one.example/simple https://two.example/simple"
    assert found["UV_FIND_LINKS"] == "/a,/b"


@pytest.mark.parametrize("module", ["venv", "ensurepip"])
def test_a_python_that_cannot_make_environments_says_what_to_install(
    bootstrap: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], module: str
) -> None:
    find = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == module else find(name))
    monkeypatch.setattr(bootstrap, "MARK", bootstrap.FOLDER / "made-of.json")

    status = bootstrap.main(["tests"])

    assert status == 1
    said = capsys.readouterr().err
    assert f"no module {module!r}" in said
    assert f"python3.{sys.version_info.minor}-venv" in said


def test_the_sessions_that_it_names_are_those_of_the_noxfile(bootstrap: Any) -> None:
    tree = ast.parse((ROOT / "noxfile.py").read_text(encoding="utf-8"))
    sessions = {
        node.name
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
        and any(ast.unparse(decorator) == "nox.session" for decorator in node.decorator_list)
    }

    assert set(bootstrap.SESSIONS.split(", ")) == sessions
    for name in ("CONTRIBUTING.md", "docs/design/repository.md"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert [session for session in sessions if f"`{session}`" not in text] == []


def test_without_a_session_it_explains_itself() -> None:
    ended = subprocess.run([sys.executable, str(BOOTSTRAP)], capture_output=True, text=True)

    assert ended.returncode == 2
    assert "python3 bootstrap.py demo" in ended.stdout


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("elsewhere") / "a clöne"
    folder.mkdir()
    shutil.copy(BOOTSTRAP, folder)
    (folder / "noxfile.py").write_text(PROBE, encoding="utf-8")
    return folder


def run(clone: Path, *arguments: str, **variables: str) -> Any:
    return subprocess.run(
        [sys.executable, str(clone / "bootstrap.py"), "probe", *arguments],
        cwd="/" if os.name != "nt" else None,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        encoding="utf-8",
    )


@pytest.mark.slow
def test_a_session_sees_a_clean_environment_and_its_arguments(clone: Path) -> None:
    ended = run(clone, "-k", "one two", PYTHONPATH="/nowhere", AWS_PROFILE="mine", PIP_USER="1")

    assert ended.returncode == 0, ended.stderr
    said = json.loads(ended.stdout.partition("SAID")[2].splitlines()[0])
    assert said["arguments"] == ["-k", "one two"]
    assert Path(said["folder"]) == clone
    assert not {"PYTHONPATH", "AWS_PROFILE", "PIP_USER"} & set(said["environment"])


@pytest.mark.slow
def test_the_environment_is_used_again_while_it_works_and_made_anew_when_it_does_not(clone: Path) -> None:
    assert run(clone).returncode == 0
    again = run(clone)
    shutil.rmtree(next((clone / ".bootstrap" / "venv").glob("**/site-packages/nox")))
    broken = run(clone)

    assert "Setting up" not in again.stderr
    assert "Setting up" in broken.stderr
    assert broken.returncode == 0, broken.stderr


@pytest.mark.slow
def test_a_session_that_fails_is_told_by_the_exit_status(clone: Path) -> None:
    assert run(clone, "fail").returncode == 1
