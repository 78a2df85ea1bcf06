"""What every event family owes: one suite, run for each that is installed.

A new family adds an entry to `EXAMPLES` and is tested by what is here.
"""

from __future__ import annotations

import ast
import json
import runpy
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any

import pytest

from chalice.extensions import EventSource, find
from chalice_cognito.sample import generate_cognito_event
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
        event: what makes an event, a name of ``chalice.samples`` with its arguments; or the event itself.
        body: what the function returns, an expression with ``event`` in it.
        answer: its value for the event.
        sample: arguments of ``chalice_sample_event`` that make one with the same answer; None for a family
            that has no tooling half yet.
        function: what the tools call the function, where the family and not the application names it.
    """

    given: Mapping[str, Any]
    declared: Mapping[str, Any]
    event: tuple[str, Mapping[str, Any]] | Mapping[str, Any]
    body: str
    answer: Any
    sample: Mapping[str, Any] | None = None
    function: str = "work"


QUEUE = "arn:aws:sqs:us-west-2:123456789012:failed"
ASYNCHRONOUS = {"maximum_retry_attempts": 1, "maximum_event_age_in_seconds": 60, "on_failure": QUEUE}
"""What the families whose events come asynchronously have in common."""

EXAMPLES: Mapping[str, Example] = {
    "on_sqs_message": Example(
        given={
            "queue": "orders",
            "batch_size": 7,
            "maximum_batching_window_in_seconds": 3,
            "maximum_concurrency": 5,
            "filter_patterns": [{"body": {"colour": ["red"]}}],
        },
        # With the option the answer is one of its own, of which the family's tests tell.
        declared={"queue_arn": None, "report_batch_item_failures": False},
        event=("generate_sqs_event", {"message_bodies": ["one", "zwei ✓"]}),
        body="[record.body for record in event]",
        answer=["one", "zwei ✓"],
        sample={"bodies": ["one", "zwei ✓"]},
    ),
    "on_s3_event": Example(
        given={
            "bucket": "photos",
            "events": ["s3:ObjectRemoved:*"],
            "prefix": "in/",
            "suffix": ".csv",
            **ASYNCHRONOUS,
        },
        declared={},
        event=("generate_s3_event", {"bucket": "photos", "key": "in/zwei ✓.csv"}),
        body="[event.bucket, event.key]",
        answer=["photos", "in/zwei ✓.csv"],
        sample={"key": "in/zwei ✓.csv"},
    ),
    "on_sns_message": Example(
        given={
            "topic": "news",
            "filter_policy": {"colour": ["red"]},
            "filter_policy_scope": "MessageBody",
            "dead_letter_queue": QUEUE,
            **ASYNCHRONOUS,
        },
        declared={},
        event=("generate_sns_event", {"message": "one", "subject": "zwei ✓"}),
        body="[event.message, event.subject]",
        answer=["one", "zwei ✓"],
        sample={"message": "one", "subject": "zwei ✓"},
    ),
    "on_kinesis_record": Example(
        given={
            "stream": "clicks",
            "batch_size": 7,
            "starting_position": "AT_TIMESTAMP",
            "starting_position_timestamp": "2026-01-31T12:00:00Z",
            "maximum_batching_window_in_seconds": 3,
            "filter_patterns": [{"data": ["red"]}],
            "on_failure": "arn:aws:sqs:us-west-2:123456789012:failed",
            "maximum_retry_attempts": 3,
            "maximum_record_age_in_seconds": 600,
            "bisect_batch_on_function_error": True,
            "parallelization_factor": 2,
            "tumbling_window_in_seconds": 30,
        },
        declared={"report_batch_item_failures": False},
        event=("generate_kinesis_event", {"message_bodies": [b"one", b"\xc3\xbf"]}),
        body="[list(record.data) for record in event]",
        answer=[list(b"one"), [195, 191]],
        sample={"bodies": ["one", "ÿ"]},
    ),
    "on_kafka_message": Example(
        given={
            "topic": "orders",
            "cluster_arn": "arn:aws:kafka:us-west-2:123456789012:cluster/shop/0f3c5b1e-2",
            "batch_size": 7,
            "starting_position": "TRIM_HORIZON",
            "maximum_batching_window_in_seconds": 3,
            "consumer_group": "shop",
            "authentication": "SASL_SCRAM_512_AUTH",
            "secret_arn": "arn:aws:secretsmanager:us-west-2:123456789012:secret:AmazonMSK_s-AbCdEf",
            "minimum_pollers": 1,
            "maximum_pollers": 2,
            "filter_patterns": [{"value": ["red"]}],
            "on_failure": "arn:aws:sqs:us-west-2:123456789012:failed",
            "maximum_retry_attempts": 3,
            "maximum_record_age_in_seconds": 600,
            "bisect_batch_on_function_error": True,
        },
        declared={
            "bootstrap_servers": None,
            "server_root_ca_certificate_arn": None,
            "subnet_ids": None,
            "security_group_ids": None,
            "starting_position_timestamp": None,
            "report_batch_item_failures": False,
        },
        event=("generate_kafka_event", {"message_bodies": [b"one", b"\xc3\xbf"]}),
        body="[list(record.value) for record in event]",
        answer=[list(b"one"), [195, 191]],
        sample={"bodies": ["one", "ÿ"]},
    ),
    "on_dynamodb_record": Example(
        given={
            "stream_arn": "arn:aws:dynamodb:us-west-2:123456789012:table/orders/stream/2026-01-31T12:00:00.000",
            "batch_size": 7,
            "starting_position": "TRIM_HORIZON",
            "maximum_batching_window_in_seconds": 3,
            "filter_patterns": [{"eventName": ["red"]}],
            "on_failure": "arn:aws:sqs:us-west-2:123456789012:failed",
            "maximum_retry_attempts": 3,
            "maximum_record_age_in_seconds": 600,
            "bisect_batch_on_function_error": True,
            "parallelization_factor": 2,
            "tumbling_window_in_seconds": 30,
        },
        declared={"report_batch_item_failures": False},
        event=("generate_dynamodb_event", {"new_images": [{"id": {"S": "1"}}, {"id": {"S": "zwei ✓"}}]}),
        body="[record.new_image['id']['S'] for record in event]",
        answer=["1", "zwei ✓"],
        sample={"new_images": [{"id": {"S": "1"}}, {"id": {"S": "zwei ✓"}}]},
    ),
    "schedule": Example(
        given={
            "expression": "rate(5 minutes)",
            "description": "now and then",
            "scheduler": True,
            "timezone": "Europe/Berlin",
            "flexible_time_window_in_minutes": 5,
            "dead_letter_queue": QUEUE,
            **ASYNCHRONOUS,
        },
        declared={},
        event=("generate_scheduled_event", {"rule_name": "tick"}),
        body="event.resources",
        answer=["arn:aws:events:us-west-2:123456789012:rule/tick"],
        sample={"rule_name": "tick"},
    ),
    "on_cw_event": Example(
        given={
            "event_pattern": {"source": ["shop"]},
            "event_bus": "orders",
            "dead_letter_queue": QUEUE,
            **ASYNCHRONOUS,
        },
        declared={},
        event=(
            "generate_cw_event",
            {"source": "shop", "detail_type": "Sold", "detail": {"what": "zwei ✓"}, "resources": ["arn:x"]},
        ),
        body="[event.source, event.detail_type, event.detail, event.resources]",
        answer=["shop", "Sold", {"what": "zwei ✓"}, ["arn:x"]],
        sample={"detail_type": "Sold", "detail": {"what": "zwei ✓"}, "resources": ["arn:x"]},
    ),
    **{
        decorator: Example(
            given={},
            declared={"route_key": route_key},
            event=(
                "generate_websocket_event",
                {"route_key": route_key, "connection_id": "c", **({"body": "zwei ✓"} if body else {})},
            ),
            body="{'statusCode': 204, 'body': [event.connection_id, event.body]}",
            answer={"statusCode": 204, "body": ["c", "zwei ✓" if body else None]},
            sample={"connection_id": "c", **({"body": "zwei ✓"} if body else {})},
            function=function,
        )
        for decorator, route_key, function, body in (
            ("on_ws_connect", "$connect", "websocket_connect", False),
            ("on_ws_message", "$default", "websocket_message", True),
            ("on_ws_disconnect", "$disconnect", "websocket_disconnect", False),
        )
    },
    "on_cognito_trigger": Example(
        given={
            "user_pool": "us-west-2_AbCdEfGhI",
            "trigger": ["PreTokenGeneration"],
            "version": "V2_0",
        },
        declared={},
        event=("generate_cognito_event", {"trigger": "PreTokenGeneration", "version": "2"}),
        body="{**event.to_dict(), 'response': [event.user_name, event.user_attributes['email']]}",
        answer={
            **generate_cognito_event("PreTokenGeneration", version="2"),
            "response": ["ann", "ann@example.com"],
        },
        sample={"user_name": "ann"},
    ),
    "on_function_url": Example(
        given={"auth_type": "NONE", "cors": {"allow_origins": ["*"]}},
        declared={"invoke_mode": "BUFFERED"},
        event=("generate_function_url_event", {"method": "PUT", "path": "/x", "body": "zwei ✓"}),
        body="[event.method, event.path, event.raw_body.decode()]",
        answer={
            "statusCode": 200,
            "headers": {"Content-Type": "application/json"},
            "body": json.dumps(["PUT", "/x", "zwei ✓"], separators=(",", ":")),
            "isBase64Encoded": False,
        },
        sample={"method": "PUT", "path": "/x", "body": "zwei ✓"},
    ),
}

DEPLOYED = sorted(name for name, example in EXAMPLES.items() if example.sample is not None)
"""Decorators of families whose tooling half is there."""

SLOW_IMPORTS = {
    "asyncio",
    "base64",
    "dataclasses",
    "datetime",
    "http.client",
    "importlib.metadata",
    "inspect",
    "typing",
    "urllib.parse",
    "urllib.request",
}
"""Modules that handlers do without; most take longer to import than everything that a handler does."""

DECORATORS = {entry.name: entry for entry in entry_points(group="chalice.decorators")}
NAMES = [
    entry
    for group in (
        "chalice.decorators",
        "chalice.exports",
        "chalice.attributes",
        "chalice.runtime",
        "chalice.samples",
        "chalice.testing",
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
    """

    decorator: str
    folder: Path
    manifest: Manifest

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployable:
    """A project that the tools can deploy.

    Args:
        project: see there.
        graph: of the stage ``dev``.
    """

    project: Project
    graph: Graph


@pytest.fixture(scope="session")
def make(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Project]:
    """Make the project of a family, each once."""

    @cache
    def made(decorator: str) -> Project:
        folder = tmp_path_factory.mktemp("contract")
        _write(folder, decorator)
        return Project(decorator=decorator, folder=folder, manifest=describe(folder, Path(sys.executable)))

    return made


@pytest.fixture(params=sorted(EXAMPLES))
def project(request: pytest.FixtureRequest, make: Callable[[str], Project]) -> Project:
    """One project for each family."""
    return make(request.param)


@pytest.fixture(params=DEPLOYED)
def deployable(
    request: pytest.FixtureRequest, make: Callable[[str], Project], plugins: Plugins
) -> Deployable:
    """One project for each family with a tooling half."""
    project = make(request.param)
    config = load_config(project.folder, plugins).stage("dev")
    manifest = project.manifest
    graph = build_graph(manifest.app, manifest.python.lambda_runtime, config, plugins)
    return Deployable(project=project, graph=graph)


def test_every_installed_decorator_has_an_example_here() -> None:
    assert set(EXAMPLES) == set(DECORATORS)


def test_a_family_has_a_tooling_half_or_its_example_says_so() -> None:
    with_hooks = {
        name
        for name, entry in DECORATORS.items()
        if entry.dist and any(other.group == "chalice.plugins" for other in entry.dist.entry_points)
    }

    assert with_hooks == set(DEPLOYED)


@pytest.mark.parametrize("decorator", sorted(EXAMPLES))
def test_a_blueprint_declares_the_same(
    decorator: str, make: Callable[[str], Project], plugins: Plugins, tmp_path: Path
) -> None:
    _write(tmp_path, decorator)
    declaration = (tmp_path / "app.py").read_text(encoding="utf-8").partition(f"@app.{decorator}")[2]
    (tmp_path / "chalicelib").mkdir()
    (tmp_path / "chalicelib" / "__init__.py").touch()
    (tmp_path / "chalicelib" / "part.py").write_text(
        f"from chalice import Blueprint\npart = Blueprint(__name__)\n@part.{decorator}{declaration}",
        encoding="utf-8",
    )
    (tmp_path / "app.py").write_text(
        "from chalice import Chalice\n"
        "from chalicelib.part import part\n"
        "app = Chalice(app_name='contract')\n"
        "app.register_blueprint(part, name_prefix='part_')\n",
        encoding="utf-8",
    )

    manifest = describe(tmp_path, Path(sys.executable))
    config = load_config(tmp_path, plugins).stage("dev")
    graph = build_graph(manifest.app, manifest.python.lambda_runtime, config, plugins)

    (event,) = manifest.app.events
    (plain,) = make(decorator).manifest.app.events
    (function,) = graph.of_kind(Function)
    assert event.options == plain.options
    assert event.function == plain.function.replace("work", "part_work") == function.name
    assert function.handler == "chalicelib.part.work"
    assert {type(resource) for resource in graph} <= set(KINDS)


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

    assert (event.decorator, event.function) == (project.decorator, project.example.function)
    assert dict(event.options) == {**project.example.given, **project.example.declared}


def test_the_manifest_says_which_distribution_the_application_uses(project: Project) -> None:
    entry = DECORATORS[project.decorator]

    assert entry.dist is not None
    assert entry.dist.name in project.manifest.extensions.distributions
    assert project.manifest.extensions.decorators == {entry.name: entry.value}


def test_lowering_gives_resources_of_known_kinds_whose_dependencies_are_there(deployable: Deployable) -> None:
    assert {type(resource) for resource in deployable.graph} <= set(KINDS)
    assert {Role, LogGroup, Function, RestApi, InvokePermission} <= {type(each) for each in deployable.graph}
    for resource in deployable.graph:
        assert all(other in deployable.graph for other in resource.dependencies())


def test_lowering_the_same_declaration_again_gives_the_same_graph(
    deployable: Deployable, plugins: Plugins
) -> None:
    config = load_config(deployable.project.folder, plugins).stage("dev")

    again = build_graph(
        deployable.project.manifest.app, deployable.project.manifest.python.lambda_runtime, config, plugins
    )

    assert again == deployable.graph


def test_every_format_writes_it(deployable: Deployable, plugins: Plugins, tmp_path: Path) -> None:
    package = tmp_path / "built.zip"
    package.write_bytes(b"code")
    request = FormatRequest(
        graph=deployable.graph,
        app=deployable.project.manifest.app,
        config=load_config(deployable.project.folder, plugins).stage("dev"),
        artifacts={DEPLOYMENT: Artifact(path=package, sha256="0" * 64, size=4)},
    )

    formats = collect_named(plugins, "chalice_output_formats", thing="output format")

    assert formats
    for form in formats.values():
        files = form.render(request)
        assert any(isinstance(content, bytes) and content for content in files.values())
        assert package in files.values()


def test_the_aws_target_knows_what_to_tell_aws(
    deployable: Deployable, plugins: Plugins, tmp_path: Path
) -> None:
    artifacts = {DEPLOYMENT: Artifact(path=tmp_path / "built.zip", sha256="0" * 64, size=4)}

    for resource in deployable.graph:
        handler: Any = realisation_of(plugins, "aws", type(resource))
        assert handler.name(resource)
        assert handler.desired(resource, artifacts)


def _handled(project: Project, event: object) -> Any:
    """Return the answer of the project's function, called as Lambda calls it: the event came as JSON."""
    handler = runpy.run_path(str(project.folder / "app.py"))["work"]
    return handler(json.loads(json.dumps(event)), None)


def _sample(project: Project) -> object:
    """Return the example's event."""
    event = project.example.event
    if isinstance(event, tuple):
        name, arguments = event
        return find("chalice.samples", name)(**arguments)
    return event


def test_a_sample_for_tests_is_an_event_that_the_handler_takes(project: Project) -> None:
    assert _handled(project, _sample(project)) == project.example.answer


def test_a_sample_of_the_tools_is_an_event_that_the_handler_takes(
    deployable: Deployable, plugins: Plugins
) -> None:
    project = deployable.project
    (declaration,) = project.manifest.app.events

    event = plugins.hook.chalice_sample_event(event=declaration, arguments=project.example.sample)

    assert _handled(project, event) == project.example.answer


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


def test_a_runtime_half_handles_an_event_without_a_slow_import(project: Project) -> None:
    halves = [file for file in project.manifest.runtime_files if file.archive.endswith("/__init__.py")]
    folders = sorted({str(Path(file.path).parents[1]) for file in halves})
    module, _, decorator = DECORATORS[project.decorator].value.partition(":")
    script = (
        f"import json, sys; sys.path += {folders!r}; import {module}; from chalice import Chalice\n"
        "app = Chalice('contract', configure_logs=False, env={})\n"
        "def work(event):\n"
        f"    return {project.example.body}\n"
        f"handler = {module}.{decorator}.declare_on(app, **{dict(project.example.given)!r})(work)\n"
        "answer = handler(json.loads(sys.stdin.buffer.read()), None)\n"
        "print(json.dumps([answer, sorted(sys.modules)]))"
    )

    # -S: nothing but what the module itself asks for; -I: nothing of this process's environment.
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", script],
        input=json.dumps(_sample(project)).encode(),
        capture_output=True,
        check=True,
    )
    answer, loaded = json.loads(done.stdout)

    assert answer == project.example.answer
    assert module in loaded
    assert set(loaded) & SLOW_IMPORTS == set()


def test_the_tooling_half_does_not_ship(project: Project) -> None:
    archives = {file.archive for file in project.manifest.runtime_files}

    for entry in entry_points(group="chalice.plugins"):
        module = entry.value.partition(":")[0]
        assert module.replace(".", "/") + ".py" not in archives


def test_without_its_plugin_the_declaration_is_refused_with_the_distribution_to_install(
    deployable: Deployable,
) -> None:
    project = deployable.project
    dist = DECORATORS[project.decorator].dist
    assert dist is not None
    ours = {entry.name for entry in dist.entry_points if entry.group == "chalice.plugins"}
    plugins = load_plugins(blocked=ours)
    config = load_config(project.folder, plugins).stage("dev")

    with pytest.raises(UnclaimedEventError) as caught:
        build_graph(project.manifest.app, "python3.11", config, plugins)

    assert [event.decorator for event in caught.value.events] == [project.decorator]
    assert dist.name in caught.value.fix


@pytest.mark.parametrize("decorator", sorted(set(EXAMPLES) - set(DEPLOYED)))
def test_what_has_no_tooling_half_yet_is_refused_as_that(
    decorator: str, make: Callable[[str], Project], plugins: Plugins
) -> None:
    project = make(decorator)
    config = load_config(project.folder, plugins).stage("dev")

    with pytest.raises(UnclaimedEventError) as caught:
        build_graph(project.manifest.app, "python3.11", config, plugins)

    assert [event.decorator for event in caught.value.events] == [decorator]
    assert "does not deploy them yet" in caught.value.fix


def test_an_entry_point_module_is_importable_by_its_own_name() -> None:
    for entry in NAMES:
        assert import_module(entry.module).__name__ == entry.module
