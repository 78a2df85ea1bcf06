"""That nothing is left is seen by an inventory, so what could be left has to be in it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from families.common import ACCOUNT, FAILED, REGION, make_failed

from chalice_core.testing.inventory import take_inventory
from chalice_core.testing.local import LocalServer

pytestmark = pytest.mark.slow

POLICY = {"Version": "2012-10-17", "Statement": []}
BUCKET, BUS = "inventory", "inventory"


def leave_a_notification(clients: Callable[[str], Any]) -> None:
    queue = {"QueueArn": FAILED, "Events": ["s3:ObjectCreated:*"]}
    clients("s3").put_bucket_notification_configuration(
        Bucket=BUCKET, NotificationConfiguration={"QueueConfigurations": [queue]}
    )


def leave_a_rule(clients: Callable[[str], Any]) -> None:
    clients("events").put_rule(Name="left", EventBusName=BUS, EventPattern='{"source": ["x"]}')


def leave_a_queue_policy(clients: Callable[[str], Any]) -> None:
    url = clients("sqs").get_queue_url(QueueName="failed")["QueueUrl"]
    statement = {"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": FAILED}
    policy = {**POLICY, "Statement": [statement]}
    clients("sqs").set_queue_attributes(QueueUrl=url, Attributes={"Policy": json.dumps(policy)})


def leave_a_trigger(clients: Callable[[str], Any]) -> None:
    (pool,) = [
        one
        for one in clients("cognito-idp").list_user_pools(MaxResults=60)["UserPools"]
        if one["Name"] == BUCKET
    ]
    arn = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:left"
    clients("cognito-idp").update_user_pool(UserPoolId=pool["Id"], LambdaConfig={"PreSignUp": arn})


def leave_a_subscription(clients: Callable[[str], Any]) -> None:
    topic = clients("sns").create_topic(Name=BUCKET)["TopicArn"]
    clients("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=FAILED)


def leave_a_role(clients: Callable[[str], Any]) -> None:
    clients("iam").create_role(RoleName="left", AssumeRolePolicyDocument=json.dumps(POLICY))


@pytest.fixture(scope="module")
def clients(chalice_local_server: LocalServer) -> Callable[[str], Any]:
    """Clients of an AWS with a queue, a bucket, a bus, a topic and a user pool in it."""
    make = chalice_local_server.client
    make_failed(make)  # type: ignore[arg-type]
    make("s3").create_bucket(Bucket=BUCKET)
    make("events").create_event_bus(Name=BUS)
    make("sns").create_topic(Name=BUCKET)
    make("cognito-idp").create_user_pool(PoolName=BUCKET)
    return make


@pytest.mark.parametrize(
    ("leave", "sort"),
    [
        (leave_a_notification, "notifications of buckets"),
        (leave_a_queue_policy, "policies of queues"),
        (leave_a_role, "iam list_roles"),
        (leave_a_rule, "rules and targets"),
        (leave_a_subscription, "sns list_subscriptions"),
        (leave_a_trigger, "triggers of user pools"),
    ],
)
def test_what_is_left_is_noticed(
    clients: Callable[[str], Any], leave: Callable[..., None], sort: str
) -> None:
    before = take_inventory(clients)

    leave(clients)

    after = take_inventory(clients)
    assert [name for name in after if after[name] != before[name]] == [sort]
