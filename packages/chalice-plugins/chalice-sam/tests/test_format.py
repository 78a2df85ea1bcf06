"""The files that the format writes, and its options."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from chalice_core.artifact import Artifact
from chalice_core.kinds import DEPLOYMENT, ArtifactId, Resource
from chalice_core.plugins import Plugins, collect_named
from chalice_core.target import FormatRequest
from chalice_sam.format import SamFormat, TemplateFormatError, UnknownOptionError, file_name
from chalice_sam.merge import TemplateNotFoundError, TemplateUnreadableError, merged

RequestFor = Callable[..., FormatRequest]


def test_the_format_is_offered_under_the_name_of_cloudformation(plugins: Plugins) -> None:
    formats = collect_named(plugins, "chalice_output_formats", thing="output format")

    assert list(formats) == ["cloudformation"]


def test_formats_of_different_plugins_do_not_share_anything(
    plugins: Plugins, parts: Any, request_for: RequestFor
) -> None:
    from chalice_sam.hooks import SamPlugin

    second = Plugins()
    second.register(SamPlugin(), "sam")
    second.ready()

    (first_format,) = plugins.hook.chalice_output_formats()[0]
    (second_format,) = second.hook.chalice_output_formats()[0]

    assert first_format is not second_format
    assert first_format.render(request_for(parts.role)) == second_format.render(request_for(parts.role))


def test_a_template_and_the_deployment_package_are_written(
    plugins: Plugins, parts: Any, request_for: RequestFor
) -> None:
    request = request_for(parts.role, parts.function("add"))

    files = SamFormat(plugins).render(request)

    assert files["deployment.zip"] == request.artifacts[DEPLOYMENT].path
    assert set(files) == {"sam.json", "deployment.zip"}


def test_json_has_two_spaces_and_ends_with_a_newline(
    plugins: Plugins, parts: Any, request_for: RequestFor
) -> None:
    content = SamFormat(plugins).render(request_for(parts.role))["sam.json"]

    assert isinstance(content, bytes)
    assert content.startswith(b'{\n  "AWSTemplateFormatVersion"')
    assert content.endswith(b"}\n")


def test_artifacts_are_written_under_the_names_that_the_template_gives(tmp_path: Path) -> None:
    assert file_name(DEPLOYMENT) == "deployment.zip"
    assert file_name(ArtifactId("layer")) == "layer-deployment.zip"


def test_the_same_graph_gives_the_same_bytes(plugins: Plugins, parts: Any, request_for: RequestFor) -> None:
    handler = parts.function()
    resources = (parts.role, handler, *parts.api(handler))

    first = SamFormat(plugins).render(request_for(*resources))["sam.json"]
    second = SamFormat(plugins).render(request_for(*resources))["sam.json"]

    assert first == second


def test_an_unknown_option_is_named(plugins: Plugins, parts: Any, request_for: RequestFor) -> None:
    with pytest.raises(UnknownOptionError) as caught:
        SamFormat(plugins).render(request_for(parts.role, colour="blue"))

    assert caught.value.option == "colour"


def test_an_option_that_was_not_given_does_not_matter(
    plugins: Plugins, parts: Any, request_for: RequestFor
) -> None:
    files = SamFormat(plugins).render(
        request_for(parts.role, merge_template=None, template_format=None, colour=None)
    )

    assert "sam.json" in files


def test_an_unknown_template_format_is_named(plugins: Plugins, parts: Any, request_for: RequestFor) -> None:
    with pytest.raises(TemplateFormatError) as caught:
        SamFormat(plugins).render(request_for(parts.role, template_format="toml"))

    assert caught.value.given == "toml"


def test_a_merged_file_wins_and_lists_are_replaced() -> None:
    template = {"A": {"x": [1, 2], "y": {"z": 1}}, "B": "kept"}

    result = merged(template, {"A": {"x": [3], "y": {"w": 2}}, "C": {"new": True}})

    assert result == {"A": {"x": [3], "y": {"z": 1, "w": 2}}, "B": "kept", "C": {"new": True}}
    assert template == {"A": {"x": [1, 2], "y": {"z": 1}}, "B": "kept"}


def test_an_empty_section_of_a_merged_file_takes_nothing_away() -> None:
    assert merged({"Resources": {"A": 1}}, {"Resources": None, "Outputs": None}) == {"Resources": {"A": 1}}


def test_the_version_of_a_policy_stays_text_in_yaml(
    plugins: Plugins, parts: Any, request_for: RequestFor, tmp_path: Path
) -> None:
    extra = tmp_path / "extra.yaml"
    extra.write_text("Resources: {P: {Type: 'AWS::IAM::Policy', Properties: {Version: 2012-10-17}}}")

    content = SamFormat(plugins).render(request_for(parts.role, merge_template=extra))["sam.yaml"]

    assert isinstance(content, bytes)
    assert b"Version: '2012-10-17'" in content.split(b"P:\n")[-1]


def test_a_json_template_is_merged_also_over_the_code_s_place(
    plugins: Plugins, parts: Any, request_for: RequestFor, tmp_path: Path
) -> None:
    extra = tmp_path / "extra.json"
    extra.write_text(
        json.dumps(
            {
                "Resources": {
                    "Add": {"Properties": {"CodeUri": "s3://b/k", "Environment": {"Variables": {"A": "1"}}}},
                    "Table": {"Type": "AWS::DynamoDB::Table"},
                }
            }
        )
    )

    files = SamFormat(plugins).render(
        request_for(parts.role, parts.function("add"), merge_template=str(extra))
    )

    resources = json.loads(bytes(files["sam.json"]))["Resources"]
    assert resources["Add"]["Properties"]["CodeUri"] == "s3://b/k"
    assert resources["Add"]["Properties"]["Environment"] == {"Variables": {"A": "1"}}
    assert resources["Add"]["Properties"]["Handler"] == "app.add"
    assert resources["Table"] == {"Type": "AWS::DynamoDB::Table"}


def test_a_template_that_is_missing_is_named(
    plugins: Plugins, parts: Any, request_for: RequestFor, tmp_path: Path
) -> None:
    missing = tmp_path / "nowhere.json"

    with pytest.raises(TemplateNotFoundError) as caught:
        SamFormat(plugins).render(request_for(parts.role, merge_template=missing))

    assert str(caught.value).startswith(f"Cannot find template file: {missing}")


@pytest.mark.parametrize(
    ("name", "content", "form"),
    [
        ("t.json", b"{", "JSON"),
        ("t.json", b"[1]", "JSON"),
        ("t.json", b"\xff\xfe", "JSON"),
        ("t.yaml", b"a: [", "YAML"),
        ("t.yml", b"- 1", "YAML"),
        ("t.yml", b"", "YAML"),
    ],
)
def test_a_template_that_cannot_be_read_is_named(
    plugins: Plugins,
    parts: Any,
    request_for: RequestFor,
    tmp_path: Path,
    name: str,
    content: bytes,
    form: str,
) -> None:
    path = tmp_path / name
    path.write_bytes(content)

    with pytest.raises(TemplateUnreadableError) as caught:
        SamFormat(plugins).render(request_for(parts.role, merge_template=path))

    assert (caught.value.path, caught.value.form) == (path, form)


def test_yaml_is_written_on_request(plugins: Plugins, parts: Any, request_for: RequestFor) -> None:
    import yaml

    request = request_for(parts.role, parts.function("add"))
    as_json = SamFormat(plugins).render(request)["sam.json"]

    files = SamFormat(plugins).render(request_for(parts.role, parts.function("add"), template_format="yaml"))

    assert set(files) == {"sam.yaml", "deployment.zip"}
    assert yaml.safe_load(bytes(files["sam.yaml"])) == json.loads(bytes(as_json))


def test_a_yaml_template_makes_the_output_yaml_and_its_tags_long_forms(
    plugins: Plugins, parts: Any, request_for: RequestFor, tmp_path: Path
) -> None:
    import yaml

    extra = tmp_path / "extra.yml"
    extra.write_text(
        "Resources:\n"
        "  Alarm:\n"
        "    Type: AWS::CloudWatch::Alarm\n"
        "    Condition: InProd\n"
        "    Properties:\n"
        "      A: !Ref Add\n"
        "      B: !GetAtt Add.Outputs.Arn\n"
        "      C: !Sub 'x-${Add}'\n"
        "      D: !Join ['-', [a, !Ref Add]]\n"
        "      E: !If [InProd, 1, !Ref 'AWS::NoValue']\n"
        "      F: !Transform {Name: N, Parameters: {P: !Ref Add}}\n"
        "      G: !Condition InProd\n"
    )

    files = SamFormat(plugins).render(
        request_for(parts.role, parts.function("add"), merge_template=extra, template_format="json")
    )

    assert "sam.json" not in files
    alarm = yaml.safe_load(bytes(files["sam.yaml"]))["Resources"]["Alarm"]
    assert alarm["Properties"] == {
        "A": {"Ref": "Add"},
        "B": {"Fn::GetAtt": ["Add", "Outputs.Arn"]},
        "C": {"Fn::Sub": "x-${Add}"},
        "D": {"Fn::Join": ["-", ["a", {"Ref": "Add"}]]},
        "E": {"Fn::If": ["InProd", 1, {"Ref": "AWS::NoValue"}]},
        "F": {"Fn::Transform": {"Name": "N", "Parameters": {"P": {"Ref": "Add"}}}},
        "G": {"Condition": "InProd"},
    }


def test_without_a_yaml_parser_json_works_and_yaml_says_what_to_install() -> None:
    script = (
        "import sys; sys.modules['yaml'] = None\n"
        "import chalice_sam.hooks\n"
        "from chalice_core.errors import ToolError\n"
        "from pathlib import Path\n"
        "from chalice_sam.merge import _parse_yaml\n"
        "try:\n"
        "    _parse_yaml('a: 1')\n"
        "except ToolError as error:\n"
        "    print(error.code, error.fix)\n"
    )

    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert done.stdout.startswith("sam-yaml-missing Install chalice-sam[yaml]")


def test_an_artifact_keeps_its_own_file(
    plugins: Plugins, parts: Any, request_for: RequestFor, tmp_path: Path
) -> None:
    request = request_for(parts.role)
    layer = Artifact(path=tmp_path / "l.zip", sha256="1" * 64, size=1)
    with_layer = FormatRequest(
        graph=request.graph,
        app=request.app,
        config=request.config,
        artifacts={**request.artifacts, ArtifactId("layer"): layer},
    )

    files = SamFormat(plugins).render(with_layer)

    assert files["layer-deployment.zip"] == layer.path


def test_yaml_says_the_same_as_json_and_needs_nothing_that_cloudformation_does_not_read(
    application: tuple[Resource, ...], plugins: Plugins, request_for: RequestFor
) -> None:
    written = SamFormat(plugins).render(request_for(*application, template_format="yaml"))["sam.yaml"]
    as_json = SamFormat(plugins).render(request_for(*application))["sam.json"]

    assert isinstance(written, bytes)
    assert isinstance(as_json, bytes)
    tokens = {type(token).__name__ for token in yaml.scan(written)}
    assert not tokens & {"AliasToken", "AnchorToken", "TagToken"}
    assert yaml.safe_load(written) == json.loads(as_json)


def test_the_code_of_a_function_can_be_read_in_yaml(
    plugins: Plugins, parts: Any, request_for: RequestFor
) -> None:
    work = parts.function("work")
    request = request_for(parts.role, work, *parts.bucket(work), template_format="yaml")

    written = SamFormat(plugins).render(request)["sam.yaml"]

    assert isinstance(written, bytes)
    assert b"        ZipFile: |\n" in written
    assert b"\n          def handler(event, context):\n" in written
