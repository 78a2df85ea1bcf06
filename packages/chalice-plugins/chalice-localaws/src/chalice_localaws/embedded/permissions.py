"""Whether a function's resource policy lets a service invoke it.

https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["allows_service"]


def allows_service(
    statements: Iterable[Mapping[str, Any]], *, service: str, source_arn: str, source_account: str
) -> bool:
    """Return whether one of the statements lets ``service`` invoke the function for ``source_arn``.

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
    return operator == "StringEquals" and fact == value


def _like(text: str, pattern: str) -> bool:
    expression = "".join({"*": ".*", "?": "."}.get(mark, re.escape(mark)) for mark in pattern)
    return re.fullmatch(expression, text, re.DOTALL) is not None


def _several(value: object) -> list[str]:
    if value is None:
        return []
    return [str(item) for item in value] if isinstance(value, list) else [str(value)]
