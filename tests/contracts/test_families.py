"""What every event family owes: the suite that ships for plugin authors, passed by the families that ship.

A new family adds its examples in ``tests/shared/families`` and a class here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path

import pytest
from families import FAMILIES

from chalice_core.testing.contracts import EventSourceContract
from chalice_sam.testing import problems_of as problems_of_template
from chalice_terraform.testing import PROVIDERS, SchemaUnavailableError, provider_schema
from chalice_terraform.testing import problems_of as problems_of_configuration

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


class Family(EventSourceContract):
    """What the families that ship promise besides: quicker imports, and files that AWS's tools accept."""

    slow_imports = EventSourceContract.slow_imports | {"base64", "datetime", "urllib.parse"}

    @pytest.fixture(autouse=True)
    def cache_of_schemas(self, request: pytest.FixtureRequest) -> None:
        """Where the schemas of Terraform's provider are kept."""
        assert request.config.cache is not None
        self.schemas = Path(request.config.cache.mkdir("terraform-schemas"))

    def validate(self, form: str, files: Mapping[str, bytes], folder: Path) -> None:
        """Ask the SAM translator and cfn-lint, or the schemas of Terraform's provider."""
        assert form in {"cdk", "cloudformation", "terraform"}, "say how a new format is checked"
        if form == "cdk":
            # `cdk synth` takes so long that the tests of pairs run it once for all families.
            compile(files["app.py"], "app.py", "exec", dont_inherit=True)
            return
        if form == "cloudformation":
            assert problems_of_template(json.loads(files["sam.json"])) == []
            return
        for provider in PROVIDERS:
            try:
                schema = provider_schema(provider, self.schemas)
            except SchemaUnavailableError as error:
                pytest.skip(str(error))
            assert list(problems_of_configuration(json.loads(files["chalice.tf.json"]), schema)) == []


class TestCognito(Family):
    examples = FAMILIES["chalice-cognito"]


class TestDynamoDB(Family):
    examples = FAMILIES["chalice-dynamodb"]


class TestFunctionUrls(Family):
    examples = FAMILIES["chalice-function-urls"]


class TestKafka(Family):
    examples = FAMILIES["chalice-kafka"]


class TestKinesis(Family):
    examples = FAMILIES["chalice-kinesis"]


class TestS3(Family):
    examples = FAMILIES["chalice-s3"]


class TestSchedule(Family):
    examples = FAMILIES["chalice-schedule"]


class TestScheduleWithScheduler(Family):
    examples = FAMILIES["chalice-schedule with Scheduler"]


class TestSNS(Family):
    examples = FAMILIES["chalice-sns"]


class TestSQS(Family):
    examples = FAMILIES["chalice-sqs"]


class TestWebSockets(Family):
    examples = FAMILIES["chalice-websockets"]


def test_every_installed_decorator_has_an_example() -> None:
    shown = {decorator for examples in FAMILIES.values() for decorator in examples}

    assert shown == {entry.name for entry in entry_points(group="chalice.decorators")}


def test_every_family_is_tested_here() -> None:
    tested = [family.examples for family in Family.__subclasses__()]

    assert tested == list(FAMILIES.values())


@pytest.mark.parametrize("entry", NAMES, ids=lambda entry: f"{entry.group}:{entry.name}")
def test_an_entry_point_module_is_importable_by_its_own_name(entry: EntryPoint) -> None:
    module = entry.module

    assert import_module(module).__name__ == module
