"""What the policy of a Lambda authorizer says about a call, and what a token claims."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalice.gateway import NotEmulatedError
from chalice.gateway._policy import MalformedPolicyError, decide
from chalice.gateway._token import MalformedTokenError, claims_of

ARN = "arn:aws:execute-api:eu-west-1:123456789012:abc123/dev/GET/users/7:a"
STAGE = "arn:aws:execute-api:eu-west-1:123456789012:abc123/dev"


def policy(*statements: dict[str, Any], **parts: Any) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements), **parts}


def statement(effect: str = "Allow", **parts: Any) -> dict[str, Any]:
    return {"Effect": effect, "Action": "execute-api:Invoke", "Resource": "*", **parts}


class TestAllowing:
    @pytest.mark.parametrize(
        "resource",
        [
            "*",
            ARN,
            [ARN],
            [f"{STAGE}/POST/", f"{STAGE}/GET/users/*"],
            f"{STAGE}/*/users/7:a",
            f"{STAGE}/*",
            f"{STAGE}/GET/users/?:a",
            "arn:aws:execute-api:*:*:abc123/*/GET/*",
        ],
    )
    def test_a_resource_that_matches_admits(self, resource: Any) -> None:
        assert decide(policy(statement(Resource=resource)), ARN) == "allowed"

    @pytest.mark.parametrize(
        "resource",
        [
            [],
            "",
            f"{STAGE}/POST/users/7:a",
            f"{STAGE}/GET/users",
            f"{STAGE}/GET/USERS/7:a",
            f"{STAGE}/GET/users/7.a",
            f"{STAGE}/GET/users/??:a",
            f"{ARN}?",
            "abc123",
        ],
    )
    def test_a_resource_that_does_not_match_denies_without_saying_so(self, resource: Any) -> None:
        assert decide(policy(statement(Resource=resource)), ARN) == "denied"

    @pytest.mark.parametrize(
        "action",
        [
            "execute-api:Invoke",
            "execute-api:invoke",
            "*",
            "execute-api:*",
            ["s3:GetObject", "execute-api:Inv*"],
        ],
    )
    def test_an_action_that_matches_admits(self, action: Any) -> None:
        assert decide(policy(statement(Action=action)), ARN) == "allowed"

    @pytest.mark.parametrize("action", ["s3:*", [], "execute-api:ManageConnections", "Invoke"])
    def test_an_action_that_does_not_match_denies(self, action: Any) -> None:
        assert decide(policy(statement(Action=action)), ARN) == "denied"

    def test_a_policy_without_statements_denies(self) -> None:
        assert decide(policy(), ARN) == "denied"

    def test_one_statement_needs_no_list_and_the_version_may_be_left_out(self) -> None:
        assert decide({"Statement": statement(Sid="one")}, ARN) == "allowed"


class TestDenying:
    @pytest.mark.parametrize("turn", [1, -1])
    def test_a_deny_wins_whatever_the_order(self, turn: int) -> None:
        statements = [statement(), statement("Deny", Resource=f"{STAGE}/GET/users/*")]

        assert decide(policy(*statements[::turn]), ARN) == "explicitly denied"

    def test_a_deny_about_something_else_does_not_count(self) -> None:
        assert decide(policy(statement(), statement("Deny", Resource=f"{STAGE}/POST/*")), ARN) == "allowed"


class TestNegations:
    @pytest.mark.parametrize(
        ("parts", "decision"),
        [
            ({"NotResource": f"{STAGE}/GET/admin*"}, "allowed"),
            ({"NotResource": [f"{STAGE}/GET/users*"]}, "denied"),
        ],
    )
    def test_not_resource_is_about_everything_else(self, parts: dict[str, Any], decision: str) -> None:
        allowing = {"Effect": "Allow", "Action": "*", **parts}

        assert decide(policy(allowing), ARN) == decision

    def test_not_action_is_about_everything_else(self) -> None:
        denying = {"Effect": "Deny", "NotAction": "s3:*", "Resource": "*"}

        assert decide(policy(statement(), denying), ARN) == "explicitly denied"


class TestWhatIsNoPolicy:
    @pytest.mark.parametrize(
        "document",
        [
            None,
            [],
            "policy",
            {},
            {"Version": "2012-10-17"},
            policy(Version="2020-01-01"),
            policy(Version=2012),
            policy(Version=["2012-10-17"]),
            policy(Statement="Allow"),
            policy(Statement=["Allow"]),
            policy(statement("allow")),
            policy(statement(["Allow"])),  # type: ignore[arg-type]
            policy(statement(), {"Effect": "Allow", "Resource": "*"}),
            policy(statement(), {"Effect": "Allow", "Action": "*"}),
            policy(statement(NotAction="*")),
            policy(statement(Resource=None)),
            policy(statement(Resource=[1])),
            policy(statement(Action={"a": 1})),
            policy(statement(action="*")),
        ],
    )
    def test_it_is_an_error_wherever_the_mistake_stands(self, document: Any) -> None:
        with pytest.raises(MalformedPolicyError):
            decide(document, ARN)

    def test_a_condition_is_named_when_the_statement_is_about_the_call(self) -> None:
        condition = {"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}

        with pytest.raises(NotEmulatedError, match="a condition in the policy of an authorizer"):
            decide(policy(statement(Condition=condition)), ARN)
        assert decide(policy(statement(Condition=condition, Resource="x")), ARN) == "denied"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=5,
)
PATTERNS = st.text(alphabet="*?[]().+\\:/aé\n", max_size=12) | st.just(ARN)


@settings(max_examples=150, deadline=None)
@given(
    document=JSON
    | st.fixed_dictionaries(
        {
            "Version": st.just("2012-10-17") | JSON,
            "Statement": st.lists(
                st.fixed_dictionaries(
                    {
                        "Effect": st.sampled_from(["Allow", "Deny"]) | JSON,
                        "Action": PATTERNS | st.lists(PATTERNS, max_size=2) | JSON,
                        "Resource": PATTERNS | st.lists(PATTERNS, max_size=2) | JSON,
                    }
                ),
                max_size=3,
            )
            | JSON,
        }
    ),
    arn=PATTERNS,
)
def test_any_document_is_decided_or_malformed(document: Any, arn: str) -> None:
    try:
        decision = decide(document, arn)
    except MalformedPolicyError:
        return
    assert decision in ("allowed", "denied", "explicitly denied")


def test_many_stars_take_no_time() -> None:
    assert decide(policy(statement(Resource="*a" * 12 + "*" * 5000 + "b")), "a" * 200) == "denied"


def part(value: Any) -> str:
    text = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(text).rstrip(b"=").decode()


class TestTokens:
    def test_claims_are_the_middle_part(self) -> None:
        claims = {"sub": "ü>>>???", "scope": "a b", "n": [1]}

        assert claims_of(f"{part({'alg': 'RS256'})}.{part(claims)}.c2ln") == claims

    @pytest.mark.parametrize(
        "token",
        [
            "",
            ".",
            "..",
            "a.b",
            f"{part({})}.{part({})}",
            f"{part({})}.{part([])}.x",
            f"{part('header')}.{part({})}.x",
            f"{part({})}.{part(b'{')}.x",
            "e30.gA.x",
            "e30.e3é.x",
            "e30.e 30.x",
            f"e30.{part(b'[' * 100_000)}.x",
            "e30.e30.x.y",
        ],
    )
    def test_what_is_no_token_is_an_error(self, token: str) -> None:
        with pytest.raises(MalformedTokenError):
            claims_of(token)


@settings(max_examples=150, deadline=None)
@given(token=st.text() | st.lists(st.binary(max_size=8).map(part), max_size=4).map(".".join))
def test_any_text_is_a_token_or_malformed(token: str) -> None:
    try:
        claims = claims_of(token)
    except MalformedTokenError:
        return
    assert isinstance(claims, dict)
