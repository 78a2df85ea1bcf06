"""EventBridge Scheduler: a schedule is checked as AWS checks it."""

from __future__ import annotations

import inspect
import json
from typing import TYPE_CHECKING, Any

from moto.scheduler.exceptions import ValidationException
from moto.scheduler.models import EventBridgeSchedulerBackend

from chalice_local.schedules import ScheduleError, parse_schedule
from chalice_localaws.embedded.account import role_trusts
from chalice_localaws.moto_patches.patching import Patch

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from chalice_localaws.moto_patches.patching import Plane

__all__ = ["PATCHES"]

_WINDOW_MINUTES = range(1, 1441)


def _checked(original: Callable[..., Any], plane: Plane) -> Callable[..., Any]:  # noqa: ARG001 - the plane asks
    signature = inspect.signature(original)

    def checked(*args: Any, **kwargs: Any) -> Any:
        _check(signature.bind(*args, **kwargs).arguments)
        return original(*args, **kwargs)

    return checked


def _check(arguments: Mapping[str, Any]) -> None:
    try:
        parse_schedule(
            arguments["schedule_expression"],
            zone=arguments["schedule_expression_timezone"] or "UTC",
            once=True,
        )
    except ScheduleError as error:
        raise ValidationException(f"Invalid Schedule Expression. {error}") from error
    window = arguments["flexible_time_window"]
    if window["Mode"] == "FLEXIBLE" and window.get("MaximumWindowInMinutes") not in _WINDOW_MINUTES:
        raise ValidationException("MaximumWindowInMinutes must be between 1 and 1440.")
    target = arguments["target"]
    if ":lambda:" not in target["Arn"] or ":function:" not in target["Arn"]:
        raise ValidationException(
            f"A schedule whose target is no Lambda function, {target['Arn']}, is not emulated on this "
            "machine."
        )
    if target.get("Input"):
        try:
            json.loads(target["Input"])
        except ValueError as error:
            raise ValidationException("Input is not valid JSON.") from error
    if not role_trusts(target["RoleArn"], "scheduler.amazonaws.com"):
        raise ValidationException(
            "The execution role you provide must allow AWS EventBridge Scheduler to assume the role."
        )


_PARAMETERS = (
    "self, description, end_date, flexible_time_window, group_name, kms_key_arn, name, "
    "schedule_expression, schedule_expression_timezone, start_date, state, target"
)

PATCHES = (
    Patch(
        owner=EventBridgeSchedulerBackend,
        name="create_schedule",
        parameters=f"{_PARAMETERS}, action_after_completion",
        why="moto accepts any expression, any target and any role.",
        make=_checked,
    ),
    Patch(
        owner=EventBridgeSchedulerBackend,
        name="update_schedule",
        parameters=_PARAMETERS,
        why="moto accepts any expression, any target and any role.",
        make=_checked,
    ),
)
