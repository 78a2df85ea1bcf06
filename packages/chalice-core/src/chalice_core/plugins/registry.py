"""The plugins of one run: loaded one by one, called by hooks, and named when they fail."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from difflib import get_close_matches
from functools import wraps
from importlib.metadata import EntryPoint
from typing import Any

import pluggy

from chalice_core import hookspecs
from chalice_core.errors import ToolError
from chalice_core.plugins.answer_types import checked
from chalice_core.plugins.errors import PluginFailedError
from chalice_core.plugins.info import PluginInfo


class Plugins:
    """The plugins of one run.

    Make one with `load_plugins`; ``Plugins()`` alone has none and suits tests.
    """

    def __init__(self) -> None:
        self._manager = pluggy.PluginManager(hookspecs.PROJECT_NAME)
        self._manager.add_hookspecs(hookspecs)
        self._infos: dict[str, PluginInfo] = {}
        self._others: list[PluginInfo] = []
        self._ready = False

    @property
    def hook(self) -> pluggy.HookRelay:
        """The hooks: ``plugins.hook.chalice_lower_event(event=…, function=…, config=…)``."""
        return self._manager.hook

    @property
    def installed(self) -> tuple[PluginInfo, ...]:
        """All plugins: the usable ones in order of registration, then those that are not used."""
        return (*self._infos.values(), *self._others)

    @property
    def broken(self) -> tuple[PluginInfo, ...]:
        """The plugins that cannot be used, with the reasons."""
        return tuple(info for info in self.installed if info.state == "broken")

    def register(self, plugin: object, name: str) -> None:
        """Add a plugin by hand: a built-in one, or a test's.

        Args:
            plugin: a module or object with hook implementations.
            name: its name; blocking does not apply.

        Raises:
            ValueError: the name is taken or the hooks do not fit their
                specifications, which is a mistake of the caller.
        """
        if name in self._infos:
            raise ValueError(f"a plugin named {name!r} is registered already")
        module = getattr(plugin, "__name__", None) or type(plugin).__module__
        self._infos[name] = PluginInfo(
            name=name, distribution=None, version=None, module=module, state="loaded"
        )
        try:
            self._add(plugin, name)
            if self._ready:
                self._tell(name)
        except pluggy.PluginValidationError as error:
            self._remove(name)
            raise ValueError(str(error)) from error
        except ToolError:
            self._remove(name)
            raise

    def load(self, info: PluginInfo, entry_point: EntryPoint) -> PluginInfo:
        """Import a plugin and register it; when that fails, put it on record as broken.

        Returns:
            What is known about it now, with the state ``loaded`` or ``broken``.
        """
        loaded = replace(info, state="loaded")
        try:
            plugin = _loaded(entry_point)
            if isinstance(plugin, type):
                # A plugin with a state of its own gets a new one for each run.
                plugin = plugin()
            self._infos[info.name] = loaded
            self._add(plugin, info.name)
        except (Exception, SystemExit) as error:
            self._remove(info.name)
            loaded = _broken(info, error)
            self._others.append(loaded)
        return loaded

    def record(self, info: PluginInfo) -> None:
        """Put a plugin on record that is not used."""
        self._others.append(info)

    def ready(self) -> None:
        """Tell every plugin that all are loaded; one that fails now is broken."""
        self._ready = True
        for name in tuple(self._infos):
            try:
                self._tell(name)
            except ToolError as error:  # noqa: PERF203 - one failure must not stop the others
                info = self._infos[name]
                self._remove(name)
                cause = error.__cause__ if isinstance(error, PluginFailedError) else error
                self._others.append(_broken(info, cause if isinstance(cause, Exception) else error))

    def each(self, hook: str, /, **arguments: Any) -> Iterator[tuple[PluginInfo, Any]]:
        """Call a hook plugin by plugin, the first registered first.

        Args:
            hook: its name.
            arguments: all arguments of its specification.

        Yields:
            The plugin and what it answered, None included.

        Raises:
            ToolError: as the plugin raised it; PluginFailedError for anything else.
        """
        for implementation in self._implementations(hook):
            values = [arguments[name] for name in implementation.argnames]
            yield self._infos[implementation.plugin_name], implementation.function(*values)

    def chain(self, hook: str, argument: str, value: Any, /, **arguments: Any) -> Any:
        """Hand a value from plugin to plugin, the first registered first.

        Args:
            hook: its name.
            argument: the argument that carries the value.
            value: what the first plugin gets.
            arguments: the others of the specification.

        Returns:
            What the last plugin answered; an answer of None keeps the value.

        Raises:
            ToolError: as the plugin raised it; PluginFailedError for anything else.
        """
        for implementation in self._implementations(hook):
            given = {**arguments, argument: value}
            answer = implementation.function(*(given[name] for name in implementation.argnames))
            value = value if answer is None else answer
        return value

    def observe(self, hook: str, /, **arguments: Any) -> tuple[ToolError, ...]:
        """Call a hook that only observes; failures stop neither the other plugins nor the caller.

        Returns:
            The failures, to be shown as warnings.
        """
        failures: list[ToolError] = []
        for implementation in self._implementations(hook):
            values = [arguments[name] for name in implementation.argnames]
            try:
                implementation.function(*values)
            except ToolError as error:
                failures.append(error)
        return tuple(failures)

    def _implementations(self, hook: str) -> list[Any]:
        """Return the implementations of a hook, without wrappers: those surround a call of all."""
        implementations = getattr(self._manager.hook, hook).get_hookimpls()
        return [one for one in implementations if not (one.wrapper or one.hookwrapper)]

    def _add(self, plugin: object, name: str) -> None:
        _check_interface(plugin)
        self._check_names(plugin)
        self._manager.register(plugin, name)
        self._manager.check_pending()
        for caller in self._manager.get_hookcallers(plugin) or ():
            for implementation in caller.get_hookimpls():
                if implementation.plugin is plugin:
                    guarded = self._guard(implementation, caller.name)
                    object.__setattr__(implementation, "function", guarded)

    def _check_names(self, plugin: object) -> None:
        """Find what pluggy takes for no implementation, or reports only later and without advice.

        Raises:
            pluggy.PluginValidationError: a hook does not exist, or its implementation is not marked.
        """
        known = [name for name in vars(hookspecs) if name.startswith("chalice_")]
        for name in dir(plugin):
            options = self._manager.parse_hookimpl_opts(plugin, name)
            if options is None:
                if name in known and callable(getattr(plugin, name)):
                    raise pluggy.PluginValidationError(plugin, f"{name} is not marked with @hookimpl")
                continue
            hook = options["specname"] or name
            if hook not in known and not options["optionalhook"]:
                near = get_close_matches(hook, known, n=1)
                advice = f"did you mean {near[0]}?" if near else "upgrade chalice-core, if a newer one has it"
                raise pluggy.PluginValidationError(plugin, f"there is no hook {hook}; {advice}")

    def _remove(self, name: str) -> None:
        self._infos.pop(name, None)
        # By name: one object may be registered under another name rightfully.
        if self._manager.get_plugin(name) is not None:
            self._manager.unregister(name=name)

    def _tell(self, name: str) -> None:
        for implementation in self._manager.hook.chalice_plugins_loaded.get_hookimpls():
            if implementation.plugin_name == name:
                implementation.function(*(self for _ in implementation.argnames))

    def _guard(self, implementation: pluggy.HookImpl, hook: str) -> Callable[..., Any]:
        """Return the implementation so that its failures, and answers of a wrong type, name the plugin."""
        function: Callable[..., Any] = implementation.function
        name = implementation.plugin_name

        if implementation.wrapper or implementation.hookwrapper:

            @wraps(function)
            def guarded(*args: Any) -> Any:
                try:
                    return (yield from function(*args))
                except ToolError:
                    raise
                except (Exception, SystemExit) as error:
                    raise PluginFailedError(plugin=self._infos[name], hook=hook, cause=error) from error
        else:

            @wraps(function)
            def guarded(*args: Any) -> Any:
                try:
                    given = dict(zip(implementation.argnames, args, strict=False))
                    return checked(function(*args), hook=hook, arguments=given, plugin=self._infos[name])
                except ToolError:
                    raise
                except (Exception, SystemExit) as error:
                    raise PluginFailedError(plugin=self._infos[name], hook=hook, cause=error) from error

        return guarded


def _check_interface(plugin: object) -> None:
    """Find a plugin that was written for hooks that are not those of this core.

    Raises:
        pluggy.PluginValidationError: it says so, with what to upgrade.
    """
    written_for = getattr(plugin, "chalice_interface", 1)
    if not isinstance(written_for, int) or isinstance(written_for, bool):
        raise pluggy.PluginValidationError(
            plugin, f"chalice_interface must be the number of a version, not {written_for!r}"
        )
    if written_for > hookspecs.INTERFACE:
        raise pluggy.PluginValidationError(
            plugin,
            f"it was written for version {written_for} of the hooks, and this chalice-core has version "
            f"{hookspecs.INTERFACE}; upgrade chalice-core",
        )
    if written_for < hookspecs.OLDEST_INTERFACE:
        raise pluggy.PluginValidationError(
            plugin,
            f"it was written for version {written_for} of the hooks, and this chalice-core works with "
            f"{hookspecs.OLDEST_INTERFACE} to {hookspecs.INTERFACE}; upgrade the plugin",
        )


def _loaded(entry_point: EntryPoint) -> object:
    if entry_point.pattern.match(entry_point.value) is None:
        raise ValueError(f"its entry point says {entry_point.value!r}, which is not MODULE or MODULE:NAME")
    loaded: object = entry_point.load()
    return loaded


def _broken(info: PluginInfo, error: BaseException) -> PluginInfo:
    meant_for_people = isinstance(error, (ToolError, pluggy.PluginValidationError))
    reason = str(error) if meant_for_people else f"{type(error).__name__}: {error}"
    # SystemExit is no Exception; the reason says all there is to know about it.
    cause = error if isinstance(error, Exception) else None
    return replace(info, state="broken", error=reason, cause=cause)
