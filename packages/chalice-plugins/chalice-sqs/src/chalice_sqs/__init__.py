"""Amazon SQS as an event source of Chalice applications."""

from chalice_sqs.events import SQSEvent, SQSRecord, on_sqs_message

__all__ = ["SQSEvent", "SQSRecord", "on_sqs_message"]
