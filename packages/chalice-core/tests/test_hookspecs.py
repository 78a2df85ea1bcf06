"""A hook's specification is its manual, so the manual is checked."""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
from collections.abc import Callable
from typing import Any

import pytest

from chalice_core import hookspecs
from chalice_core.plugins import Plugins
from chalice_core.testing import hook_names

HOOKS: dict[str, Callable[..., Any]] = {name: getattr(hookspecs, name) for name in hook_names()}
SECTIONS = ("Called by:", "When:", "First result:", "Args:", "Returns:", "Raises:", "Example::")


def sections_of(hook: Callable[..., Any]) -> dict[str, str]:
    """Split a docstring at its headings; the text before the first is under the empty heading."""
    found: dict[str, list[str]] = {"": []}
    current = ""
    for line in (inspect.getdoc(hook) or "").splitlines():
        heading = re.match(r"(Called by:|When:|First result:|Args:|Returns:|Raises:|Example::)(.*)", line)
        if heading:
            current = heading[1]
            found[current] = [heading[2]]
        else:
            found[current].append(line)
    return {name: "\n".join(lines).strip("\n") for name, lines in found.items()}


def test_there_are_hooks() -> None:
    assert {"chalice_lower_event", "chalice_realise_kind", "chalice_config_keys"} <= set(HOOKS)


@pytest.mark.parametrize("name", HOOKS)
def test_the_manual_has_its_sections_in_order(name: str) -> None:
    sections = sections_of(HOOKS[name])
    expected = [one for one in SECTIONS if one != "Args:" or inspect.signature(HOOKS[name]).parameters]

    assert sections[""].strip()
    assert [one for one in sections if one] == expected
    assert all(text.strip() for text in sections.values())


@pytest.mark.parametrize("name", HOOKS)
def test_exactly_the_arguments_are_documented(name: str) -> None:
    documented = re.findall(r"^    (\w+): ", sections_of(HOOKS[name]).get("Args:", ""), re.MULTILINE)

    assert documented == list(inspect.signature(HOOKS[name]).parameters)


@pytest.mark.parametrize("name", HOOKS)
def test_first_result_is_said_as_it_is(name: str) -> None:
    said = sections_of(HOOKS[name])["First result:"].strip()

    options = HOOKS[name].chalice_spec  # type: ignore[attr-defined]
    assert said.startswith("yes" if options["firstresult"] else "no")


@pytest.mark.parametrize("name", HOOKS)
def test_the_example_is_an_implementation_that_can_be_registered(name: str) -> None:
    source = textwrap.dedent(sections_of(HOOKS[name])["Example::"])
    names = {node.name for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef)}
    namespace: dict[str, Any] = {"hookimpl": hookspecs.hookimpl}

    exec(source, namespace)  # noqa: S102 - the text is our own documentation

    assert name in names
    plugin = next((one() for one in namespace.values() if isinstance(one, type)), None)
    if plugin is None:
        plugin = type("Plugin", (), {name: staticmethod(namespace[name])})()
    plugins = Plugins()
    plugins.register(plugin, "example")
    assert [info.name for info in plugins.installed] == ["example"]
    assert getattr(plugins.hook, name).get_hookimpls()


@pytest.mark.parametrize("name", HOOKS)
def test_who_calls_a_hook_in_this_package_does_call_it(name: str) -> None:
    """A caller within chalice_core that the manual names exists and mentions the hook's name."""
    callers = re.findall(r"``chalice_core\.([\w.]+)``", sections_of(HOOKS[name])["Called by:"])

    for caller in callers:
        module_name, _, function = caller.rpartition(".")
        module = __import__(f"chalice_core.{module_name}", fromlist=["_"])
        assert callable(getattr(module, function))


@pytest.mark.parametrize("name", HOOKS)
def test_arguments_and_answer_are_typed(name: str) -> None:
    annotations = HOOKS[name].__annotations__

    assert set(annotations) == {*inspect.signature(HOOKS[name]).parameters, "return"}
