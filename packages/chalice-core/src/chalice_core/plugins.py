"""The plugins of one run of a tool: found by metadata, loaded when needed, called by hooks.

A plugin is a module, an object, or a class to make one from, named by an
entry point of the group ``chalice.plugins``.  `find_plugins` reads metadata and imports nothing;
`load_plugins` imports.  A plugin that cannot be used is kept on record with
the reason, and the others work.  Nothing here is global: who starts the
program makes a `Plugins` and passes it on.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import wraps
from importlib.metadata import EntryPoint, entry_points
from typing import Any, Literal

import pluggy

from chalice_core import hookspecs
from chalice_core.errors import ToolError
from chalice_core.kinds import Resource

ENTRY_POINT_GROUP = "chalice.plugins"
DISABLE_VARIABLE = "CHALICE_DISABLE_PLUGINS"

PluginState = Literal["found", "loaded", "blocked", "broken"]

# What ships with the tools is registered first: pluggy asks the newest
# registration first, so what a person installs besides outranks it.
_SHIPPED = ("chalice-core", "chalice-packager", "chalice-deploy", "chalice-cli")


@dataclass(frozen=True, slots=True, kw_only=True)
class PluginInfo:
    """What is known about a plugin.

    Args:
        name: of its entry point; people block it by this name.
        distribution: who brought it; None when it was registered by hand.
        version: of that distribution.
        module: the entry point's value, ``chalice_sqs.hooks``.
        state: ``found`` means installed and not imported (yet).
        error: why it is broken, one sentence or more; None when it is not.
        cause: the exception behind ``error``, for ``--debug``.
    """

    name: str
    distribution: str | None
    version: str | None
    module: str
    state: PluginState
    error: str | None = None
    cause: Exception | None = field(default=None, repr=False, compare=False)

    @property
    def origin(self) -> str:
        """Name the plugin with its distribution and version, for messages."""
        if self.distribution is None:
            return f"{self.name!r} ({self.module})"
        return f"{self.name!r} ({self.distribution} {self.version or 'of unknown version'})"


class PluginFailedError(ToolError):
    """A plugin's hook raised something that is not meant for people.

    The exception itself is the ``__cause__``.
    """

    code = "plugin-failed"

    def __init__(self, *, plugin: PluginInfo, hook: str, cause: Exception) -> None:
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
        self, *, hook: str, answer: object, plugin: PluginInfo | None = None, about: str | None = None
    ) -> None:
        who = "A plugin" if plugin is None else f"The plugin {plugin.origin}"
        super().__init__(
            what=f"{who} answered {hook}{f' for {about}' if about else ''} with {answer!r}.",
            why="That is not what the hook's specification asks for.",
            fix="Report this to the plugin's author; `chalice plugins` lists what is installed.",
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
            plugin = entry_point.load()
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
        self._manager.register(plugin, name)
        self._manager.check_pending()
        for caller in self._manager.get_hookcallers(plugin) or ():
            for implementation in caller.get_hookimpls():
                if implementation.plugin is plugin:
                    guarded = self._guard(implementation, caller.name)
                    object.__setattr__(implementation, "function", guarded)

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
        """Return the implementation so that whatever it raises reaches a person with the plugin's name."""
        function: Callable[..., Any] = implementation.function
        name = implementation.plugin_name

        if implementation.wrapper or implementation.hookwrapper:

            @wraps(function)
            def guarded(*args: Any) -> Any:
                try:
                    return (yield from function(*args))
                except ToolError:
                    raise
                except Exception as error:
                    raise PluginFailedError(plugin=self._infos[name], hook=hook, cause=error) from error
        else:

            @wraps(function)
            def guarded(*args: Any) -> Any:
                try:
                    return function(*args)
                except ToolError:
                    raise
                except Exception as error:
                    raise PluginFailedError(plugin=self._infos[name], hook=hook, cause=error) from error

        return guarded


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


def _broken(info: PluginInfo, error: BaseException) -> PluginInfo:
    reason = str(error) if isinstance(error, ToolError) else f"{type(error).__name__}: {error}"
    # SystemExit is no Exception; the reason says all there is to know about it.
    cause = error if isinstance(error, Exception) else None
    return replace(info, state="broken", error=reason, cause=cause)
