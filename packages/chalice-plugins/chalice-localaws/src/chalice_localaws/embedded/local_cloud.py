"""What services of plugins see of this AWS: `chalice_core.local.LocalCloud`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from chalice_localaws.embedded.account import find_function
from chalice_localaws.embedded.permissions import allows_service
from chalice_localaws.lifecycle import ACCOUNT_ID, DEFAULT_REGION

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from moto.awslambda.models import LambdaFunction

__all__ = ["EmbeddedCloud"]


class EmbeddedCloud:
    """The embedded AWS, as a service in it sees it.

    Args:
        invoke_later: queues an asynchronous invocation.
    """

    account_id = ACCOUNT_ID
    region = DEFAULT_REGION

    def __init__(self, invoke_later: Callable[[LambdaFunction, bytes], object]) -> None:
        self._invoke_later = invoke_later

    def invoke(
        self, function_arn: str, event: Mapping[str, Any], *, principal: str, source_arn: str | None = None
    ) -> None:
        """Invoke a function asynchronously, as a service of AWS does.

        Raises:
            PermissionError: the function's policy does not allow it.
            LookupError: there is no such function.
        """
        function = find_function(function_arn) if ":function:" in function_arn else None
        if function is None:
            raise LookupError(f"There is no function {function_arn}.")
        if not allows_service(
            function.policy.statements,
            service=principal,
            source_arn=source_arn or "",
            source_account=self.account_id,
        ):
            raise PermissionError(f"{function_arn} may not be invoked by {principal} for {source_arn}.")
        self._invoke_later(function, json.dumps(event).encode())
