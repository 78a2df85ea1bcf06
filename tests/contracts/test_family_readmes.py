"""What the README of an event family shows is so: one suite for those that are written alike."""

from __future__ import annotations

import importlib
import inspect
import logging
import re
import sys
import types
from collections.abc import Iterator
from pathlib import Path

import pytest

from chalice.extensions import DECORATORS, EXPORTS, SAMPLES, catalog, find

LOGGED = {
    "chalice-dynamodb": ["INSERT in orders: {'id': {'S': '1'}}"],
    "chalice-kafka": ["orders at 15: tea", "orders at 16: milk"],
    "chalice-kinesis": ["1: red", "1: blue"],
    "chalice-s3": ["in/beach.jpg of photos"],
    "chalice-schedule": [
        "due: ['arn:aws:events:us-west-2:123456789012:rule/tick-rule']",
        "EC2 Instance State-change Notification: {'state': 'stopped'}",
    ],
    "chalice-sns": ["Weather: It rains."],
}
"""What the example of each README logs when the test there runs it."""

# How a README says that an option has no default of its own.
UNSET = {"", "empty", "the function's own", "`['s3:ObjectCreated:*']`"}


def offered(distribution: str, group: str) -> Iterator[str]:
    """Yield the names that a distribution offers in a group."""
    for name, offers in catalog.offered(group).items():
        if any(owner == distribution for _, owner in offers):
            yield name


@pytest.fixture(params=sorted(LOGGED))
def family(request: pytest.FixtureRequest) -> str:
    """The distribution of a family."""
    return str(request.param)


@pytest.fixture
def readme(family: str, root: Path) -> str:
    """The README of that family."""
    return (root / "packages" / "chalice-plugins" / family / "README.md").read_text(encoding="utf-8")


def test_the_examples_run(
    family: str, readme: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    example, test = re.findall(r"```python\n(.*?)```", readme, re.DOTALL)
    app = types.ModuleType("app")
    monkeypatch.setitem(sys.modules, "app", app)
    exec(compile(example, "README.md", "exec", dont_inherit=True), app.__dict__)  # noqa: S102 - it is our own
    app.app.log.addHandler(caplog.handler)
    app.app.log.setLevel(logging.INFO)

    exec(compile(test, "README.md", "exec", dont_inherit=True), app.__dict__)  # noqa: S102 - it is our own

    assert caplog.messages == LOGGED[family]


def test_the_options_of_a_decorator_are_listed_with_their_defaults(family: str, readme: str) -> None:
    rows = dict(re.findall(r"^\| `(\w+)` \|([^|]*)\|", readme, re.MULTILINE))

    for name in offered(family, DECORATORS):
        for option in inspect.signature(find(DECORATORS, name).options).parameters.values():
            listed = rows[option.name].strip()
            if option.default in (None, "", option.empty):
                assert listed in UNSET
            else:
                assert listed.strip("`") == str(option.default)


def test_everything_that_the_distribution_offers_is_listed(family: str, readme: str) -> None:
    offers = readme.partition("## What it offers")[2]
    names = [name for group in (DECORATORS, EXPORTS, SAMPLES) for name in offered(family, group)]

    assert len(names) >= 3
    assert [name for name in names if f"`{name}`" not in offers] == []


def test_the_signature_of_a_sample_is_as_it_is_shown(family: str, readme: str) -> None:
    for name in offered(family, SAMPLES):
        parameters = inspect.signature(find(SAMPLES, name)).parameters.values()
        words = [
            one.name if one.default is one.empty else f"{one.name}={_written(one.default)}"
            for one in parameters
        ]

        assert f"`{name}({', '.join(words)})`" in readme


def _written(value: object) -> str:
    return repr(value).replace("'", '"')


def test_the_package_names_what_it_offers(family: str) -> None:
    package = importlib.import_module(family.replace("-", "_"))

    assert sorted(package.__all__) == sorted({*offered(family, DECORATORS), *offered(family, EXPORTS)})
    assert all(hasattr(package, name) for name in package.__all__)
