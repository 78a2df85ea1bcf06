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

from chalice_core.graph import Graph
from chalice_core.plugins import Plugins
from chalice_core.values import ResourceId
from chalice_terraform.configuration import PROVIDERS
from chalice_terraform.hooks import TerraformPlugin
from chalice_terraform.null_data import CONFIG_KEY, FILE

ConfigurationOf = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def readme() -> str:
    return (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")


def blocks(readme: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", readme, re.DOTALL)


def rows(readme: str, heading: str) -> dict[str, str]:
    """Return the second column of a table by the first, which begins with ``heading``."""
    table = readme.split(f"| {heading} |", 1)[1].split("\n\n", 1)[0].splitlines()[2:]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in table]
    return {first.strip("`"): second for first, second in cells}


def test_the_plugin_of_the_example_adds_its_kind(
    readme: str, plugins: Plugins, parts: Any, configuration_of: ConfigurationOf
) -> None:
    source = next(each for each in blocks(readme, "python") if "hookimpl" in each)
    example = types.ModuleType("example")
    exec(compile(source, "README.md", "exec", dont_inherit=True), example.__dict__)  # noqa: S102 - it is our own documentation
    plugins.register(example, "example")
    queue = example.Queue(id=ResourceId("orders"), queue_name="orders")
    worker = parts.function("work", environment={"QUEUE": queue.arn})

    resources = configuration_of(parts.role, queue, worker)["resource"]

    assert resources["aws_sqs_queue"]["orders"] == {"name": "orders"}
    variables = resources["aws_lambda_function"]["work"]["environment"]["variables"]
    assert variables == {"QUEUE": "${aws_sqs_queue.orders.arn}"}


def test_the_bucket_of_the_example_is_referred_to(
    readme: str, parts: Any, configuration_of: ConfigurationOf
) -> None:
    (bucket,) = re.findall(r'bucket="([^"]+)"', readme)
    own = next(each for each in blocks(readme, "terraform") if "aws_s3_bucket" in each)
    shrink = parts.function("shrink")

    document = configuration_of(parts.role, shrink, *parts.bucket(shrink, bucket))

    assert document["resource"]["aws_s3_bucket_notification"]["uploads_notify"]["bucket"] == bucket
    for type, name in re.findall(r"(?<!\w)(aws_\w+|local)\.(\w+)", own):
        assert name in (document["locals"] if type == "local" else document["resource"][type])


def test_what_becomes_what_is_so(
    readme: str, every_application: Mapping[str, tuple[Any, ...]], configuration_of: ConfigurationOf
) -> None:
    table = {kind: {*re.findall(r"aws(?:cc)?_\w+", text)} for kind, text in rows(readme, "kind").items()}
    written: set[str] = set()
    kinds: set[str] = set()
    for resources in every_application.values():
        written |= {*configuration_of(*resources)["resource"]}
        kinds |= {type(each).__name__ for each in Graph.of(resources)}

    assert {*table} == kinds
    assert set().union(*table.values()) == written


def test_what_files_of_ones_own_can_read_is_there(
    readme: str, parts: Any, configuration_of: ConfigurationOf
) -> None:
    handler = parts.function()
    document = configuration_of(parts.role, handler, *parts.api(handler))

    names = " ".join(rows(readme, "what files of your own can read"))

    assert {*re.findall(r"local\.(\w+)", names)} == {*document["locals"]}
    assert {*re.findall(r"data\.(\w+)\.chalice", names)} == {*document["data"]}


def test_the_outputs_are_listed(
    readme: str, every_application: Mapping[str, tuple[Any, ...]], configuration_of: ConfigurationOf
) -> None:
    (listed,) = re.findall(r"^Outputs: (.*?)\n\n", readme, re.DOTALL | re.MULTILINE)
    names = {*re.findall(r"`(\w+)`", listed)} | {
        f"Websocket{event}Handler{word}"
        for event in ("Connect", "Message", "Disconnect")
        for word in ("Arn", "Name")
    }

    written: set[str] = set()
    for resources in every_application.values():
        written |= {*configuration_of(*resources).get("output", {})}

    # The URL is called after a function.
    assert written - {"WorkUrl"} == names - {"MyFuncUrl", "my_func"}


def test_the_hooks_are_listed(readme: str) -> None:
    hooks = {name for name, _ in inspect.getmembers(TerraformPlugin, callable) if name.startswith("chalice_")}

    assert {*rows(readme, "hook")} == hooks


def test_providers_and_keys_are_named(readme: str) -> None:
    for provider in PROVIDERS.values():
        assert f"`{provider['source']}`" in readme
    assert json.dumps(CONFIG_KEY) in readme
    assert f"`{FILE}`" in readme
