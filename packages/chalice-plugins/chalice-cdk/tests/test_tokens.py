"""Tokens are recognised and keep their meaning, without the CDK."""

from __future__ import annotations

import json
import struct
from typing import Any

import pytest

from chalice_cdk.tokens import is_token, with_token_variables

# As the CDK writes the number 7: the mark, and the number in the rest.
NUMBER = struct.unpack(">d", b"\xfb\xff\x00\x00\x00\x00\x00\x07")[0]


@pytest.mark.parametrize(
    "value",
    [
        "${Token[TOKEN.12]}",
        "${Token[Role.Arn.3]}",
        "a-${Token[AWS.Region.5]}-b",
        ["#{Token[TOKEN.7]}"],
        NUMBER,
    ],
)
def test_tokens_are_recognised(value: Any) -> None:
    assert is_token(value)


@pytest.mark.parametrize(
    "value", ["${AWS::Region}", "Token[TOKEN.12]", "", 7, -1.5, float("-inf"), True, None, ["a"], b"x", {}]
)
def test_nothing_else_is(value: Any) -> None:
    assert not is_token(value)


def test_a_number_survives_json() -> None:
    assert is_token(json.loads(json.dumps({"n": NUMBER}))["n"])


def test_a_token_in_a_substitution_becomes_its_variable() -> None:
    template = {"Arn": {"Fn::Sub": "arn:${AWS::Partition}:s3:::${!Token[TOKEN.1]}/${!Token[TOKEN.1]}"}}

    assert with_token_variables(template) == {
        "Arn": {
            "Fn::Sub": [
                "arn:${AWS::Partition}:s3:::${CdkToken1}/${CdkToken1}",
                {"CdkToken1": "${Token[TOKEN.1]}"},
            ]
        }
    }


def test_variables_that_are_there_stay() -> None:
    template = [{"Fn::Sub": ["${x}-${!Token[B.2]}", {"x": {"Ref": "Y"}}]}]

    assert with_token_variables(template) == [
        {"Fn::Sub": ["${x}-${CdkToken1}", {"x": {"Ref": "Y"}, "CdkToken1": "${Token[B.2]}"}]}
    ]


def test_everything_else_stays_as_it_is() -> None:
    template = {
        "Fn::Sub": "${!literal} ${Ref.Arn}",
        "Plain": ["${Token[A.1]}", 1, None, {"Ref": "X"}],
        "Fn::GetAtt": ["A", "Arn"],
    }

    assert with_token_variables(template) == template
