"""The types of events that S3 tells of, and when two notifications of a bucket get in each other's way.

Sources: "Supported event types for SQS, SNS, and Lambda" and "Configuring
event notifications using object key name filtering", Amazon S3 User Guide.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

EVENT_TYPES = (
    "s3:IntelligentTiering",
    "s3:LifecycleExpiration:*",
    "s3:LifecycleExpiration:Delete",
    "s3:LifecycleExpiration:DeleteMarkerCreated",
    "s3:LifecycleTransition",
    "s3:ObjectAcl:Put",
    "s3:ObjectAnnotation:*",
    "s3:ObjectAnnotation:Delete",
    "s3:ObjectAnnotation:Put",
    "s3:ObjectCreated:*",
    "s3:ObjectCreated:CompleteMultipartUpload",
    "s3:ObjectCreated:Copy",
    "s3:ObjectCreated:Post",
    "s3:ObjectCreated:Put",
    "s3:ObjectRemoved:*",
    "s3:ObjectRemoved:Delete",
    "s3:ObjectRemoved:DeleteMarkerCreated",
    "s3:ObjectRestore:*",
    "s3:ObjectRestore:Completed",
    "s3:ObjectRestore:Delete",
    "s3:ObjectRestore:Post",
    "s3:ObjectRetention:Put",
    "s3:ObjectTagging:*",
    "s3:ObjectTagging:Delete",
    "s3:ObjectTagging:Put",
    "s3:ReducedRedundancyLostObject",
    "s3:Replication:*",
    "s3:Replication:OperationFailedReplication",
    "s3:Replication:OperationMissedThreshold",
    "s3:Replication:OperationNotTracked",
    "s3:Replication:OperationReplicatedAfterThreshold",
)


def common_types(first: Iterable[str], second: Iterable[str]) -> tuple[str, ...]:
    """Return the types of ``first`` that ``second`` has, too, wildcards considered.

    >>> common_types(["s3:ObjectCreated:Put", "s3:ObjectAcl:Put"], ["s3:ObjectCreated:*"])
    ('s3:ObjectCreated:Put',)
    """
    others = tuple(second)
    return tuple(
        each for each in first if any(_covers(each, other) or _covers(other, each) for other in others)
    )


def keys_in_common(first: tuple[str, str], second: tuple[str, str]) -> bool:
    """Return whether S3 holds that objects can match both filters.

    Args:
        first: prefix and suffix, empty for all.
        second: the same of the other notification.
    """
    prefixes = first[0].startswith(second[0]) or second[0].startswith(first[0])
    return prefixes and (first[1].endswith(second[1]) or second[1].endswith(first[1]))


def _covers(wider: str, type: str) -> bool:
    return wider == type or (wider.endswith(":*") and type.startswith(wider[:-1]))
