"""AWS's own tools, offline, accept the templates: the SAM translator and cfn-lint."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from chalice_core.kinds import Resource

boto3 = pytest.importorskip("boto3", reason="the SAM translator asks boto3 for a region")
pytest.importorskip("samtranslator", reason="aws-sam-translator is not installed")
cfnlint = pytest.importorskip("cfnlint", reason="cfn-lint is not installed")

Template = dict[str, Any]


@pytest.fixture(scope="module")
def translate() -> Callable[[Template], Template]:
    """Do what CloudFormation does with the ``Transform`` of a template."""
    from samtranslator.parser.parser import Parser
    from samtranslator.translator.translator import Translator

    translator = Translator({}, Parser(), boto_session=boto3.Session(region_name="us-west-2"))

    def run(template: Template) -> Template:
        packaged = copy.deepcopy(template)
        for resource in packaged["Resources"].values():
            if resource["Type"] == "AWS::Serverless::Function":
                # `aws cloudformation package` uploads the file and writes this.
                resource["Properties"]["CodeUri"] = "s3://bucket/deployment.zip"
        translated: Template = translator.translate(packaged, {})
        return translated

    return run


def lint(template: Template) -> list[str]:
    """Return what cfn-lint finds wrong, warnings too."""
    from cfnlint.api import lint_all

    return [str(match) for match in lint_all(__import__("json").dumps(template))]


def test_the_translator_makes_cloudformation_of_it_that_cfn_lint_finds_flawless(
    application: tuple[Resource, ...],
    template_of: Callable[..., Template],
    translate: Callable[[Template], Template],
) -> None:
    template = template_of(*application)

    translated = translate(template)

    assert lint(template) == []
    assert lint(translated) == []
    assert not [r for r in translated["Resources"].values() if r["Type"].startswith("AWS::Serverless")]
