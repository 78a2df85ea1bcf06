"""An SNS event as Lambda delivers it, made up for tests.

Shape: "Invoking Lambda functions with Amazon SNS notifications", AWS Lambda Developer Guide.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

REGION = "us-west-2"
ACCOUNT = "123456789012"
TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT}:TopicName"
SUBSCRIPTION = f"{TOPIC}:21be56ed-a058-49f5-8c98-aedd2564c486"
# Tests written for aws/chalice 1.x get what they got there when they ask for no attributes.
_ATTRIBUTES = {"AttributeKey": {"Type": "String", "Value": "AttributeValue"}}


def generate_sns_event(
    message: str, subject: str = "", message_attributes: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Return the event that carries one message; the same arguments give the same event.

    Args:
        message: Its text.
        subject: Its subject.
        message_attributes: Name of each attribute to ``{"Type": …, "Value": …}``.  None makes one attribute
            up, so that code which reads attributes finds some; an empty mapping makes none.
    """
    identity = str(uuid.uuid5(uuid.NAMESPACE_URL, f"sns:{subject}:{message}"))
    return {
        "Records": [
            {
                "EventSource": "aws:sns",
                "EventVersion": "1.0",
                "EventSubscriptionArn": SUBSCRIPTION,
                "Sns": {
                    "Type": "Notification",
                    "MessageId": identity,
                    "TopicArn": TOPIC,
                    "Subject": subject,
                    "Message": message,
                    "Timestamp": "2023-11-14T22:13:20.000Z",
                    "SignatureVersion": "1",
                    # Nobody signed it.
                    "Signature": "EXAMPLE",
                    "SigningCertUrl": f"https://sns.{REGION}.amazonaws.com/SimpleNotificationService.pem",
                    "UnsubscribeUrl": (
                        f"https://sns.{REGION}.amazonaws.com/?Action=Unsubscribe&SubscriptionArn={SUBSCRIPTION}"
                    ),
                    "MessageAttributes": dict(
                        _ATTRIBUTES if message_attributes is None else message_attributes
                    ),
                },
            }
        ]
    }
