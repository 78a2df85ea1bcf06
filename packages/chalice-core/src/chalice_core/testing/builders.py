"""Builders with defaults, a project on disk, and promises to check.

Builders take the fields that a test is about and fill in the others; they
return the real, frozen objects.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from chalice_core import hookspecs
from chalice_core.config import StageConfig
from chalice_core.graph import Graph
from chalice_core.kinds import KINDS, Function, Resource
from chalice_core.lowering import build_graph
from chalice_core.manifest import (
    MANIFEST_VERSION,
    App,
    EventDeclaration,
    Extensions,
    FunctionDeclaration,
    Manifest,
    PythonInfo,
    RouteDeclaration,
)
from chalice_core.plugins import Plugins, UnrealisedKindError, realisation_of
from chalice_core.values import Output, ResourceId

DEFAULT_RUNTIME = "python3.12"


def function(name: str = "work", **fields: Any) -> Function:
    """Return a function of the application ``hello`` in the stage ``dev``.

    Args:
        name: its logical name and id.
        fields: of `Function`, as they should differ.
    """
    defaults: dict[str, Any] = {
        "id": ResourceId(name),
        "name": name,
        "function_name": f"hello-dev-{name}",
        "handler": f"app.{name}",
        "runtime": DEFAULT_RUNTIME,
        "role": Output(ResourceId("default-role"), "arn"),
    }
    return Function(**{**defaults, **fields})


def route(path: str = "/", method: str = "GET", **fields: Any) -> RouteDeclaration:
    """Return the declaration of a view called ``index``."""
    defaults: dict[str, Any] = {
        "path": path,
        "method": method,
        "view_name": "index",
        "handler": "app.index",
        "content_types": ("application/json",),
        "api_key_required": False,
        "authorizer": None,
        "cors": None,
        "summary": "",
        "description": "",
    }
    return RouteDeclaration(**{**defaults, **fields})


def event(source: str, decorator: str, function: str = "work", **options: Any) -> EventDeclaration:
    """Return a declared event with these options of its decorator."""
    return EventDeclaration(source=source, decorator=decorator, function=function, options=options)


def app(
    *,
    routes: Sequence[RouteDeclaration] = (),
    events: Sequence[EventDeclaration] = (),
    pure: Sequence[str] = (),
    **fields: Any,
) -> App:
    """Return an application called ``hello``.

    Args:
        routes: its routes.
        events: its events; each function that one of them names is declared, too.
        pure: names of functions without an event.
        fields: of `App`, as they should differ.
    """
    functions = [
        *(FunctionDeclaration(name=name, handler=f"app.{name}", kind="pure") for name in pure),
        *(
            FunctionDeclaration(name=name, handler=f"app.{name}", kind="event")
            for name in dict.fromkeys(event.function for event in events)
        ),
    ]
    defaults: dict[str, Any] = {
        "name": "hello",
        "routes": tuple(routes),
        "events": tuple(events),
        "functions": tuple(functions),
    }
    return App(**{**defaults, **fields})


def manifest(of: App | None = None, **fields: Any) -> Manifest:
    """Return the manifest of an application, by default one without anything in it."""
    defaults: dict[str, Any] = {
        "version": MANIFEST_VERSION,
        "runtime_version": "0.1.0",
        "python": PythonInfo(
            version="3.12.1",
            implementation="cpython",
            executable="/usr/bin/python3.12",
            cache_tag="cpython-312",
        ),
        "app": app() if of is None else of,
        "runtime_files": (),
        "extensions": Extensions(),
    }
    return Manifest(**{**defaults, **fields})


def stage_config(project_dir: Path | None = None, **fields: Any) -> StageConfig:
    """Return the configuration of the stage ``dev`` of the application ``hello``.

    Args:
        project_dir: the project; by default a folder that need not exist.
        fields: of `StageConfig`, as they should differ.
    """
    defaults: dict[str, Any] = {
        "project_dir": Path("/project") if project_dir is None else project_dir,
        "app_name": "hello",
        "stage": "dev",
    }
    return StageConfig(**{**defaults, **fields})


def plugin_manager(*plugins: object) -> Plugins:
    """Return plugins that are exactly these objects or modules, in this order.

    Raises:
        ValueError: a hook of one of them does not fit its specification.
    """
    manager = Plugins()
    for index, plugin in enumerate(plugins):
        name = getattr(plugin, "__name__", None) or type(plugin).__name__
        manager.register(plugin, f"{name}-{index}")
    manager.ready()
    if manager.broken:
        raise ValueError("; ".join(f"{info.name}: {info.error}" for info in manager.broken))
    return manager


def graph(of: App, *plugins: object, config: StageConfig | None = None) -> Graph:
    """Return the graph of an application, lowered by these plugins alone."""
    return build_graph(of, DEFAULT_RUNTIME, config or stage_config(), plugin_manager(*plugins))


def write_project(
    folder: Path,
    *,
    source: str = "",
    config: Mapping[str, Any] | str | None = None,
    files: Mapping[str, str | bytes] | None = None,
) -> Path:
    """Write a project and return its folder.

    Args:
        folder: where; created when missing.
        source: the text of ``app.py``.
        config: `.chalice/config.json`: what it says, or its very text; None writes an
            application ``hello`` with the stage ``dev``.
        files: further files, relative names with forward slashes to content.
    """
    if config is None:
        config = {"version": "2.0", "app_name": "hello", "stages": {"dev": {}}}
    contents: dict[str, str | bytes] = {
        "app.py": source,
        ".chalice/config.json": config if isinstance(config, str) else json.dumps(config, indent=2),
        **(files or {}),
    }
    for name, content in contents.items():
        path = folder.joinpath(*name.split("/"))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def unrealised_kinds(
    plugins: Plugins, target: str, kinds: Iterable[type[Resource]] = KINDS
) -> tuple[type[Resource], ...]:
    """Return the kinds that nobody realises in a target."""
    missing: list[type[Resource]] = []
    for kind in kinds:
        try:
            realisation_of(plugins, target, kind)
        except UnrealisedKindError:  # noqa: PERF203 - all of them are wanted
            missing.append(kind)
    return tuple(missing)


def check_kinds_are_realised(plugins: Plugins, target: str, kinds: Iterable[type[Resource]] = KINDS) -> None:
    """Check the promise of every target: it has an answer for each kind.

    Raises:
        AssertionError: it has none for some; all of them are named.
    """
    missing = unrealised_kinds(plugins, target, kinds)
    if missing:
        raise AssertionError(
            f"the target {target!r} does not realise {', '.join(k.__name__ for k in missing)}"
        )


def hook_names() -> tuple[str, ...]:
    """Return the names of all hooks, in the order of their specifications."""
    return tuple(name for name in vars(hookspecs) if name.startswith("chalice_"))
