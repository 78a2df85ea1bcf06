"""Each family as a stack of its SAM template, in the AWS on this machine."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from families import FAMILIES

from chalice_core.apphost import describe

pytestmark = pytest.mark.slow

EMULATED = {
    family: examples
    for family, examples in FAMILIES.items()
    if not any(example.not_emulated for example in examples.values())
}


def test_only_kafka_is_not_emulated() -> None:
    assert set(FAMILIES) - set(EMULATED) == {"chalice-kafka"}


@pytest.mark.parametrize("family", sorted(EMULATED))
def test_a_stack_gets_what_is_sent_and_leaves_nothing(family: str, make_stack: Callable[..., Any]) -> None:
    examples = EMULATED[family]
    stack = make_stack(examples)

    stack.deploy()
    for decorator, example in examples.items():
        example.send(stack)
        stack.wait_for(stack.application.declaration(decorator).function, example.arriving)
    assert stack.inventory() != stack.before
    stack.delete()

    assert stack.inventory() == stack.before


def test_a_stack_of_what_is_not_emulated_fails_by_name(make_stack: Callable[..., Any]) -> None:
    stack = make_stack(FAMILIES["chalice-kafka"])
    (example,) = FAMILIES["chalice-kafka"].values()

    with pytest.raises(AssertionError, match=example.not_emulated):
        stack.deploy()
    stack.delete()

    assert stack.inventory() == stack.before


@pytest.mark.parametrize("family", ["chalice-cognito", "chalice-s3"])
def test_a_function_of_an_existing_bucket_or_pool_may_be_renamed(
    family: str, make_stack: Callable[..., Any]
) -> None:
    ((decorator, example),) = EMULATED[family].items()
    stack = make_stack(EMULATED[family])
    stack.deploy()
    before = stack.physical_ids()

    rename_function(stack, decorator)
    stack.deploy()
    example.send(stack)

    function = stack.application.declaration(decorator).function
    assert function == "renamed"
    assert "Renamed" in set(stack.physical_ids()) - set(before)
    stack.wait_for(function, example.arriving)
    stack.delete()
    assert stack.inventory() == stack.before


def rename_function(stack: Any, decorator: str) -> None:
    """Call the function of a decorator otherwise, as a person does who edits ``app.py``."""
    folder = stack.application.folder
    source = folder / "app.py"
    text = source.read_text(encoding="utf-8")
    source.write_text(text.replace(f"def {decorator}_handler", "def renamed"), encoding="utf-8")
    manifest = describe(folder, Path(sys.executable))
    stack.local.application = replace(stack.application, manifest=manifest)
