"""Policies are read as AWS reads them."""

from __future__ import annotations

from typing import Any

import pytest

from chalice_localaws.embedded.permissions import allows_action, allows_service

API = "arn:aws:execute-api:us-east-1:123456789012:abc/api/GET/users/*"
QUEUE = "arn:aws:sqs:us-east-1:123456789012:orders"


def statement(**changes: Any) -> dict[str, Any]:
    plain = {
        "Effect": "Allow",
        "Action": "lambda:InvokeFunction",
        "Principal": {"Service": "apigateway.amazonaws.com"},
        "Resource": "arn:aws:lambda:us-east-1:123456789012:function:f",
    }
    return {**plain, **changes}


def asked(*statements: dict[str, Any]) -> bool:
    return allows_service(
        statements, service="apigateway.amazonaws.com", source_arn=API, source_account="123456789012"
    )


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"Principal": "*"},
        {"Action": "lambda:*"},
        {"Condition": {"ArnLike": {"AWS:SourceArn": "arn:aws:execute-api:us-east-1:123456789012:abc/*"}}},
        {
            "Condition": {
                "ArnLike": {"AWS:SourceArn": "arn:aws:execute-api:us-east-1:123456789012:abc/*/GET/users/*"}
            }
        },
        {"Condition": {"StringEquals": {"AWS:SourceAccount": "123456789012"}}},
    ],
)
def test_a_statement_that_allows_the_invocation(changes: dict[str, Any]) -> None:
    assert asked(statement(**changes))


@pytest.mark.parametrize(
    "changes",
    [
        {"Effect": "Deny"},
        {"Principal": {"Service": "s3.amazonaws.com"}},
        {"Action": "lambda:GetFunction"},
        {"Condition": {"ArnLike": {"AWS:SourceArn": "arn:aws:execute-api:us-east-1:123456789012:other/*"}}},
        {
            "Condition": {
                "ArnLike": {"AWS:SourceArn": "arn:aws:execute-api:us-east-1:123456789012:abc/*/POST/*"}
            }
        },
        {"Condition": {"StringEquals": {"AWS:SourceAccount": "999999999999"}}},
        {"Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}},
    ],
)
def test_a_statement_that_does_not(changes: dict[str, Any]) -> None:
    assert not asked(statement(**changes))


def test_no_statement_allows_nothing() -> None:
    assert not asked()


def policy(effect: str, action: Any, resource: Any = "*", **more: Any) -> dict[str, Any]:
    return {"Statement": [{"Effect": effect, "Action": action, "Resource": resource, **more}]}


@pytest.mark.parametrize(
    ("documents", "expected"),
    [
        ([], False),
        ([policy("Allow", "sqs:ReceiveMessage")], True),
        ([policy("Allow", ["sqs:Receive*"], [QUEUE])], True),
        ([policy("Allow", "SQS:RECEIVEMESSAGE", "arn:aws:sqs:*")], True),
        ([policy("Allow", "*")], True),
        ([{"Statement": policy("Allow", "*")["Statement"][0]}], True),
        ([policy("Allow", "sqs:SendMessage")], False),
        ([policy("Allow", "sqs:ReceiveMessage", QUEUE + "-other")], False),
        ([policy("Allow", "sqs:*"), policy("Deny", "sqs:ReceiveMessage")], False),
        ([policy("Allow", "sqs:*"), policy("Deny", "sqs:*", Condition={"Bool": {"x": "true"}})], True),
    ],
)
def test_policies_of_a_role(documents: list[dict[str, Any]], expected: bool) -> None:
    assert allows_action(documents, action="sqs:ReceiveMessage", resource=QUEUE) is expected
