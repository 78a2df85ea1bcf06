"""What the README shows is so."""

from __future__ import annotations

import importlib.metadata
import inspect
import json
import re
import sys
import types
from pathlib import Path

import pytest

from chalice_function_urls import hooks, on_function_url
from chalice_function_urls.declared import CONFIG_KEY
from chalice_function_urls.settings import SETTINGS, problems


@pytest.fixture(scope="module")
def readme() -> str:
    return (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")


def first_column(readme: str, heading: str) -> set[str]:
    """Return the names in the first column of the table whose header begins with ``heading``."""
    table = readme.partition(f"| {heading} |")[2].partition("\n\n")[0]
    return {name for row in table.split("\n")[2:] for name in re.findall(r"`(\w+)", row.split("|")[1])}


def test_the_examples_run(readme: str, monkeypatch: pytest.MonkeyPatch) -> None:
    code, test = re.findall(r"```python\n(.*?)```", readme, re.DOTALL)
    app = types.ModuleType("app")
    monkeypatch.setitem(sys.modules, "app", app)
    exec(compile(code, "README.md", "exec", dont_inherit=True), app.__dict__)  # noqa: S102 - it is our own documentation

    exec(compile(test, "README.md", "exec", dont_inherit=True), app.__dict__)  # noqa: S102 - the same


def test_options_and_hooks_are_listed(readme: str) -> None:
    assert first_column(readme, "option") == set(inspect.signature(on_function_url.options).parameters)
    assert first_column(readme, "hook") == {name for name in vars(hooks) if name.startswith("chalice_")}


def test_the_configuration_that_is_shown_is_right(readme: str) -> None:
    (shown,) = re.findall(r"```json\n(.*?)```", readme, re.DOTALL)
    stage = json.loads(shown)["stages"]["dev"]

    for value in (stage["function_url"], stage["lambda_functions"]["report"]["function_url"]):
        assert CONFIG_KEY.check(value) is None
    paragraph = readme.partition("the key `function_url` takes")[2].partition("\n")[0]
    assert set(re.findall(r"`(\w+)`", paragraph)) == set(SETTINGS)


def test_the_settings_of_cors_are_listed(readme: str) -> None:
    (row,) = [line for line in readme.splitlines() if line.startswith("| `cors`")]
    named = re.findall(r"`((?:allow|expose|max)_\w+)`", row)

    (problem,) = problems({"cors": {"": 1}})
    assert problem.endswith(", ".join(sorted(named, key=problem.index)))


def test_the_entry_points_are_listed(readme: str) -> None:
    entries = importlib.metadata.distribution("chalice-function-urls").entry_points
    listed = {
        (group, name)
        for group, names in re.findall(
            r"`(chalice\.\w+)`\s\(([^)]*)\)", readme.rpartition("Entry points:")[2]
        )
        for name in re.findall(r"`([\w-]+)`", names)
    }

    assert listed == {(entry.group, entry.name) for entry in entries}
