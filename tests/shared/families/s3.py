"""chalice-s3."""

from __future__ import annotations

from chalice_core.testing.contracts import Example
from chalice_core.testing.examples import Clients
from families.common import ASYNCHRONOUS, ASYNCHRONOUS_MISTAKES, make_failed, mistakes

KEY = "in/zwei ✓.csv"


def make_bucket(clients: Clients) -> None:
    make_failed(clients)
    clients("s3").create_bucket(Bucket="photos")


def remove_object(clients: Clients) -> None:
    clients("s3").put_object(Bucket="photos", Key=KEY, Body=b"1,2")
    clients("s3").delete_object(Bucket="photos", Key=KEY)


EXAMPLES = {
    "on_s3_event": Example(
        given={
            "bucket": "photos",
            "events": ["s3:ObjectRemoved:*"],
            "prefix": "in/",
            "suffix": ".csv",
            **ASYNCHRONOUS,
        },
        event=("generate_s3_event", {"bucket": "photos", "key": KEY}),
        body="[event.bucket, event.key]",
        answer=["photos", KEY],
        sample={"key": KEY},
        mistakes={
            "'arn:aws:s3:::photos'": "Its name seems to be 'photos'",
            **mistakes("'photos'", {"events=['s3:ObjectCreate:*']": "did you mean"}, ASYNCHRONOUS_MISTAKES),
        },
        prepare=make_bucket,
        send=remove_object,
    )
}
