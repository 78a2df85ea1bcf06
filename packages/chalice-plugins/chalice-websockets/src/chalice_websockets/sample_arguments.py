"""What a person may say about the sample event that a command is to make."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalice_core.errors import ToolError
from chalice_websockets.sample import generate_websocket_event

if TYPE_CHECKING:
    from collections.abc import Mapping

_ARGUMENTS = ("body", "connection_id", "stage")


class SampleArgumentError(ToolError):
    """A sample event was asked for with arguments that make none."""

    code = "websocket-sample-argument"

    def __init__(self, *, problem: str) -> None:
        super().__init__(
            what=f"No sample WebSocket event can be made: {problem}",
            fix='Give {"body": "a message"} for on_ws_message; "connection_id" and "stage" may be added.',
        )
        self.problem = problem


def sample_from_arguments(arguments: Mapping[str, Any], *, route_key: str) -> dict[str, Any]:
    """Return the event that a person's arguments ask for.

    Args:
        arguments: ``body`` (of a message), ``connection_id``, ``stage``: texts, all optional.
        route_key: of the declaration.

    Raises:
        SampleArgumentError: an argument is unknown, of the wrong type, or cannot be.
    """
    unknown = sorted(name for name in arguments if name not in _ARGUMENTS)
    if unknown:
        raise SampleArgumentError(problem=f"it has no argument {', '.join(map(repr, unknown))}.")
    for name, value in arguments.items():
        if not isinstance(value, str):
            raise SampleArgumentError(problem=f"{name!r} must be a text, not {value!r}.")
    try:
        return generate_websocket_event(route_key, **arguments)
    except ValueError as error:
        raise SampleArgumentError(problem=str(error)) from error
