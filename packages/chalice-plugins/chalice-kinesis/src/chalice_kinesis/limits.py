"""What AWS would refuse in a Kinesis declaration, found before anything is built."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalice_core.polling import SourceLimits, polling_problems
from chalice_kinesis.stream import STREAM_ARN, STREAM_NAME

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from chalice_core.manifest import EventDeclaration

LIMITS = SourceLimits(positions=("LATEST", "TRIM_HORIZON", "AT_TIMESTAMP"), windows=True)


def problems(event: EventDeclaration) -> list[str]:
    """Return a sentence for each thing that AWS would refuse; none when the declaration is fine.

    Args:
        event: a Kinesis declaration.
    """
    where = f"{event.decorator} on {event.function!r}"
    found = [*_stream_problems(event.options), *polling_problems(event.options, LIMITS)]
    return [f"{where}: {problem}" for problem in found]


def _stream_problems(options: Mapping[str, Any]) -> Iterator[str]:
    stream = options.get("stream")
    if isinstance(stream, str) and stream.startswith("arn:"):
        if not STREAM_ARN.fullmatch(stream):
            yield (
                "'stream' must be the ARN of a stream, arn:aws:kinesis:REGION:ACCOUNT:stream/NAME, or of one "
                f"of its consumers, …/consumer/NAME:TIMESTAMP, not {stream!r}."
            )
    elif not (isinstance(stream, str) and STREAM_NAME.fullmatch(stream)):
        yield (
            "'stream' must be the name of a stream (1 to 128 letters, digits, '_', '.' and '-') or an ARN, "
            f"not {stream!r}."
        )
