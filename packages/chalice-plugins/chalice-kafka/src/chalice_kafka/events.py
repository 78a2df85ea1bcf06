"""Kafka in Lambda: the decorator ``on_kafka_message``, and the records that a function is given."""

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

__all__ = ["KafkaEvent", "KafkaRecord", "on_kafka_message"]


class KafkaRecord:
    """One record of a topic.

    Args:
        event_dict: The record as Lambda passes it.
        context: The Lambda context.

    Attributes:
        context: See above.
        topic: Its name.
        partition: Number of the partition.
        offset: Place of the record in its partition.
        key: What decides about the partition; None for a record without one.
        value: What the producer put in; None for a record that says that its key is deleted.

    Raises:
        KeyError: The record is none of Kafka's; the exception names what is missing.
        binascii.Error: Key or value is not Base64.
    """

    # Slots are cheaper than a dictionary for each record, which is made only when something is added.
    __slots__ = ("__dict__", "_event_dict", "context", "key", "offset", "partition", "topic", "value")

    def __init__(self, event_dict: dict[str, Any], context: Any) -> None:
        self._event_dict = event_dict
        self.context = context
        self.topic: str = event_dict["topic"]
        self.partition: int = event_dict["partition"]
        self.offset: int = event_dict["offset"]
        key, value = event_dict.get("key"), event_dict.get("value")
        self.key = None if key is None else a2b_base64(key)
        self.value = None if value is None else a2b_base64(value)

    @property
    def headers(self) -> list[tuple[str, bytes]]:
        """The record's headers in their order; a name may be there more than once."""
        return [
            # Bytes as Java counts them, from -128 to 127.
            (name, bytes(number & 255 for number in value))
            for header in self._event_dict.get("headers") or ()
            for name, value in header.items()
        ]

    @property
    def timestamp(self) -> datetime:
        """When the record was made, or appended to the topic: UTC, without a time zone, to the millisecond.

        Made when it is asked for: most handlers never do, and ``datetime`` is loaded for it.
        """
        from datetime import datetime, timezone

        seconds = self._event_dict["timestamp"] / 1000
        return datetime.fromtimestamp(seconds, timezone.utc).replace(tzinfo=None)

    def to_dict(self) -> dict[str, Any]:
        """Return the record as Lambda passed it: its type of timestamp, and key and value as Base64."""
        return self._event_dict


class KafkaEvent:
    """A batch of records; iterate over it, as often as you like, for each `KafkaRecord`.

    Records of one partition are in their order, one partition after the other.

    Args:
        event_dict: The event as Lambda passes it.
        context: The Lambda context.

    Attributes:
        context: See above.

    See https://docs.aws.amazon.com/lambda/latest/dg/with-msk.html and
    https://docs.aws.amazon.com/lambda/latest/dg/with-kafka.html
    """

    __slots__ = ("__dict__", "_event_dict", "context")

    def __init__(self, event_dict: dict[str, Any], context: Any) -> None:
        self._event_dict = event_dict
        self.context = context

    def __iter__(self) -> Iterator[KafkaRecord]:
        context = self.context
        for records in self._event_dict["records"].values():
            for record in records:
                yield KafkaRecord(record, context)

    def to_dict(self) -> dict[str, Any]:
        """Return the event as Lambda passed it: the cluster's ARN and its bootstrap servers."""
        return self._event_dict

    def item(self, record: KafkaRecord) -> AbstractContextManager[KafkaRecord, bool]:  # noqa: ARG002 - `report` replaces it
        """Begin the work on a record: ``with event.item(record):``.

        An exception in there fails this record and no other.  It takes the option
        ``report_batch_item_failures=True``.

        Raises:
            BatchError: The declaration lacks the option, or the record is none of this event.
        """
        import chalice.batch

        chalice.batch.without_option("on_kafka_message")


def _outline(event_dict: Any) -> Iterator[tuple[Any, dict[str, Any], str]]:
    """Yield each record with its partition and offset; a partition is a lane."""
    for partition, records in event_dict["records"].items():
        for record in records:
            yield record, {"partition": partition, "offset": record["offset"]}, partition


class _Topics(EventSource):
    """The family; Lambda reads a partition on from the first record that failed."""

    def prepare(self, handler: EventHandler, options: dict[str, Any]) -> None:
        """Let the handler report failures when that was asked for."""
        if options["report_batch_item_failures"]:
            import chalice.batch

            chalice.batch.report(handler, _outline)


@_Topics.of(source="kafka", event=KafkaEvent)
def on_kafka_message(
    topic: str,
    cluster_arn: str | None = None,
    bootstrap_servers: list[str] | None = None,
    batch_size: int = 100,
    starting_position: str = "LATEST",
    name: str | None = None,
    maximum_batching_window_in_seconds: int = 0,
    consumer_group: str | None = None,
    authentication: str | None = None,
    secret_arn: str | None = None,
    server_root_ca_certificate_arn: str | None = None,
    subnet_ids: list[str] | None = None,
    security_group_ids: list[str] | None = None,
    starting_position_timestamp: datetime | str | float | None = None,
    report_batch_item_failures: bool = False,
    filter_patterns: list[dict[str, Any]] | None = None,
    on_failure: str | None = None,
    maximum_retry_attempts: int | None = None,
    maximum_record_age_in_seconds: int | None = None,
    bisect_batch_on_function_error: bool = False,
    minimum_pollers: int | None = None,
    maximum_pollers: int | None = None,
) -> dict[str, Any]:
    """Call a function with records of a Kafka topic.

    What Kafka and Lambda allow is for the tools to check: they report every mistake at once.

    Args:
        topic: Name of the topic.
        cluster_arn: ARN of an Amazon MSK cluster; or give ``bootstrap_servers``.
        bootstrap_servers: Brokers of a cluster of one's own, each ``host:port``.
        batch_size: How many records a call gets at most.
        starting_position: ``LATEST``, what comes from now on; ``TRIM_HORIZON``, all that is still there; or
            ``AT_TIMESTAMP``, what came since a certain time.
        name: Logical name of the function, by default its own.
        maximum_batching_window_in_seconds: How long Lambda may wait for a batch to fill.
        consumer_group: The consumer group to join; None lets Lambda make one up.
        authentication: How Lambda proves who it is: ``IAM_AUTH`` (MSK), ``SASL_SCRAM_512_AUTH``,
            ``CLIENT_CERTIFICATE_TLS_AUTH``, ``SASL_SCRAM_256_AUTH`` and ``BASIC_AUTH`` (both for clusters of
            one's own); None for clusters that ask nobody.
        secret_arn: The Secrets Manager secret with user and password, or certificate and key.
        server_root_ca_certificate_arn: A secret with the certificate that signed those of the brokers, for
            clusters of one's own.
        subnet_ids: From where a cluster of one's own is reached.
        security_group_ids: The same.
        starting_position_timestamp: With ``AT_TIMESTAMP``, where to start: a datetime with a time zone, text
            as ISO 8601 writes it, or seconds since 1970.
        report_batch_item_failures: Exceptions within ``with event.item(record):`` fail that record alone,
            and its partition is read on from there; see `chalice.batch`.
        filter_patterns: Only records that fit one of these patterns arrive.
        on_failure: ARN of the SQS queue, SNS topic or S3 bucket that is told of batches that were given up.
        maximum_retry_attempts: How often Lambda tries a batch again; -1 for as long as it is kept.
        maximum_record_age_in_seconds: How old a record may be; -1 for any age.
        bisect_batch_on_function_error: A batch that failed is cut in two and tried again.
        minimum_pollers: With this or ``maximum_pollers`` the mapping has pollers of its own, which AWS
            charges for (provisioned mode); Lambda asks for that before it retries, bisects and takes reports.
        maximum_pollers: See above.

    Raises:
        ValueError: Neither a cluster nor servers are given, or both.

    See https://docs.aws.amazon.com/lambda/latest/dg/with-kafka-configure.html
    """
    if (cluster_arn is None) == (bootstrap_servers is None):
        raise ValueError(
            "on_kafka_message needs either an MSK cluster (cluster_arn=) or the brokers of another "
            "(bootstrap_servers=)."
        )
    if starting_position_timestamp is not None and hasattr(starting_position_timestamp, "isoformat"):
        starting_position_timestamp = starting_position_timestamp.isoformat()
    return {
        "name": name,
        "topic": topic,
        "cluster_arn": cluster_arn,
        "bootstrap_servers": bootstrap_servers,
        "batch_size": batch_size,
        "starting_position": starting_position,
        "maximum_batching_window_in_seconds": maximum_batching_window_in_seconds,
        "consumer_group": consumer_group,
        "authentication": authentication,
        "secret_arn": secret_arn,
        "server_root_ca_certificate_arn": server_root_ca_certificate_arn,
        "subnet_ids": subnet_ids,
        "security_group_ids": security_group_ids,
        "starting_position_timestamp": starting_position_timestamp,
        "report_batch_item_failures": report_batch_item_failures,
        "filter_patterns": filter_patterns,
        "on_failure": on_failure,
        "maximum_retry_attempts": maximum_retry_attempts,
        "maximum_record_age_in_seconds": maximum_record_age_in_seconds,
        "bisect_batch_on_function_error": bisect_batch_on_function_error,
        "minimum_pollers": minimum_pollers,
        "maximum_pollers": maximum_pollers,
    }
