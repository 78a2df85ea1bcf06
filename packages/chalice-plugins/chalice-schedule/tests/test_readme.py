"""What the README shows is so."""

from __future__ import annotations

import importlib
import inspect
import logging
import re
import sys
import types
from pathlib import Path

import pytest

from chalice.extensions import DECORATORS, EXPORTS, SAMPLES, catalog, find


@pytest.fixture(scope="module")
def readme() -> str:
    return (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")


def test_the_examples_run(
    readme: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    example, test = re.findall(r"```python\n(.*?)```", readme, re.DOTALL)
    app = types.ModuleType("app")
    monkeypatch.setitem(sys.modules, "app", app)
    exec(compile(example, "README.md", "exec", dont_inherit=True), app.__dict__)  # noqa: S102 - it is our own
    app.app.log.addHandler(caplog.handler)
    app.app.log.setLevel(logging.INFO)

    exec(compile(test, "README.md", "exec", dont_inherit=True), app.__dict__)  # noqa: S102 - it is our own

    assert caplog.messages == [
        "due: ['arn:aws:events:us-west-2:123456789012:rule/tick-rule']",
        "EC2 Instance State-change Notification: {'state': 'stopped'}",
    ]


@pytest.mark.parametrize("name", ["on_cw_event", "schedule"])
def test_the_options_of_a_decorator_are_listed_with_their_defaults(readme: str, name: str) -> None:
    source = find(DECORATORS, name)
    rows = dict(re.findall(r"^\| `(\w+)` \|([^|]*)\|", readme, re.MULTILINE))

    for option in inspect.signature(source.options).parameters.values():
        listed = rows[option.name].strip()
        if option.default in (None, "", option.empty):
            assert listed in ("", "empty", "the function's own", "`['s3:ObjectCreated:*']`")
        else:
            assert listed.strip("`") == str(option.default)


def test_everything_that_the_distribution_offers_is_listed(readme: str) -> None:
    offers = readme.partition("## What it offers")[2]
    for group in (DECORATORS, EXPORTS, SAMPLES):
        for name, found in catalog.offered(group).items():
            if any(distribution == "chalice-schedule" for _, distribution in found):
                assert f"`{name}`" in offers


@pytest.mark.parametrize("name", ["generate_cw_event", "generate_scheduled_event"])
def test_the_signature_of_a_sample_is_as_it_is_shown(readme: str, name: str) -> None:
    parameters = inspect.signature(find(SAMPLES, name)).parameters.values()
    words = [
        one.name if one.default is one.empty else f"{one.name}={_written(one.default)}" for one in parameters
    ]

    assert f"`{name}({', '.join(words)})`" in readme


def _written(value: object) -> str:
    return repr(value).replace("'", '"')


def test_the_package_names_what_it_offers() -> None:
    package = importlib.import_module("chalice_schedule")

    assert sorted(package.__all__) == [
        "CloudWatchEvent",
        "Cron",
        "Rate",
        "ScheduleExpression",
        "on_cw_event",
        "schedule",
    ]
    assert all(hasattr(package, name) for name in package.__all__)
