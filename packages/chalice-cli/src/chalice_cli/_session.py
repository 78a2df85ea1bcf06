"""One run of the `chalice` command: what its global options said, and the plugins it loaded."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from chalice_cli._talk import Talk

if TYPE_CHECKING:
    from chalice_core.plugins import Plugins


@dataclass(slots=True, kw_only=True)
class Session:
    """What every command gets from the command line before its own name.

    Args:
        project_dir: the project, absolute once the options are read; it is the working directory too.
        python: interpreter for the application, or None to choose one.
        blocked: names of plugins that are not loaded.
        debug: tracebacks and logs are shown.
        command: name of the command that runs.
        failed: the command ended with an error.
    """

    project_dir: Path = Path()
    python: str | None = None
    blocked: frozenset[str] = frozenset()
    debug: bool = False
    command: str = ""
    failed: bool = False
    talk: Talk = field(default_factory=Talk)
    _plugins: Plugins | None = None

    @property
    def plugins(self) -> Plugins:
        """The plugins; loaded when first asked for, and the broken ones named then."""
        if self._plugins is None:
            from chalice_core.plugins import load_plugins

            self._plugins = load_plugins(blocked=self.blocked)
            for info in self._plugins.broken:
                self.talk.warn(f"The plugin {info.origin} is broken and was left out: {info.error}")
            self._warn_of_unknown_names(self._plugins)
        return self._plugins

    def _warn_of_unknown_names(self, plugins: Plugins) -> None:
        """Tell of names that block nothing; those of the environment may be meant for other projects."""
        from difflib import get_close_matches

        from chalice_cli._group import COMMANDS_GROUP, PLUGINS_GROUP
        from chalice_cli._installed import offers
        from chalice_core.plugins import blocked_names

        known = {info.name for info in plugins.installed}
        unknown = self.blocked - blocked_names() - known
        if unknown:
            found = offers((COMMANDS_GROUP, PLUGINS_GROUP))
            with_plugins = {offer.distribution for offer in found if offer.group == PLUGINS_GROUP}
            # A distribution that has a command and no plugin is blocked by the command's name.
            unknown -= {offer.name for offer in found if offer.distribution not in with_plugins}
        for name in sorted(unknown):
            near = get_close_matches(name, known, n=1)
            advice = f"did you mean {near[0]!r}?" if near else "`chalice plugins` lists those that are."
            self.talk.warn(f"No plugin {name!r} is installed, so -p no:{name} blocks nothing; {advice}")

    @property
    def has_broken_plugins(self) -> bool:
        """Whether a plugin was left out because it cannot be loaded; loads none to find out."""
        return self._plugins is not None and bool(self._plugins.broken)
