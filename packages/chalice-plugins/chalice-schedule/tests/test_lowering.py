"""How declarations become resources, and what samples look like."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from chalice_core.graph import Graph
from chalice_core.kinds import (
    EventInvokeConfig,
    EventRule,
    InvokePermission,
    Role,
    Schedule,
    Statement,
)
from chalice_core.manifest import EventDeclaration
from chalice_core.samples import SampleArgumentError
from chalice_core.testing import function, stage_config
from chalice_core.values import Output, Pseudo, ResourceId
from chalice_schedule import CloudWatchEvent, hooks

Declare = Callable[..., EventDeclaration]
QUEUE = "arn:aws:sqs:us-west-2:123456789012:failed"


def lowered(event: EventDeclaration) -> list[Any]:
    work = function(event.function)
    resources = hooks.chalice_lower_event(event=event, function=work, config=stage_config())
    assert resources is not None
    return list(resources)


class TestRules:
    def test_a_schedule_becomes_a_rule_that_alone_may_invoke_the_function(self, declare: Declare) -> None:
        rule, permission = lowered(declare(description="now and then", dead_letter_queue=QUEUE))

        assert isinstance(rule, EventRule)
        assert isinstance(permission, InvokePermission)
        assert (rule.rule_name, rule.schedule_expression) == ("hello-dev-tick-event", "rate(5 minutes)")
        assert (rule.event_pattern, rule.event_bus) == (None, None)
        assert (rule.description, rule.dead_letter_arn) == ("now and then", QUEUE)
        assert permission.principal == "events.amazonaws.com"
        assert permission.source_arn == rule.arn
        assert permission.function_arn == rule.function_arn == function("tick").arn

    def test_a_pattern_becomes_a_rule_on_its_bus(self, declare_pattern: Declare) -> None:
        pattern = {"source": ["shop"], "detail": {"total": [{"numeric": [">", 5]}]}}

        rule, permission = lowered(declare_pattern(event_pattern=pattern, event_bus="orders"))

        assert (rule.rule_name, rule.event_bus) == ("hello-dev-sold-event", "orders")
        assert (rule.event_pattern, rule.schedule_expression) == (pattern, None)
        # The ARN of a rule holds the name of its bus, which nobody has to write here.
        assert permission.source_arn == rule.arn

    def test_the_ids_stay_the_same_from_release_to_release(
        self, declare: Declare, declare_pattern: Declare
    ) -> None:
        assert [one.id for one in lowered(declare(maximum_retry_attempts=1, on_failure=QUEUE))] == [
            "tick-event",
            "tick-event-permission",
            "tick-sends-failures",
            "tick-invoke-config",
        ]
        assert [one.id for one in lowered(declare_pattern())] == ["sold-event", "sold-event-permission"]
        assert [one.id for one in lowered(declare(scheduler=True, dead_letter_queue=QUEUE))] == [
            "tick-schedule-role",
            "tick-schedule-sends-dead-letters",
            "tick-schedule",
        ]

    def test_options_left_out_take_the_decorators_defaults(self) -> None:
        event = EventDeclaration(
            source="scheduled",
            decorator="schedule",
            function="tick",
            options={"expression": "rate(1 day)", "description": ""},
        )

        rule, _ = lowered(event)

        assert (rule.description, rule.dead_letter_arn) == ("", None)


class TestScheduler:
    @pytest.mark.parametrize(
        "options",
        [{"scheduler": True}, {"timezone": "Europe/Berlin"}, {"flexible_time_window_in_minutes": 5}],
    )
    def test_each_of_its_options_chooses_it(self, declare: Declare, options: dict[str, Any]) -> None:
        role, schedule = lowered(declare(**options))

        assert isinstance(role, Role)
        assert isinstance(schedule, Schedule)
        assert schedule.timezone == options.get("timezone", "UTC")
        assert schedule.flexible_window == options.get("flexible_time_window_in_minutes")

    def test_its_role_may_invoke_exactly_that_function(self, declare: Declare) -> None:
        role, schedule = lowered(declare(scheduler=True, description="later"))

        assert (role.role_name, role.trusted_services) == ("hello-dev-tick-schedule", ("scheduler",))
        assert role.statements == (
            Statement(actions=("lambda:InvokeFunction",), resources=(function("tick").arn,)),
        )
        assert schedule.role == role.arn
        assert (schedule.schedule_name, schedule.description) == ("hello-dev-tick", "later")

    def test_its_role_sends_what_could_not_be_delivered(self, declare: Declare) -> None:
        tick = function("tick")
        own = Role(id=ResourceId("default-role"), role_name="hello-dev")

        graph = Graph.of([own, tick, *lowered(declare(scheduler=True, dead_letter_queue=QUEUE))])

        roles = {role.id: role for role in graph.of_kind(Role)}
        assert roles[own.id].statements == ()
        assert (
            Statement(actions=("sqs:SendMessage",), resources=(QUEUE,))
            in roles[ResourceId("tick-schedule-role")].statements
        )
        assert graph.of_kind(Schedule)[0].dead_letter_arn == QUEUE

    def test_the_event_that_it_sends_is_one_for_the_handler(self, declare: Declare) -> None:
        """Scheduler puts values in the place of the signs; here they stand for themselves."""
        _, schedule = lowered(declare(scheduler=True))
        facts = {Pseudo.ACCOUNT: "123456789012", Pseudo.REGION: "us-west-2"}
        rendered = {
            name: facts.get(value, value) if isinstance(value, Pseudo) else value
            for name, value in schedule.input.items()
        }

        event = CloudWatchEvent(json.loads(json.dumps(rendered)), None)

        assert (event.source, event.detail_type, event.detail) == ("aws.scheduler", "Scheduled Event", {})
        assert (event.account, event.region) == ("123456789012", "us-west-2")
        assert event.time == "<aws.scheduler.scheduled-time>"
        assert event.resources == ["<aws.scheduler.schedule-arn>"]
        assert event.event_id == "<aws.scheduler.execution-id>"

    def test_options_of_asynchronous_events_are_the_functions_own(self, declare: Declare) -> None:
        *_, config = lowered(declare(timezone="UTC", maximum_event_age_in_seconds=60))

        assert isinstance(config, EventInvokeConfig)
        assert (config.maximum_event_age, config.function_arn) == (60, function("tick").arn)

    def test_a_function_with_a_role_of_its_owner_has_a_schedule_with_its_own(self, declare: Declare) -> None:
        owned = function("tick", role="arn:aws:iam::123456789012:role/own")
        event = declare(scheduler=True)

        resources = hooks.chalice_lower_event(event=event, function=owned, config=stage_config())
        graph = Graph.of([owned, *(resources or ())])

        (schedule,) = graph.of_kind(Schedule)
        assert schedule.role == Output(ResourceId("tick-schedule-role"), "arn")


def test_an_event_of_another_family_is_left_alone() -> None:
    event = EventDeclaration(source="sqs", decorator="on_sqs_message", function="work", options={})
    work = function("work")

    assert hooks.chalice_lower_event(event=event, function=work, config=stage_config()) is None
    assert hooks.chalice_sample_event(event=event, arguments={}) is None


class TestSamples:
    def test_a_schedules_event_names_the_rule(self, declare: Declare) -> None:
        event = hooks.chalice_sample_event(event=declare(), arguments={})
        other = hooks.chalice_sample_event(
            event=declare(), arguments={"rule_name": "r", "region": "eu-west-1"}
        )

        assert event is not None
        assert other is not None
        assert event["resources"] == ["arn:aws:events:us-west-2:123456789012:rule/tick-event"]
        assert other["resources"] == ["arn:aws:events:eu-west-1:123456789012:rule/r"]

    def test_what_is_left_out_of_an_event_comes_from_the_pattern(self, declare_pattern: Declare) -> None:
        pattern = {"source": [{"prefix": "x"}, "shop"], "detail-type": ["Sold", "Bought"]}
        arguments = {"detail": {"what": "tea"}, "resources": ["arn:x"]}

        event = hooks.chalice_sample_event(event=declare_pattern(event_pattern=pattern), arguments=arguments)

        made = CloudWatchEvent(dict(event or {}), None)
        assert (made.source, made.detail_type) == ("shop", "Sold")
        assert (made.detail, made.resources) == ({"what": "tea"}, ["arn:x"])

    def test_a_pattern_that_says_nothing_of_them_leaves_source_and_type_to_us(
        self, declare_pattern: Declare
    ) -> None:
        event = hooks.chalice_sample_event(
            event=declare_pattern(event_pattern={"account": ["123456789012"]}), arguments={}
        )

        made = CloudWatchEvent(dict(event or {}), None)
        assert (made.source, made.detail_type, made.detail) == ("source", "Event", {})

    @pytest.mark.parametrize(
        ("arguments", "says"),
        [
            ({"colour": "red"}, "no argument 'colour'"),
            ({"source": 5}, "'source' must be a text, not 5"),
            ({"detail": []}, "'detail' must be an object"),
            ({"resources": "arn:x"}, "'resources' must be a list of texts"),
            ({"resources": [1]}, "'resources' must be a list of texts"),
        ],
    )
    def test_wrong_arguments_are_named(
        self, declare_pattern: Declare, arguments: dict[str, Any], says: str
    ) -> None:
        with pytest.raises(SampleArgumentError) as caught:
            hooks.chalice_sample_event(event=declare_pattern(), arguments=arguments)

        assert says in caught.value.problem

    def test_wrong_arguments_of_a_schedule_are_named(self, declare: Declare) -> None:
        with pytest.raises(SampleArgumentError, match="rule_name"):
            hooks.chalice_sample_event(event=declare(), arguments={"rule_name": 5})
