"""The tooling half of the DynamoDB family: hook implementations, which recognise and delegate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalice_core.hookspecs import hookimpl
from chalice_dynamodb.limits import problems, table_name
from chalice_dynamodb.lowering import lower
from chalice_dynamodb.sample_arguments import sample_from_arguments

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from chalice_core.kinds import Function, Resource
    from chalice_core.manifest import App, EventDeclaration

SOURCE = "dynamodb"
"""The family's key in the manifest."""


@hookimpl
def chalice_validate_app(app: App) -> Sequence[str]:
    """Report what AWS would refuse."""
    return [problem for event in app.events if event.source == SOURCE for problem in problems(event)]


@hookimpl
def chalice_lower_event(event: EventDeclaration, function: Function) -> Sequence[Resource] | None:
    """Lower the declarations of this family."""
    return lower(event, function) if event.source == SOURCE else None


@hookimpl
def chalice_sample_event(event: EventDeclaration, arguments: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Make an event with the given changes."""
    if event.source != SOURCE:
        return None
    return sample_from_arguments(arguments, table=table_name(str(event.options["stream_arn"])))
