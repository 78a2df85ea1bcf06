"""What AWS would refuse in a DynamoDB declaration, found before anything is built."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from chalice_core.polling import SourceLimits, polling_problems

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from chalice_core.manifest import EventDeclaration

# AT_TIMESTAMP is not for streams of tables.
LIMITS = SourceLimits(positions=("LATEST", "TRIM_HORIZON"), windows=True)

STREAM_ARN = re.compile(
    r"(?P<table>arn:[a-z][a-z0-9-]*:dynamodb:[a-z0-9-]+:\d{12}:table/(?P<name>[a-zA-Z0-9_.-]{3,255}))"
    r"/stream/[^/\s]+",
    re.ASCII,
)
"""Names of tables: ``CreateTable``, Amazon DynamoDB API Reference."""

_TABLE_ARN = re.compile(r"arn:[a-z][a-z0-9-]*:dynamodb:[a-z0-9-]+:\d{12}:table/[^/\s]+", re.ASCII)


def problems(event: EventDeclaration) -> list[str]:
    """Return a sentence for each thing that AWS would refuse; none when the declaration is fine.

    Args:
        event: a DynamoDB declaration.
    """
    where = f"{event.decorator} on {event.function!r}"
    found = [*_stream_problems(event.options), *polling_problems(event.options, LIMITS)]
    return [f"{where}: {problem}" for problem in found]


def table_name(stream_arn: str) -> str | None:
    """Return the name of the table that a stream belongs to; None when the ARN is none of a stream."""
    match = STREAM_ARN.fullmatch(stream_arn)
    return match["name"] if match else None


def _stream_problems(options: Mapping[str, Any]) -> Iterator[str]:
    arn = options.get("stream_arn")
    if isinstance(arn, str) and STREAM_ARN.fullmatch(arn):
        return
    hint = ""
    if isinstance(arn, str) and _TABLE_ARN.fullmatch(arn):
        hint = "  That is the table; its stream is what `aws dynamodb describe-table` calls LatestStreamArn."
    yield (
        "'stream_arn' must be the ARN of a table's stream, "
        f"arn:aws:dynamodb:REGION:ACCOUNT:table/NAME/stream/LABEL, not {arn!r}.{hint}"
    )
