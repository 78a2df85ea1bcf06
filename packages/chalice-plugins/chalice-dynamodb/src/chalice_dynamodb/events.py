"""DynamoDB Streams in Lambda: the decorator ``on_dynamodb_record``, and what a function is told of items."""

from __future__ import annotations

from chalice.extensions import EventSource

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager
    from datetime import datetime
    from typing import Any

    from chalice.extensions import EventHandler

__all__ = ["DynamoDBEvent", "DynamoDBRecord", "on_dynamodb_record"]


class DynamoDBRecord:
    """One change of an item.

    Items are as DynamoDB writes them, ``{"name": {"S": "Ada"}}``.  What the stream's view leaves out is None.

    Args:
        event_dict: The record as Lambda passes it.
        context: The Lambda context.

    Attributes:
        context: See above.
        keys: The primary key of the item.
        new_image: The item afterwards.
        old_image: The item before.
        sequence_number: Place of the change in the stream, in decimal digits.
        size_bytes: Size of the record.
        stream_view_type: ``KEYS_ONLY``, ``NEW_IMAGE``, ``OLD_IMAGE`` or ``NEW_AND_OLD_IMAGES``.
        aws_region: Region of the table.
        event_id: Identifies the record.
        event_name: ``INSERT``, ``MODIFY`` or ``REMOVE``.
        event_source_arn: ARN of the stream.

    Raises:
        KeyError: The record is none of DynamoDB's; the exception names what is missing.

    See https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_Record.html
    """

    # Slots are cheaper than a dictionary for each record, which is made only when something is added.
    __slots__ = (
        "__dict__",
        "_event_dict",
        "aws_region",
        "context",
        "event_id",
        "event_name",
        "event_source_arn",
        "keys",
        "new_image",
        "old_image",
        "sequence_number",
        "size_bytes",
        "stream_view_type",
    )

    def __init__(self, event_dict: dict[str, Any], context: Any) -> None:
        self._event_dict = event_dict
        self.context = context
        change = event_dict["dynamodb"]
        self.keys: dict[str, Any] | None = change.get("Keys")
        self.new_image: dict[str, Any] | None = change.get("NewImage")
        self.old_image: dict[str, Any] | None = change.get("OldImage")
        self.sequence_number: str = change["SequenceNumber"]
        self.size_bytes: int = change["SizeBytes"]
        self.stream_view_type: str = change["StreamViewType"]
        self.aws_region: str = event_dict["awsRegion"]
        self.event_id: str = event_dict["eventID"]
        self.event_name: str = event_dict["eventName"]
        self.event_source_arn: str = event_dict["eventSourceARN"]

    @property
    def timestamp(self) -> datetime:
        """When the item changed, about: UTC, without a time zone.

        Made when it is asked for: most handlers never do, and ``datetime`` is loaded for it.
        """
        from datetime import datetime, timezone

        seconds = self._event_dict["dynamodb"]["ApproximateCreationDateTime"]
        return datetime.fromtimestamp(seconds, timezone.utc).replace(tzinfo=None)

    @property
    def table_name(self) -> str:
        """Name of the table, from the stream's ARN; empty when the ARN does not say."""
        # arn:aws:dynamodb:REGION:ACCOUNT:table/NAME/stream/LABEL, and colons are in the label as well.
        _, _, path = ":".join(self.event_source_arn.split(":", 5)[5:]).partition("/")
        return path.partition("/")[0]

    def to_dict(self) -> dict[str, Any]:
        """Return the record as Lambda passed it."""
        return self._event_dict


class DynamoDBEvent:
    """A batch of changes of one shard; iterate over it, as often as you like, for each `DynamoDBRecord`.

    Args:
        event_dict: The event as Lambda passes it.
        context: The Lambda context.

    Attributes:
        context: See above.

    See https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html
    """

    __slots__ = ("__dict__", "_event_dict", "context")

    def __init__(self, event_dict: dict[str, Any], context: Any) -> None:
        self._event_dict = event_dict
        self.context = context

    def __iter__(self) -> Iterator[DynamoDBRecord]:
        context = self.context
        for record in self._event_dict["Records"]:
            yield DynamoDBRecord(record, context)

    def to_dict(self) -> dict[str, Any]:
        """Return the event as Lambda passed it."""
        return self._event_dict

    def item(self, record: DynamoDBRecord) -> AbstractContextManager[DynamoDBRecord, bool]:  # noqa: ARG002 - `report` replaces it
        """Begin the work on a record: ``with event.item(record):``.

        An exception in there fails this record and no other.  It takes the option
        ``report_batch_item_failures=True``.

        Raises:
            BatchError: The declaration lacks the option, or the record is none of this event.
        """
        import chalice.batch

        chalice.batch.without_option("on_dynamodb_record")


def _outline(event_dict: Any) -> Iterator[tuple[Any, str, str]]:
    """Yield each record with its sequence number; all are of one shard, and so in one lane."""
    for record in event_dict["Records"]:
        yield record, record["dynamodb"]["SequenceNumber"], "shard"


class _Streams(EventSource):
    """The family; Lambda reads on from the first record that failed."""

    def prepare(self, handler: EventHandler, options: dict[str, Any]) -> None:
        """Let the handler report failures when that was asked for."""
        if options["report_batch_item_failures"]:
            import chalice.batch

            chalice.batch.report(handler, _outline)


@_Streams.of(source="dynamodb", event=DynamoDBEvent)
def on_dynamodb_record(
    stream_arn: str,
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
) -> dict[str, Any]:
    """Call a function with changes of a DynamoDB table, from the table's stream.

    What DynamoDB and Lambda allow is for the tools to check: they report every mistake at once.

    Args:
        stream_arn: ARN of the stream, ``arn:aws:dynamodb:REGION:ACCOUNT:table/NAME/stream/LABEL``.
        batch_size: How many records a call gets at most.
        starting_position: ``LATEST``, what comes from now on, or ``TRIM_HORIZON``, all that is still there.
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

    See https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-eventsourcemapping.html
    """
    return {
        "name": name,
        "stream_arn": stream_arn,
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
    }
