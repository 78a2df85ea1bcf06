"""Which Python runs which runtime."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from chalice_local import InterpreterMismatchError, Interpreters, NoInterpreterError

OWN = f"python3.{sys.version_info[1]}"
OTHER = "python3.10" if sys.version_info[1] != 10 else "python3.11"


def script(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


def test_the_own_interpreter_runs_its_own_runtime() -> None:
    assert Interpreters().resolve(OWN).executable == Path(sys.executable)


def test_a_registered_interpreter_comes_first(tmp_path: Path) -> None:
    if os.name != "posix":
        pytest.skip("Links need privileges on this system.")
    other = tmp_path / "other-name"
    other.symlink_to(sys.executable)
    interpreters = Interpreters()

    interpreters.register(OWN, other)

    assert interpreters.resolve(OWN).executable == other


def test_a_registered_interpreter_that_was_deleted_is_passed_over(tmp_path: Path) -> None:
    if os.name != "posix":
        pytest.skip("Links need privileges on this system.")
    other = tmp_path / "other-name"
    other.symlink_to(sys.executable)
    interpreters = Interpreters()
    interpreters.register(OWN, other)

    other.unlink()

    assert interpreters.resolve(OWN).executable == Path(sys.executable)


def test_a_stand_in_gives_the_interpreter_behind_it(tmp_path: Path) -> None:
    if os.name != "posix":
        pytest.skip("The stand-in is a shell script.")
    stand_in = script(tmp_path / OWN, f'exec "{sys.executable}" "$@"')
    interpreters = Interpreters()

    interpreters.register(OWN, stand_in)

    assert interpreters.resolve(OWN).executable == Path(sys.executable)


def test_an_interpreter_of_another_version_cannot_be_registered() -> None:
    with pytest.raises(InterpreterMismatchError, match=f"is {OWN}, not {OTHER}"):
        Interpreters().register(OTHER, Path(sys.executable))


def test_a_path_that_is_no_python_cannot_be_registered(tmp_path: Path) -> None:
    with pytest.raises(InterpreterMismatchError, match="no working Python"):
        Interpreters().register(OWN, tmp_path / "nothing")


def test_a_runtime_without_an_interpreter_is_an_error_that_lists_those_found(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(NoInterpreterError) as caught:
        Interpreters().resolve(OTHER)

    assert caught.value.what == f"Runtime {OTHER!r} has no interpreter here."
    assert OWN in caught.value.why


@pytest.mark.parametrize("runtime", ["nodejs22.x", "python", "", "../python3.12", "python3.12; rm"])
def test_what_is_no_python_runtime_has_no_interpreter(runtime: str) -> None:
    with pytest.raises(NoInterpreterError):
        Interpreters().resolve(runtime)


@pytest.mark.skipif(os.name != "posix", reason="The interpreters here are shell scripts.")
def test_a_command_on_path_that_does_not_run_is_passed_over(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    script(tmp_path / OTHER, "echo 'version not installed' >&2; exit 127")
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(NoInterpreterError):
        Interpreters().resolve(OTHER)


@pytest.mark.skipif(os.name != "posix", reason="The interpreters here are shell scripts.")
def test_a_command_on_path_is_believed_for_what_it_says_it_is(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    major, minor = OTHER.removeprefix("python").split(".")
    script(tmp_path / OTHER, f"""echo '[[{major}, {minor}], "cpython-{major}{minor}", "", "linux", ""]'""")
    script(tmp_path / "python3.9", """echo '[[3, 8], "cpython-38", "", "linux", ""]'""")
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}/bin")
    interpreters = Interpreters()

    assert interpreters.resolve(OTHER).runtime == OTHER
    with pytest.raises(NoInterpreterError):
        interpreters.resolve("python3.9")
