"""Amazon S3 as an event source of Chalice applications."""

from chalice_s3.events import S3Event, on_s3_event

__all__ = ["S3Event", "on_s3_event"]
