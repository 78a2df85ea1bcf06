"""What the README shows is so."""

from __future__ import annotations

import dataclasses
import inspect
import re
from pathlib import Path
from typing import Any

import pytest

import chalice_cdk
from chalice_cdk.hooks import CdkPlugin
from chalice_cdk.package_config import PackageConfig


@pytest.fixture(scope="module")
def readme() -> str:
    return (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def blocks(readme: str) -> list[str]:
    return [str(block) for block in re.findall(r"```python\n(.*?)```", readme, re.DOTALL)]


def test_the_ways_of_packaging_are_so(blocks: list[str]) -> None:
    names: dict[str, Any] = {}

    exec(compile(blocks[2], "README.md", "exec", dont_inherit=True), names)  # noqa: S102 - it is our own documentation

    assert names["local"].env["PIP_INDEX_URL"]
    assert names["container"].use_container
    assert {field.name for field in dataclasses.fields(PackageConfig)} == {"use_container", "image", "env"}


def test_the_signature_is_the_one_that_is_shown(readme: str) -> None:
    pytest.importorskip("aws_cdk", reason="aws-cdk-lib is not installed")
    (shown,) = re.findall(r"`Chalice\((.*?)\)`:", readme)
    parameters = list(inspect.signature(chalice_cdk.Chalice.__init__).parameters.values())[1:]

    names = [part.partition("=")[0] for part in shown.split(", ") if part != "*"]
    assert names == [parameter.name for parameter in parameters]


def test_the_hooks_are_those_that_are_named(readme: str) -> None:
    (line,) = re.findall(r"^Hooks implemented: (.*)$", readme, re.MULTILINE)

    implemented = {name for name in vars(CdkPlugin) if name.startswith("chalice_")}
    assert set(re.findall(r"`(\w+)`", line)) == implemented


def test_the_files_of_the_format_are_named(readme: str) -> None:
    for name in ("app.py", "cdk.json", "requirements.txt", "sam.json"):
        assert f"`{name}`" in readme
