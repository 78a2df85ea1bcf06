"""S3 buckets that notify functions: what arrives, when, and what a notification must be."""

from __future__ import annotations

import time
import uuid
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

# What AWS does, and moto under it, is the same on every Python.
pytestmark = pytest.mark.one_python

if TYPE_CHECKING:
    from collections.abc import Callable

ECHO = """
import json

def handler(event, context):
    print("EVENT " + json.dumps(event))
"""


SLOW = """
import time
""" + ECHO.replace("    print", "    time.sleep(1)\n    print")


@pytest.fixture
def bucket(cloud: Any) -> str:
    name = f"b-{uuid.uuid4().hex[:8]}"
    cloud.client("s3").create_bucket(Bucket=name)
    return name


@pytest.fixture
def function(cloud: Any, bucket: str) -> str:
    arn: str = cloud.function(ECHO)
    cloud.permit(arn, "s3", f"arn:aws:s3:::{bucket}", SourceAccount="123456789012")
    return arn


def rule(function: str, *events: str, prefix: str = "", suffix: str = "") -> dict[str, Any]:
    parts = {"prefix": prefix, "suffix": suffix}
    rules = [{"Name": name, "Value": value} for name, value in parts.items() if value]
    filters = {"Filter": {"Key": {"FilterRules": rules}}} if rules else {}
    return {"LambdaFunctionArn": function, "Events": list(events or ("s3:ObjectCreated:*",)), **filters}


def notify(cloud: Any, bucket: str, *rules: dict[str, Any]) -> None:
    cloud.client("s3").put_bucket_notification_configuration(
        Bucket=bucket, NotificationConfiguration={"LambdaFunctionConfigurations": list(rules)}
    )


def heard(cloud: Any, function: str) -> list[tuple[str, str]]:
    records = [event["Records"][0] for event in cloud.logged_json(function)]
    return sorted((record["eventName"], record["s3"]["object"]["key"]) for record in records)


def test_a_new_object_arrives_with_all_that_aws_sends(
    cloud: Any, bucket: str, function: str, eventually: Callable[..., Any]
) -> None:
    notify(cloud, bucket, {**rule(function), "Id": "uploads"})

    put = cloud.client("s3").put_object(Bucket=bucket, Key="a folder/ä b+c.txt", Body=b"12345")

    [record] = eventually(lambda: cloud.logged_json(function))[0]["Records"]
    when = datetime.strptime(record.pop("eventTime"), "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=timezone.utc)
    assert abs(when.timestamp() - time.time()) < 60
    assert set(record.pop("responseElements")) == {"x-amz-request-id", "x-amz-id-2"}
    assert len(record["s3"]["object"].pop("sequencer")) == 18
    assert record == {
        "eventVersion": "2.1",
        "eventSource": "aws:s3",
        "awsRegion": "us-east-1",
        "eventName": "ObjectCreated:Put",
        "userIdentity": {"principalId": "AWS:123456789012"},
        "requestParameters": {"sourceIPAddress": "127.0.0.1"},
        "s3": {
            "s3SchemaVersion": "1.0",
            "configurationId": "uploads",
            "bucket": {
                "name": bucket,
                "ownerIdentity": {"principalId": "123456789012"},
                "arn": f"arn:aws:s3:::{bucket}",
            },
            "object": {"key": "a+folder/%C3%A4+b%2Bc.txt", "size": 5, "eTag": put["ETag"].strip('"')},
        },
    }


def test_several_rules_choose_by_event_prefix_and_suffix(
    cloud: Any, bucket: str, function: str, eventually: Callable[..., Any]
) -> None:
    other = cloud.function(ECHO)
    cloud.permit(other, "s3", f"arn:aws:s3:::{bucket}")
    notify(
        cloud,
        bucket,
        rule(function, "s3:ObjectCreated:Put", prefix="in/", suffix=".png"),
        rule(function, "s3:ObjectRemoved:*"),
        rule(other, "s3:ObjectCreated:*", prefix="other/"),
    )
    s3 = cloud.client("s3")

    for key in ("in/a.png", "in/a.txt", "out/a.png", "other/a.png"):
        s3.put_object(Bucket=bucket, Key=key, Body=b"")
    s3.delete_object(Bucket=bucket, Key="in/a.txt")
    s3.copy_object(Bucket=bucket, Key="other/copy", CopySource={"Bucket": bucket, "Key": "in/a.png"})

    expected = [("ObjectCreated:Put", "in/a.png"), ("ObjectRemoved:Delete", "in/a.txt")]
    eventually(lambda: heard(cloud, function) == expected)
    eventually(
        lambda: (
            heard(cloud, other)
            == [("ObjectCreated:Copy", "other/copy"), ("ObjectCreated:Put", "other/a.png")]
        )
    )
    removed = [
        event["Records"][0]["s3"]["object"]
        for event in cloud.logged_json(function)
        if event["Records"][0]["eventName"].startswith("ObjectRemoved")
    ]
    assert set(removed[0]) == {"key", "sequencer"}


def test_a_function_that_may_not_be_invoked_is_refused_unless_s3_is_told_not_to_look(
    cloud: Any, bucket: str
) -> None:
    s3, stranger = cloud.client("s3"), cloud.function(ECHO)
    wanted = {"LambdaFunctionConfigurations": [{**rule(stranger), "Id": "theirs"}]}

    with pytest.raises(ClientError, match="Unable to validate"):
        s3.put_bucket_notification_configuration(Bucket=bucket, NotificationConfiguration=wanted)
    s3.put_bucket_notification_configuration(
        Bucket=bucket, NotificationConfiguration=wanted, SkipDestinationValidation=True
    )

    [there] = s3.get_bucket_notification_configuration(Bucket=bucket)["LambdaFunctionConfigurations"]
    assert (there["Id"], there["LambdaFunctionArn"]) == ("theirs", stranger)


def test_versions_are_marked_as_deleted_and_then_deleted(
    cloud: Any, bucket: str, function: str, eventually: Callable[..., Any]
) -> None:
    s3 = cloud.client("s3")
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    notify(cloud, bucket, rule(function, "s3:ObjectRemoved:*"))
    version = s3.put_object(Bucket=bucket, Key="k", Body=b"")["VersionId"]

    marker = s3.delete_object(Bucket=bucket, Key="k")["VersionId"]
    s3.delete_object(Bucket=bucket, Key="k", VersionId=version)

    eventually(lambda: len(cloud.logged_json(function)) == 2)
    records = [event["Records"][0] for event in cloud.logged_json(function)]
    assert {record["eventName"]: record["s3"]["object"]["versionId"] for record in records} == {
        "ObjectRemoved:DeleteMarkerCreated": marker,
        "ObjectRemoved:Delete": version,
    }


def test_nobody_waits_for_the_function(cloud: Any, bucket: str, eventually: Callable[..., Any]) -> None:
    slow = cloud.function(SLOW)
    cloud.permit(slow, "s3", f"arn:aws:s3:::{bucket}")
    notify(cloud, bucket, rule(slow))

    started = time.monotonic()
    cloud.client("s3").put_object(Bucket=bucket, Key="k", Body=b"1")
    took = time.monotonic() - started

    assert took < 0.9
    eventually(lambda: heard(cloud, slow) == [("ObjectCreated:Put", "k")])


def refusal(cloud: Any, bucket: str, *rules: dict[str, Any]) -> str:
    with pytest.raises(ClientError) as caught:
        notify(cloud, bucket, *rules)
    assert caught.value.response["Error"]["Code"] == "InvalidArgument"
    message: str = caught.value.response["Error"]["Message"]
    return message


def test_a_function_that_does_not_permit_s3_or_does_not_exist_is_refused(cloud: Any, bucket: str) -> None:
    closed = cloud.function(ECHO)
    elsewhere = cloud.function(ECHO)
    cloud.permit(elsewhere, "s3", "arn:aws:s3:::another")
    gone = "arn:aws:lambda:us-east-1:123456789012:function:gone"

    messages = {refusal(cloud, bucket, rule(arn)) for arn in (closed, elsewhere, gone)}

    assert messages == {"Unable to validate the following destination configurations"}
    assert "LambdaFunctionConfigurations" not in cloud.client("s3").get_bucket_notification_configuration(
        Bucket=bucket
    )


def test_rules_that_overlap_are_refused_and_those_that_do_not_are_not(
    cloud: Any, bucket: str, function: str
) -> None:
    message = refusal(
        cloud,
        bucket,
        rule(function, "s3:ObjectCreated:Put", prefix="a/"),
        rule(function, "s3:ObjectCreated:*", prefix="a/b", suffix=".png"),
    )
    notify(
        cloud,
        bucket,
        rule(function, suffix=".png"),
        rule(function, suffix=".jpg"),
        rule(function, "s3:ObjectRemoved:*"),
    )

    assert "overlapping suffixes" in message


def test_a_permission_that_is_taken_back_ends_the_delivery(cloud: Any, bucket: str) -> None:
    function = cloud.function(ECHO)
    add = {"Action": "lambda:InvokeFunction", "Principal": "s3.amazonaws.com", "StatementId": "s"}
    cloud.client("lambda").add_permission(FunctionName=function, **add)
    notify(cloud, bucket, rule(function))
    cloud.client("lambda").remove_permission(FunctionName=function, StatementId="s")

    cloud.client("s3").put_object(Bucket=bucket, Key="k", Body=b"")

    time.sleep(0.5)
    assert cloud.logged_json(function) == []
