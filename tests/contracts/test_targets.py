"""Every kind has an answer in every target.

Families and targets meet only in the kinds: a kind that one target cannot
express would break each family that uses it there.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pytest

from chalice_core.kinds import KINDS, Resource
from chalice_core.plugins import Plugins, UnrealisedKindError, collect_named, realisation_of
from chalice_deploy.handler import KindHandler
from chalice_sam import Renderer
from chalice_terraform import Renderer as TerraformRenderer

FORMAT_TARGETS = {"cloudformation": "sam", "terraform": "terraform"}
"""The name under which the renderers of an output format are registered."""

PROTOCOLS: dict[str, type] = {"aws": KindHandler, "sam": Renderer, "terraform": TerraformRenderer}
"""What each target asks of an answer."""


def targets_of(plugins: Plugins) -> set[str]:
    """Return the targets that are installed: clouds to deploy to, and formats."""
    clouds = collect_named(plugins, "chalice_deployment_targets", thing="deployment target")
    formats = collect_named(plugins, "chalice_output_formats", thing="output format")
    return {*clouds, *(FORMAT_TARGETS[name] for name in formats)}


def unanswered(
    plugins: Plugins, targets: Iterable[str], kinds: Iterable[type[Resource]]
) -> list[tuple[str, str]]:
    """Return the pairs of target and kind that have no answer."""
    missing = []
    for target in sorted(targets):
        for kind in kinds:
            try:
                realisation_of(plugins, target, kind)
            except UnrealisedKindError:
                missing.append((target, kind.__name__))
    return missing


def test_every_plugin_works(plugins: Plugins) -> None:
    assert [(plugin.name, plugin.error) for plugin in plugins.broken] == []


def test_the_targets_that_ship_are_installed(plugins: Plugins) -> None:
    assert targets_of(plugins) == set(PROTOCOLS)


def test_every_kind_has_an_answer_in_every_target(plugins: Plugins) -> None:
    assert unanswered(plugins, PROTOCOLS, KINDS) == []


def test_a_kind_without_an_answer_would_be_noticed_in_every_target(plugins: Plugins) -> None:
    @dataclass(frozen=True, slots=True, kw_only=True)
    class MadeUp(Resource):
        """Nobody realises this."""

    assert unanswered(plugins, PROTOCOLS, (*KINDS, MadeUp)) == [
        ("aws", "MadeUp"),
        ("sam", "MadeUp"),
        ("terraform", "MadeUp"),
    ]


@pytest.mark.parametrize("target", sorted(PROTOCOLS))
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_an_answer_is_what_its_target_asks_for(plugins: Plugins, target: str, kind: type[Resource]) -> None:
    answer = realisation_of(plugins, target, kind)

    demanded = {name for name in vars(PROTOCOLS[target]) if not name.startswith("_")}
    assert demanded
    assert {name for name in demanded if not hasattr(answer, name)} == set()


def test_the_kinds_are_all_the_kinds_of_a_finished_graph() -> None:
    from chalice_core import kinds

    defined = {
        item
        for item in vars(kinds).values()
        if isinstance(item, type) and issubclass(item, Resource) and item not in (Resource, kinds.Grant)
    }

    assert set(KINDS) == defined
