"""Custom resources: a function is told what to do, and answers with a PUT request.

"Custom resources" and "crpg-ref", AWS CloudFormation User Guide.
"""

from __future__ import annotations

import json
import secrets
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from chalice.gateway import HttpResponse
from chalice_localaws.embedded.account import find_function
from chalice_localaws.embedded.provisioning.model import Provisioned, ProvisioningError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from moto.awslambda.models import LambdaFunction

    from chalice.gateway import HttpRequest
    from chalice_local import InvocationResult
    from chalice_localaws.embedded.provisioning.model import Scope

__all__ = ["ANSWER_PATH", "CustomResources"]

ANSWER_PATH = "/_aws/cloudformation-response/"
# AWS waits an hour, and tries the function again when it fails; here somebody waits at the keyboard.
_SECONDS = 60.0
_LONGEST_ANSWER = 4096


@dataclass(slots=True)
class _Waiting:
    arrived: threading.Event = field(default_factory=threading.Event)
    answer: dict[str, Any] = field(default_factory=dict)


class CustomResources:
    """The type ``AWS::CloudFormation::CustomResource`` and all of ``Custom::…``.

    Args:
        invoke: runs a function and waits for its end.
        endpoint_url: where functions reach this AWS.
        seconds: to wait for an answer, unless the resource says how long (``ServiceTimeout``).
    """

    replaces: frozenset[str] | None = frozenset({"ServiceToken"})

    def __init__(
        self,
        invoke: Callable[[LambdaFunction, bytes], InvocationResult],
        endpoint_url: Callable[[], str | None],
        *,
        seconds: float = _SECONDS,
    ) -> None:
        self._invoke = invoke
        self._endpoint_url = endpoint_url
        self._seconds = seconds
        self._lock = threading.Lock()
        self._waiting: dict[str, _Waiting] = {}

    def create(self, scope: Scope, properties: Mapping[str, Any]) -> Provisioned:
        """Ask the function to create a resource."""
        return self._ask(scope, "Create", properties, {})

    def update(
        self, scope: Scope, there: Provisioned, before: Mapping[str, Any], properties: Mapping[str, Any]
    ) -> Provisioned:
        """Ask the function to change it; another id in its answer says that it made another one."""
        more = {"PhysicalResourceId": there.identifier, "OldResourceProperties": _as_text(before)}
        return self._ask(scope, "Update", properties, more)

    def delete(self, scope: Scope, there: Provisioned, properties: Mapping[str, Any]) -> None:
        """Ask the function to delete it."""
        self._ask(scope, "Delete", properties, {"PhysicalResourceId": there.identifier})

    def answer(self, request: HttpRequest) -> HttpResponse:
        """Take a function's answer."""
        token = request.path.removeprefix(ANSWER_PATH)
        with self._lock:
            waiting = self._waiting.pop(token, None) if request.method == "PUT" else None
        if waiting is None:
            return HttpResponse(status=403, headers=[], body=b"")
        try:
            answer = json.loads(request.body)
        except ValueError:
            answer = None
        if not isinstance(answer, dict) or len(request.body) > _LONGEST_ANSWER:
            answer = {
                "Status": "FAILED",
                "Reason": "Invalid response: it is no JSON object of at most 4096 bytes",
            }
        waiting.answer = answer
        waiting.arrived.set()
        return HttpResponse(status=200, headers=[], body=b"")

    def _ask(
        self, scope: Scope, kind: str, properties: Mapping[str, Any], more: Mapping[str, Any]
    ) -> Provisioned:
        service = str(properties.get("ServiceToken", ""))
        function = find_function(service) if ":function:" in service else None
        if function is None:
            raise ProvisioningError(f"{scope.type}: there is no function {service!r} (ServiceToken).")
        token, request_id = secrets.token_urlsafe(32), secrets.token_hex(16)
        waiting = _Waiting()
        with self._lock:
            self._waiting[token] = waiting
        event = {
            "RequestType": kind,
            "ServiceToken": service,
            "ResponseURL": f"{self._endpoint_url()}{ANSWER_PATH}{token}",
            "StackId": scope.stack_id,
            "RequestId": request_id,
            "LogicalResourceId": scope.logical_id,
            "ResourceType": scope.type,
            "ResourceProperties": _as_text(properties),
            **more,
        }
        result = self._invoke(function, json.dumps(event).encode())
        seconds = float(properties.get("ServiceTimeout", self._seconds))
        if not waiting.arrived.wait(0 if result.error is not None else seconds):
            with self._lock:
                self._waiting.pop(token, None)
            how = f"failed: {result.payload.decode(errors='replace')[:500]}" if result.error else "ended"
            raise ProvisioningError(f"The function of {scope.logical_id} {how}, and sent no answer.")
        answer = waiting.answer
        if answer.get("Status") != "SUCCESS":
            reason = str(answer.get("Reason") or "no reason was given")
            raise ProvisioningError(
                f"Received response status [FAILED] from custom resource. Message: {reason}"
            )
        identifier = str(answer.get("PhysicalResourceId") or more.get("PhysicalResourceId") or request_id)
        return Provisioned(identifier=identifier, attributes=answer.get("Data") or {})


def _as_text(value: Any) -> Any:
    """CloudFormation hands all numbers and booleans on as text."""
    if isinstance(value, dict):
        return {key: _as_text(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_as_text(item) for item in value]
    if isinstance(value, bool):
        return str(value).lower()
    return value if value is None else str(value)
