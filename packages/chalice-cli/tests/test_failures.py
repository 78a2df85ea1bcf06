"""Every failure becomes words and an exit status."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Chalice = Callable[..., Any]

pytestmark = pytest.mark.usefixtures("fake_cloud")


def test_a_tool_error_says_what_and_why_and_what_to_do_without_a_traceback(chalice: Chalice) -> None:
    outcome = chalice("weather", "storm")

    assert outcome.status == 1
    assert outcome.stdout == ""
    assert outcome.stderr == ("Error: It storms.\n  There is low pressure.\n\n  Stay inside.\n  [storm]\n")


def test_debug_adds_the_traceback(chalice: Chalice) -> None:
    outcome = chalice("--debug", "weather", "storm")

    assert outcome.status == 1
    assert "Traceback (most recent call last)" in outcome.stderr
    assert "Error: It storms." in outcome.stderr


def test_an_error_of_ours_says_how_to_report_it(chalice: Chalice) -> None:
    outcome = chalice("weather", "abyss")

    assert outcome.status == 2
    assert "RuntimeError: no weather here" in outcome.stderr
    assert "chalice --debug" in outcome.stderr
    assert "Traceback" not in outcome.stderr


def test_an_interrupted_command_is_aborted(chalice: Chalice) -> None:
    outcome = chalice("weather", "interrupt")

    assert outcome.status == 1
    assert outcome.stderr.strip() == "Aborted!"


@pytest.mark.parametrize(
    "arguments", [["--nonsense"], ["url", "--nonsense"], ["invoke"], ["-p", "sqs", "plugins"], ["package"]]
)
def test_wrong_usage_ends_with_two(chalice: Chalice, arguments: list[str]) -> None:
    outcome = chalice(*arguments)

    assert outcome.status == 2
    assert "Usage: chalice" in outcome.stderr


def test_an_unknown_command_names_the_nearest(chalice: Chalice) -> None:
    outcome = chalice("delpoy")

    assert outcome.status == 2
    assert "Did you mean deploy" in outcome.stderr


def test_the_command_of_a_plugin_that_is_not_installed_says_what_to_install(
    chalice: Chalice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHALICE_DISABLE_PLUGINS", "localaws")

    outcome = chalice("localaws", "status")

    assert outcome.status == 2
    assert "Install the distribution chalice-localaws" in outcome.stderr


def test_a_project_folder_that_is_not_there_is_an_error(chalice: Chalice, tmp_path: Path) -> None:
    outcome = chalice("--project-dir", str(tmp_path / "nowhere"), "url")

    assert outcome.status == 2
    assert "No such file or directory" in outcome.stderr


def test_the_project_folder_becomes_the_working_directory(
    chalice: Chalice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "there").mkdir()
    monkeypatch.chdir(tmp_path)

    outcome = chalice("--project-dir", "there", "new-project", "hello")

    assert outcome.status == 0
    assert (tmp_path / "there" / "hello" / "app.py").is_file()


def test_a_command_of_a_plugin_that_cannot_be_imported_names_its_distribution(
    chalice: Chalice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, plugin_writer: Callable[..., None]
) -> None:
    plugin_writer(
        tmp_path,
        "bad-weather",
        module="import nowhere",
        groups="[chalice.commands]\nrain = bad_weather:rain\n",
    )
    monkeypatch.syspath_prepend(tmp_path)

    outcome = chalice("rain")

    assert outcome.status == 1
    assert "bad-weather 3.4" in outcome.stderr
    assert "nowhere" in outcome.stderr


def test_colours_stay_away_from_what_is_no_terminal(chalice: Chalice) -> None:
    assert "\x1b[" not in chalice("weather", "storm").stderr


@pytest.mark.skipif(os.name == "nt", reason="a pseudo terminal is asked for")
@pytest.mark.parametrize(
    ("variables", "coloured"), [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)]
)
def test_a_terminal_gets_colours_unless_it_does_not_want_them(
    tmp_path: Path, variables: dict[str, str], coloured: bool
) -> None:
    import pty

    reading, writing = pty.openpty()
    environment = {key: value for key, value in os.environ.items() if key != "NO_COLOR"}
    subprocess.run(
        [sys.executable, "-m", "chalice_cli", "url"],
        cwd=tmp_path,
        env={**environment, "TERM": "xterm", **variables},
        stderr=writing,
        stdout=subprocess.DEVNULL,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    os.close(writing)
    shown = b""
    while True:
        try:
            part = os.read(reading, 4096)
        except OSError:
            break
        if not part:
            break
        shown += part
    os.close(reading)

    assert b"Error:" in shown
    assert (b"\x1b[" in shown) is coloured


@pytest.mark.skipif(os.name == "nt", reason="pipes break differently there")
def test_a_reader_that_goes_away_ends_the_command_without_a_word(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "chalice_cli", "--help"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    process.stdout.close()
    _, errors = process.communicate(timeout=30)

    assert errors == b""
    assert process.returncode == 1


@pytest.mark.skipif(os.name == "nt", reason="a shell closes the output")
def test_a_closed_standard_output_is_no_reason_to_fail(tmp_path: Path) -> None:
    ended = subprocess.run(
        ["sh", "-c", 'exec "$0" -m chalice_cli --help >&-', sys.executable],
        cwd=tmp_path,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (ended.returncode, ended.stderr) == (0, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no full device")
def test_a_full_disk_is_nobodys_fault(tmp_path: Path) -> None:
    with Path("/dev/full").open("w") as full:
        ended = subprocess.run(
            [sys.executable, "-m", "chalice_cli", "--help"],
            cwd=tmp_path,
            stdin=subprocess.DEVNULL,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )

    assert ended.returncode == 1
    assert "no space left" in ended.stderr
    assert "fault of chalice" not in ended.stderr


def test_a_command_of_the_predecessor_that_is_not_there_yet_is_told_apart_from_a_mistyped_one(
    chalice: Chalice,
) -> None:
    known, mistyped = chalice("generate-sdk"), chalice("delpoy")

    assert (known.status, mistyped.status) == (2, 2)
    assert "aws/chalice has it" in known.stderr
    assert "Did you mean deploy" in mistyped.stderr
