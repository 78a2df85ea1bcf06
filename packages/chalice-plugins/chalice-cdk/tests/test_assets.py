"""The files of a template become parameters."""

from __future__ import annotations

from typing import Any

from chalice_cdk.assets import local_files, with_parameters

FUNCTION: dict[str, Any] = {
    "Type": "AWS::Serverless::Function",
    "Properties": {"CodeUri": "./deployment.zip", "Timeout": 3},
}
TEMPLATE: dict[str, Any] = {
    "Transform": "AWS::Serverless-2016-10-31",
    "Outputs": {},
    "Resources": {
        "Work": FUNCTION,
        "Tick": FUNCTION,
        "ManagedLayer": {
            "Type": "AWS::Serverless::LayerVersion",
            "Properties": {"ContentUri": "./layer-deployment.zip"},
        },
        "Foreign": {
            "Type": "AWS::Serverless::Function",
            "Properties": {"CodeUri": {"Bucket": "b", "Key": "k"}},
        },
        "Helper": {"Type": "AWS::Lambda::Function", "Properties": {"Code": {"ZipFile": "x = 1"}}},
        "Bare": {"Type": "AWS::Serverless::Function", "Properties": {}},
    },
}


def test_each_file_is_named_once_with_who_needs_it() -> None:
    files = local_files(TEMPLATE)

    assert [(file.name, file.type) for file in files] == [
        ("deployment.zip", "AWS::Serverless::Function"),
        ("layer-deployment.zip", "AWS::Serverless::LayerVersion"),
    ]


def test_the_template_refers_to_their_places_and_is_otherwise_as_before() -> None:
    changed = with_parameters(TEMPLATE)

    place = {"Bucket": {"Ref": "DeploymentZipBucket"}, "Key": {"Ref": "DeploymentZipKey"}}
    assert changed["Resources"]["Work"]["Properties"] == {"CodeUri": place, "Timeout": 3}
    assert changed["Resources"]["Tick"] == changed["Resources"]["Work"]
    assert set(changed["Parameters"]) == {
        parameter for file in local_files(TEMPLATE) for parameter in (file.bucket, file.key)
    }
    for kept in ("Foreign", "Helper", "Bare"):
        assert changed["Resources"][kept] == TEMPLATE["Resources"][kept]
    assert list(changed["Resources"]) == list(TEMPLATE["Resources"])
    assert FUNCTION["Properties"]["CodeUri"] == "./deployment.zip"


def test_parameters_of_a_merged_template_stay() -> None:
    changed = with_parameters({**TEMPLATE, "Parameters": {"Mine": {"Type": "Number"}}})

    assert changed["Parameters"]["Mine"] == {"Type": "Number"}


def test_a_template_without_files_gets_no_parameters() -> None:
    assert with_parameters({"Resources": {}}) == {"Resources": {}}
