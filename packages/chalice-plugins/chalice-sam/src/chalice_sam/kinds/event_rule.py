"""EventBridge rules: events of their function where SAM has the words, ``AWS::Events::Rule`` elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalice_sam.intrinsics import Reference
from chalice_sam.kinds.function_events import is_event
from chalice_sam.naming import event_logical_id
from chalice_sam.renderer import FunctionEvent, Rendering, TemplateResource

if TYPE_CHECKING:
    from chalice_core.kinds import EventRule
    from chalice_sam.renderer import Scope


class EventRuleRenderer:
    """Renders rules.

    A rule gets its name from CloudFormation, and one logical id, whether it is written as an event or not.
    """

    def reference(self, resource: EventRule, output: str, logical_id: str) -> Reference | None:  # noqa: ARG002 - SAM names what it makes of events in its own way
        """Return the rule's ARN."""
        if output != "arn":
            return None
        return Reference(event_logical_id(resource.function_arn.of, resource.id), "Arn")

    def render(self, resource: EventRule, scope: Scope) -> Rendering:
        """Return an event of the function when it can be one, or a resource."""
        dead_letters: dict[str, Any] = {}
        if resource.dead_letter_arn is not None:
            dead_letters["DeadLetterConfig"] = {"Arn": scope.spell(resource.dead_letter_arn)}
        if is_event(resource, scope):
            return Rendering(events=(_event(resource, scope, dead_letters),))
        name = event_logical_id(resource.function_arn.of, resource.id)
        target = {"Arn": scope.spell(resource.function_arn), "Id": f"{name}LambdaTarget"[:64], **dead_letters}
        properties: dict[str, Any] = {"Targets": [target]}
        if resource.schedule_expression is not None:
            properties["ScheduleExpression"] = resource.schedule_expression
        if resource.event_pattern is not None:
            properties["EventPattern"] = scope.spell(resource.event_pattern)
        if resource.event_bus is not None:
            properties["EventBusName"] = resource.event_bus
        if resource.description:
            properties["Description"] = resource.description
        rule = TemplateResource(type="AWS::Events::Rule", properties=properties)
        return Rendering(resources={name: rule})


def _event(rule: EventRule, scope: Scope, dead_letters: dict[str, Any]) -> FunctionEvent:
    if rule.schedule_expression is not None:
        type_ = "Schedule"
        properties: dict[str, Any] = {"Schedule": rule.schedule_expression}
        if rule.description:
            properties["Description"] = rule.description
    else:
        # The older name, which deployed templates have, is documented without a dead-letter queue.
        type_ = "CloudWatchEvent" if rule.dead_letter_arn is None else "EventBridgeRule"
        properties = {"Pattern": scope.spell(rule.event_pattern)}
        if rule.event_bus is not None:
            properties["EventBusName"] = rule.event_bus
    return FunctionEvent(
        function=rule.function_arn.of,
        name=scope.logical_id(rule.id),
        type=type_,
        properties={**properties, **dead_letters},
    )
