"""What Lambda does with events that a function is invoked with asynchronously and fails on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from chalice_core.artifact import Artifacts
from chalice_core.kinds import EventInvokeConfig, Resource
from chalice_core.target import DeployedValue
from chalice_deploy.cloud import Cloud
from chalice_deploy.errors import NotFoundError
from chalice_deploy.handler import Deployed, Found, PlaceFacts, Task
from chalice_deploy.properties import Properties, Rendered
from chalice_deploy.record import Entry


class EventInvokeConfigs:
    """How a `chalice_core.kinds.EventInvokeConfig` is deployed."""

    replaces = frozenset({"FunctionName"})
    may_share = False
    looks_first = False

    def name(self, resource: Resource) -> str:
        """Return the resource's id."""
        return resource.id

    def desired(self, resource: Resource, artifacts: Artifacts) -> Properties:  # noqa: ARG002  # the protocol's
        """Return what PutFunctionEventInvokeConfig takes."""
        if not isinstance(resource, EventInvokeConfig):
            raise TypeError(f"{resource!r} is not an EventInvokeConfig")
        return {
            "FunctionName": resource.function_arn,
            "MaximumRetryAttempts": resource.maximum_retry_attempts,
            "MaximumEventAgeInSeconds": resource.maximum_event_age,
            "OnFailure": resource.on_failure,
            "OnSuccess": resource.on_success,
        }

    def key(self, properties: Mapping[str, Any]) -> Mapping[str, Any]:
        """A function has one such configuration."""
        return {"FunctionName": properties["FunctionName"]}

    def create(self, cloud: Cloud, task: Task) -> Deployed:
        """Put the configuration in place of any other."""
        wanted = task.properties
        parameters: Rendered = {
            name: wanted[name]
            for name in ("MaximumRetryAttempts", "MaximumEventAgeInSeconds")
            if wanted.get(name) is not None
        }
        destinations = {
            name: {"Destination": wanted[name]}
            for name in ("OnFailure", "OnSuccess")
            if wanted.get(name) is not None
        }
        if destinations:
            parameters["DestinationConfig"] = destinations
        cloud.call(
            "lambda",
            "PutFunctionEventInvokeConfig",
            task.name,
            again=_not_yet,
            FunctionName=wanted["FunctionName"],
            **parameters,
        )
        return _deployed(wanted)

    def find(self, cloud: Cloud, id: str, key: Mapping[str, Any]) -> Found | None:
        """Ask for the function's configuration; the function is ours, and so is that."""
        try:
            cloud.call("lambda", "GetFunctionEventInvokeConfig", id, FunctionName=key["FunctionName"])
        except NotFoundError:
            return None
        return Found(deployed=_deployed(key), ours=True)

    def update(self, cloud: Cloud, task: Task, before: Entry, changed: frozenset[str]) -> Deployed:  # noqa: ARG002
        """Put the configuration in place of the old one; what it leaves out is Lambda's default again."""
        return self.create(cloud, task)

    def delete(self, cloud: Cloud, id: str, before: Entry) -> None:
        """Delete the configuration."""
        try:
            cloud.call(
                "lambda",
                "DeleteFunctionEventInvokeConfig",
                id,
                again=_not_yet,
                FunctionName=before.key["FunctionName"],
            )
        except NotFoundError:  # of it, or of the function
            return

    def summary(self, id: str, entry: Entry, cloud: PlaceFacts) -> Mapping[str, str] | None:  # noqa: ARG002
        """Schema 2.0 has no word for it."""
        return None

    def report(self, entry: Entry, cloud: PlaceFacts) -> Sequence[DeployedValue]:  # noqa: ARG002
        """Nobody asks for it."""
        return ()


def _not_yet(code: str, message: str) -> bool:
    # Lambda tries whether the role may send, and IAM takes a while to tell everyone that it may.
    said = message.lower()
    if code == "InvalidParameterValueException":
        return "does not have permissions" in said or "cannot be assumed" in said
    return code == "ResourceConflictException" and "in progress" in said


def _deployed(properties: Mapping[str, Any]) -> Deployed:
    return Deployed(identity={"FunctionName": str(properties["FunctionName"])})
