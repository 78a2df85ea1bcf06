"""SQS in Lambda: the decorator ``on_sqs_message``, and the messages that a function is given."""

from __future__ import annotations

from chalice.extensions import EventSource

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

__all__ = ["SQSEvent", "SQSRecord", "on_sqs_message"]


class SQSRecord:
    """One message.

    Args:
        record: The record as Lambda passes it.
        context: The Lambda context.

    Attributes:
        context: See above.
        body: The text of the message.
        receipt_handle: What deletes the message, or changes how long it stays invisible.
    """

    __slots__ = ("_record", "body", "context", "receipt_handle")

    def __init__(self, record: dict[str, Any], context: Any) -> None:
        self._record = record
        self.context = context
        self.body: str = record["body"]
        self.receipt_handle: str = record["receiptHandle"]

    def to_dict(self) -> dict[str, Any]:
        """Return the record as Lambda passed it: message id, attributes, queue ARN."""
        return self._record


class SQSEvent:
    """A batch of messages; iterate over it, as often as you like, for each `SQSRecord`.

    Args:
        event_dict: The event as Lambda passes it.
        context: The Lambda context.

    Attributes:
        context: See above.

    See https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
    """

    __slots__ = ("_event", "context")

    def __init__(self, event_dict: dict[str, Any], context: Any) -> None:
        self._event = event_dict
        self.context = context

    def __iter__(self) -> Iterator[SQSRecord]:
        context = self.context
        for record in self._event["Records"]:
            yield SQSRecord(record, context)

    def to_dict(self) -> dict[str, Any]:
        """Return the event as Lambda passed it."""
        return self._event


@EventSource.of(source="sqs", event=SQSEvent)
def on_sqs_message(
    queue: str | None = None,
    batch_size: int = 1,
    name: str | None = None,
    queue_arn: str | None = None,
    maximum_batching_window_in_seconds: int = 0,
    maximum_concurrency: int | None = None,
    report_batch_item_failures: bool = False,
) -> dict[str, Any]:
    """Call a function with messages of an SQS queue.

    What SQS and Lambda allow is for the tools to check: they report every mistake at once.

    Args:
        queue: Name of a queue of the same account and region, ``.fifo`` included.
        batch_size: How many messages a call gets at most.
        name: Logical name of the function, by default its own.
        queue_arn: The queue's ARN, for one that is elsewhere; with both, the ARN counts.
        maximum_batching_window_in_seconds: How long Lambda may wait for a batch to fill.
        maximum_concurrency: How many calls may run at the same time; None sets no limit of its own.
        report_batch_item_failures: The function returns ``{"batchItemFailures": [{"itemIdentifier":
            MESSAGE_ID}, …]}``, and only the messages in that list are delivered again.

    Raises:
        TypeError: A queue or an ARN is not a string.
        ValueError: Neither queue nor ARN.

    See https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
    """
    if not queue and not queue_arn:
        raise ValueError("on_sqs_message needs the queue's name (queue=) or its ARN (queue_arn=).")
    for option, value in (("queue", queue), ("queue_arn", queue_arn)):
        if value is not None and not isinstance(value, str):
            raise TypeError(f"on_sqs_message: {option} must be a string, not {value!r}.")
    return {
        "name": name,
        "queue": queue,
        "queue_arn": queue_arn,
        "batch_size": batch_size,
        "maximum_batching_window_in_seconds": maximum_batching_window_in_seconds,
        "maximum_concurrency": maximum_concurrency,
        "report_batch_item_failures": report_batch_item_failures,
    }
