"""moto's Kinesis and DynamoDB streams, as the pollers see them."""

from __future__ import annotations

import base64
import json
import threading
from datetime import timezone
from typing import TYPE_CHECKING, Any

from moto.dynamodb.models import dynamodb_backends
from moto.kinesis.models import kinesis_backends

from chalice_local import Position, Shard, StreamRecord
from chalice_localaws.embedded.account import find_function

if TYPE_CHECKING:
    from collections.abc import Sequence

    from moto.dynamodb.models.table import StreamShard, Table
    from moto.kinesis.models import Record, Stream

__all__ = ["DynamoDBSource", "KinesisSource", "added", "dynamodb_table", "kinesis_stream"]

_added = threading.Condition()


def added() -> None:
    """Tell whoever waits that some stream has a new record."""
    with _added:
        _added.notify_all()


def kinesis_stream(arn: str) -> Stream | None:
    """Return moto's Kinesis stream; ``None`` when there is none."""
    region, account, name = _parts(arn)
    stream: Stream | None = kinesis_backends[account][region].streams.get(name.partition("/")[2])
    return stream


def dynamodb_table(arn: str) -> Table | None:
    """Return the table whose latest stream has this ARN; ``None`` when there is none."""
    region, account, name = _parts(arn)
    table: Table | None = dynamodb_backends[account][region].tables.get(name.split("/")[1])
    if table is None or not table.latest_stream_label or not arn.endswith(f"/{table.latest_stream_label}"):
        return None
    return table


class _Source:
    def wait(self, seconds: float) -> None:
        """Wait for a record of any stream."""
        with _added:
            _added.wait(min(seconds, 0.2))


class KinesisSource(_Source):
    """A Kinesis stream.

    Args:
        arn: of the stream.
        function_arn: of the function that gets the records.
    """

    def __init__(self, arn: str, function_arn: str) -> None:
        self._arn = arn
        self._function_arn = function_arn

    def shards(self) -> Sequence[Shard]:
        """Return all shards."""
        stream = kinesis_stream(self._arn)
        shards = [] if stream is None else list(stream.shards.values())
        return [
            Shard(
                shard_id=shard.shard_id,
                parents=tuple(name for name in (shard.parent, shard.adjacent_parent) if name),
                closed=not shard.is_open,
            )
            for shard in shards
        ]

    def start(self, shard_id: str, position: Position) -> int:
        """Return the cursor of the first record to read."""
        records = self._records(shard_id)
        if position.kind == "LATEST":
            return len(records)
        if position.kind == "AT_TIMESTAMP":
            return sum(record.created_at < position.timestamp for record in records)
        return 0

    def read(self, shard_id: str, cursor: int, limit: int) -> tuple[Sequence[StreamRecord], int]:
        """Return records and the cursor behind them."""
        found = self._records(shard_id)[cursor : cursor + limit]
        return [self._record(shard_id, record) for record in found], cursor + len(found)

    def _records(self, shard_id: str) -> list[Record]:
        stream = kinesis_stream(self._arn)
        shard = None if stream is None else stream.shards.get(shard_id)
        return [] if shard is None else list(shard.records.values())

    def _record(self, shard_id: str, record: Record) -> StreamRecord:
        function = find_function(self._function_arn)
        return StreamRecord(
            sequence_number=str(record.sequence_number),
            arrived=record.created_at,
            size=len(record.data) + len(record.partition_key) + 500,
            event={
                "kinesis": {
                    "kinesisSchemaVersion": "1.0",
                    "partitionKey": record.partition_key,
                    "sequenceNumber": str(record.sequence_number),
                    "data": record.data,
                    "approximateArrivalTimestamp": round(record.created_at, 3),
                },
                "eventSource": "aws:kinesis",
                "eventVersion": "1.0",
                "eventID": f"{shard_id}:{record.sequence_number}",
                "eventName": "aws:kinesis:record",
                "invokeIdentityArn": "" if function is None else function.role,
                "awsRegion": _parts(self._arn)[0],
                "eventSourceARN": self._arn,
            },
        )


class DynamoDBSource(_Source):
    """The stream of a DynamoDB table. moto's have one shard each.

    Args:
        arn: of the stream.
    """

    def __init__(self, arn: str) -> None:
        self._arn = arn

    def shards(self) -> Sequence[Shard]:
        """Return the shard."""
        shard = self._shard()
        return [] if shard is None else [Shard(shard_id=shard.id)]

    def start(self, shard_id: str, position: Position) -> int:  # noqa: ARG002 - there is one shard
        """Return the cursor of the first record to read."""
        shard = self._shard()
        return len(shard.items) if shard is not None and position.kind == "LATEST" else 0

    def read(self, shard_id: str, cursor: int, limit: int) -> tuple[Sequence[StreamRecord], int]:  # noqa: ARG002
        """Return records and the cursor behind them."""
        shard = self._shard()
        found = [] if shard is None else shard.items[cursor : cursor + limit]
        return [self._record(item.to_json()) for item in found], cursor + len(found)

    def _shard(self) -> StreamShard | None:
        table = dynamodb_table(self._arn)
        return None if table is None else table.stream_shard

    def _record(self, record: dict[str, Any]) -> StreamRecord:
        change = dict(record["dynamodb"])
        arrived = change["ApproximateCreationDateTime"].replace(tzinfo=timezone.utc).timestamp()
        change["ApproximateCreationDateTime"] = int(arrived)
        event = {
            **record,
            "eventVersion": "1.1",
            # moto says us-east-1 wherever the table is.
            "awsRegion": _parts(self._arn)[0],
            "dynamodb": change,
            "eventSourceARN": self._arn,
        }
        event = json.loads(json.dumps(event, default=_binary))
        return StreamRecord(
            sequence_number=change["SequenceNumber"],
            arrived=arrived,
            size=change["SizeBytes"] + 500,
            event=event,
        )


def _binary(value: object) -> str:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    raise TypeError(f"{type(value).__name__} is no value of an item")


def _parts(arn: str) -> tuple[str, str, str]:
    """Return region, account and the resource, ``stream/name`` or ``table/name/stream/label``."""
    _, _, _, region, account, resource = arn.split(":", 5)
    return region, account, resource
