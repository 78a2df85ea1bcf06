"""Events of functions: which are written as SAM's events, which as resources, and who may invoke."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from chalice_core.kinds import Role, RolePolicy, Schedule, Statement
from chalice_core.values import Pseudo, ResourceId

Template = dict[str, Any]
TemplateOf = Callable[..., Template]
QUEUE = "arn:aws:sqs:us-west-2:123456789012:dead"
EVENTS = "events.amazonaws.com"


def events_of(template: Template, function: str = "Work") -> dict[str, Any]:
    """Return a function's events."""
    events: dict[str, Any] = template["Resources"][function]["Properties"].get("Events", {})
    return events


def types(template: Template) -> dict[str, str]:
    """Return the type of each resource but functions and the shared role."""
    return {
        id: resource["Type"]
        for id, resource in template["Resources"].items()
        if resource["Type"] != "AWS::Serverless::Function" and id != "DefaultRole"
    }


def test_a_schedule_is_an_event_and_sam_s_permission_is_the_only_one(
    parts: Any, template_of: TemplateOf
) -> None:
    work = parts.function("work")

    template = template_of(parts.role, work, *parts.rule(work))

    assert events_of(template) == {
        "WorkEvent": {"Type": "Schedule", "Properties": {"Schedule": "rate(5 minutes)"}}
    }
    assert types(template) == {}


def test_a_pattern_is_an_event_with_its_bus(parts: Any, template_of: TemplateOf) -> None:
    work = parts.function("work")
    pattern = {"source": ["shop"], "detail": {"n": [{"numeric": [">", 1]}]}}

    plain = template_of(parts.role, work, *parts.rule(work, event_pattern=pattern))
    on_bus = template_of(parts.role, work, *parts.rule(work, event_pattern=pattern, event_bus="orders"))

    assert events_of(plain) == {"WorkEvent": {"Type": "CloudWatchEvent", "Properties": {"Pattern": pattern}}}
    assert events_of(on_bus)["WorkEvent"]["Properties"] == {"Pattern": pattern, "EventBusName": "orders"}
    assert types(plain) == types(on_bus) == {}


def test_undeliverable_events_of_a_rule_have_a_queue(parts: Any, template_of: TemplateOf) -> None:
    work = parts.function("work")

    timed = template_of(parts.role, work, *parts.rule(work, dead_letter_arn=QUEUE))
    told = template_of(
        parts.role, work, *parts.rule(work, event_pattern={"source": ["x"]}, dead_letter_arn=QUEUE)
    )

    assert events_of(timed)["WorkEvent"]["Properties"]["DeadLetterConfig"] == {"Arn": QUEUE}
    assert events_of(told)["WorkEvent"] == {
        "Type": "EventBridgeRule",
        "Properties": {"Pattern": {"source": ["x"]}, "DeadLetterConfig": {"Arn": QUEUE}},
    }


def test_a_rule_that_sam_has_no_words_for_keeps_the_id_that_sam_would_give_it(
    parts: Any, template_of: TemplateOf, translate: Callable[[Template], Template]
) -> None:
    work = parts.function("work")
    pattern = {"source": ["shop"]}

    as_event = template_of(parts.role, work, *parts.rule(work, event_pattern=pattern))
    apart = template_of(
        parts.role,
        work,
        *parts.rule(work, event_pattern=pattern, event_bus="b", description="Orders", dead_letter_arn=QUEUE),
    )

    assert types(translate(as_event))["WorkWorkEvent"] == "AWS::Events::Rule"
    assert types(apart) == {
        "WorkWorkEvent": "AWS::Events::Rule",
        "WorkEventsPermission": "AWS::Lambda::Permission",
    }
    assert apart["Resources"]["WorkWorkEvent"]["Properties"] == {
        "EventPattern": pattern,
        "EventBusName": "b",
        "Description": "Orders",
        "Targets": [
            {
                "Arn": {"Fn::GetAtt": ["Work", "Arn"]},
                "Id": "WorkWorkEventLambdaTarget",
                "DeadLetterConfig": {"Arn": QUEUE},
            }
        ],
    }
    permission = apart["Resources"]["WorkEventsPermission"]["Properties"]
    assert permission["SourceArn"] == {"Fn::GetAtt": ["WorkWorkEvent", "Arn"]}


def test_a_rule_without_the_permission_of_sam_is_a_resource(parts: Any, template_of: TemplateOf) -> None:
    work = parts.function("work")
    rule, permission = parts.rule(work)

    alone = template_of(parts.role, work, rule)
    narrower = template_of(parts.role, work, rule, replace(permission, source_account=Pseudo.ACCOUNT))

    assert types(alone) == {"WorkWorkEvent": "AWS::Events::Rule"}
    assert alone["Resources"]["WorkWorkEvent"]["Properties"]["ScheduleExpression"] == "rate(5 minutes)"
    assert types(narrower) == {
        "WorkWorkEvent": "AWS::Events::Rule",
        "WorkEventsPermission": "AWS::Lambda::Permission",
    }


def test_a_rule_that_is_referred_to_is_a_resource_and_its_permission_is_there(
    parts: Any, template_of: TemplateOf
) -> None:
    work = parts.function("work")
    rule, permission = parts.rule(work)
    knows = parts.function("knows", environment={"RULE": rule.arn})

    template = template_of(parts.role, work, rule, permission, knows)

    assert "WorkWorkEvent" in types(template)
    assert "WorkEventsPermission" in types(template)
    variables = template["Resources"]["Knows"]["Properties"]["Environment"]["Variables"]
    assert variables == {"RULE": {"Fn::GetAtt": ["WorkWorkEvent", "Arn"]}}


def test_a_topic_is_an_event_and_sam_s_permission_is_the_only_one(
    parts: Any, template_of: TemplateOf
) -> None:
    work = parts.function("work")

    template = template_of(
        parts.role,
        work,
        *parts.topic(work, filter_policy={"kind": ["big"]}, filter_policy_scope="MessageBody"),
    )

    topic = {"Fn::Sub": "arn:${AWS::Partition}:sns:${AWS::Region}:${AWS::AccountId}:news"}
    assert events_of(template) == {
        "WorkSnsSubscription": {
            "Type": "SNS",
            "Properties": {
                "Topic": topic,
                "FilterPolicy": {"kind": ["big"]},
                "FilterPolicyScope": "MessageBody",
            },
        }
    }
    assert types(template) == {}


def test_a_topic_s_region_is_said_when_its_arn_says_one(parts: Any, template_of: TemplateOf) -> None:
    work = parts.function("work")
    topic = "arn:aws:sns:eu-west-1:123456789012:news"

    event = events_of(template_of(parts.role, work, *parts.topic(work, topic_arn=topic)))

    assert event["WorkSnsSubscription"]["Properties"] == {"Topic": topic, "Region": "eu-west-1"}


def test_a_subscription_with_a_queue_for_the_undeliverable_keeps_the_id_that_sam_gives(
    parts: Any, template_of: TemplateOf, translate: Callable[[Template], Template]
) -> None:
    work = parts.function("work")

    as_event = template_of(parts.role, work, *parts.topic(work))
    apart = template_of(parts.role, work, *parts.topic(work, dead_letter_arn=QUEUE))

    assert types(translate(as_event))["WorkWorkSnsSubscription"] == "AWS::SNS::Subscription"
    subscription = apart["Resources"]["WorkWorkSnsSubscription"]
    assert subscription["Type"] == "AWS::SNS::Subscription"
    assert subscription["DependsOn"] == ["WorkSnsPermission"]
    assert subscription["Properties"]["RedrivePolicy"] == {"deadLetterTargetArn": QUEUE}
    assert subscription["Properties"]["Endpoint"] == {"Fn::GetAtt": ["Work", "Arn"]}
    assert apart["Resources"]["WorkSnsPermission"]["Properties"]["Principal"] == "sns.amazonaws.com"


def test_a_mapping_keeps_its_id_when_it_has_to_become_a_resource(
    parts: Any, template_of: TemplateOf, translate: Callable[[Template], Template]
) -> None:
    work = parts.function("work")
    queue = parts.queue(work)
    other = Role(id=ResourceId("other"), role_name="other")

    as_event = translate(template_of(parts.role, work, queue))
    apart = template_of(parts.role, other, work, replace(queue, after=(parts.role.id, other.id)))

    assert types(as_event)["WorkWorkSqsEventSource"] == "AWS::Lambda::EventSourceMapping"
    assert types(apart)["WorkWorkSqsEventSource"] == "AWS::Lambda::EventSourceMapping"


def test_a_stream_has_every_option(parts: Any, template_of: TemplateOf) -> None:
    work = parts.function("work")
    mapping = parts.queue(
        work,
        service="kinesis",
        source_arn="arn:aws:kinesis:us-west-2:123456789012:stream/clicks",
        starting_position="AT_TIMESTAMP",
        starting_position_timestamp=1767225600.0,
        maximum_batching_window=5,
        filter_patterns=({"data": {"kind": ["click"]}},),
        on_failure=QUEUE,
        maximum_retry_attempts=-1,
        maximum_record_age=600,
        bisect_batch=True,
        parallelization_factor=4,
        tumbling_window=60,
    )

    (event,) = events_of(template_of(parts.role, work, mapping)).values()

    (pattern,) = event["Properties"].pop("FilterCriteria")["Filters"]
    assert json.loads(pattern["Pattern"]) == {"data": {"kind": ["click"]}}
    assert event["Properties"] == {
        "Stream": "arn:aws:kinesis:us-west-2:123456789012:stream/clicks",
        "BatchSize": 10,
        "StartingPosition": "AT_TIMESTAMP",
        "StartingPositionTimestamp": 1767225600.0,
        "MaximumBatchingWindowInSeconds": 5,
        "MaximumRetryAttempts": -1,
        "MaximumRecordAgeInSeconds": 600,
        "BisectBatchOnFunctionError": True,
        "ParallelizationFactor": 4,
        "TumblingWindowInSeconds": 60,
        "DestinationConfig": {"OnFailure": {"Destination": QUEUE}},
    }


def test_a_kafka_cluster_is_named_or_reached_at_its_servers(parts: Any, template_of: TemplateOf) -> None:
    work = parts.function("work")
    kafka: dict[str, Any] = {"service": "kafka", "starting_position": "LATEST", "topics": ("clicks",)}
    cluster = "arn:aws:kafka:us-west-2:123456789012:cluster/c/1"

    managed = parts.queue(work, **kafka, source_arn=cluster, consumer_group="g")
    own = parts.queue(
        work,
        **kafka,
        source_arn=None,
        bootstrap_servers=("kafka.example.com:9092",),
        source_access=(("BASIC_AUTH", "arn:aws:secretsmanager:us-west-2:123456789012:secret:s"),),
        consumer_group="g",
    )

    def properties(mapping: Any) -> dict[str, Any]:
        resource = template_of(parts.role, work, mapping)["Resources"]["WorkWorkSqsEventSource"]
        assert resource["Type"] == "AWS::Lambda::EventSourceMapping"
        found: dict[str, Any] = resource["Properties"]
        return found

    assert properties(managed)["EventSourceArn"] == cluster
    assert properties(managed)["AmazonManagedKafkaEventSourceConfig"] == {"ConsumerGroupId": "g"}
    assert properties(own).keys() & {"EventSourceArn", "AmazonManagedKafkaEventSourceConfig"} == set()
    assert properties(own)["SelfManagedKafkaEventSourceConfig"] == {"ConsumerGroupId": "g"}
    assert properties(own)["SelfManagedEventSource"] == {
        "Endpoints": {"KafkaBootstrapServers": ["kafka.example.com:9092"]}
    }
    assert properties(own)["SourceAccessConfigurations"] == [
        {"Type": "BASIC_AUTH", "URI": "arn:aws:secretsmanager:us-west-2:123456789012:secret:s"}
    ]
    assert properties(own)["Topics"] == ["clicks"]


def test_a_mapping_waits_for_a_policy_that_comes_after_the_role(parts: Any, template_of: TemplateOf) -> None:
    work = parts.function("work")
    policy = RolePolicy(
        id=ResourceId("work-reads"),
        role=parts.role.arn,
        policy_name="work-reads",
        statements=(Statement(actions=("sqs:ReceiveMessage",), resources=("*",)),),
        after=(work.id,),
    )

    resources = template_of(parts.role, work, policy, parts.queue(work, after=(policy.id,)))["Resources"]

    assert resources["WorkWorkSqsEventSource"]["DependsOn"] == ["WorkReads"]
    assert resources["WorkReads"] == {
        "Type": "AWS::IAM::Policy",
        "DependsOn": ["Work"],
        "Properties": {
            "PolicyName": "work-reads",
            "PolicyDocument": {
                "Version": "2012-10-17",
                "Statement": [{"Effect": "Allow", "Action": ["sqs:ReceiveMessage"], "Resource": "*"}],
            },
            "Roles": [{"Ref": "DefaultRole"}],
        },
    }


@pytest.mark.parametrize("window", [None, 15])
def test_a_schedule_of_scheduler_is_a_resource(
    parts: Any, template_of: TemplateOf, window: int | None
) -> None:
    work = parts.function("work")
    schedule = Schedule(
        id=ResourceId("work-schedule"),
        schedule_name="shop-dev-work",
        function_arn=work.arn,
        role=parts.role.arn,
        schedule_expression="rate(1 hour)",
        timezone="Europe/Berlin",
        flexible_window=window,
        input={"account": Pseudo.ACCOUNT, "why": 'a "${name}"', "function": work.arn, "n": [1, None, True]},
    )

    resource = template_of(parts.role, work, schedule)["Resources"]["WorkSchedule"]

    assert resource["Type"] == "AWS::Scheduler::Schedule"
    properties = resource["Properties"]
    assert properties["ScheduleExpressionTimezone"] == "Europe/Berlin"
    assert properties["FlexibleTimeWindow"] == (
        {"Mode": "OFF"} if window is None else {"Mode": "FLEXIBLE", "MaximumWindowInMinutes": window}
    )
    assert properties["Target"]["RoleArn"] == {"Fn::GetAtt": ["DefaultRole", "Arn"]}
    substituted = properties["Target"]["Input"]["Fn::Sub"]
    sent = substituted.replace("${AWS::AccountId}", "123456789012").replace("${Work.Arn}", "arn:w")
    assert json.loads(sent.replace("${!", "${")) == {
        "account": "123456789012",
        "why": 'a "${name}"',
        "function": "arn:w",
        "n": [1, None, True],
    }
