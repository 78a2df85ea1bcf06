"""A DynamoDB Streams event as Lambda delivers it, made up for tests.

Shape: "Using AWS Lambda with Amazon DynamoDB", AWS Lambda Developer Guide; ``Record`` and
``StreamRecord``, Amazon DynamoDB API Reference.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

REGION = "us-west-2"
ACCOUNT = "123456789012"
CHANGED = 1_700_000_000
"""Seconds since 1970; always the same, so that a sample is, too."""
FIRST = 4421584500000000017450439091
"""A sequence number as DynamoDB makes them; those of later records are greater."""


def generate_dynamodb_event(
    new_images: Iterable[Mapping[str, Any]],
    table_name: str = "table-name",
    key_names: Iterable[str] = ("id",),
    old_images: Iterable[Mapping[str, Any] | None] = (),
) -> dict[str, Any]:
    """Return the event that tells of these items; the same arguments give the same event.

    The stream's view is ``NEW_AND_OLD_IMAGES``.

    Args:
        new_images: Each changed item as it is now, the way DynamoDB writes items: ``{"id": {"S": "1"}}``.
            An empty item was removed.
        table_name: Name of the table.
        key_names: Names of the attributes that make the primary key.
        old_images: The same items before, in the same order; None, and what is not there, for a new item.

    Raises:
        ValueError: An item has no key, neither before nor now; or more old items than new ones are given.
    """
    new, old = list(new_images), list(old_images)
    if len(old) > len(new):
        raise ValueError(f"{len(old)} old items are given, and only {len(new)} new ones.")
    old += [None] * (len(new) - len(old))
    names = tuple(key_names)
    arn = f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{table_name}/stream/2023-11-14T22:00:00.000"
    return {"Records": [_record(new[index], old[index], names, arn, index) for index in range(len(new))]}


def _record(
    after: Mapping[str, Any],
    before: Mapping[str, Any] | None,
    key_names: tuple[str, ...],
    arn: str,
    index: int,
) -> dict[str, Any]:
    known = after or before or {}
    absent = [repr(name) for name in key_names if name not in known]
    if absent:
        raise ValueError(f"Item {index} has no {' and no '.join(absent)}, which is part of its key.")
    change: dict[str, Any] = {
        "ApproximateCreationDateTime": CHANGED + index,
        "Keys": {name: known[name] for name in key_names},
    }
    if after:
        change["NewImage"] = dict(after)
    if before:
        change["OldImage"] = dict(before)
    change["SequenceNumber"] = str(FIRST + index)
    # DynamoDB counts in its own notation; the length of the JSON is near enough for a sample.
    change["SizeBytes"] = len(json.dumps([change["Keys"], after, before]))
    change["StreamViewType"] = "NEW_AND_OLD_IMAGES"
    return {
        # DynamoDB's are 32 hexadecimal digits as well; nothing is protected by them.
        "eventID": hashlib.md5(f"{arn}:{index}".encode(), usedforsecurity=False).hexdigest(),
        "eventName": ("MODIFY" if before else "INSERT") if after else "REMOVE",
        "eventVersion": "1.1",
        "eventSource": "aws:dynamodb",
        "awsRegion": REGION,
        "dynamodb": change,
        "eventSourceARN": arn,
    }
