"""The tooling half of the S3 family: hook implementations, which recognise and delegate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalice_core.hookspecs import hookimpl
from chalice_s3.limits import problems
from chalice_s3.lowering import lower
from chalice_s3.sample_arguments import first_event_name, sample_from_arguments

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from chalice_core.kinds import Function, Resource
    from chalice_core.manifest import App, EventDeclaration

SOURCE = "s3"
"""The family's key in the manifest."""


@hookimpl
def chalice_validate_app(app: App) -> Sequence[str]:
    """Report what S3 would refuse."""
    return problems([event for event in app.events if event.source == SOURCE])


@hookimpl
def chalice_lower_event(event: EventDeclaration, function: Function) -> Sequence[Resource] | None:
    """Lower the declarations of this family."""
    return lower(event, function) if event.source == SOURCE else None


@hookimpl
def chalice_sample_event(event: EventDeclaration, arguments: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Make an event that tells of one object."""
    if event.source != SOURCE:
        return None
    options = event.options
    return sample_from_arguments(
        arguments, bucket=options["bucket"], event_name=first_event_name(options["events"])
    )
