"""Kinesis and DynamoDB streams: records wait for the pollers, and shards split and merge in order."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING, Any

from moto.dynamodb.models.table import StreamShard, Table
from moto.kinesis.models import Stream

from chalice_localaws.embedded.streams import added
from chalice_localaws.moto_patches.patching import Patch

if TYPE_CHECKING:
    from collections.abc import Callable

    from moto.dynamodb.models.dynamo_type import Item
    from moto.kinesis.models import Shard

    from chalice_localaws.moto_patches.patching import Plane

__all__ = ["PATCHES"]

# One for all streams: what it guards takes no time.
_lock = threading.RLock()


def _put_record(original: Callable[..., Any], plane: Plane) -> Callable[..., Any]:  # noqa: ARG001 - pollers read
    def put_record(self: Stream, partition_key: str, explicit_hash_key: str, data: str) -> tuple[str, str]:
        with _lock:
            self.lambda_event_source_mappings.clear()
            put: tuple[str, str] = original(self, partition_key, explicit_hash_key, data)
        added()
        return put

    return put_record


def _shard_for_key(original: Callable[..., Any], plane: Plane) -> Callable[..., Any]:  # noqa: ARG001 - nothing runs
    def get_shard_for_key(self: Stream, partition_key: str, explicit_hash_key: str) -> Shard | None:
        everything = self.shards
        try:
            self.shards = {name: shard for name, shard in everything.items() if shard.is_open}
            found: Shard | None = original(self, partition_key, explicit_hash_key)
        finally:
            self.shards = everything
        return found

    return get_shard_for_key


def _reshard(original: Callable[..., Any], plane: Plane) -> Callable[..., Any]:  # noqa: ARG001 - pollers read
    def reshard(self: Stream, first: str, second: str) -> None:
        with _lock:
            before = {name: OrderedDict(shard.records) for name, shard in self.shards.items()}
            original(self, first, second)
            for name, shard in self.shards.items():
                shard.records = before.get(name, OrderedDict())
        added()

    return reshard


def _add(original: Callable[..., Any], plane: Plane) -> Callable[..., Any]:  # noqa: ARG001 - pollers read
    def add(self: StreamShard, old: Item | None, new: Item | None) -> None:
        # "If you perform a PutItem or UpdateItem operation that does not change any data in an item, DynamoDB
        # Streams does not write a stream record for that operation."
        if old is not None and new is not None and old.to_json() == new.to_json():
            return
        with _lock:
            self.table.lambda_event_source_mappings.clear()
            original(self, old, new)
        added()

    return add


def _label(original: Callable[..., Any], plane: Plane) -> Callable[..., Any]:  # noqa: ARG001 - only a name
    def set_stream_specification(self: Table, streams: dict[str, Any] | None) -> None:
        original(self, streams)
        if self.latest_stream_label:
            # 2030-01-31T12:00:00.000
            self.latest_stream_label = self.latest_stream_label.partition(".")[0] + _milliseconds(
                self.latest_stream_label
            )

    return set_stream_specification


def _milliseconds(label: str) -> str:
    return f".{label.partition('.')[2][:3]:0<3}"


PATCHES = (
    Patch(
        owner=Stream,
        name="put_record",
        parameters="self, partition_key, explicit_hash_key, data",
        why="moto invokes functions inside put_record, once per record; and two threads get one number.",
        make=_put_record,
    ),
    Patch(
        owner=Stream,
        name="get_shard_for_key",
        parameters="self, partition_key, explicit_hash_key",
        why="moto goes on to put records into shards that were split or merged.",
        make=_shard_for_key,
    ),
    Patch(
        owner=Stream,
        name="split_shard",
        parameters="self, shard_to_split, new_starting_hash_key",
        why="moto puts the old records again, where they would be read a second time.",
        make=_reshard,
    ),
    Patch(
        owner=Stream,
        name="merge_shards",
        parameters="self, shard_to_merge, adjacent_shard_to_merge",
        why="moto puts the old records again, where they would be read a second time.",
        make=_reshard,
    ),
    Patch(
        owner=StreamShard,
        name="add",
        parameters="self, old, new",
        why="moto invokes functions inside put_item, each time with all records so far.",
        make=_add,
    ),
    Patch(
        owner=Table,
        name="set_stream_specification",
        parameters="self, streams",
        why="moto's labels of streams have microseconds, and those of AWS milliseconds.",
        make=_label,
    ),
)
