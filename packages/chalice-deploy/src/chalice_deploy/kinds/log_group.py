"""Log groups of functions.

Lambda creates the group of a function that has none when the function is
first invoked, so a group may be there before us.  Such a group is used,
and stays when the application is deleted: its events are not ours.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from chalice_core.artifact import Artifacts
from chalice_core.kinds import LogGroup, Resource
from chalice_core.target import DeployedValue
from chalice_deploy.cloud import OWNER_TAG, Cloud
from chalice_deploy.errors import NotFoundError
from chalice_deploy.handler import Deployed, Found, PlaceFacts, Task
from chalice_deploy.properties import Properties
from chalice_deploy.record import Entry


class LogGroups:
    """How a `chalice_core.kinds.LogGroup` is deployed."""

    replaces = frozenset({"logGroupName"})
    may_share = True
    looks_first = False

    def name(self, resource: Resource) -> str:
        """Return the group's name."""
        return _group(resource).log_group_name

    def desired(self, resource: Resource, artifacts: Artifacts) -> Properties:  # noqa: ARG002  # the protocol's
        """Return name and retention."""
        group = _group(resource)
        return {"logGroupName": group.log_group_name, "retentionInDays": group.retention_in_days}

    def key(self, properties: Mapping[str, Any]) -> Mapping[str, Any]:
        """A group is recognised by its name."""
        return {"logGroupName": properties["logGroupName"]}

    def create(self, cloud: Cloud, task: Task) -> Deployed:
        """Create the group and set its retention."""
        name = task.properties["logGroupName"]
        cloud.call(
            "logs",
            "CreateLogGroup",
            task.name,
            logGroupName=name,
            tags={OWNER_TAG: cloud.owner(task.id)},
        )
        _put_retention(cloud, task)
        return _deployed(name)

    def find(self, cloud: Cloud, id: str, key: Mapping[str, Any]) -> Found | None:  # noqa: ARG002
        """Look for the group among those whose names begin alike."""
        name = key["logGroupName"]
        groups = cloud.pages("logs", "DescribeLogGroups", name, items="logGroups", logGroupNamePrefix=name)
        for group in groups:
            if group["logGroupName"] == name:
                # ARNs for tagging have no `:*` at their end ("ListTagsForResource", CloudWatch Logs).
                arn = group.get("logGroupArn") or str(group["arn"]).removesuffix(":*")
                tags = cloud.call("logs", "ListTagsForResource", name, resourceArn=arn).get("tags", {})
                return Found(deployed=_deployed(name), ours=cloud.is_ours(tags))
        return None

    def update(self, cloud: Cloud, task: Task, before: Entry, changed: frozenset[str]) -> Deployed:
        """Set the retention, or remove it from a group that is ours."""
        if "retentionInDays" in changed:
            if task.properties.get("retentionInDays") is not None:
                _put_retention(cloud, task)
            elif before.created or any("retentionInDays" in earlier for earlier in task.earlier):
                name = task.properties["logGroupName"]
                cloud.call("logs", "DeleteRetentionPolicy", task.name, logGroupName=name)
        return _deployed(task.properties["logGroupName"])

    def delete(self, cloud: Cloud, id: str, before: Entry) -> None:  # noqa: ARG002
        """Delete the group with its events."""
        name = before.key["logGroupName"]
        try:
            cloud.call("logs", "DeleteLogGroup", name, logGroupName=name)
        except NotFoundError:
            return

    def summary(self, id: str, entry: Entry, cloud: PlaceFacts) -> Mapping[str, str] | None:  # noqa: ARG002
        """Return the ``log_group`` of schema 2.0."""
        return {"name": id, "resource_type": "log_group", "log_group_name": entry.key["logGroupName"]}

    def report(self, entry: Entry, cloud: PlaceFacts) -> Sequence[DeployedValue]:  # noqa: ARG002
        """Nobody asks for log groups."""
        return ()


def _group(resource: Resource) -> LogGroup:
    if not isinstance(resource, LogGroup):
        raise TypeError(f"{resource!r} is not a LogGroup")
    return resource


def _put_retention(cloud: Cloud, task: Task) -> None:
    days = task.properties.get("retentionInDays")
    if days is not None:
        name = task.properties["logGroupName"]
        cloud.call("logs", "PutRetentionPolicy", task.name, logGroupName=name, retentionInDays=days)


def _deployed(name: str) -> Deployed:
    return Deployed(identity={"logGroupName": name})
