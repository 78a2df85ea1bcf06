"""`--pkg-format cdk` writes a CDK app."""

from __future__ import annotations

import ast
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from chalice_cdk.format import CdkFormat, CdkTemplateFormatError, SamFormatMissingError, stack_name
from chalice_cdk.hooks import CdkPlugin
from chalice_core.artifact import Artifact
from chalice_core.config import StageConfig
from chalice_core.kinds import DEPLOYMENT, ArtifactId
from chalice_core.lowering import build_graph
from chalice_core.manifest import App
from chalice_core.plugins import Plugins, collect_named, load_plugins
from chalice_core.target import FormatRequest
from chalice_core.testing import write_project


@pytest.fixture
def files(tmp_path: Path) -> Callable[..., Mapping[str, bytes | Path]]:
    from chalice_core.apphost import describe

    def render(**options: Any) -> Mapping[str, bytes | Path]:
        import sys

        folder = write_project(
            tmp_path,
            source="from chalice import Chalice\napp = Chalice('shop')\n@app.route('/')\ndef index(): ...\n",
        )
        plugins = load_plugins()
        config = StageConfig(project_dir=folder, app_name="my_shop", stage="dev")
        app: App = describe(folder, Path(sys.executable)).app
        archive = tmp_path / "built.zip"
        archive.write_bytes(b"zip")
        return CdkFormat(plugins).render(
            FormatRequest(
                graph=build_graph(app, "python3.11", config, plugins),
                app=app,
                config=config,
                artifacts={ArtifactId(DEPLOYMENT): Artifact(path=archive, sha256="0" * 64, size=3)},
                options=options,
            )
        )

    return render


def test_the_app_has_a_template_that_is_told_the_places_of_its_archives(
    files: Callable[..., Mapping[str, bytes | Path]],
) -> None:
    written = files()

    assert set(written) == {"app.py", "cdk.json", "requirements.txt", "sam.json", "deployment.zip"}
    template = json.loads(written["sam.json"])  # type: ignore[arg-type]
    assert set(template["Parameters"]) == {"DeploymentZipBucket", "DeploymentZipKey"}
    names = {
        target.id: ast.literal_eval(node.value)
        for node in ast.parse(written["app.py"]).body  # type: ignore[arg-type]
        if isinstance(node, ast.Assign) and isinstance(node.value, (ast.Constant, ast.Dict))
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    assert names["STACK"] == "my-shop-dev"
    assert names["ARCHIVES"] == {"deployment.zip": ("DeploymentZipBucket", "DeploymentZipKey")}
    assert json.loads(written["cdk.json"])["app"] == "python app.py"  # type: ignore[arg-type]


def test_a_template_can_be_merged(files: Callable[..., Mapping[str, bytes | Path]], tmp_path: Path) -> None:
    extra = tmp_path / "extra.yaml"
    extra.write_text("Resources:\n  APIHandler:\n    Properties:\n      Timeout: 9\n")

    with pytest.raises(CdkTemplateFormatError, match="yaml"):
        files(template_format="yaml")
    template = json.loads(files(merge_template=extra)["sam.json"])  # type: ignore[arg-type]

    assert template["Resources"]["APIHandler"]["Properties"]["Timeout"] == 9


def test_it_needs_the_format_that_writes_the_template() -> None:
    with pytest.raises(SamFormatMissingError):
        CdkFormat(Plugins())._sam()


def test_the_plugin_offers_the_format_and_the_template() -> None:
    plugins = Plugins()
    plugins.register(CdkPlugin(), "cdk")
    plugins.hook.chalice_plugins_loaded(plugins=plugins)

    assert set(collect_named(plugins, "chalice_output_formats", thing="output format")) == {"cdk"}
    assert set(collect_named(plugins, "chalice_project_templates", thing="project type")) == {"cdk-ddb"}


@pytest.mark.parametrize(
    ("name", "expected"),
    [("shop-dev", "shop-dev"), ("my_shop-dev_", "my-shop-dev"), ("1shop-dev", "app-1shop-dev")],
)
def test_stacks_have_names_that_cloudformation_takes(name: str, expected: str) -> None:
    assert stack_name(name) == expected
