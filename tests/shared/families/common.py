"""What several families have in common: where failures go, and options of two sorts of them."""

from __future__ import annotations

from typing import Any

from chalice_core.testing.examples import Clients

REGION, ACCOUNT = "us-east-1", "123456789012"
"""Of the AWS on this machine."""

FAILED = f"arn:aws:sqs:{REGION}:{ACCOUNT}:failed"
"""A queue for what could not be handled."""

ASYNCHRONOUS: dict[str, Any] = {
    "maximum_retry_attempts": 1,
    "maximum_event_age_in_seconds": 60,
    "on_failure": FAILED,
}
"""What the families whose events come asynchronously have in common."""

STREAMED: dict[str, Any] = {
    "batch_size": 7,
    "maximum_batching_window_in_seconds": 1,
    "on_failure": FAILED,
    "maximum_retry_attempts": 3,
    "maximum_record_age_in_seconds": 600,
    "bisect_batch_on_function_error": True,
}
"""What the families that poll streams have in common."""

ASYNCHRONOUS_MISTAKES = {"maximum_retry_attempts=3": "from 0 to 2", "on_failure='failed'": "'on_failure'"}
STREAMED_MISTAKES = {"batch_size=0": "'batch_size'", "on_failure='failed'": "'on_failure'"}


def mistakes(needed: str, *groups: dict[str, str]) -> dict[str, str]:
    """Return mistakes in options, each beside what the decorator needs anyway.

    Args:
        needed: arguments as they are written.
        groups: mistakes, as `Example.mistakes` has them.
    """
    return {f"{needed}, {given}": phrase for group in groups for given, phrase in group.items()}


def make_failed(clients: Clients) -> None:
    """Make the queue for failures; once it is there, this does nothing."""
    clients("sqs").create_queue(QueueName="failed")
