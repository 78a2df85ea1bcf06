"""AWS's own tools, offline, accept the templates: the SAM translator and cfn-lint."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from chalice_core.kinds import KINDS, Resource
from chalice_sam.testing import lint, problems_of

Template = dict[str, Any]


@pytest.mark.one_python
def test_the_translator_makes_cloudformation_of_it_that_cfn_lint_finds_flawless(
    application: tuple[Resource, ...],
    template_of: Callable[..., Template],
) -> None:
    assert problems_of(template_of(*application)) == []


def test_a_tool_that_does_not_know_sam_finds_whatever_a_template_refers_to(
    application: tuple[Resource, ...], template_of: Callable[..., Template]
) -> None:
    template = template_of(*application)

    named = {name for name in _references(template) if not name.startswith("AWS::")}

    assert named <= template["Resources"].keys()


def _references(tree: object) -> Iterator[str]:
    """Yield what ``Ref``, ``Fn::GetAtt``, ``Fn::Sub`` and ``DependsOn`` name."""
    if isinstance(tree, list):
        for item in tree:
            yield from _references(item)
    if isinstance(tree, dict):
        for key, value in tree.items():
            if key == "Ref":
                yield value
            elif key == "Fn::GetAtt":
                yield value[0]
            elif key == "Fn::Sub":
                yield from re.findall(r"\$\{([^!.}]+)", value)
            elif key == "DependsOn":
                yield from value
            else:
                yield from _references(value)


def test_every_kind_is_in_one_of_the_applications(
    applications: Mapping[str, tuple[Resource, ...]],
) -> None:
    shown = {type(resource) for resources in applications.values() for resource in resources}

    assert shown == {*KINDS}


@pytest.mark.one_python
def test_the_linter_would_find_a_misspelt_property(parts: Any, template_of: Callable[..., Template]) -> None:
    template = template_of(parts.role, parts.function("add"))
    template["Resources"]["Add"]["Properties"]["MemorySiz"] = 128

    assert any("MemorySiz" in problem for problem in lint(template))
