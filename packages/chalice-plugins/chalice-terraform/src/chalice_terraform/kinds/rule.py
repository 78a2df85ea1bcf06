"""EventBridge rules: ``aws_cloudwatch_event_rule`` with its target."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from chalice_terraform.expressions import Referring
from chalice_terraform.renderer import KnownOutputs, Rendering, TerraformResource

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalice_core.kinds import EventRule
    from chalice_terraform.renderer import Scope


class EventRuleRenderer(KnownOutputs):
    """Renders rules."""

    expressions: ClassVar[Mapping[str, str]] = {"arn": "aws_cloudwatch_event_rule.{name}.arn"}

    def render(self, resource: EventRule, scope: Scope) -> Rendering:
        """Return the rule and its one target."""
        name = scope.name(resource.id)
        bus: dict[str, Any] = {}
        if resource.event_bus is not None:
            bus["event_bus_name"] = scope.spell(Referring(resource.event_bus))
        rule: dict[str, Any] = {"name": scope.spell(resource.rule_name), **bus}
        if resource.description:
            rule["description"] = scope.spell(resource.description)
        if resource.schedule_expression is not None:
            rule["schedule_expression"] = scope.spell(resource.schedule_expression)
        if resource.event_pattern is not None:
            rule["event_pattern"] = scope.json(resource.event_pattern)
        target: dict[str, Any] = {
            "rule": f"${{aws_cloudwatch_event_rule.{name}.name}}",
            **bus,
            "target_id": name,
            "arn": scope.spell(resource.function_arn),
        }
        if resource.dead_letter_arn is not None:
            target["dead_letter_config"] = {"arn": scope.spell(Referring(resource.dead_letter_arn))}
        return Rendering(
            resources=(
                TerraformResource(type="aws_cloudwatch_event_rule", name=name, arguments=rule),
                TerraformResource(type="aws_cloudwatch_event_target", name=name, arguments=target),
            )
        )
