"""The tooling half of the Kinesis family: hook implementations, which recognise and delegate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalice_core.hookspecs import hookimpl
from chalice_kinesis.limits import problems
from chalice_kinesis.lowering import lower
from chalice_kinesis.sample_arguments import sample_from_arguments
from chalice_kinesis.stream import stream_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from chalice_core.kinds import Function, Resource
    from chalice_core.manifest import App, EventDeclaration

SOURCE = "kinesis"
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
    """Make an event with the given records."""
    if event.source != SOURCE:
        return None
    return sample_from_arguments(arguments, stream=stream_name(str(event.options["stream"])))
