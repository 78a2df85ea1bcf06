"""Subscriptions to SNS topics: ``aws_sns_topic_subscription``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from chalice_terraform.expressions import Referring
from chalice_terraform.renderer import KnownOutputs, Rendering, TerraformResource

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalice_core.kinds import TopicSubscription
    from chalice_terraform.renderer import Scope


class TopicSubscriptionRenderer(KnownOutputs):
    """Renders subscriptions."""

    expressions: ClassVar[Mapping[str, str]] = {"subscription_arn": "aws_sns_topic_subscription.{name}.arn"}

    def render(self, resource: TopicSubscription, scope: Scope) -> Rendering:
        """Return the subscription."""
        arguments: dict[str, Any] = {
            "topic_arn": scope.spell(Referring(resource.topic_arn)),
            "protocol": "lambda",
            "endpoint": scope.spell(resource.function_arn),
        }
        if resource.filter_policy is not None:
            arguments["filter_policy"] = scope.json(resource.filter_policy)
        if resource.filter_policy_scope is not None:
            arguments["filter_policy_scope"] = resource.filter_policy_scope
        if resource.dead_letter_arn is not None:
            dead_letters = {"deadLetterTargetArn": Referring(resource.dead_letter_arn)}
            arguments["redrive_policy"] = scope.json(dead_letters)
        subscription = TerraformResource(
            type="aws_sns_topic_subscription", name=scope.name(resource.id), arguments=arguments
        )
        return Rendering(resources=(subscription,))
