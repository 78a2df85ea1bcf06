"""The plugins of one run of a tool: found by metadata, loaded when needed, called by hooks.

A plugin is a module, an object or a class named by an entry point of the
group ``chalice.plugins``.  `find_plugins` reads metadata and imports nothing;
`load_plugins` imports.  A plugin that cannot be used is kept on record with
the reason, and the others work.  Nothing here is global: who starts the
program makes a `Plugins` and passes it on.  docs/design/plugins.md tells more.
"""

from chalice_core.plugins.answers import collect_named, realisation_of
from chalice_core.plugins.discovery import (
    DISABLE_VARIABLE,
    ENTRY_POINT_GROUP,
    blocked_names,
    find_plugins,
    load_plugins,
)
from chalice_core.plugins.errors import (
    HookAnswerError,
    PluginConflictError,
    PluginFailedError,
    PluginOptionError,
    UnrealisedKindError,
)
from chalice_core.plugins.info import PluginInfo, PluginState
from chalice_core.plugins.registry import Plugins

__all__ = [
    "DISABLE_VARIABLE",
    "ENTRY_POINT_GROUP",
    "HookAnswerError",
    "PluginConflictError",
    "PluginFailedError",
    "PluginInfo",
    "PluginOptionError",
    "PluginState",
    "Plugins",
    "UnrealisedKindError",
    "blocked_names",
    "collect_named",
    "find_plugins",
    "load_plugins",
    "realisation_of",
]
