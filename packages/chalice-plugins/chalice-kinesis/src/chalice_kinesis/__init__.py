"""Amazon Kinesis Data Streams as an event source of Chalice applications."""

from chalice_kinesis.events import KinesisEvent, KinesisRecord, on_kinesis_record

__all__ = ["KinesisEvent", "KinesisRecord", "on_kinesis_record"]
