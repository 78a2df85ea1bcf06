"""How a patch is written down, applied and taken back."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from types import ModuleType
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from moto.awslambda.models import EventSourceMapping, LambdaFunction

    from chalice_local import InvocationResult
    from chalice_localaws.embedded.pushes import Undeliverable
    from chalice_localaws.embedded.stacks import Stacks

__all__ = ["MotoChangedError", "Patch", "Patches", "Plane"]


class Plane(Protocol):
    """What the patches ask of the data plane."""

    @property
    def stacks(self) -> Stacks:
        """Makes the resources of stacks."""

    def invoke(
        self, function: LambdaFunction, payload: bytes, client_context: str | None = None
    ) -> InvocationResult:
        """Invoke and wait."""

    def invoke_later(
        self, function: LambdaFunction, payload: bytes, client_context: str | None = None
    ) -> str:
        """Invoke asynchronously; returns the request id."""

    def push(
        self, function_arn: str, event: Mapping[str, Any], *, service: str, source_arn: str
    ) -> Undeliverable | None:
        """Hand an event of a service to a function; returns why that cannot be."""

    def function_updated(self, arn: str) -> None:
        """Hear that code or configuration has changed."""

    def function_deleted(self, arn: str) -> None:
        """Hear that a function is gone."""

    def function_url(self, url_id: str) -> str:
        """Return the URL of a function on this machine."""

    def websocket_api_deleted(self, api_id: str) -> None:
        """Hear that a WebSocket API is gone."""

    def mapping_created(self, mapping: EventSourceMapping) -> None:
        """Hear of a new event source mapping."""


class MotoChangedError(Exception):
    """moto is not the moto that a patch was written for."""

    def __init__(self, *, name: str, expected: str, found: str) -> None:
        super().__init__(
            f"moto's {name} was expected to take ({expected}) and {found}. "
            "Install the moto that chalice-localaws asks for."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Patch:
    """One replaced function of moto.

    Attributes:
        owner: the class or the module that has it.
        name: its name.
        parameters: the names of its parameters, in order, as the patch knows them.
        why: what stock moto does, and what is done instead.
        make: makes the replacement out of the original and the data plane.
    """

    owner: type | ModuleType
    name: str
    parameters: str
    why: str
    make: Callable[[Callable[..., Any], Plane], Callable[..., Any]]

    @property
    def label(self) -> str:
        """The full name of what is replaced."""
        inside = "" if isinstance(self.owner, ModuleType) else f"{self.owner.__module__}."
        return f"{inside}{self.owner.__name__}.{self.name}"

    def original(self) -> Callable[..., Any]:
        """Return what is there now.

        Raises:
            MotoChangedError: nothing, or something of another shape.
        """
        found = vars(self.owner).get(self.name)
        if not inspect.isfunction(found):
            raise MotoChangedError(name=self.label, expected=self.parameters, found="is not there")
        parameters = ", ".join(inspect.signature(found).parameters)
        if parameters != self.parameters:
            raise MotoChangedError(name=self.label, expected=self.parameters, found=f"takes ({parameters})")
        return found


class Patches:
    """A set of patches, applied and taken back together.

    Args:
        patches: what to apply.
    """

    def __init__(self, patches: Sequence[Patch]) -> None:
        self._patches = tuple(patches)
        self._originals: list[tuple[Patch, Callable[..., Any]]] = []

    def apply(self, plane: Plane) -> None:
        """Replace the functions; all or none.

        Raises:
            MotoChangedError: see `Patch.original`.
        """
        for patch in self._patches:
            patch.original()
        for patch in self._patches:
            # Asked again: a second patch of one function builds on the first.
            original = vars(patch.owner)[patch.name]
            self._originals.append((patch, original))
            setattr(patch.owner, patch.name, patch.make(original, plane))

    def remove(self) -> None:
        """Put the originals back."""
        while self._originals:
            patch, original = self._originals.pop()
            setattr(patch.owner, patch.name, original)
