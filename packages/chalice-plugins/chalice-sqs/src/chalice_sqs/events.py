"""SQS in Lambda: the decorator ``on_sqs_message``, and the messages that a function is given."""

from __future__ import annotations

from chalice.extensions import EventSource

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager
    from typing import Any

    from chalice.extensions import EventHandler

__all__ = ["SQSEvent", "SQSRecord", "on_sqs_message"]


class SQSRecord:
    """One message.

    Args:
        event_dict: The record as Lambda passes it.
        context: The Lambda context.

    Attributes:
        context: See above.
        body: The text of the message.
        receipt_handle: What deletes the message, or changes how long it stays invisible.
    """

    # Slots are cheaper than a dictionary for each record, which is made only when something is added.
    __slots__ = ("__dict__", "_event_dict", "body", "context", "receipt_handle")

    def __init__(self, event_dict: dict[str, Any], context: Any) -> None:
        self._event_dict = event_dict
        self.context = context
        self.body: str = event_dict["body"]
        self.receipt_handle: str = event_dict["receiptHandle"]

    def to_dict(self) -> dict[str, Any]:
        """Return the record as Lambda passed it: message id, attributes, queue ARN."""
        return self._event_dict


class _BatchRecord(SQSRecord):
    """A record that `SQSEvent` fills in by itself: calling an ``__init__`` costs more than all that it does.

    That takes a quarter off the instructions that an event of ten messages needs, from the call by Lambda to
    the answer.
    """

    __slots__ = ()
    __init__ = object.__init__


class SQSEvent:
    """A batch of messages; iterate over it, as often as you like, for each `SQSRecord`.

    Args:
        event_dict: The event as Lambda passes it.
        context: The Lambda context.

    Attributes:
        context: See above.

    See https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
    """

    __slots__ = ("__dict__", "_event_dict", "context")

    def __init__(self, event_dict: dict[str, Any], context: Any) -> None:
        self._event_dict = event_dict
        self.context = context

    def __iter__(self) -> Iterator[SQSRecord]:
        context = self.context
        for message in self._event_dict["Records"]:
            record = _BatchRecord()
            record._event_dict = message
            record.context = context
            record.body = message["body"]
            record.receipt_handle = message["receiptHandle"]
            yield record

    def to_dict(self) -> dict[str, Any]:
        """Return the event as Lambda passed it."""
        return self._event_dict

    def item(self, record: SQSRecord) -> AbstractContextManager[SQSRecord, bool]:  # noqa: ARG002 - `report` replaces it
        """Begin the work on a record: ``with event.item(record):``.

        An exception in there fails this record and no other.  It takes the option
        ``report_batch_item_failures=True``.

        Raises:
            BatchError: The declaration lacks the option, or the record is none of this event.
        """
        import chalice.batch

        chalice.batch.without_option("on_sqs_message")


def _outline(event_dict: Any) -> Iterator[tuple[Any, str, str | None]]:
    """Yield each message with its id; those of a FIFO queue share a lane, for they have an order."""
    for message in event_dict["Records"]:
        lane = "queue" if message["eventSourceARN"].endswith(".fifo") else None
        yield message, message["messageId"], lane


class _Queues(EventSource):
    """The family; messages of a FIFO queue that follow a failed one come again, too."""

    def prepare(self, handler: EventHandler, options: dict[str, Any]) -> None:
        """Let the handler report failures when that was asked for."""
        if options["report_batch_item_failures"]:
            import chalice.batch

            chalice.batch.report(handler, _outline, rest=True)


@_Queues.of(source="sqs", event=SQSEvent)
def on_sqs_message(
    queue: str | None = None,
    batch_size: int = 1,
    name: str | None = None,
    queue_arn: str | None = None,
    maximum_batching_window_in_seconds: int = 0,
    maximum_concurrency: int | None = None,
    report_batch_item_failures: bool = False,
    filter_patterns: list[dict[str, Any]] | None = None,
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
        report_batch_item_failures: Exceptions within ``with event.item(record):`` fail that message alone,
            and only such messages are delivered again; see `chalice.batch`.
        filter_patterns: Only messages that fit one of these patterns arrive; Lambda deletes the others.

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
        "filter_patterns": filter_patterns,
    }
