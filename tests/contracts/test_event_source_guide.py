"""What the page on event sources says is so: decorators, options and defaults; and its examples run."""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from chalice.extensions import DECORATORS, EXPORTS, catalog, find
from chalice_core.apphost import describe
from chalice_core.config import load_config
from chalice_core.lowering import build_graph
from chalice_core.plugins import Plugins
from chalice_core.testing import write_project

ASYNCHRONOUS = ("schedule", "on_cw_event", "on_s3_event", "on_sns_message")
POLLED = {
    "SQS": "on_sqs_message",
    "Kinesis": "on_kinesis_record",
    "DynamoDB": "on_dynamodb_record",
    "Kafka": "on_kafka_message",
}


@pytest.fixture(scope="module")
def page(root: Path) -> str:
    """The page."""
    return (root / "docs" / "event-sources.md").read_text(encoding="utf-8")


def real_options() -> dict[str, dict[str, str]]:
    """Return the defaults of all options of the installed decorators, as the page writes them."""
    found = {}
    for name in catalog.offered(DECORATORS):
        parameters = inspect.signature(find(DECORATORS, name).options).parameters.values()
        found[name] = {
            one.name: "required" if one.default is one.empty else f"`{one.default!r}`"
            for one in parameters
            if one.name != "name"
        }
    return found


def rows(page: str, heading: str) -> list[list[str]]:
    """Return the rows of the table whose first heading is this one."""
    (table,) = re.findall(rf"(?m)^\| {heading} \|.*\n\|[-|]+\|\n((?:\|.*\n)+)", page)
    return [[cell.strip() for cell in row.strip("|").split(" | ")] for row in table.splitlines()]


def documented_options(page: str) -> dict[str, dict[str, str]]:
    """Return the same of the page: from the table by decorator, and from those of several decorators."""
    found: dict[str, dict[str, str]] = {name: {} for name in catalog.offered(DECORATORS)}
    decorator = ""
    for cells in rows(page, "option"):
        if heading := re.fullmatch(r"\*\*`(\w+)`\*\*", cells[0]):
            decorator = heading[1]
        else:
            found[decorator][cells[0].strip("`")] = cells[1]
    for option, default, meaning in rows(page, "asynchronous option"):
        for name in ASYNCHRONOUS:
            if f"not of `{name}`" not in meaning:
                found[name][option.strip("`")] = default
    for option, default, *have, _ in rows(page, "polled option"):
        for name, has in zip(POLLED.values(), have, strict=True):
            assert has in ("yes", "no")
            if has == "yes":
                found[name][option.strip("`")] = default
    return found


def test_every_option_of_every_decorator_is_there_with_its_default(page: str) -> None:
    assert documented_options(page) == real_options()


def test_the_columns_of_the_polled_table_are_the_families(page: str) -> None:
    assert f"| polled option | default | {' | '.join(POLLED)} | meaning |" in page


def test_every_decorator_is_listed_with_its_distribution_and_event(page: str, root: Path) -> None:
    listed: Mapping[str, tuple[str, str]] = {
        decorator: (distribution, event)
        for cells in rows(page, "decorator")
        for decorator in re.findall(r"`(\w+)`", cells[0])
        for distribution in re.findall(r"\]\((.*)\)", cells[2])
        for event in [cells[3].strip("`")]
    }

    offered = catalog.offered(DECORATORS)
    assert set(listed) == set(offered)
    for decorator, (distribution, event) in listed.items():
        folder = (root / "docs" / distribution).resolve()
        assert folder.is_dir()
        ((_, owner),) = offered[decorator]
        assert folder.name == owner
        assert event == "Request" or owner in {name for _, name in catalog.offered(EXPORTS)[event]}


def test_the_examples_are_applications_that_can_be_deployed(
    page: str, plugins: Plugins, tmp_path: Path
) -> None:
    blocks = re.findall(r"(?s)```python\n(.*?)```", page)

    assert len(blocks) == 2
    for number, source in enumerate(blocks):
        folder = write_project(tmp_path / str(number), source=source)
        manifest = describe(folder, Path(sys.executable))
        assert build_graph(
            manifest.app,
            manifest.python.lambda_runtime,
            load_config(folder, plugins).stage("dev"),
            plugins,
        )
