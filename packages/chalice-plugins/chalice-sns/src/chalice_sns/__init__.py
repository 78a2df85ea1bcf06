"""Amazon SNS as an event source of Chalice applications."""

from chalice_sns.events import SNSEvent, on_sns_message

__all__ = ["SNSEvent", "on_sns_message"]
