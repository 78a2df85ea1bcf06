"""Policies of a role beside its own: they come and go without touching any other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from chalice_core.kinds import Resource, Role, RolePolicy, Statement
from chalice_core.values import ResourceId
from chalice_deploy.kinds.role_policy import policy_name

ROLE = Role(
    id=ResourceId("default-role"),
    role_name="shop-dev",
    statements=(Statement(actions=("logs:PutLogEvents",), resources=("*",)),),
)


THEIRS = (
    '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["s3:Get*"], "Resource": ["*"]}]}'
)


def policy(*actions: str, id: str = "work-sends", name: str | None = None) -> RolePolicy:
    return RolePolicy(
        id=ResourceId(id),
        role=ROLE.arn,
        policy_name=name or id,
        statements=(Statement(actions=actions, resources=("arn:aws:sqs:eu-west-1:1:q",)),),
    )


def allowed(document: Any) -> list[str]:
    return [action for statement in document["Statement"] for action in statement["Action"]]


@pytest.fixture
def policies(inventory: Callable[[], dict[str, Any]]) -> Callable[[], dict[str, list[str]]]:
    """Return the actions that each policy of the role allows."""

    def look() -> dict[str, list[str]]:
        return {name: allowed(document) for name, document in inventory()["roles"]["shop-dev"].items()}

    return look


def test_a_policy_is_put_beside_that_of_the_role(project: Any, policies: Any) -> None:
    project.deploy([ROLE, policy("sqs:SendMessage")])

    assert policies() == {"shop-dev": ["logs:PutLogEvents"], "chalice-work-sends": ["sqs:SendMessage"]}


def test_changes_of_role_and_policy_leave_each_other_alone(
    project: Any, policies: Any, aws_client: Callable[[str], Any]
) -> None:
    bare = Role(id=ROLE.id, role_name=ROLE.role_name)
    project.deploy([ROLE, policy("sqs:SendMessage")])
    aws_client("iam").put_role_policy(RoleName="shop-dev", PolicyName="theirs", PolicyDocument=THEIRS)

    project.deploy([ROLE, policy("sns:Publish")])
    assert policies()["chalice-work-sends"] == ["sns:Publish"]
    project.deploy([bare, policy("sns:Publish")])
    assert policies() == {"chalice-work-sends": ["sns:Publish"], "theirs": ["s3:Get*"]}
    project.deploy([ROLE])

    assert policies() == {"shop-dev": ["logs:PutLogEvents"], "theirs": ["s3:Get*"]}


def test_a_policy_that_somebody_has_deleted_is_no_obstacle(
    project: Any, policies: Any, aws_client: Callable[[str], Any]
) -> None:
    project.deploy([ROLE, policy("sqs:SendMessage")])
    aws_client("iam").delete_role_policy(RoleName="shop-dev", PolicyName="chalice-work-sends")

    project.deploy([ROLE, policy("sns:Publish")])
    assert policies()["chalice-work-sends"] == ["sns:Publish"]
    aws_client("iam").delete_role_policy(RoleName="shop-dev", PolicyName="chalice-work-sends")
    project.deploy([ROLE])

    assert policies() == {"shop-dev": ["logs:PutLogEvents"]}


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize(
    ("first", "second"),
    [
        ([ROLE], [ROLE, policy("sqs:SendMessage")]),
        ([ROLE, policy("sqs:SendMessage")], [ROLE, policy("sns:Publish")]),
        ([ROLE, policy("sqs:SendMessage")], [ROLE, policy("sqs:SendMessage", name="renamed")]),
        ([ROLE, policy("sqs:SendMessage")], [ROLE]),
    ],
    ids=["made", "changed", "renamed", "removed"],
)
def test_a_crash_at_any_call_is_survived(
    project: Any,
    policies: Any,
    new_witness: Any,
    crash: Any,
    first: list[Resource],
    second: list[Resource],
    after: bool,
) -> None:
    project.deploy(first)
    before = policies()
    witness = new_witness()
    project.deploy(second, witness)
    aim = policies()
    assert witness.mutating

    for index in range(len(witness.mutating)):
        for then, result in ((second, aim), (first, before)):
            project.deploy(first)
            with pytest.raises(crash):
                project.deploy(second, new_witness(crash_at=index, after=after))
            project.deploy(then)

            assert policies() == result, f"crashed at call {index}"
            assert project.deploy(then)[0].steps == ()


def test_names_are_such_as_iam_takes() -> None:
    names = {policy_name(name) for name in ("work-sends", "w ork", "w/ork", "x" * 200, "x" * 201)}

    assert len(names) == 5
    assert all(name.startswith("chalice-") and len(name) <= 128 for name in names)
    assert not any(character in name for name in names for character in " /")
