"""Answers of hooks, put together."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from chalice_core.errors import ToolError
from chalice_core.kinds import Resource
from chalice_core.plugins.errors import (
    HookAnswerError,
    PluginConflictError,
    PluginFailedError,
    UnrealisedKindError,
)
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
        protocol: what the target asks for; an answer without one of its members is refused, and whatever
            its methods raise names the plugin, as for hooks.

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
    return answer if protocol is None else _Named(answer, lambda: _who_realises(plugins, target, kind))


class _Named:
    """A plugin's object: what its methods raise, and people cannot read, carries the plugin's name.

    Args:
        answer: the object.
        owner: finds the plugin; called after a failure only.
    """

    __slots__ = ("_answer", "_owner")

    def __init__(self, answer: object, owner: Callable[[], PluginInfo | None]) -> None:
        self._answer = answer
        self._owner = owner

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._answer, name)
        if not callable(value):
            return value

        @wraps(value)
        def call(*args: Any, **keywords: Any) -> Any:
            try:
                return value(*args, **keywords)
            except ToolError:
                raise
            except (Exception, SystemExit) as error:
                plugin = self._owner()
                if plugin is None:
                    raise
                method = f"{type(self._answer).__name__}.{name}"
                raise PluginFailedError(plugin=plugin, hook=method, cause=error) from error

        return call


def _who_realises(plugins: Plugins, target: str, kind: type[Resource]) -> PluginInfo | None:
    """Return whose answer stands; None when it comes from a wrapper."""
    # pluggy asks the newest registration first.
    asked = reversed(list(plugins.each("chalice_realise_kind", target=target, kind=kind)))
    return next((plugin for plugin, answer in asked if answer is not None), None)
