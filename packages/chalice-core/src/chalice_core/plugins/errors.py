"""What can be wrong with plugins and their answers."""

from __future__ import annotations

from chalice_core.errors import ToolError
from chalice_core.kinds import Resource
from chalice_core.plugins.info import PluginInfo


class PluginFailedError(ToolError):
    """A plugin's hook raised something that is not meant for people.

    The exception itself is the ``__cause__``.
    """

    code = "plugin-failed"

    def __init__(self, *, plugin: PluginInfo, hook: str, cause: BaseException) -> None:
        super().__init__(
            what=f"The plugin {plugin.origin} failed in {hook}.",
            why=f"It raised {type(cause).__name__}: {cause}",
            fix="Report this to its author (--debug shows the traceback), "
            f"or block it with -p no:{plugin.name}.",
        )
        self.plugin, self.hook = plugin, hook


class PluginConflictError(ToolError):
    """Two plugins offer the same thing."""

    code = "plugin-conflict"

    def __init__(self, *, thing: str, name: str, plugins: tuple[PluginInfo, PluginInfo]) -> None:
        first, second = plugins
        if first.name == second.name:
            what = f"The plugin {first.origin} offers the {thing} {name!r} twice."
            fix = f"Report this to its author, or block it with -p no:{first.name}."
        else:
            what = f"Two plugins offer the {thing} {name!r}: {first.origin} and {second.origin}."
            fix = f"Block one of them with -p no:{first.name} or -p no:{second.name}, or uninstall it."
        super().__init__(what=what, why="Only one of them can be meant.", fix=fix)
        self.thing, self.name, self.plugins = thing, name, plugins


class HookAnswerError(ToolError):
    """A plugin answered a hook with something of another type than the hook asks for."""

    code = "hook-answer"

    def __init__(
        self,
        *,
        hook: str,
        answer: object,
        expected: str,
        plugin: PluginInfo | None = None,
        about: str | None = None,
    ) -> None:
        who = "A plugin" if plugin is None else f"The plugin {plugin.origin}"
        super().__init__(
            what=f"{who} answered {hook}{f' for {about}' if about else ''} with {answer!r}.",
            why=f"The hook asks for {expected}.",
            fix="Report this to the plugin's author; `chalice plugins` lists what is installed."
            if plugin is None
            else f"Report this to its author, or block it with -p no:{plugin.name}.",
        )
        self.hook, self.plugin = hook, plugin


class UnrealisedKindError(ToolError):
    """A target has no answer for a kind of resource."""

    code = "unrealised-kind"

    def __init__(self, *, target: str, kind: type[Resource]) -> None:
        super().__init__(
            what=f"The target {target!r} cannot express the resource kind {kind.__name__!r}.",
            why=f"No installed plugin realises {kind.__module__}.{kind.__qualname__} there.",
            fix="Use another target, or install (or unblock) the plugin that adds the kind to this target; "
            "`chalice plugins` lists what is installed.",
        )
        self.target, self.kind = target, kind


class PluginOptionError(ToolError):
    """An option ``-p`` that cannot be understood."""

    code = "plugin-option"
    exit_status = 2

    def __init__(self, *, option: str) -> None:
        super().__init__(
            what=f"The plugin option {option!r} is not understood.",
            fix="Write -p no:NAME to block a plugin; `chalice plugins` lists the names.",
        )
        self.option = option
