"""What the policies that were deployed allow, asked where AWS asks it too.

A deployment that forgets a permission, or grants it too late, must fail here
as it would there.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["allows_action", "allows_service", "allows_url"]


def allows_action(documents: Iterable[Mapping[str, Any]], *, action: str, resource: str) -> bool:
    """Return whether identity policies let their principal do something.

    Conditions of statements that allow are taken as met; a statement that denies counts only without one.
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html

    Args:
        documents: the policy documents of a role.
        action: ``sqs:ReceiveMessage``.
        resource: an ARN.
    """
    statements: list[Mapping[str, Any]] = []
    for document in documents:
        found = document.get("Statement") or []
        statements += found if isinstance(found, list) else [found]
    matching = [
        statement
        for statement in statements
        if any(_like(action.lower(), pattern.lower()) for pattern in _several(statement.get("Action")))
        and any(_like(resource, pattern) for pattern in _several(statement.get("Resource")))
    ]
    denied = any(found.get("Effect") == "Deny" and not found.get("Condition") for found in matching)
    return not denied and any(found.get("Effect") == "Allow" for found in matching)


def allows_service(
    statements: Iterable[Mapping[str, Any]], *, service: str, source_arn: str, source_account: str
) -> bool:
    """Return whether a function's resource policy lets ``service`` invoke it for ``source_arn``.

    https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html

    Args:
        statements: of the function's policy, as JSON has them.
        service: a service principal, ``apigateway.amazonaws.com``.
        source_arn: what the service acts for.
        source_account: whose it is.
    """
    facts = {"aws:sourcearn": source_arn, "aws:sourceaccount": source_account}
    return any(
        statement.get("Effect") == "Allow"
        and _names(statement.get("Principal"), service)
        and any(_like("lambda:InvokeFunction", action) for action in _several(statement.get("Action")))
        and _conditions_hold(statement.get("Condition") or {}, facts)
        for statement in statements
    )


def allows_url(statements: Iterable[Mapping[str, Any]], *, auth_type: str) -> bool:
    """Return whether a function's resource policy lets everybody call its URL.

    Since October 2025 both permissions are asked for.
    https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html

    Args:
        statements: of the function's policy, as JSON has them.
        auth_type: of the URL, ``NONE``.
    """
    facts = {"lambda:functionurlauthtype": auth_type, "lambda:invokedviafunctionurl": "true"}
    found = [
        statement
        for statement in statements
        if statement.get("Effect") == "Allow"
        and _names(statement.get("Principal"), "*")
        and _conditions_hold(statement.get("Condition") or {}, facts)
    ]
    return all(
        any(_like(action, pattern) for statement in found for pattern in _several(statement.get("Action")))
        for action in ("lambda:InvokeFunctionUrl", "lambda:InvokeFunction")
    )


def _names(principal: object, service: str) -> bool:
    if isinstance(principal, dict):
        return service in _several(principal.get("Service")) or "*" in _several(principal.get("AWS"))
    return principal in {"*", service}


def _conditions_hold(conditions: Mapping[str, Mapping[str, Any]], facts: Mapping[str, str]) -> bool:
    for operator, wanted in conditions.items():
        for key, values in wanted.items():
            fact = facts.get(key.lower())
            # A condition on what this request does not carry is not met.
            if fact is None or not any(_compare(operator, fact, value) for value in _several(values)):
                return False
    return True


def _compare(operator: str, fact: str, value: str) -> bool:
    if operator in {"ArnLike", "ArnEquals", "StringLike"}:
        return _like(fact, value)
    if operator == "Bool":
        return fact.lower() == value.lower()
    return operator == "StringEquals" and fact == value


def _like(text: str, pattern: str) -> bool:
    expression = "".join({"*": ".*", "?": "."}.get(mark, re.escape(mark)) for mark in pattern)
    return re.fullmatch(expression, text, re.DOTALL) is not None


def _several(value: object) -> list[str]:
    if value is None:
        return []
    return [str(item) for item in value] if isinstance(value, list) else [str(value)]
