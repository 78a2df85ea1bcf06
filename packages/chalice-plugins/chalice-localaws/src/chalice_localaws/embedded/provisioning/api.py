"""Calls of this AWS's own API, as CloudFormation calls AWS's.

Resources are made by the same calls that a deployment without templates makes, so that the same checks and
refusals apply, and the same things run behind them.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from chalice_localaws.embedded.provisioning.model import ProvisioningError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from botocore.model import Shape

    from chalice_localaws.embedded.provisioning.model import Provisioned, Scope

__all__ = ["Api", "ApiType", "Caller"]

_GONE = ("NotFound", "NoSuch", "ResourceNotFound")
_THERE = ("AlreadyExists", "Conflict", "EntityAlreadyExists", "ResourceExists")


class Api:
    """Calls the API of this AWS.

    Args:
        endpoint_url: where it is; asked when the first client of a service is made.
    """

    def __init__(self, endpoint_url: Callable[[], str | None]) -> None:
        self._endpoint_url = endpoint_url
        self._lock = threading.Lock()
        self._clients: dict[tuple[str, str], Any] = {}

    def call(
        self, region: str, service: str, operation: str, parameters: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Call an operation.

        Args:
            region: where.
            service: boto3's name of the service.
            operation: boto3's name of the operation.
            parameters: values are taken for what the operation wants, as CloudFormation takes "5" for 5;
                None stands for "not given".

        Raises:
            ProvisioningError: it was refused.
        """
        client = self._client(region, service)
        name = client.meta.method_to_api_mapping[operation]
        shape = client.meta.service_model.operation_model(name).input_shape
        given = {key: value for key, value in parameters.items() if value is not None}
        try:
            answer: dict[str, Any] = getattr(client, operation)(**(_fitted(given, shape) if shape else {}))
        except ClientError as error:
            code = error.response["Error"]["Code"]
            raise ProvisioningError(
                f"{error.response['Error']['Message']} ({name}: {code})", code=_handler_code(code)
            ) from error
        except BotoCoreError as error:
            raise ProvisioningError(f"{name}: {error}", code="InvalidRequest") from error
        return answer

    def _client(self, region: str, service: str) -> Any:
        with self._lock:
            client = self._clients.get((region, service))
            if client is None:
                # boto3's default session is for one thread only.
                session: Any = boto3.Session("embedded", "embedded", region_name=region)
                client = self._clients[region, service] = session.client(
                    service,
                    endpoint_url=self._endpoint_url(),
                    config=Config(
                        retries={"total_max_attempts": 1}, proxies={}, read_timeout=90, connect_timeout=5
                    ),
                )
            return client


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Calls in the region of one resource.

    Attributes:
        api: of this AWS.
        scope: the resource's.
    """

    api: Api
    scope: Scope

    def __call__(self, service: str, operation: str, **parameters: Any) -> dict[str, Any]:
        """Call an operation; see `Api.call`."""
        return self.api.call(self.scope.region, service, operation, parameters)

    def unless_gone(self, service: str, operation: str, **parameters: Any) -> None:
        """Call an operation that deletes; what is gone already is no error."""
        try:
            self(service, operation, **parameters)
        except ProvisioningError as error:
            if error.code != "NotFound":
                raise


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiType:
    """A resource type that is made by calls of the API.

    Attributes:
        api: of this AWS.
        creating: makes a resource.
        deleting: deletes one.
        updating: changes one; without it each change makes a new one.
        replaces: see `ResourceType`.
    """

    api: Api
    creating: Callable[[Caller, dict[str, Any]], Provisioned]
    deleting: Callable[[Caller, str, dict[str, Any]], None]
    updating: Callable[[Caller, Provisioned, dict[str, Any], dict[str, Any]], Provisioned] | None = None
    replaces: frozenset[str] | None = frozenset()

    def create(self, scope: Scope, properties: Mapping[str, Any]) -> Provisioned:
        """Create a resource."""
        return self.creating(Caller(api=self.api, scope=scope), dict(properties))

    def update(
        self, scope: Scope, there: Provisioned, before: Mapping[str, Any], properties: Mapping[str, Any]
    ) -> Provisioned:
        """Change a resource."""
        if self.updating is None:
            raise ProvisioningError(f"{scope.type} cannot be changed in place.", code="NotUpdatable")
        return self.updating(Caller(api=self.api, scope=scope), there, dict(before), dict(properties))

    def delete(self, scope: Scope, there: Provisioned, properties: Mapping[str, Any]) -> None:
        """Delete a resource."""
        self.deleting(Caller(api=self.api, scope=scope), there.identifier, dict(properties))


def _handler_code(code: str) -> str:
    if any(part in code for part in _GONE):
        return "NotFound"
    if any(part in code for part in _THERE):
        return "AlreadyExists"
    return "InvalidRequest"


def _fitted(value: Any, shape: Shape) -> Any:
    """Return a value of the type that a shape asks for, where text can be taken for it."""
    match shape.type_name:
        case "structure" if isinstance(value, dict):
            members = shape.members  # type: ignore[attr-defined]  # structures have them
            return {
                key: _fitted(item, members[key]) if key in members else item for key, item in value.items()
            }
        case "list" if isinstance(value, list):
            return [_fitted(item, shape.member) for item in value]  # type: ignore[attr-defined]
        case "map" if isinstance(value, dict):
            return {key: _fitted(item, shape.value) for key, item in value.items()}  # type: ignore[attr-defined]
        case "integer" | "long" if isinstance(value, str) and value.lstrip("-").isdigit():
            return int(value)
        case "double" | "float" if isinstance(value, str):
            return float(value)
        case "boolean" if isinstance(value, str) and value.lower() in {"true", "false"}:
            return value.lower() == "true"
        case "string" if isinstance(value, bool):
            return str(value).lower()
        case "string" if isinstance(value, int | float):
            return str(value)
    return value
