"""How a declaration becomes resources, and what a sample looks like."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from chalice_core.graph import Graph
from chalice_core.kinds import BucketNotification, EventInvokeConfig, Function, InvokePermission, Role
from chalice_core.manifest import EventDeclaration
from chalice_core.samples import SampleArgumentError
from chalice_core.testing import function
from chalice_core.values import Pseudo, arn
from chalice_s3 import S3Event, hooks

Declare = Callable[..., EventDeclaration]
QUEUE = "arn:aws:sqs:us-west-2:123456789012:failed"


@pytest.fixture
def work() -> Function:
    return function("work")


def lowered(event: EventDeclaration, work: Function) -> list[Any]:
    resources = hooks.chalice_lower_event(event=event, function=work)
    assert resources is not None
    return list(resources)


def test_a_bucket_becomes_a_permission_and_the_notification_that_waits_for_it(
    declare: Declare, work: Function
) -> None:
    permission, notification = lowered(declare(prefix="in/", suffix=".jpg"), work)

    assert isinstance(permission, InvokePermission)
    assert isinstance(notification, BucketNotification)
    assert (permission.principal, permission.action) == ("s3.amazonaws.com", "lambda:InvokeFunction")
    assert permission.source_arn == arn("s3", "photos", regional=False, account=False)
    assert permission.function_arn == notification.function_arn == work.arn
    assert (notification.bucket, notification.events) == ("photos", ("s3:ObjectCreated:*",))
    assert (notification.prefix, notification.suffix) == ("in/", ".jpg")
    assert notification.after == (permission.id,)


def test_only_buckets_of_the_account_may_invoke_the_function(declare: Declare, work: Function) -> None:
    """The ARN of a bucket names no account, and its name may be another's tomorrow."""
    permission, _ = lowered(declare(), work)

    assert permission.source_account is Pseudo.ACCOUNT


def test_the_ids_stay_the_same_from_release_to_release(declare: Declare, work: Function) -> None:
    resources = lowered(declare(on_failure=QUEUE), work)

    assert [resource.id for resource in resources] == [
        "work-s3-permission",
        "work-s3-notification",
        "work-sends-failures",
        "work-invoke-config",
    ]


def test_options_of_asynchronous_events_become_a_configuration(declare: Declare, work: Function) -> None:
    role = Role(id=work.role.of, role_name="gallery-dev")  # type: ignore[union-attr]
    resources = lowered(declare(maximum_retry_attempts=0, on_failure=QUEUE), work)

    graph = Graph.of([role, work, *resources])

    (config,) = graph.of_kind(EventInvokeConfig)
    assert (config.maximum_retry_attempts, config.on_failure) == (0, QUEUE)
    assert [one.actions for one in graph.of_kind(Role)[0].statements] == [("sqs:SendMessage",)]


def test_options_left_out_take_the_decorators_defaults(work: Function) -> None:
    event = EventDeclaration(
        source="s3",
        decorator="on_s3_event",
        function="work",
        options={"bucket": "photos", "events": ["s3:ObjectRemoved:*"]},
    )

    _, notification = lowered(event, work)

    assert (notification.prefix, notification.suffix) == ("", "")


def test_an_event_of_another_family_is_left_alone(work: Function) -> None:
    event = EventDeclaration(source="sqs", decorator="on_sqs_message", function="work", options={})

    assert hooks.chalice_lower_event(event=event, function=work) is None
    assert hooks.chalice_sample_event(event=event, arguments={}) is None


class TestSample:
    @pytest.mark.parametrize(
        ("events", "name"),
        [
            (["s3:ObjectCreated:*"], "ObjectCreated:Put"),
            (["s3:ObjectRemoved:*"], "ObjectRemoved:Delete"),
            (["s3:ObjectTagging:Put", "s3:ObjectCreated:*"], "ObjectTagging:Put"),
        ],
    )
    def test_it_is_of_the_declared_bucket_and_type(
        self, declare: Declare, events: list[str], name: str
    ) -> None:
        event = hooks.chalice_sample_event(event=declare(events=events), arguments={"key": "a b.jpg"})

        assert event is not None
        assert (event["Records"][0]["eventName"], S3Event(dict(event), None).key) == (name, "a b.jpg")
        assert S3Event(dict(event), None).bucket == "photos"

    def test_another_bucket_and_type_may_be_named(self, declare: Declare) -> None:
        arguments = {"key": "a", "bucket": "films", "event_name": "ObjectAcl:Put"}

        event = hooks.chalice_sample_event(event=declare(), arguments=arguments)

        assert event is not None
        assert event["Records"][0]["eventName"] == "ObjectAcl:Put"
        assert event["Records"][0]["s3"]["bucket"]["name"] == "films"

    @pytest.mark.parametrize(
        ("arguments", "says"),
        [
            ({}, "'key' must be a text, not None"),
            ({"key": 5}, "'key' must be a text, not 5"),
            ({"key": "a", "colour": "red"}, "no argument 'colour'"),
            ({"key": "a", "bucket": ""}, "'bucket' must be a text"),
        ],
    )
    def test_wrong_arguments_are_named(self, declare: Declare, arguments: dict[str, Any], says: str) -> None:
        with pytest.raises(SampleArgumentError) as caught:
            hooks.chalice_sample_event(event=declare(), arguments=arguments)

        assert says in caught.value.problem
