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

# Regions of the partition ``aws`` that every account has.  All that came after 20 March 2019 have to be opted
# into, so this list is complete ("Enable or disable AWS Regions", AWS Account Management Reference Guide).
_EVERYBODYS_REGIONS = frozenset(
    {
        "ap-northeast-1",
        "ap-northeast-2",
        "ap-northeast-3",
        "ap-south-1",
        "ap-southeast-1",
        "ap-southeast-2",
        "ca-central-1",
        "eu-central-1",
        "eu-north-1",
        "eu-west-1",
        "eu-west-2",
        "eu-west-3",
        "sa-east-1",
        "us-east-1",
        "us-east-2",
        "us-west-1",
        "us-west-2",
    }
)


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


def opt_in_region(options: Mapping[str, object]) -> str | None:
    """Return the region of a topic that is given by its ARN, when accounts have to opt into that region.

    Args:
        options: of an SNS declaration.
    """
    topic = str(options["topic"])
    if not topic.startswith("arn:aws:"):
        return None
    region = topic.split(":")[3]
    return None if region in _EVERYBODYS_REGIONS else region
