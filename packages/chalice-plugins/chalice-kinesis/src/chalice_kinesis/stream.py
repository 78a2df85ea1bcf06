"""Which stream a declaration means: by name in the account deployed to, or by ARN; or a consumer of one."""

from __future__ import annotations

import re

from chalice_core.values import Value, arn

STREAM_NAME = re.compile(r"[a-zA-Z0-9_.-]{1,128}", re.ASCII)
"""``CreateStream``, Amazon Kinesis Data Streams API Reference."""

STREAM_ARN = re.compile(
    r"(?P<stream>arn:[a-z][a-z0-9-]*:kinesis:[a-z0-9-]+:\d{12}:stream/(?P<name>[a-zA-Z0-9_.-]{1,128}))"
    r"(?P<consumer>/consumer/[a-zA-Z0-9_.-]{1,128}:\d+)?",
    re.ASCII,
)
"""``DescribeStreamConsumer`` of the same reference has the form of a consumer's ARN."""


def source_arn(stream: str) -> Value:
    """Return what Lambda reads: the stream, or the consumer.

    Args:
        stream: as declared; a name, or one of the two ARNs.
    """
    return stream if stream.startswith("arn:") else arn("kinesis", f"stream/{stream}")


def stream_arn(stream: str) -> Value:
    """Return the ARN of the stream itself, also when a consumer was declared."""
    match = STREAM_ARN.fullmatch(stream)
    return match["stream"] if match else arn("kinesis", f"stream/{stream}")


def stream_name(stream: str) -> str:
    """Return the name of the stream."""
    match = STREAM_ARN.fullmatch(stream)
    return match["name"] if match else stream


def is_consumer(stream: str) -> bool:
    """Say whether a consumer was declared, which reads with a throughput of its own."""
    match = STREAM_ARN.fullmatch(stream)
    return match is not None and match["consumer"] is not None
