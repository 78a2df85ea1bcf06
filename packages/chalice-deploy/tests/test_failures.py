"""AWS refuses, delays, or has something of that name already."""

from __future__ import annotations

from typing import Any

import pytest

from chalice_core.graph import Graph
from chalice_deploy.errors import AwsError, NameTakenError, SameNameError, StepsFailedError
from chalice_deploy.record_errors import StalePlanError

NEW_ROLE = (
    "InvalidParameterValueException",
    "The role defined for the function cannot be assumed.",
)
NEW_POLICY = (
    "InvalidParameterValueException",
    "The provided execution role does not have permissions to call ReceiveMessage on SQS",
)
BUSY = (
    "ResourceConflictException",
    "An update is in progress for resource: shop-dev",
)
IN_USE = ("ResourceInUseException", "Cannot delete the event source mapping because it is in use.")
THROTTLED = ("TooManyRequestsException", "Rate exceeded")
DENIED = ("AccessDeniedException", "User is not authorized to perform this")


@pytest.mark.parametrize(
    ("operation", "refusal"),
    [
        ("CreateFunction", NEW_ROLE),
        ("CreateFunction", THROTTLED),
        ("CreateEventSourceMapping", NEW_POLICY),
        ("CreateDeployment", THROTTLED),
        ("CreateRole", ("Throttling", "Rate exceeded")),
        ("CreateLogGroup", ("OperationAbortedException", "A conflicting operation is in progress")),
    ],
)
def test_a_deployment_waits_for_what_aws_is_still_working_on(
    project: Any, inventory: Any, new_witness: Any, operation: str, refusal: tuple[str, str]
) -> None:
    witness = new_witness()
    witness.fail[operation] = [refusal] * 3

    project.deploy(witness=witness)

    assert witness.operations.count(f"{operation} refused") == 3
    assert set(inventory()["functions"]) == {"shop-dev", "shop-dev-work"}


@pytest.mark.parametrize(
    ("operation", "refusal", "change"),
    [
        ("UpdateFunctionConfiguration", BUSY, {"work": {"timeout": 3}}),
        ("UpdateFunctionCode", BUSY, {"work": {"architecture": "arm64"}}),
        ("UpdateEventSourceMapping", IN_USE, {"work-sqs-event-source": {"batch_size": 2}}),
    ],
)
def test_an_update_waits_for_an_earlier_one(
    project: Any, application: Any, new_witness: Any, operation: str, refusal: tuple[str, str], change: Any
) -> None:
    project.deploy()
    witness = new_witness()
    witness.fail[operation] = [refusal] * 2

    project.deploy(application(**change), witness)

    assert project.deploy(application(**change))[0].steps == ()


def test_a_mapping_in_use_is_deleted_once_it_is_not(project: Any, inventory: Any, new_witness: Any) -> None:
    project.deploy()
    witness = new_witness()
    witness.fail["DeleteEventSourceMapping"] = [IN_USE] * 4

    project.delete(witness)

    assert inventory()["mappings"] == []


def test_a_failed_step_stops_its_dependents_and_nobody_else(
    project: Any, inventory: Any, new_witness: Any
) -> None:
    witness = new_witness()
    witness.fail["CreateRestApi"] = [DENIED]

    with pytest.raises(AwsError) as caught:
        project.deploy(witness=witness)

    assert (caught.value.operation, caught.value.aws_code) == ("CreateRestApi", "AccessDeniedException")
    assert len(inventory()["mappings"]) == 1
    assert set(project.record["chalice"]["resources"]) == {
        "default-role",
        "api_handler_log_group",
        "work_log_group",
        "api_handler",
        "work",
        "work-sqs-event-source",
    }
    plan, _ = project.deploy()
    assert [step.id for step in plan.steps] == ["rest_api", "api_handler_invoke_permission"]


def test_all_causes_are_named_and_no_echo(project: Any, new_witness: Any) -> None:
    witness = new_witness()
    witness.fail["CreateLogGroup"] = [DENIED, DENIED]

    with pytest.raises(StepsFailedError) as caught:
        project.deploy(witness=witness)

    assert {cause.resource for cause in caught.value.causes} == {
        "/aws/lambda/shop-dev",
        "/aws/lambda/shop-dev-work",
    }


def test_nothing_is_deleted_while_something_new_has_failed(
    project: Any, application: Any, inventory: Any, new_witness: Any
) -> None:
    project.deploy()
    rest = [item for item in application() if not item.id.startswith("work")]
    witness = new_witness()
    witness.fail["PutRolePolicy"] = [DENIED]

    with pytest.raises(AwsError):
        project.deploy(rest, witness)

    assert set(inventory()["functions"]) == {"shop-dev", "shop-dev-work"}
    project.deploy(rest)
    assert set(inventory()["functions"]) == {"shop-dev"}


def test_a_role_with_a_malformed_policy_is_taken_back(project: Any, application: Any, inventory: Any) -> None:
    bad = application(**{"default-role": {"policy_document": {"Version": "2012-10-17", "Statement": []}}})

    with pytest.raises(AwsError) as caught:
        project.deploy(bad)

    assert "policy" in caught.value.fix
    assert inventory()["roles"] == {}


def test_what_depends_on_something_undeletable_is_kept_in_the_record(
    project: Any, inventory: Any, nothing: Any, new_witness: Any
) -> None:
    project.deploy()
    witness = new_witness()
    witness.fail["DeleteFunction"] = [DENIED]

    with pytest.raises(AwsError):
        project.delete(witness)

    assert "default-role" in project.record["chalice"]["resources"]
    assert inventory()["roles"] != {}
    project.delete()
    assert inventory() == nothing


def test_a_role_of_somebody_else_is_neither_changed_nor_deleted(
    project: Any, inventory: Any, aws_client: Any
) -> None:
    trust = '{"Version": "2012-10-17", "Statement": []}'
    aws_client("iam").create_role(RoleName="shop-dev", AssumeRolePolicyDocument=trust)

    with pytest.raises(NameTakenError) as caught:
        project.deploy()

    assert (caught.value.kind, caught.value.name) == ("Role", "shop-dev")
    project.delete()
    assert inventory()["roles"] == {"shop-dev": {}}


def test_a_lost_record_is_made_good_from_what_is_tagged_as_ours(
    project: Any, inventory: Any, nothing: Any
) -> None:
    project.deploy()
    aim = inventory()
    project.record_path.unlink()

    project.deploy()

    there = inventory()
    assert {**there, "functions": None} == {**aim, "functions": None}
    assert set(there["functions"]) == set(aim["functions"])
    project.delete()
    assert inventory() == nothing


def test_a_log_group_that_was_there_before_is_left_in_the_end(
    project: Any, application: Any, inventory: Any, aws_client: Any
) -> None:
    aws_client("logs").create_log_group(logGroupName="/aws/lambda/shop-dev")

    project.deploy(application(api_handler_log_group={"retention_in_days": 7}))

    assert inventory()["groups"]["/aws/lambda/shop-dev"] == 7
    assert project.record["chalice"]["resources"]["api_handler_log_group"]["created"] is False
    project.delete()
    assert list(inventory()["groups"]) == ["/aws/lambda/shop-dev"]


def test_a_plan_that_somebody_else_has_overtaken_is_not_applied(
    project: Any, application: Any, code: Any, inventory: Any
) -> None:
    deployment = project.deployment()
    plan = deployment.plan(Graph.of(application(work={"timeout": 1})), code())
    project.deploy()

    with pytest.raises(StalePlanError):
        deployment.apply(plan, lambda progress: None)

    assert inventory()["functions"]["shop-dev-work"]["timeout"] == 60


def test_an_observer_hears_of_failures(project: Any, application: Any, code: Any, new_witness: Any) -> None:
    witness = new_witness()
    witness.fail["CreateRole"] = [DENIED]
    deployment = project.deployment(witness)
    told: list[Any] = []

    with pytest.raises(AwsError):
        deployment.apply(deployment.plan(Graph.of(application()), code()), told.append)

    (failed,) = [progress for progress in told if progress.phase == "failed"]
    assert failed.step.id == "default-role"
    assert "CreateRole" in failed.detail


def test_the_advice_for_a_queue_that_hides_messages_too_briefly_says_what_to_set(
    project: Any, new_witness: Any
) -> None:
    witness = new_witness()
    message = "Queue visibility timeout: 30 seconds is less than Function timeout: 60 seconds"
    witness.fail["CreateEventSourceMapping"] = [("InvalidParameterValueException", message)]

    with pytest.raises(AwsError) as caught:
        project.deploy(witness=witness)

    assert "lambda_timeout" in caught.value.fix


@pytest.mark.parametrize(
    ("operation", "aws_code", "message", "thing"),
    [
        ("PutRule", "ResourceNotFoundException", "Event bus shop-bus does not exist.", "event bus"),
        (
            "DescribeUserPool",
            "ResourceNotFoundException",
            "User pool eu-west-1_a does not exist.",
            "user pool",
        ),
        (
            "CreateEventSourceMapping",
            "InvalidParameterValueException",
            "Stream not found: arn:aws:kinesis:eu-west-1:123456789012:stream/clicks",
            "stream",
        ),
    ],
)
def test_the_advice_for_a_source_that_is_not_there_says_whose_it_is(
    operation: str, aws_code: str, message: str, thing: str
) -> None:
    error = AwsError(operation=operation, resource="work", aws_code=aws_code, message=message)

    assert error.fix.startswith(f"Create the {thing}, which belongs to you")


def test_the_advice_for_a_queue_that_is_not_there_says_whose_it_is(project: Any, new_witness: Any) -> None:
    witness = new_witness()
    message = (
        "Error occurred while ReceiveMessage. SQS Error Code: AWS.SimpleQueueService.NonExistentQueue. "
        "SQS Error Message: The specified queue does not exist."
    )
    witness.fail["CreateEventSourceMapping"] = [("InvalidParameterValueException", message)]

    with pytest.raises(AwsError) as caught:
        project.deploy(witness=witness)

    assert "Create the queue" in caught.value.fix


def test_two_resources_that_are_one_in_aws_are_refused(
    project: Any, application: Any, inventory: Any, nothing: Any
) -> None:
    with pytest.raises(SameNameError) as caught:
        project.deploy(application(work={"function_name": "shop-dev"}))

    assert caught.value.ids == ("api_handler", "work")
    assert inventory() == nothing


def test_a_function_that_is_made_again_gets_its_permission_again(
    project: Any, application: Any, inventory: Any, aws_client: Any, new_witness: Any, crash: Any
) -> None:
    changed = application(api_handler={"timeout": 3})
    project.deploy()
    aws_client("lambda").delete_function(FunctionName="shop-dev")
    with pytest.raises(crash):
        project.deploy(changed, new_witness(crash_at=2))

    project.deploy(changed)

    function = inventory()["functions"]["shop-dev"]
    assert function["statements"] == ["chalice-api_handler_invoke_permission"]
    assert function["timeout"] == 3
    assert project.deploy(changed)[0].steps == ()


def test_a_broken_aws_is_not_asked_for_ever(project: Any, new_witness: Any) -> None:
    witness = new_witness()
    witness.fail["CreateRole"] = [("ServiceFailure", "Something went wrong")] * 100

    with pytest.raises(AwsError):
        project.deploy(witness=witness)

    assert witness.operations.count("CreateRole refused") == 5


def test_what_could_be_made_twice_is_not_asked_for_twice(project: Any, new_witness: Any) -> None:
    witness = new_witness()
    witness.fail["CreateRestApi"] = [("ServiceUnavailableException", "Something went wrong")] * 2

    with pytest.raises(AwsError):
        project.deploy(witness=witness)

    assert witness.operations.count("CreateRestApi refused") == 1
