"""For the tests of plugins: builders, a project on disk, and suites of what every plugin owes.

What is here needs no test framework.  `chalice_core.testing.contracts` has the
suites, which need pytest: classes to derive from, one for each sort of plugin.
"""

from chalice_core.testing.builders import (
    DEFAULT_RUNTIME,
    app,
    check_kinds_are_realised,
    event,
    function,
    graph,
    hook_names,
    manifest,
    plugin_manager,
    route,
    stage_config,
    unrealised_kinds,
    write_project,
)
from chalice_core.testing.kinds import every_kind

__all__ = [
    "DEFAULT_RUNTIME",
    "app",
    "check_kinds_are_realised",
    "event",
    "every_kind",
    "function",
    "graph",
    "hook_names",
    "manifest",
    "plugin_manager",
    "route",
    "stage_config",
    "unrealised_kinds",
    "write_project",
]
