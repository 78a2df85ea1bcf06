"""Events that a service pushes to a function: may it, and is there one?"""

from __future__ import annotations

from dataclasses import dataclass

from chalice_localaws.embedded.account import find_function
from chalice_localaws.embedded.permissions import allows_service

__all__ = ["Undeliverable", "undeliverable"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Undeliverable:
    """Why a service cannot hand an event to a function, which no retry would change.

    Attributes:
        code: of the error that Lambda gives to the service.
        message: of that error.
    """

    code: str
    message: str


def undeliverable(function_arn: str, *, service: str, source_arn: str) -> Undeliverable | None:
    """Return why ``service`` cannot invoke a function for ``source_arn``; ``None`` when it can.

    Args:
        function_arn: with or without a qualifier.
        service: a service principal, ``sns.amazonaws.com``.
        source_arn: what the service acts for.
    """
    function = find_function(function_arn)
    if function is None:
        return Undeliverable(code="ResourceNotFoundException", message=f"Function not found: {function_arn}")
    if not allows_service(
        function.policy.statements,
        service=service,
        source_arn=source_arn,
        source_account=function.account_id,
    ):
        return Undeliverable(
            code="AccessDeniedException",
            message=f"User: {service} is not authorized to perform: lambda:InvokeFunction on resource: "
            f"{function_arn} because no resource-based policy allows the lambda:InvokeFunction action",
        )
    return None
