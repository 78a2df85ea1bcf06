"""Limits of CloudFormation, found before a template is sent to it.

Source: "CloudFormation quotas", AWS CloudFormation User Guide.  What counts is the template that SAM makes of
ours, so its resources are counted as it makes them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalice_core.errors import ToolError

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST_RESOURCES = 500
MOST_OUTPUTS = 200
LARGEST_TEMPLATE = 1_000_000
"""Bytes of a template in a bucket; one that is sent along with a request has 51,200 at most."""

# Resources that SAM makes of one of these: an API comes with a deployment and a stage.
_RESOURCES_OF = {"AWS::Serverless::Api": 3}
# An event that is not polled comes with a permission.
_RESOURCES_OF_EVENT = {"Schedule": 2, "CloudWatchEvent": 2, "EventBridgeRule": 2, "SNS": 2}


class TemplateLimitError(ToolError):
    """A template has more than CloudFormation takes."""

    code = "sam-template-limit"

    def __init__(self, *, what: str, count: int, limit: int) -> None:
        super().__init__(
            what=f"The template has {count:,} {what}; CloudFormation takes {limit:,} at most.",
            why="Each function is a resource, and most events bring one or two more.",
            fix="Divide the application into several, each with a stack of its own; or let functions share "
            'what they can: one handler for several routes or queues, one role (without "iam_policy_file"), '
            'and no log groups (without "log_retention_in_days").',
        )
        self.count, self.limit = count, limit


def check_limits(template: Mapping[str, Any], size: int) -> None:
    """Raise when CloudFormation would refuse a template.

    Args:
        template: as it is written, after merging.
        size: of the file, bytes.

    Raises:
        TemplateLimitError: it has too many resources or outputs, or is too large.
    """
    counted = (
        ("resources", resource_count(template), MOST_RESOURCES),
        ("outputs", len(_section(template, "Outputs")), MOST_OUTPUTS),
        ("bytes", size, LARGEST_TEMPLATE),
    )
    for what, count, limit in counted:
        if count > limit:
            raise TemplateLimitError(what=what, count=count, limit=limit)


def resource_count(template: Mapping[str, Any]) -> int:
    """Return how many resources a stack of the template has.

    What a merged template says in a form that CloudFormation alone could judge counts as one.
    """
    count = 0
    for resource in _section(template, "Resources").values():
        entry = resource if isinstance(resource, dict) else {}
        count += _RESOURCES_OF.get(entry.get("Type", ""), 1)
        if entry.get("Type") == "AWS::Serverless::Function":
            for event in _section(_section(entry, "Properties"), "Events").values():
                type_ = event.get("Type") if isinstance(event, dict) else None
                count += _RESOURCES_OF_EVENT.get(str(type_), 1)
    return count


def _section(template: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    section = template.get(name)
    return section if isinstance(section, dict) else {}
