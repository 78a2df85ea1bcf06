"""Schedules of EventBridge Scheduler.

A schedule has no tags, so it is told by its target whose it is: one that
invokes a function of ours was made by us.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from chalice_core.artifact import Artifacts
from chalice_core.kinds import Resource, Schedule
from chalice_core.target import DeployedValue
from chalice_deploy.cloud import Cloud
from chalice_deploy.errors import NotFoundError
from chalice_deploy.handler import Deployed, Found, PlaceFacts, Task
from chalice_deploy.properties import Properties, Rendered
from chalice_deploy.record import Entry


class Schedules:
    """How a `chalice_core.kinds.Schedule` is deployed, in the default group."""

    replaces = frozenset({"Name"})
    may_share = False
    looks_first = False

    def name(self, resource: Resource) -> str:
        """Return the schedule's name."""
        return _schedule(resource).schedule_name

    def desired(self, resource: Resource, artifacts: Artifacts) -> Properties:  # noqa: ARG002  # the protocol's
        """Return what CreateSchedule takes, the event as a tree."""
        schedule = _schedule(resource)
        return {
            "Name": schedule.schedule_name,
            "ScheduleExpression": schedule.schedule_expression,
            "ScheduleExpressionTimezone": schedule.timezone,
            "MaximumWindowInMinutes": schedule.flexible_window,
            "Description": schedule.description or None,
            "TargetArn": schedule.function_arn,
            "RoleArn": schedule.role,
            "DeadLetterArn": schedule.dead_letter_arn,
            "Input": schedule.input,
        }

    def key(self, properties: Mapping[str, Any]) -> Mapping[str, Any]:
        """A schedule is recognised by its name; what it invokes says whose it is."""
        return {"Name": properties["Name"], "TargetArn": properties["TargetArn"]}

    def create(self, cloud: Cloud, task: Task) -> Deployed:
        """Create the schedule."""
        answer = cloud.call(
            "scheduler",
            "CreateSchedule",
            task.name,
            again=_role_is_new,
            already="ConflictException",
            **_parameters(task.properties),
        )
        return _deployed(task.properties["Name"], answer["ScheduleArn"])

    def find(self, cloud: Cloud, id: str, key: Mapping[str, Any]) -> Found | None:
        """Ask for the schedule by its name, and look at what it invokes."""
        try:
            schedule = cloud.call("scheduler", "GetSchedule", id, Name=key["Name"])
        except NotFoundError:
            return None
        ours = schedule["Target"]["Arn"] == key["TargetArn"]
        return Found(deployed=_deployed(key["Name"], schedule["Arn"]), ours=ours)

    def update(self, cloud: Cloud, task: Task, before: Entry, changed: frozenset[str]) -> Deployed:  # noqa: ARG002
        """Replace all settings; Scheduler forgets what it is not told."""
        cloud.call(
            "scheduler", "UpdateSchedule", task.name, again=_role_is_new, **_parameters(task.properties)
        )
        return Deployed(identity=before.identity, outputs=before.outputs)

    def delete(self, cloud: Cloud, id: str, before: Entry) -> None:
        """Delete the schedule."""
        try:
            cloud.call("scheduler", "DeleteSchedule", id, Name=before.identity["Name"])
        except NotFoundError:
            return

    def summary(self, id: str, entry: Entry, cloud: PlaceFacts) -> Mapping[str, str] | None:  # noqa: ARG002
        """Schema 2.0 is older than EventBridge Scheduler."""
        return None

    def report(self, entry: Entry, cloud: PlaceFacts) -> Sequence[DeployedValue]:  # noqa: ARG002
        """Nobody asks for schedules."""
        return ()


def _schedule(resource: Resource) -> Schedule:
    if not isinstance(resource, Schedule):
        raise TypeError(f"{resource!r} is not a Schedule")
    return resource


def _parameters(wanted: Mapping[str, Any]) -> Rendered:
    window, event = wanted.get("MaximumWindowInMinutes"), wanted.get("Input")
    queue, description = wanted.get("DeadLetterArn"), wanted.get("Description")
    flexible = {"Mode": "OFF"} if window is None else {"Mode": "FLEXIBLE", "MaximumWindowInMinutes": window}
    target: Rendered = {"Arn": wanted["TargetArn"], "RoleArn": wanted["RoleArn"]}
    if event is not None:
        target["Input"] = json.dumps(event, ensure_ascii=False)
    if queue is not None:
        target["DeadLetterConfig"] = {"Arn": queue}
    return {
        "Name": wanted["Name"],
        "ScheduleExpression": wanted["ScheduleExpression"],
        "ScheduleExpressionTimezone": wanted["ScheduleExpressionTimezone"],
        "FlexibleTimeWindow": flexible,
        "State": "ENABLED",
        "Target": target,
        **({} if description is None else {"Description": description}),
    }


def _role_is_new(code: str, message: str) -> bool:
    # IAM takes a while to tell everyone of a new role.
    return code == "ValidationException" and "assume the role" in message.lower()


def _deployed(name: str, arn: str) -> Deployed:
    return Deployed(identity={"Name": name}, outputs={"arn": arn})
