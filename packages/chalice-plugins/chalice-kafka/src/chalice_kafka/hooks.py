"""The tooling half of the Kafka family: hook implementations, which recognise and delegate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalice_core.hookspecs import hookimpl
from chalice_kafka.limits import problems
from chalice_kafka.lowering import lower
from chalice_kafka.sample_arguments import sample_from_arguments

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from chalice_core.kinds import Function, Resource
    from chalice_core.manifest import App, EventDeclaration

SOURCE = "kafka"
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
    return sample_from_arguments(arguments, topic=str(event.options["topic"]))
