"""Invoking functions as a service with a deadline does: API Gateway, or a function's URL.

The function's own policy is asked first, for it is what a deployment forgets.
"""

from __future__ import annotations

import json
import threading
from typing import TYPE_CHECKING, Any

from chalice_local import ThrottledError
from chalice_localaws.embedded.account import find_function, function_spec
from chalice_localaws.embedded.permissions import allows_service

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalice_local import FunctionSpec, InvocationResult, Invoker

__all__ = ["EventTooLongError", "IntegrationRefusedError", "IntegrationTimeoutError", "Integrations"]

# https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html
INTEGRATION_SECONDS = 29.0
# "Lambda quotas", AWS Lambda Developer Guide: the event that a request becomes.
_MAX_EVENT_BYTES = 6 * 1024 * 1024


class IntegrationRefusedError(Exception):
    """The function could not be invoked: it is gone, forbidden or throttled."""


class EventTooLongError(Exception):
    """The request makes a longer event than Lambda takes."""


class IntegrationTimeoutError(Exception):
    """The function took longer than the service waits."""


class Integrations:
    """Invokes functions for API Gateway.

    Args:
        invoker: runs the functions.
    """

    def __init__(self, invoker: Invoker) -> None:
        self._invoker = invoker

    def call(
        self,
        arn: str,
        event: Mapping[str, Any],
        *,
        source_arn: str | None,
        account_id: str,
    ) -> InvocationResult:
        """Invoke a function and wait for at most 29 seconds.

        Args:
            arn: of the function; what is no function's does not exist.
            event: what it gets.
            source_arn: what the function's policy must allow API Gateway to act for; None when a role
                allows the call.
            account_id: whose API it is.

        Raises:
            IntegrationRefusedError: there is no such function, or it may not be invoked now.
            EventTooLongError: the event is longer than 6 MB.
            IntegrationTimeoutError: there is no answer in time; the function runs on.
        """
        function = find_function(arn) if ":function:" in arn else None
        if function is None:
            raise IntegrationRefusedError(f"{arn} does not exist")
        if source_arn is not None and not allows_service(
            function.policy.statements,
            service="apigateway.amazonaws.com",
            source_arn=source_arn,
            source_account=account_id,
        ):
            raise IntegrationRefusedError(f"{arn} may not be invoked for {source_arn}")
        try:
            return self._wait(function_spec(function), event_bytes(event))
        except ThrottledError as error:
            raise IntegrationRefusedError(str(error)) from error

    def _wait(self, function: FunctionSpec, payload: bytes) -> InvocationResult:
        """Invoke, and give up waiting when API Gateway would; the function itself runs on."""
        if function.timeout_seconds < INTEGRATION_SECONDS:
            return self._invoker.invoke(function, payload)
        results: list[InvocationResult] = []
        errors: list[BaseException] = []

        def run() -> None:
            try:
                results.append(self._invoker.invoke(function, payload))
            except BaseException as error:
                errors.append(error)

        thread = threading.Thread(target=run, name="integration", daemon=True)
        thread.start()
        thread.join(INTEGRATION_SECONDS)
        if errors:
            raise errors[0]
        if not results:
            raise IntegrationTimeoutError("The function took longer than API Gateway waits")
        return results[0]


def event_bytes(event: Mapping[str, Any]) -> bytes:
    """Return an event as Lambda gets it.

    Raises:
        EventTooLongError: it is longer than 6 MB.
    """
    # API Gateway writes UTF-8; escapes of "json.dumps" would count up to six times.
    payload = json.dumps(event, ensure_ascii=False).encode("utf-8", "backslashreplace")
    if len(payload) > _MAX_EVENT_BYTES:
        raise EventTooLongError
    return payload
