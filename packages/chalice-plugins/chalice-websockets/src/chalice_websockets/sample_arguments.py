"""What a person may say about the sample event that a command is to make."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalice_core.samples import TEXT, SampleArguments
from chalice_websockets.sample import generate_websocket_event

if TYPE_CHECKING:
    from collections.abc import Mapping

_ARGUMENTS = SampleArguments(
    event="WebSocket event",
    takes={"body": TEXT, "connection_id": TEXT, "stage": TEXT},
    fix='Give {"body": "a message"} for on_ws_message; "connection_id" and "stage" may be added.',
)


def sample_from_arguments(arguments: Mapping[str, Any], *, route_key: str) -> dict[str, Any]:
    """Return the event that a person's arguments ask for.

    Args:
        arguments: ``body`` (of a message), ``connection_id``, ``stage``: texts, all optional.
        route_key: of the declaration.

    Raises:
        SampleArgumentError: an argument is unknown, of the wrong type, or cannot be.
    """
    given = _ARGUMENTS.read(arguments)
    try:
        return generate_websocket_event(route_key, **given)
    except ValueError as error:
        raise _ARGUMENTS.refusal(str(error)) from error
