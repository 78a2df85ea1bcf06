"""What is shipped for the tests of plugins works as it says."""

from __future__ import annotations

from pathlib import Path

import pytest

from chalice_core.config import load_config
from chalice_core.hookspecs import hookimpl
from chalice_core.kinds import KINDS, Resource, Role
from chalice_core.manifest import Manifest
from chalice_core.testing import (
    app,
    check_kinds_are_realised,
    event,
    function,
    manifest,
    plugin_manager,
    unrealised_kinds,
    write_project,
)


class AllButRoles:
    """A target that forgot something."""

    @hookimpl
    def chalice_realise_kind(self, target: str, kind: type[Resource]) -> str | None:
        return "answer" if target == "paper" and kind is not Role else None


class Roles:
    """A plugin that adds what is missing."""

    @hookimpl
    def chalice_realise_kind(self, target: str, kind: type[Resource]) -> str | None:
        return "answer" if (target, kind) == ("paper", Role) else None


def test_a_target_with_an_answer_for_each_kind_passes() -> None:
    check_kinds_are_realised(plugin_manager(AllButRoles(), Roles()), "paper")


def test_a_target_without_one_fails_and_the_kind_is_named() -> None:
    with pytest.raises(AssertionError, match="'paper' does not realise Role"):
        check_kinds_are_realised(plugin_manager(AllButRoles()), "paper")


def test_a_target_that_nobody_knows_realises_nothing() -> None:
    assert unrealised_kinds(plugin_manager(AllButRoles()), "stone") == KINDS


def test_builders_take_what_a_test_is_about() -> None:
    assert function("other", timeout=3).timeout == 3
    assert isinstance(manifest(), Manifest)
    assert manifest(app(name="shop")).app.name == "shop"


def test_a_function_is_declared_once_however_many_events_it_has() -> None:
    made = app(events=[event("a", "on_a"), event("b", "on_b")])

    assert [one.name for one in made.functions] == ["work"]


def test_a_written_project_can_be_loaded(tmp_path: Path) -> None:
    folder = write_project(tmp_path / "new", source="app = 1\n", files={"chalicelib/data.bin": b"\0"})

    assert load_config(folder).stage("dev").app_name == "hello"
    assert (folder / "app.py").read_text() == "app = 1\n"
    assert (folder / "chalicelib" / "data.bin").read_bytes() == b"\0"


def test_a_plugin_that_breaks_at_the_start_is_a_mistake_of_the_test() -> None:
    class Broken:
        @hookimpl
        def chalice_plugins_loaded(self) -> None:
            raise KeyError("boo")

    with pytest.raises(ValueError, match="boo"):
        plugin_manager(Broken())
