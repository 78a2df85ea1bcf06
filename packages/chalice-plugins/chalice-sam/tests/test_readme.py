"""What the README shows is so."""

from __future__ import annotations

import inspect
import json
import re
import types
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from chalice_core.kinds import KINDS
from chalice_core.plugins import Plugins
from chalice_core.values import ResourceId
from chalice_sam.format import OPTIONS
from chalice_sam.hooks import SamPlugin
from chalice_sam.limits import LARGEST_TEMPLATE, MOST_OUTPUTS, MOST_RESOURCES
from chalice_sam.merge import merged
from chalice_sam.naming import logical_id

Template = dict[str, Any]


@pytest.fixture(scope="module")
def readme() -> str:
    return (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")


def block(readme: str, language: str) -> str:
    """Return the README's block in a language."""
    (found,) = re.findall(rf"```{language}\n(.*?)```", readme, re.DOTALL)
    return str(found)


def table(readme: str, heading: str) -> set[str]:
    """Return the first column of the table whose header begins with ``heading``."""
    lines = iter(readme.splitlines())
    while not next(lines).startswith(f"| {heading}"):
        pass
    next(lines)
    names = set()
    for line in lines:
        if not line.startswith("|"):
            break
        names.add(line.split("|")[1].strip().strip("`"))
    return names


def test_the_plugin_of_the_example_adds_its_kind(
    readme: str, plugins: Plugins, parts: Any, template_of: Callable[..., Template]
) -> None:
    example = types.ModuleType("example")
    exec(compile(block(readme, "python"), "README.md", "exec", dont_inherit=True), example.__dict__)  # noqa: S102 - it is our own documentation
    plugins.register(example, "example")
    queue = example.Queue(id=ResourceId("orders"), queue_name="orders")
    worker = parts.function("work", environment={"QUEUE": queue.arn})

    resources = template_of(parts.role, queue, worker)["Resources"]

    assert resources["Orders"] == {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "orders"}}
    variables = resources["Work"]["Properties"]["Environment"]["Variables"]
    assert variables == {"QUEUE": {"Fn::GetAtt": ["Orders", "Arn"]}}


def test_the_merged_example_adds_a_variable_and_a_table(
    readme: str, parts: Any, template_of: Callable[..., Template]
) -> None:
    over: Mapping[str, Any] = json.loads(block(readme, "json"))
    handler = parts.function(environment={"KEPT": "yes"})

    resources = merged(template_of(parts.role, handler, *parts.api(handler)), over)["Resources"]

    variables = resources["APIHandler"]["Properties"]["Environment"]["Variables"]
    assert variables == {"KEPT": "yes", "TABLE": {"Ref": "Orders"}}
    assert resources["Orders"]["Type"] == "AWS::DynamoDB::Table"


def test_the_options_are_listed(readme: str) -> None:
    assert table(readme, "option of the format") == set(OPTIONS)


def test_the_hooks_are_listed(readme: str) -> None:
    hooks = {name for name, _ in inspect.getmembers(SamPlugin, callable) if name.startswith("chalice_")}

    assert table(readme, "hook") == hooks


def test_every_kind_is_listed(readme: str) -> None:
    assert table(readme, "kind") == {kind.__name__ for kind in KINDS}


def test_the_limits_are_said(readme: str) -> None:
    for limit in (MOST_RESOURCES, MOST_OUTPUTS, LARGEST_TEMPLATE):
        assert f"{limit:,} " in readme


def test_the_names_that_are_not_camel_case_are_listed(readme: str) -> None:
    for id in ("api_handler", "rest_api", "api_handler_invoke_permission", "websocket_api"):
        assert f"`{logical_id(id)}`" in readme
