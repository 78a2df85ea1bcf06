"""Values are spelled in their shortest form."""

from __future__ import annotations

from typing import Any

import pytest

from chalice_core.values import Output, Pseudo, ResourceId, arn, text
from chalice_sam.intrinsics import Reference, spell

FUNCTION = Output(ResourceId("work"), "arn")
API = Output(ResourceId("rest_api"), "api_id")


def refer(output: Output) -> Reference:
    return {FUNCTION: Reference("Work", "Arn"), API: Reference("RestAPI")}[output]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("plain", "plain"),
        ("keeps ${this} as it is", "keeps ${this} as it is"),
        (API, {"Ref": "RestAPI"}),
        (FUNCTION, {"Fn::GetAtt": ["Work", "Arn"]}),
        (Pseudo.REGION, {"Ref": "AWS::Region"}),
        (text("a", "b"), "ab"),
        (text(), ""),
        (text(API), {"Ref": "RestAPI"}),
        (text("", FUNCTION), {"Fn::GetAtt": ["Work", "Arn"]}),
        (text("x/", API, "/*"), {"Fn::Sub": "x/${RestAPI}/*"}),
        (text(FUNCTION, "/invocations"), {"Fn::Sub": "${Work.Arn}/invocations"}),
        (text("${stageVariables.x}/", API), {"Fn::Sub": "${!stageVariables.x}/${RestAPI}"}),
        (
            arn("sqs", "orders"),
            {"Fn::Sub": "arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:orders"},
        ),
        (
            arn("s3", "bucket", regional=False, account=False),
            {"Fn::Sub": "arn:${AWS::Partition}:s3:::bucket"},
        ),
    ],
)
def test_a_value_is_spelled_in_its_shortest_form(value: Any, expected: Any) -> None:
    assert spell(value, refer) == expected


def test_values_are_found_at_any_depth_and_the_rest_stays() -> None:
    tree = {"list": (1, True, None, {"arn": FUNCTION}), "text": "t"}

    assert spell(tree, refer) == {
        "list": [1, True, None, {"arn": {"Fn::GetAtt": ["Work", "Arn"]}}],
        "text": "t",
    }
