"""What every event family owes: one suite, run for each that is installed.

A new family adds an entry to `EXAMPLES` and is tested by what is here.
"""

from __future__ import annotations

import ast
import json
import runpy
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any

import pytest

from chalice.extensions import EventSource
from chalice_core.apphost import describe
from chalice_core.artifact import Artifact
from chalice_core.config import load_config
from chalice_core.graph import Graph
from chalice_core.kinds import DEPLOYMENT, KINDS, Function, InvokePermission, LogGroup, RestApi, Role
from chalice_core.lowering import UnclaimedEventError, build_graph
from chalice_core.manifest import Manifest
from chalice_core.plugins import Plugins, collect_named, load_plugins, realisation_of
from chalice_core.target import FormatRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A declaration of a family, and an event for it.

    Args:
        given: arguments of the decorator, none of them its default.
        declared: options that the manifest holds for them besides ``given``.
        sample: arguments of ``chalice_sample_event``.
        body: what the function returns, an expression with ``event`` in it.
        answer: its value for the sample.
    """

    given: Mapping[str, Any]
    declared: Mapping[str, Any]
    sample: Mapping[str, Any]
    body: str
    answer: Any


EXAMPLES: Mapping[str, Example] = {
    "on_sqs_message": Example(
        given={
            "queue": "orders",
            "batch_size": 7,
            "maximum_batching_window_in_seconds": 3,
            "maximum_concurrency": 5,
            "report_batch_item_failures": True,
        },
        declared={"queue_arn": None},
        sample={"bodies": ["one", "zwei ✓"]},
        body="[record.body for record in event]",
        answer=["one", "zwei ✓"],
    ),
}

SLOW_IMPORTS = {
    "asyncio",
    "dataclasses",
    "http.client",
    "importlib.metadata",
    "inspect",
    "typing",
    "urllib.request",
}
"""Modules that take longer to import than everything that a handler needs."""

DECORATORS = {entry.name: entry for entry in entry_points(group="chalice.decorators")}
NAMES = [
    entry
    for group in (
        "chalice.decorators",
        "chalice.exports",
        "chalice.runtime",
        "chalice.plugins",
        "chalice.commands",
    )
    for entry in entry_points(group=group)
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """An application with a REST API and one declaration of a family.

    Args:
        decorator: its decorator.
        folder: with ``app.py``.
        manifest: as the application host wrote it.
        graph: of the stage ``dev``.
    """

    decorator: str
    folder: Path
    manifest: Manifest
    graph: Graph

    @property
    def example(self) -> Example:
        """What was declared."""
        return EXAMPLES[self.decorator]


def _write(folder: Path, decorator: str) -> None:
    example = EXAMPLES[decorator]
    arguments = ", ".join(f"{name}={value!r}" for name, value in example.given.items())
    (folder / "app.py").write_text(
        "from chalice import Chalice\n"
        "app = Chalice(app_name='contract')\n"
        "@app.route('/')\n"
        "def index():\n"
        "    return {}\n"
        f"@app.{decorator}({arguments})\n"
        "def work(event):\n"
        f"    return {example.body}\n",
        encoding="utf-8",
    )
    (folder / ".chalice").mkdir()
    config = {"version": "2.0", "app_name": "contract", "log_retention_in_days": 7}
    (folder / ".chalice" / "config.json").write_text(json.dumps(config), encoding="utf-8")


@pytest.fixture(scope="session", params=sorted(EXAMPLES))
def project(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, plugins: Plugins
) -> Project:
    """One project for each family."""
    folder = tmp_path_factory.mktemp("contract")
    _write(folder, request.param)
    manifest = describe(folder, Path(sys.executable))
    config = load_config(folder, plugins).stage("dev")
    graph = build_graph(manifest.app, manifest.python.lambda_runtime, config, plugins)
    return Project(decorator=request.param, folder=folder, manifest=manifest, graph=graph)


def test_every_installed_decorator_has_an_example_here() -> None:
    assert set(EXAMPLES) == set(DECORATORS)


@pytest.mark.parametrize("entry", NAMES, ids=lambda entry: f"{entry.group}:{entry.name}")
def test_a_name_in_the_metadata_leads_somewhere(entry: EntryPoint) -> None:
    assert entry.load() is not None


@pytest.mark.parametrize("entry", DECORATORS.values(), ids=lambda entry: entry.name)
def test_a_decorator_is_an_event_source_of_that_name_with_documentation(entry: EntryPoint) -> None:
    source = entry.load()

    assert isinstance(source, EventSource)
    assert source.decorator == entry.name
    assert source.__doc__


def test_options_reach_the_manifest_with_their_defaults(project: Project) -> None:
    (event,) = project.manifest.app.events

    assert (event.decorator, event.function) == (project.decorator, "work")
    assert dict(event.options) == {**project.example.given, **project.example.declared}


def test_the_manifest_says_which_distribution_the_application_uses(project: Project) -> None:
    entry = DECORATORS[project.decorator]

    assert entry.dist is not None
    assert entry.dist.name in project.manifest.extensions.distributions
    assert project.manifest.extensions.decorators == {entry.name: entry.value}


def test_lowering_gives_resources_of_known_kinds_whose_dependencies_are_there(project: Project) -> None:
    assert {type(resource) for resource in project.graph} <= set(KINDS)
    assert {Role, LogGroup, Function, RestApi, InvokePermission} <= {type(each) for each in project.graph}
    for resource in project.graph:
        assert all(other in project.graph for other in resource.dependencies())


def test_lowering_the_same_declaration_again_gives_the_same_graph(project: Project, plugins: Plugins) -> None:
    config = load_config(project.folder, plugins).stage("dev")

    again = build_graph(project.manifest.app, project.manifest.python.lambda_runtime, config, plugins)

    assert again == project.graph


def test_every_format_writes_it(project: Project, plugins: Plugins, tmp_path: Path) -> None:
    package = tmp_path / "built.zip"
    package.write_bytes(b"code")
    request = FormatRequest(
        graph=project.graph,
        app=project.manifest.app,
        config=load_config(project.folder, plugins).stage("dev"),
        artifacts={DEPLOYMENT: Artifact(path=package, sha256="0" * 64, size=4)},
    )

    formats = collect_named(plugins, "chalice_output_formats", thing="output format")

    assert formats
    for form in formats.values():
        files = form.render(request)
        assert any(isinstance(content, bytes) and content for content in files.values())
        assert package in files.values()


def test_the_aws_target_knows_what_to_tell_aws(project: Project, plugins: Plugins, tmp_path: Path) -> None:
    artifacts = {DEPLOYMENT: Artifact(path=tmp_path / "built.zip", sha256="0" * 64, size=4)}

    for resource in project.graph:
        handler: Any = realisation_of(plugins, "aws", type(resource))
        assert handler.name(resource)
        assert handler.desired(resource, artifacts)


def test_a_sample_event_is_one_that_the_handler_takes(project: Project, plugins: Plugins) -> None:
    (declaration,) = project.manifest.app.events

    event = plugins.hook.chalice_sample_event(event=declaration, arguments=project.example.sample)

    handler = runpy.run_path(str(project.folder / "app.py"))["work"]
    # Through JSON, the way it reaches Lambda.
    assert handler(json.loads(json.dumps(event)), None) == project.example.answer


def _imports(source: str) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found.update(alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute here"
            found.add(str(node.module).partition(".")[0])
    return found


def test_what_ships_into_lambda_imports_the_standard_library_and_the_runtime_only(
    project: Project,
) -> None:
    halves = [file for file in project.manifest.runtime_files if file.distribution != "chalice-runtime"]
    own = {file.archive.partition("/")[0] for file in halves}

    assert halves
    for file in halves:
        if file.archive.endswith(".py"):
            foreign = _imports(Path(file.path).read_text(encoding="utf-8")) - set(sys.stdlib_module_names)
            assert foreign <= {"chalice", *own}, file.archive


def test_a_runtime_half_costs_no_slow_import_in_a_cold_start(project: Project) -> None:
    halves = [file for file in project.manifest.runtime_files if file.archive.endswith("/__init__.py")]
    folders = sorted({str(Path(file.path).parents[1]) for file in halves})
    module = DECORATORS[project.decorator].value.partition(":")[0]
    script = f"import sys; sys.path += {folders!r}; import {module}; print(*sorted(sys.modules))"

    # -S: nothing but what the module itself asks for; -I: nothing of this process's environment.
    loaded = subprocess.run(
        [sys.executable, "-I", "-S", "-c", script], capture_output=True, text=True, check=True
    ).stdout.split()

    assert module in loaded
    assert set(loaded) & SLOW_IMPORTS == set()


def test_the_tooling_half_does_not_ship(project: Project) -> None:
    archives = {file.archive for file in project.manifest.runtime_files}

    for entry in entry_points(group="chalice.plugins"):
        module = entry.value.partition(":")[0]
        assert module.replace(".", "/") + ".py" not in archives


def test_without_its_plugin_the_declaration_is_refused_with_the_distribution_to_install(
    project: Project,
) -> None:
    dist = DECORATORS[project.decorator].dist
    assert dist is not None
    ours = {entry.name for entry in dist.entry_points if entry.group == "chalice.plugins"}
    plugins = load_plugins(blocked=ours)
    config = load_config(project.folder, plugins).stage("dev")

    with pytest.raises(UnclaimedEventError) as caught:
        build_graph(project.manifest.app, "python3.11", config, plugins)

    assert [event.decorator for event in caught.value.events] == [project.decorator]
    assert dist.name in caught.value.fix


def test_an_entry_point_module_is_importable_by_its_own_name() -> None:
    for entry in NAMES:
        assert import_module(entry.module).__name__ == entry.module
