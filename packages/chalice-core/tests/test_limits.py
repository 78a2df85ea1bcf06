"""Limits of AWS that only the finished graph shows are named before anything is sent."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from chalice_core.config import FunctionConfig, StageConfig
from chalice_core.hookspecs import hookimpl
from chalice_core.kinds import (
    DEPLOYMENT,
    LAYER,
    BucketNotification,
    EventRule,
    Function,
    Grant,
    InvokePermission,
    Layer,
    Resource,
    Role,
    RolePolicy,
    Schedule,
    WebSocketApi,
)
from chalice_core.lowering import MANAGED_LAYER, with_built_layers
from chalice_core.testing import app, graph, route, stage_config
from chalice_core.validation import InvalidAppError
from chalice_core.values import Output, ResourceId


def refusal(config: StageConfig | None = None, *plugins: object, routes: int = 0) -> str:
    routed = [route(f"/r{number}") for number in range(routes)]
    with pytest.raises(InvalidAppError) as caught:
        graph(app(routes=routed, pure=["work"]), *plugins, config=config)
    (problem,) = caught.value.problems
    return problem


class Grants:
    """Grants something on many ARNs."""

    def __init__(self, count: int) -> None:
        self.count = count

    @hookimpl
    def chalice_add_resources(self, functions: tuple[Function, ...]) -> list[Resource]:
        return [
            Grant(
                id=ResourceId(f"grant-{number}"),
                role=functions[0].role,
                actions=("sqs:SendMessage",),
                on=(f"arn:aws:sqs:eu-west-1:123456789012:queue-{number:04}",),
            )
            for number in range(self.count)
        ]


class Callers:
    """Lets many sources invoke the one function."""

    @hookimpl
    def chalice_add_resources(self, functions: tuple[Function, ...]) -> list[Resource]:
        return [
            InvokePermission(
                id=ResourceId(f"caller-{number}"), function_arn=functions[0].arn, principal="s3.amazonaws.com"
            )
            for number in range(60)
        ]


def test_an_api_has_300_resources_at_most() -> None:
    graph(app(routes=[route(f"/r{number}") for number in range(299)]))

    assert "has 301 resources" in refusal(routes=300)


def test_the_parts_of_paths_are_resources_too() -> None:
    deep = [route(f"/a{number}/b/c") for number in range(100)]

    with pytest.raises(InvalidAppError, match="has 301 resources"):
        graph(app(routes=deep))


def test_methods_of_one_path_are_one_resource() -> None:
    many = [route("/x", method) for method in ("GET", "PUT", "POST", "DELETE", "PATCH", "HEAD")]

    assert graph(app(routes=many), config=stage_config(api_gateway_resource_limit=2))


def test_a_raised_quota_counts() -> None:
    graph(
        app(routes=[route(f"/r{number}") for number in range(400)]),
        config=stage_config(api_gateway_resource_limit=500),
    )


def test_a_roles_policies_stay_below_iams_limit() -> None:
    graph(app(pure=["work"]), Grants(60))

    assert "IAM allows 10240" in refusal(None, Grants(250))


def test_a_functions_policy_stays_below_lambdas_limit() -> None:
    assert "invoked by 60 sources" in refusal(None, Callers())


class Adds:
    """Adds resources."""

    def __init__(self, *resources: Resource) -> None:
        self.resources = resources

    @hookimpl
    def chalice_add_resources(self) -> tuple[Resource, ...]:
        return self.resources


WORK = Output(ResourceId("work"), "arn")
ROLE = Output(ResourceId("default-role"), "arn")
NAMED: tuple[tuple[Callable[[str], Resource], int, str], ...] = (
    (
        lambda name: EventRule(
            id=ResourceId("x"), rule_name=name, function_arn=WORK, schedule_expression="rate(1 hour)"
        ),
        64,
        "EventBridge allows 64",
    ),
    (
        lambda name: Schedule(
            id=ResourceId("x"),
            schedule_name=name,
            function_arn=WORK,
            role=ROLE,
            schedule_expression="rate(1 hour)",
        ),
        64,
        "EventBridge Scheduler allows 64",
    ),
    (lambda name: Role(id=ResourceId("x"), role_name=name), 64, "IAM allows 64"),
    (
        lambda name: RolePolicy(id=ResourceId("x"), role=ROLE, policy_name=name, statements=()),
        128,
        "IAM allows 128",
    ),
    (
        lambda name: Layer(id=ResourceId("x"), layer_name=name, runtimes=("python3.12",)),
        140,
        "Lambda allows 140",
    ),
    (
        lambda name: WebSocketApi(id=ResourceId("x"), name=name, stage_name="api", routes=()),
        128,
        "API Gateway allows 128",
    ),
)


@pytest.mark.parametrize(("named", "longest", "phrase"), NAMED)
def test_a_name_is_as_long_as_its_service_allows(
    named: Callable[[str], Resource], longest: int, phrase: str
) -> None:
    graph(app(pure=["work"]), Adds(named("n" * longest)))

    problem = refusal(None, Adds(named("n" * (longest + 1))))

    assert phrase in problem
    assert f"{longest + 1} characters" in problem
    assert "shorter name" in problem


def test_a_function_has_50_tags_with_ours() -> None:
    def tagged(count: int) -> StageConfig:
        tags = {f"tag-{number}": "x" for number in range(count)}
        return stage_config(default_function=FunctionConfig(tags=tags))

    graph(app(pure=["work"]), config=tagged(48))

    assert "would have 51 tags, 2 of ours among them; AWS allows 50" in refusal(tagged(49))


def test_a_bucket_notifies_a_hundred_functions() -> None:
    def notifications(count: int) -> Adds:
        return Adds(
            *(
                BucketNotification(
                    id=ResourceId(f"n{number}"),
                    bucket="photos",
                    function_arn=WORK,
                    events=("s3:ObjectCreated:*",),
                    prefix=f"{number}/",
                )
                for number in range(count)
            )
        )

    graph(app(pure=["work"]), notifications(100))

    assert "'photos' would notify 101 functions; S3 allows 100" in refusal(None, notifications(101))


def test_grants_of_the_same_actions_are_one_statement() -> None:
    """Actions are most of a policy's characters."""
    (role,) = graph(app(pure=["work"]), Grants(150)).of_kind(Role)

    (statement,) = (each for each in role.statements if each.actions == ("sqs:SendMessage",))
    assert len(statement.resources) == 150


class TestTheManagedLayer:
    def test_it_comes_before_the_users_layers(self) -> None:
        config = stage_config(automatic_layer=True, lambda_architecture="arm64")

        resources = graph(app(pure=["work"]), config=config)

        (layer,), (function,) = resources.of_kind(Layer), resources.of_kind(Function)
        assert function.layers == (layer.version_arn,)
        assert (layer.layer_name, layer.architecture) == ("hello-dev-managed-layer", "arm64")
        assert layer.runtimes == (function.runtime,)

    def test_it_goes_when_nothing_is_in_it(self) -> None:
        resources = graph(app(pure=["work"]), config=stage_config(automatic_layer=True))

        left = with_built_layers(resources, {DEPLOYMENT: object()})  # type: ignore[dict-item]

        assert MANAGED_LAYER not in left
        assert left.of_kind(Function)[0].layers == ()

    def test_it_stays_when_it_was_built(self) -> None:
        resources = graph(app(pure=["work"]), config=stage_config(automatic_layer=True))

        assert with_built_layers(resources, {LAYER: object()}) is resources  # type: ignore[dict-item]
