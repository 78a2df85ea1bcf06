"""What delivers events: rules, schedules and subscriptions.

"Amazon EventBridge", "Amazon EventBridge Scheduler" and "Amazon Simple Notification Service resource type
reference", AWS CloudFormation Template Reference.
"""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Any

from chalice_localaws.embedded.provisioning.api import Api, ApiType, Caller
from chalice_localaws.embedded.provisioning.model import Provisioned

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["event_types"]


def event_types(api: Api) -> Mapping[str, ApiType]:
    """Return the types by their names."""
    kind = partial(ApiType, api=api)
    return {
        "AWS::Events::Rule": kind(
            creating=_put_rule,
            updating=_update_rule,
            deleting=_delete_rule,
            replaces=frozenset({"Name", "EventBusName"}),
        ),
        "AWS::Scheduler::Schedule": kind(
            creating=_create_schedule,
            updating=_update_schedule,
            deleting=lambda call, name, properties: call.unless_gone(
                "scheduler", "delete_schedule", Name=name, GroupName=properties.get("GroupName")
            ),
            replaces=frozenset({"Name", "GroupName"}),
        ),
        "AWS::SNS::Subscription": kind(
            creating=_subscribe,
            updating=_update_subscription,
            deleting=lambda call, arn, _: call.unless_gone("sns", "unsubscribe", SubscriptionArn=arn),
            replaces=frozenset({"TopicArn", "Protocol", "Endpoint"}),
        ),
    }


def _put_rule(call: Caller, properties: dict[str, Any]) -> Provisioned:
    targets = properties.pop("Targets", [])
    name = properties.pop("Name", call.scope.name[:64])
    pattern = properties.pop("EventPattern", None)
    text = pattern if pattern is None or isinstance(pattern, str) else json.dumps(pattern)
    arn = call("events", "put_rule", Name=name, EventPattern=text, **properties)["RuleArn"]
    bus = properties.get("EventBusName")
    if targets:
        call("events", "put_targets", Rule=name, EventBusName=bus, Targets=targets)
    identifier = name if bus in {None, "default"} else f"{bus}|{name}"
    return Provisioned(identifier=identifier, attributes={"Arn": arn})


def _update_rule(
    call: Caller, there: Provisioned, before: dict[str, Any], properties: dict[str, Any]
) -> Provisioned:
    kept = {target["Id"] for target in properties.get("Targets", ())}
    gone = [target["Id"] for target in before.get("Targets", ()) if target["Id"] not in kept]
    name = there.identifier.rpartition("|")[2]
    if gone:
        call("events", "remove_targets", Rule=name, EventBusName=before.get("EventBusName"), Ids=gone)
    return _put_rule(call, {**properties, "Name": name})


def _delete_rule(call: Caller, identifier: str, properties: dict[str, Any]) -> None:
    name, bus = identifier.rpartition("|")[2], properties.get("EventBusName")
    ids = [target["Id"] for target in properties.get("Targets", ())]
    if ids:
        call.unless_gone("events", "remove_targets", Rule=name, EventBusName=bus, Ids=ids)
    call.unless_gone("events", "delete_rule", Name=name, EventBusName=bus)


def _create_schedule(call: Caller, properties: dict[str, Any]) -> Provisioned:
    properties.setdefault("Name", call.scope.name[:64])
    arn = call("scheduler", "create_schedule", **properties)["ScheduleArn"]
    return Provisioned(identifier=properties["Name"], attributes={"Arn": arn})


def _update_schedule(
    call: Caller,
    there: Provisioned,
    before: dict[str, Any],  # noqa: ARG001 - the call takes all settings
    properties: dict[str, Any],
) -> Provisioned:
    call("scheduler", "update_schedule", **{**properties, "Name": there.identifier})
    return there


_SUBSCRIPTION_ATTRIBUTES = (
    "DeliveryPolicy",
    "FilterPolicy",
    "FilterPolicyScope",
    "RawMessageDelivery",
    "RedrivePolicy",
    "SubscriptionRoleArn",
)


def _subscribe(call: Caller, properties: dict[str, Any]) -> Provisioned:
    attributes = {
        name: _attribute(properties[name]) for name in _SUBSCRIPTION_ATTRIBUTES if name in properties
    }
    made = call(
        "sns",
        "subscribe",
        TopicArn=properties["TopicArn"],
        Protocol=properties["Protocol"],
        Endpoint=properties.get("Endpoint"),
        Attributes=attributes or None,
        ReturnSubscriptionArn=True,
    )
    return Provisioned(identifier=made["SubscriptionArn"], attributes={"Arn": made["SubscriptionArn"]})


def _update_subscription(
    call: Caller, there: Provisioned, before: dict[str, Any], properties: dict[str, Any]
) -> Provisioned:
    for name in _SUBSCRIPTION_ATTRIBUTES:
        if before.get(name) != properties.get(name):
            value = _attribute(properties[name]) if name in properties else _NOTHING.get(name, "")
            call(
                "sns",
                "set_subscription_attributes",
                SubscriptionArn=there.identifier,
                AttributeName=name,
                AttributeValue=value,
            )
    return there


_NOTHING = {"FilterPolicy": "{}", "FilterPolicyScope": "MessageAttributes", "RawMessageDelivery": "false"}


def _attribute(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return value if isinstance(value, str) else json.dumps(value)
