"""The Cloud Control API: resources of any type by one handful of calls.

https://docs.aws.amazon.com/cloudcontrolapi/latest/APIReference/
"""

from __future__ import annotations

import json
import threading
import time
import uuid
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from chalice.gateway import HttpResponse
from chalice_localaws.embedded.calls import CallError, error_response
from chalice_localaws.embedded.json_patch import PatchError, patched
from chalice_localaws.embedded.provisioning.model import ProvisioningError, Scope
from chalice_localaws.embedded.provisioning.types import Recorded, generated_name

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from chalice.gateway import HttpRequest
    from chalice_localaws.embedded.calls import Caller
    from chalice_localaws.embedded.provisioning.model import ResourceType
    from chalice_localaws.embedded.provisioning.types import Resources, ResourceTypes

__all__ = ["SIGNING_NAME", "CloudControl"]

SIGNING_NAME = "cloudcontrolapi"


@dataclass(slots=True, kw_only=True)
class _Progress:
    """A request and how far it is."""

    token: str
    operation: str
    scope: Scope
    asked: str
    identifier: str | None = None
    status: str = "IN_PROGRESS"
    message: str | None = None
    code: str | None = None
    model: Mapping[str, Any] | None = None
    when: float = 0.0

    def members(self) -> dict[str, Any]:
        """Return the ProgressEvent."""
        found = {
            "TypeName": self.scope.type,
            "Identifier": self.identifier,
            "RequestToken": self.token,
            "Operation": self.operation,
            "OperationStatus": self.status,
            "EventTime": self.when,
            "ResourceModel": None if self.model is None else json.dumps(self.model),
            "StatusMessage": self.message,
            "ErrorCode": self.code,
        }
        return {name: value for name, value in found.items() if value is not None}


class CloudControl:
    """Answers the calls.

    Args:
        types: what can be created.
        resources: takes note of it.
    """

    def __init__(self, types: ResourceTypes, resources: Resources) -> None:
        self._types = types
        self._resources = resources
        self._lock = threading.Lock()
        self._requests: dict[str, _Progress] = {}
        self._by_client: dict[str, _Progress] = {}
        self._calls: dict[str, Callable[[Caller, Mapping[str, Any]], Mapping[str, Any]]] = {
            "CreateResource": self._create,
            "UpdateResource": self._update,
            "DeleteResource": self._delete,
            "GetResource": self._get,
            "ListResources": self._list,
            "GetResourceRequestStatus": self._status,
            "ListResourceRequests": self._list_requests,
        }

    def handle(self, caller: Caller, request: HttpRequest) -> HttpResponse:
        """Answer a call."""
        headers = {name.lower(): value for name, value in request.headers}
        operation = headers.get("x-amz-target", "").rpartition(".")[2]
        call = self._calls.get(operation)
        try:
            if call is None:
                raise CallError(
                    "UnsupportedActionException", f"{operation or 'This'} is not emulated on this machine."
                )
            answer = call(caller, json.loads(request.body or b"{}"))
        except CallError as error:
            return error_response(error)
        return HttpResponse(
            status=200,
            headers=[("Content-Type", "application/x-amz-json-1.0")],
            body=json.dumps(answer).encode(),
        )

    def forget(self) -> None:
        """Forget all requests."""
        with self._lock:
            self._requests.clear()
            self._by_client.clear()

    def _create(self, caller: Caller, members: Mapping[str, Any]) -> Mapping[str, Any]:
        scope, type = self._resolve(caller, members)
        properties = _object(members.get("DesiredState"), "DesiredState")
        scope = replace(scope, name=generated_name(scope.type.replace("::", "-")))

        def work(progress: _Progress) -> None:
            there = type.create(scope, properties)
            recorded = Recorded(scope=scope, properties=properties, there=there)
            self._resources.put(recorded)
            progress.identifier, progress.model = there.identifier, _model(recorded)

        return self._begin("CREATE", scope, members, work)

    def _update(self, caller: Caller, members: Mapping[str, Any]) -> Mapping[str, Any]:
        scope, type = self._resolve(caller, members)
        found = self._found(scope, members)
        try:
            operations = json.loads(members.get("PatchDocument") or "")
            changed = patched(_model(found), operations)
        except (ValueError, TypeError) as error:
            reason = error if isinstance(error, PatchError) else "It is no JSON."
            raise CallError("InvalidRequestException", f"PatchDocument: {reason}") from error
        # What the resource tells of itself and nobody has set is no part of what is wanted.
        told = {key: value for key, value in found.there.attributes.items() if key not in found.properties}
        wanted = {key: value for key, value in changed.items() if told.get(key) != value or key not in told}

        def work(progress: _Progress) -> None:
            differing = {
                key for key in {*wanted, *found.properties} if wanted.get(key) != found.properties.get(key)
            }
            fixed = differing if type.replaces is None else differing & {*type.replaces, *told}
            if fixed:
                message = f"Invalid patch update: [{', '.join(sorted(fixed))}] cannot be updated"
                raise ProvisioningError(message, code="NotUpdatable")
            there = (
                type.update(found.scope, found.there, found.properties, wanted) if differing else found.there
            )
            recorded = Recorded(scope=found.scope, properties=wanted, there=there)
            self._resources.put(recorded)
            progress.model = _model(recorded)

        return self._begin("UPDATE", scope, members, work)

    def _delete(self, caller: Caller, members: Mapping[str, Any]) -> Mapping[str, Any]:
        scope, type = self._resolve(caller, members)

        def work(progress: _Progress) -> None:
            found = self._resources.find(scope, str(progress.identifier))
            if found is None:
                raise ProvisioningError(
                    f"Resource of type '{scope.type}' with identifier '{progress.identifier}' was not found.",
                    code="NotFound",
                )
            type.delete(found.scope, found.there, found.properties)
            self._resources.remove(scope, found.there.identifier)

        return self._begin("DELETE", scope, members, work)

    def _get(self, caller: Caller, members: Mapping[str, Any]) -> Mapping[str, Any]:
        scope, _ = self._resolve(caller, members)
        return {"TypeName": scope.type, "ResourceDescription": _description(self._found(scope, members))}

    def _list(self, caller: Caller, members: Mapping[str, Any]) -> Mapping[str, Any]:
        scope, _ = self._resolve(caller, members)
        descriptions = [_description(found) for found in self._resources.of_type(scope)]
        return {"TypeName": scope.type, "ResourceDescriptions": descriptions}

    def _status(self, caller: Caller, members: Mapping[str, Any]) -> Mapping[str, Any]:  # noqa: ARG002
        with self._lock:
            progress = self._requests.get(str(members.get("RequestToken")))
        if progress is None:
            raise CallError(
                "RequestTokenNotFoundException", "There is no request with this token.", status=404
            )
        return {"ProgressEvent": progress.members()}

    def _list_requests(self, caller: Caller, members: Mapping[str, Any]) -> Mapping[str, Any]:  # noqa: ARG002
        wanted = members.get("ResourceRequestStatusFilter") or {}
        with self._lock:
            requests = list(self._requests.values())
        return {
            "ResourceRequestStatusSummaries": [
                progress.members()
                for progress in requests
                if progress.operation in wanted.get("Operations", [progress.operation])
                and progress.status in wanted.get("OperationStatuses", [progress.status])
            ]
        }

    def _resolve(self, caller: Caller, members: Mapping[str, Any]) -> tuple[Scope, ResourceType]:
        name = str(members.get("TypeName"))
        type = None if name.startswith("Custom::") else self._types.find(name)
        if type is None:
            raise CallError(
                "UnsupportedActionException", f"The resource type {name} is not emulated on this machine."
            )
        return Scope(account_id=caller.account_id, region=caller.region, type=name), type

    def _found(self, scope: Scope, members: Mapping[str, Any]) -> Recorded:
        identifier = str(members.get("Identifier"))
        found = self._resources.find(scope, identifier)
        if found is None:
            raise CallError(
                "ResourceNotFoundException",
                f"Resource of type '{scope.type}' with identifier '{identifier}' was not found.",
            )
        return found

    def _begin(
        self, operation: str, scope: Scope, members: Mapping[str, Any], work: Callable[[_Progress], None]
    ) -> Mapping[str, Any]:
        """Start the work in the background and tell that it is under way."""
        asked = json.dumps([operation, *(members.get(key) for key in _DECISIVE)])
        client_token = members.get("ClientToken")
        progress = _Progress(
            token=str(uuid.uuid4()),
            operation=operation,
            scope=scope,
            asked=asked,
            identifier=members.get("Identifier"),
            when=time.time(),
        )
        with self._lock:
            known = self._by_client.get(str(client_token)) if client_token else None
            if known is not None:
                if known.asked != asked:
                    raise CallError(
                        "ClientTokenConflictException", "The ClientToken was used for another request."
                    )
                return {"ProgressEvent": known.members()}
            if client_token:
                self._by_client[str(client_token)] = progress
            self._requests[progress.token] = progress
        # Taken before the work begins: AWS never has the end in its first answer.
        answer = {"ProgressEvent": progress.members()}
        threading.Thread(target=_carry_out, args=(progress, work), name="cloud-control", daemon=True).start()
        return answer


_DECISIVE = ("TypeName", "Identifier", "DesiredState", "PatchDocument")


def _carry_out(progress: _Progress, work: Callable[[_Progress], None]) -> None:
    try:
        work(progress)
    except ProvisioningError as error:
        progress.message, progress.code, status = str(error), error.code, "FAILED"
    except Exception as error:
        progress.message, progress.code, status = (
            f"{type(error).__name__}: {error}",
            "InternalFailure",
            "FAILED",
        )
    else:
        status = "SUCCESS"
    progress.when = time.time()
    progress.status = status


def _object(text: object, name: str) -> dict[str, Any]:
    try:
        document = json.loads(str(text))
    except ValueError:
        document = None
    if not isinstance(document, dict):
        raise CallError("InvalidRequestException", f"{name} is no JSON object.")
    return document


def _model(recorded: Recorded) -> dict[str, Any]:
    return {**recorded.there.attributes, **recorded.properties}


def _description(recorded: Recorded) -> dict[str, Any]:
    return {"Identifier": recorded.there.identifier, "Properties": json.dumps(_model(recorded))}
