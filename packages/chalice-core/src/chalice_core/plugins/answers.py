"""Answers of hooks, put together."""

from __future__ import annotations

from typing import Any

from chalice_core.kinds import Resource
from chalice_core.plugins.errors import HookAnswerError, PluginConflictError, UnrealisedKindError
from chalice_core.plugins.info import PluginInfo
from chalice_core.plugins.registry import Plugins


def collect_named(plugins: Plugins, hook: str, /, *, thing: str, **arguments: Any) -> dict[str, Any]:
    """Call a contributing hook and return its items by their ``name``.

    Args:
        plugins: whom to ask.
        hook: the hook, ``chalice_output_formats``.
        thing: what it collects, for messages: ``output format``.
        arguments: of the hook.

    Raises:
        PluginConflictError: two items have one name; it names both plugins.
        ToolError: as a plugin raised it.
    """
    items: dict[str, Any] = {}
    owners: dict[str, PluginInfo] = {}
    for plugin, answer in plugins.each(hook, **arguments):
        for item in answer or ():
            name = getattr(item, "name", None)
            if not isinstance(name, str):
                raise HookAnswerError(hook=hook, answer=item, plugin=plugin)
            if name in owners:
                raise PluginConflictError(thing=thing, name=name, plugins=(owners[name], plugin))
            items[name], owners[name] = item, plugin
    return items


def realisation_of(plugins: Plugins, target: str, kind: type[Resource]) -> object:
    """Return how a target realises a kind (``chalice_realise_kind``).

    Raises:
        UnrealisedKindError: no plugin answers.
    """
    answer: object | None = plugins.hook.chalice_realise_kind(target=target, kind=kind)
    if answer is None:
        raise UnrealisedKindError(target=target, kind=kind)
    return answer
