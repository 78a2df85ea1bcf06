"""The actions of IAM that a call of an operation needs."""

from __future__ import annotations

import re
from collections.abc import Collection

from chalice_deploy.policies import models
from chalice_deploy.policies.exceptions import (
    ACTIONS,
    ALONGSIDE,
    BY_PARAMETER,
    PREFIXES,
    WITHOUT_IAM,
)

_PARTIQL = {
    "select": "dynamodb:PartiQLSelect",
    "insert": "dynamodb:PartiQLInsert",
    "update": "dynamodb:PartiQLUpdate",
    "delete": "dynamodb:PartiQLDelete",
}
_STATEMENTS = frozenset({"ExecuteStatement", "BatchExecuteStatement", "ExecuteTransaction"})


def prefix(service: str) -> str:
    """Return IAM's prefix of a service.

    Args:
        service: botocore's name; one that botocore does not know is IAM's already.
    """
    if service in PREFIXES:
        return PREFIXES[service]
    about = models.metadata(service)
    signed: str = about.get("signingName") or about.get("endpointPrefix") or service
    return signed.lower()


def actions_of(service: str, operation: str, given: Collection[str] = ()) -> tuple[str, ...]:
    """Return the actions that a call needs, sorted.

    Args:
        service: botocore's name.
        operation: ``PutItem``.
        given: names of the parameters that the call has.
    """
    if service in WITHOUT_IAM:
        return ()
    found = set(ACTIONS.get(service, {}).get(operation, ()))
    if not found:
        found = set(_regular(service, operation))
    for parameter, more in BY_PARAMETER.get((service, operation), {}).items():
        if parameter in given:
            found.update(more)
    return tuple(sorted({*found, *ALONGSIDE.get(service, ())}))


def partiql(statements: Collection[str] | None) -> tuple[str, ...]:
    """Return the actions of statements of PartiQL; None for ones that are not known.

    "IAM security policies with PartiQL for DynamoDB", Amazon DynamoDB Developer Guide.
    """
    found: set[str] = set()
    for statement in statements or ("",):
        verb = re.match(r"\s*(?:EXISTS\s*\(\s*)?([a-z]+)", statement, re.IGNORECASE)
        action = _PARTIQL.get(verb[1].lower()) if verb else None
        found.update([action] if action else _PARTIQL.values())
    return tuple(sorted(found))


def is_partiql(service: str, operation: str) -> bool:
    """Return whether an operation runs statements of PartiQL."""
    return service == "dynamodb" and operation in _STATEMENTS


def _regular(service: str, operation: str) -> tuple[str, ...]:
    if service in ("apigateway", "apigatewayv2"):
        # The control plane of API Gateway knows actions by HTTP method only.
        return (f"apigateway:{models.http_method(service, operation)}",)
    if service == "apigatewaymanagementapi":
        return ("execute-api:ManageConnections",)
    if service == "budgets" and "Action" not in operation:
        reading = operation.startswith(("Describe", "List", "Get"))
        return ("budgets:ViewBudget" if reading else "budgets:ModifyBudget",)
    return (f"{prefix(service)}:{operation}",)
