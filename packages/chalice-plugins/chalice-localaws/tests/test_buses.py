"""EventBridge: rules with patterns and with schedules, and Scheduler, really reach functions."""

from __future__ import annotations

import json
import time
import uuid
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from chalice_localaws import advance

# What AWS does, and moto under it, is the same on every Python.
pytestmark = pytest.mark.one_python

if TYPE_CHECKING:
    from collections.abc import Callable

    from chalice_localaws import Endpoint

ECHO = """
import json

def handler(event, context):
    print("EVENT " + json.dumps(event))
"""
MINUTE = 60.0


def rule(cloud: Any, function: str, *, permitted: bool = True, bus: str = "default", **options: Any) -> str:
    events = cloud.client("events")
    name = f"r-{uuid.uuid4().hex[:8]}"
    target = options.pop("target", {})
    if "EventPattern" in options:
        options["EventPattern"] = json.dumps(options["EventPattern"])
    arn: str = events.put_rule(Name=name, EventBusName=bus, **options)["RuleArn"]
    if permitted:
        cloud.permit(function, "events", arn)
    events.put_targets(Rule=name, EventBusName=bus, Targets=[{"Id": "1", "Arn": function, **target}])
    return arn


def put(cloud: Any, detail: dict[str, Any], *, bus: str = "default", source: str = "shop") -> str:
    entry = {"Source": source, "DetailType": "Order", "Detail": json.dumps(detail), "EventBusName": bus}
    [answer] = cloud.client("events").put_events(Entries=[{**entry, "Resources": ["arn:x"]}])["Entries"]
    found: str = answer["EventId"]
    return found


def source() -> str:
    return f"shop.{uuid.uuid4().hex}"


def numbers(cloud: Any, function: str) -> list[int]:
    return sorted(event["detail"]["n"] for event in cloud.logged_json(function))


def test_an_event_that_matches_arrives_as_aws_sends_it(cloud: Any, eventually: Callable[..., Any]) -> None:
    function, shop = cloud.function(ECHO), source()
    rule(cloud, function, EventPattern={"source": [shop], "detail": {"n": [{"numeric": [">", 1]}]}})

    put(cloud, {"n": 1}, source=shop)
    event_id = put(cloud, {"n": 2}, source=shop)

    event = eventually(lambda: cloud.logged_json(function))[0]
    assert len(event.pop("time")) == len("2030-01-31T12:00:00Z")
    assert event == {
        "version": "0",
        "id": event_id,
        "detail-type": "Order",
        "source": shop,
        "account": "123456789012",
        "region": "us-east-1",
        "resources": ["arn:x"],
        "detail": {"n": 2},
    }
    assert numbers(cloud, function) == [2]


def test_each_bus_has_its_own_rules(cloud: Any, eventually: Callable[..., Any]) -> None:
    function, shop, bus = cloud.function(ECHO), source(), f"bus-{uuid.uuid4().hex[:8]}"
    cloud.client("events").create_event_bus(Name=bus)
    arn = rule(cloud, function, bus=bus, EventPattern={"source": [shop]})

    put(cloud, {"n": 1}, source=shop)
    put(cloud, {"n": 2}, source=shop, bus=bus)

    eventually(lambda: numbers(cloud, function) == [2])
    assert f"rule/{bus}/" in arn


def test_a_disabled_rule_gets_nothing_until_it_is_enabled(cloud: Any, eventually: Callable[..., Any]) -> None:
    function, shop = cloud.function(ECHO), source()
    name = rule(cloud, function, EventPattern={"source": [shop]}, State="DISABLED").rpartition("/")[2]
    put(cloud, {"n": 1}, source=shop)

    cloud.client("events").enable_rule(Name=name)
    put(cloud, {"n": 2}, source=shop)

    eventually(lambda: numbers(cloud, function) == [2])


def test_a_target_may_get_a_part_of_the_event_or_another(cloud: Any, eventually: Callable[..., Any]) -> None:
    function, shop = cloud.function(ECHO), source()
    pattern = {"source": [shop]}
    rule(cloud, function, EventPattern=pattern, target={"Input": '{"constant": true}'})
    rule(cloud, function, EventPattern=pattern, target={"InputPath": "$.detail.items[1]"})
    template = '{"who": <who>, "text": "order of <who>", "all": <all>, "none": <none>}'
    paths = {"who": "$.detail.who", "all": "$.detail.items", "none": "$.detail.nothing"}
    transformer = {"InputPathsMap": paths, "InputTemplate": template}
    rule(cloud, function, EventPattern=pattern, target={"InputTransformer": transformer})

    put(cloud, {"who": 'Zoë "Z"', "items": [1, {"two": 2}]}, source=shop)

    events = eventually(lambda: (found := cloud.logged_json(function)) and len(found) == 3 and found)
    assert {"constant": True} in events
    assert {"two": 2} in events
    assert {
        "who": 'Zoë "Z"',
        "text": 'order of Zoë "Z"',
        "all": [1, {"two": 2}],
        "none": None,
    } in events


def test_what_cannot_be_delivered_goes_to_the_dead_letter_queue_of_the_target(cloud: Any) -> None:
    function, shop = cloud.function(ECHO), source()
    url, queue = cloud.queue()
    arn = rule(
        cloud,
        function,
        permitted=False,
        EventPattern={"source": [shop]},
        target={"DeadLetterConfig": {"Arn": queue}},
    )

    put(cloud, {"n": 1}, source=shop)

    [message] = cloud.client("sqs").receive_message(
        QueueUrl=url, WaitTimeSeconds=5, MessageAttributeNames=["All"]
    )["Messages"]
    attributes = {name: found["StringValue"] for name, found in message["MessageAttributes"].items()}
    assert json.loads(message["Body"])["detail"] == {"n": 1}
    assert "lambda:InvokeFunction" in attributes.pop("ERROR_MESSAGE")
    assert attributes == {
        "RULE_ARN": arn,
        "TARGET_ARN": function,
        "ERROR_CODE": "NO_PERMISSIONS",
        "RETRY_ATTEMPTS": "0",
    }
    assert cloud.logged_json(function) == []


def test_a_rule_with_a_schedule_fires_when_it_is_due_and_not_before(
    cloud: Any, endpoint: Endpoint, eventually: Callable[..., Any]
) -> None:
    every, daily, off = cloud.function(ECHO), cloud.function(ECHO), cloud.function(ECHO)
    arn = rule(cloud, every, ScheduleExpression="rate(10 minutes)")
    rule(cloud, daily, ScheduleExpression="cron(0 12 ? * * *)")
    rule(cloud, off, ScheduleExpression="rate(10 minutes)", State="DISABLED")
    put(cloud, {"n": 1})

    advance(endpoint.state.project, 9 * MINUTE)
    time.sleep(0.5)
    before = cloud.logged_json(every)
    advance(endpoint.state.project, 2 * MINUTE)
    event = eventually(lambda: cloud.logged_json(every))[0]
    advance(endpoint.state.project, 24 * 60 * MINUTE)

    assert before == []
    assert event.pop("id")
    assert event.pop("time").endswith("Z")
    assert event == {
        "version": "0",
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": "123456789012",
        "region": "us-east-1",
        "resources": [arn],
        "detail": {},
    }
    assert eventually(lambda: cloud.logged_json(daily))[0]["time"].endswith("T12:00:00Z")
    assert cloud.logged_json(off) == []


@pytest.mark.parametrize(
    ("options", "code", "named"),
    [
        ({"EventPattern": {"source": [{"begins": "x"}]}}, "InvalidEventPattern", "Unrecognized match type"),
        ({"EventPattern": {"source": "x"}}, "InvalidEventPattern", "must be an object or an array"),
        ({"ScheduleExpression": "rate(1 minutes)"}, "Validation", "does not agree in number"),
        ({"ScheduleExpression": "cron(0 12 * * * *)"}, "Validation", "must be ?"),
        ({"ScheduleExpression": "cron(0 25 * * ? *)"}, "Validation", "'25' is not between 0 and 23"),
    ],
)
def test_rules_that_eventbridge_refuses(cloud: Any, options: dict[str, Any], code: str, named: str) -> None:
    with pytest.raises(ClientError) as caught:
        rule(cloud, "", **options)

    assert caught.value.response["Error"]["Code"] == f"{code}Exception"
    assert named in caught.value.response["Error"]["Message"]


def test_a_target_that_is_not_emulated_is_refused_by_name(cloud: Any) -> None:
    target = "arn:aws:states:us-east-1:123456789012:stateMachine:m"

    with pytest.raises(ClientError) as caught:
        rule(cloud, target, permitted=False, EventPattern={"source": ["x"]})

    assert "'states'" in str(caught.value)
    assert "not emulated on this machine" in str(caught.value)


def test_a_queue_and_a_topic_get_events_too(cloud: Any) -> None:
    shop = source()
    url, queue = cloud.queue()
    topic = cloud.client("sns").create_topic(Name=f"t-{uuid.uuid4().hex[:8]}")["TopicArn"]
    other_url, other = cloud.queue()
    attributes = {"RawMessageDelivery": "true"}
    cloud.client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=other, Attributes=attributes)
    rule(cloud, queue, permitted=False, EventPattern={"source": [shop]})
    rule(cloud, topic, permitted=False, EventPattern={"source": [shop]})

    put(cloud, {"n": 1}, source=shop)

    bodies = [
        json.loads(cloud.client("sqs").receive_message(QueueUrl=found)["Messages"][0]["Body"])
        for found in (url, other_url)
    ]
    assert [body["detail"] for body in bodies] == [{"n": 1}] * 2


# Scheduler


def scheduler_role(cloud: Any, function: str) -> str:
    name = f"scheduler-{uuid.uuid4().hex[:8]}"
    trust = {
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "scheduler.amazonaws.com"},
                "Action": "sts:AssumeRole",
            }
        ]
    }
    arn: str = cloud.client("iam").create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust))[
        "Role"
    ]["Arn"]
    if function:
        cloud.allow(arn, ["lambda:InvokeFunction"], function)
    return arn


def schedule(cloud: Any, function: str, expression: str, **options: Any) -> str:
    target = {"Arn": function, "RoleArn": scheduler_role(cloud, function), **options.pop("target", {})}
    settings = {"FlexibleTimeWindow": {"Mode": "OFF"}, **options}
    arn: str = cloud.client("scheduler").create_schedule(
        Name=f"s-{uuid.uuid4().hex[:8]}", ScheduleExpression=expression, Target=target, **settings
    )["ScheduleArn"]
    return arn


def test_a_rate_begins_at_once_and_fills_in_what_the_input_asks_for(
    cloud: Any, endpoint: Endpoint, eventually: Callable[..., Any]
) -> None:
    function = cloud.function(ECHO)
    words = ("schedule-arn", "scheduled-time", "execution-id", "attempt-number")
    text = json.dumps({word: f"<aws.scheduler.{word}>" for word in words})
    arn = schedule(
        cloud,
        function,
        "rate(5 minutes)",
        target={"Input": text},
        FlexibleTimeWindow={"Mode": "FLEXIBLE", "MaximumWindowInMinutes": 10},
    )

    first = eventually(lambda: cloud.logged_json(function))[0]
    advance(endpoint.state.project, 5 * MINUTE)
    eventually(lambda: len(cloud.logged_json(function)) == 2)

    assert first["schedule-arn"] == arn
    assert first["scheduled-time"].endswith("Z")
    assert uuid.UUID(first["execution-id"])
    assert first["attempt-number"] == "1"


def test_a_time_is_that_of_its_zone_and_comes_once(
    cloud: Any, endpoint: Endpoint, eventually: Callable[..., Any]
) -> None:
    function, never = cloud.function(ECHO), cloud.function(ECHO)
    # The clock was put forward by other tests, by a day or two.
    local = (datetime.now(timezone.utc) + timedelta(days=10)).replace(
        hour=12, minute=0, second=0, tzinfo=None
    )
    arn = schedule(
        cloud,
        function,
        f"at({local.isoformat(timespec='seconds')})",
        ScheduleExpressionTimezone="Asia/Kolkata",
        ActionAfterCompletion="DELETE",
    )
    schedule(cloud, never, "cron(0 12 * * ? *)", State="DISABLED")

    advance(endpoint.state.project, 11 * 24 * 60 * MINUTE)

    [event] = eventually(lambda: cloud.logged_json(function))
    assert event["time"] == f"{local.date()}T06:30:00Z"
    assert event["source"] == "aws.scheduler"
    assert event["resources"] == [arn]
    with pytest.raises(cloud.client("scheduler").exceptions.ResourceNotFoundException):
        cloud.client("scheduler").get_schedule(Name=arn.rpartition("/")[2])
    assert cloud.logged_json(never) == []


def test_a_role_that_may_not_invoke_leaves_a_dead_letter(cloud: Any) -> None:
    function = cloud.function(ECHO)
    url, queue = cloud.queue()
    arn = schedule(
        cloud,
        function,
        "rate(1 day)",
        target={
            "RoleArn": scheduler_role(cloud, ""),
            "DeadLetterConfig": {"Arn": queue},
            "Input": '{"n": 1}',
        },
    )

    [message] = cloud.client("sqs").receive_message(
        QueueUrl=url, WaitTimeSeconds=5, MessageAttributeNames=["All"]
    )["Messages"]
    attributes = {name: found["StringValue"] for name, found in message["MessageAttributes"].items()}
    assert json.loads(message["Body"]) == {"n": 1}
    assert attributes["SCHEDULE_ARN"] == arn
    assert attributes["TARGET_ARN"] == function
    assert attributes["ERROR_CODE"] == "AccessDeniedException"
    assert cloud.logged_json(function) == []


@pytest.mark.parametrize(
    ("expression", "options", "named"),
    [
        ("rate(5 seconds)", {}, "Invalid Schedule Expression"),
        (
            "rate(5 minutes)",
            {"ScheduleExpressionTimezone": "Mars/Phobos"},
            "There is no time zone 'Mars/Phobos'",
        ),
        ("rate(5 minutes)", {"target": {"Input": "{"}}, "Input is not valid JSON"),
        ("rate(5 minutes)", {"FlexibleTimeWindow": {"Mode": "FLEXIBLE"}}, "MaximumWindowInMinutes"),
        (
            "rate(5 minutes)",
            {"target": {"Arn": "arn:aws:sqs:us-east-1:123456789012:q"}},
            "is not emulated on this machine",
        ),
    ],
)
def test_schedules_that_scheduler_refuses(
    cloud: Any, expression: str, options: dict[str, Any], named: str
) -> None:
    with pytest.raises(ClientError) as caught:
        schedule(cloud, "arn:aws:lambda:us-east-1:123456789012:function:f", expression, **options)

    assert named in str(caught.value)


def test_a_role_that_scheduler_may_not_assume_is_refused(cloud: Any) -> None:
    function = cloud.function(ECHO)

    with pytest.raises(ClientError) as caught:
        schedule(cloud, function, "rate(5 minutes)", target={"RoleArn": cloud.role()})

    assert "must allow AWS EventBridge Scheduler to assume the role" in str(caught.value)
