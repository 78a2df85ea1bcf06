"""What the policy that a Lambda authorizer returned says about one call.

See https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-output.html and
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
"""

from __future__ import annotations

from typing import Any, Literal

from chalice.gateway._messages import NotEmulatedError

Decision = Literal["allowed", "denied", "explicitly denied"]

_ACTION = "execute-api:invoke"
_VERSIONS = ("2012-10-17", "2008-10-17")
_KEYS = {
    "Sid",
    "Effect",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Condition",
    "Principal",
    "NotPrincipal",
}


class MalformedPolicyError(Exception):
    """What an authorizer returned is no policy."""


def decide(policy: object, method_arn: str) -> Decision:
    """Say whether a policy admits a call; a matching Deny wins over every Allow.

    Args:
        policy: The decoded ``policyDocument``.
        method_arn: ``arn:aws:execute-api:REGION:ACCOUNT:API/STAGE/METHOD/PATH``.

    Raises:
        MalformedPolicyError: It does not have the form of a policy.
        NotEmulatedError: A statement for this call has a condition.
    """
    if not isinstance(policy, dict) or policy.get("Version", _VERSIONS[0]) not in _VERSIONS:
        raise MalformedPolicyError
    statements = policy.get("Statement")
    if isinstance(statements, dict):
        statements = [statements]
    if not isinstance(statements, list):
        raise MalformedPolicyError
    # All are read before one counts: a malformed statement spoils the policy wherever it stands.
    effects = {_effect(statement, method_arn) for statement in statements}
    if "Deny" in effects:
        return "explicitly denied"
    return "allowed" if "Allow" in effects else "denied"


def _effect(statement: object, method_arn: str) -> str | None:
    """Return the effect that a statement has on the call, or None when it is about others."""
    if not isinstance(statement, dict) or not statement.keys() <= _KEYS:
        raise MalformedPolicyError
    effect = statement.get("Effect")
    if effect not in ("Allow", "Deny"):
        raise MalformedPolicyError
    # IAM compares the names of actions without regard to case, those of resources with it.
    about_action = _names(statement, "Action", _ACTION, ignore_case=True)
    about_resource = _names(statement, "Resource", method_arn, ignore_case=False)
    if not (about_action and about_resource):
        return None
    if statement.get("Condition"):
        raise NotEmulatedError("a condition in the policy of an authorizer", method_arn)
    return str(effect)


def _names(statement: dict[str, Any], key: str, value: str, *, ignore_case: bool) -> bool:
    """Tell whether ``Action`` or ``NotAction`` (and so on) covers a value; one of the two must be there."""
    negated = f"Not{key}"
    if (key in statement) == (negated in statement):
        raise MalformedPolicyError
    patterns = statement.get(key, statement.get(negated))
    if isinstance(patterns, str):
        patterns = [patterns]
    if not isinstance(patterns, list) or not all(isinstance(pattern, str) for pattern in patterns):
        raise MalformedPolicyError
    if ignore_case:
        value, patterns = value.lower(), [pattern.lower() for pattern in patterns]
    covered = any(_covers(pattern, value) for pattern in patterns)
    return covered != (negated in statement)


def _covers(pattern: str, value: str) -> bool:
    """Tell whether a pattern covers a value: ``*`` is any number of characters, ``?`` exactly one.

    The patterns come from an application, and a regular expression could take time without end.
    """
    at = along = 0
    star = behind = -1
    while along < len(value):
        if at < len(pattern) and pattern[at] == "*":
            star, behind = at, along
            at += 1
        elif at < len(pattern) and pattern[at] in ("?", value[along]):
            at += 1
            along += 1
        elif star >= 0:
            # The last star takes one character more: earlier ones need not.
            behind += 1
            at, along = star + 1, behind
        else:
            return False
    return not pattern[at:].strip("*")
