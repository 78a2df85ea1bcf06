"""What is not emulated is refused, with the name of the feature."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from collections.abc import Callable

SOURCE = "def handler(event, context):\n    return None\n"
SLOW = """
import json, time
def handler(event, context):
    time.sleep(1)
    print("EVENT " + json.dumps(event))
"""


@pytest.fixture(scope="module")
def arn(cloud: Any) -> str:
    found: str = cloud.function(SOURCE)
    return found


def refusal(call: Callable[[], Any]) -> str:
    with pytest.raises(ClientError) as caught:
        call()
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400
    message: str = caught.value.response["Error"]["Message"]
    assert message.endswith("is not emulated on this machine.")
    return message


def test_a_function_with_a_dead_letter_queue(cloud: Any) -> None:
    config = {"TargetArn": "arn:aws:sqs:us-east-1:123456789012:dead"}

    assert "DeadLetterConfig" in refusal(lambda: cloud.function(SOURCE, DeadLetterConfig=config))


def test_a_function_from_an_image(cloud: Any) -> None:
    call = lambda: cloud.client("lambda").create_function(  # noqa: E731
        FunctionName="image", PackageType="Image", Code={"ImageUri": "x/y:latest"}, Role=cloud.role()
    )

    assert "PackageType Image" in refusal(call)


def test_an_update_that_asks_for_snap_start(cloud: Any, arn: str) -> None:
    update = cloud.client("lambda").update_function_configuration

    assert "SnapStart" in refusal(
        lambda: update(FunctionName=arn, SnapStart={"ApplyOn": "PublishedVersions"})
    )


def test_a_destination_of_asynchronous_invocations(cloud: Any, arn: str) -> None:
    put = cloud.client("lambda").put_function_event_invoke_config
    config = {"OnFailure": {"Destination": "arn:aws:sqs:us-east-1:123456789012:failures"}}

    assert "DestinationConfig" in refusal(lambda: put(FunctionName=arn, DestinationConfig=config))


def test_a_function_url(cloud: Any, arn: str) -> None:
    create = cloud.client("lambda").create_function_url_config

    assert "function URL" in refusal(lambda: create(FunctionName=arn, AuthType="NONE"))


def test_an_event_rule_for_a_function(cloud: Any, arn: str) -> None:
    events = cloud.client("events")
    events.put_rule(Name="rule", ScheduleExpression="rate(1 minute)")

    assert "EventBridge rule" in refusal(
        lambda: events.put_targets(Rule="rule", Targets=[{"Id": "1", "Arn": arn}])
    )


def test_a_schedule_for_a_function(cloud: Any, arn: str) -> None:
    call = lambda: cloud.client("scheduler").create_schedule(  # noqa: E731
        Name="schedule",
        ScheduleExpression="rate(1 minute)",
        FlexibleTimeWindow={"Mode": "OFF"},
        Target={"Arn": arn, "RoleArn": cloud.role()},
    )

    assert "EventBridge Scheduler" in refusal(call)


def test_a_topic_that_notifies_a_function_but_not_one_that_notifies_a_queue(cloud: Any, arn: str) -> None:
    sns = cloud.client("sns")
    topic = sns.create_topic(Name="topic")["TopicArn"]
    _, queue = cloud.queue()

    assert "SNS subscription" in refusal(
        lambda: sns.subscribe(TopicArn=topic, Protocol="lambda", Endpoint=arn)
    )
    assert sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue)["SubscriptionArn"]


@pytest.mark.parametrize("protocol", ["HTTP", "WEBSOCKET"])
def test_an_api_of_the_second_version(cloud: Any, protocol: str) -> None:
    create = cloud.client("apigatewayv2").create_api
    options = {"RouteSelectionExpression": "$request.body.action"} if protocol == "WEBSOCKET" else {}

    assert protocol in refusal(lambda: create(Name="api", ProtocolType=protocol, **options))


@pytest.mark.parametrize(
    ("service", "operation", "arguments"),
    [
        ("apigatewayv2", "import_api", {"Body": "{}"}),
        ("iam", "get_service_last_accessed_details", {"JobId": "0" * 36}),
        ("dynamodb", "list_contributor_insights", {}),
    ],
)
def test_an_operation_that_moto_does_not_know_is_named(
    cloud: Any, service: str, operation: str, arguments: dict[str, Any]
) -> None:
    with pytest.raises(ClientError) as caught:
        getattr(cloud.client(service), operation)(**arguments)

    assert caught.value.response["Error"]["Code"] == "NotImplemented"
    assert operation in str(caught.value)
    assert "not emulated on this machine" in str(caught.value)


def test_a_bucket_notifies_a_function_without_waiting_for_it(
    cloud: Any, arn: str, eventually: Callable[..., Any]
) -> None:
    s3 = cloud.client("s3")
    slow = cloud.function(SLOW)
    s3.create_bucket(Bucket="uploads")
    s3.put_bucket_notification_configuration(
        Bucket="uploads",
        NotificationConfiguration={
            "LambdaFunctionConfigurations": [{"LambdaFunctionArn": slow, "Events": ["s3:ObjectCreated:*"]}]
        },
    )

    import time

    started = time.monotonic()
    s3.put_object(Bucket="uploads", Key="a b", Body=b"1")
    took = time.monotonic() - started

    assert took < 0.9
    event = eventually(lambda: [found for found in cloud.logged_json(slow) if "Records" in found])[0]
    assert event["Records"][0]["s3"]["object"]["key"] == "a+b"
