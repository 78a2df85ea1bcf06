"""What a plugin needs to emulate a service in the AWS that is embedded on this machine.

Lambda, API Gateway, queues, streams, topics, buckets, buses and schedules are
there already.  A plugin for events of something else adds what it needs with
the hook ``chalice_local_services``: the resources that it declares as
`chalice_core.kinds.CloudFormationResource`, and the API that applications
send with.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol


class LocalCloud(Protocol):
    """The embedded AWS, as a service in it sees it."""

    @property
    def account_id(self) -> str:
        """Twelve digits."""

    @property
    def region(self) -> str:
        """``us-east-1``."""

    def invoke(
        self, function_arn: str, event: Mapping[str, Any], *, principal: str, source_arn: str | None = None
    ) -> None:
        """Invoke a function asynchronously, as a service of AWS does; it is tried again when it fails.

        Args:
            function_arn: the function.
            event: what it gets, JSON data.
            principal: the service, ``iot.amazonaws.com``; the function's policy has to allow it.
            source_arn: of what invokes the function, for that policy.

        Raises:
            PermissionError: the function's policy does not allow it; AWS would drop the event.
            LookupError: there is no such function.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalRequest:
    """A request to a service's API.

    Args:
        method: upper case.
        path: with a slash at its beginning, decoded.
        query: the last value of each parameter.
        headers: by lower-case name.
    """

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalResponse:
    """The answer to a `LocalRequest`."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalResource:
    """A resource that a service has created.

    Args:
        identifier: its primary identifier, what ``Ref`` gives in templates.
        properties: all of them, read-only attributes such as ``Arn`` included.
    """

    identifier: str
    properties: Mapping[str, Any] = field(default_factory=dict)


class LocalService(Protocol):
    """A service, or a part of one, in the embedded AWS.  Several threads call it at the same time."""

    @property
    def name(self) -> str:
        """What requests to its API are signed for, ``iotdata``; empty when it has no API of its own."""

    @property
    def types(self) -> tuple[str, ...]:
        """The CloudFormation types of the resources that it emulates."""

    def put(self, type: str, identifier: str | None, properties: Mapping[str, Any]) -> LocalResource:
        """Create a resource, or give the one with that identifier other properties.

        Raises:
            ValueError: AWS would refuse the properties; says why.
        """

    def remove(self, type: str, identifier: str) -> None:
        """Delete a resource; it exists."""

    def respond(self, request: LocalRequest) -> LocalResponse | None:
        """Answer a request to the API; None when it is none that the service emulates."""
