"""What is written fits the schemas of the AWS provider, of both its current major versions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from chalice_terraform.testing import PROVIDERS, SchemaUnavailableError, problems_of, provider_schema

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", params=PROVIDERS, ids=lambda version: f"provider {version}")
def schema(request: pytest.FixtureRequest) -> Mapping[str, Any]:
    """The attributes of every resource and data source of one version of the provider."""
    try:
        return provider_schema(request.param, Path(request.config.cache.mkdir("terraform-schemas")))
    except SchemaUnavailableError as error:
        pytest.skip(str(error))


def test_everything_that_is_written_is_known_to_the_provider(
    schema: Mapping[str, Any],
    every_application: Mapping[str, tuple[Any, ...]],
    configuration_of: Callable[..., dict[str, Any]],
) -> None:
    # What the examples expect to be in other files.
    elsewhere: Mapping[str, Mapping[str, Any]] = {
        "aws_cognito_user_pool": {"own": {}},
        "aws_lambda_function": {"elsewhere": {}},
        "aws_s3_bucket": {"own": {}},
        "aws_subnet": {"own": {}},
    }
    found = {}
    for name, resources in every_application.items():
        document = configuration_of(*resources)
        problems = list(problems_of(document, schema))
        for type, blocks in elsewhere.items():
            document["resource"].setdefault(type, {}).update(blocks)
        problems = [each for each in problems if each in [*problems_of(document, schema)]]
        if problems:
            found[name] = problems

    assert found == {}


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"colour": "blue"}, "there is no argument colour"),
        ({"memory_size": "much"}, "memory_size: a number is required"),
        ({"function_name": None}, "function_name is required"),
        ({"vpc_config": {"subnet_ids": []}}, "security_group_ids is required"),
        ({"role": "${aws_iam_role.nobody.arn}"}, "refers to what is not there"),
        ({"role": "${aws_iam_role.default-role.colour}"}, "has no attribute colour"),
        ({"description": "${data.aws_region.chalice.name}"}, "name is deprecated"),
        ({"replace_security_groups_on_destroy": True}, "replace_security_groups_on_destroy is deprecated"),
        ({"depends_on": ["aws_iam_role.nobody"]}, "waits for aws_iam_role.nobody"),
    ],
)
def test_mistakes_are_found(
    schema: Mapping[str, Any],
    parts: Any,
    configuration_of: Callable[..., dict[str, Any]],
    change: Mapping[str, Any],
    problem: str,
) -> None:
    document = configuration_of(parts.role, parts.function("add"))
    body = {**document["resource"]["aws_lambda_function"]["add"], **change}
    document["resource"]["aws_lambda_function"]["add"] = {k: v for k, v in body.items() if v is not None}

    assert problem in " ".join(problems_of(document, schema))
