"""Services that plugins emulate: their resources, and their part of the API."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote

from chalice.gateway import HttpResponse
from chalice_core.local import LocalRequest
from chalice_core.plugins import load_plugins
from chalice_localaws.embedded.provisioning.model import Provisioned, ProvisioningError
from chalice_localaws.errors import ServicesClashError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from chalice.gateway import HttpRequest
    from chalice_core.local import LocalCloud, LocalService
    from chalice_core.plugins import Plugins
    from chalice_localaws.embedded.provisioning.model import Scope

__all__ = ["PluginServices", "PluginType"]


class PluginServices:
    """What plugins emulate, asked for when it is first needed and after each reset.

    Args:
        cloud: what the services get.
        plugins: loads the plugins.
    """

    def __init__(self, cloud: LocalCloud, plugins: Callable[[], Plugins] = load_plugins) -> None:
        self._cloud = cloud
        self._plugins = plugins
        self._lock = threading.Lock()
        self._loaded: Plugins | None = None
        self._services: tuple[LocalService, ...] | None = None

    def type(self, name: str) -> PluginType | None:
        """Return a resource type, if a plugin emulates it."""
        for service in self._all():
            if name in service.types:
                return PluginType(service=service)
        return None

    def types(self) -> list[str]:
        """Return the names of all their resource types."""
        return [name for service in self._all() for name in service.types]

    def respond(self, signing_name: str, request: HttpRequest) -> HttpResponse | None:
        """Let the service that requests are signed for answer; None when there is none, or it does not."""
        for service in self._all():
            if signing_name and service.name == signing_name:
                answer = service.respond(
                    LocalRequest(
                        method=request.method.upper(),
                        path=unquote(request.path),
                        query=dict(parse_qsl(request.query_string, keep_blank_values=True)),
                        headers={name.lower(): value for name, value in request.headers},
                        body=request.body,
                    )
                )
                if answer is not None:
                    return HttpResponse(
                        status=answer.status, headers=list(answer.headers.items()), body=answer.body
                    )
        return None

    def knows(self, signing_name: str) -> bool:
        """Return whether a service answers requests that are signed for that name."""
        return bool(signing_name) and any(service.name == signing_name for service in self._all())

    def forget(self) -> None:
        """Have the services made anew: their state is thrown away."""
        with self._lock:
            self._services = None

    def _all(self) -> tuple[LocalService, ...]:
        with self._lock:
            if self._services is None:
                if self._loaded is None:
                    self._loaded = self._plugins()
                self._services = _services(self._loaded, self._cloud)
            return self._services


@dataclass(frozen=True, slots=True, kw_only=True)
class PluginType:
    """A resource type that a plugin emulates; see `ResourceType`.

    Attributes:
        service: the plugin's.
    """

    service: LocalService
    replaces: frozenset[str] | None = frozenset()

    def create(self, scope: Scope, properties: Mapping[str, Any]) -> Provisioned:
        """Create a resource."""
        return self._put(scope, None, properties)

    def update(
        self,
        scope: Scope,
        there: Provisioned,
        before: Mapping[str, Any],  # noqa: ARG002 - the service knows
        properties: Mapping[str, Any],
    ) -> Provisioned:
        """Give a resource other properties."""
        return self._put(scope, there.identifier, properties)

    def delete(self, scope: Scope, there: Provisioned, properties: Mapping[str, Any]) -> None:  # noqa: ARG002
        """Delete a resource."""
        self.service.remove(scope.type, there.identifier)

    def _put(self, scope: Scope, identifier: str | None, properties: Mapping[str, Any]) -> Provisioned:
        try:
            made = self.service.put(scope.type, identifier, properties)
        except ValueError as error:
            raise ProvisioningError(str(error), code="InvalidRequest") from error
        return Provisioned(identifier=made.identifier, attributes=made.properties)


def _services(plugins: Plugins, cloud: LocalCloud) -> tuple[LocalService, ...]:
    found: list[LocalService] = []
    owners: dict[str, str] = {}
    for plugin, services in plugins.each("chalice_local_services", cloud=cloud):
        for service in services:
            for name in (*((service.name,) if service.name else ()), *service.types):
                other = owners.setdefault(name, str(plugin.name))
                if other != plugin.name:
                    raise ServicesClashError(name=name, plugins=(other, plugin.name))
            found.append(service)
    return tuple(found)
