"""Operations become actions that IAM knows."""

from __future__ import annotations

import re

import pytest

from chalice_deploy.policies import models
from chalice_deploy.policies.actions import actions_of, partiql, prefix
from chalice_deploy.policies.exceptions import (
    ACTIONS,
    ALONGSIDE,
    BY_PARAMETER,
    EVERYWHERE_ONLY,
    PREFIXES,
    WITHOUT_IAM,
)

ACTION = re.compile(r"[a-z0-9-]+:[A-Za-z0-9]+$")


@pytest.mark.parametrize(
    ("service", "expected"),
    [
        ("apigatewaymanagementapi", "execute-api"),
        ("cloudwatch", "cloudwatch"),
        ("docdb", "rds"),
        ("dynamodbstreams", "dynamodb"),
        ("efs", "elasticfilesystem"),
        ("elbv2", "elasticloadbalancing"),
        ("emr", "elasticmapreduce"),
        ("iot-data", "iot"),
        ("lambda", "lambda"),
        ("lexv2-runtime", "lex"),
        ("mturk", "mechanicalturk"),
        ("mwaa", "airflow"),
        ("opensearch", "es"),
        ("pinpoint", "mobiletargeting"),
        ("resourcegroupstaggingapi", "tag"),
        ("s3control", "s3"),
        ("sesv2", "ses"),
        ("stepfunctions", "states"),
        ("timestream-write", "timestream"),
    ],
)
def test_a_service_has_the_prefix_that_iam_gives_it(service: str, expected: str) -> None:
    assert prefix(service) == expected


@pytest.mark.parametrize(
    ("service", "operation", "given", "expected"),
    [
        ("s3", "HeadObject", (), {"s3:GetObject"}),
        ("s3", "GetObject", ("VersionId",), {"s3:GetObject", "s3:GetObjectVersion"}),
        ("s3", "PutObject", ("ACL", "Body"), {"s3:PutObject", "s3:PutObjectAcl"}),
        ("s3", "CreateSession", (), {"s3express:CreateSession"}),
        ("lambda", "Invoke", (), {"lambda:InvokeFunction"}),
        ("lambda", "GetFunction", (), {"lambda:GetFunction"}),
        ("apigateway", "CreateRestApi", (), {"apigateway:POST"}),
        ("apigatewayv2", "GetApis", (), {"apigateway:GET"}),
        ("apigatewaymanagementapi", "DeleteConnection", (), {"execute-api:ManageConnections"}),
        ("budgets", "DescribeBudget", (), {"budgets:ViewBudget"}),
        ("budgets", "UpdateBudget", (), {"budgets:ModifyBudget"}),
        ("budgets", "ExecuteBudgetAction", (), {"budgets:ExecuteBudgetAction"}),
        ("keyspaces", "GetTable", (), {"cassandra:Select"}),
        ("timestream-query", "Query", (), {"timestream:DescribeEndpoints", "timestream:Select"}),
        ("connectparticipant", "SendMessage", (), set()),
        ("cloudcontrol", "CreateResource", (), {"cloudformation:CreateResource"}),
        ("rds-db", "connect", (), {"rds-db:connect"}),
    ],
)
def test_an_operation_needs_these_actions(
    service: str, operation: str, given: tuple[str, ...], expected: set[str]
) -> None:
    assert set(actions_of(service, operation, given)) == expected


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        (['SELECT * FROM "a"'], ["Select"]),
        ([" insert into a value {}", "DELETE FROM a"], ["Delete", "Insert"]),
        (["EXISTS(SELECT * FROM a)"], ["Select"]),
        (None, ["Delete", "Insert", "Select", "Update"]),
        (["* from a"], ["Delete", "Insert", "Select", "Update"]),
    ],
)
def test_statements_of_partiql_need_the_action_of_their_verb(
    statements: list[str] | None, expected: list[str]
) -> None:
    assert list(partiql(statements)) == [f"dynamodb:PartiQL{verb}" for verb in expected]


@pytest.mark.slow
def test_every_operation_of_every_service_becomes_plausible_actions() -> None:
    services = sorted(models.services())
    for service in services:
        # The models of all services together are 150 MB once they are read.
        methods = models.operations(service)
        for operation in methods.values():
            actions = actions_of(service, operation)
            assert bool(actions) != (service in WITHOUT_IAM), (service, operation)
            assert all(ACTION.match(action) for action in actions), (service, operation, actions)
        for waiter in models.waiters(service).values():
            assert waiter in methods.values(), (service, waiter)
        for cached in (models.service_model, models.operations):
            cached.cache_clear()
    assert len(services) > 300


def test_exceptions_are_of_services_and_operations_that_botocore_knows() -> None:
    # botocore has dropped the model of this service; older versions, which are allowed, have it.
    former = {"iotevents-data"}

    assert set(PREFIXES) - former <= models.services()
    assert set(ALONGSIDE) | WITHOUT_IAM <= models.services()
    for service, exceptions in ACTIONS.items():
        assert set(exceptions) <= set(models.operations(service).values()), service
    for service, operation in BY_PARAMETER:
        assert operation in models.operations(service).values()


def test_every_exception_departs_from_the_rule() -> None:
    for service, exceptions in ACTIONS.items():
        for operation, actions in exceptions.items():
            assert actions != (f"{prefix(service)}:{operation}",), (service, operation)


def test_actions_without_resources_are_ones_that_calls_can_need() -> None:
    assert all(ACTION.match(action) for action in EVERYWHERE_ONLY)
