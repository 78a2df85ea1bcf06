"""A deployment from nothing to nothing, and how few calls it takes."""

from __future__ import annotations

from typing import Any


def test_the_first_deployment_makes_one_of_everything(project: Any, inventory: Any, new_witness: Any) -> None:
    witness = new_witness()

    plan, told = project.deploy(witness=witness)

    assert {step.action for step in plan.steps} == {"create"}
    assert [progress.phase for progress in told] == ["begin", "done"] * 8
    there = inventory()
    assert set(there["functions"]) == {"shop-dev", "shop-dev-work"}
    assert list(there["roles"]) == ["shop-dev"]
    assert len(there["apis"]) == len(there["mappings"]) == 1
    assert sorted(witness.mutating) == sorted(
        [
            "CreateRole",
            "PutRolePolicy",
            "CreateLogGroup",
            "CreateLogGroup",
            "CreateFunction",
            "CreateFunction",
        ]
        + ["CreateRestApi", "PutRestApi", "CreateDeployment", "AddPermission", "CreateEventSourceMapping"]
    )


def test_an_unchanged_application_is_not_touched(project: Any, new_witness: Any) -> None:
    project.deploy()
    before = project.record_path.read_bytes()
    witness = new_witness()

    plan, told = project.deploy(witness=witness)

    assert plan.steps == ()
    assert told == []
    assert witness.operations == ["GetCallerIdentity"]
    assert project.record_path.read_bytes() == before


def test_deletion_leaves_nothing(project: Any, inventory: Any, nothing: Any) -> None:
    project.deploy()

    plan = project.delete()

    assert {step.action for step in plan.steps} == {"delete"}
    assert inventory() == nothing
    assert list(project.record_path.parent.iterdir()) == []
