"""The process is killed at every single call, before it and after it; the next one puts things right."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from chalice_core.kinds import Statement

ANOTHER = {
    "work": {"timeout": 30, "environment": {"TABLE": "other"}, "tags": {"team": "red"}},
    "default-role": {"statements": (Statement(actions=("logs:*",), resources=("*",)),)},
    "api_handler_log_group": {"retention_in_days": 7},
    "rest_api": {"stage_name": "v2"},
    "api_handler_invoke_permission": {"source_account": "123456789012"},
    "work-sqs-event-source": {"batch_size": 7},
}
"""Changes of every resource: in place, and for the permission by replacement."""


def every_call(run: Callable[[Any], object], witness_type: Any) -> int:
    witness = witness_type()
    run(witness)
    return len(witness.mutating)


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("index", range(11))
def test_a_first_deployment_survives_a_crash_at_any_call(
    project: Any, inventory: Any, nothing: Any, new_witness: Any, crash: Any, index: int, after: bool
) -> None:
    with pytest.raises(crash):
        project.deploy(witness=new_witness(crash_at=index, after=after))

    project.deploy()

    survived = inventory()
    assert len(survived["apis"]) == len(survived["mappings"]) == 1
    assert [len(function["statements"]) for function in survived["functions"].values()] == [1, 0]
    assert project.record["chalice"]["intents"] == {}
    assert project.record["chalice"]["retired"] == []
    project.delete()
    assert inventory() == nothing
    assert not project.record_path.exists()


@pytest.mark.one_python
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("index", range(11))
def test_a_crashed_first_deployment_can_be_deleted_at_once(
    project: Any, inventory: Any, nothing: Any, new_witness: Any, crash: Any, index: int, after: bool
) -> None:
    with pytest.raises(crash):
        project.deploy(witness=new_witness(crash_at=index, after=after))

    project.delete()

    assert inventory() == nothing
    assert not project.record_path.exists()


@pytest.mark.one_python
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_an_update_survives_a_crash_at_any_call(
    project: Any, application: Any, inventory: Any, new_witness: Any, crash: Any, after: bool
) -> None:
    wanted = application(**ANOTHER)
    project.deploy()
    witness = new_witness()
    project.deploy(wanted, witness)
    aim = inventory()
    calls = len(witness.mutating)
    assert calls >= 9

    for index in range(calls):
        project.deploy()
        with pytest.raises(crash):
            project.deploy(wanted, new_witness(crash_at=index, after=after))
        project.deploy(wanted)

        assert inventory() == aim, f"crashed at call {index}"
        assert project.deploy(wanted)[0].steps == ()


@pytest.mark.one_python
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_an_update_that_crashed_at_any_call_can_be_taken_back(
    project: Any, application: Any, inventory: Any, new_witness: Any, crash: Any, after: bool
) -> None:
    wanted = application(**ANOTHER)
    project.deploy()
    aim = inventory()
    witness = new_witness()
    project.deploy(wanted, witness)

    for index in range(len(witness.mutating)):
        project.deploy()
        with pytest.raises(crash):
            project.deploy(wanted, new_witness(crash_at=index, after=after))
        project.deploy()

        assert inventory() == aim, f"crashed at call {index}"
        assert project.deploy()[0].steps == ()


RENAMED = {
    "work": {"function_name": "shop-dev-worker"},
    "work_log_group": {"log_group_name": "/aws/lambda/shop-dev-worker"},
}


@pytest.mark.one_python
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("back", [False, True], ids=["again", "taken-back"])
def test_a_replacement_survives_a_crash_at_any_call(
    project: Any, application: Any, inventory: Any, new_witness: Any, crash: Any, after: bool, back: bool
) -> None:
    wanted = application(**RENAMED)
    project.deploy()
    plain = inventory()
    witness = new_witness()
    project.deploy(wanted, witness)
    aim = inventory()
    assert set(aim["functions"]) == {"shop-dev", "shop-dev-worker"}

    for index in range(len(witness.mutating)):
        project.deploy()
        with pytest.raises(crash):
            project.deploy(wanted, new_witness(crash_at=index, after=after))
        project.deploy(None if back else wanted)

        assert inventory() == (plain if back else aim), f"crashed at call {index}"
        assert project.deploy(None if back else wanted)[0].steps == ()


@pytest.mark.one_python
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_a_deletion_survives_a_crash_at_any_call(
    project: Any, inventory: Any, nothing: Any, new_witness: Any, crash: Any, after: bool
) -> None:
    project.deploy()
    aim = inventory()
    witness = new_witness()
    project.delete(witness)

    for index in range(len(witness.mutating)):
        project.deploy()
        with pytest.raises(crash):
            project.delete(new_witness(crash_at=index, after=after))
        if index % 2:
            project.deploy()
            assert inventory() == aim, f"crashed at call {index}"
        project.delete()

        assert inventory() == nothing, f"crashed at call {index}"
        assert not project.record_path.exists()


@pytest.mark.parametrize("index", range(0, 11, 2))
def test_a_crash_of_several_threads_at_once_is_survived_too(
    project: Any, inventory: Any, nothing: Any, new_witness: Any, crash: Any, index: int
) -> None:
    with pytest.raises(crash):
        project.deploy(witness=new_witness(crash_at=index), workers=8)

    project.deploy(workers=8)

    survived = inventory()
    assert len(survived["apis"]) == len(survived["mappings"]) == 1
    project.delete()
    assert inventory() == nothing


@pytest.mark.parametrize("workers", [1, 8])
def test_several_interrupted_attempts_leave_nothing_of_any_of_them(
    project: Any, application: Any, inventory: Any, new_witness: Any, crash: Any, workers: int
) -> None:
    project.deploy()
    aim = inventory()

    for name in ("v2", "v3", "v4"):
        attempt = application(rest_api={"stage_name": name}, work={"tags": {name: "tried"}})
        with pytest.raises(crash):
            project.deploy(attempt, new_witness(crash_after="CreateDeployment"), workers=workers)
    assert inventory()["apis"][0]["stages"] == ["api", "v2", "v3", "v4"]
    project.deploy()

    assert inventory() == aim
    assert project.deploy()[0].steps == ()
