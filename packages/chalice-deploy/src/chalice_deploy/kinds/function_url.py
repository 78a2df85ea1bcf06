"""Function URLs: HTTPS endpoints of functions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from chalice_core.artifact import Artifacts
from chalice_core.kinds import FunctionUrl, Resource
from chalice_core.target import DeployedValue
from chalice_deploy.cloud import Cloud
from chalice_deploy.errors import NotFoundError
from chalice_deploy.handler import Deployed, Found, PlaceFacts, Task
from chalice_deploy.properties import Properties, Rendered
from chalice_deploy.record import Entry


class FunctionUrls:
    """How a `chalice_core.kinds.FunctionUrl` is deployed."""

    replaces = frozenset({"FunctionName"})
    may_share = False
    looks_first = False

    def name(self, resource: Resource) -> str:
        """Return the resource's id; a URL has no name of its own."""
        return resource.id

    def desired(self, resource: Resource, artifacts: Artifacts) -> Properties:  # noqa: ARG002  # the protocol's
        """Return what CreateFunctionUrlConfig takes."""
        if not isinstance(resource, FunctionUrl):
            raise TypeError(f"{resource!r} is not a FunctionUrl")
        return {
            "FunctionName": resource.function_arn,
            "AuthType": resource.auth_type,
            "Cors": None if resource.cors is None else dict(resource.cors),
            "InvokeMode": resource.invoke_mode,
        }

    def key(self, properties: Mapping[str, Any]) -> Mapping[str, Any]:
        """A function, without versions and aliases, has one URL at most."""
        return {"FunctionName": properties["FunctionName"]}

    def create(self, cloud: Cloud, task: Task) -> Deployed:
        """Give the function a URL."""
        parameters = {name: value for name, value in task.properties.items() if value is not None}
        answer = cloud.call(
            "lambda",
            "CreateFunctionUrlConfig",
            task.name,
            already="ResourceConflictException",
            again=_is_busy,
            **parameters,
        )
        return _deployed(answer, task.properties)

    def find(self, cloud: Cloud, id: str, key: Mapping[str, Any]) -> Found | None:
        """Ask for the function's URL; the function is ours, and so is what it has."""
        try:
            answer = cloud.call("lambda", "GetFunctionUrlConfig", id, FunctionName=key["FunctionName"])
        except NotFoundError:
            return None
        return Found(deployed=_deployed(answer, key), ours=True)

    def update(self, cloud: Cloud, task: Task, before: Entry, changed: frozenset[str]) -> Deployed:  # noqa: ARG002
        """Change who may call the URL and from where; the URL stays."""
        wanted: Rendered = dict(task.properties)
        # An empty configuration switches CORS off; none at all leaves it as it is.
        wanted["Cors"] = wanted.get("Cors") or {}
        answer = cloud.call("lambda", "UpdateFunctionUrlConfig", task.name, again=_is_busy, **wanted)
        return _deployed(answer, wanted)

    def delete(self, cloud: Cloud, id: str, before: Entry) -> None:
        """Take the URL away; another one will be another."""
        name = before.key["FunctionName"]
        try:
            cloud.call("lambda", "DeleteFunctionUrlConfig", id, again=_is_busy, FunctionName=name)
        except NotFoundError:
            return

    def summary(self, id: str, entry: Entry, cloud: PlaceFacts) -> Mapping[str, str] | None:  # noqa: ARG002
        """Schema 2.0 has no word for function URLs."""
        return None

    def report(self, entry: Entry, cloud: PlaceFacts) -> Sequence[DeployedValue]:  # noqa: ARG002
        """Return the URL, and whose it is, for an application may have several."""
        function = str(entry.key["FunctionName"]).rsplit(":", 1)[-1]
        return (DeployedValue(label=f"Function URL of {function}", value=entry.outputs["url"]),)


def _is_busy(code: str, message: str) -> bool:
    return code == "ResourceConflictException" and "in progress" in message.lower()


def _deployed(answer: Mapping[str, Any], named: Mapping[str, Any]) -> Deployed:
    return Deployed(
        identity={"FunctionName": str(named["FunctionName"])}, outputs={"url": str(answer["FunctionUrl"])}
    )
