"""Kinesis in Lambda: the decorator ``on_kinesis_record``, and the records that a function is given."""

from __future__ import annotations

from binascii import a2b_base64

from chalice.extensions import EventSource

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager
    from datetime import datetime
    from typing import Any

    from chalice.extensions import EventHandler

__all__ = ["KinesisEvent", "KinesisRecord", "on_kinesis_record"]


class KinesisRecord:
    """One record of a stream.

    Args:
        event_dict: The record as Lambda passes it.
        context: The Lambda context.

    Attributes:
        context: See above.
        data: What the producer put in.
        sequence_number: Place of the record within its shard, in decimal digits.
        partition_key: What decides about the shard.
        schema_version: Version of the record's form, ``1.0``.

    Raises:
        KeyError: The record is none of Kinesis'; the exception names what is missing.
        binascii.Error: The data is not Base64.
    """

    # Slots are cheaper than a dictionary for each record, which is made only when something is added.
    __slots__ = (
        "__dict__",
        "_event_dict",
        "context",
        "data",
        "partition_key",
        "schema_version",
        "sequence_number",
    )

    def __init__(self, event_dict: dict[str, Any], context: Any) -> None:
        self._event_dict = event_dict
        self.context = context
        kinesis = event_dict["kinesis"]
        self.data = a2b_base64(kinesis["data"])
        self.sequence_number: str = kinesis["sequenceNumber"]
        self.partition_key: str = kinesis["partitionKey"]
        self.schema_version: str = kinesis["kinesisSchemaVersion"]

    @property
    def timestamp(self) -> datetime:
        """When Kinesis received the record, about: UTC, without a time zone, to the microsecond.

        Made when it is asked for: most handlers never do, and ``datetime`` is loaded for it.
        """
        from datetime import datetime, timezone

        seconds = self._event_dict["kinesis"]["approximateArrivalTimestamp"]
        return datetime.fromtimestamp(seconds, timezone.utc).replace(tzinfo=None)

    def to_dict(self) -> dict[str, Any]:
        """Return the record as Lambda passed it: event id, stream ARN, and the data as Base64."""
        return self._event_dict


class KinesisEvent:
    """A batch of records of one shard; iterate over it, as often as you like, for each `KinesisRecord`.

    Args:
        event_dict: The event as Lambda passes it.
        context: The Lambda context.

    Attributes:
        context: See above.

    See https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html
    """

    __slots__ = ("__dict__", "_event_dict", "context")

    def __init__(self, event_dict: dict[str, Any], context: Any) -> None:
        self._event_dict = event_dict
        self.context = context

    def __iter__(self) -> Iterator[KinesisRecord]:
        context = self.context
        for record in self._event_dict["Records"]:
            yield KinesisRecord(record, context)

    def to_dict(self) -> dict[str, Any]:
        """Return the event as Lambda passed it."""
        return self._event_dict

    def item(self, record: KinesisRecord) -> AbstractContextManager[KinesisRecord, bool]:  # noqa: ARG002 - `report` replaces it
        """Begin the work on a record: ``with event.item(record):``.

        An exception in there fails this record and no other.  It takes the option
        ``report_batch_item_failures=True``.

        Raises:
            BatchError: The declaration lacks the option, or the record is none of this event.
        """
        import chalice.batch

        chalice.batch.without_option("on_kinesis_record")


def _outline(event_dict: Any) -> Iterator[tuple[Any, str, str]]:
    """Yield each record with its sequence number; all are of one shard, and so in one lane."""
    for record in event_dict["Records"]:
        yield record, record["kinesis"]["sequenceNumber"], "shard"


class _Streams(EventSource):
    """The family; Lambda reads on from the first record that failed."""

    def prepare(self, handler: EventHandler, options: dict[str, Any]) -> None:
        """Let the handler report failures when that was asked for."""
        if options["report_batch_item_failures"]:
            import chalice.batch

            chalice.batch.report(handler, _outline)


@_Streams.of(source="kinesis", event=KinesisEvent)
def on_kinesis_record(
    stream: str,
    batch_size: int = 100,
    starting_position: str = "LATEST",
    name: str | None = None,
    maximum_batching_window_in_seconds: int = 0,
    report_batch_item_failures: bool = False,
    filter_patterns: list[dict[str, Any]] | None = None,
    on_failure: str | None = None,
    maximum_retry_attempts: int | None = None,
    maximum_record_age_in_seconds: int | None = None,
    bisect_batch_on_function_error: bool = False,
    parallelization_factor: int | None = None,
    tumbling_window_in_seconds: int | None = None,
    starting_position_timestamp: datetime | str | float | None = None,
) -> dict[str, Any]:
    """Call a function with records of a Kinesis data stream.

    What Kinesis and Lambda allow is for the tools to check: they report every mistake at once.

    Args:
        stream: Name of a stream of the same account and region; the ARN of one; or the ARN of one of its
            consumers, which reads with a throughput of its own (enhanced fan-out).
        batch_size: How many records a call gets at most.
        starting_position: ``LATEST``, what comes from now on; ``TRIM_HORIZON``, all that is still there; or
            ``AT_TIMESTAMP``, what came since a certain time.
        name: Logical name of the function, by default its own.
        maximum_batching_window_in_seconds: How long Lambda may wait for a batch to fill.
        report_batch_item_failures: Exceptions within ``with event.item(record):`` fail that record alone,
            and reading goes on from the first that failed; see `chalice.batch`.
        filter_patterns: Only records that fit one of these patterns arrive.
        on_failure: ARN of the SQS queue, SNS topic or S3 bucket that is told of batches that were given up.
        maximum_retry_attempts: How often Lambda tries a batch again; -1 for as long as it is kept.
        maximum_record_age_in_seconds: How old a record may be; -1 for any age.
        bisect_batch_on_function_error: A batch that failed is cut in two and tried again.
        parallelization_factor: How many batches of a shard are handled at the same time.
        tumbling_window_in_seconds: Length of windows with a state that is handed from call to call.
        starting_position_timestamp: With ``AT_TIMESTAMP``, where to start: a datetime with a time zone, text
            as ISO 8601 writes it, or seconds since 1970.

    See https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-create.html
    """
    if starting_position_timestamp is not None and hasattr(starting_position_timestamp, "isoformat"):
        starting_position_timestamp = starting_position_timestamp.isoformat()
    return {
        "name": name,
        "stream": stream,
        "batch_size": batch_size,
        "starting_position": starting_position,
        "maximum_batching_window_in_seconds": maximum_batching_window_in_seconds,
        "report_batch_item_failures": report_batch_item_failures,
        "filter_patterns": filter_patterns,
        "on_failure": on_failure,
        "maximum_retry_attempts": maximum_retry_attempts,
        "maximum_record_age_in_seconds": maximum_record_age_in_seconds,
        "bisect_batch_on_function_error": bisect_batch_on_function_error,
        "parallelization_factor": parallelization_factor,
        "tumbling_window_in_seconds": tumbling_window_in_seconds,
        "starting_position_timestamp": starting_position_timestamp,
    }
