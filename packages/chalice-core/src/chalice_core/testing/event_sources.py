"""What every event family owes, whoever wrote it."""

from __future__ import annotations

import ast
import json
import runpy
import subprocess
import sys
from collections.abc import Callable, Mapping
from importlib.metadata import EntryPoint, entry_points
from importlib.util import find_spec
from pathlib import Path
from typing import Any, ClassVar

import pytest

from chalice_core.artifact import Artifact
from chalice_core.errors import ToolError
from chalice_core.graph import Graph
from chalice_core.kinds import DEPLOYMENT, KINDS, Function, Role, RolePolicy, Statement
from chalice_core.lowering import UnclaimedEventError, build_graph
from chalice_core.plugins import Plugins, collect_named, load_plugins, realisation_of
from chalice_core.target import FormatRequest
from chalice_core.testing.builders import event as declared_event
from chalice_core.testing.builders import function as any_function
from chalice_core.testing.examples import Application, Example, make_application, sample_of
from chalice_core.testing.local import LocalApplication, LocalServer
from chalice_core.validation import InvalidAppError

SLOW_IMPORTS = frozenset(
    {
        "asyncio",
        "boto3",
        "botocore",
        "dataclasses",
        "http.client",
        "importlib.metadata",
        "inspect",
        "typing",
        "urllib.request",
    }
)
"""Modules that handlers do without; most take longer to import than everything that a handler does."""

TOOLS = frozenset({"boto3", "botocore", "chalice_core", "click", "pluggy"})
"""What a runtime half never imports: none of it is in Lambda, or it is slow there."""

# What `chalice_core.lowering` gives the shared role for every function, VPC and tracing.
_OWN_ACTIONS = ("logs:", "ec2:", "xray:")


class EventSourceContract:
    """Derive from this, and name the decorators of your distribution with an `Example` for each.

    Attributes:
        examples: by decorator.
        imports: packages that what ships into Lambda imports besides the standard library, the runtime and
            its own; the distribution requires them.
        slow_imports: modules that handlers may not import.
    """

    examples: ClassVar[Mapping[str, Example]]
    imports: ClassVar[frozenset[str]] = frozenset()
    slow_imports: ClassVar[frozenset[str]] = SLOW_IMPORTS

    def validate(self, form: str, files: Mapping[str, bytes], folder: Path) -> None:
        """Check what a format has written with that format's own tools; override it when you have them.

        Args:
            form: the format's name.
            files: what was written, without the packages.
            folder: an empty one, to work in.
        """

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """Run tests that ask for a decorator once for each."""
        if "decorator" in metafunc.fixturenames:
            metafunc.parametrize("decorator", sorted(self.examples))

    # ---- the distribution

    def test_a_decorator_is_an_event_source_with_documentation(self, decorator: str) -> None:
        """Its entry point leads to an EventSource of that name."""
        from chalice.extensions import EventSource

        source = _entry(decorator).load()

        assert isinstance(source, EventSource)
        assert source.decorator == decorator
        assert source.__doc__

    def test_every_name_in_the_metadata_leads_somewhere(self, decorator: str) -> None:
        """So does each other entry point of the distribution."""
        for entry in _entries_of(decorator):
            assert entry.load() is not None, entry

    def test_the_manifest_says_what_the_application_uses(
        self, chalice_application: Application, decorator: str
    ) -> None:
        """The package is built from that, and nothing is searched for in Lambda."""
        entry = _entry(decorator)
        assert entry.dist is not None
        used = chalice_application.manifest.extensions

        assert entry.dist.name in used.distributions
        assert used.decorators[decorator] == entry.value

    def test_what_ships_into_lambda_imports_no_tools(self, chalice_application: Application) -> None:
        """The runtime half stands on the standard library, the runtime and its own modules."""
        shipped = [
            file
            for file in chalice_application.manifest.runtime_files
            if file.distribution != "chalice-runtime"
        ]
        own = {file.archive.removesuffix(".py").partition("/")[0] for file in shipped}
        known = {*sys.stdlib_module_names, "chalice", *own, *self.imports} - TOOLS

        assert shipped
        for file in shipped:
            if file.archive.endswith(".py"):
                assert _imports(Path(file.path).read_text(encoding="utf-8")) <= known, file.archive

    def test_the_tooling_half_does_not_ship(self, chalice_application: Application) -> None:
        """Lambda loads nothing that only the tools need."""
        shipped = {file.archive for file in chalice_application.manifest.runtime_files}

        for entry in entry_points(group="chalice.plugins"):
            assert entry.module.replace(".", "/") + ".py" not in shipped

    # ---- the declaration

    def test_options_reach_the_manifest(self, chalice_application: Application, decorator: str) -> None:
        """What was given is there, and what was not with its default."""
        example = self.examples[decorator]

        event = chalice_application.declaration(decorator)

        assert event.function
        assert {name: event.options.get(name) for name in example.given} == dict(example.given)
        assert {name: event.options.get(name) for name in example.declared} == dict(example.declared)

    def test_a_handler_is_called_with_the_sample_for_tests(
        self, chalice_application: Application, decorator: str
    ) -> None:
        """The example's event becomes what its function expects."""
        example = self.examples[decorator]

        assert _handled(chalice_application, decorator, sample_of(example)) == example.answer

    def test_a_handler_is_called_with_the_sample_of_the_tools(
        self, chalice_application: Application, decorator: str
    ) -> None:
        """``chalice_sample_event`` makes such an event, too."""
        example = self.examples[decorator]
        declaration = chalice_application.declaration(decorator)

        event = chalice_application.plugins.hook.chalice_sample_event(
            event=declaration, arguments=example.sample
        )

        assert event is not None
        assert _handled(chalice_application, decorator, json.loads(json.dumps(event))) == example.answer

    def test_an_event_is_handled_without_a_slow_import(
        self, chalice_application: Application, decorator: str
    ) -> None:
        """A cold start waits for every module."""
        example = self.examples[decorator]
        shipped = chalice_application.manifest.runtime_files
        # A package is at the root of a folder of the path, a namespace's folder included.
        folders = sorted({file.path.removesuffix(file.archive.replace("/", _SEPARATOR)) for file in shipped})
        module, _, name = _entry(decorator).value.partition(":")
        script = (
            f"import json, sys; sys.path += {folders!r}; import {module}; from chalice import Chalice\n"
            "app = Chalice('contract', configure_logs=False, env={})\n"
            f"def work(event):\n    return {example.body}\n"
            f"handler = {module}.{name}.declare_on(app, **{dict(example.given)!r})(work)\n"
            "answer = handler(json.loads(sys.stdin.buffer.read()), None)\n"
            "print(json.dumps([answer, sorted(sys.modules)]))"
        )

        # -S: nothing but what the module itself asks for; -I: nothing of this process's environment.
        done = subprocess.run(
            [sys.executable, "-I", "-S", "-c", script],
            input=json.dumps(sample_of(example)).encode(),
            capture_output=True,
            check=True,
        )
        answer, loaded = json.loads(done.stdout)

        assert answer == example.answer
        assert set(loaded) & self.slow_imports == set()

    def test_blueprints_record_it(self, chalice_application: Application, decorator: str) -> None:
        """Under a blueprint the decorator declares the same."""
        if find_spec("chalice_blueprints") is None:
            pytest.skip("chalice-blueprints is not installed")
        from chalice import Blueprint, Chalice

        example = self.examples[decorator]
        blueprint = Blueprint("app")
        getattr(blueprint, decorator)(**example.given)(_work)
        app: Any = Chalice(app_name="contract")
        app.register_blueprint(blueprint, name_prefix="of_")

        declared = [*app.event_sources, *app.websocket_handlers.values()]

        assert [dict(one.options) for one in declared] == [
            dict(chalice_application.declaration(decorator).options)
        ]
        assert declared[0].name == "of__work"

    # ---- the tools

    def test_events_of_others_are_left_alone(self, chalice_application: Application, decorator: str) -> None:
        """A plugin claims what is its own."""
        ours = [entry.name for entry in _entries_of(decorator) if entry.group == "chalice.plugins"]
        others = [info.name for info in chalice_application.plugins.installed if info.name not in ours]
        alone = load_plugins(blocked=others)

        answer = alone.hook.chalice_lower_event(
            event=declared_event("nobodys", "on_nothing"),
            function=any_function(),
            config=chalice_application.config,
        )

        assert answer is None

    def test_without_its_plugin_it_is_refused_by_name(
        self, chalice_application: Application, decorator: str
    ) -> None:
        """Nothing is left out in silence."""
        ours = {entry.name for entry in _entries_of(decorator) if entry.group == "chalice.plugins"}
        plugins = load_plugins(blocked=ours)

        with pytest.raises(UnclaimedEventError) as caught:
            build_graph(chalice_application.manifest.app, "python3.12", chalice_application.config, plugins)

        assert decorator in {event.decorator for event in caught.value.events}
        distribution = _entry(decorator).dist
        assert distribution is not None
        assert distribution.name in caught.value.fix

    def test_lowering_gives_resources_that_every_target_knows(self, chalice_application: Application) -> None:
        """They are of core's kinds, or the distribution brings their realisation along."""
        graph = chalice_application.graph

        for resource in graph:
            assert all(other in graph for other in resource.dependencies())
            if type(resource) not in KINDS:
                for target in ("aws", *_rendering_targets(chalice_application.plugins)):
                    assert realisation_of(chalice_application.plugins, target, type(resource)) is not None

    def test_lowering_the_same_declarations_again_gives_the_same_graph(
        self, chalice_application: Application
    ) -> None:
        """A deployment without a change has nothing to do."""
        assert chalice_application.graph == chalice_application.graph

    def test_permissions_are_about_something(self, chalice_application: Application) -> None:
        """Each action is of the form service:Action, and on ARNs unless AWS knows none for it."""
        allowed = {action for example in self.examples.values() for action in example.wildcards}

        for statement in _statements(chalice_application.graph):
            for action in statement.actions:
                service, _, name = action.partition(":")
                assert service and name, action
                assert "*" not in action, action
                if "*" in statement.resources and not action.startswith(_OWN_ACTIONS):
                    assert action in allowed, f"{action} is allowed on everything"

    def test_mistakes_are_reported_by_function_and_decorator(
        self, decorator: str, chalice_plugins: Plugins, tmp_path: Path
    ) -> None:
        """Before anything is built, and in a sentence with the real names."""
        example = self.examples[decorator]

        for number, (arguments, phrase) in enumerate(example.mistakes.items()):
            wrong = make_application(
                tmp_path / str(number), {decorator: example}, chalice_plugins, arguments=arguments
            )
            with pytest.raises(InvalidAppError) as caught:
                _ = wrong.graph
            (problem,) = caught.value.problems
            assert phrase in problem, problem
            assert decorator in problem, problem

    # ---- the targets

    def test_every_installed_format_writes_it(self, chalice_application: Application, tmp_path: Path) -> None:
        """Twice with the same bytes, and the format's own tools are content."""
        package = tmp_path / "deployment.zip"
        package.write_bytes(b"PK\x05\x06" + b"\0" * 18)
        request = FormatRequest(
            graph=chalice_application.graph,
            app=chalice_application.manifest.app,
            config=chalice_application.config,
            artifacts={DEPLOYMENT: Artifact(path=package, sha256="0" * 64, size=22)},
        )
        formats = collect_named(chalice_application.plugins, "chalice_output_formats", thing="output format")

        for name, form in formats.items():
            files = form.render(request)
            assert files == form.render(request)
            assert package in files.values()
            written = {file: content for file, content in files.items() if isinstance(content, bytes)}
            assert written
            folder = tmp_path / name
            folder.mkdir()
            self.validate(name, written, folder)

    def test_the_aws_target_knows_what_to_tell_aws(
        self, chalice_application: Application, tmp_path: Path
    ) -> None:
        """Every resource has a handler that describes it."""
        if find_spec("chalice_deploy") is None:
            pytest.skip("chalice-deploy is not installed")
        artifacts = {DEPLOYMENT: Artifact(path=tmp_path / "built.zip", sha256="0" * 64, size=4)}

        for resource in chalice_application.graph:
            handler: Any = realisation_of(chalice_application.plugins, "aws", type(resource))
            assert handler.name(resource)
            assert handler.desired(resource, artifacts)

    # ---- the AWS on this machine

    def test_what_is_sent_arrives(self, decorator: str, request: pytest.FixtureRequest) -> None:
        """An event that a system of users sends reaches the function, in the AWS on this machine."""
        example = self.examples[decorator]
        if example.not_emulated:
            assert example.send is None, "it says that it is not emulated, and sends all the same"
            return
        local: LocalApplication = request.getfixturevalue("chalice_local_application")
        assert example.send is not None, "say how it is sent, or why it cannot be (not_emulated)"

        example.send(local)

        local.wait_for(local.application.declaration(decorator).function, example.arriving)

    def test_deploying_again_changes_nothing(self, request: pytest.FixtureRequest) -> None:
        """No call that changes anything is made."""
        if all(example.not_emulated for example in self.examples.values()):
            return
        local: LocalApplication = request.getfixturevalue("chalice_local_application")

        assert local.deploy() == []

    def test_deletion_leaves_nothing(self, request: pytest.FixtureRequest) -> None:
        """Everything that was made is gone, and can be made again."""
        if all(example.not_emulated for example in self.examples.values()):
            return
        local: LocalApplication = request.getfixturevalue("chalice_local_application")
        assert local.inventory() != local.before

        local.delete()

        assert local.inventory() == local.before
        assert local.deploy() != []

    def test_what_is_not_emulated_is_refused_by_name(
        self, decorator: str, request: pytest.FixtureRequest, tmp_path: Path
    ) -> None:
        """Nobody waits for an event that never comes."""
        example = self.examples[decorator]
        if not example.not_emulated:
            return
        server: LocalServer = request.getfixturevalue("chalice_local_server")
        application = LocalApplication.of({decorator: example}, tmp_path, server)
        with application as local, pytest.raises(ToolError, match=example.not_emulated):
            local.deploy()


_SEPARATOR = str(Path("a", "b"))[1]


def _work(event: Any) -> None:
    """Stand for a function of an application."""


def _entry(decorator: str) -> EntryPoint:
    (entry,) = [entry for entry in entry_points(group="chalice.decorators") if entry.name == decorator]
    return entry


def _entries_of(decorator: str) -> list[EntryPoint]:
    distribution = _entry(decorator).dist
    assert distribution is not None
    return [entry for entry in distribution.entry_points if entry.group.startswith("chalice.")]


def _handled(application: Application, decorator: str, event: object) -> Any:
    """Return what the function returns when it is called as Lambda calls it."""
    names: Mapping[str, Callable[[object, None], Any]] = runpy.run_path(str(application.folder / "app.py"))
    return names[f"{decorator}_handler"](event, None)


def _imports(source: str) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found.update(alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.partition(".")[0])
    return found


def _rendering_targets(plugins: Plugins) -> list[str]:
    formats = collect_named(plugins, "chalice_output_formats", thing="output format")
    return sorted({getattr(form, "target", name) for name, form in formats.items()})


def _statements(graph: Graph) -> list[Statement]:
    assert graph.of_kind(Function)
    return [
        statement
        for resource in graph
        if isinstance(resource, (Role, RolePolicy))
        for statement in resource.statements
    ]
