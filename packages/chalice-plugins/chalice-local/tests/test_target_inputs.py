"""What targets of rules get."""

from __future__ import annotations

from typing import Any

import pytest

from chalice_local.target_inputs import target_input

RULE = "arn:aws:events:eu-west-1:123456789012:rule/orders"
EVENT = {"time": "2030-01-01T00:00:00Z", "detail": {"a": [1, {"b": 'say "hi"'}], "a-b": True}}


def asked(target: dict[str, Any]) -> Any:
    return target_input(target, EVENT, rule_arn=RULE)


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ({}, EVENT),
        ({"Input": "[1, 2]"}, [1, 2]),
        ({"InputPath": "$"}, EVENT),
        ({"InputPath": "$.detail.a[0]"}, 1),
        ({"InputPath": "$.detail.a[1].b"}, 'say "hi"'),
        ({"InputPath": "$.detail['a-b']"}, True),
        ({"InputPath": "$.detail.a[7]"}, None),
        ({"InputPath": "$.time.nothing"}, None),
    ],
)
def test_a_target_gets(target: dict[str, Any], expected: Any) -> None:
    assert asked(target) == expected


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ('"it was <b>"', 'it was say "hi"'),
        ('{"b": <b>, "a": "<a>"}', {"b": 'say "hi"', "a": '[1, {"b": "say \\"hi\\""}]'}),
        ("<gone>", None),
        ('"<gone>"', ""),
        ('{"rule": "<aws.events.rule-name>", "arn": <aws.events.rule-arn>}', {"rule": "orders", "arn": RULE}),
        ("<aws.events.event.json>", EVENT),
        ("no json at <when>", 'no json at "2030-01-01T00:00:00Z"'),
    ],
)
def test_a_template_is_filled_in(template: str, expected: Any) -> None:
    paths = {"a": "$.detail.a", "b": "$.detail.a[1].b", "gone": "$.gone", "when": "$.time"}

    assert asked({"InputTransformer": {"InputPathsMap": paths, "InputTemplate": template}}) == expected
