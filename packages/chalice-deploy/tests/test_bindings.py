"""What invokes functions asynchronously (rules, schedules, topics, buckets): deployed, changed, deleted."""

from __future__ import annotations

import functools
import itertools
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import boto3
import pytest
from moto.awslambda.models import LambdaBackend
from moto.s3 import notifications

from chalice_core.errors import ToolError
from chalice_core.kinds import (
    BucketNotification,
    EventInvokeConfig,
    EventRule,
    Function,
    InvokePermission,
    Resource,
    Role,
    Schedule,
    TopicSubscription,
)
from chalice_core.values import Pseudo, ResourceId, arn
from chalice_deploy.cloud import Cloud
from chalice_deploy.errors import AwsError, NameTakenError
from chalice_deploy.kinds.event_rule import TargetRefusedError

REGION = "eu-central-1"
ACCOUNT = "123456789012"
QUEUE = f"arn:aws:sqs:{REGION}:{ACCOUNT}:failed"
NEWS = f"arn:aws:sns:{REGION}:{ACCOUNT}:news"
ELSEWHERE = f"arn:aws:sns:eu-west-1:{ACCOUNT}:elsewhere"
FOREIGN = {
    "TopicConfigurations": [{"Id": "theirs", "TopicArn": NEWS, "Events": ["s3:ReducedRedundancyLostObject"]}],
    "LambdaFunctionConfigurations": [
        {
            "Id": "also-theirs",
            "LambdaFunctionArn": f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:theirs",
            "Events": ["s3:ObjectRemoved:*"],
        }
    ],
}


@functools.cache
def elsewhere() -> Any:
    """SNS in another region."""
    return boto3.client("sns", region_name="eu-west-1")


@pytest.fixture(autouse=True)
def one_invoke_config(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stock moto remembers all configurations of a function and answers with the first; AWS with the last."""
    stock = LambdaBackend.put_function_event_invoke_config

    def put(self: LambdaBackend, function_name: str, config: dict[str, Any]) -> Any:
        self.get_function(function_name).event_invoke_config.clear()
        return stock(self, function_name, config)

    monkeypatch.setattr(LambdaBackend, "put_function_event_invoke_config", put)


@pytest.fixture(autouse=True)
def no_test_events(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stock moto invokes functions with S3's test event, in containers that are not there; S3 does not."""
    monkeypatch.setattr(notifications, "send_test_event", lambda **_: None)


@pytest.fixture
def strict_bucket(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stock moto takes two entries for the same objects; S3 refuses them."""
    stock = Cloud.call

    def call(self: Cloud, service: str, operation: str, resource: str, /, **parameters: Any) -> Any:
        if operation == "PutBucketNotificationConfiguration":
            entries = parameters["NotificationConfiguration"].get("LambdaFunctionConfigurations", [])
            filters = [
                tuple(rule["Value"] for rule in entry["Filter"]["Key"]["FilterRules"])
                for entry in entries
                if "Filter" in entry
            ]
            if len(filters) != len(set(filters)):
                raise AwsError(
                    operation=operation,
                    resource=resource,
                    aws_code="InvalidArgument",
                    message="Configurations on the same bucket cannot share a common event type.",
                )
        return stock(self, service, operation, resource, **parameters)

    monkeypatch.setattr(Cloud, "call", call)


@pytest.fixture(autouse=True)
def theirs(aws: None, aws_client: Callable[[str], Any]) -> None:
    """What belongs to somebody else and is there before: buckets, topics, a bus, a queue, notifications."""
    for bucket in ("photos", "films"):
        aws_client("s3").create_bucket(
            Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION}
        )
    aws_client("sns").create_topic(Name="news")
    elsewhere().create_topic(Name="elsewhere")
    aws_client("events").create_event_bus(Name="orders")
    aws_client("sqs").create_queue(QueueName="failed")
    aws_client("s3").put_bucket_notification_configuration(Bucket="photos", NotificationConfiguration=FOREIGN)


def office(**changes: Any) -> list[Resource]:
    """An application with one of each binding, and two functions for one bucket."""
    role = Role(id=ResourceId("default-role"), role_name="shop-dev")
    schedules = replace(
        role, id=ResourceId("tick-schedule-role"), role_name="shop-dev-tick", trusted_services=("scheduler",)
    )
    work, other = (
        Function(
            id=ResourceId(name),
            name=name,
            function_name=f"shop-dev-{name}",
            handler=f"app.{name}",
            runtime="python3.12",
            role=role.arn,
        )
        for name in ("work", "other")
    )
    rule = EventRule(
        id=ResourceId("work-event"),
        rule_name="shop-dev-work-event",
        function_arn=work.arn,
        schedule_expression="rate(5 minutes)",
    )
    pattern = EventRule(
        id=ResourceId("other-event"),
        rule_name="shop-dev-other-event",
        function_arn=other.arn,
        event_pattern={"source": ["shop"], "detail": {"total": [{"numeric": [">", 5]}]}},
        event_bus="orders",
        description="sold",
        dead_letter_arn=QUEUE,
    )
    schedule = Schedule(
        id=ResourceId("work-schedule"),
        schedule_name="shop-dev-work",
        function_arn=work.arn,
        role=schedules.arn,
        schedule_expression="cron(0 9 ? * MON-FRI *)",
        timezone="Europe/Berlin",
        input={"account": Pseudo.ACCOUNT, "id": "<aws.scheduler.execution-id>"},
    )
    topic = TopicSubscription(
        id=ResourceId("work-sns-subscription"), topic_arn=arn("sns", "news"), function_arn=work.arn
    )
    notifications = [
        BucketNotification(
            id=ResourceId(f"{function.name}-s3-notification"),
            bucket="photos",
            function_arn=function.arn,
            events=("s3:ObjectCreated:*",),
            prefix=f"{function.name}/",
        )
        for function in (work, other)
    ]
    permission = InvokePermission(
        id=ResourceId("work-event-permission"),
        function_arn=work.arn,
        principal="events.amazonaws.com",
        source_arn=rule.arn,
    )
    config = EventInvokeConfig(
        id=ResourceId("work-invoke-config"),
        function_arn=work.arn,
        maximum_retry_attempts=0,
        on_failure=QUEUE,
    )
    resources: list[Resource] = [role, schedules, work, other, rule, pattern, schedule, topic, permission]
    resources += [*notifications, config]
    return [replace(item, **changes.get(item.id, {})) for item in resources]


CHANGED: dict[str, Any] = {
    "work-event": {"schedule_expression": "rate(1 hour)", "description": "hourly", "dead_letter_arn": QUEUE},
    "other-event": {"event_pattern": {"source": ["mall"]}, "dead_letter_arn": None, "description": ""},
    "work-schedule": {"flexible_window": 15, "timezone": "UTC", "dead_letter_arn": QUEUE},
    "work-sns-subscription": {
        "filter_policy": {"order": {"colour": ["red"]}},
        "filter_policy_scope": "MessageBody",
        "dead_letter_arn": QUEUE,
    },
    "work-s3-notification": {"events": ("s3:ObjectTagging:*",), "suffix": ".jpg"},
    "work-invoke-config": {"maximum_event_age": 60, "maximum_retry_attempts": None, "on_failure": None},
}
"""Changes of every binding that are made in place."""

MOVED: dict[str, Any] = {
    "other-event": {"event_bus": None, "rule_name": "shop-dev-moved"},
    "work-schedule": {"schedule_name": "shop-dev-later"},
    "work-sns-subscription": {"topic_arn": ELSEWHERE},
    "work-s3-notification": {"bucket": "films"},
    "other-s3-notification": {"prefix": "work/"},
}
"""Changes after which the old thing has to go."""

RENAMED: dict[str, Any] = {"work": {"function_name": "shop-dev-worker"}}
"""A function with another name is another function, and everything that invokes it changes."""


def _bindings(aws_client: Callable[[str], Any]) -> dict[str, Any]:
    """Return every binding that exists, without what AWS chooses anew each time."""
    events, scheduler, s3, lambda_ = map(aws_client, ("events", "scheduler", "s3", "lambda"))
    rules = {}
    for bus in ("default", "orders"):
        for rule in events.list_rules(EventBusName=bus)["Rules"]:
            targets = events.list_targets_by_rule(Rule=rule["Name"], EventBusName=bus)["Targets"]
            tags = events.list_tags_for_resource(ResourceARN=rule["Arn"])["Tags"]
            rules[bus, rule["Name"]] = {
                "what": rule.get("ScheduleExpression") or json.loads(rule["EventPattern"]),
                "description": rule.get("Description") or "",
                "targets": [(t["Arn"], t.get("DeadLetterConfig", {}).get("Arn")) for t in targets],
                "owners": [tag["Value"] for tag in tags],
            }
    schedules = {}
    for listed in scheduler.list_schedules()["Schedules"]:
        schedule = scheduler.get_schedule(Name=listed["Name"])
        schedules[listed["Name"]] = {
            name: schedule[name]
            for name in ("ScheduleExpression", "ScheduleExpressionTimezone", "FlexibleTimeWindow", "Target")
        }
    subscriptions = {}
    for client in (aws_client("sns"), elsewhere()):
        for listed in client.list_subscriptions()["Subscriptions"]:
            attributes = client.get_subscription_attributes(SubscriptionArn=listed["SubscriptionArn"])
            policy = json.loads(attributes["Attributes"].get("FilterPolicy") or "{}")
            subscriptions[listed["TopicArn"], listed["Endpoint"]] = {
                "policy": policy,
                # Without a policy a scope means nothing, and SNS does not tell it either.
                "scope": attributes["Attributes"].get("FilterPolicyScope") if policy else None,
                "redrive": json.loads(attributes["Attributes"].get("RedrivePolicy") or "{}"),
            }
    notifications = {}
    for bucket in ("photos", "films"):
        config = s3.get_bucket_notification_configuration(Bucket=bucket)
        entries = config.get("LambdaFunctionConfigurations", [])
        notifications[bucket] = {
            "functions": sorted(entries, key=lambda entry: str(entry["Id"])),
            "topics": [topic["Id"] for topic in config.get("TopicConfigurations", [])],
        }
    configs = {}
    for function in lambda_.list_functions()["Functions"]:
        name = function["FunctionName"]
        for config in lambda_.list_function_event_invoke_configs(FunctionName=name)[
            "FunctionEventInvokeConfigs"
        ]:
            configs[name] = {
                "retries": config.get("MaximumRetryAttempts"),
                "age": config.get("MaximumEventAgeInSeconds"),
                "destinations": config.get("DestinationConfig"),
            }
    return {
        "rules": rules,
        "schedules": schedules,
        "subscriptions": subscriptions,
        "notifications": notifications,
        "configs": configs,
    }


@pytest.fixture
def look(aws_client: Callable[[str], Any]) -> Callable[[], dict[str, Any]]:
    return lambda: _bindings(aws_client)


def function(name: str = "work") -> str:
    return f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:shop-dev-{name}"


def own_entries(bindings: dict[str, Any], bucket: str = "photos") -> dict[str, Any]:
    """Return the notifications of a bucket that are the application's, by id."""
    entries = bindings["notifications"][bucket]["functions"]
    return {entry["Id"]: entry for entry in entries if entry["Id"].startswith("shop/")}


class TestFirstDeployment:
    def test_every_binding_is_there_as_declared(self, project: Any, look: Any) -> None:
        project.deploy(office())

        found = look()
        assert found["rules"] == {
            ("default", "shop-dev-work-event"): {
                "what": "rate(5 minutes)",
                "description": "",
                "targets": [(function(), None)],
                "owners": ["shop/dev/work-event"],
            },
            ("orders", "shop-dev-other-event"): {
                "what": {"source": ["shop"], "detail": {"total": [{"numeric": [">", 5]}]}},
                "description": "sold",
                "targets": [(function("other"), QUEUE)],
                "owners": ["shop/dev/other-event"],
            },
        }
        assert found["subscriptions"] == {
            (NEWS, function()): {"policy": {}, "scope": None, "redrive": {}},
        }
        (config,) = found["configs"].values()
        assert (config["retries"], config["age"]) == (0, None)
        assert config["destinations"]["OnFailure"] == {"Destination": QUEUE}

    def test_a_schedule_has_its_time_zone_its_role_and_the_event_that_it_sends(
        self, project: Any, look: Any
    ) -> None:
        project.deploy(office())

        (schedule,) = look()["schedules"].values()
        assert schedule["ScheduleExpressionTimezone"] == "Europe/Berlin"
        assert schedule["FlexibleTimeWindow"] == {"Mode": "OFF"}
        assert schedule["Target"]["RoleArn"] == f"arn:aws:iam::{ACCOUNT}:role/shop-dev-tick"
        assert json.loads(schedule["Target"]["Input"]) == {
            "account": ACCOUNT,
            "id": "<aws.scheduler.execution-id>",
        }

    def test_a_permission_is_for_exactly_the_rule(self, project: Any, aws_client: Any) -> None:
        project.deploy(office())

        policy = json.loads(aws_client("lambda").get_policy(FunctionName="shop-dev-work")["Policy"])
        (statement,) = policy["Statement"]
        (source,) = statement["Condition"]["ArnLike"].values()
        assert source == f"arn:aws:events:{REGION}:{ACCOUNT}:rule/shop-dev-work-event"

    def test_foreign_notifications_of_the_bucket_stay(self, project: Any, look: Any) -> None:
        project.deploy(office())

        bucket = look()["notifications"]["photos"]
        assert bucket["topics"] == ["theirs"]
        assert [entry["Id"] for entry in bucket["functions"]] == [
            "also-theirs",
            "shop/dev/other-s3-notification",
            "shop/dev/work-s3-notification",
        ]

    def test_a_second_deployment_makes_no_mutating_call(self, project: Any, new_witness: Any) -> None:
        project.deploy(office(**{"work-sns-subscription": {"topic_arn": ELSEWHERE}}))
        witness = new_witness()

        plan, _ = project.deploy(office(**{"work-sns-subscription": {"topic_arn": ELSEWHERE}}), witness)

        assert (plan.steps, witness.mutating) == ((), [])

    def test_the_record_names_them_as_schema_2_0_does(self, project: Any) -> None:
        project.deploy(office())

        listed = {item["name"]: item for item in project.record["resources"]}
        assert listed["work-event"] == {
            "name": "work-event",
            "resource_type": "cloudwatch_event",
            "rule_name": "shop-dev-work-event",
        }
        assert listed["work-s3-notification"] == {
            "name": "work-s3-notification",
            "resource_type": "s3_event",
            "bucket": "photos",
            "lambda_arn": function(),
        }
        subscription = listed["work-sns-subscription"]
        assert subscription.pop("subscription_arn").startswith(f"{NEWS}:")
        assert subscription == {
            "name": "work-sns-subscription",
            "resource_type": "sns_event",
            "topic": "news",
            "topic_arn": NEWS,
            "lambda_arn": function(),
        }
        assert not {"work-schedule", "work-invoke-config"} & set(listed)

    def test_functions_that_share_a_bucket_do_not_lose_each_others_entries(
        self, project: Any, look: Any
    ) -> None:
        """Eight threads read, change and write one document."""
        resources = office()
        template = next(item for item in resources if isinstance(item, BucketNotification))
        many = [
            replace(template, id=ResourceId(f"more-{index}"), prefix=f"{index}/", function_arn=one.arn)
            for index, one in enumerate(
                replace(
                    item, id=ResourceId(f"f{index}"), name=f"f{index}", function_name=f"shop-dev-f{index}"
                )
                for index in range(8)
                for item in resources
                if isinstance(item, Function) and item.name == "work"
            )
        ]
        functions = [
            replace(item, id=ResourceId(f"f{index}"), name=f"f{index}", function_name=f"shop-dev-f{index}")
            for index in range(8)
            for item in resources
            if isinstance(item, Function) and item.name == "work"
        ]

        project.deploy([*resources, *functions, *many], workers=8)

        assert len(own_entries(look())) == 10
        assert "also-theirs" in [one["Id"] for one in look()["notifications"]["photos"]["functions"]]


class TestChanges:
    def test_every_setting_is_changed_in_place(self, project: Any, look: Any, new_witness: Any) -> None:
        project.deploy(office())
        witness = new_witness()

        plan, _ = project.deploy(office(**CHANGED), witness)

        assert {step.action for step in plan.steps} == {"update"}
        assert not {name for name in witness.mutating if name.startswith(("Delete", "Subscribe", "Create"))}
        found = look()
        assert found["rules"]["default", "shop-dev-work-event"]["targets"] == [(function(), QUEUE)]
        assert found["rules"]["default", "shop-dev-work-event"]["what"] == "rate(1 hour)"
        assert found["rules"]["orders", "shop-dev-other-event"]["targets"] == [(function("other"), None)]
        assert found["rules"]["orders", "shop-dev-other-event"]["description"] == ""
        schedule = found["schedules"]["shop-dev-work"]
        assert schedule["FlexibleTimeWindow"] == {"Mode": "FLEXIBLE", "MaximumWindowInMinutes": 15}
        assert schedule["Target"]["DeadLetterConfig"] == {"Arn": QUEUE}
        assert found["subscriptions"][NEWS, function()] == {
            "policy": {"order": {"colour": ["red"]}},
            "scope": "MessageBody",
            "redrive": {"deadLetterTargetArn": QUEUE},
        }
        entry = own_entries(found)["shop/dev/work-s3-notification"]
        assert entry["Events"] == ["s3:ObjectTagging:*"]
        assert {rule["Value"] for rule in entry["Filter"]["Key"]["FilterRules"]} == {"work/", ".jpg"}
        (config,) = found["configs"].values()
        assert (config["retries"], config["age"]) == (None, 60)
        assert not (config["destinations"] or {}).get("OnFailure")

    def test_and_back_again(self, project: Any, look: Any) -> None:
        project.deploy(office())
        before = look()
        project.deploy(office(**CHANGED))

        project.deploy(office())

        assert look() == before

    def test_old_bindings_go_when_bus_topic_and_bucket_change(self, project: Any, look: Any) -> None:
        project.deploy(office())

        project.deploy(office(**MOVED))

        found = look()
        assert set(found["rules"]) == {("default", "shop-dev-work-event"), ("default", "shop-dev-moved")}
        assert set(found["schedules"]) == {"shop-dev-later"}
        assert set(found["subscriptions"]) == {(ELSEWHERE, function())}
        assert set(own_entries(found)) == {"shop/dev/other-s3-notification"}
        assert set(own_entries(found, "films")) == {"shop/dev/work-s3-notification"}

    @pytest.mark.parametrize("how", ["swapped", "renamed"])
    def test_entries_for_the_same_objects_are_never_in_a_bucket_together(
        self, project: Any, look: Any, new_witness: Any, crash: Any, strict_bucket: None, how: str
    ) -> None:
        """S3 refuses them: what is in the way goes in the same call, and comes back if it is wanted."""
        changed = (
            office(
                **{"work-s3-notification": {"prefix": "other/"}, "other-s3-notification": {"prefix": "work/"}}
            )
            if how == "swapped"
            else [
                replace(
                    one, id=ResourceId("later-s3-notification"), function_arn=arn("lambda", "function:later")
                )
                if one.id == "other-s3-notification"
                else one
                for one in office()
            ]
        )
        project.deploy(office())
        plain = look()["notifications"]
        witness = new_witness()
        project.deploy(changed, witness)
        aim = look()["notifications"]
        assert aim != plain
        assert len(own_entries(look())) == 2

        for index, after in itertools.product(range(len(witness.mutating)), (False, True)):
            for wanted, result in ((office(), plain), (changed, aim), ([], None)):
                project.deploy(office())
                with pytest.raises(crash):
                    project.deploy(changed, new_witness(crash_at=index, after=after))
                project.deploy(wanted) if wanted else project.delete()

                found = look()
                assert found["notifications"] == result if result else own_entries(found) == {}

    def test_a_permission_for_a_former_bucket_stays_until_the_bucket_does_not_ask_for_it(
        self, project: Any, new_witness: Any
    ) -> None:
        """S3 refuses any change of the former bucket as long as its entries may not invoke."""

        def permitted(bucket: str) -> list[Resource]:
            permission = InvokePermission(
                id=ResourceId("work-s3-permission"),
                function_arn=next(one for one in office() if isinstance(one, Function)).arn,
                principal="s3.amazonaws.com",
                source_arn=arn("s3", bucket, regional=False, account=False),
            )
            moved = {"bucket": bucket, "after": (permission.id,)}
            return [permission, *office(**{"work-s3-notification": moved})]

        project.deploy(permitted("photos"))
        witness = new_witness()

        project.deploy(permitted("films"), witness)

        assert "AddPermission" in witness.mutating[:2]
        assert witness.mutating[-2:] == ["PutBucketNotificationConfiguration", "RemovePermission"]

    def test_what_waits_for_its_end_is_not_made_a_second_time(
        self, project: Any, look: Any, aws_client: Any, new_witness: Any, crash: Any
    ) -> None:
        """Stock moto takes a second statement of one id."""

        def permitted(topic: str) -> list[Resource]:
            permission = InvokePermission(
                id=ResourceId("work-sns-permission"),
                function_arn=next(one for one in office() if isinstance(one, Function)).arn,
                principal="sns.amazonaws.com",
                source_arn=arn("sns", topic),
            )
            return [permission, *office()]

        def statements() -> list[str]:
            policy = aws_client("lambda").get_policy(FunctionName="shop-dev-work")["Policy"]
            return sorted(json.dumps(one, sort_keys=True) for one in json.loads(policy)["Statement"])

        project.deploy(permitted("news"))
        plain = statements()
        with pytest.raises(crash):
            project.deploy(permitted("olds"), new_witness(crash_at=1))

        project.deploy(permitted("news"))

        assert statements() == plain

    def test_what_is_removed_from_the_application_goes(self, project: Any, look: Any) -> None:
        project.deploy(office())
        kinds = (EventRule, Schedule, TopicSubscription, BucketNotification, EventInvokeConfig)

        project.deploy(
            [one for one in office() if not isinstance(one, kinds) and one.id != "work-event-permission"]
        )

        found = look()
        assert (found["rules"], found["schedules"], found["subscriptions"], found["configs"]) == (
            {},
            {},
            {},
            {},
        )
        assert own_entries(found) == {}
        assert found["notifications"]["photos"]["topics"] == ["theirs"]

    def test_the_scope_is_narrowed_after_the_policy_fits(self, project: Any, new_witness: Any) -> None:
        """SNS refuses a policy with nested fields for attributes at every moment in between."""
        body = {"filter_policy": {"a": {"b": ["c"]}}, "filter_policy_scope": "MessageBody"}
        flat = {"filter_policy": {"a": ["c"]}, "filter_policy_scope": "MessageAttributes"}
        for one, other in ((body, flat), (flat, body)):
            project.deploy(office(**{"work-sns-subscription": one}))
            witness = new_witness()

            project.deploy(office(**{"work-sns-subscription": other}), witness)

            assert witness.mutating == ["SetSubscriptionAttributes"] * 2

    def test_bindings_of_a_renamed_function_follow_it(self, project: Any, look: Any) -> None:
        project.deploy(office())

        project.deploy(office(**RENAMED))

        found = look()
        assert found["rules"]["default", "shop-dev-work-event"]["targets"] == [(function("worker"), None)]
        assert found["schedules"]["shop-dev-work"]["Target"]["Arn"] == function("worker")
        assert set(found["subscriptions"]) == {(NEWS, function("worker"))}
        entry = own_entries(found)["shop/dev/work-s3-notification"]
        assert entry["LambdaFunctionArn"] == function("worker")
        assert set(found["configs"]) == {"shop-dev-worker"}

    @pytest.mark.parametrize(
        ("service", "operation", "parameters"),
        [
            ("events", "remove_targets", {"Rule": "shop-dev-work-event", "Ids": ["1"]}),
            ("scheduler", "delete_schedule", {"Name": "shop-dev-work"}),
        ],
    )
    def test_what_was_deleted_by_hand_is_made_again_with_the_next_change(
        self, project: Any, look: Any, aws_client: Any, service: str, operation: str, parameters: Any
    ) -> None:
        project.deploy(office())
        project.deploy(office(**CHANGED))
        aim = look()
        project.deploy(office())
        getattr(aws_client(service), operation)(**parameters)

        project.deploy(office(**CHANGED))

        assert look() == aim

    def test_an_unsubscribed_function_is_subscribed_again(
        self, project: Any, look: Any, aws_client: Any
    ) -> None:
        project.deploy(office())
        (listed,) = aws_client("sns").list_subscriptions()["Subscriptions"]
        aws_client("sns").unsubscribe(SubscriptionArn=listed["SubscriptionArn"])

        project.deploy(office(**CHANGED))

        assert look()["subscriptions"][NEWS, function()]["scope"] == "MessageBody"


class TestOwnership:
    def test_a_rule_of_somebody_else_is_refused_and_left_alone(
        self, project: Any, look: Any, aws_client: Any
    ) -> None:
        aws_client("events").put_rule(Name="shop-dev-work-event", ScheduleExpression="rate(7 days)")

        with pytest.raises(NameTakenError):
            project.deploy(office())
        project.delete()

        assert look()["rules"] == {
            ("default", "shop-dev-work-event"): {
                "what": "rate(7 days)",
                "description": "",
                "targets": [],
                "owners": [],
            }
        }

    def test_a_schedule_of_somebody_else_is_refused_and_left_alone(
        self, project: Any, look: Any, aws_client: Any
    ) -> None:
        target = {"Arn": QUEUE, "RoleArn": f"arn:aws:iam::{ACCOUNT}:role/theirs"}
        aws_client("scheduler").create_schedule(
            Name="shop-dev-work",
            ScheduleExpression="rate(7 days)",
            FlexibleTimeWindow={"Mode": "OFF"},
            Target=target,
        )

        with pytest.raises(NameTakenError):
            project.deploy(office())
        project.delete()

        assert look()["schedules"]["shop-dev-work"]["Target"]["RoleArn"] == target["RoleArn"]

    def test_a_subscription_of_our_function_that_is_there_is_used(
        self, project: Any, look: Any, aws_client: Any, new_witness: Any
    ) -> None:
        """SNS refuses to subscribe with other attributes; stock moto does not, so its answer is played."""
        project.deploy([one for one in office() if not isinstance(one, TopicSubscription)])
        there = aws_client("sns").subscribe(TopicArn=NEWS, Protocol="lambda", Endpoint=function())
        witness = new_witness()
        refusal = (
            "Invalid parameter: Attributes Reason: Subscription already exists with different attributes"
        )
        witness.fail["Subscribe"] = [("InvalidParameter", refusal)]

        project.deploy(office(**CHANGED), witness)

        found = project.record["chalice"]["resources"]["work-sns-subscription"]["identity"]
        assert found == {"SubscriptionArn": there["SubscriptionArn"]}
        assert look()["subscriptions"][NEWS, function()]["policy"] == {"order": {"colour": ["red"]}}

    def test_a_topic_of_another_account_does_not_say_who_is_subscribed(
        self, project: Any, look: Any, new_witness: Any, crash: Any
    ) -> None:
        with pytest.raises(crash):
            project.deploy(office(), new_witness(crash_after="Subscribe"))
        witness = new_witness()
        witness.fail["ListSubscriptionsByTopic"] = [("AuthorizationError", "not authorized")]

        project.deploy(office(), witness)

        assert "ListSubscriptions" in witness.operations
        assert "Subscribe" not in witness.operations
        assert set(look()["subscriptions"]) == {(NEWS, function())}


class TestRefusals:
    def test_a_bucket_that_is_not_there_is_named_with_what_to_do(self, project: Any) -> None:
        with pytest.raises(AwsError) as caught:
            project.deploy(office(**{"work-s3-notification": {"bucket": "nowhere"}}))

        assert caught.value.fix.startswith("Create the bucket")

    def test_a_topic_that_is_not_there_is_named_with_what_to_do(self, project: Any) -> None:
        with pytest.raises(AwsError) as caught:
            project.deploy(office(**{"work-sns-subscription": {"topic_arn": arn("sns", "nothing")}}))

        assert caught.value.fix.startswith("Create the topic")

    def test_an_overlap_with_somebody_elses_notification_says_where_to_look(
        self, project: Any, new_witness: Any
    ) -> None:
        """Stock moto allows overlaps, so the answer of S3 is played."""
        witness = new_witness()
        overlap = (
            "Configuration is ambiguously defined. Cannot have overlapping suffixes in two rules if the "
            "prefixes are overlapping for the same event type."
        )
        witness.fail["PutBucketNotificationConfiguration"] = [("InvalidArgument", overlap)] * 2

        with pytest.raises(ToolError, match="ambiguously defined") as caught:
            project.deploy(office(), witness)

        assert "made elsewhere" in str(caught.value)

    def test_s3_is_asked_again_while_it_does_not_know_the_permission(
        self, project: Any, look: Any, new_witness: Any
    ) -> None:
        witness = new_witness()
        unable = ("InvalidArgument", "Unable to validate the following destination configurations")
        witness.fail["PutBucketNotificationConfiguration"] = [
            unable,
            unable,
            ("OperationAborted", "conflict"),
        ]

        project.deploy(office(), witness)

        assert len(own_entries(look())) == 2
        # Read anew for each attempt, for somebody else may have been quicker, and after each success.
        assert witness.operations.count("GetBucketNotificationConfiguration") == 7

    def test_an_entry_that_another_program_wrote_over_is_added_again(
        self, project: Any, look: Any, aws_client: Any, new_witness: Any
    ) -> None:
        class Overwritten(new_witness):  # type: ignore[misc]
            left = 1

            def came_back(self, model: Any, **event: Any) -> None:
                super().came_back(model, **event)
                if model.name == "PutBucketNotificationConfiguration" and self.left:
                    self.left -= 1
                    aws_client("s3").put_bucket_notification_configuration(
                        Bucket="photos", NotificationConfiguration={}
                    )

        project.deploy(office(), Overwritten())

        assert len(own_entries(look())) == 2

    def test_a_notification_goes_although_s3_would_refuse_one_of_somebody_else(
        self, project: Any, look: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """S3 validates all destinations unless it is told not to; stock moto asks for nothing of the kind."""
        project.deploy(office())
        call, sent = Cloud.call, []

        def watching(self: Cloud, service: str, operation: str, resource: str, /, **parameters: Any) -> Any:
            if operation == "PutBucketNotificationConfiguration":
                sent.append(parameters.get("SkipDestinationValidation"))
            return call(self, service, operation, resource, **parameters)

        monkeypatch.setattr(Cloud, "call", watching)
        project.delete()

        assert sent == [True, True]
        assert own_entries(look()) == {}

    def test_a_notification_comes_although_s3_refuses_another_one_in_the_bucket(
        self, project: Any, look: Any, new_witness: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """S3 validates every entry, also one of a function that is gone or is about to go."""
        call, sent = Cloud.call, []

        def watching(self: Cloud, service: str, operation: str, resource: str, /, **parameters: Any) -> Any:
            if operation == "PutBucketNotificationConfiguration":
                sent.append(parameters.get("SkipDestinationValidation", False))
                if not sent[-1]:
                    message = "Unable to validate the following destination configurations"
                    raise AwsError(
                        operation=operation, resource=resource, aws_code="InvalidArgument", message=message
                    )
            return call(self, service, operation, resource, **parameters)

        monkeypatch.setattr(Cloud, "call", watching)
        project.deploy(office())

        assert sent == [False, False, False, True] * 2
        assert len(own_entries(look())) == 2

    def test_a_bucket_that_never_validates_is_given_up(self, project: Any, new_witness: Any) -> None:
        witness = new_witness()
        unable = ("InvalidArgument", "Unable to validate the following destination configurations")
        witness.fail["PutBucketNotificationConfiguration"] = [unable] * 20
        only = {"other-s3-notification"}

        with pytest.raises(AwsError, match="PutBucketNotificationConfiguration"):
            project.deploy([one for one in office() if one.id not in only], witness)

    @pytest.mark.parametrize(
        ("operation", "aws_code", "message"),
        [
            (
                "PutFunctionEventInvokeConfig",
                "InvalidParameterValueException",
                "The function's execution role does not have permissions to call SendMessage on arn:…",
            ),
            (
                "CreateSchedule",
                "ValidationException",
                "The execution role you provide must allow AWS EventBridge Scheduler to assume the role.",
            ),
            ("PutRule", "ConcurrentModificationException", "There is another one."),
        ],
    )
    def test_what_iam_has_not_told_everyone_yet_is_tried_again(
        self, project: Any, look: Any, new_witness: Any, operation: str, aws_code: str, message: str
    ) -> None:
        witness = new_witness()
        witness.fail[operation] = [(aws_code, message)] * 2

        project.deploy(office(), witness)

        assert witness.operations.count(f"{operation} refused") == 2
        assert look()["configs"]

    def test_a_target_that_eventbridge_refuses_is_no_success(
        self, project: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """PutTargets answers with HTTP 200 and says in its body what failed; stock moto never does."""
        call = Cloud.call

        def refusing(self: Cloud, service: str, operation: str, resource: str, /, **parameters: Any) -> Any:
            if operation == "PutTargets":
                return {"FailedEntryCount": 1, "FailedEntries": [{"ErrorCode": "Busy", "ErrorMessage": "no"}]}
            return call(self, service, operation, resource, **parameters)

        monkeypatch.setattr(Cloud, "call", refusing)

        with pytest.raises(TargetRefusedError, match="refused the function as the target"):
            project.deploy([one for one in office() if one.id != "other-event"])


CRASHED_ELSEWHERE = ("Role", "RolePolicy", "Function", "FunctionCode", "FunctionConfiguration", "LogGroup")
"""What operations of kinds end with that `test_crashes` crashes at."""


def moments(witness: Any, *, after: bool) -> list[int]:
    """Return the calls to crash at; before a call is nearly after the one before, so half of these do."""
    own = [index for index, name in enumerate(witness.mutating) if not name.endswith(CRASHED_ELSEWHERE)]
    assert own
    return own if after else own[::2]


@pytest.mark.one_python
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
class TestCrashes:
    def test_a_first_deployment_survives_a_crash_at_any_call(
        self, project: Any, look: Any, new_witness: Any, crash: Any, after: bool
    ) -> None:
        empty = look()
        witness = new_witness()
        project.deploy(office(), witness)
        aim = look()

        for index in moments(witness, after=after):
            project.delete()
            assert look() == empty, f"crashed at call {index - 1}"
            with pytest.raises(crash):
                project.deploy(office(), new_witness(crash_at=index, after=after))
            if index % 3 == 1:
                project.delete()
                assert look() == empty, f"crashed at call {index}"
            project.deploy(office())

            assert look() == aim, f"crashed at call {index}"
            assert project.record["chalice"]["intents"] == {}

    @pytest.mark.parametrize("changes", [CHANGED, MOVED, RENAMED], ids=["changed", "moved", "renamed"])
    def test_an_update_survives_a_crash_at_any_call_and_can_be_taken_back(
        self, project: Any, look: Any, new_witness: Any, crash: Any, after: bool, changes: dict[str, Any]
    ) -> None:
        wanted = office(**changes)
        project.deploy(office())
        plain = look()
        witness = new_witness()
        project.deploy(wanted, witness)
        aim = look()

        for index in moments(witness, after=after):
            project.deploy(office())
            with pytest.raises(crash):
                project.deploy(wanted, new_witness(crash_at=index, after=after))
            back = index % 4 < 2
            project.deploy(office() if back else wanted)

            assert look() == (plain if back else aim), f"crashed at call {index}"
            assert project.deploy(office() if back else wanted)[0].steps == ()

    def test_a_deletion_survives_a_crash_at_any_call(
        self, project: Any, look: Any, new_witness: Any, crash: Any, after: bool
    ) -> None:
        empty = look()
        project.deploy(office())
        witness = new_witness()
        project.delete(witness)

        for index in moments(witness, after=after):
            project.deploy(office())
            with pytest.raises(crash):
                project.delete(new_witness(crash_at=index, after=after))
            project.delete()

            assert look() == empty, f"crashed at call {index}"
            assert not project.record_path.exists()
