"""Which topic a declaration means: by name in the account and region deployed to, or by ARN anywhere."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chalice_core.values import Value, arn

if TYPE_CHECKING:
    from collections.abc import Mapping

TOPIC_NAME = re.compile(r"(?=.{1,256}\Z)[A-Za-z0-9_-]+(\.fifo)?")
"""``CreateTopic``, Amazon SNS API Reference: at most 256 of these characters, and the suffix counts."""

TOPIC_ARN = re.compile(r"arn:[a-z][a-z0-9-]*:sns:[a-z0-9-]+:\d{12}:(?P<name>[A-Za-z0-9_-]{1,256}(\.fifo)?)")


def is_topic(topic: object) -> bool:
    """Return whether an option is the name or the ARN of a topic."""
    return isinstance(topic, str) and bool(TOPIC_NAME.fullmatch(topic) or TOPIC_ARN.fullmatch(topic))


def topic_arn(options: Mapping[str, object]) -> Value:
    """Return the ARN of the declared topic.

    Args:
        options: of an SNS declaration.
    """
    topic = str(options["topic"])
    return topic if topic.startswith("arn:") else arn("sns", topic)


def is_fifo(topic: str) -> bool:
    """Return whether a topic keeps an order: the names of only such topics end in ``.fifo``."""
    return topic.endswith(".fifo")
