"""EventBridge events as Lambda gets them, made up for tests.

Shape: "Event structure" and "Creating an Amazon EventBridge rule that runs on a schedule", Amazon
EventBridge User Guide.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

ACCOUNT = "123456789012"
HAPPENED = "2023-11-14T22:13:20Z"
"""Always the same, so that a sample is, too."""


def generate_cw_event(
    source: str,
    detail_type: str,
    detail: Mapping[str, Any],
    resources: Iterable[str],
    region: str = "us-west-2",
) -> dict[str, Any]:
    """Return an event of EventBridge; the same arguments give the same event.

    Args:
        source: Who sends it, such as ``aws.ec2``.
        detail_type: What kind of event it is, such as ``EC2 Instance State-change Notification``.
        detail: What else the sender says.
        resources: ARNs of what it is about.
        region: Where it comes from.
    """
    return {
        "version": "0",
        "id": str(uuid.uuid5(uuid.NAMESPACE_URL, f"events:{source}:{detail_type}:{region}")),
        "detail-type": detail_type,
        "source": source,
        "account": ACCOUNT,
        "time": HAPPENED,
        "region": region,
        "resources": list(resources),
        "detail": dict(detail),
    }


def generate_scheduled_event(rule_name: str = "rule-name", region: str = "us-west-2") -> dict[str, Any]:
    """Return the event of a schedule; the same arguments give the same event.

    Args:
        rule_name: Name of the rule that is due.
        region: Where the rule is.
    """
    rule = f"arn:aws:events:{region}:{ACCOUNT}:rule/{rule_name}"
    return generate_cw_event("aws.events", "Scheduled Event", {}, [rule], region)
