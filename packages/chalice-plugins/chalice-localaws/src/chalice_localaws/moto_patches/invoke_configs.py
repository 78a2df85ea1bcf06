"""Event invoke configs: a function has one, and its destinations are checked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from moto.awslambda.exceptions import InvalidParameterValueException
from moto.awslambda.models import LambdaBackend

from chalice_localaws.embedded.destinations import DestinationError, may_send
from chalice_localaws.moto_patches.patching import Patch

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from moto.awslambda.models import LambdaFunction

    from chalice_localaws.moto_patches.patching import Plane

__all__ = ["PATCHES"]


def _put(original: Callable[..., Any], plane: Plane) -> Callable[..., Any]:  # noqa: ARG001 - the plane asks
    def put_function_event_invoke_config(
        self: LambdaBackend, function_name: str, config: dict[str, Any]
    ) -> dict[str, Any]:
        function = self.get_function(function_name)
        _check(function, config)
        before = len(function.event_invoke_config)
        answer: dict[str, Any] = original(self, function_name, config)
        # What was put before is replaced.
        del function.event_invoke_config[:before]
        return answer

    return put_function_event_invoke_config


def _update(original: Callable[..., Any], plane: Plane) -> Callable[..., Any]:  # noqa: ARG001 - the plane asks
    def update_function_event_invoke_config(
        self: LambdaBackend, function_name: str, config: dict[str, Any]
    ) -> dict[str, Any]:
        function = self.get_function(function_name)
        before = function.event_invoke_config[-1].config if function.event_invoke_config else {}
        answer: dict[str, Any] = original(self, function_name, {**before, **config})
        return answer

    return update_function_event_invoke_config


def _check(function: LambdaFunction, config: Mapping[str, Any]) -> None:
    """Raise when a destination is of the wrong kind, or the role may not send to it."""
    for name, found in (config.get("DestinationConfig") or {}).items():
        destination = (found or {}).get("Destination")
        if not destination:
            continue
        try:
            missing = may_send(function.role, destination)
        except DestinationError as error:
            raise InvalidParameterValueException(f"{name}: {error}") from error
        if missing is not None:
            raise InvalidParameterValueException(
                f"The function's execution role does not have permissions to call {missing} on {destination}"
            )
        if destination in {function.function_arn, f"{function.function_arn}:$LATEST"}:
            raise InvalidParameterValueException(f"{name}: a function cannot be its own destination.")


PATCHES = (
    Patch(
        owner=LambdaBackend,
        name="put_function_event_invoke_config",
        parameters="self, function_name, config",
        why="moto keeps every config ever put and reads the first, and checks no destination.",
        make=_put,
    ),
    Patch(
        owner=LambdaBackend,
        name="update_function_event_invoke_config",
        parameters="self, function_name, config",
        why="moto forgets what an update does not mention.",
        make=_update,
    ),
)
