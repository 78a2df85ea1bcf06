"""What AWS would refuse in an SQS declaration, found before anything is built.

Limits: ``CreateEventSourceMapping`` and ``ScalingConfig``, AWS Lambda API
Reference; "Creating and configuring an Amazon SQS event source mapping", AWS
Lambda Developer Guide.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalice_sqs.queue import QUEUE_ARN, QUEUE_NAME, is_fifo

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from chalice_core.manifest import EventDeclaration

STANDARD_BATCH = 10_000
FIFO_BATCH = 10
BATCH_WITHOUT_WINDOW = 10
LONGEST_WINDOW = 300
CONCURRENCY = (2, 1000)


def problems(event: EventDeclaration) -> list[str]:
    """Return a sentence for each thing that AWS would refuse; none when the declaration is fine.

    Args:
        event: an SQS declaration.
    """
    where = f"{event.decorator} on {event.function!r}"
    found = list(_queue_problems(event.options))
    if not found:
        found = [*_batch_problems(event.options), *_concurrency_problems(event.options)]
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


def _batch_problems(options: Mapping[str, Any]) -> Iterator[str]:
    batch = options.get("batch_size", 1)
    window = options.get("maximum_batching_window_in_seconds", 0)
    if is_fifo(options):
        if not _within(batch, 1, FIFO_BATCH):
            yield f"'batch_size' of a FIFO queue must be an integer from 1 to {FIFO_BATCH}, not {batch!r}."
        if window != 0:
            yield (
                "a FIFO queue has no batching window, so 'maximum_batching_window_in_seconds' must be 0, "
                f"not {window!r}."
            )
        return
    batch_fits = _within(batch, 1, STANDARD_BATCH)
    window_fits = _within(window, 0, LONGEST_WINDOW)
    if not batch_fits:
        yield f"'batch_size' must be an integer from 1 to {STANDARD_BATCH}, not {batch!r}."
    if not window_fits:
        yield (
            "'maximum_batching_window_in_seconds' must be an integer from 0 to "
            f"{LONGEST_WINDOW}, not {window!r}."
        )
    if batch_fits and window_fits and batch > BATCH_WITHOUT_WINDOW and window < 1:
        yield (
            f"a 'batch_size' over {BATCH_WITHOUT_WINDOW} needs a 'maximum_batching_window_in_seconds' of at "
            f"least 1; the batch size is {batch}, the window {window}."
        )


def _concurrency_problems(options: Mapping[str, Any]) -> Iterator[str]:
    limit = options.get("maximum_concurrency")
    if limit is not None and not _within(limit, *CONCURRENCY):
        low, high = CONCURRENCY
        yield f"'maximum_concurrency' must be an integer from {low} to {high}, not {limit!r}."
    reports = options.get("report_batch_item_failures", False)
    if not isinstance(reports, bool):
        yield f"'report_batch_item_failures' must be true or false, not {reports!r}."


def _within(value: object, low: int, high: int) -> bool:
    # bool is an int in Python, yet nobody means a batch of True messages.
    return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high
