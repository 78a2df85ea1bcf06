"""What an SNS declaration becomes: the topic may invoke the function, and the function is subscribed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalice_core.asynchronous import lower_asynchronous
from chalice_core.kinds import Function, InvokePermission, Resource, TopicSubscription
from chalice_core.values import ResourceId
from chalice_sns.topic import opt_in_region, topic_arn

if TYPE_CHECKING:
    from chalice_core.manifest import EventDeclaration

PRINCIPAL = "sns.amazonaws.com"


def lower(event: EventDeclaration, function: Function) -> tuple[Resource, ...]:
    """Return the resources that hand the topic's messages to ``function``.

    Args:
        event: an SNS declaration without problems (`chalice_sns.limits.problems`).
        function: the function.
    """
    options = event.options
    topic = topic_arn(options)
    permissions = [
        InvokePermission(
            id=ResourceId(f"{function.id}-sns-permission"),
            function_arn=function.arn,
            principal=PRINCIPAL,
            source_arn=topic,
        )
    ]
    region = opt_in_region(options)
    if region is not None:
        # From such a region SNS delivers to others under a name of its own ("Prerequisites for integrating
        # Amazon SNS with Lambda functions across regions", Amazon SNS Developer Guide).
        permissions.append(
            InvokePermission(
                id=ResourceId(f"{function.id}-sns-regional-permission"),
                function_arn=function.arn,
                principal=f"sns.{region}.amazonaws.com",
                source_arn=topic,
            )
        )
    subscription = TopicSubscription(
        id=ResourceId(f"{function.id}-sns-subscription"),
        topic_arn=topic,
        function_arn=function.arn,
        filter_policy=options.get("filter_policy"),
        filter_policy_scope=options.get("filter_policy_scope"),
        dead_letter_arn=options.get("dead_letter_queue"),
        # A message that comes before the topic may invoke the function is lost.
        after=tuple(permission.id for permission in permissions),
    )
    return (*permissions, subscription, *lower_asynchronous(options, function))
