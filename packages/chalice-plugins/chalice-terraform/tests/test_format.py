"""The files that the format writes, its options and its limits."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from chalice_core.artifact import Artifact
from chalice_core.errors import ToolError
from chalice_core.hookspecs import hookimpl
from chalice_core.kinds import DEPLOYMENT, Resource
from chalice_core.plugins import Plugins, collect_named
from chalice_core.target import FormatRequest
from chalice_core.values import ResourceId
from chalice_terraform import KnownOutputs, Rendering, SharedResource, TerraformResource
from chalice_terraform.configuration import DuplicateEntryError
from chalice_terraform.format import (
    LARGEST_UPLOAD,
    ArtifactTooLargeError,
    TerraformFormat,
    UnsupportedOptionError,
)

RequestFor = Callable[..., FormatRequest]


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing(Resource):
    """A stranger's kind."""

    renderings: tuple[Rendering, ...] = (Rendering(),)


class ThingRenderer(KnownOutputs):
    def render(self, resource: Thing, scope: Any) -> Rendering:
        return resource.renderings[0]


@pytest.fixture
def with_things(plugins: Plugins) -> Plugins:
    class Stranger:
        @hookimpl
        def chalice_realise_kind(self, target: str, kind: type[Resource]) -> object | None:
            return ThingRenderer() if (target, kind) == ("terraform", Thing) else None

    plugins.register(Stranger(), "stranger")
    return plugins


def things(*renderings: Rendering) -> Iterator[Thing]:
    for number, rendering in enumerate(renderings):
        yield Thing(id=ResourceId(f"thing{number}"), renderings=(rendering,))


def document_of(plugins: Plugins, request: FormatRequest) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(bytes(TerraformFormat(plugins).render(request)["chalice.tf.json"]))
    return document


def test_the_format_is_offered(plugins: Plugins) -> None:
    assert [*collect_named(plugins, "chalice_output_formats", thing="output format")] == ["terraform"]


def test_a_configuration_and_the_artifacts_are_written(
    plugins: Plugins, parts: Any, request_for: RequestFor
) -> None:
    request = request_for(parts.role, parts.function("add"))

    files = TerraformFormat(plugins).render(request)

    assert {*files} == {"chalice.tf.json", "deployment.zip", "layer-deployment.zip"}
    assert files["deployment.zip"] == request.artifacts[DEPLOYMENT].path


def test_json_has_two_spaces_and_ends_with_a_newline(
    plugins: Plugins, parts: Any, request_for: RequestFor
) -> None:
    content = TerraformFormat(plugins).render(request_for(parts.role))["chalice.tf.json"]

    assert isinstance(content, bytes)
    assert content.startswith(b'{\n  "terraform"')
    assert content.endswith(b"}\n")


def test_the_same_application_gives_the_same_bytes(
    plugins: Plugins, application: tuple[Resource, ...], request_for: RequestFor
) -> None:
    first, second = (TerraformFormat(plugins).render(request_for(*application)) for _ in range(2))

    assert first == second


def test_an_application_without_resources_is_a_module_too(plugins: Plugins, request_for: RequestFor) -> None:
    document = document_of(plugins, request_for())

    # Terraform refuses an empty block of resources.
    assert "resource" not in document
    assert "output" not in document


def test_data_and_locals_have_the_names_that_other_files_know(
    plugins: Plugins, parts: Any, request_for: RequestFor
) -> None:
    handler = parts.function()
    document = document_of(plugins, request_for(parts.role, handler, *parts.api(handler)))

    assert document["data"] == {
        "aws_caller_identity": {"chalice": {}},
        "aws_partition": {"chalice": {}},
        "aws_region": {"chalice": {}},
    }
    assert {*document["locals"]} == {
        "chalice_api_swagger",
        "chalice_app",
        "chalice_region",
        "chalice_stage",
    }
    assert document["locals"]["chalice_app"] == "shop"


@pytest.mark.parametrize(
    ("option", "value"),
    [("merge_template", "x.json"), ("single_file", True), ("template_format", "yaml"), ("colour", "blue")],
)
def test_options_that_it_does_not_have_are_named(
    plugins: Plugins, parts: Any, request_for: RequestFor, option: str, value: object
) -> None:
    with pytest.raises(UnsupportedOptionError) as caught:
        TerraformFormat(plugins).render(request_for(parts.role, **{option: value}))

    assert caught.value.option == option
    assert f"--{option.replace('_', '-')}" in caught.value.fix
    assert caught.value.exit_status == 1


@pytest.mark.parametrize(
    "options", [{"template_format": "json"}, {"merge_template": None}, {"single_file": False}]
)
def test_options_that_say_nothing_new_are_taken(
    plugins: Plugins, parts: Any, request_for: RequestFor, options: dict[str, Any]
) -> None:
    assert TerraformFormat(plugins).render(request_for(parts.role, **options))


def test_a_package_that_cannot_be_uploaded_is_refused(
    plugins: Plugins, parts: Any, request_for: RequestFor, tmp_path: Path
) -> None:
    request = request_for(parts.role)
    large = Artifact(path=tmp_path / "large.zip", sha256="0" * 64, size=LARGEST_UPLOAD + 1)

    with pytest.raises(ArtifactTooLargeError) as caught:
        TerraformFormat(plugins).render(replace(request, artifacts={DEPLOYMENT: large}))

    assert caught.value.file == "deployment.zip"
    assert "automatic_layer" in caught.value.fix


def test_a_stranger_s_provider_is_required(with_things: Plugins, request_for: RequestFor) -> None:
    block = TerraformResource(type="datadog_monitor", name="m", arguments={"name": "m"})
    provider = {"datadog": {"source": "DataDog/datadog", "version": "~> 3.0"}}

    document = document_of(
        with_things, request_for(*things(Rendering(resources=(block,), providers=provider)))
    )

    assert document["terraform"]["required_providers"]["datadog"] == provider["datadog"]
    assert document["resource"]["datadog_monitor"]["m"] == {"name": "m"}


@pytest.mark.parametrize(
    ("first", "second", "section"),
    [
        (Rendering(outputs={"X": "1"}), Rendering(outputs={"X": "1"}), "outputs"),
        (Rendering(local_values={"x": "1"}), Rendering(local_values={"x": "2"}), "locals"),
        (Rendering(files={"a": b"1"}), Rendering(files={"a": b"2"}), "files"),
        (
            Rendering(providers={"p": {"source": "a/p"}}),
            Rendering(providers={"p": {"source": "b/p"}}),
            "providers",
        ),
        (
            Rendering(resources=(TerraformResource(type="t", name="n", arguments={}),)),
            Rendering(resources=(TerraformResource(type="t", name="n", arguments={}),)),
            "resources",
        ),
        (
            Rendering(shared=(SharedResource(type="t", name="n", arguments={"a": 1}),)),
            Rendering(shared=(SharedResource(type="t", name="n", arguments={"a": 2}),)),
            "resources",
        ),
    ],
)
def test_two_that_would_replace_one_another_are_refused(
    with_things: Plugins, request_for: RequestFor, first: Rendering, second: Rendering, section: str
) -> None:
    with pytest.raises(DuplicateEntryError) as caught:
        TerraformFormat(with_things).render(request_for(*things(first, second)))

    assert caught.value.section == section
    assert caught.value.ids == ("thing0", "thing1")


def test_parts_of_a_shared_resource_become_one(with_things: Plugins, request_for: RequestFor) -> None:
    parts = [
        Rendering(shared=(SharedResource(type="t", name="n", arguments={"a": 1}, entries={"b": (each,)}),))
        for each in ("x", "y")
    ]

    document = document_of(with_things, request_for(*things(*parts)))

    assert document["resource"]["t"]["n"] == {"a": 1, "b": ["x", "y"]}


def test_the_data_source_of_old_is_left_out_when_nobody_refers_to_it(
    plugins: Plugins, parts: Any, request_for: RequestFor
) -> None:
    assert "chalice-null.tf.json" not in TerraformFormat(plugins).render(request_for(parts.role))


@pytest.mark.parametrize("name", ["own.tf", "infra/own.tf", "infra/stage/own.tf.json"])
def test_the_data_source_of_old_is_there_for_files_that_refer_to_it(
    plugins: Plugins, parts: Any, request_for: RequestFor, tmp_path: Path, name: str
) -> None:
    own = tmp_path / name
    own.parent.mkdir(parents=True, exist_ok=True)
    own.write_text('x = "${data.null_data_source.chalice.outputs.app}"')

    files = TerraformFormat(plugins).render(request_for(parts.role))

    document = json.loads(bytes(files["chalice-null.tf.json"]))
    assert document["data"]["null_data_source"]["chalice"]["inputs"] == {
        "app": "${local.chalice_app}",
        "stage": "${local.chalice_stage}",
    }
    assert [*document["terraform"]["required_providers"]] == ["null"]


def test_environments_and_hidden_folders_are_not_searched(
    plugins: Plugins, parts: Any, request_for: RequestFor, tmp_path: Path
) -> None:
    for folder in (".terraform", "env"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "own.tf").write_text("data.null_data_source.chalice.outputs.app")
    (tmp_path / "env" / "pyvenv.cfg").touch()

    assert "chalice-null.tf.json" not in TerraformFormat(plugins).render(request_for(parts.role))


@pytest.mark.parametrize("wanted", [True, False])
def test_the_configuration_decides_about_the_data_source_of_old(
    plugins: Plugins, parts: Any, request_for: RequestFor, tmp_path: Path, wanted: bool
) -> None:
    (tmp_path / "own.tf").write_text("data.null_data_source.chalice.outputs.app")
    request = request_for(parts.role, extra={"terraform_null_data_source": wanted})

    assert ("chalice-null.tf.json" in TerraformFormat(plugins).render(request)) is wanted


def test_an_error_of_a_stranger_s_renderer_is_no_traceback(
    with_things: Plugins, request_for: RequestFor
) -> None:
    broken = Thing(id=ResourceId("broken"), renderings=())

    with pytest.raises(ToolError, match="stranger"):
        TerraformFormat(with_things).render(request_for(broken))
