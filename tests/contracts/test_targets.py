"""What every target owes: the suites that ship for plugin authors, passed by the targets that ship.

Families and targets meet only in the kinds: a kind that one target cannot
express would break each family that uses it there.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from chalice_core import kinds
from chalice_core.kinds import KINDS, Resource
from chalice_core.plugins import Plugins, collect_named
from chalice_core.testing.contracts import DeploymentTargetContract, OutputFormatContract
from chalice_deploy.handler import KindHandler
from chalice_sam import Renderer as SamRenderer
from chalice_sam.testing import problems_of as problems_of_template
from chalice_terraform import Renderer as TerraformRenderer
from chalice_terraform.testing import PROVIDERS, SchemaUnavailableError, provider_schema
from chalice_terraform.testing import problems_of as problems_of_configuration


class TestAws(DeploymentTargetContract):
    target = "aws"
    protocol = KindHandler


class TestCloudFormation(OutputFormatContract):
    target = "sam"
    format = "cloudformation"
    protocol = SamRenderer

    def validate(self, files: Mapping[str, bytes], folder: Path) -> None:
        """Ask the SAM translator and cfn-lint."""
        assert problems_of_template(json.loads(files["sam.json"])) == []


class TestTerraform(OutputFormatContract):
    target = "terraform"
    format = "terraform"
    protocol = TerraformRenderer

    @pytest.fixture(autouse=True)
    def cache_of_schemas(self, request: pytest.FixtureRequest) -> None:
        """Where the schemas of Terraform's provider are kept."""
        assert request.config.cache is not None
        self.schemas = Path(request.config.cache.mkdir("terraform-schemas"))

    def validate(self, files: Mapping[str, bytes], folder: Path) -> None:
        """Compare with the schemas of both versions of the provider."""
        for provider in PROVIDERS:
            try:
                schema = provider_schema(provider, self.schemas)
            except SchemaUnavailableError as error:
                pytest.skip(str(error))
            assert list(problems_of_configuration(json.loads(files["chalice.tf.json"]), schema)) == []


class TestCdk(OutputFormatContract):
    # Its files are the SAM template, and a CDK app around it.
    target = "sam"
    format = "cdk"
    protocol = SamRenderer

    def validate(self, files: Mapping[str, bytes], folder: Path) -> None:
        """Look at the app; the tests of pairs synthesise one."""
        compile(files["app.py"], "app.py", "exec", dont_inherit=True)
        assert json.loads(files["sam.json"])["Resources"]


def test_every_plugin_works(plugins: Plugins) -> None:
    assert [(plugin.name, plugin.error) for plugin in plugins.broken] == []


def test_every_target_that_is_installed_is_tested_here(plugins: Plugins) -> None:
    clouds = collect_named(plugins, "chalice_deployment_targets", thing="deployment target")
    formats = collect_named(plugins, "chalice_output_formats", thing="output format")

    assert set(clouds) == {one.target for one in DeploymentTargetContract.__subclasses__()}
    assert set(formats) == {one.format for one in OutputFormatContract.__subclasses__()}
    for tested in OutputFormatContract.__subclasses__():
        assert getattr(formats[tested.format], "target", tested.format) == tested.target


def test_the_kinds_are_all_the_kinds_of_a_finished_graph() -> None:
    defined = {
        item
        for item in vars(kinds).values()
        if isinstance(item, type) and issubclass(item, Resource) and item not in (Resource, kinds.Grant)
    }

    assert set(KINDS) == defined
