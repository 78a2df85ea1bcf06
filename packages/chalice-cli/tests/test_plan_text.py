"""A plan says what people want to know, shortly."""

from __future__ import annotations

from typing import Any

import pytest

from chalice_cli._plan_text import plan_lines
from chalice_core.target import Change, Plan, Step


def lines_of(change: Change) -> list[str]:
    step = Step(action="update", id="f", kind="Function", name="hello-dev", changes=(change,))
    return [line.strip() for line in plan_lines(Plan(steps=(step,)))][2:-1]


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        (128, 256, "MemorySize: 128 -> 256"),
        (None, 256, "MemorySize: (not set) -> 256"),
        ("0" * 64, "1" * 64, 'MemorySize: "000000000000…" -> "111111111111…"'),
        ({"b": 1, "a": 2}, None, 'MemorySize: {"a": 2, "b": 1} -> (not set)'),
    ],
)
def test_a_change_shows_both_values(before: Any, after: Any, shown: str) -> None:
    assert lines_of(Change(property="MemorySize", before=before, after=after)) == [shown]


def test_of_a_changed_list_only_what_comes_and_what_goes_is_shown() -> None:
    change = Change(property="Statement", before=["stays", "goes"], after=["stays", "comes"])

    assert lines_of(change) == ["Statement:", '- "goes"', '+ "comes"']


def test_a_change_that_needs_a_new_resource_says_so() -> None:
    change = Change(property="Name", before="a", after="b", replaces=True)

    assert lines_of(change) == ['Name: "a" -> "b"  (needs a new resource)']


def test_a_value_that_deployment_will_give_is_not_shown_as_missing() -> None:
    change = Change(property="Role", before="arn:old", after=None, after_is_known=False)

    assert lines_of(change) == ['Role: "arn:old" -> (known after deployment)']


def test_a_long_value_is_cut() -> None:
    [line] = lines_of(Change(property="Text", before=None, after="x" * 10_000))

    assert len(line) < 500
