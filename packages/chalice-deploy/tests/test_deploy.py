"""A deployment from nothing to nothing, and how few calls it takes."""

from __future__ import annotations

from typing import Any

import pytest

from chalice_core.kinds import IamAuthorizer

FIRST = [
    "AddPermission",
    "CreateDeployment",
    "CreateEventSourceMapping",
    "CreateFunction",
    "CreateFunction",
    "CreateLogGroup",
    "CreateLogGroup",
    "CreateRestApi",
    "CreateRole",
    "PutRestApi",
    "PutRolePolicy",
]


@pytest.mark.parametrize("workers", [1, 8])
def test_the_first_deployment_makes_one_of_everything(
    project: Any, inventory: Any, new_witness: Any, workers: int
) -> None:
    witness = new_witness()

    plan, told = project.deploy(witness=witness, workers=workers)

    assert {step.action for step in plan.steps} == {"create"}
    assert sorted(progress.phase for progress in told) == ["begin"] * 8 + ["done"] * 8
    assert sorted(witness.mutating) == FIRST
    there = inventory()
    assert set(there["functions"]) == {"shop-dev", "shop-dev-work"}
    assert list(there["roles"]) == ["shop-dev"]
    assert there["groups"] == {"/aws/lambda/shop-dev": None, "/aws/lambda/shop-dev-work": None}
    assert there["apis"][0]["stages"] == ["api"]
    assert len(there["apis"]) == 1
    assert there["mappings"] == [("shop-dev-work", "arn:aws:sqs:eu-central-1:123456789012:orders", 5)]


def test_the_definition_of_the_api_names_the_real_function(project: Any, inventory: Any) -> None:
    project.deploy()

    definition = inventory()["apis"][0]["definition"]

    assert "arn:aws:lambda:eu-central-1:123456789012:function:shop-dev/invocations" in definition
    assert '"swagger": "2.0"' in definition


def test_the_role_holds_the_folded_grants(project: Any, inventory: Any) -> None:
    project.deploy()

    statements = inventory()["roles"]["shop-dev"]["shop-dev"]["Statement"]

    assert statements == [
        {
            "Effect": "Allow",
            "Action": ["logs:PutLogEvents"],
            "Resource": ["arn:aws:logs:eu-central-1:123456789012:*"],
        },
        {
            "Effect": "Allow",
            "Action": ["sqs:ReceiveMessage"],
            "Resource": ["arn:aws:sqs:eu-central-1:123456789012:orders"],
        },
    ]


def test_an_unchanged_application_is_not_touched(project: Any, new_witness: Any) -> None:
    project.deploy()
    before = project.record_path.read_bytes()
    witness = new_witness()

    plan, told = project.deploy(witness=witness)

    assert plan.steps == ()
    assert told == []
    assert witness.operations == ["GetCallerIdentity"]
    assert project.record_path.read_bytes() == before


@pytest.mark.parametrize(
    ("change", "calls"),
    [
        ({"work": {"timeout": 3}}, ["UpdateFunctionConfiguration"]),
        ({"work": {"handler": "app.other"}}, ["UpdateFunctionConfiguration"]),
        ({"work": {"tracing": True}}, ["UpdateFunctionConfiguration"]),
        ({"work": {"environment": {}}}, ["UpdateFunctionConfiguration"]),
        ({"work": {"tags": {"team": "red"}}}, ["TagResource"]),
        ({"work": {"tags": {}}}, ["TagResource", "UntagResource"]),
        ({"work": {"reserved_concurrency": 0}}, ["PutFunctionConcurrency"]),
        ({"work": {"architecture": "arm64"}}, ["UpdateFunctionCode"]),
        ({"default-role": {"statements": ()}}, ["PutRolePolicy"]),
        ({"default-role": {"trusted_services": ("lambda", "edgelambda")}}, ["UpdateAssumeRolePolicy"]),
        ({"work_log_group": {"retention_in_days": 7}}, ["PutRetentionPolicy"]),
        ({"rest_api": {"binary_types": ("image/png",)}}, ["PutRestApi", "CreateDeployment"]),
        ({"rest_api": {"authorizers": (IamAuthorizer(name="sigv4"),)}}, ["PutRestApi", "CreateDeployment"]),
        ({"rest_api": {"tracing": True}}, ["UpdateStage"]),
        ({"rest_api": {"minimum_compression_size": 0}}, ["UpdateRestApi", "CreateDeployment"]),
        ({"rest_api": {"endpoint_type": "REGIONAL"}}, ["UpdateRestApi", "CreateDeployment"]),
        ({"work-sqs-event-source": {"batch_size": 2}}, ["UpdateEventSourceMapping"]),
        ({"work-sqs-event-source": {"maximum_concurrency": 2}}, ["UpdateEventSourceMapping"]),
        ({"work-sqs-event-source": {"report_batch_item_failures": True}}, ["UpdateEventSourceMapping"]),
        ({"api_handler_invoke_permission": {"source_arn": None}}, ["RemovePermission", "AddPermission"]),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, list) else None,
)
def test_a_change_makes_the_calls_that_it_needs_and_no_other(
    project: Any, application: Any, new_witness: Any, change: dict[str, Any], calls: list[str]
) -> None:
    project.deploy()
    witness = new_witness()

    project.deploy(application(**change), witness)

    assert witness.mutating == calls
    assert project.deploy(application(**change))[0].steps == ()
    project.deploy()
    assert project.deploy()[0].steps == ()


def test_new_code_is_uploaded_once_per_function(project: Any, code: Any, new_witness: Any) -> None:
    project.deploy()
    witness = new_witness()

    project.deploy(witness=witness, artifacts=code("def work(event, context): return 1"))

    assert witness.mutating == ["UpdateFunctionCode", "UpdateFunctionCode"]


def test_a_limit_of_concurrency_that_is_not_wanted_any_more_is_removed(
    project: Any, application: Any, inventory: Any
) -> None:
    project.deploy(application(work={"reserved_concurrency": 0}))
    assert inventory()["functions"]["shop-dev-work"]["concurrency"] == 0

    project.deploy()

    assert inventory()["functions"]["shop-dev-work"]["concurrency"] is None


def test_what_is_no_longer_declared_is_deleted_after_everything_else(
    project: Any, application: Any, inventory: Any, new_witness: Any
) -> None:
    project.deploy()
    rest = [item for item in application() if not item.id.startswith("work")]
    witness = new_witness()

    plan, _ = project.deploy(rest, witness)

    assert [(step.action, step.id) for step in plan.steps] == [
        ("update", "default-role"),
        ("delete", "work-sqs-event-source"),
        ("delete", "work"),
        ("delete", "work_log_group"),
    ]
    assert witness.mutating == [
        "PutRolePolicy",
        "DeleteEventSourceMapping",
        "DeleteFunction",
        "DeleteLogGroup",
    ]
    assert set(inventory()["functions"]) == {"shop-dev"}


def test_a_function_with_another_name_in_aws_replaces_the_old_one(
    project: Any, application: Any, inventory: Any
) -> None:
    project.deploy()

    plan, _ = project.deploy(application(work={"function_name": "shop-dev-worker"}))

    replaced, mapping = plan.steps
    assert (replaced.action, replaced.id) == ("replace", "work")
    assert [(change.property, change.replaces) for change in replaced.changes] == [("FunctionName", True)]
    # Which function the mapping will have is known only once that exists.
    assert [(change.property, change.after) for change in mapping.changes] == [("FunctionName", None)]
    there = inventory()
    assert set(there["functions"]) == {"shop-dev", "shop-dev-worker"}
    assert [function for function, *_ in there["mappings"]] == ["shop-dev-worker"]


def test_a_resource_with_another_id_is_kept(project: Any, application: Any, new_witness: Any) -> None:
    from dataclasses import replace

    project.deploy()
    renamed = [
        replace(item, id="jobs_log_group") if item.id == "work_log_group" else item for item in application()
    ]
    renamed = [replace(item, after=("jobs_log_group",)) if item.id == "work" else item for item in renamed]
    witness = new_witness()

    plan, _ = project.deploy(renamed, witness)

    assert [(step.action, step.id) for step in plan.steps] == [("update", "jobs_log_group")]
    assert [(change.before, change.after) for change in plan.steps[0].changes] == [
        ("work_log_group", "jobs_log_group")
    ]
    assert witness.mutating == []
    assert "work_log_group" not in project.record["chalice"]["resources"]
    assert project.deploy(renamed)[0].steps == ()


def test_deletion_leaves_nothing(project: Any, inventory: Any, nothing: Any) -> None:
    project.deploy()

    plan = project.delete()

    assert [step.id for step in plan.steps][-1] == "default-role"
    assert {step.action for step in plan.steps} == {"delete"}
    assert inventory() == nothing
    assert list(project.record_path.parent.iterdir()) == []


def test_deletion_with_nothing_recorded_asks_nobody(project: Any, new_witness: Any) -> None:
    witness = new_witness()

    assert project.delete(witness).steps == ()
    assert witness.operations == []


def test_what_was_deleted_by_hand_is_no_obstacle_to_deletion(
    project: Any, inventory: Any, nothing: Any, aws_client: Any
) -> None:
    project.deploy()
    aws_client("lambda").delete_function(FunctionName="shop-dev")
    aws_client("logs").delete_log_group(logGroupName="/aws/lambda/shop-dev")
    aws_client("apigateway").delete_rest_api(
        restApiId=aws_client("apigateway").get_rest_apis()["items"][0]["id"]
    )
    aws_client("iam").delete_role_policy(RoleName="shop-dev", PolicyName="shop-dev")
    aws_client("iam").delete_role(RoleName="shop-dev")

    project.delete()

    assert inventory() == nothing


def test_what_was_deleted_by_hand_is_made_again_when_it_changes(
    project: Any, application: Any, inventory: Any, aws_client: Any
) -> None:
    project.deploy()
    aws_client("lambda").delete_function(FunctionName="shop-dev-work")

    project.deploy(application(work={"timeout": 3}))

    assert inventory()["functions"]["shop-dev-work"]["timeout"] == 3
