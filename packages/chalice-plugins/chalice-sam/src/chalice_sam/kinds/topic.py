"""Subscriptions of SNS topics: events of their function, or ``AWS::SNS::Subscription``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalice_sam.intrinsics import Reference
from chalice_sam.kinds.function_events import is_event
from chalice_sam.naming import event_logical_id
from chalice_sam.renderer import FunctionEvent, Rendering, TemplateResource

if TYPE_CHECKING:
    from chalice_core.kinds import TopicSubscription
    from chalice_sam.renderer import Scope


class TopicSubscriptionRenderer:
    """Renders subscriptions, with one logical id whether they are written as events or not."""

    def reference(self, resource: TopicSubscription, output: str, logical_id: str) -> Reference | None:  # noqa: ARG002 - SAM names what it makes of events in its own way
        """Return the subscription's ARN."""
        if output != "subscription_arn":
            return None
        return Reference(event_logical_id(resource.function_arn.of, resource.id))

    def render(self, resource: TopicSubscription, scope: Scope) -> Rendering:
        """Return an event of the function when it can be one, or a resource."""
        options: dict[str, Any] = {}
        # A topic that is named by its ARN may be in another region than the stack.
        if isinstance(resource.topic_arn, str) and (region := _region(resource.topic_arn)):
            options["Region"] = region
        if resource.filter_policy is not None:
            options["FilterPolicy"] = dict(resource.filter_policy)
        if resource.filter_policy_scope is not None:
            options["FilterPolicyScope"] = resource.filter_policy_scope
        if resource.dead_letter_arn is not None:
            options["RedrivePolicy"] = {"deadLetterTargetArn": scope.spell(resource.dead_letter_arn)}
        topic = scope.spell(resource.topic_arn)
        if is_event(resource, scope):
            event = FunctionEvent(
                function=resource.function_arn.of,
                name=scope.logical_id(resource.id),
                type="SNS",
                properties={"Topic": topic, **options},
            )
            return Rendering(events=(event,))
        properties = {
            "Protocol": "lambda",
            "Endpoint": scope.spell(resource.function_arn),
            "TopicArn": topic,
            **options,
        }
        subscription = TemplateResource(type="AWS::SNS::Subscription", properties=properties)
        return Rendering(resources={event_logical_id(resource.function_arn.of, resource.id): subscription})


def _region(arn: str) -> str:
    """Return the region in an ARN ("Amazon Resource Names (ARNs)", AWS IAM User Guide); empty for none."""
    return arn.split(":", 5)[3] if arn.count(":") >= 5 else ""
