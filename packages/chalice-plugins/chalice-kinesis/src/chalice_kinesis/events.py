"""Kinesis in Lambda: the decorator ``on_kinesis_record``, and the records that a function is given."""

from __future__ import annotations

from binascii import a2b_base64

from chalice.extensions import EventSource

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from typing import Any

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


@EventSource.of(source="kinesis", event=KinesisEvent)
def on_kinesis_record(
    stream: str,
    batch_size: int = 100,
    starting_position: str = "LATEST",
    name: str | None = None,
    maximum_batching_window_in_seconds: int = 0,
) -> dict[str, Any]:
    """Call a function with records of a Kinesis data stream.

    What Kinesis and Lambda allow is for the tools to check: they report every mistake at once.

    Args:
        stream: Name of a stream of the same account and region.
        batch_size: How many records a call gets at most.
        starting_position: ``LATEST``, what comes from now on, or ``TRIM_HORIZON``, all that is still there.
        name: Logical name of the function, by default its own.
        maximum_batching_window_in_seconds: How long Lambda may wait for a batch to fill.

    See https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-create.html
    """
    return {
        "name": name,
        "stream": stream,
        "batch_size": batch_size,
        "starting_position": starting_position,
        "maximum_batching_window_in_seconds": maximum_batching_window_in_seconds,
    }
