"""What the README shows is so."""

from __future__ import annotations

import importlib.metadata
import inspect
import logging
import re
import sys
import types
from pathlib import Path

import pytest

from chalice_cognito import CognitoTriggerEvent, hooks, on_cognito_trigger
from chalice_cognito.sample import generate_cognito_event
from chalice_cognito.triggers import TRIGGERS, UNSUPPORTED


@pytest.fixture(scope="module")
def readme() -> str:
    return (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")


def first_column(readme: str, heading: str) -> set[str]:
    """Return the names in the first column of the table whose header begins with ``heading``."""
    table = readme.partition(f"| {heading} |")[2].partition("\n\n")[0]
    return {name for row in table.split("\n")[2:] for name in re.findall(r"`(\w+)", row.split("|")[1])}


def test_the_examples_run(
    readme: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, test = re.findall(r"```python\n(.*?)```", readme, re.DOTALL)
    app = types.ModuleType("app")
    monkeypatch.setitem(sys.modules, "app", app)
    exec(compile(code, "README.md", "exec", dont_inherit=True), app.__dict__)  # noqa: S102 - it is our own documentation
    app.app.log.addHandler(caplog.handler)
    app.app.log.setLevel(logging.INFO)

    exec(compile(test, "README.md", "exec", dont_inherit=True), app.__dict__)  # noqa: S102 - the same

    assert caplog.messages == ["PostConfirmation_ConfirmSignUp: ann"]


def test_options_attributes_and_hooks_are_listed(readme: str) -> None:
    event = CognitoTriggerEvent(generate_cognito_event(), None)

    assert first_column(readme, "option") == set(inspect.signature(on_cognito_trigger.options).parameters)
    assert first_column(readme, "hook") == {name for name in vars(hooks) if name.startswith("chalice_")}
    listed = first_column(readme, "attribute of the event")
    assert listed == {name for name in dir(event) if not name.startswith("_")}


def test_the_triggers_are_listed(readme: str) -> None:
    paragraph = readme.partition("\nTriggers: ")[2].partition("\n\n")[0]

    assert set(re.findall(r"`(\w+)`", paragraph)) == {*TRIGGERS, *UNSUPPORTED}


def test_the_entry_points_are_listed(readme: str) -> None:
    entries = importlib.metadata.distribution("chalice-cognito").entry_points
    listed = {
        (group, name)
        for group, names in re.findall(
            r"`(chalice\.\w+)`\s\(([^)]*)\)", readme.rpartition("Entry points:")[2]
        )
        for name in re.findall(r"`([\w-]+)`", names)
    }

    assert listed == {(entry.group, entry.name) for entry in entries}
