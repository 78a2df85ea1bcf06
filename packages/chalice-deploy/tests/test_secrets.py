"""Values of environment variables are told to AWS and to nobody else."""

from __future__ import annotations

import traceback
from typing import Any

import pytest

from chalice_core.graph import Graph
from chalice_deploy.errors import AwsError


def test_the_record_holds_digests_in_place_of_secrets(project: Any, inventory: Any) -> None:
    project.deploy()

    assert inventory()["functions"]["shop-dev"]["environment"]["PASSWORD"] == "correct horse"
    assert b"correct horse" not in project.record_path.read_bytes()


def test_equal_secrets_of_two_stages_have_different_digests(project: Any, tmp_path: Any) -> None:
    project.deploy()
    first = project.record["chalice"]["resources"]["work"]["properties"]["Environment"]["PASSWORD"]
    project.delete()

    project.deploy()

    assert project.record["chalice"]["resources"]["work"]["properties"]["Environment"]["PASSWORD"] != first


def test_a_plan_shows_that_a_secret_changes_but_not_the_secret(
    project: Any, application: Any, code: Any
) -> None:
    project.deploy()
    changed = application(
        work={"environment": {"TABLE": "orders", "PASSWORD": "battery staple", "NEW": "salt"}}
    )

    plan = project.deployment().plan(Graph.of(changed), code())

    assert [(change.property, change.before, change.after) for change in plan.steps[0].changes] == [
        ("Environment.PASSWORD", "(hidden)", "(hidden)"),
        ("Environment.NEW", None, "(hidden)"),
    ]
    assert "battery staple" not in repr(plan.steps)


def test_an_error_of_aws_that_repeats_a_secret_is_shown_without_it(project: Any, new_witness: Any) -> None:
    witness = new_witness()
    witness.fail["CreateFunction"] = [("InvalidParameterValueException", "Bad value: correct horse")] * 2

    with pytest.raises(Exception, match="Bad value") as caught:
        project.deploy(witness=witness)

    assert "correct horse" not in "".join(traceback.format_exception(caught.value))


def test_what_a_call_without_variables_names_is_told_though_a_variable_has_the_same_value(
    project: Any, new_witness: Any
) -> None:
    """The queue, which the function sends to as well, is what is wrong."""
    witness = new_witness()
    message = "The queue arn:aws:sqs:eu-central-1:123456789012:orders is not there; correct horse"
    witness.fail["CreateEventSourceMapping"] = [("InvalidParameterValueException", message)] * 2

    with pytest.raises(AwsError) as caught:
        project.deploy(witness=witness)

    assert caught.value.message.endswith(":orders is not there; (hidden)")


def test_an_error_of_boto_that_repeats_a_secret_is_shown_without_it(project: Any, application: Any) -> None:
    wanted = application(work={"timeout": "correct horse"})

    with pytest.raises(AwsError) as caught:
        project.deploy(wanted)

    assert caught.value.aws_code == "ParamValidation"
    assert "correct horse" not in "".join(traceback.format_exception(caught.value))
