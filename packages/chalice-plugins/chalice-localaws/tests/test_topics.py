"""SNS topics that notify functions: what arrives, what is filtered, what goes to the dead-letter queue."""

from __future__ import annotations

import json
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


def topic(cloud: Any, **options: Any) -> str:
    suffix = ".fifo" if options else ""
    arn: str = cloud.client("sns").create_topic(Name=f"t-{uuid.uuid4().hex[:8]}{suffix}", **options)[
        "TopicArn"
    ]
    return arn


def subscribe(cloud: Any, source: str, function: str, *, permitted: bool = True, **attributes: Any) -> str:
    if permitted:
        cloud.permit(function, "sns", source)
    texts = {
        name: value if isinstance(value, str) else json.dumps(value) for name, value in attributes.items()
    }
    arn: str = cloud.client("sns").subscribe(
        TopicArn=source, Protocol="lambda", Endpoint=function, Attributes=texts, ReturnSubscriptionArn=True
    )["SubscriptionArn"]
    return arn


def messages(cloud: Any, function: str) -> list[str]:
    return [event["Records"][0]["Sns"]["Message"] for event in cloud.logged_json(function)]


def test_a_message_arrives_with_all_that_aws_sends(cloud: Any, eventually: Callable[..., Any]) -> None:
    function, source = cloud.function(ECHO), topic(cloud)
    subscription = subscribe(cloud, source, function)

    published = cloud.client("sns").publish(
        TopicArn=source,
        Message="hello",
        Subject="greeting",
        MessageAttributes={
            "colour": {"DataType": "String", "StringValue": "red"},
            "raw": {"DataType": "Binary", "BinaryValue": b"\x00"},
        },
    )

    [record] = eventually(lambda: cloud.logged_json(function))[0]["Records"]
    sns = record.pop("Sns")
    assert record == {
        "EventSource": "aws:sns",
        "EventVersion": "1.0",
        "EventSubscriptionArn": subscription,
    }
    when = datetime.strptime(sns.pop("Timestamp"), "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=timezone.utc)
    assert abs(when.timestamp() - time.time()) < 60
    assert subscription in sns.pop("UnsubscribeUrl")
    assert all(sns.pop(name) for name in ("Signature", "SigningCertUrl"))
    assert sns == {
        "Type": "Notification",
        "MessageId": published["MessageId"],
        "TopicArn": source,
        "Subject": "greeting",
        "Message": "hello",
        "SignatureVersion": "1",
        "MessageAttributes": {
            "colour": {"Type": "String", "Value": "red"},
            "raw": {"Type": "Binary", "Value": "AA=="},
        },
    }


def test_without_subject_and_attributes_there_are_none(cloud: Any, eventually: Callable[..., Any]) -> None:
    function, source = cloud.function(ECHO), topic(cloud)
    subscribe(cloud, source, function)

    cloud.client("sns").publish(TopicArn=source, Message="hello")

    sns = eventually(lambda: cloud.logged_json(function))[0]["Records"][0]["Sns"]
    assert sns["Subject"] is None
    assert sns["MessageAttributes"] == {}


def test_a_policy_filters_by_attributes(cloud: Any, eventually: Callable[..., Any]) -> None:
    function, source = cloud.function(ECHO), topic(cloud)
    policy = {
        "kind": [{"prefix": "order"}],
        "size": [{"numeric": [">=", 10, "<", 20]}],
        "hidden": [{"exists": False}],
    }
    subscribe(cloud, source, function, FilterPolicy=policy)

    def publish(message: str, **attributes: tuple[str, str]) -> None:
        cloud.client("sns").publish(
            TopicArn=source,
            Message=message,
            MessageAttributes={
                name: {"DataType": kind, "StringValue": value} for name, (kind, value) in attributes.items()
            },
        )

    publish("no attributes")
    publish("too large", kind=("String", "order.made"), size=("Number", "20"))
    publish("a text", kind=("String", "order.made"), size=("String", "15"))
    publish("hidden", kind=("String", "order.made"), size=("Number", "15"), hidden=("String", "x"))
    publish("one of several", kind=("String.Array", '["x", "order.paid"]'), size=("Number", "10.5"))
    publish("fits", kind=("String", "order.made"), size=("Number", "15"))

    eventually(lambda: len(messages(cloud, function)) == 2)
    assert sorted(messages(cloud, function)) == ["fits", "one of several"]


def test_a_policy_filters_by_the_body_with_nesting_and_alternatives(
    cloud: Any, eventually: Callable[..., Any]
) -> None:
    function, source = cloud.function(ECHO), topic(cloud)
    policy = {"order": {"$or": [{"paid": [True]}, {"total": [{"numeric": [">", 100]}]}]}}
    subscribe(cloud, source, function, FilterPolicy=policy, FilterPolicyScope="MessageBody")
    bodies = [
        json.dumps({"order": order})
        for order in ({"paid": True}, {"total": 50}, {"total": 150}, {"paid": "true"})
    ]

    for body in [*bodies, "no json"]:
        cloud.client("sns").publish(TopicArn=source, Message=body)

    eventually(lambda: len(messages(cloud, function)) == 2)
    assert sorted(messages(cloud, function)) == sorted([bodies[0], bodies[2]])


def test_a_message_that_cannot_be_delivered_goes_to_the_dead_letter_queue(
    cloud: Any,
) -> None:
    function, source = cloud.function(ECHO), topic(cloud)
    url, queue = cloud.queue()
    subscribe(cloud, source, function, permitted=False, RedrivePolicy={"deadLetterTargetArn": queue})

    published = cloud.client("sns").publish(TopicArn=source, Message="hello")

    [message] = cloud.client("sqs").receive_message(
        QueueUrl=url, WaitTimeSeconds=5, MessageAttributeNames=["All"]
    )["Messages"]
    notification = json.loads(message["Body"])
    assert notification["MessageId"] == published["MessageId"]
    assert notification["Message"] == "hello"
    assert "Subject" not in notification
    assert message["MessageAttributes"]["ErrorCode"]["StringValue"] == "AccessDeniedException"
    assert "lambda:InvokeFunction" in message["MessageAttributes"]["ErrorMessage"]["StringValue"]
    assert messages(cloud, function) == []


def test_a_permission_for_another_topic_is_none(cloud: Any) -> None:
    function, source = cloud.function(ECHO), topic(cloud)
    cloud.permit(function, "sns", topic(cloud))
    subscribe(cloud, source, function, permitted=False)

    cloud.client("sns").publish(TopicArn=source, Message="hello")

    time.sleep(0.5)
    assert messages(cloud, function) == []


@pytest.mark.parametrize(
    ("attributes", "named"),
    [
        ({"FilterPolicy": {"kind": "order"}}, "must be an object or an array"),
        ({"FilterPolicy": {"kind": [{"begins": "order"}]}}, "Unrecognized match type begins"),
        ({"FilterPolicy": {"kind": {"of": ["order"]}}}, "does not support nested"),
        ({"FilterPolicy": {str(number): ["x"] for number in range(6)}}, "more than 5 keys"),
        ({"FilterPolicy": {"a": ["x"] * 50, "b": ["y"] * 4}}, "too complex"),
    ],
)
def test_a_policy_that_sns_refuses(cloud: Any, attributes: dict[str, Any], named: str) -> None:
    function, source = cloud.function(ECHO), topic(cloud)

    with pytest.raises(ClientError) as caught:
        subscribe(cloud, source, function, **attributes)

    assert named in str(caught.value)


def test_a_fifo_topic_has_no_functions(cloud: Any) -> None:
    function = cloud.function(ECHO)
    source = topic(cloud, Attributes={"FifoTopic": "true"})

    with pytest.raises(ClientError) as caught:
        subscribe(cloud, source, function)

    assert "Invalid protocol type: lambda" in str(caught.value)


def test_a_queue_is_filtered_by_the_same_rules(cloud: Any) -> None:
    source = topic(cloud)
    url, queue = cloud.queue()
    cloud.client("sns").subscribe(
        TopicArn=source,
        Protocol="sqs",
        Endpoint=queue,
        Attributes={
            "RawMessageDelivery": "true",
            "FilterPolicyScope": "MessageBody",
            "FilterPolicy": json.dumps({"name": [{"wildcard": "*.png"}]}),
        },
    )

    for name in ("a.txt", "b.png"):
        cloud.client("sns").publish(TopicArn=source, Message=json.dumps({"name": name}))

    received = cloud.client("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]
    assert [json.loads(message["Body"]) for message in received] == [{"name": "b.png"}]
