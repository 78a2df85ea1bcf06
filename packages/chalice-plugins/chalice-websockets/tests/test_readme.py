"""What the README shows is so."""

from __future__ import annotations

import importlib.metadata
import re
import sys
import types
from pathlib import Path

import pytest

from chalice_websockets import testing
from chalice_websockets.api import WebsocketAPI

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")


def test_the_example_passes_the_test_beside_it(monkeypatch: pytest.MonkeyPatch) -> None:
    example, test = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    app, tests = types.ModuleType("app"), types.ModuleType("test_app")
    monkeypatch.setitem(sys.modules, "app", app)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")

    for module, code in ((app, example), (tests, test)):
        exec(compile(code, "README.md", "exec", dont_inherit=True), module.__dict__)  # noqa: S102 - it is ours

    tests.__dict__["test_echo"]()


def test_what_the_tables_name_is_there() -> None:
    calls = set(re.findall(r"^\| `(\w+)\(connection_id", README, re.MULTILINE))
    attributes = set(re.findall(r"`connection\.(\w+)", README))
    errors = set(re.findall(r"`(Websocket(?:Refused|NoMessage|Closed)Error)`", README))

    assert calls == {"send", "close", "info"}
    assert all(hasattr(WebsocketAPI, name) for name in {*calls, "configure", "configure_from_api_id"})
    connection = testing.WebsocketConnection(object())  # type: ignore[arg-type]
    assert all(hasattr(connection, name) for name in attributes)
    assert errors == {name for name in testing.__all__ if name.endswith("Error")}


def test_the_entry_points_are_listed() -> None:
    entries = importlib.metadata.distribution("chalice-websockets").entry_points
    listed = {
        (group, name)
        for group, names in re.findall(r"`(chalice\.\w+)` \(([^)]*)\)", README.rpartition("Entry points:")[2])
        for name in re.findall(r"`(\w+)`", names)
    }

    assert listed == {(entry.group, entry.name) for entry in entries}
