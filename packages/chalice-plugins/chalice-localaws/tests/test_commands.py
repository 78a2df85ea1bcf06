"""``chalice localaws …`` as a person runs it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from chalice_localaws import status
from chalice_localaws.commands import localaws
from chalice_localaws.errors import EmbeddedAwsNotRunningError
from chalice_localaws.state import StateFolder

if TYPE_CHECKING:
    from pathlib import Path


def test_start_status_reset_and_stop_say_what_they_did(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project)
    runner = CliRunner()

    before = runner.invoke(localaws, ["status"])
    start = runner.invoke(localaws, ["start"])
    facts = status(project)
    again = runner.invoke(localaws, ["start"])
    shown = runner.invoke(localaws, ["status"])
    ahead = runner.invoke(localaws, ["advance", "90"])
    reset = runner.invoke(localaws, ["reset"])
    stop = runner.invoke(localaws, ["stop"])
    after = runner.invoke(localaws, ["stop"])
    nowhere = runner.invoke(localaws, ["advance", "1"])
    back = runner.invoke(localaws, ["advance", "--", "-1"])

    assert facts is not None
    assert (before.exit_code, before.output) == (1, "Not running.\n")
    assert start.output == f"Started: http://127.0.0.1:{facts['port']}\n"
    assert again.output == f"Already running: http://127.0.0.1:{facts['port']}\n"
    assert shown.exit_code == 0
    assert str(facts["pid"]) in shown.output
    assert "lives in memory" in shown.output
    assert ahead.output == "The clock was put forward by 90 minutes.\n"
    assert isinstance(nowhere.exception, EmbeddedAwsNotRunningError)
    assert back.exit_code == 2
    assert "starts anew" in reset.output
    assert "starts anew" in stop.output
    assert after.output == "Not running.\n"
    assert status(project) is None


def test_a_start_says_that_earlier_deployments_are_gone(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project)
    runner, folder = CliRunner(), StateFolder(project)
    folder.deployed.mkdir(parents=True)
    (folder.deployed / "dev.json").write_text("{}")

    first = runner.invoke(localaws, ["start"])
    second = runner.invoke(localaws, ["start"])

    assert "starts anew" in first.output
    assert first.output.startswith("Started")
    assert "anew" not in second.output


def test_a_port_is_a_number_that_a_port_can_have() -> None:
    done = CliRunner().invoke(localaws, ["start", "--port", "70000"])

    assert done.exit_code == 2
    assert "70000" in done.output
