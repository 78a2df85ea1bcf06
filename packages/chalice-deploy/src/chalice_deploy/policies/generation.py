"""Permissions from source for the functions of an application."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from chalice_core.values import Output, ResourceId
from chalice_deploy.policies.analysis import Analysis, analyse
from chalice_deploy.policies.machine import Entry
from chalice_deploy.policies.statements import Finding, merged

if TYPE_CHECKING:
    from chalice_core.config import StageConfig
    from chalice_core.kinds import Function, Grant
    from chalice_core.manifest import App

API_HANDLER = "api_handler"


def grants(app: App, functions: Sequence[Function], config: StageConfig) -> list[Grant]:
    """Return the permissions that functions with a generated policy need for what their source calls.

    Functions that share a role share its permissions.  Functions whose policy or role is written by hand get
    none.

    Raises:
        UnreadableSourceError: a file that the application imports is no Python for the tools' Python.
    """
    from chalice_core.kinds import Grant

    roles: dict[ResourceId, list[Function]] = {}
    for function in functions:
        settings = config.function(function.name)
        if settings.manage_iam_role and settings.autogen_policy and isinstance(function.role, Output):
            roles.setdefault(function.role.of, []).append(function)
    main = main_file(config.project_dir)
    if not roles or main is None:
        return []
    analysis = analyse(config.project_dir, main)
    by_function = _entries_by_function(app, analysis)
    found: list[Grant] = []
    for role, sharing in roles.items():
        findings = [
            finding
            for environment, entries in _by_environment(sharing, by_function).items()
            for finding in analysis.findings(dict(environment), entries)
        ]
        found += [
            Grant(
                id=ResourceId(f"{role}-from-source-{number}"),
                role=sharing[0].role,
                actions=statement.actions,
                on=statement.resources,
            )
            for number, statement in enumerate(merged(findings), 1)
        ]
    return found


def findings_without_manifest(analysis: Analysis, config: StageConfig | None) -> list[Finding]:
    """Return the findings of a whole application of which nothing but the source is known.

    A function has the environment variables that the configuration gives to its name.

    Args:
        analysis: of its source.
        config: of the stage; None when there is no configuration.
    """
    groups: dict[tuple[tuple[str, str], ...], list[Entry]] = {}
    for entry in analysis.entries:
        environment: Mapping[str, str] = {}
        if config is not None:
            name = API_HANDLER if entry.decorator == "route" else entry.handler.rpartition(".")[2]
            environment = config.function(name).environment_variables
        groups.setdefault(tuple(sorted(environment.items())), []).append(entry)
    if not groups:
        default = config.default_function.environment_variables if config is not None else {}
        groups[tuple(sorted(default.items()))] = []
    return [
        finding
        for environment, entries in groups.items()
        for finding in analysis.findings(dict(environment), entries)
    ]


def main_file(project_dir: Path) -> Path | None:
    """Return the file of the application's module, relative to the project; None when there is none."""
    for name in (Path("app.py"), Path("app", "__init__.py")):
        if (project_dir / name).is_file():
            return name
    return None


def _entries_by_function(app: App, analysis: Analysis) -> Mapping[str, list[Entry]]:
    """Return logical name of a function to what it runs.

    Views belong to the function of the REST API.  A handler that the manifest names otherwise, because it
    was wrapped or comes from another module, is found by its name alone; who runs it can then not be told
    when there is none of that name, and it belongs to every function.
    """
    names = {declared.handler: declared.name for declared in app.functions}
    short = {handler.rpartition(".")[2]: name for handler, name in names.items()}
    everybody = [API_HANDLER, *names.values()]
    found: dict[str, list[Entry]] = {}
    for entry in analysis.entries:
        name = names.get(entry.handler)
        if name is None and entry.decorator == "route":
            name = API_HANDLER
        if name is None:
            name = short.get(entry.handler.rpartition(".")[2])
        for one in everybody if name is None else [name]:
            found.setdefault(one, []).append(entry)
    return found


def _by_environment(
    functions: Iterable[Function], entries: Mapping[str, list[Entry]]
) -> Mapping[tuple[tuple[str, str], ...], list[Entry]]:
    groups: dict[tuple[tuple[str, str], ...], list[Entry]] = {}
    for function in functions:
        # A value that the cloud chooses is no text yet.
        known = {name: value for name, value in function.environment.items() if isinstance(value, str)}
        key = tuple(sorted(known.items()))
        groups.setdefault(key, []).extend(entries.get(function.name, ()))
    return groups
