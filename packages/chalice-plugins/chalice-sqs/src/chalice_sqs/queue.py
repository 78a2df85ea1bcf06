"""Which queue a declaration means: by name in the account deployed to, or by ARN anywhere."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from chalice_core.values import Value, arn

if TYPE_CHECKING:
    from collections.abc import Mapping

QUEUE_NAME = re.compile(r"(?=.{1,80}\Z)[A-Za-z0-9_-]+(\.fifo)?\Z")
"""``CreateQueue``, Amazon SQS API Reference: at most 80 of these characters, and the suffix counts."""

QUEUE_ARN = re.compile(r"arn:(?P<partition>[^:\s]+):sqs:[^:\s]+:[^:\s]+:(?P<name>[^:\s]+)\Z")


def queue_arn(options: Mapping[str, Any]) -> Value:
    """Return the ARN of the declared queue; an ARN outranks a name, for it says more.

    Args:
        options: of an SQS declaration that has ``queue`` or ``queue_arn``.
    """
    given = options.get("queue_arn")
    return str(given) if given else arn("sqs", str(options["queue"]))


def queue_name(options: Mapping[str, Any]) -> str:
    """Return the name of the declared queue, the last part of an ARN."""
    given = options.get("queue_arn")
    return str(given).rsplit(":", 1)[-1] if given else str(options["queue"])


def is_fifo(options: Mapping[str, Any]) -> bool:
    """Say whether the queue delivers in order: the names of only such queues end in ``.fifo``."""
    return queue_name(options).endswith(".fifo")
