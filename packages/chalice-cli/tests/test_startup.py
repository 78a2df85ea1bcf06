"""Starting costs nothing that is not needed."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import chalice_cli

PLUGIN_COUNT = 20
GROUPS = """\
[chalice.plugins]
{name} = {module}

[chalice.commands]
{name}-command = {module}:command
"""
EXPENSIVE = ("boto3", "botocore", "pip", "moto", "rich", "chalice_deploy", "chalice_packager", "pluggy")


@pytest.fixture
def plugin_folder(tmp_path: Path, plugin_writer: Callable[..., None]) -> Path:
    folder = tmp_path / "plugins"
    for number in range(PLUGIN_COUNT):
        name = f"fake-plugin-{number}"
        module = name.replace("-", "_")
        plugin_writer(
            folder,
            name,
            module="raise SystemExit('a plugin was imported')\n",
            groups=GROUPS.format(name=name, module=module),
        )
    return folder


def imported_modules(importtime: str) -> set[str]:
    return {line.rpartition("|")[2].strip() for line in importtime.splitlines() if "|" in line}


@pytest.mark.parametrize(
    "arguments", [["--help"], ["--version"], ["deploy", "--help"], ["package", "--help"]]
)
def test_asking_for_help_imports_no_plugin_and_nothing_that_deploys_or_builds(
    chalice_process: Callable[..., Any], plugin_folder: Path, arguments: list[str]
) -> None:
    outcome = chalice_process(*arguments, path=[plugin_folder], options=["-X", "importtime"])

    modules = imported_modules(outcome.stderr)
    assert outcome.status == 0
    assert not [name for name in modules if name.split(".")[0] in EXPENSIVE]
    assert not [name for name in modules if name.startswith("fake_plugin_")]


def test_the_help_lists_the_commands_of_all_plugins_with_their_summaries(
    chalice_process: Callable[..., Any], plugin_folder: Path
) -> None:
    outcome = chalice_process("--help", path=[plugin_folder])

    text = re.sub(r"\s+", " ", outcome.stdout)
    for number in range(PLUGIN_COUNT):
        assert f"fake-plugin-{number}-command What fake-plugin-{number} does" in text


def test_asking_for_the_version_does_not_even_import_the_command_line_library(
    chalice_process: Callable[..., Any],
) -> None:
    outcome = chalice_process("--version", options=["-X", "importtime"])

    assert "click" not in imported_modules(outcome.stderr)
    pattern = rf"chalice {chalice_cli.__version__}, python 3\.\d+\.\d+, \w+ \S+\n"
    assert re.fullmatch(pattern, outcome.stdout)


def test_the_version_among_other_options_is_the_same(chalice_process: Callable[..., Any]) -> None:
    alone = chalice_process("--version")
    among_others = chalice_process("--debug", "--version")

    assert among_others.stdout == alone.stdout


def test_the_version_is_that_of_the_distribution() -> None:
    from importlib.metadata import version

    assert chalice_cli.__version__ == version("chalice-cli")
