"""From what an application declares to the graph of its resources."""

from __future__ import annotations

import json
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalice_core.config import FunctionConfig
from chalice_core.errors import ToolError
from chalice_core.graph import DuplicateResourceError, Graph
from chalice_core.hookspecs import hookimpl
from chalice_core.kinds import (
    EventSourceMapping,
    Function,
    Grant,
    InvokePermission,
    LogGroup,
    Resource,
    RestApi,
    Role,
    Statement,
)
from chalice_core.lowering import UnclaimedEventError, build_graph
from chalice_core.manifest import AuthorizerDeclaration, EventDeclaration, RouteDeclaration
from chalice_core.plugins import HookAnswerError, PluginInfo, Plugins
from chalice_core.swagger import document
from chalice_core.testing import app, event, graph, plugin_manager, route, stage_config, write_project
from chalice_core.validation import InvalidAppError, function_names
from chalice_core.values import Output, ResourceId, render, render_tree

QUEUE = event("queue", "on_queue")


class Queues:
    """A family of events, as small as they get."""

    @hookimpl
    def chalice_lower_event(self, event: EventDeclaration, function: Function) -> list[Resource] | None:
        if event.source != "queue":
            return None
        grant = Grant(
            id=ResourceId(f"{function.id}-reads"), role=function.role, actions=("sqs:Get",), on=("arn:q",)
        )
        mapping = EventSourceMapping(
            id=ResourceId(f"{function.id}-mapping"),
            function_arn=function.arn,
            source_arn="arn:q",
            service="sqs",
            after=(grant.id,),
        )
        return [grant, mapping]


def actions(role: Role) -> list[str]:
    return [action for statement in role.statements for action in statement.actions]


def only(of: Graph, kind: type[Any]) -> Any:
    (resource,) = of.of_kind(kind)
    return resource


class TestAnApiAndAFunction:
    def test_the_ids_are_these(self) -> None:
        made = graph(app(routes=[route()], pure=["work"]))

        assert {resource.id: type(resource) for resource in made} == {
            "default-role": Role,
            "api_handler_log_group": LogGroup,
            "work_log_group": LogGroup,
            "api_handler": Function,
            "work": Function,
            "rest_api": RestApi,
            "api_handler_invoke_permission": InvokePermission,
        }

    def test_the_names_in_aws_are_these(self) -> None:
        made = graph(app(routes=[route()], pure=["work"]), config=stage_config(app_name="shop", stage="prod"))

        assert [one.function_name for one in made.of_kind(Function)] == ["shop-prod", "shop-prod-work"]
        assert [one.log_group_name for one in made.of_kind(LogGroup)] == [
            "/aws/lambda/shop-prod",
            "/aws/lambda/shop-prod-work",
        ]
        assert only(made, Role).role_name == "shop-prod"

    def test_the_application_titles_the_api(self) -> None:
        made = graph(app(name="My shop", routes=[route()]), config=stage_config(app_name="shop"))

        assert only(made, RestApi).name == "My shop"

    def test_only_requests_to_this_api_may_invoke_the_handler(self) -> None:
        permission = only(graph(app(routes=[route()])), InvokePermission)

        source = render(
            permission.source_arn, output=lambda one: f"<{one.of}>", pseudo=lambda one: one.name.lower()
        )
        assert permission.principal == "apigateway.amazonaws.com"
        assert source == "arn:partition:execute-api:region:account:<rest_api>/*"

    def test_without_routes_there_is_no_api(self) -> None:
        made = graph(app(pure=["work"]))

        assert [type(resource) for resource in made] == [Role, LogGroup, Function]

    def test_an_empty_application_is_an_empty_graph(self) -> None:
        assert len(graph(app())) == 0

    def test_the_api_gets_what_the_stage_says(self) -> None:
        config = stage_config(
            api_gateway_stage="v1",
            api_gateway_endpoint_type="REGIONAL",
            minimum_compression_size=0,
            xray=True,
        )

        api = only(graph(app(routes=[route()], binary_types=("image/png",)), config=config), RestApi)

        assert (api.stage_name, api.endpoint_type, api.minimum_compression_size) == ("v1", "REGIONAL", 0)
        assert (api.binary_types, api.tracing) == (("image/png",), True)


class TestFunctions:
    def test_a_function_gets_what_its_configuration_says(self) -> None:
        settings = FunctionConfig(
            memory_size=256,
            timeout=5,
            environment_variables={"KEY": "value"},
            layers=("arn:layer",),
            subnet_ids=("subnet-1",),
            security_group_ids=("sg-1",),
            reserved_concurrency=0,
            xray=True,
            log_retention_in_days=7,
        )
        config = stage_config(lambda_architecture="arm64", functions={"work": settings})

        made = graph(app(pure=["work", "other"]), config=config)

        work = made[ResourceId("work")]
        assert isinstance(work, Function)
        assert (work.memory_size, work.timeout, work.environment) == (256, 5, {"KEY": "value"})
        assert (work.layers, work.subnet_ids, work.security_group_ids) == (
            ("arn:layer",),
            ("subnet-1",),
            ("sg-1",),
        )
        assert (work.reserved_concurrency, work.tracing, work.architecture) == (0, True, "arm64")
        assert [one.retention_in_days for one in made.of_kind(LogGroup)] == [7, None]

    def test_the_tag_of_the_framework_cannot_be_overridden(self) -> None:
        config = stage_config(default_function=FunctionConfig(tags={"team": "blue", "aws-chalice": "forged"}))

        work = only(graph(app(pure=["work"]), config=config), Function)

        assert work.tags == {
            "team": "blue",
            "aws-chalice": f"version={version('chalice-core')}:stage=dev:app=hello",
        }

    def test_the_runtime_is_the_one_asked_for(self) -> None:
        made = build_graph(app(pure=["work"]), "python3.13", stage_config(), Plugins())

        assert only(made, Function).runtime == "python3.13"


class TestRoles:
    def test_one_role_for_all_may_write_logs(self) -> None:
        role = only(graph(app(routes=[route()], pure=["work"])), Role)

        (statement,) = role.statements
        assert set(statement.actions) == {"logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"}

    def test_a_network_and_tracing_add_their_statements_once(self) -> None:
        settings = FunctionConfig(subnet_ids=("subnet-1",), security_group_ids=("sg-1",), xray=True)

        role = only(graph(app(pure=["one", "two"]), config=stage_config(default_function=settings)), Role)

        assert actions(role).count("ec2:CreateNetworkInterface") == 1
        assert actions(role).count("xray:PutTraceSegments") == 1

    def test_a_hand_written_policy_is_a_role_of_the_functions_own(self, tmp_path: Path) -> None:
        policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*"}]}
        write_project(tmp_path, files={".chalice/mine.json": json.dumps(policy)})
        settings = FunctionConfig(autogen_policy=False, iam_policy_file="mine.json")

        made = graph(app(pure=["work", "other"]), config=stage_config(tmp_path, functions={"work": settings}))

        assert {role.id: (role.role_name, role.policy_document) for role in made.of_kind(Role)} == {
            "default-role": ("hello-dev", None),
            "work_role": ("hello-dev-work", policy),
        }
        assert {one.id: one.role for one in made.of_kind(Function)} == {
            "work": Output(ResourceId("work_role"), "arn"),
            "other": Output(ResourceId("default-role"), "arn"),
        }

    def test_the_policy_file_is_called_after_the_stage_unless_it_is_named(self, tmp_path: Path) -> None:
        write_project(tmp_path, files={".chalice/policy-prod.json": '{"Statement": []}'})
        config = stage_config(tmp_path, stage="prod", default_function=FunctionConfig(autogen_policy=False))

        assert only(graph(app(pure=["work"]), config=config), Role).policy_document == {"Statement": []}

    @pytest.mark.parametrize("content", ["{", "[]", "{}", b"\xff"])
    def test_a_policy_file_that_is_none_is_a_problem(self, tmp_path: Path, content: str | bytes) -> None:
        write_project(tmp_path, files={".chalice/policy-dev.json": content})
        config = stage_config(tmp_path, default_function=FunctionConfig(autogen_policy=False))

        with pytest.raises(InvalidAppError, match=r"policy-dev\.json"):
            graph(app(pure=["work", "other"]), config=config)

    def test_a_role_that_we_do_not_manage_is_its_arn(self) -> None:
        settings = FunctionConfig(manage_iam_role=False, iam_role_arn="arn:theirs")

        made = graph(app(events=[QUEUE]), Queues(), config=stage_config(default_function=settings))

        assert made.of_kind(Role) == ()
        assert only(made, Function).role == "arn:theirs"
        assert only(made, EventSourceMapping).after == ()


class TestPolicyOfTheApi:
    def test_a_private_api_lets_its_endpoints_in(self) -> None:
        config = stage_config(
            api_gateway_endpoint_type="PRIVATE", api_gateway_endpoint_vpce=("vpce-1", "vpce-2")
        )

        policy: Any = only(graph(app(routes=[route()]), config=config), RestApi).policy

        (statement,) = policy["Statement"]
        assert statement["Effect"] == "Allow"
        assert statement["Condition"] == {"StringEquals": {"aws:SourceVpce": ["vpce-1", "vpce-2"]}}

    def test_a_hand_written_one_is_taken_as_it_is(self, tmp_path: Path) -> None:
        write_project(tmp_path, files={".chalice/api.json": '{"Statement": ["mine"]}'})
        config = stage_config(tmp_path, api_gateway_policy_file="api.json")

        assert only(graph(app(routes=[route()]), config=config), RestApi).policy == {"Statement": ["mine"]}


class TestEvents:
    def test_a_claimed_event_adds_its_resources_and_grants(self) -> None:
        made = graph(app(events=[QUEUE]), Queues())

        assert only(made, EventSourceMapping).after == ("default-role",)
        assert Statement(actions=("sqs:Get",), resources=("arn:q",)) in only(made, Role).statements

    def test_all_unclaimed_events_are_named_with_what_to_install(self) -> None:
        declared = app(
            events=[event("sqs", "on_sqs_message", "one"), event("uploads", "on_upload", "two"), QUEUE]
        )

        with pytest.raises(UnclaimedEventError) as caught:
            graph(declared, Queues())

        assert [one.function for one in caught.value.events] == ["one", "two"]
        assert "pip install chalice-sqs" in caught.value.fix
        assert "the distribution that provides 'uploads'" in caught.value.fix

    @pytest.mark.parametrize(("state", "advice"), [("blocked", "unblock it"), ("broken", "Repair")])
    def test_a_plugin_that_is_there_and_not_used_is_no_reason_to_install(
        self, state: Any, advice: str
    ) -> None:
        plugins = plugin_manager()
        plugins.record(
            PluginInfo(
                name="sqs",
                distribution="chalice-sqs",
                version="0.1.0",
                module="chalice_sqs.hooks",
                state=state,
                error="It is broken.",
            )
        )

        with pytest.raises(UnclaimedEventError) as caught:
            build_graph(app(events=[event("sqs", "on_sqs_message")]), "python3.12", stage_config(), plugins)

        assert advice in caught.value.fix
        assert "pip install" not in caught.value.fix

    def test_a_strangers_plugin_that_is_not_used_may_be_the_one_that_is_missed(self) -> None:
        plugins = plugin_manager()
        plugins.record(
            PluginInfo(
                name="uploads", distribution="acme-uploads", version="3", module="acme", state="blocked"
            )
        )

        with pytest.raises(UnclaimedEventError) as caught:
            build_graph(app(events=[event("uploads", "on_upload")]), "python3.12", stage_config(), plugins)

        assert "The plugin 'uploads' (acme-uploads 3) is blocked; unblock it." in caught.value.fix
        assert "Install the distribution that provides 'uploads'" in caught.value.fix

    @pytest.mark.parametrize(
        ("source", "decorator", "distribution"),
        [
            ("scheduled", "schedule", "chalice-schedule"),
            ("cloudwatch", "on_cw_event", "chalice-schedule"),
            ("s3", "on_s3_event", "chalice-s3"),
            ("sns", "on_sns_message", "chalice-sns"),
            ("sqs", "on_sqs_message", "chalice-sqs"),
            ("kinesis", "on_kinesis_record", "chalice-kinesis"),
            ("dynamodb", "on_dynamodb_record", "chalice-dynamodb"),
            ("kafka", "on_kafka_message", "chalice-kafka"),
            ("cognito", "on_cognito_trigger", "chalice-cognito"),
            ("function_url", "on_function_url", "chalice-function-urls"),
            ("websocket", "on_ws_connect", "chalice-websockets"),
        ],
    )
    def test_an_event_of_ours_without_its_plugin_says_what_to_install(
        self, source: str, decorator: str, distribution: str
    ) -> None:
        with pytest.raises(UnclaimedEventError) as caught:
            graph(app(events=[event(source, decorator, "work")]))

        assert f"@app.{decorator} of the function 'work'" in caught.value.what
        assert f"pip install {distribution}" in caught.value.fix

    def test_a_strangers_plugin_deploys_what_ours_do_not(self) -> None:
        class Uploads:
            @hookimpl
            def chalice_lower_event(self, event: EventDeclaration, function: Function) -> list[Grant] | None:
                if event.source != "s3":
                    return None
                return [
                    Grant(id=ResourceId("uploads"), role=function.role, actions=("s3:Get",), on=("arn:b",))
                ]

        made = graph(app(events=[event("s3", "on_s3_event", "work")]), Uploads())

        assert Statement(actions=("s3:Get",), resources=("arn:b",)) in only(made, Role).statements

    def test_an_answer_that_is_no_resource_is_told(self) -> None:
        class Wrong:
            @hookimpl
            def chalice_lower_event(self, event: EventDeclaration) -> list[str]:
                return ["resource"]

        with pytest.raises(HookAnswerError, match="on_queue"):
            graph(app(events=[QUEUE]), Wrong())

    def test_two_resources_of_one_name_are_refused(self) -> None:
        with pytest.raises(DuplicateResourceError) as caught:
            graph(app(routes=[route()], pure=["rest_api"]))

        assert caught.value.id == "rest_api"


class TestAdjusting:
    def test_plugins_change_the_finished_graph_one_after_the_other(self) -> None:
        class Tagging:
            def __init__(self, value: str) -> None:
                self.value = value

            @hookimpl
            def chalice_adjust_graph(self, graph: Graph) -> Graph:
                return Graph.of(
                    replace(one, tags={**one.tags, "order": one.tags.get("order", "") + self.value})
                    if isinstance(one, Function)
                    else one
                    for one in graph
                )

        made = graph(app(pure=["work"]), Tagging("a"), Tagging("b"))

        assert only(made, Function).tags["order"] == "ab"

    def test_what_is_no_graph_is_told(self) -> None:
        class Wrong:
            @hookimpl
            def chalice_adjust_graph(self, graph: Graph) -> list[Resource]:
                return list(graph)

        with pytest.raises(HookAnswerError, match="chalice_adjust_graph"):
            graph(app(pure=["work"]), Wrong())


ROUTES = st.builds(
    route,
    st.text(alphabet="/{}+abc", max_size=8) | st.sampled_from(["/", "/a", "/a/{b}", "/a/{c}"]),
    st.sampled_from(["GET", "PUT", "OPTIONS", "get", ""]),
    cors=st.none() | st.just({"Access-Control-Allow-Origin": "*"}),
    content_types=st.lists(st.sampled_from(["image/png", "text/plain"]), max_size=2).map(tuple),
    api_key_required=st.booleans(),
    authorizer=st.sampled_from([None, None, None, "keeper"]),
)
AUTHORIZERS = st.builds(
    AuthorizerDeclaration,
    name=st.sampled_from(["keeper", "work"]),
    kind=st.sampled_from(["builtin", "custom", "cognito", "iam"]),
    options=st.dictionaries(
        st.sampled_from(["function", "ttl_seconds", "header", "provider_arns", "authorizer_uri"]),
        st.none() | st.sampled_from(["work", "keeper", 5, [], ["arn:x"]]),
    ),
)
NAMES = st.sampled_from(["work", "api_handler", "rest_api", "a.b", "x" * 70, "other"])
SETTINGS = st.builds(
    FunctionConfig,
    manage_iam_role=st.booleans(),
    iam_role_arn=st.sampled_from([None, "arn:theirs"]),
    subnet_ids=st.sampled_from([(), ("subnet-1",)]),
    security_group_ids=st.sampled_from([(), ("sg-1",)]),
)


@settings(max_examples=200, deadline=None)
@given(
    routes=st.lists(ROUTES, max_size=3),
    pure=st.lists(NAMES, max_size=2),
    queues=st.lists(NAMES, max_size=2, unique=True),
    functions=st.dictionaries(NAMES, SETTINGS, max_size=2),
    authorizers=st.lists(AUTHORIZERS, max_size=2),
)
def test_any_application_becomes_a_whole_graph_or_an_error_for_people(
    routes: list[RouteDeclaration],
    pure: list[str],
    queues: list[str],
    functions: dict[str, FunctionConfig],
    authorizers: list[AuthorizerDeclaration],
) -> None:
    declared = app(
        routes=routes,
        pure=pure,
        events=[event("queue", "on_queue", name) for name in queues],
        binary_types=("image/png",),
        authorizers=tuple(authorizers),
    )

    try:
        made = graph(declared, Queues(), config=stage_config(functions=functions))
    except ToolError as error:
        assert error.fix
    else:
        assert {one.name for one in made.of_kind(Function)} == set(function_names(declared))
        for api in made.of_kind(RestApi):
            assert {one.authorizer for one in declared.routes if one.authorizer} == {
                one.name for one in api.authorizers
            }
            assert json.dumps(render_tree(document(api), output=repr, pseudo=repr))
