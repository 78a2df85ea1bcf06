"""Subscriptions of functions to SNS topics, of this account and region or of another.

``Subscribe`` answers with the subscription that there is when it asks for the
same attributes, and refuses when they differ.  A subscription of a function
of ours to a topic is ours, whoever has made it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from chalice_core.artifact import Artifacts
from chalice_core.kinds import Resource, TopicSubscription
from chalice_core.target import DeployedValue
from chalice_deploy.cloud import Cloud
from chalice_deploy.errors import AwsError, NotFoundError
from chalice_deploy.handler import Deployed, Found, PlaceFacts, Task
from chalice_deploy.properties import Properties, Rendered
from chalice_deploy.record import Entry

_SCOPE, _POLICY, _REDRIVE = "FilterPolicyScope", "FilterPolicy", "RedrivePolicy"
_PROTOCOL = "lambda"
_DEFAULT_SCOPE = "MessageAttributes"

# What takes an attribute away ("To remove a filter policy", Amazon SNS Developer Guide).  The queue for what
# could not be delivered goes when there is no value at all; SNS refuses an empty one.
_CLEARED: Mapping[str, Rendered] = {
    _POLICY: {"AttributeValue": "{}"},
    _SCOPE: {"AttributeValue": _DEFAULT_SCOPE},
    _REDRIVE: {},
}


class TopicSubscriptions:
    """How a `chalice_core.kinds.TopicSubscription` is deployed."""

    replaces = frozenset({"TopicArn", "Endpoint"})
    may_share = False
    looks_first = False

    def name(self, resource: Resource) -> str:
        """Return the resource's id; AWS knows subscriptions by ARNs with UUIDs only."""
        return resource.id

    def desired(self, resource: Resource, artifacts: Artifacts) -> Properties:  # noqa: ARG002  # the protocol's
        """Return topic, function and attributes."""
        if not isinstance(resource, TopicSubscription):
            raise TypeError(f"{resource!r} is not a TopicSubscription")
        return {
            "TopicArn": resource.topic_arn,
            "Endpoint": resource.function_arn,
            "FilterPolicy": resource.filter_policy,
            "FilterPolicyScope": resource.filter_policy_scope,
            "DeadLetterArn": resource.dead_letter_arn,
        }

    def key(self, properties: Mapping[str, Any]) -> Mapping[str, Any]:
        """A topic has one subscription for each function."""
        return {"TopicArn": properties["TopicArn"], "Endpoint": properties["Endpoint"]}

    def create(self, cloud: Cloud, task: Task) -> Deployed:
        """Subscribe the function, with its filter from the first message on."""
        wanted = task.properties
        subscribe = {
            "TopicArn": wanted["TopicArn"],
            "Protocol": _PROTOCOL,
            "Endpoint": wanted["Endpoint"],
            "ReturnSubscriptionArn": True,
        }
        region = _region(wanted["TopicArn"])
        attributes = {name: value for name, value in _attributes(wanted).items() if value is not None}
        try:
            answer = cloud.call(
                "sns", "Subscribe", task.name, region=region, Attributes=attributes, **subscribe
            )
        except AwsError as error:
            if "already exists with different attributes" not in error.message:
                raise
            # Without attributes that one is returned as it is.
            answer = cloud.call("sns", "Subscribe", task.name, region=region, **subscribe)
            _set_attributes(cloud, task, answer["SubscriptionArn"])
        return _deployed(answer["SubscriptionArn"])

    def find(self, cloud: Cloud, id: str, key: Mapping[str, Any]) -> Found | None:
        """Look for the function among the topic's subscriptions."""
        for subscription in _subscriptions(cloud, id, key["TopicArn"]):
            mine = (subscription["TopicArn"], subscription["Protocol"], subscription["Endpoint"])
            if mine == (key["TopicArn"], _PROTOCOL, key["Endpoint"]):
                return Found(deployed=_deployed(subscription["SubscriptionArn"]), ours=True)
        return None

    def update(self, cloud: Cloud, task: Task, before: Entry, changed: frozenset[str]) -> Deployed:  # noqa: ARG002
        """Set the attributes that differ from what the subscription has."""
        _set_attributes(cloud, task, before.identity["SubscriptionArn"])
        return Deployed(identity=before.identity, outputs=before.outputs)

    def delete(self, cloud: Cloud, id: str, before: Entry) -> None:
        """Unsubscribe the function."""
        arn = before.identity["SubscriptionArn"]
        try:
            cloud.call("sns", "Unsubscribe", id, region=_region(arn), SubscriptionArn=arn)
        except NotFoundError:
            return

    def summary(self, id: str, entry: Entry, cloud: PlaceFacts) -> Mapping[str, str] | None:  # noqa: ARG002
        """Return the ``sns_event`` of schema 2.0."""
        topic = str(entry.key["TopicArn"])
        return {
            "name": id,
            "resource_type": "sns_event",
            "topic": topic.rpartition(":")[2],
            "lambda_arn": str(entry.key["Endpoint"]),
            "subscription_arn": entry.identity["SubscriptionArn"],
            "topic_arn": topic,
        }

    def report(self, entry: Entry, cloud: PlaceFacts) -> Sequence[DeployedValue]:  # noqa: ARG002
        """Nobody asks for subscriptions."""
        return ()


def _region(arn: str) -> str:
    """Return the region that an ARN is of: only there SNS answers for a topic."""
    return arn.split(":")[3]


def _attributes(wanted: Mapping[str, Any]) -> dict[str, str | None]:
    """Return the attributes that are ours to set; None for those that are not to be there."""
    policy, queue = wanted.get("FilterPolicy"), wanted.get("DeadLetterArn")
    return {
        _SCOPE: wanted.get("FilterPolicyScope"),
        _POLICY: None if policy is None else json.dumps(policy, ensure_ascii=False),
        _REDRIVE: None if queue is None else json.dumps({"deadLetterTargetArn": queue}),
    }


def _set_attributes(cloud: Cloud, task: Task, arn: str) -> None:
    region = _region(arn)
    answer = cloud.call("sns", "GetSubscriptionAttributes", task.name, region=region, SubscriptionArn=arn)
    present = answer.get("Attributes", {})
    wanted = _attributes(task.properties)
    order = [_SCOPE, _POLICY, _REDRIVE]
    if (wanted[_SCOPE] or _DEFAULT_SCOPE) == _DEFAULT_SCOPE:
        # A policy of attributes is good for bodies as well, and not the other way round: it comes before
        # the scope is narrowed, and after it is widened.
        order = [_POLICY, _SCOPE, _REDRIVE]
    for name in order:
        value = wanted[name]
        if not _is_so(name, present.get(name), value):
            parameters: Rendered = _CLEARED[name] if value is None else {"AttributeValue": value}
            cloud.call(
                "sns",
                "SetSubscriptionAttributes",
                task.name,
                region=region,
                SubscriptionArn=arn,
                AttributeName=name,
                **parameters,
            )


def _is_so(name: str, present: str | None, wanted: str | None) -> bool:
    if name == _SCOPE:
        return (present or _DEFAULT_SCOPE) == (wanted or _DEFAULT_SCOPE)
    return (json.loads(present) if present else {}) == (json.loads(wanted) if wanted else {})


def _subscriptions(cloud: Cloud, id: str, topic: str) -> Iterator[Mapping[str, Any]]:
    region = _region(topic)
    of_topic = cloud.pages(
        "sns", "ListSubscriptionsByTopic", id, region=region, items="Subscriptions", TopicArn=topic
    )
    try:
        yield from of_topic
    except NotFoundError:  # of the topic
        return
    except AwsError as error:
        if error.aws_code not in ("AuthorizationError", "AuthorizationErrorException", "AccessDenied"):
            raise
        # The topic is another account's; the subscriptions of this one can be listed all the same.
        yield from cloud.pages("sns", "ListSubscriptions", id, region=region, items="Subscriptions")


def _deployed(arn: str) -> Deployed:
    return Deployed(identity={"SubscriptionArn": arn}, outputs={"subscription_arn": arn})
