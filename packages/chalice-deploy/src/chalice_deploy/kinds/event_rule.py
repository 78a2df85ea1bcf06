"""EventBridge rules with a function as their one target.

``PutRule`` and ``PutTargets`` replace what is there, so they serve creation
and change alike; both may be repeated.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from chalice_core.artifact import Artifacts
from chalice_core.errors import ToolError
from chalice_core.kinds import EventRule, Resource
from chalice_core.target import DeployedValue
from chalice_deploy.cloud import OWNER_TAG, Cloud
from chalice_deploy.errors import NotFoundError
from chalice_deploy.handler import Deployed, Found, PlaceFacts, Task
from chalice_deploy.properties import Properties, Rendered
from chalice_deploy.record import Entry

TARGET_ID = "1"
"""Of the one target; deployments of aws/chalice have the same."""

_RULE_PROPERTIES = frozenset({"ScheduleExpression", "EventPattern", "Description"})
_TARGET_PROPERTIES = frozenset({"TargetArn", "DeadLetterArn"})


class TargetRefusedError(ToolError):
    """EventBridge took a rule and refused its target."""

    code = "target-refused"

    def __init__(self, *, rule: str, aws_code: str, message: str) -> None:
        super().__init__(
            what=f"EventBridge refused the function as the target of the rule {rule!r}.",
            why=f"{aws_code}: {message}",
            fix="Correct what AWS names and deploy again; the rule is there and is used then.",
        )
        self.rule, self.aws_code, self.message = rule, aws_code, message


class EventRules:
    """How a `chalice_core.kinds.EventRule` is deployed."""

    replaces = frozenset({"Name", "EventBusName"})
    may_share = False
    # PutRule would change a rule of that name, whoever has made it.
    looks_first = True

    def name(self, resource: Resource) -> str:
        """Return the rule's name."""
        return _rule(resource).rule_name

    def desired(self, resource: Resource, artifacts: Artifacts) -> Properties:  # noqa: ARG002  # the protocol's
        """Return what PutRule takes, and the target."""
        rule = _rule(resource)
        return {
            "Name": rule.rule_name,
            "EventBusName": rule.event_bus,
            "ScheduleExpression": rule.schedule_expression,
            "EventPattern": rule.event_pattern,
            "Description": rule.description or None,
            "TargetArn": rule.function_arn,
            "DeadLetterArn": rule.dead_letter_arn,
        }

    def key(self, properties: Mapping[str, Any]) -> Mapping[str, Any]:
        """A rule is recognised by its name, and its bus unless that is the default one."""
        bus = properties.get("EventBusName")
        return {"Name": properties["Name"], **({} if bus is None else {"EventBusName": bus})}

    def create(self, cloud: Cloud, task: Task) -> Deployed:
        """Make the rule and give it its target."""
        deployed = _put_rule(cloud, task)
        _put_target(cloud, task)
        return deployed

    def find(self, cloud: Cloud, id: str, key: Mapping[str, Any]) -> Found | None:
        """Ask for the rule by its name."""
        try:
            rule = cloud.call("events", "DescribeRule", id, **_place(key))
        except NotFoundError:
            return None
        tags = cloud.call("events", "ListTagsForResource", id, ResourceARN=rule["Arn"]).get("Tags", ())
        ours = cloud.is_ours({tag["Key"]: tag["Value"] for tag in tags})
        return Found(deployed=_deployed(rule["Arn"], key), ours=ours)

    def update(self, cloud: Cloud, task: Task, before: Entry, changed: frozenset[str]) -> Deployed:
        """Change the rule, or its target, or both."""
        deployed = Deployed(identity=before.identity, outputs=before.outputs)
        if changed & _RULE_PROPERTIES:
            deployed = _put_rule(cloud, task)
        if changed & _TARGET_PROPERTIES:
            _put_target(cloud, task)
        return deployed

    def delete(self, cloud: Cloud, id: str, before: Entry) -> None:
        """Delete the rule; EventBridge does so once it has no targets."""
        key = before.key
        place = _place(key, name="Rule")
        try:
            targets = cloud.call("events", "ListTargetsByRule", id, **place).get("Targets", ())
            if targets:
                ids = [target["Id"] for target in targets]
                _refuse_failures(id, cloud.call("events", "RemoveTargets", id, Ids=ids, **place))
            cloud.call("events", "DeleteRule", id, **_place(key))
        except NotFoundError:  # of the rule, or of its bus
            return

    def summary(self, id: str, entry: Entry, cloud: PlaceFacts) -> Mapping[str, str] | None:  # noqa: ARG002
        """Return the ``cloudwatch_event`` of schema 2.0."""
        return {"name": id, "resource_type": "cloudwatch_event", "rule_name": str(entry.key["Name"])}

    def report(self, entry: Entry, cloud: PlaceFacts) -> Sequence[DeployedValue]:  # noqa: ARG002
        """Nobody asks for rules."""
        return ()


def _rule(resource: Resource) -> EventRule:
    if not isinstance(resource, EventRule):
        raise TypeError(f"{resource!r} is not an EventRule")
    return resource


def _place(properties: Mapping[str, Any], *, name: str = "Name") -> Rendered:
    """Return the parameters that name a rule; operations on targets call its name ``Rule``."""
    bus = properties.get("EventBusName")
    return {name: properties["Name"], **({} if bus is None else {"EventBusName": bus})}


def _put_rule(cloud: Cloud, task: Task) -> Deployed:
    wanted = task.properties
    pattern = wanted.get("EventPattern")
    parameters: Rendered = {
        "ScheduleExpression": wanted.get("ScheduleExpression"),
        "EventPattern": None if pattern is None else json.dumps(pattern, ensure_ascii=False),
        "Description": wanted.get("Description"),
    }
    answer = cloud.call(
        "events",
        "PutRule",
        task.name,
        State="ENABLED",
        # Of a rule that exists EventBridge ignores them.
        Tags=[{"Key": OWNER_TAG, "Value": cloud.owner(task.id)}],
        **_place(wanted),
        **{name: value for name, value in parameters.items() if value is not None},
    )
    return _deployed(answer["RuleArn"], wanted)


def _put_target(cloud: Cloud, task: Task) -> None:
    wanted = task.properties
    queue = wanted.get("DeadLetterArn")
    target = {"Id": TARGET_ID, "Arn": wanted["TargetArn"]}
    answer = cloud.call(
        "events",
        "PutTargets",
        task.name,
        Targets=[target if queue is None else {**target, "DeadLetterConfig": {"Arn": queue}}],
        **_place(wanted, name="Rule"),
    )
    _refuse_failures(task.name, answer)


def _refuse_failures(rule: str, answer: Mapping[str, Any]) -> None:
    for entry in answer.get("FailedEntries", ()):
        raise TargetRefusedError(
            rule=rule, aws_code=entry.get("ErrorCode", "Unknown"), message=entry.get("ErrorMessage", "")
        )


def _deployed(arn: str, properties: Mapping[str, Any]) -> Deployed:
    return Deployed(identity={"Name": str(properties["Name"])}, outputs={"arn": arn})
