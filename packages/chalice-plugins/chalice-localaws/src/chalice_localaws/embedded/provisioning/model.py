"""What a resource type is to those who create resources of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Provisioned", "ProvisioningError", "ResourceType", "Scope"]


class ProvisioningError(Exception):
    """A resource could not be created, changed or deleted.

    Args:
        message: for people.
        code: a ``HandlerErrorCode`` of the Cloud Control API.
    """

    def __init__(self, message: str, *, code: str = "GeneralServiceException") -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Where a resource is, and whose it is.

    Attributes:
        account_id: twelve digits.
        region: ``us-east-1``.
        type: the resource's type.
        logical_id: its name in the template; empty without one.
        stack_name: of the stack; empty without one.
        stack_id: the stack's ARN; empty without one.
        name: for a resource that its properties give no name, generated once.
    """

    account_id: str
    region: str
    type: str
    logical_id: str = ""
    stack_name: str = ""
    stack_id: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Provisioned:
    """A resource that is there.

    Attributes:
        identifier: what ``Ref`` gives, and Cloud Control's identifier.
        attributes: what ``Fn::GetAtt`` gives.
        state: what the type itself wants to remember.
    """

    identifier: str
    attributes: Mapping[str, Any] = field(default_factory=dict)
    state: Any = field(default=None, repr=False, compare=False)


class ResourceType(Protocol):
    """How resources of one type come, change and go. Several threads may call it."""

    @property
    def replaces(self) -> frozenset[str] | None:
        """The properties that cannot be changed in place; None when none can."""

    def create(self, scope: Scope, properties: Mapping[str, Any]) -> Provisioned:
        """Create a resource.

        Raises:
            ProvisioningError: it cannot be created; nothing is left of it.
        """

    def update(
        self, scope: Scope, there: Provisioned, before: Mapping[str, Any], properties: Mapping[str, Any]
    ) -> Provisioned:
        """Change a resource; one with another identifier is a new one, and the caller deletes the old.

        Raises:
            ProvisioningError: it cannot be changed so.
        """

    def delete(self, scope: Scope, there: Provisioned, properties: Mapping[str, Any]) -> None:
        """Delete a resource; what is gone already is no error.

        Raises:
            ProvisioningError: it cannot be deleted.
        """
