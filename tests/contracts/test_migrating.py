"""What docs/migrating.md promises to those who come from aws/chalice."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import chalice
from chalice._installed import FIRST_PARTY
from chalice.extensions import ATTRIBUTES, DECORATORS, EXPORTS, catalog
from chalice_cli._group import NOT_YET

ROW = re.compile(r"^\| (`.+`) \| (chalice-[a-z0-9-]+) \|$", re.MULTILINE)


@pytest.fixture(scope="module")
def manual(root: Path) -> str:
    return (root / "docs" / "migrating.md").read_text(encoding="utf-8")


def names_by_distribution(manual: str) -> dict[str, set[str]]:
    return {distribution: set(re.findall(r"`(\w+)`", names)) for names, distribution in ROW.findall(manual)}


def test_the_manual_says_which_distribution_has_which_name(manual: str) -> None:
    for_applications = {
        distribution: {name for name in names if not name.startswith("generate_") and name != "websocket"}
        for distribution, names in FIRST_PARTY.items()
    }

    assert names_by_distribution(manual) == for_applications


def test_every_name_in_the_manual_is_there(manual: str) -> None:
    offered = {name for group in (ATTRIBUTES, DECORATORS, EXPORTS) for name in catalog.offered(group)}

    for names in names_by_distribution(manual).values():
        assert names <= offered


def test_the_manual_lists_the_commands_that_are_missing(manual: str) -> None:
    listed = manual.partition("## What is not there yet")[2].partition(". ")[0]

    assert {name.removeprefix("chalice ") for name in re.findall(r"`([a-z -]+)`", listed)} == NOT_YET


def test_a_star_gives_what_type_checkers_see() -> None:
    source = Path(chalice.__file__).read_text(encoding="utf-8")
    (declared,) = (
        node.value
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__"
    )

    assert set(chalice.__all__) == set(ast.literal_eval(declared)) - {"__version__"}
