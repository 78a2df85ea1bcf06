"""Plugins that were written for an earlier version of the hooks keep working.

`frozen/` holds each version as it was published: its hooks, the classes that they take and give, and a plugin
that implements all of them.  Nothing there is ever changed; a new version is added beside it.
"""

from __future__ import annotations

import importlib.util
import inspect
import json
from collections.abc import Mapping
from dataclasses import MISSING, fields
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from chalice_core import hookspecs
from chalice_core.artifact import BuildRequest
from chalice_core.config import load_config
from chalice_core.errors import ToolError
from chalice_core.kinds import CloudFormationResource, EventSourceMapping, InvokePermission, Role
from chalice_core.local import LocalRequest
from chalice_core.lowering import build_graph
from chalice_core.manifest import EventDeclaration
from chalice_core.plugins import Plugins, collect_named, realisation_of
from chalice_core.target import FormatRequest, Progress, Step
from chalice_core.testing import (
    app,
    event,
    function,
    graph,
    manifest,
    plugin_manager,
    stage_config,
    write_project,
)

FROZEN = Path(__file__).parent / "frozen"
VERSIONS = range(hookspecs.OLDEST_INTERFACE, hookspecs.INTERFACE + 1)


def interface(version: int) -> Mapping[str, Any]:
    found: Mapping[str, Any] = json.loads((FROZEN / f"interface_{version}.json").read_text(encoding="utf-8"))
    return found


@pytest.fixture
def plugin() -> ModuleType:
    """The plugin of the first version, loaded anew."""
    spec = importlib.util.spec_from_file_location(
        "plugin_of_interface_1", FROZEN / "plugin_of_interface_1.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def plugins(plugin: ModuleType) -> Plugins:
    return plugin_manager(plugin)


@pytest.fixture
def parcel() -> EventDeclaration:
    return event("parcels", "on_parcel", queue="parcels")


@pytest.mark.parametrize("version", VERSIONS)
def test_every_hook_of_a_version_is_there_with_its_arguments(version: int) -> None:
    for name, frozen in interface(version)["hooks"].items():
        hook = getattr(hookspecs, name)
        assert set(frozen["arguments"]) <= set(inspect.signature(hook).parameters), name
        assert bool(hook.chalice_spec["firstresult"]) is frozen["first_result"], name


@pytest.mark.parametrize("version", VERSIONS)
def test_the_classes_of_a_version_take_what_they_took(version: int) -> None:
    for place, frozen in interface(version)["classes"].items():
        module, _, name = place.rpartition(".")
        present = {field.name: field for field in fields(getattr(import_module(module), name)) if field.init}
        assert set(frozen) <= set(present), place
        required = {
            name
            for name, field in present.items()
            if field.default is MISSING and field.default_factory is MISSING
        }
        # Plugins make these objects, so nothing may be asked for that was not.
        assert required <= {name for name, needed in frozen.items() if needed}, place


@pytest.mark.parametrize("version", VERSIONS)
def test_the_plugin_of_a_version_implements_all_of_its_hooks(version: int) -> None:
    source = (FROZEN / f"plugin_of_interface_{version}.py").read_text(encoding="utf-8")

    for name in interface(version)["hooks"]:
        assert f"def {name}(" in source


def test_the_present_interface_is_frozen() -> None:
    present = {name for name in vars(hookspecs) if name.startswith("chalice_")}

    assert present == set(interface(hookspecs.INTERFACE)["hooks"])


class TestThePluginOfTheFirstVersion:
    def test_it_is_loaded_and_told_of_the_others(self, plugins: Plugins, plugin: ModuleType) -> None:
        assert [info.state for info in plugins.installed] == ["loaded"]
        assert plugin.heard == [[plugins.installed[0].name]]

    def test_its_events_are_lowered_and_its_resources_added(
        self, plugin: ModuleType, parcel: EventDeclaration
    ) -> None:
        made = graph(app(events=[parcel]), plugin)

        (mapping,), (role,) = made.of_kind(EventSourceMapping), made.of_kind(Role)
        (box,), (permission,) = made.of_kind(CloudFormationResource), made.of_kind(InvokePermission)
        assert (mapping.batch_size, mapping.service) == (3, "sqs")
        assert ("sqs:ReceiveMessage",) in [statement.actions for statement in role.statements]
        assert permission.source_arn == box.attribute("Arn")

    def test_its_keys_are_read_and_its_checks_made(self, plugins: Plugins, tmp_path: Path) -> None:
        folder = write_project(
            tmp_path,
            config={"app_name": "hello", "carrier": "post", "lambda_functions": {"work": {"carrier": "van"}}},
        )
        config = load_config(folder, plugins).stage()
        lost = app(routes=[], pure=["work"])

        assert config.extra["carrier"] == "post"
        assert config.function("work").extra["carrier"] == "van"
        assert build_graph(lost, "python3.12", config, plugins)

    def test_it_offers_a_format_a_target_and_a_template(self, plugins: Plugins, tmp_path: Path) -> None:
        form = collect_named(plugins, "chalice_output_formats", thing="format")["frozen"]
        target = collect_named(plugins, "chalice_deployment_targets", thing="target")["frozen-cloud"]
        template = collect_named(plugins, "chalice_project_templates", thing="template")["frozen"]
        request = FormatRequest(
            graph=graph(app(pure=["work"])), app=app(pure=["work"]), config=stage_config(), artifacts={}
        )

        assert b"Function work" in form.render(request)["frozen.txt"]
        assert target.name == "frozen-cloud"
        assert template.files["app.py"] == "# {{app_name}}"

    def test_its_kind_is_realised(self, plugins: Plugins, plugin: ModuleType) -> None:
        assert realisation_of(plugins, "frozen", plugin.Parcel) is not None

    def test_it_builds_resolves_and_adds_files(self, plugins: Plugins, tmp_path: Path) -> None:
        request = BuildRequest(
            manifest=manifest(), config=stage_config(extra={"carrier": "post"}), cache_dir=tmp_path
        )

        built = plugins.hook.chalice_build_artifacts(request=request)
        missing = plugins.hook.chalice_resolve_dependencies(
            requirements=["requests"], request=request, destination=tmp_path / "frozen"
        )
        ((_, files),) = plugins.each("chalice_package_files", app=app(), config=stage_config())

        assert built.notices == (f"hello goes by {tmp_path}",)
        assert missing == ["requests (not here)"]
        assert files[0].content == b"hello/dev"

    def test_it_makes_samples_and_refuses_what_it_does_not_know(
        self, plugins: Plugins, parcel: EventDeclaration
    ) -> None:
        assert plugins.hook.chalice_sample_event(event=parcel, arguments={"id": 7}) == {"parcel": 7}
        with pytest.raises(ToolError, match="has an id"):
            plugins.hook.chalice_sample_event(event=parcel, arguments={"weight": 7})

    def test_it_keeps_records_emulates_a_service_and_observes(
        self, plugins: Plugins, plugin: ModuleType
    ) -> None:
        invoked: list[Any] = []

        class Cloud:
            account_id, region = "123456789012", "us-east-1"

            def invoke(self, *given: Any, **named: Any) -> None:
                invoked.append((given, named))

        ((_, (office,)),) = plugins.each("chalice_local_services", cloud=Cloud())
        answer = office.respond(LocalRequest(method="POST", path="/parcels", body=b"x"))
        plugins.observe(
            "chalice_deploy_progress",
            progress=Progress(step=Step(action="create", id="a", kind="Function", name="n"), phase="done"),
        )

        assert plugins.hook.chalice_records(place_url="frozen://x") is not None
        assert plugins.hook.chalice_local_aws(project_dir=Path()) is None
        assert (answer.status, invoked[0][0][0]) == (202, "arn:f")
        assert office.put("Acme::Parcels::Box", None, {"a": 1}).identifier == "box"
        assert plugin.heard[-1] == ("n", "done")
        assert function().name == "work"
