"""An S3 event as Lambda delivers it, made up for tests.

Shape: "Event message structure", Amazon S3 User Guide.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote_plus

REGION = "us-west-2"
# What S3 itself never writes as an escape; "%" and "+" are the escapes of a key that is one already.
_LEFT_ALONE = "/*%+"


def generate_s3_event(bucket: str, key: str, event_name: str = "ObjectCreated:Put") -> dict[str, Any]:
    """Return the event that tells of one object; the same arguments give the same event.

    Args:
        bucket: Name of the bucket.
        key: Key of the object as S3 writes it into events: ``+`` is a space, and ``%2B`` a plus sign.  What
            S3 would escape and is not escaped yet, such as spaces and letters beyond ASCII, is escaped here.
        event_name: Type of the event, without ``s3:``.
    """
    return {
        "Records": [
            {
                "eventVersion": "2.1",
                "eventSource": "aws:s3",
                "awsRegion": REGION,
                "eventTime": "2023-11-14T22:13:20.000Z",
                "eventName": event_name,
                "userIdentity": {"principalId": "AWS:AIDAEXAMPLEUSERIDENT"},
                "requestParameters": {"sourceIPAddress": "192.0.2.1"},
                "responseElements": {
                    "x-amz-request-id": "C3D13FE58DE4C810",
                    "x-amz-id-2": "FMyUVURIY8/IgAtTv8xRjskZQpcIZ9KG4V5Wp6S7S/JRWeUWerMUE5JgHvANOjpD",
                },
                "s3": {
                    "s3SchemaVersion": "1.0",
                    "configurationId": "notifications-of-the-function",
                    "bucket": {
                        "name": bucket,
                        "ownerIdentity": {"principalId": "A3NL1KOZZKEXAMPLE"},
                        "arn": f"arn:aws:s3:::{bucket}",
                    },
                    "object": {
                        "key": quote_plus(key, safe=_LEFT_ALONE),
                        "size": 1024,
                        "eTag": "d41d8cd98f00b204e9800998ecf8427e",
                        "sequencer": "0055AED6DCD90281E5",
                    },
                },
            }
        ]
    }
