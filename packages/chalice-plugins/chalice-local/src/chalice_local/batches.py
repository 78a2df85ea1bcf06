"""How a function took a batch, and which of its records it reports as failed."""

from __future__ import annotations

import json
from dataclasses import dataclass

__all__ = ["BatchOutcome", "reported_failures"]


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchOutcome:
    """How the function took a batch.

    Attributes:
        failed: it raised, crashed, timed out or was throttled.
        throttled: it was not invoked, because no concurrency was left.
        payload: its JSON result.
        request_id: of the invocation.
        version: of the function that ran.
    """

    failed: bool
    throttled: bool = False
    payload: bytes = b"null"
    request_id: str = ""
    version: str = "$LATEST"


def reported_failures(payload: bytes) -> frozenset[str] | None:
    """Return the identifiers in an answer of the form ``{"batchItemFailures": [{"itemIdentifier": …}]}``.

    https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html#services-sqs-batchfailurereporting
    says which answers are a success. Streams have the same rules.

    Args:
        payload: the function's JSON result.

    Returns:
        None of them when nothing failed; ``None`` for an unsound answer, which fails the whole batch.
    """
    try:
        answer = json.loads(payload or b"null")
    except ValueError:
        return None
    if not answer:
        return frozenset()
    if not isinstance(answer, dict):
        return None
    failures = answer.get("batchItemFailures")
    if not failures:
        return frozenset()
    if not isinstance(failures, list):
        return None
    named: set[str] = set()
    for item in failures:
        identifier = item.get("itemIdentifier") if isinstance(item, dict) else None
        if not isinstance(identifier, str) or not identifier:
            return None
        named.add(identifier)
    return frozenset(named)
