"""Which Python runs the application."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from chalice_core.apphost import InterpreterError, choose_interpreter

IN_ENVIRONMENT = Path("Scripts/python.exe") if os.name == "nt" else Path("bin/python")


def executable(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"")
    path.chmod(0o755)
    return path


def virtual_environment(folder: Path) -> Path:
    python = executable(folder / IN_ENVIRONMENT)
    (folder / "pyvenv.cfg").write_text("home = /usr/bin\n")
    return python


def test_the_order_is_option_configuration_project_activated_own(tmp_path: Path) -> None:
    option = executable(tmp_path / "option")
    configured = executable(tmp_path / "configured")
    activated = virtual_environment(tmp_path / "activated")
    environment = {"VIRTUAL_ENV": str(tmp_path / "activated")}
    venv = virtual_environment(tmp_path / "venv")
    dot_venv = virtual_environment(tmp_path / ".venv")
    elsewhere = tmp_path / "elsewhere"

    def choose(folder: Path, *given: str | None) -> Path:
        return choose_interpreter(folder, *given, environment=environment)

    assert choose(tmp_path, str(option), "configured") == option
    assert choose(tmp_path, None, "configured") == configured
    assert choose(tmp_path) == dot_venv
    (tmp_path / ".venv" / "pyvenv.cfg").unlink()
    assert choose(tmp_path) == venv
    assert choose(elsewhere) == activated
    assert choose_interpreter(elsewhere, environment={}) == Path(sys.executable)


def test_an_option_is_relative_to_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    python = executable(tmp_path / "here" / "python-x")
    monkeypatch.chdir(tmp_path / "here")

    assert choose_interpreter(tmp_path, "./python-x") == python


def test_a_configured_path_is_relative_to_the_project(tmp_path: Path) -> None:
    python = executable(tmp_path / "env" / "python-x")

    assert choose_interpreter(tmp_path, None, "env/python-x") == python


def test_a_bare_name_is_looked_up_like_a_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    python = executable(tmp_path / ("python-x.exe" if os.name == "nt" else "python-x"))
    monkeypatch.setenv("PATH", str(tmp_path))

    assert choose_interpreter(tmp_path / "project", "python-x") == python


def test_a_folder_is_taken_for_a_virtual_environment(tmp_path: Path) -> None:
    python = virtual_environment(tmp_path / "env")

    assert choose_interpreter(tmp_path, str(tmp_path / "env")) == python


@pytest.mark.skipif(os.name == "nt", reason="virtual environments on Windows hold no links")
def test_the_link_in_a_virtual_environment_is_not_followed(tmp_path: Path) -> None:
    real = executable(tmp_path / "real" / "python")
    link = virtual_environment(tmp_path / ".venv")
    link.unlink()
    link.symlink_to(real)

    assert choose_interpreter(tmp_path, environment={}) == link


@pytest.mark.parametrize(
    ("option", "configured", "origin"),
    [("missing-python", None, "--python"), (None, "missing/python", '"python" in .chalice/config.json')],
)
def test_what_is_not_there_is_named_with_who_chose_it(
    tmp_path: Path, option: str | None, configured: str | None, origin: str
) -> None:
    with pytest.raises(InterpreterError) as caught:
        choose_interpreter(tmp_path, option, configured)

    assert caught.value.origin == origin
    assert (option or configured or "") in caught.value.what


def test_a_virtual_environment_whose_python_is_gone_is_not_skipped(tmp_path: Path) -> None:
    virtual_environment(tmp_path / ".venv").unlink()

    with pytest.raises(InterpreterError, match=r"\.venv"):
        choose_interpreter(tmp_path, environment={})


def test_an_activated_environment_that_is_gone_is_not_skipped(tmp_path: Path) -> None:
    with pytest.raises(InterpreterError, match="VIRTUAL_ENV"):
        choose_interpreter(tmp_path, environment={"VIRTUAL_ENV": str(tmp_path / "gone")})


@pytest.mark.skipif(os.name == "nt", reason="Windows has no permission to execute")
def test_a_file_that_is_no_program_is_refused(tmp_path: Path) -> None:
    (tmp_path / "python-x").write_text("")

    with pytest.raises(InterpreterError, match="not executable"):
        choose_interpreter(tmp_path, str(tmp_path / "python-x"))
