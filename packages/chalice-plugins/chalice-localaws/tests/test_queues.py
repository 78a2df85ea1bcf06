"""SQS queues as event sources: batches, failures, order, rules."""

from __future__ import annotations

import json
import time
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
    bodies = [record["body"] for record in event["Records"]]
    if "raise" in bodies:
        raise ValueError("raise")
    return {"batchItemFailures": [
        {"itemIdentifier": record["messageId"]} for record in event["Records"] if record["body"] == "bad"
    ]}
"""


def send(cloud: Any, url: str, *bodies: str, **options: Any) -> None:
    for body in bodies:
        cloud.client("sqs").send_message(QueueUrl=url, MessageBody=body, **options)


def records(cloud: Any, arn: str) -> list[dict[str, Any]]:
    return [record for event in cloud.logged_json(arn) for record in event["Records"]]


def waiting(cloud: Any, url: str) -> int:
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    found = cloud.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
    return sum(int(found[name]) for name in names)


def connect(cloud: Any, queue: str, function: str, **options: Any) -> str:
    uuid: str = cloud.client("lambda").create_event_source_mapping(
        EventSourceArn=queue, FunctionName=function, **options
    )["UUID"]
    return uuid


def test_messages_arrive_in_one_batch_with_all_that_aws_sends(
    cloud: Any, eventually: Callable[..., Any]
) -> None:
    arn = cloud.function(ECHO)
    url, queue = cloud.queue()
    attributes = {
        "colour": {"DataType": "String", "StringValue": "red"},
        "raw": {"DataType": "Binary", "BinaryValue": b"\x00\xff"},
    }
    send(cloud, url, "one", "two", "three", MessageAttributes=attributes)

    connect(cloud, queue, arn, BatchSize=10)

    event = eventually(lambda: cloud.logged_json(arn))[0]
    record = event["Records"][0]
    assert [found["body"] for found in event["Records"]] == ["one", "two", "three"]
    assert record["eventSource"] == "aws:sqs"
    assert record["eventSourceARN"] == queue
    assert record["awsRegion"] == "us-east-1"
    assert record["md5OfBody"] == "f97c5d29941bfb1b2fdab0874906ab82"
    assert record["attributes"]["ApproximateReceiveCount"] == "1"
    assert abs(int(record["attributes"]["SentTimestamp"]) / 1000 - time.time()) < 60
    assert record["messageAttributes"]["colour"] == {
        "stringValue": "red",
        "stringListValues": [],
        "binaryListValues": [],
        "dataType": "String",
    }
    assert record["messageAttributes"]["raw"]["binaryValue"] == "AP8="
    assert len(record["md5OfMessageAttributes"]) == 32
    eventually(lambda: waiting(cloud, url) == 0)


def test_a_batch_is_no_larger_than_its_size(cloud: Any, eventually: Callable[..., Any]) -> None:
    arn = cloud.function(ECHO)
    url, queue = cloud.queue()
    send(cloud, url, *"abcde")

    connect(cloud, queue, arn, BatchSize=2)

    eventually(lambda: len(records(cloud, arn)) == 5)
    assert sorted(len(event["Records"]) for event in cloud.logged_json(arn)) == [1, 2, 2]


def test_a_window_collects_messages_that_come_apart(cloud: Any, eventually: Callable[..., Any]) -> None:
    arn = cloud.function(ECHO)
    url, queue = cloud.queue()
    connect(cloud, queue, arn, BatchSize=100, MaximumBatchingWindowInSeconds=1)

    send(cloud, url, "first")
    time.sleep(0.4)
    send(cloud, url, *[str(number) for number in range(12)])

    eventually(lambda: len(records(cloud, arn)) == 13)
    assert len(cloud.logged_json(arn)) == 1


def test_a_failed_batch_comes_back_after_its_visibility_timeout(
    cloud: Any, eventually: Callable[..., Any]
) -> None:
    arn = cloud.function(ECHO, Timeout=1)
    url, queue = cloud.queue(VisibilityTimeout="1")
    connect(cloud, queue, arn)

    send(cloud, url, "raise")

    eventually(lambda: len(records(cloud, arn)) >= 2)
    counts = [record["attributes"]["ApproximateReceiveCount"] for record in records(cloud, arn)]
    assert counts[:2] == ["1", "2"]
    assert waiting(cloud, url) == 1


def test_only_the_reported_messages_of_a_batch_come_back(cloud: Any, eventually: Callable[..., Any]) -> None:
    arn = cloud.function(ECHO, Timeout=1)
    url, queue = cloud.queue(VisibilityTimeout="1")
    send(cloud, url, "good", "bad", "fine")

    connect(cloud, queue, arn, FunctionResponseTypes=["ReportBatchItemFailures"])

    events = eventually(lambda: (found := cloud.logged_json(arn)) and len(found) >= 2 and found)
    assert [record["body"] for record in events[0]["Records"]] == ["good", "bad", "fine"]
    assert [record["body"] for record in events[1]["Records"]] == ["bad"]


def test_a_report_that_was_not_asked_for_is_ignored(cloud: Any, eventually: Callable[..., Any]) -> None:
    arn = cloud.function(ECHO, Timeout=1)
    url, queue = cloud.queue(VisibilityTimeout="1")
    send(cloud, url, "bad")

    connect(cloud, queue, arn)

    eventually(lambda: len(records(cloud, arn)) == 1 and waiting(cloud, url) == 0)


def test_a_message_that_fails_too_often_goes_to_the_dead_letter_queue(
    cloud: Any, eventually: Callable[..., Any]
) -> None:
    arn = cloud.function(ECHO, Timeout=1)
    dead_url, dead_arn = cloud.queue()
    policy = json.dumps({"deadLetterTargetArn": dead_arn, "maxReceiveCount": 2})
    url, queue = cloud.queue(VisibilityTimeout="1", RedrivePolicy=policy)
    connect(cloud, queue, arn)

    send(cloud, url, "raise")

    eventually(lambda: waiting(cloud, dead_url) == 1)
    assert len(records(cloud, arn)) == 2
    assert waiting(cloud, url) == 0
    assert cloud.client("sqs").receive_message(QueueUrl=dead_url)["Messages"][0]["Body"] == "raise"


def test_a_fifo_group_stays_in_order_through_a_failure(cloud: Any, eventually: Callable[..., Any]) -> None:
    source = """
import json, os, tempfile
def handler(event, context):
    print("EVENT " + json.dumps(event))
    if event["Records"][0]["attributes"]["ApproximateReceiveCount"] == "1":
        raise ValueError("the first time")
"""
    arn = cloud.function(source, Timeout=1)
    attributes = {"FifoQueue": "true", "ContentBasedDeduplication": "true", "VisibilityTimeout": "1"}
    name = f"{arn.split(':')[6]}.fifo"
    url, queue = cloud.queue(name, **attributes)
    send(cloud, url, "1", "2", "3", MessageGroupId="group")

    connect(cloud, queue, arn, BatchSize=2)

    eventually(lambda: waiting(cloud, url) == 0)
    handled = [
        [record["body"] for record in event["Records"]]
        for event in cloud.logged_json(arn)
        if event["Records"][0]["attributes"]["ApproximateReceiveCount"] != "1"
    ]
    assert [body for batch in handled for body in batch] == ["1", "2", "3"]
    assert records(cloud, arn)[0]["attributes"]["MessageGroupId"] == "group"


def test_a_disabled_mapping_leaves_messages_alone_until_it_is_enabled(
    cloud: Any, eventually: Callable[..., Any]
) -> None:
    arn = cloud.function(ECHO)
    url, queue = cloud.queue()
    uuid = connect(cloud, queue, arn, Enabled=False)
    send(cloud, url, "patient")
    time.sleep(0.6)
    before = waiting(cloud, url), records(cloud, arn)

    cloud.client("lambda").update_event_source_mapping(UUID=uuid, Enabled=True)

    assert before == (1, [])
    eventually(lambda: len(records(cloud, arn)) == 1)


def test_a_deleted_mapping_delivers_no_more(cloud: Any) -> None:
    arn = cloud.function(ECHO)
    url, queue = cloud.queue()
    uuid = connect(cloud, queue, arn)

    cloud.client("lambda").delete_event_source_mapping(UUID=uuid)
    time.sleep(0.3)
    send(cloud, url, "late")
    time.sleep(0.5)

    assert waiting(cloud, url) == 1
    assert records(cloud, arn) == []


def test_no_more_batches_run_at_once_than_the_scaling_config_says(
    cloud: Any, eventually: Callable[..., Any]
) -> None:
    source = """
import time
def handler(event, context):
    started = time.time()
    time.sleep(0.4)
    print("SPAN", started, time.time())
"""
    arn = cloud.function(source)
    url, queue = cloud.queue()
    send(cloud, url, *"abcdef")

    connect(cloud, queue, arn, BatchSize=1, ScalingConfig={"MaximumConcurrency": 2})

    def spans() -> list[tuple[float, float]]:
        lines = [line.split() for line in cloud.log(arn) if line.startswith("SPAN")]
        return [(float(start), float(end)) for _, start, end in lines]

    eventually(lambda: len(spans()) == 6)
    for start, _ in spans():
        assert sum(begun <= start < ended for begun, ended in spans()) <= 2


def test_many_messages_sent_while_others_are_deleted_all_arrive(
    cloud: Any, eventually: Callable[..., Any]
) -> None:
    arn = cloud.function(ECHO)
    url, queue = cloud.queue()
    connect(cloud, queue, arn)

    for start in range(0, 100, 10):
        entries = [{"Id": str(number), "MessageBody": str(start + number)} for number in range(10)]
        cloud.client("sqs").send_message_batch(QueueUrl=url, Entries=entries)

    eventually(lambda: waiting(cloud, url) == 0)
    assert sorted(int(record["body"]) for record in records(cloud, arn)) == list(range(100))


def test_a_mapping_is_found_by_the_name_and_by_the_arn_of_its_function(cloud: Any) -> None:
    arn = cloud.function(ECHO)
    _, queue = cloud.queue()
    uuid = connect(cloud, queue, arn)

    by_name = cloud.client("lambda").list_event_source_mappings(FunctionName=arn.split(":")[6])
    by_arn = cloud.client("lambda").list_event_source_mappings(FunctionName=arn)

    assert [found["UUID"] for found in by_name["EventSourceMappings"]] == [uuid]
    assert [found["UUID"] for found in by_arn["EventSourceMappings"]] == [uuid]


def test_a_second_mapping_of_the_same_queue_and_function_is_a_conflict(cloud: Any) -> None:
    arn = cloud.function(ECHO)
    _, queue = cloud.queue()
    uuid = connect(cloud, queue, arn)

    with pytest.raises(cloud.client("lambda").exceptions.ResourceConflictException) as caught:
        connect(cloud, queue, arn)

    assert uuid in str(caught.value)


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"FilterCriteria": {"Filters": [{"Pattern": "{}"}]}}, "Empty objects are not allowed"),
        ({"BisectBatchOnFunctionError": True}, "Unsupported BisectBatchOnFunctionError parameter"),
        ({"BatchSize": 20}, "Maximum batch window in seconds must be greater than 0"),
        ({"BatchSize": 10_001, "MaximumBatchingWindowInSeconds": 1}, "Batch size 10001"),
    ],
)
def test_settings_that_aws_or_this_emulation_refuses(cloud: Any, options: dict[str, Any], named: str) -> None:
    arn = cloud.function(ECHO)
    _, queue = cloud.queue()

    with pytest.raises(cloud.client("lambda").exceptions.InvalidParameterValueException) as caught:
        cloud.client("lambda").create_event_source_mapping(EventSourceArn=queue, FunctionName=arn, **options)

    assert named in str(caught.value)


def test_settings_that_are_empty_are_not_there(cloud: Any) -> None:
    arn = cloud.function(ECHO)
    _, queue = cloud.queue()

    assert connect(cloud, queue, arn, FilterCriteria={"Filters": []}, DestinationConfig={"OnFailure": {}})


def test_a_queue_that_hides_messages_for_less_than_the_function_may_take_is_refused(cloud: Any) -> None:
    arn = cloud.function(ECHO, Timeout=60)
    _, queue = cloud.queue()

    with pytest.raises(cloud.client("lambda").exceptions.InvalidParameterValueException) as caught:
        connect(cloud, queue, arn)

    assert "Queue visibility timeout: 30 seconds is less than Function timeout: 60 seconds" in str(
        caught.value
    )


def test_a_role_that_may_not_read_the_queue_is_refused_until_it_may(cloud: Any) -> None:
    role = cloud.role(may_read_queues=False)
    arn = cloud.function(ECHO, Role=role)
    _, queue = cloud.queue()
    allowed = ["sqs:ReceiveMessage", "sqs:Delete*", "SQS:getqueueattributes"]
    statement = {"Effect": "Allow", "Action": allowed, "Resource": queue}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})

    with pytest.raises(cloud.client("lambda").exceptions.InvalidParameterValueException) as caught:
        connect(cloud, queue, arn)
    name = role.rpartition("/")[2]
    cloud.client("iam").put_role_policy(RoleName=name, PolicyName="reads", PolicyDocument=policy)

    assert "does not have permissions to call ReceiveMessage on SQS" in str(caught.value)
    assert connect(cloud, queue, arn)


def test_a_stream_that_does_not_exist_is_refused_by_name(cloud: Any) -> None:
    arn = cloud.function(ECHO)
    stream = "arn:aws:kinesis:us-east-1:123456789012:stream/clicks"

    with pytest.raises(ClientError) as caught:
        connect(cloud, stream, arn, StartingPosition="LATEST")

    assert f"Stream not found: {stream}" in str(caught.value)


def test_messages_that_no_filter_lets_through_are_deleted(cloud: Any, eventually: Callable[..., Any]) -> None:
    arn = cloud.function(ECHO)
    url, queue = cloud.queue()
    patterns = [{"body": {"size": [{"numeric": [">", 10]}]}}, {"body": ["plain text"]}]
    send(cloud, url, '{"size": 1}', '{"size": 20}', "other text", "plain text", '{"size": "20"}')

    filters = [{"Pattern": json.dumps(pattern)} for pattern in patterns]
    connect(cloud, queue, arn, FilterCriteria={"Filters": filters})

    eventually(lambda: waiting(cloud, url) == 0)
    eventually(lambda: len(records(cloud, arn)) == 2)
    assert sorted(record["body"] for record in records(cloud, arn)) == ["plain text", '{"size": 20}']
