"""The events of services that push: SNS, S3 and EventBridge, in AWS's shapes.

https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html,
https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html and
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-events-structure.html
"""

from __future__ import annotations

import base64
import itertools
import uuid
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any
from urllib.parse import quote_plus

from chalice_local.destinations import timestamp

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["ObjectEvent", "s3_event", "scheduled_event", "sns_event"]

# SNS signs with a key of its own, and there is none here.
_SIGNATURE = base64.b64encode(b"not signed on this machine").decode()
_sequencers = itertools.count(int(datetime.now(timezone.utc).timestamp() * 1_000_000))


def sns_event(
    *,
    subscription_arn: str,
    message_id: str,
    message: str,
    subject: str | None,
    attributes: Mapping[str, Mapping[str, str]],
) -> dict[str, Any]:
    """Return the event of one message of a topic.

    Args:
        subscription_arn: the topic's ARN is the part of it before the last colon.
        message_id: as ``Publish`` returned it.
        message: the text.
        subject: ``None`` when it was published without one.
        attributes: by name, with ``Type`` and ``Value``.
    """
    topic_arn = subscription_arn.rpartition(":")[0]
    host = f"sns.{topic_arn.split(':')[3]}.amazonaws.com"
    return {
        "Records": [
            {
                "EventSource": "aws:sns",
                "EventVersion": "1.0",
                "EventSubscriptionArn": subscription_arn,
                "Sns": {
                    "Type": "Notification",
                    "MessageId": message_id,
                    "TopicArn": topic_arn,
                    "Subject": subject,
                    "Message": message,
                    "Timestamp": timestamp(datetime.now(timezone.utc)),
                    "SignatureVersion": "1",
                    "Signature": _SIGNATURE,
                    "SigningCertUrl": f"https://{host}/SimpleNotificationService.pem",
                    "UnsubscribeUrl": f"https://{host}/?Action=Unsubscribe&SubscriptionArn={subscription_arn}",
                    "MessageAttributes": {name: dict(attribute) for name, attribute in attributes.items()},
                },
            }
        ]
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectEvent:
    """What happened to an object of a bucket.

    Attributes:
        name: of the event, without the ``s3:`` of notification configurations: ``ObjectCreated:Put``.
        bucket: its name.
        region: of the bucket.
        account_id: of its owner.
        key: as it is; the event has it encoded as in a form.
        configuration_id: of the notification.
        size: in bytes; ``None`` when the object is gone.
        etag: without quotes; ``None`` when the object is gone.
        version_id: ``None`` in a bucket without versions.
    """

    name: str
    bucket: str
    region: str
    account_id: str
    key: str
    configuration_id: str
    size: int | None = None
    etag: str | None = None
    version_id: str | None = None


def s3_event(happened: ObjectEvent) -> dict[str, Any]:
    """Return the event of one change of an object."""
    stored = {
        "key": quote_plus(happened.key, safe="/"),
        "size": happened.size,
        "eTag": happened.etag,
        "versionId": happened.version_id,
        # Grows with each change, so that the events of one key can be put into order.
        "sequencer": f"{next(_sequencers):018X}",
    }
    return {
        "Records": [
            {
                "eventVersion": "2.1",
                "eventSource": "aws:s3",
                "awsRegion": happened.region,
                "eventTime": timestamp(datetime.now(timezone.utc)),
                "eventName": happened.name,
                "userIdentity": {"principalId": f"AWS:{happened.account_id}"},
                "requestParameters": {"sourceIPAddress": "127.0.0.1"},
                "responseElements": {
                    "x-amz-request-id": uuid.uuid4().hex[:16].upper(),
                    "x-amz-id-2": base64.b64encode(uuid.uuid4().bytes * 3).decode(),
                },
                "s3": {
                    "s3SchemaVersion": "1.0",
                    "configurationId": happened.configuration_id,
                    "bucket": {
                        "name": happened.bucket,
                        "ownerIdentity": {"principalId": happened.account_id},
                        "arn": f"arn:aws:s3:::{happened.bucket}",
                    },
                    "object": {name: value for name, value in stored.items() if value is not None},
                },
            }
        ]
    }


def scheduled_event(*, rule_arn: str, when: datetime) -> dict[str, Any]:
    """Return the event of a rule with a schedule.

    Args:
        rule_arn: of the rule.
        when: it was due, in UTC.
    """
    _, _, _, region, account, _ = rule_arn.split(":", 5)
    return {
        "version": "0",
        "id": str(uuid.uuid4()),
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": account,
        "time": when.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "region": region,
        "resources": [rule_arn],
        "detail": {},
    }
