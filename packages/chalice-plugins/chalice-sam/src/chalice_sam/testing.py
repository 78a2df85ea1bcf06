"""What AWS's own tools say of a template, offline: the SAM translator and cfn-lint.

For the tests of plugins; ``chalice-sam[testing]`` brings the tools along.
"""

from __future__ import annotations

import copy
import json
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

REGION = "us-east-1"
"""Where templates are checked for."""


def translate(template: Mapping[str, Any], *, region: str = REGION) -> dict[str, Any]:
    """Return the CloudFormation template that the ``Transform`` of a SAM template makes of it.

    Args:
        template: as it is written; files on this machine need not be there.
        region: where it would be deployed.

    Raises:
        samtranslator.model.exceptions.InvalidDocumentException: the translator refuses it.
    """
    import boto3
    from samtranslator.parser.parser import Parser  # type: ignore[import-untyped]
    from samtranslator.translator.translator import Translator  # type: ignore[import-untyped]

    packaged = copy.deepcopy(dict(template))
    for resource in packaged["Resources"].values():
        # `aws cloudformation package` uploads the files and writes this.
        for name in {"CodeUri", "ContentUri"} & resource.get("Properties", {}).keys():
            resource["Properties"][name] = "s3://bucket/deployment.zip"
    translator = Translator({}, Parser(), boto_session=boto3.Session(region_name=region))
    translated: dict[str, Any] = translator.translate(packaged, {})
    return translated


def lint(template: Mapping[str, Any], *, region: str = REGION) -> list[str]:
    """Return cfn-lint's errors and warnings, ``E3002: …``.

    Its informational rules are left out: they are advice on other matters.

    Args:
        template: of SAM or CloudFormation.
        region: where it would be deployed.
    """
    from cfnlint.api import lint  # type: ignore[import-untyped]
    from cfnlint.config import ManualArgs  # type: ignore[import-untyped]

    matches = lint(json.dumps(template), _rules(), [region], config=ManualArgs(ignore_checks=["I"]))
    return [f"{match.rule.id}: {match.message}" for match in matches]


def problems_of(template: Mapping[str, Any], *, region: str = REGION) -> list[str]:
    """Return what AWS's tools find wrong with a SAM template, and with what it is translated to.

    Args:
        template: as `translate` takes it.
        region: where it would be deployed.
    """
    translated = translate(template, region=region)
    left = [
        f"{name} is still a {resource['Type']}"
        for name, resource in translated["Resources"].items()
        if resource["Type"].startswith("AWS::Serverless")
    ]
    return [*lint(template, region=region), *lint(translated, region=region), *left]


@cache
def _rules() -> Any:
    from cfnlint.core import get_rules  # type: ignore[import-untyped]

    return get_rules([], [], ["E", "W"])
