"""Triggers of user pools that are somebody else's: nothing of them is lost."""

from __future__ import annotations

import functools
import itertools
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timezone
from typing import Any

import pytest
from botocore.session import get_session

from chalice_core.kinds import Function, Resource, Role, UserPoolTrigger
from chalice_core.values import ResourceId
from chalice_deploy.errors import AwsError
from chalice_deploy.handler import Task
from chalice_deploy.kinds.user_pool_trigger import TriggerTakenError, UserPoolTriggers, settings_of

FOREIGN = "arn:aws:lambda:eu-central-1:123456789012:function:elsewhere"


def arn(name: str) -> str:
    return f"arn:aws:lambda:eu-central-1:123456789012:function:club-dev-{name}"


def club(pool: str, *triggers: str, renamed: str = "", version: str | None = None) -> list[Resource]:
    """An application with a function for each trigger."""
    role = Role(id=ResourceId("default-role"), role_name="club-dev")
    found: list[Resource] = [role]
    for trigger in triggers:
        function = Function(
            id=ResourceId(trigger),
            name=trigger,
            function_name=f"club-dev-{trigger}{renamed}",
            handler="app.f",
            runtime="python3.12",
            role=role.arn,
        )
        found += [
            function,
            UserPoolTrigger(
                id=ResourceId(f"{trigger}-trigger"),
                user_pool_id=pool,
                trigger=trigger,
                function_arn=function.arn,
                lambda_version=version,
            ),
        ]
    return found


@pytest.fixture
def pool(project: Any, aws_client: Callable[[str], Any]) -> str:
    """A user pool with settings of its own and a foreign trigger."""
    cognito = aws_client("cognito-idp")
    id: str = cognito.create_user_pool(
        PoolName="members",
        Policies={"PasswordPolicy": {"MinimumLength": 17, "TemporaryPasswordValidityDays": 3}},
        DeletionProtection="ACTIVE",
        LambdaConfig={"UserMigration": FOREIGN},
        AutoVerifiedAttributes=["email"],
        SmsAuthenticationMessage="{####} is it",
        AdminCreateUserConfig={"AllowAdminCreateUserOnly": True},
        UserPoolTags={"team": "blue"},
        AccountRecoverySetting={"RecoveryMechanisms": [{"Priority": 1, "Name": "admin_only"}]},
    )["UserPool"]["Id"]
    return id


@pytest.fixture
def look(aws_client: Callable[[str], Any], pool: str) -> Callable[[], dict[str, Any]]:
    """Return the pool, without what changes by itself."""

    def described() -> dict[str, Any]:
        found: dict[str, Any] = aws_client("cognito-idp").describe_user_pool(UserPoolId=pool)["UserPool"]
        return {key: value for key, value in found.items() if key != "LastModifiedDate"}

    return described


def test_a_trigger_is_set_and_everything_else_stays(project: Any, pool: str, look: Any) -> None:
    before = look()

    project.deploy(club(pool, "PreSignUp", "PostConfirmation"))

    config = {
        "UserMigration": FOREIGN,
        "PreSignUp": arn("PreSignUp"),
        "PostConfirmation": arn("PostConfirmation"),
    }
    assert look() == {**before, "LambdaConfig": config}
    project.delete()
    assert look() == before


def test_triggers_of_one_pool_are_set_one_after_another(project: Any, pool: str, look: Any) -> None:
    names = ("PreSignUp", "PostConfirmation", "PreAuthentication", "PostAuthentication", "CustomMessage")

    project.deploy(club(pool, *names), workers=8)

    assert look()["LambdaConfig"] == {"UserMigration": FOREIGN, **{name: arn(name) for name in names}}


def test_nothing_is_called_when_nothing_changed(project: Any, pool: str, new_witness: Any) -> None:
    project.deploy(club(pool, "PreSignUp"))
    witness = new_witness()

    plan, _ = project.deploy(club(pool, "PreSignUp"), witness)

    assert plan.steps == ()
    assert witness.mutating == []


def test_a_version_is_said_twice_and_taken_back(project: Any, pool: str, look: Any) -> None:
    project.deploy(club(pool, "PreTokenGeneration", version="V2_0"))
    versioned = look()["LambdaConfig"]

    project.deploy(club(pool, "PreTokenGeneration"))

    function = arn("PreTokenGeneration")
    assert versioned == {
        "UserMigration": FOREIGN,
        "PreTokenGeneration": function,
        "PreTokenGenerationConfig": {"LambdaVersion": "V2_0", "LambdaArn": function},
    }
    assert look()["LambdaConfig"] == {"UserMigration": FOREIGN, "PreTokenGeneration": function}


def test_a_trigger_follows_its_function(project: Any, pool: str, look: Any) -> None:
    project.deploy(club(pool, "PreSignUp"))

    project.deploy(club(pool, "PreSignUp", renamed="-2"))

    assert look()["LambdaConfig"] == {"UserMigration": FOREIGN, "PreSignUp": arn("PreSignUp-2")}


def test_a_trigger_that_somebody_uses_is_not_taken(project: Any, pool: str, look: Any) -> None:
    before = look()

    with pytest.raises(TriggerTakenError) as failure:
        project.deploy(club(pool, "UserMigration"))

    assert (failure.value.trigger, failure.value.user_pool_id, failure.value.found) == (
        "UserMigration",
        pool,
        FOREIGN,
    )
    assert look() == before
    project.delete()
    assert look() == before


def test_a_trigger_that_somebody_took_over_is_left_to_them(
    project: Any, pool: str, look: Any, aws_client: Callable[[str], Any]
) -> None:
    project.deploy(club(pool, "PreSignUp"))
    aws_client("cognito-idp").update_user_pool(UserPoolId=pool, LambdaConfig={"PreSignUp": FOREIGN})

    with pytest.raises(TriggerTakenError, match="elsewhere"):
        project.deploy(club(pool, "PreSignUp", renamed="-2"))
    project.delete()

    assert look()["LambdaConfig"] == {"PreSignUp": FOREIGN}


def test_a_pool_that_is_gone_is_no_obstacle_to_deletion(
    project: Any, pool: str, inventory: Any, nothing: Any, aws_client: Callable[[str], Any]
) -> None:
    project.deploy(club(pool, "PreSignUp"))
    aws_client("cognito-idp").delete_user_pool(UserPoolId=pool)

    project.delete()

    assert inventory() == nothing


@pytest.mark.one_python
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_a_crash_at_any_call_is_survived(
    project: Any, pool: str, look: Any, new_witness: Any, crash: Any, after: bool
) -> None:
    before = look()
    witness = new_witness()
    project.deploy(club(pool, "PreSignUp"), witness)
    aim = look()
    project.delete()

    for index in range(len(witness.mutating)):
        with pytest.raises(crash):
            project.deploy(club(pool, "PreSignUp"), new_witness(crash_at=index, after=after))
        if index % 2:
            project.deploy(club(pool, "PreSignUp"))
            assert look() == aim, f"crashed at call {index}"
        project.delete()
        assert look() == before, f"crashed at call {index}"


@pytest.mark.one_python
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("back", [False, True], ids=["again", "taken-back"])
def test_a_crashed_replacement_of_the_function_is_survived(
    project: Any, pool: str, look: Any, new_witness: Any, crash: Any, after: bool, back: bool
) -> None:
    plain, wanted = club(pool, "PreSignUp"), club(pool, "PreSignUp", renamed="-2")
    project.deploy(plain)
    witness = new_witness()
    project.deploy(wanted, witness)

    for index in range(len(witness.mutating)):
        project.deploy(plain)
        with pytest.raises(crash):
            project.deploy(wanted, new_witness(crash_at=index, after=after))
        project.deploy(plain if back else wanted)

        expected = arn("PreSignUp") if back else arn("PreSignUp-2")
        assert look()["LambdaConfig"]["PreSignUp"] == expected, f"crashed at call {index}"


# What a pool that has everything says, and what is asked of it.


@functools.cache
def shapes() -> tuple[Any, Any]:
    model = get_session().get_service_model("cognito-idp")
    output = model.operation_model("DescribeUserPool").output_shape
    return model.operation_model("UpdateUserPool").input_shape, output.members["UserPool"]


def full(shape: Any) -> Any:
    """Return a value with every part that a shape has."""
    if shape.type_name == "structure":
        return {name: full(member) for name, member in shape.members.items()}
    if shape.type_name == "list":
        return [full(shape.member)]
    if shape.type_name == "map":
        return {"key": full(shape.value)}
    plain = {"boolean": True, "integer": 7, "long": 7, "timestamp": datetime(2024, 1, 1, tzinfo=timezone.utc)}
    return plain.get(shape.type_name, (getattr(shape, "enum", None) and shape.enum[0]) or "text")


class FullPool:
    """Stands in for a `Cloud` with one pool that has every setting there is."""

    def __init__(self, **settings: Any) -> None:
        _, output = shapes()
        self.pool = {**full(output), "Id": "eu-central-1_full", "LambdaConfig": {}, **settings}
        self.sent: list[tuple[str, dict[str, Any]]] = []
        self.conflicts = 0
        self.factors = {"MfaConfiguration": "ON", "SoftwareTokenMfaConfiguration": {"Enabled": True}}
        self.loses_factors = False
        self.overwritten = 0

    def wait(self, name: str, wanted: str, look: Callable[[], tuple[bool, str]]) -> None:
        while not look()[0]:
            time.sleep(0)

    def call(self, _: str, operation: str, name: str, **given: Any) -> dict[str, Any]:
        self.sent.append((operation, given))
        if operation == "DescribeUserPool":
            return {"UserPool": self.pool}
        if operation == "GetUserPoolMfaConfig":
            return {**self.factors, "ResponseMetadata": {}}
        if operation == "UpdateUserPool" and self.conflicts:
            self.conflicts -= 1
            self.pool = {**self.pool, "LambdaConfig": {"CustomMessage": FOREIGN}}
            code = "ConcurrentModificationException"
            raise AwsError(operation=operation, resource=name, aws_code=code, message="")
        if operation == "UpdateUserPool":
            if self.loses_factors:
                self.factors = {"MfaConfiguration": "OFF"}
            self.pool = {**self.pool, "LambdaConfig": given["LambdaConfig"]}
            if self.overwritten:
                self.overwritten -= 1
                self.pool = {**self.pool, "LambdaConfig": {"CustomMessage": FOREIGN}}
        if operation == "SetUserPoolMfaConfig":
            self.factors = {key: value for key, value in given.items() if key != "UserPoolId"}
        return {}

    def set_trigger(self) -> dict[str, Any]:
        """Create a trigger, and return what UpdateUserPool was told."""
        properties = {"UserPoolId": "eu-central-1_full", "Trigger": "PreSignUp", "FunctionArn": FOREIGN}
        UserPoolTriggers().create(self, Task(id="t", name="t", properties=properties))  # type: ignore[arg-type]
        return next(given for operation, given in reversed(self.sent) if operation == "UpdateUserPool")


def test_every_setting_that_can_be_sent_back_is_sent_back() -> None:
    takes, _ = shapes()
    cloud = FullPool()

    sent = cloud.set_trigger()

    assert set(sent) == set(takes.members)
    assert sent["PoolName"] == cloud.pool["Name"]
    same = {key: value for key, value in sent.items() if key in cloud.pool and key != "LambdaConfig"}
    unused = same["AdminCreateUserConfig"]
    same["AdminCreateUserConfig"] = {**unused, "UnusedAccountValidityDays": 7}
    assert same == {key: cloud.pool[key] for key in same}


def test_the_old_name_of_a_setting_is_not_sent_beside_the_new_one() -> None:
    both = {
        "Id": "x",
        "AdminCreateUserConfig": {"UnusedAccountValidityDays": 7, "AllowAdminCreateUserOnly": True},
        "Policies": {"PasswordPolicy": {"TemporaryPasswordValidityDays": 7}},
    }

    settings = settings_of(both)

    assert settings["AdminCreateUserConfig"] == {"AllowAdminCreateUserOnly": True}
    assert settings_of({**both, "Policies": {}})["AdminCreateUserConfig"] == both["AdminCreateUserConfig"]
    assert both["AdminCreateUserConfig"]["UnusedAccountValidityDays"] == 7  # type: ignore[index]


def test_what_somebody_changed_meanwhile_is_kept() -> None:
    cloud = FullPool()
    cloud.conflicts = 1

    sent = cloud.set_trigger()

    assert sent["LambdaConfig"] == {"CustomMessage": FOREIGN, "PreSignUp": FOREIGN}


def test_a_trigger_that_another_program_wrote_over_is_set_again() -> None:
    cloud = FullPool()
    cloud.overwritten = 1

    cloud.set_trigger()

    assert cloud.pool["LambdaConfig"] == {"CustomMessage": FOREIGN, "PreSignUp": FOREIGN}


def test_endless_conflicts_end_in_an_error() -> None:
    cloud = FullPool()
    cloud.conflicts = 99

    with pytest.raises(AwsError, match="ConcurrentModification"):
        cloud.set_trigger()


def test_second_factors_that_an_update_switches_off_are_switched_on_again() -> None:
    cloud = FullPool(MfaConfiguration="ON")
    cloud.loses_factors = True

    cloud.set_trigger()

    assert cloud.factors == {"MfaConfiguration": "ON", "SoftwareTokenMfaConfiguration": {"Enabled": True}}


def test_a_pool_is_changed_by_one_thread_at_a_time() -> None:
    cloud = FullPool()
    callers: list[str] = []
    call = cloud.call

    def watched(service: str, operation: str, name: str, **given: Any) -> dict[str, Any]:
        callers.append(name)
        time.sleep(0.002)
        return call(service, operation, name, **given)

    cloud.call = watched  # type: ignore[method-assign]
    names = ["PreSignUp", "PostConfirmation", "PreAuthentication", "CustomMessage"]
    threads = [
        threading.Thread(
            target=UserPoolTriggers().create,
            args=(
                cloud,
                Task(
                    id=name,
                    name=name,
                    properties={"UserPoolId": "one", "Trigger": name, "FunctionArn": FOREIGN},
                ),
            ),
        )
        for name in names
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)

    assert set(cloud.pool["LambdaConfig"]) == set(names)
    turns = [name for name, _ in itertools.groupby(callers)]
    assert sorted(turns) == sorted(names)


def test_an_error_names_pool_trigger_and_function() -> None:
    error = TriggerTakenError(trigger="PreSignUp", user_pool_id="eu-central-1_a", found=FOREIGN)

    assert error.code == "trigger-taken"
    assert all(fact in str(error) for fact in ("PreSignUp", "eu-central-1_a", FOREIGN))


def test_a_trigger_moves_between_functions_of_the_application(project: Any, pool: str, look: Any) -> None:
    project.deploy(club(pool, "PreSignUp"))
    role, function, trigger = club(pool, "PreSignUp")
    other = replace(function, id=ResourceId("other"), name="other", function_name="club-dev-other")
    moved = replace(trigger, id=ResourceId("other-trigger"), function_arn=other.arn)  # type: ignore[attr-defined]

    project.deploy([role, other, moved])

    assert look()["LambdaConfig"] == {"UserMigration": FOREIGN, "PreSignUp": arn("other")}
