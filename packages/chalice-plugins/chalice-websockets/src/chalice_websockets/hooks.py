"""The tooling half of the WebSocket family: hook implementations, which recognise and delegate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalice_core.hookspecs import hookimpl
from chalice_websockets.lowering import SOURCE, lower
from chalice_websockets.sample_arguments import sample_from_arguments

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from chalice_core.config import StageConfig
    from chalice_core.kinds import Function, Resource
    from chalice_core.manifest import App, EventDeclaration


@hookimpl
def chalice_lower_event(event: EventDeclaration) -> Sequence[Resource] | None:
    """Claim the declarations of this family; the API that all of them share is added by itself."""
    return () if event.source == SOURCE else None


@hookimpl
def chalice_add_resources(app: App, functions: Sequence[Function], config: StageConfig) -> Sequence[Resource]:
    """Add the API, and what lets it call the functions and them send to its connections."""
    return lower(app, functions, config)


@hookimpl
def chalice_sample_event(event: EventDeclaration, arguments: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Make an event of a connection."""
    if event.source != SOURCE:
        return None
    return sample_from_arguments(arguments, route_key=str(event.options["route_key"]))
