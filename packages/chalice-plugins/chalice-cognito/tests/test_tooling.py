"""The tooling half: problems, resources and samples."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from chalice_cognito import hooks
from chalice_cognito.sample import generate_cognito_event
from chalice_cognito.sample_arguments import sample_from_arguments
from chalice_cognito.triggers import TRIGGERS, UNSUPPORTED
from chalice_core.kinds import Function, InvokePermission, UserPoolTrigger
from chalice_core.manifest import App, EventDeclaration
from chalice_core.samples import SampleArgumentError
from chalice_core.values import ResourceId, arn

POOL = "eu-west-1_AbCdEfGhI"
POOL_ARN = f"arn:aws:cognito-idp:eu-west-1:123456789012:userpool/{POOL}"

Declare = Callable[..., EventDeclaration]


@pytest.fixture
def worker() -> Function:
    return Function(
        id=ResourceId("work"),
        name="work",
        function_name="club-dev-work",
        handler="app.work",
        runtime="python3.12",
        role="arn:aws:iam::123456789012:role/r",
    )


def found(*events: EventDeclaration) -> list[str]:
    return list(hooks.chalice_validate_app(App(name="club", events=events)))


@pytest.mark.parametrize("trigger", TRIGGERS)
@pytest.mark.parametrize("pool", [POOL, POOL_ARN])
def test_what_cognito_takes_is_no_problem(declare: Declare, pool: str, trigger: str) -> None:
    assert found(declare(user_pool=pool, trigger=trigger)) == []


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"user_pool": "members"}, "its name is not enough"),
        ({"user_pool": "eu-west-1_" + "a" * 60}, "must be the id of a user pool"),
        ({"user_pool": "arn:aws:sqs:eu-west-1:123456789012:q"}, "must be the ARN of a user pool"),
        ({"user_pool": POOL_ARN.replace(":eu-west-1:", ":eu-west-2:")}, "names two regions"),
        ({"trigger": "PreSignUp_AdminCreateUser"}, "did you mean 'PreSignUp'?"),
        ({"trigger": "Nonsense"}, "there are PreSignUp, PostConfirmation"),
        ({"trigger": ["PreSignUp", "PreSignUp"]}, "given more than once"),
        ({"trigger": "PreTokenGeneration", "version": "V9_0"}, "must be one of V1_0, V2_0, V3_0, not 'V9_0'"),
        ({"version": "V2_0"}, "is for 'PreTokenGeneration' alone"),
        ({"trigger": ["PreTokenGeneration", "PreSignUp"], "version": "V2_0"}, "alone"),
    ],
)
def test_what_cognito_would_refuse_is_said(declare: Declare, options: dict[str, Any], problem: str) -> None:
    (said,) = found(declare(**options))

    assert problem in said
    assert said.startswith("on_cognito_trigger on 'work': ")


@pytest.mark.parametrize("trigger", UNSUPPORTED)
def test_a_trigger_that_is_not_supported_is_refused_by_name(declare: Declare, trigger: str) -> None:
    (said,) = found(declare(trigger=trigger))

    assert f"the trigger {trigger!r} is not supported: " in said


def test_two_functions_for_one_trigger_of_a_pool_are_a_problem(declare: Declare) -> None:
    same = found(declare("one", user_pool=POOL), declare("two", user_pool=POOL_ARN))
    other = found(
        declare("one"), declare("two", trigger="PostConfirmation"), declare("three", user_pool="r_2")
    )

    assert len(same) == 1
    assert "both 'one' and 'two' are for the trigger 'PreSignUp'" in same[0]
    assert other == []


def test_every_mistake_is_said_at_once(declare: Declare) -> None:
    assert len(found(declare(user_pool="x", trigger=["A", "CustomEmailSender"], version="V2_0"))) == 4


def test_a_declaration_becomes_a_permission_and_the_triggers(declare: Declare, worker: Function) -> None:
    permission, *triggers = hooks.chalice_lower_event(  # type: ignore[misc]
        event=declare(trigger=["PreSignUp", "CustomMessage"]), function=worker
    )

    assert permission == InvokePermission(
        id=ResourceId("work-user-pool-permission"),
        function_arn=worker.arn,
        principal="cognito-idp.amazonaws.com",
        source_arn=arn("cognito-idp", f"userpool/{POOL}"),
    )
    assert triggers == [
        UserPoolTrigger(
            id=ResourceId(f"work-{trigger}-trigger"),
            user_pool_id=POOL,
            trigger=trigger,
            function_arn=worker.arn,
            after=(permission.id,),
        )
        for trigger in ("PreSignUp", "CustomMessage")
    ]


def test_a_pool_by_arn_is_named_by_its_id(declare: Declare, worker: Function) -> None:
    event = declare(user_pool=POOL_ARN, trigger="PreTokenGeneration", version="V3_0")

    permission, trigger = hooks.chalice_lower_event(event=event, function=worker)  # type: ignore[misc]

    assert permission.source_arn == POOL_ARN  # type: ignore[attr-defined]
    assert (trigger.user_pool_id, trigger.lambda_version) == (POOL, "V3_0")  # type: ignore[attr-defined]


def test_events_of_others_are_left_alone(worker: Function) -> None:
    other = EventDeclaration(source="cognito", decorator="on_cognito_signup", function="f", options={})

    assert hooks.chalice_lower_event(event=other, function=worker) is None
    assert hooks.chalice_sample_event(event=other, arguments={}) is None
    assert found(other) == []


@pytest.mark.parametrize("trigger", TRIGGERS)
def test_each_trigger_has_a_sample(declare: Declare, trigger: str) -> None:
    event = hooks.chalice_sample_event(event=declare(trigger=trigger), arguments={})

    assert event is not None
    assert event == generate_cognito_event(trigger, user_pool_id=POOL)
    assert trigger.removeprefix("Pre") in event["triggerSource"]
    assert event["region"] == "eu-west-1"


def test_a_sample_says_what_a_person_says(declare: Declare) -> None:
    event = declare(trigger=["PreSignUp", "PreTokenGeneration"], version=None)

    sample = sample_from_arguments(
        {"trigger": "PreTokenGeneration", "user_name": "bob", "request": {"clientMetadata": {"a": "b"}}},
        event.options,
    )

    assert sample["userName"] == "bob"
    assert sample["request"]["clientMetadata"] == {"a": "b"}
    assert sample["triggerSource"] == "TokenGeneration_Authentication"


def test_a_later_version_of_tokens_has_scopes(declare: Declare) -> None:
    event = declare(trigger="PreTokenGeneration", version="V2_0")

    sample = hooks.chalice_sample_event(event=event, arguments={})

    assert sample is not None
    assert sample["version"] == "2"
    assert "scopes" in sample["request"]
    assert sample["response"] == {"claimsAndScopeOverrideDetails": None}


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ({"bodies": []}, "no argument 'bodies'"),
        ({"user_name": 1}, "'user_name' must be a text, not 1"),
        ({"request": "x"}, "'request' must be an object, not 'x'"),
        ({"trigger": "CustomMessage"}, "for PreSignUp, not 'CustomMessage'"),
    ],
)
def test_a_sample_that_cannot_be_is_refused(
    declare: Declare, arguments: dict[str, Any], problem: str
) -> None:
    with pytest.raises(SampleArgumentError, match=problem):
        hooks.chalice_sample_event(event=declare(), arguments=arguments)


@pytest.mark.parametrize(("trigger", "version"), [("Nonsense", "1"), ("PreSignUp", "2")])
def test_a_sample_of_nothing_is_refused(trigger: str, version: str) -> None:
    with pytest.raises(ValueError, match=r"must be one of|have no version '2'"):
        generate_cognito_event(trigger, version=version)
