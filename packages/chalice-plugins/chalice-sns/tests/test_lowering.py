"""How a declaration becomes resources, and what a sample looks like."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from chalice_core.kinds import EventInvokeConfig, Function, InvokePermission, TopicSubscription
from chalice_core.manifest import EventDeclaration
from chalice_core.samples import SampleArgumentError
from chalice_core.testing import function
from chalice_core.values import arn
from chalice_sns import SNSEvent, hooks

Declare = Callable[..., EventDeclaration]
QUEUE = "arn:aws:sqs:us-west-2:123456789012:failed"
ELSEWHERE = "arn:aws-cn:sns:cn-north-1:210987654321:news"


@pytest.fixture
def work() -> Function:
    return function("work")


def lowered(event: EventDeclaration, work: Function) -> list[Any]:
    resources = hooks.chalice_lower_event(event=event, function=work)
    assert resources is not None
    return list(resources)


def test_a_topic_becomes_a_permission_and_the_subscription_that_waits_for_it(
    declare: Declare, work: Function
) -> None:
    permission, subscription = lowered(declare(), work)

    assert isinstance(permission, InvokePermission)
    assert isinstance(subscription, TopicSubscription)
    assert (permission.principal, permission.source_account) == ("sns.amazonaws.com", None)
    assert permission.source_arn == subscription.topic_arn == arn("sns", "news")
    assert permission.function_arn == subscription.function_arn == work.arn
    assert subscription.after == (permission.id,)


def test_a_topic_of_another_region_or_account_is_named_by_its_arn(declare: Declare, work: Function) -> None:
    permission, subscription = lowered(declare(topic=ELSEWHERE), work)

    assert permission.source_arn == subscription.topic_arn == ELSEWHERE


def test_a_topic_of_a_region_to_opt_into_delivers_under_the_name_of_that_region(
    declare: Declare, work: Function
) -> None:
    topic = "arn:aws:sns:ap-east-1:123456789012:news"

    here, there, subscription = lowered(declare(topic=topic), work)

    assert (here.principal, there.principal) == ("sns.amazonaws.com", "sns.ap-east-1.amazonaws.com")
    assert here.source_arn == there.source_arn == topic
    assert subscription.after == (here.id, there.id)


@pytest.mark.parametrize("region", ["us-east-1", "eu-central-1", "sa-east-1"])
def test_a_topic_of_a_region_that_everybody_has_delivers_under_one_name(
    declare: Declare, work: Function, region: str
) -> None:
    assert len(lowered(declare(topic=f"arn:aws:sns:{region}:123456789012:news"), work)) == 2


def test_every_option_reaches_the_resources(declare: Declare, work: Function) -> None:
    policy = {"a": {"b": ["c"]}}
    event = declare(
        filter_policy=policy,
        filter_policy_scope="MessageBody",
        dead_letter_queue=QUEUE,
        maximum_event_age_in_seconds=60,
    )

    _, subscription, config = lowered(event, work)

    assert (subscription.filter_policy, subscription.filter_policy_scope) == (policy, "MessageBody")
    assert subscription.dead_letter_arn == QUEUE
    assert isinstance(config, EventInvokeConfig)
    assert config.maximum_event_age == 60


def test_options_left_out_take_the_decorators_defaults(work: Function) -> None:
    event = EventDeclaration(
        source="sns", decorator="on_sns_message", function="work", options={"topic": "news"}
    )

    _, subscription = lowered(event, work)

    assert (subscription.filter_policy, subscription.filter_policy_scope) == (None, None)
    assert subscription.dead_letter_arn is None


def test_the_ids_stay_the_same_from_release_to_release(declare: Declare, work: Function) -> None:
    resources = lowered(declare(maximum_retry_attempts=0), work)

    assert [resource.id for resource in resources] == [
        "work-sns-permission",
        "work-sns-subscription",
        "work-invoke-config",
    ]


def test_an_event_of_another_family_is_left_alone(work: Function) -> None:
    event = EventDeclaration(source="sqs", decorator="on_sqs_message", function="work", options={})

    assert hooks.chalice_lower_event(event=event, function=work) is None
    assert hooks.chalice_sample_event(event=event, arguments={}) is None


class TestSample:
    def test_message_subject_and_attributes_arrive(self, declare: Declare) -> None:
        attributes = {"colour": {"Type": "String", "Value": "red"}}
        arguments = {"message": "m", "subject": "s", "message_attributes": attributes}

        event = SNSEvent(dict(hooks.chalice_sample_event(event=declare(), arguments=arguments) or {}), None)

        assert (event.message, event.subject, event.message_attributes) == ("m", "s", attributes)

    def test_no_attributes_are_made_up(self, declare: Declare) -> None:
        event = hooks.chalice_sample_event(event=declare(), arguments={"message": "m"})

        assert SNSEvent(dict(event or {}), None).message_attributes == {}

    @pytest.mark.parametrize(
        ("arguments", "says"),
        [
            ({}, "'message' must be a text, not None"),
            ({"message": "m", "subject": 5}, "'subject' must be a text, not 5"),
            ({"message": "m", "message_attributes": []}, "'message_attributes' must be an object"),
            ({"message": "m", "colour": "red"}, "no argument 'colour'"),
        ],
    )
    def test_wrong_arguments_are_named(self, declare: Declare, arguments: dict[str, Any], says: str) -> None:
        with pytest.raises(SampleArgumentError) as caught:
            hooks.chalice_sample_event(event=declare(), arguments=arguments)

        assert says in caught.value.problem
