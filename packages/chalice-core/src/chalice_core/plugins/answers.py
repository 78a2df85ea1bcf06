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
            name = item.name
            if name in owners:
                raise PluginConflictError(thing=thing, name=name, plugins=(owners[name], plugin))
            items[name], owners[name] = item, plugin
    return items


def realisation_of(
    plugins: Plugins, target: str, kind: type[Resource], *, protocol: type | None = None
) -> object:
    """Return how a target realises a kind (``chalice_realise_kind``).

    Args:
        plugins: whom to ask.
        target: the target's name.
        kind: the class of the resource.
        protocol: what the target asks for; an answer without one of its members is refused.

    Raises:
        UnrealisedKindError: no plugin answers.
        HookAnswerError: the answer is not what the target asks for.
    """
    answer: object | None = plugins.hook.chalice_realise_kind(target=target, kind=kind)
    if answer is None:
        raise UnrealisedKindError(target=target, kind=kind)
    members = () if protocol is None else tuple(name for name in dir(protocol) if not name.startswith("_"))
    if protocol is not None and (
        isinstance(answer, type) or not all(hasattr(answer, name) for name in members)
    ):
        raise HookAnswerError(
            hook="chalice_realise_kind",
            answer=answer,
            expected=f"an instance of {protocol.__module__}.{protocol.__name__}, with {', '.join(members)}",
            plugin=_who_realises(plugins, target, kind),
            about=f"the kind {kind.__name__!r} in the target {target!r}",
        )
    return answer


def _who_realises(plugins: Plugins, target: str, kind: type[Resource]) -> PluginInfo | None:
    """Return whose answer stands; None when it comes from a wrapper."""
    # pluggy asks the newest registration first.
    asked = reversed(list(plugins.each("chalice_realise_kind", target=target, kind=kind)))
    return next((plugin for plugin, answer in asked if answer is not None), None)
