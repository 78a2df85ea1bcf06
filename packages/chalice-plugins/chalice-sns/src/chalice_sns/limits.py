"""What SNS would refuse in a declaration, found before anything is built.

Limits: ``CreateTopic`` and ``Subscribe``, Amazon SNS API Reference; "Filter
policy constraints" and "Amazon SNS message delivery for FIFO topics", Amazon
SNS Developer Guide.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from chalice_core.asynchronous import asynchronous_problems, dead_letter_problems
from chalice_core.patterns import pattern_problems
from chalice_sns.topic import is_fifo, is_topic

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from chalice_core.manifest import EventDeclaration

SCOPES = ("MessageAttributes", "MessageBody")
MOST_FIELDS = 5
MOST_COMBINATIONS = 150
LARGEST_POLICY = 262_144
"""Bytes: 256 KB."""


def problems(event: EventDeclaration) -> list[str]:
    """Return a sentence for each thing that SNS would refuse; none when the declaration is fine.

    Args:
        event: an SNS declaration.
    """
    found = [
        *_topic(event.options.get("topic")),
        *_filter(event.options),
        *asynchronous_problems(event.options),
        *dead_letter_problems(event.options),
    ]
    return [f"{event.decorator} on {event.function!r}: {problem}" for problem in found]


def _topic(topic: object) -> Iterator[str]:
    if not isinstance(topic, str) or not is_topic(topic):
        yield (
            "'topic' must be the name of a topic, or its ARN, arn:aws:sns:REGION:ACCOUNT:NAME, "
            f"not {topic!r}."
        )
    elif is_fifo(topic):
        yield (
            f"'topic' is the FIFO topic {topic!r}, and such topics cannot invoke functions. Subscribe a FIFO "
            "queue of SQS to the topic, and declare the function with @app.on_sqs_message for that queue."
        )


def _filter(options: Mapping[str, Any]) -> Iterator[str]:
    policy, scope = options.get("filter_policy"), options.get("filter_policy_scope")
    if scope is not None and scope not in SCOPES:
        yield f"'filter_policy_scope' must be {' or '.join(map(repr, SCOPES))}, not {scope!r}."
    if policy is None:
        if scope is not None:
            yield "'filter_policy_scope' says what 'filter_policy' is compared with; give that, too."
        return
    found = list(pattern_problems("filter_policy", policy, nested=scope == "MessageBody"))
    yield from found
    if found:
        return
    fields = list(_lists(policy))
    if len(fields) > MOST_FIELDS:
        yield f"'filter_policy' has {len(fields)} fields; SNS allows {MOST_FIELDS}."
    combinations = _combinations(fields)
    if combinations > MOST_COMBINATIONS:
        yield (
            f"'filter_policy' accepts {combinations} combinations of values; SNS allows {MOST_COMBINATIONS}."
        )
    size = len(json.dumps(policy).encode())
    if size > LARGEST_POLICY:
        yield f"'filter_policy' has {size} bytes as JSON; SNS allows {LARGEST_POLICY}."


def _lists(policy: Mapping[str, Any], depth: int = 1) -> Iterator[tuple[int, int]]:
    """Yield the number of values and the depth of each field that is compared."""
    for name, value in policy.items():
        if name == "$or":
            for each in value:
                yield from _lists(each, depth)
        elif isinstance(value, dict):
            yield from _lists(value, depth + 1)
        else:
            yield len(value), depth


def _combinations(fields: list[tuple[int, int]]) -> int:
    """Return how many combinations SNS counts: values times depth, multiplied for all fields."""
    total = 1
    for count, depth in fields:
        total *= count * depth
    return total
