"""The tooling half of the Cognito family: hook implementations, which recognise and delegate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalice_cognito.limits import problems
from chalice_cognito.lowering import lower
from chalice_cognito.sample_arguments import sample_from_arguments
from chalice_core.hookspecs import hookimpl

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from chalice_core.kinds import Function, Resource
    from chalice_core.manifest import App, EventDeclaration

SOURCE = "cognito"
"""The family's key in the manifest."""

DECORATOR = "on_cognito_trigger"
"""Others may have events of Cognito, too, under decorators of their own."""


def _is_ours(event: EventDeclaration) -> bool:
    return (event.source, event.decorator) == (SOURCE, DECORATOR)


@hookimpl
def chalice_validate_app(app: App) -> Sequence[str]:
    """Report what Cognito would refuse."""
    return problems([event for event in app.events if _is_ours(event)])


@hookimpl
def chalice_lower_event(event: EventDeclaration, function: Function) -> Sequence[Resource] | None:
    """Lower the declarations of this family."""
    return lower(event, function) if _is_ours(event) else None


@hookimpl
def chalice_sample_event(event: EventDeclaration, arguments: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Make an event of the declared trigger."""
    return sample_from_arguments(arguments, event.options) if _is_ours(event) else None
