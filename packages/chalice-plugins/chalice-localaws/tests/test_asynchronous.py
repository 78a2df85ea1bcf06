"""Asynchronous invocations: retried, given up, and told to destinations as AWS tells them."""

from __future__ import annotations

import json
import time
import uuid
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from chalice_localaws import advance

if TYPE_CHECKING:
    from collections.abc import Callable

    from chalice_localaws import Endpoint

SENDS = ["sqs:SendMessage", "sns:Publish", "events:PutEvents", "lambda:InvokeFunction", "s3:PutObject"]
SOURCE = """
import json

def handler(event, context):
    print("EVENT " + json.dumps({**event, "request": context.aws_request_id}))
    if event.get("fail"):
        raise ValueError("because")
    return {"answer": 42}
"""
MINUTE = 60.0


def function(cloud: Any, **config: Any) -> str:
    role = cloud.role()
    cloud.allow(role, SENDS)
    arn: str = cloud.function(SOURCE, Role=role)
    cloud.client("lambda").put_function_event_invoke_config(FunctionName=arn, **config)
    return arn


def to(destination: str, *, on: str = "OnFailure") -> dict[str, Any]:
    return {on: {"Destination": destination}}


def invoke(cloud: Any, arn: str, payload: dict[str, Any]) -> str:
    answer = cloud.client("lambda").invoke(
        FunctionName=arn, InvocationType="Event", Payload=json.dumps(payload)
    )
    assert answer["StatusCode"] == 202
    request: str = answer["ResponseMetadata"]["RequestId"]
    return request


def received(cloud: Any, url: str) -> dict[str, Any]:
    [message] = cloud.client("sqs").receive_message(QueueUrl=url, WaitTimeSeconds=5)["Messages"]
    document: dict[str, Any] = json.loads(message["Body"])
    return document


def test_a_failure_is_told_after_the_last_retry(
    cloud: Any, endpoint: Endpoint, eventually: Callable[..., Any]
) -> None:
    url, queue = cloud.queue()
    arn = function(cloud, MaximumRetryAttempts=1, DestinationConfig=to(queue))

    invoke(cloud, arn, {"fail": True})
    eventually(lambda: len(cloud.logged_json(arn)) == 1)
    time.sleep(0.2)
    before = len(cloud.logged_json(arn))
    advance(endpoint.state.project, MINUTE)

    document = received(cloud, url)
    first, second = cloud.logged_json(arn)
    assert before == 1
    assert first["request"] == second["request"]
    assert document.pop("timestamp").endswith("Z")
    payload = document.pop("responsePayload")
    assert (payload["errorType"], payload["errorMessage"]) == ("ValueError", "because")
    assert document == {
        "version": "1.0",
        "requestContext": {
            "requestId": first["request"],
            "functionArn": f"{arn}:$LATEST",
            "condition": "RetriesExhausted",
            "approximateInvokeCount": 2,
        },
        "requestPayload": {"fail": True},
        "responseContext": {
            "statusCode": 200,
            "executedVersion": "$LATEST",
            "functionError": "Unhandled",
        },
    }


def test_a_success_is_told_without_an_error(cloud: Any) -> None:
    url, queue = cloud.queue()
    arn = function(cloud, DestinationConfig=to(queue, on="OnSuccess"))

    invoke(cloud, arn, {"n": 1})

    document = received(cloud, url)
    assert document["requestContext"]["condition"] == "Success"
    assert document["requestContext"]["approximateInvokeCount"] == 1
    assert document["responseContext"] == {"statusCode": 200, "executedVersion": "$LATEST"}
    assert document["responsePayload"] == {"answer": 42}


def test_an_event_that_is_too_old_is_given_up_before_it_is_tried_again(
    cloud: Any, endpoint: Endpoint, eventually: Callable[..., Any]
) -> None:
    url, queue = cloud.queue()
    arn = function(cloud, MaximumEventAgeInSeconds=60, DestinationConfig=to(queue))

    invoke(cloud, arn, {"fail": True})
    eventually(lambda: len(cloud.logged_json(arn)) == 1)
    time.sleep(0.2)
    advance(endpoint.state.project, 2 * MINUTE)

    context = received(cloud, url)["requestContext"]
    assert context["condition"] == "EventAgeExceeded"
    assert context["approximateInvokeCount"] == 1
    assert len(cloud.logged_json(arn)) == 1


def test_without_retries_one_failure_is_the_last(cloud: Any) -> None:
    url, queue = cloud.queue()
    arn = function(cloud, MaximumRetryAttempts=0, DestinationConfig=to(queue))

    invoke(cloud, arn, {"fail": True})

    assert received(cloud, url)["requestContext"]["approximateInvokeCount"] == 1


def test_topics_buses_functions_and_buckets_are_told_too(cloud: Any, eventually: Callable[..., Any]) -> None:
    name = uuid.uuid4().hex[:8]
    url, queue = cloud.queue()
    topic = cloud.client("sns").create_topic(Name=f"t-{name}")["TopicArn"]
    cloud.client("sns").subscribe(
        TopicArn=topic, Protocol="sqs", Endpoint=queue, Attributes={"RawMessageDelivery": "true"}
    )
    bus = cloud.client("events").create_event_bus(Name=f"bus-{name}")["EventBusArn"]
    pattern = {"source": ["lambda"], "detail-type": ["Lambda Function Invocation Result - Failure"]}
    bus_url, bus_queue = cloud.queue()
    cloud.client("events").put_rule(Name="r", EventBusName=bus, EventPattern=json.dumps(pattern))
    cloud.client("events").put_targets(Rule="r", EventBusName=bus, Targets=[{"Id": "1", "Arn": bus_queue}])
    other = cloud.function(SOURCE)
    cloud.client("s3").create_bucket(Bucket=f"b-{name}")
    destinations = (topic, bus, other, f"arn:aws:s3:::b-{name}")
    arns = [
        function(cloud, MaximumRetryAttempts=0, DestinationConfig=to(destination))
        for destination in destinations
    ]

    for arn in arns:
        invoke(cloud, arn, {"fail": True})

    assert received(cloud, url)["requestContext"]["functionArn"] == f"{arns[0]}:$LATEST"
    event = received(cloud, bus_url)
    assert event["detail"]["requestContext"]["functionArn"] == f"{arns[1]}:$LATEST"
    assert event["resources"] == [f"{arns[1]}:$LATEST"]
    told = eventually(lambda: cloud.logged_json(other))[0]
    assert told["requestContext"]["functionArn"] == f"{arns[2]}:$LATEST"
    [stored] = eventually(lambda: cloud.client("s3").list_objects_v2(Bucket=f"b-{name}").get("Contents"))
    assert stored["Key"].startswith(f"aws/lambda/async/{arns[3].rpartition(':')[2]}/")


def test_a_config_is_replaced_by_the_next_and_completed_by_an_update(cloud: Any) -> None:
    client = cloud.client("lambda")
    arn = function(cloud, MaximumRetryAttempts=1)

    client.put_function_event_invoke_config(FunctionName=arn, MaximumRetryAttempts=0)
    client.update_function_event_invoke_config(FunctionName=arn, MaximumEventAgeInSeconds=120)

    found = client.get_function_event_invoke_config(FunctionName=arn)
    assert (found["MaximumRetryAttempts"], found["MaximumEventAgeInSeconds"]) == (0, 120)


@pytest.mark.parametrize(
    ("destination", "named"),
    [
        ("arn:aws:sqs:us-east-1:123456789012:q", "does not have permissions to call sqs:SendMessage"),
        ("arn:aws:kinesis:us-east-1:123456789012:stream/s", "neither a queue, a topic, an event bus"),
    ],
)
def test_destinations_that_are_refused(cloud: Any, destination: str, named: str) -> None:
    arn = cloud.function(SOURCE)

    with pytest.raises(ClientError) as caught:
        cloud.client("lambda").put_function_event_invoke_config(
            FunctionName=arn, DestinationConfig=to(destination)
        )

    assert named in str(caught.value)
