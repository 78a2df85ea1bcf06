"""Which plugins are installed, and which of them a person wants."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from dataclasses import replace
from importlib.metadata import EntryPoint, entry_points

from chalice_core.plugins.errors import PluginOptionError
from chalice_core.plugins.info import PluginInfo
from chalice_core.plugins.registry import Plugins

ENTRY_POINT_GROUP = "chalice.plugins"
DISABLE_VARIABLE = "CHALICE_DISABLE_PLUGINS"

# What ships with the tools is registered first: pluggy asks the newest
# registration first, so what a person installs besides outranks it.
_SHIPPED = ("chalice-core", "chalice-packager", "chalice-deploy", "chalice-cli")


def find_plugins(*, blocked: Collection[str] = ()) -> tuple[PluginInfo, ...]:
    """List the installed plugins by their metadata, in order of registration.  Imports none of them.

    Args:
        blocked: names that are blocked, besides those in the environment
            variable CHALICE_DISABLE_PLUGINS.
    """
    return tuple(info for info, _ in _discover(blocked))


def load_plugins(*, blocked: Collection[str] = (), only: Collection[str] | None = None) -> Plugins:
    """Import and register the installed plugins.

    The order is the same on every machine: what ships with the tools, then
    the others by distribution and name.

    Args:
        blocked: names of plugins that are neither imported nor registered,
            besides those in the environment variable CHALICE_DISABLE_PLUGINS.
        only: names to load; the others stay ``found``.  None loads all.

    Returns:
        The plugins; those that could not be loaded are on record in ``broken``.
    """
    plugins = Plugins()
    for info, entry_point in _discover(blocked):
        if info.state != "found" or (only is not None and info.name not in only):
            plugins.record(info)
        else:
            plugins.load(info, entry_point)
    plugins.ready()
    return plugins


def blocked_names(
    options: Collection[str] = (), environment: Mapping[str, str] | None = None
) -> frozenset[str]:
    """Return the plugins that a person blocks.

    Args:
        options: values of ``-p``; ``no:NAME`` blocks NAME.
        environment: where CHALICE_DISABLE_PLUGINS is looked up, names with commas between; None takes
            the process's own.

    Raises:
        PluginOptionError: an option has another form.
    """
    names = set((os.environ if environment is None else environment).get(DISABLE_VARIABLE, "").split(","))
    for option in options:
        prefix, _, name = option.partition(":")
        if prefix != "no" or not name.strip():
            raise PluginOptionError(option=option)
        names.add(name)
    return frozenset(name.strip() for name in names if name.strip())


def _discover(blocked: Collection[str]) -> list[tuple[PluginInfo, EntryPoint]]:
    refused = blocked_names() | frozenset(blocked)
    found: list[tuple[PluginInfo, EntryPoint]] = []
    for entry_point in entry_points(group=ENTRY_POINT_GROUP):
        distribution = entry_point.dist
        info = PluginInfo(
            name=entry_point.name,
            distribution=distribution.name if distribution else None,
            version=distribution.version if distribution else None,
            module=entry_point.value,
            state="blocked" if entry_point.name in refused else "found",
        )
        found.append((info, entry_point))
    found.sort(key=lambda pair: _rank(pair[0]))
    claims: dict[str, list[PluginInfo]] = {}
    for info, _ in found:
        claims.setdefault(info.name, []).append(info)
    return [(_unless_ambiguous(info, claims[info.name]), entry_point) for info, entry_point in found]


def _rank(info: PluginInfo) -> tuple[int, str, str, str]:
    distribution = (info.distribution or "").lower().replace("_", "-")
    shipped = _SHIPPED.index(distribution) if distribution in _SHIPPED else len(_SHIPPED)
    return shipped, distribution, info.name, info.module


def _unless_ambiguous(info: PluginInfo, claims: list[PluginInfo]) -> PluginInfo:
    """Two plugins of one name could not be told apart when blocking, so neither is used."""
    if len(claims) == 1 or info.state == "blocked":
        return info
    owners = " and ".join(f"{claim.distribution} {claim.version}" for claim in claims)
    return replace(
        info, state="broken", error=f"The name {info.name!r} is claimed by {owners}. Uninstall all but one."
    )
