"""All resource types that can be created here, and a record of what was."""

from __future__ import annotations

import secrets
import string
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chalice_localaws.embedded.provisioning.access_types import access_types
from chalice_localaws.embedded.provisioning.event_types import event_types
from chalice_localaws.embedded.provisioning.gateway_types import gateway_types
from chalice_localaws.embedded.provisioning.lambda_types import lambda_types

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalice_localaws.embedded.provisioning.api import Api
    from chalice_localaws.embedded.provisioning.custom import CustomResources
    from chalice_localaws.embedded.provisioning.model import Provisioned, ResourceType, Scope
    from chalice_localaws.embedded.provisioning.services import PluginServices

__all__ = ["Recorded", "ResourceTypes", "Resources", "generated_name"]

_SUFFIX = string.ascii_uppercase + string.digits


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """A resource that was created.

    Attributes:
        scope: where, and whose.
        properties: what it was created with, or changed to.
        there: the resource.
    """

    scope: Scope
    properties: Mapping[str, Any]
    there: Provisioned


class ResourceTypes:
    """The types, by their names.

    Args:
        api: calls this AWS.
        services: what plugins emulate; theirs come before ours.
        custom: all custom resources.
    """

    def __init__(self, *, api: Api, services: PluginServices, custom: CustomResources) -> None:
        self._services = services
        self._custom = custom
        self._own: dict[str, ResourceType] = {
            **lambda_types(api),
            **access_types(api),
            **event_types(api),
            **gateway_types(api),
        }

    def find(self, type: str) -> ResourceType | None:
        """Return a type; None when it is not emulated."""
        if type.startswith("Custom::") or type == "AWS::CloudFormation::CustomResource":
            return self._custom
        found = self._services.type(type) or self._own.get(type)
        if found is not None:
            return found
        # Imports nearly all of moto.
        from chalice_localaws.embedded.provisioning.moto_types import moto_type

        return moto_type(type)


class Resources:
    """What was created by stacks and by Cloud Control, by type and identifier."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._recorded: dict[tuple[str, str, str, str], Recorded] = {}

    def put(self, recorded: Recorded) -> None:
        """Note a resource as it is now."""
        with self._lock:
            self._recorded[_key(recorded.scope, recorded.there.identifier)] = recorded

    def remove(self, scope: Scope, identifier: str) -> None:
        """Note that a resource is gone."""
        with self._lock:
            self._recorded.pop(_key(scope, identifier), None)

    def find(self, scope: Scope, identifier: str) -> Recorded | None:
        """Return a resource; the scope says where it is and of which type."""
        with self._lock:
            return self._recorded.get(_key(scope, identifier))

    def of_type(self, scope: Scope) -> list[Recorded]:
        """Return all resources of a type, in the order of creation."""
        with self._lock:
            return [found for key, found in self._recorded.items() if key[:3] == _key(scope, "")[:3]]

    def forget(self) -> None:
        """Forget all of them."""
        with self._lock:
            self._recorded.clear()


def generated_name(*parts: str) -> str:
    """Return a name such as CloudFormation gives: ``stack-Logical-1ABCDEFGHIJKL``."""
    suffix = "".join(secrets.choice(_SUFFIX) for _ in range(12))
    return "-".join([*(part for part in parts if part), suffix])


def _key(scope: Scope, identifier: str) -> tuple[str, str, str, str]:
    return scope.account_id, scope.region, scope.type, identifier
