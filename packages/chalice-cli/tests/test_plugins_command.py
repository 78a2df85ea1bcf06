"""Plugins are listed, blocked and named when they are broken."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Chalice = Callable[..., Any]
GROUP = "[chalice.plugins]\nthunder = bad_weather\n"


@pytest.fixture
def broken_plugin(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, plugin_writer: Callable[..., None]
) -> None:
    folder = tmp_path / "broken"
    plugin_writer(folder, "bad-weather", module="import nowhere_at_all\n", groups=GROUP)
    monkeypatch.syspath_prepend(folder)


def states(outcome: Any) -> dict[str, str]:
    return {row["name"]: row["state"] for row in json.loads(outcome.stdout)}


@pytest.mark.usefixtures("fake_cloud")
def test_a_loaded_plugin_is_listed_with_distribution_and_version(chalice: Chalice) -> None:
    outcome = chalice("plugins")

    row = next(line for line in outcome.stdout.splitlines() if line.startswith("fake-cloud"))
    assert row.split() == ["fake-cloud", "fake-cloud", "1.2", "loaded"]


@pytest.mark.usefixtures("fake_cloud")
def test_a_plugin_is_blocked_by_option_and_by_environment(
    chalice: Chalice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHALICE_DISABLE_PLUGINS", "sqs, aws")

    outcome = chalice("-p", "no:fake-cloud", "plugins", "--output", "json")

    found = states(outcome)
    assert (found["fake-cloud"], found["sqs"], found["aws"]) == ("blocked", "blocked", "blocked")


@pytest.mark.usefixtures("fake_cloud")
def test_a_blocked_name_that_nobody_has_is_told_with_the_nearest(
    chalice: Chalice, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The environment may speak of plugins that other projects have.
    monkeypatch.setenv("CHALICE_DISABLE_PLUGINS", "elsewhere")

    outcome = chalice("-p", "no:fake-clod", "-p", "no:sqs", "plugins")

    assert outcome.status == 0
    [warning] = outcome.stderr.splitlines()
    assert "'fake-clod'" in warning
    assert "did you mean 'fake-cloud'?" in warning


@pytest.mark.usefixtures("fake_cloud")
def test_the_commands_of_a_blocked_plugin_are_not_there(chalice: Chalice) -> None:
    assert "weather" in chalice("--help").stdout
    assert "weather" not in chalice("-p", "no:fake-cloud", "--help").stdout


@pytest.mark.usefixtures("broken_plugin")
def test_a_broken_plugin_is_named_and_the_exit_status_tells_while_the_rest_works(
    chalice: Chalice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    outcome = chalice("new-project", "hello")

    assert (tmp_path / "hello" / "app.py").is_file()
    assert outcome.status == 1
    assert "bad-weather 3.4" in outcome.stderr
    assert "nowhere_at_all" in outcome.stderr


@pytest.mark.usefixtures("broken_plugin")
def test_a_broken_plugin_is_listed_with_its_error(chalice: Chalice) -> None:
    outcome = chalice("plugins", "--output", "json")

    [row] = [row for row in json.loads(outcome.stdout) if row["name"] == "thunder"]
    assert row["state"] == "broken"
    assert "nowhere_at_all" in row["error"]
    assert outcome.status == 1


@pytest.mark.usefixtures("broken_plugin")
def test_a_broken_plugin_that_is_blocked_harms_nobody(chalice: Chalice) -> None:
    outcome = chalice("-p", "no:thunder", "plugins")

    assert outcome.status == 0
    assert outcome.stderr == ""


def test_two_commands_of_one_name_are_refused_with_both_distributions_and_only_when_run(
    chalice: Chalice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, plugin_writer: Callable[..., None]
) -> None:
    for name in ("east-weather", "west-weather"):
        groups = f"[chalice.commands]\nwind = nowhere:wind\n[chalice.plugins]\n{name} = nowhere\n"
        plugin_writer(tmp_path / name, name, module="", groups=groups)
        monkeypatch.syspath_prepend(tmp_path / name)

    assert chalice("--help").status == 0
    outcome = chalice("wind")

    assert outcome.status == 1
    assert "'wind' is offered by east-weather 3.4 and by west-weather 3.4" in outcome.stderr
    assert "west-weather" not in chalice("-p", "no:west-weather", "wind").stderr
