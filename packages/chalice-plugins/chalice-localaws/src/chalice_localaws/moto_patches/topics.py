"""SNS: functions get the topic, the id and the attributes of a message, and filters are AWS's."""

from __future__ import annotations

import json
import math
import sys
import uuid
from typing import TYPE_CHECKING, Any

from moto.sns.exceptions import SNSInvalidParameter
from moto.sns.models import SNSBackend, Subscription

from chalice_local import PatternError, check_pattern
from chalice_local.filters import fits_policy
from chalice_local.push_events import sns_event
from chalice_localaws.embedded.destinations import dead_letter
from chalice_localaws.moto_patches.patching import Patch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from chalice_localaws.embedded.pushes import Undeliverable
    from chalice_localaws.moto_patches.patching import Plane

__all__ = ["PATCHES"]

_SERVICE = "sns.amazonaws.com"
_MAX_FILTER_KEYS = 5
_MAX_FILTER_COMBINATIONS = 150


def _subscribe(original: Callable[..., Any], plane: Plane) -> Callable[..., Any]:  # noqa: ARG001 - nothing runs
    def subscribe(self: SNSBackend, topic_arn: str, endpoint: str, protocol: str) -> Subscription:
        if protocol == "lambda":
            if ":lambda:" not in endpoint or ":function:" not in endpoint:
                raise SNSInvalidParameter("Invalid parameter: Lambda endpoint ARN")
            if self.get_topic(topic_arn).fifo_topic:
                raise SNSInvalidParameter(
                    "Invalid parameter: Invalid protocol type: lambda. FIFO topics invoke no functions."
                )
        subscription: Subscription = original(self, topic_arn, endpoint, protocol)
        return subscription

    return subscribe


def _publish(original: Callable[..., Any], plane: Plane) -> Callable[..., Any]:
    def publish(
        self: Subscription,
        message: str,
        message_id: str,
        subject: str | None = None,
        message_attributes: dict[str, Any] | None = None,
        group_id: str | None = None,
        deduplication_id: str | None = None,
        message_structure: str | None = None,
    ) -> None:
        if not _passes(self, message, message_attributes or {}):
            return
        if self.protocol != "lambda":
            self._filter_policy_matcher = None  # ours has spoken
            original(
                self,
                message,
                message_id,
                subject=subject,
                message_attributes=message_attributes,
                group_id=group_id,
                deduplication_id=deduplication_id,
                message_structure=message_structure,
            )
            return
        if message_structure == "json":
            message = self._parse_message_structure(message, self.protocol)
        event = sns_event(
            subscription_arn=self.arn,
            message_id=message_id,
            message=message,
            subject=subject,
            attributes=message_attributes or {},
        )
        refused = plane.push(self.endpoint, event, service=_SERVICE, source_arn=self.topic.arn)
        if refused is not None:
            _give_up(self, event, refused)

    return publish


def _passes(subscription: Subscription, message: str, attributes: Mapping[str, Any]) -> bool:
    policy = json.loads(subscription.attributes.get("FilterPolicy") or "{}")
    in_body = subscription.attributes.get("FilterPolicyScope") == "MessageBody"
    return not policy or fits_policy(
        policy,
        scope="MessageBody" if in_body else "MessageAttributes",
        attributes=attributes,
        body=message,
    )


def _give_up(subscription: Subscription, event: Mapping[str, Any], refused: Undeliverable) -> None:
    """Send a message that no retry would deliver to the dead-letter queue of its subscription."""
    redrive = json.loads(subscription.attributes.get("RedrivePolicy") or "{}")
    queue = redrive.get("deadLetterTargetArn")
    if not queue:
        print(  # noqa: T201 - the server's log
            f"A message of {subscription.topic.arn} was not delivered: {refused.message}", file=sys.stderr
        )
        return
    # Outside of Lambda's events SNS spells these two in capitals, and leaves an absent subject out.
    notification = {
        key.replace("Url", "URL"): value
        for key, value in event["Records"][0]["Sns"].items()
        if value is not None
    }
    dead_letter(
        queue,
        json.dumps(notification),
        {"RequestID": str(uuid.uuid4()), "ErrorCode": refused.code, "ErrorMessage": refused.message},
    )


def _validate(original: Callable[..., Any], plane: Plane) -> Callable[..., Any]:  # noqa: ARG001 - replaced whole
    def validate(self: SNSBackend, value: Any, scope: str | None) -> None:  # noqa: ARG001 - a method
        if value == {}:
            return  # lets everything through
        try:
            check_pattern(value)
        except PatternError as error:
            raise SNSInvalidParameter(f"Invalid parameter: FilterPolicy: {error}") from error
        if scope != "MessageBody" and any(isinstance(rules, dict) for rules in value.values()):
            raise SNSInvalidParameter(
                "Invalid parameter: Filter policy scope MessageAttributes does not support nested filter "
                "policy"
            )
        if len(value) > _MAX_FILTER_KEYS:
            raise SNSInvalidParameter(
                "Invalid parameter: FilterPolicy: Filter policy can not have more than 5 keys"
            )
        if math.prod(_factors(value, 1)) > _MAX_FILTER_COMBINATIONS:
            raise SNSInvalidParameter("Invalid parameter: FilterPolicy: Filter policy is too complex")

    return validate


def _factors(policy: Mapping[str, Any], depth: int) -> Iterator[int]:
    """Yield, for each key, its number of rules times the depth at which it is."""
    for key, rules in policy.items():
        if isinstance(rules, dict):
            yield from _factors(rules, depth + 1)
        elif key == "$or":
            yield sum(math.prod(_factors(alternative, depth)) for alternative in rules)
        else:
            yield len(rules) * depth


PATCHES = (
    Patch(
        owner=SNSBackend,
        name="subscribe",
        parameters="self, topic_arn, endpoint, protocol",
        why="moto subscribes functions to FIFO topics, which AWS refuses.",
        make=_subscribe,
    ),
    Patch(
        owner=Subscription,
        name="publish",
        parameters=(
            "self, message, message_id, subject, message_attributes, group_id, deduplication_id, "
            "message_structure"
        ),
        why="moto sends an event with a made-up topic, id and attributes, and asks no permission.",
        make=_publish,
    ),
    Patch(
        owner=SNSBackend,
        name="_validate_filter_policy",
        parameters="self, value, scope",
        why="moto refuses operators that SNS knows.",
        make=_validate,
    ),
)
