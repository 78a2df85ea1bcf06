"""What the README shows is so."""

from __future__ import annotations

import inspect
import logging
import re
import sys
import types
from pathlib import Path

import pytest

from chalice_sqs import hooks, on_sqs_message
from chalice_sqs.lowering import POLLER_ACTIONS


@pytest.fixture(scope="module")
def readme() -> str:
    return (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")


def table(readme: str, heading: str) -> dict[str, str]:
    """Return the first two columns of the table whose header begins with ``heading``."""
    lines = iter(readme.splitlines())
    while not next(lines).startswith(f"| {heading}"):
        pass
    next(lines)
    rows = {}
    for line in lines:
        if not line.startswith("|"):
            break
        cells = line.split("|")
        rows[cells[1].strip().strip("`")] = cells[2].strip().strip("`")
    return rows


def test_the_examples_run(
    readme: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, partial, test = re.findall(r"```python\n(.*?)```", readme, re.DOTALL)
    app = types.ModuleType("app")
    monkeypatch.setitem(sys.modules, "app", app)
    for part in (code, partial):
        exec(compile(part, "README.md", "exec", dont_inherit=True), app.__dict__)  # noqa: S102 - our own documentation
    app.app.log.addHandler(caplog.handler)
    app.app.log.setLevel(logging.INFO)

    exec(compile(test, "README.md", "exec", dont_inherit=True), app.__dict__)  # noqa: S102 - the same

    messages = list(caplog.messages)
    failed = messages.pop(3)
    assert "pay failed on the record" in failed
    assert messages == ["order: tea", "order: milk", "payment: 17", "payment: 4"]


def test_the_options_are_listed_with_their_defaults(readme: str) -> None:
    parameters = inspect.signature(on_sqs_message.options).parameters
    listed = table(readme, "option")

    assert set(listed) == set(parameters)
    for name in ("batch_size", "maximum_batching_window_in_seconds", "report_batch_item_failures"):
        assert listed[name] == str(parameters[name].default)


def test_the_hooks_are_listed(readme: str) -> None:
    implemented = {name for name in vars(hooks) if name.startswith("chalice_")}

    assert set(table(readme, "hook")) == implemented


def test_the_permissions_are_listed(readme: str) -> None:
    assert set(re.findall(r"`(sqs:\w+)`", readme)) == set(POLLER_ACTIONS)
