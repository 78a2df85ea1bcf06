"""Fixtures: stacks of SAM templates in the AWS on this machine."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

# Tests of several folders share `families`; with pytest's importlib mode nothing else makes it importable.
sys.path.insert(0, str(Path(__file__).parents[1] / "shared"))
sys.path.insert(0, str(Path(__file__).parent))

from stacks import Stack

from chalice_core.testing.contracts import Example
from chalice_core.testing.local import LocalServer

MakeStack = Callable[[Mapping[str, Example]], Stack]


@pytest.fixture
def make_stack(
    chalice_local_server: LocalServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[MakeStack]:
    """Make stacks of applications with one function for each example; what is left of them is deleted."""
    made: list[Stack] = []

    def make(examples: Mapping[str, Example]) -> Stack:
        stack = Stack(examples, tmp_path_factory.mktemp("stack"), chalice_local_server)
        made.append(stack)
        return stack

    yield make
    for stack in made:
        stack.delete()
