"""What a filter compares: Lambda's view of a polled record, SNS's view of a message.

https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html and
https://docs.aws.amazon.com/sns/latest/dg/sns-message-filtering.html
"""

from __future__ import annotations

import base64
import binascii
import json
from typing import TYPE_CHECKING, Any, Literal

from chalice_local.patterns import matches

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["fits_policy", "passes"]


def passes(patterns: Sequence[Mapping[str, Any]], record: Mapping[str, Any]) -> bool:
    """Return whether a record of an event source mapping passes its filters.

    The body of an SQS message and the data of a Kinesis record are compared as JSON when they hold an
    object, and else as text, which only a pattern for text fits.

    Args:
        patterns: of which one must match; none lets everything pass.
        record: of the event, as the function would get it.
    """
    return not patterns or any(matches(pattern, _view(record)) for pattern in patterns)


def fits_policy(
    policy: Mapping[str, Any],
    *,
    scope: Literal["MessageAttributes", "MessageBody"],
    attributes: Mapping[str, Mapping[str, str]],
    body: str,
) -> bool:
    """Return whether a message gets through the filter policy of a subscription.

    Args:
        policy: JSON data.
        scope: what the policy is compared with.
        attributes: by name, with ``Type`` and ``Value`` as SNS delivers them.
        body: the message.
    """
    if scope == "MessageAttributes":
        return matches(policy, {name: _attribute(attribute) for name, attribute in attributes.items()})
    document = _json(body)
    return isinstance(document, dict) and matches(policy, document)


def _view(record: Mapping[str, Any]) -> dict[str, Any]:
    view = dict(record)
    if "kinesis" in record:
        # Patterns for streams name the fields of a Kinesis record without the "kinesis" around them.
        view |= record["kinesis"]
        view["data"] = _object_or_text(_decoded(record["kinesis"]["data"]))
    elif "body" in record:
        view["body"] = _object_or_text(record["body"])
    return view


def _decoded(data: str) -> str:
    try:
        return base64.b64decode(data).decode()
    except (binascii.Error, UnicodeDecodeError):
        return data


def _object_or_text(text: str) -> Any:
    document = _json(text)
    return document if isinstance(document, dict) else text


def _attribute(attribute: Mapping[str, str]) -> Any:
    kind, value = attribute["Type"], attribute["Value"]
    # Binary values are never compared; they are there, and that is all.
    if kind.startswith("Number") or kind == "String.Array":
        return _json(value)
    return value


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None
