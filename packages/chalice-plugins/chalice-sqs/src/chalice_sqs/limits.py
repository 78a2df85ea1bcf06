"""What AWS would refuse in an SQS declaration, found before anything is built.

Limits: ``CreateEventSourceMapping`` and ``ScalingConfig``, AWS Lambda API
Reference; "Creating and configuring an Amazon SQS event source mapping", AWS
Lambda Developer Guide.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalice_core.asynchronous import is_integer_within
from chalice_core.polling import SourceLimits, polling_problems
from chalice_sqs.queue import QUEUE_ARN, QUEUE_NAME, is_fifo

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from chalice_core.manifest import EventDeclaration

STANDARD = SourceLimits(batch_without_window=10)
FIFO = SourceLimits(largest_batch=10, longest_window=0)
CONCURRENCY = (2, 1000)


def problems(event: EventDeclaration) -> list[str]:
    """Return a sentence for each thing that AWS would refuse; none when the declaration is fine.

    Args:
        event: an SQS declaration.
    """
    where = f"{event.decorator} on {event.function!r}"
    found = list(_queue_problems(event.options))
    if not found:
        found = [*_polling_problems(event.options), *_concurrency_problems(event.options)]
    return [f"{where}: {problem}" for problem in found]


def _queue_problems(options: Mapping[str, Any]) -> Iterator[str]:
    name, arn = options.get("queue"), options.get("queue_arn")
    if not name and not arn:
        yield "one of 'queue' and 'queue_arn' has to be given."
    elif arn:
        if not (isinstance(arn, str) and QUEUE_ARN.match(arn)):
            yield f"'queue_arn' must be the ARN of a queue, arn:aws:sqs:REGION:ACCOUNT:NAME, not {arn!r}."
    elif not (isinstance(name, str) and QUEUE_NAME.match(name)):
        hint = ""
        if isinstance(name, str) and name.startswith("arn:"):
            hint = "  An ARN is given with queue_arn=…."
        elif isinstance(name, str) and "://" in name:
            hint = f"  The name is the last part of that URL, {name.rstrip('/').rsplit('/', 1)[-1]!r}."
        yield f"'queue' must be the name of the queue, not {name!r}.{hint}"


def _polling_problems(options: Mapping[str, Any]) -> Iterator[str]:
    if not is_fifo(options):
        yield from polling_problems(options, STANDARD)
        return
    batch = options.get("batch_size", 1)
    window = options.get("maximum_batching_window_in_seconds", 0)
    if not is_integer_within(batch, 1, FIFO.largest_batch):
        most = FIFO.largest_batch
        yield f"'batch_size' of a FIFO queue must be an integer from 1 to {most}, not {batch!r}."
    if window != 0:
        yield (
            "a FIFO queue has no batching window, so 'maximum_batching_window_in_seconds' must be 0, "
            f"not {window!r}."
        )
    said = {"batch_size": 1, "maximum_batching_window_in_seconds": 0}
    yield from polling_problems({**options, **said}, FIFO)


def _concurrency_problems(options: Mapping[str, Any]) -> Iterator[str]:
    limit = options.get("maximum_concurrency")
    if limit is not None and not is_integer_within(limit, *CONCURRENCY):
        low, high = CONCURRENCY
        yield f"'maximum_concurrency' must be an integer from {low} to {high}, not {limit!r}."
