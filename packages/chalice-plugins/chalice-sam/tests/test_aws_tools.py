"""AWS's own tools, offline, accept the templates: the SAM translator and cfn-lint."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from chalice_core.kinds import KINDS, Resource

Template = dict[str, Any]


@pytest.fixture(scope="module")
def lint() -> Callable[[Template], list[str]]:
    """Ask cfn-lint for errors and warnings; its informational rules are advice on other matters."""
    from cfnlint.api import lint
    from cfnlint.config import ManualArgs
    from cfnlint.core import get_rules

    rules = get_rules([], [], ["E", "W"])

    def run(template: Template) -> list[str]:
        matches = lint(json.dumps(template), rules, ["us-west-2"], config=ManualArgs(ignore_checks=["I"]))
        return [f"{match.rule.id}: {match.message}" for match in matches]

    return run


def test_the_translator_makes_cloudformation_of_it_that_cfn_lint_finds_flawless(
    application: tuple[Resource, ...],
    template_of: Callable[..., Template],
    translate: Callable[[Template], Template],
    lint: Callable[[Template], list[str]],
) -> None:
    template = template_of(*application)

    translated = translate(template)

    assert lint(template) == []
    assert lint(translated) == []
    assert not [r for r in translated["Resources"].values() if r["Type"].startswith("AWS::Serverless")]


def test_every_kind_is_in_one_of_the_applications(
    applications: Mapping[str, tuple[Resource, ...]],
) -> None:
    shown = {type(resource) for resources in applications.values() for resource in resources}

    assert shown == {*KINDS}


def test_the_linter_would_find_a_misspelt_property(
    parts: Any, template_of: Callable[..., Template], lint: Callable[[Template], list[str]]
) -> None:
    template = template_of(parts.role, parts.function("add"))
    template["Resources"]["Add"]["Properties"]["MemorySiz"] = 128

    assert any("MemorySiz" in problem for problem in lint(template))
