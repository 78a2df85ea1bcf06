"""What each kind becomes."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest

from chalice_core import kinds
from chalice_core.attachments import SOURCE
from chalice_core.kinds import (
    CloudFormationResource,
    EventRule,
    InvokePermission,
    LogGroup,
    RestApi,
    Role,
    RolePolicy,
    Schedule,
    Statement,
    WebSocketRoute,
)
from chalice_core.plugins import Plugins, realisation_of
from chalice_core.values import Output, ResourceId
from chalice_terraform.format import TerraformFormat
from chalice_terraform.kinds import RENDERERS
from chalice_terraform.kinds.open_door import UnknownTypeError
from chalice_terraform.renderer import Renderer, UnknownOutputError

ConfigurationOf = Callable[..., dict[str, Any]]


def test_every_kind_has_a_renderer(plugins: Plugins) -> None:
    assert set(RENDERERS) == {*kinds.KINDS}
    for kind in kinds.KINDS:
        realisation_of(plugins, "terraform", kind, protocol=Renderer)


def test_the_examples_hold_every_kind(every_application: Mapping[str, tuple[Any, ...]]) -> None:
    from chalice_core.graph import Graph

    found = {type(each) for resources in every_application.values() for each in Graph.of(resources)}

    assert found == {*kinds.KINDS}


def test_paths_begin_at_the_module(parts: Any, configuration_of: ConfigurationOf) -> None:
    function = configuration_of(parts.role, parts.function("add"))["resource"]["aws_lambda_function"]["add"]

    assert function["filename"] == "${path.module}/deployment.zip"
    assert function["source_code_hash"] == '${filebase64sha256("${path.module}/deployment.zip")}'


def test_a_function_waits_for_what_it_may_do_and_for_its_log_group(
    parts: Any, configuration_of: ConfigurationOf
) -> None:
    group = LogGroup(
        id=ResourceId("add_log_group"), log_group_name="/aws/lambda/shop-dev-add", retention_in_days=7
    )

    resources = configuration_of(parts.role, group, parts.function("add"))["resource"]

    assert resources["aws_lambda_function"]["add"]["depends_on"] == [
        "aws_iam_role.default-role",
        "aws_iam_role_policy.default-role",
        "aws_cloudwatch_log_group.add_log_group",
    ]
    assert resources["aws_cloudwatch_log_group"]["add_log_group"]["retention_in_days"] == 7


def test_a_log_group_without_a_retention_is_left_to_lambda(
    parts: Any, configuration_of: ConfigurationOf
) -> None:
    group = LogGroup(id=ResourceId("add_log_group"), log_group_name="/aws/lambda/shop-dev-add")

    assert "aws_cloudwatch_log_group" not in configuration_of(parts.role, group)["resource"]


def test_what_users_write_is_text_and_what_we_know_is_an_expression(
    parts: Any, configuration_of: ConfigurationOf
) -> None:
    environment = {"A": "${aws_s3_bucket.own.id}", "B": Output(ResourceId("default-role"), "arn")}

    resources = configuration_of(parts.role, parts.function("add", environment=environment))["resource"]

    assert resources["aws_lambda_function"]["add"]["environment"]["variables"] == {
        "A": "$${aws_s3_bucket.own.id}",
        "B": "${aws_iam_role.default-role.arn}",
    }


def test_a_hand_written_policy_keeps_its_variables(parts: Any, configuration_of: ConfigurationOf) -> None:
    role = Role(
        id=ResourceId("r"),
        role_name="r",
        policy_document={"Version": "2012-10-17", "Statement": [{"Resource": "home/${aws:username}"}]},
    )

    policy = configuration_of(role)["resource"]["aws_iam_role_policy"]["r"]["policy"]

    assert json.loads(policy)["Statement"] == [{"Resource": "home/$${aws:username}"}]


def test_a_role_without_statements_has_no_policy(configuration_of: ConfigurationOf) -> None:
    resources = configuration_of(Role(id=ResourceId("r"), role_name="r"))["resource"]

    assert [*resources] == ["aws_iam_role"]


def test_a_further_policy_belongs_to_its_role(parts: Any, configuration_of: ConfigurationOf) -> None:
    worker = parts.function("work")
    policy = RolePolicy(
        id=ResourceId("sends"),
        role=parts.role.arn,
        policy_name="sends",
        statements=(Statement(actions=("sqs:SendMessage",), resources=(worker.arn,)),),
    )

    found = configuration_of(parts.role, worker, policy)["resource"]["aws_iam_role_policy"]["sends"]

    assert found["role"] == "${aws_iam_role.default-role.id}"
    assert json.loads(found["policy"])["Statement"][0]["Resource"] == "${aws_lambda_function.work.arn}"


def test_an_api_is_deployed_again_when_its_definition_changes(
    parts: Any, configuration_of: ConfigurationOf
) -> None:
    handler = parts.function()

    document = configuration_of(parts.role, handler, *parts.api(handler, tracing=True))

    resources = document["resource"]
    assert resources["aws_api_gateway_rest_api"]["rest_api"]["body"] == "${local.chalice_api_swagger}"
    deployment = resources["aws_api_gateway_deployment"]["rest_api"]
    assert deployment["triggers"]["definition"] == "${sha256(local.chalice_api_swagger)}"
    assert deployment["lifecycle"] == {"create_before_destroy": True}
    stage = resources["aws_api_gateway_stage"]["rest_api"]
    assert stage["deployment_id"] == "${aws_api_gateway_deployment.rest_api.id}"
    assert stage["xray_tracing_enabled"] is True


def test_what_the_provider_would_put_back_is_said_again(
    parts: Any, configuration_of: ConfigurationOf
) -> None:
    handler = parts.function()
    allow = {
        "Effect": "Allow",
        "Resource": ["execute-api:/*", "arn:aws:execute-api:*:*:*/${stageVariables.x}"],
    }
    api = parts.api(handler, policy={"Version": "2012-10-17", "Statement": [allow]})

    resources = configuration_of(parts.role, handler, *api)["resource"]

    assert resources["aws_api_gateway_rest_api"]["rest_api"]["binary_media_types"] == ["image/png"]
    policy = json.loads(resources["aws_api_gateway_rest_api_policy"]["rest_api"]["policy"])
    assert policy["Statement"][0]["Resource"] == [
        "${aws_api_gateway_rest_api.rest_api.execution_arn}/*",
        "arn:aws:execute-api:*:*:*/$${stageVariables.x}",
    ]
    assert resources["aws_api_gateway_deployment"]["rest_api"]["depends_on"] == [
        "aws_api_gateway_rest_api_policy.rest_api"
    ]


@pytest.mark.parametrize(("size", "written"), [(None, "-1"), (0, "0"), (1024, "1024")])
def test_compression_can_be_switched_on_and_off(
    parts: Any, configuration_of: ConfigurationOf, size: int | None, written: str
) -> None:
    handler = parts.function()
    api = parts.api(handler, minimum_compression_size=size)

    resources = configuration_of(parts.role, handler, *api)["resource"]

    assert resources["aws_api_gateway_rest_api"]["rest_api"]["minimum_compression_size"] == written
    triggers = resources["aws_api_gateway_deployment"]["rest_api"]["triggers"]
    assert triggers["minimum_compression_size"] == written


def test_a_second_api_has_names_of_its_own(parts: Any, configuration_of: ConfigurationOf) -> None:
    handler = parts.function()
    api, _ = parts.api(handler)
    second: RestApi = replace(api, id=ResourceId("admin-api"))

    document = configuration_of(parts.role, handler, api, second)

    assert {*document["locals"]} >= {"chalice_api_swagger", "chalice_admin-api_swagger"}
    assert {*document["output"]} >= {"RestAPIId", "EndpointURL", "AdminApiId", "AdminApiEndpointURL"}


def test_outputs_have_the_names_that_scripts_know(parts: Any, configuration_of: ConfigurationOf) -> None:
    handler = parts.function()
    api, permission = parts.api(handler)
    sockets = [parts.function(f"websocket_{name}") for name in ("connect", "message")]
    websocket_api = parts.websocket_api(*sockets)

    outputs = configuration_of(
        *(parts.role, handler, api, permission, *parts.domain(api)),
        *(*sockets, websocket_api, *parts.domain(websocket_api)),
    )["output"]

    values = {name: each["value"] for name, each in outputs.items()}
    domain = "aws_api_gateway_domain_name.api_gateway_custom_domain"
    websocket_domain = "aws_apigatewayv2_domain_name.websocket_api_custom_domain.domain_name_configuration[0]"
    assert values == {
        "APIHandlerArn": "${aws_lambda_function.api_handler.arn}",
        "APIHandlerName": "${aws_lambda_function.api_handler.function_name}",
        "AliasDomainName": f"${{{domain}.regional_domain_name}}",
        "EndpointURL": "${aws_api_gateway_stage.rest_api.invoke_url}",
        "HostedZoneId": f"${{{domain}.regional_zone_id}}",
        "RestAPIId": "${aws_api_gateway_rest_api.rest_api.id}",
        "WebsocketAPIId": "${aws_apigatewayv2_api.websocket_api.id}",
        "WebsocketAliasDomainName": f"${{{websocket_domain}.target_domain_name}}",
        "WebsocketConnectEndpointURL": "wss://${aws_apigatewayv2_api.websocket_api.id}.execute-api."
        "${local.chalice_region}.${data.aws_partition.chalice.dns_suffix}/api/",
        "WebsocketConnectHandlerArn": "${aws_lambda_function.websocket_connect.arn}",
        "WebsocketConnectHandlerName": "${aws_lambda_function.websocket_connect.function_name}",
        "WebsocketHostedZoneId": f"${{{websocket_domain}.hosted_zone_id}}",
        "WebsocketMessageHandlerArn": "${aws_lambda_function.websocket_message.arn}",
        "WebsocketMessageHandlerName": "${aws_lambda_function.websocket_message.function_name}",
    }


def test_the_mount_path_of_a_domain_name_counts(parts: Any, configuration_of: ConfigurationOf) -> None:
    handler = parts.function()
    api, permission = parts.api(handler)

    def mapping(**fields: Any) -> Any:
        resources = configuration_of(parts.role, handler, api, permission, *parts.domain(api, **fields))
        return resources["resource"]["aws_api_gateway_base_path_mapping"]["api_gateway_custom_domain_mapping"]

    assert mapping(base_path="v1")["base_path"] == "v1"
    assert "base_path" not in mapping()
    assert mapping()["stage_name"] == "${aws_api_gateway_stage.rest_api.stage_name}"


def test_a_domain_name_at_the_edge_has_its_certificate_there(
    parts: Any, configuration_of: ConfigurationOf
) -> None:
    handler = parts.function()
    api, permission = parts.api(handler)
    domain = parts.domain(api, endpoint_type="EDGE")

    document = configuration_of(parts.role, handler, api, permission, *domain)

    found = document["resource"]["aws_api_gateway_domain_name"]["api_gateway_custom_domain"]
    assert "certificate_arn" in found
    assert "regional_certificate_arn" not in found
    assert document["output"]["HostedZoneId"]["value"].endswith(".cloudfront_zone_id}")


def test_a_websocket_api_is_deployed_again_when_its_routes_change(
    parts: Any, configuration_of: ConfigurationOf
) -> None:
    one = parts.function("websocket_connect")
    api = parts.websocket_api(one)
    api = replace(api, routes=(*api.routes, WebSocketRoute(route_key="$default", function_arn=one.arn)))

    resources = configuration_of(parts.role, one, api)["resource"]

    assert {*resources["aws_apigatewayv2_route"]} == {
        "websocket_connect_route",
        "websocket_connect_default_route",
    }
    assert [*resources["aws_apigatewayv2_integration"]] == ["websocket_connect_api_integration"]
    (deployment,) = resources["aws_apigatewayv2_deployment"].values()
    assert deployment["triggers"]["routes"] == (
        "${sha256(jsonencode([aws_apigatewayv2_integration.websocket_connect_api_integration, "
        "aws_apigatewayv2_route.websocket_connect_route, "
        "aws_apigatewayv2_route.websocket_connect_default_route]))}"
    )


def test_notifications_of_one_bucket_share_a_resource(parts: Any, configuration_of: ConfigurationOf) -> None:
    work, other = parts.function("work"), parts.function("other")

    resources = configuration_of(
        *(parts.role, work, other),
        *parts.bucket(work, "my.uploads", prefix="a"),
        *parts.bucket(other, "my.uploads", prefix="b"),
    )["resource"]

    ((name, found),) = resources["aws_s3_bucket_notification"].items()
    assert name == "my_uploads_notify"
    assert found["bucket"] == "my.uploads"
    assert [each["filter_prefix"] for each in found["lambda_function"]] == ["a", "b"]
    assert found["depends_on"] == [
        "aws_lambda_permission.work-s3-permission",
        "aws_lambda_permission.other-s3-permission",
    ]


@pytest.mark.parametrize(
    ("bucket", "name"),
    [
        ("${aws_s3_bucket.own.id}", "own_notify"),
        ("${aws_s3_bucket.own.bucket}", "own_notify"),
        ("${data.aws_s3_bucket.own.id}", "own_notify"),
        ("${var.uploads}", "var_uploads_notify"),
    ],
)
def test_a_bucket_of_another_file_is_referred_to(
    parts: Any, configuration_of: ConfigurationOf, bucket: str, name: str
) -> None:
    work = parts.function("work")

    resources = configuration_of(parts.role, work, *parts.bucket(work, bucket))["resource"]

    assert resources["aws_s3_bucket_notification"][name]["bucket"] == bucket
    permission = resources["aws_lambda_permission"]["work-s3-permission"]
    assert permission["source_arn"] == f"arn:${{data.aws_partition.chalice.partition}}:s3:::{bucket}"
    assert permission["source_account"] == "${data.aws_caller_identity.chalice.account_id}"


def test_a_rule_and_its_target_are_on_the_same_bus(parts: Any, configuration_of: ConfigurationOf) -> None:
    work = parts.function("work")
    rule = EventRule(
        id=ResourceId("work-event"),
        rule_name="shop-dev-work-event",
        function_arn=work.arn,
        event_pattern={"source": ["${x}"]},
        event_bus="orders",
    )

    resources = configuration_of(parts.role, work, rule)["resource"]

    found = resources["aws_cloudwatch_event_rule"]["work-event"]
    assert found == {
        "name": "shop-dev-work-event",
        "event_bus_name": "orders",
        "event_pattern": '{"source": ["$${x}"]}',
    }
    assert resources["aws_cloudwatch_event_target"]["work-event"] == {
        "rule": "${aws_cloudwatch_event_rule.work-event.name}",
        "event_bus_name": "orders",
        "target_id": "work-event",
        "arn": "${aws_lambda_function.work.arn}",
    }


def test_a_moment_in_a_stream_is_written_as_the_provider_reads_it(
    parts: Any, configuration_of: ConfigurationOf
) -> None:
    work = parts.function("work")
    mapping = parts.mapping(
        work, "kinesis", starting_position="AT_TIMESTAMP", starting_position_timestamp=1700000000.0
    )

    resources = configuration_of(parts.role, work, mapping)["resource"]

    (found,) = resources["aws_lambda_event_source_mapping"].values()
    assert found["starting_position_timestamp"] == "2023-11-14T22:13:20Z"
    assert "aws_iam_role_policy.default-role" in found["depends_on"]


def test_a_schedule_waits_for_what_its_role_may_do(parts: Any, configuration_of: ConfigurationOf) -> None:
    work = parts.function("work")
    role = Role(
        id=ResourceId("work-schedule-role"),
        role_name="r",
        trusted_services=("scheduler",),
        statements=(Statement(actions=("lambda:InvokeFunction",), resources=(work.arn,)),),
    )
    schedule = Schedule(
        id=ResourceId("work-schedule"),
        schedule_name="s",
        function_arn=work.arn,
        role=role.arn,
        schedule_expression="rate(1 hour)",
        input={"id": "<aws.scheduler.execution-id>"},
    )

    resources = configuration_of(parts.role, work, role, schedule)["resource"]

    found = resources["aws_scheduler_schedule"]["work-schedule"]
    assert found["depends_on"] == [
        "aws_iam_role.work-schedule-role",
        "aws_iam_role_policy.work-schedule-role",
    ]
    assert found["target"]["input"] == '{"id": "<aws.scheduler.execution-id>"}'
    assert found["flexible_time_window"] == {"mode": "OFF"}


def test_one_helper_sets_the_triggers_of_all_pools(
    parts: Any, plugins: Plugins, request_for: Callable[..., Any]
) -> None:
    work, other = parts.function("work"), parts.function("other")
    triggers = (
        parts.trigger(work, "PreSignUp"),
        parts.trigger(other, "PostConfirmation"),
        parts.trigger(other, "PreSignUp", "${aws_cognito_user_pool.own.id}"),
    )

    files = TerraformFormat(plugins).render(request_for(parts.role, work, other, *triggers))

    resources = json.loads(bytes(files["chalice.tf.json"]))["resource"]
    calls = resources["aws_lambda_invocation"]
    assert {*calls} == {each.id for each in triggers}
    assert all(each["lifecycle_scope"] == "CRUD" for each in calls.values())
    first, second = calls["work-presignup-trigger"], calls["other-postconfirmation-trigger"]
    # Each call writes back all settings that it has read.
    assert (
        "aws_lambda_invocation.work-presignup-trigger" in second["depends_on"]
        or "aws_lambda_invocation.other-postconfirmation-trigger" in first["depends_on"]
    )
    assert json.loads(first["input"]) == {
        "UserPoolId": "eu-west-1_Abc",
        "LambdaConfig": {"PreSignUp": "${aws_lambda_function.work.arn}"},
    }
    policy = json.loads(resources["aws_iam_role_policy"]["chalice_attachments"]["policy"])
    assert "${aws_cognito_user_pool.own.id}" in json.dumps(policy)
    assert resources["aws_lambda_function"]["chalice_attachments"]["runtime"] == "python3.11"
    archive = bytes(files["chalice-attachments.zip"])
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        assert opened.read("index.py").decode() == SOURCE


def test_only_calls_through_its_url_are_allowed_when_that_is_asked_for(
    parts: Any, configuration_of: ConfigurationOf
) -> None:
    work = parts.function("my_work")
    permission = InvokePermission(
        id=ResourceId("my_work-url-invoke-permission"),
        function_arn=work.arn,
        principal="*",
        invoked_via_function_url=True,
    )

    resources = configuration_of(parts.role, work, permission)["resource"]

    assert "aws_lambda_permission" not in resources
    stack = resources["aws_cloudformation_stack"]["my_work-url-invoke-permission"]
    assert stack["name"] == "shop-dev-my-work-my-work-url-invoke-permission"
    assert json.loads(stack["template_body"])["Resources"]["Permission"]["Properties"] == {
        "FunctionName": "${aws_lambda_function.my_work.function_name}",
        "Action": "lambda:InvokeFunction",
        "Principal": "*",
        "InvokedViaFunctionUrl": True,
    }


def test_the_open_door_leads_to_the_provider_of_cloud_control(
    parts: Any, configuration_of: ConfigurationOf
) -> None:
    queue = CloudFormationResource(
        id=ResourceId("orders"),
        type="AWS::SQS::Queue",
        properties={
            "QueueName": "orders-${x}",
            "KmsMasterKeyId": "k",
            "RedrivePolicy": {"maxReceiveCount": 3, "deadLetterTargetArn": parts.role.arn},
            "Tags": [{"Key": "a", "Value": "b"}],
        },
    )
    worker = parts.function("work", environment={"URL": queue.ref, "ARN": queue.attribute("Arn")})

    document = configuration_of(parts.role, queue, worker)

    assert document["resource"]["awscc_sqs_queue"]["orders"] == {
        "queue_name": "orders-$${x}",
        "kms_master_key_id": "k",
        "redrive_policy": '{"maxReceiveCount": 3, "deadLetterTargetArn": "${aws_iam_role.default-role.arn}"}',
        "tags": [{"key": "a", "value": "b"}],
    }
    variables = document["resource"]["aws_lambda_function"]["work"]["environment"]["variables"]
    assert variables == {"URL": "${awscc_sqs_queue.orders.id}", "ARN": "${awscc_sqs_queue.orders.arn}"}
    assert [*document["terraform"]["required_providers"]] == ["aws", "awscc"]


def test_keys_of_maps_stay_as_they_are(configuration_of: ConfigurationOf) -> None:
    function = CloudFormationResource(
        id=ResourceId("f"),
        type="AWS::Lambda::Function",
        properties={"Environment": {"Variables": {"MyName": "x", "${k}": "y"}}},
    )

    found = configuration_of(function)["resource"]["awscc_lambda_function"]["f"]

    assert found == {"environment": {"variables": {"MyName": "x", "$${k}": "y"}}}


def test_a_type_that_the_provider_cannot_have_is_named(configuration_of: ConfigurationOf) -> None:
    with pytest.raises(UnknownTypeError) as caught:
        configuration_of(CloudFormationResource(id=ResourceId("mine"), type="Custom::Thing"))

    assert (caught.value.id, caught.value.type) == ("mine", "Custom::Thing")


def test_an_output_that_a_kind_does_not_have_is_named(parts: Any, configuration_of: ConfigurationOf) -> None:
    wrong = Output(parts.role.id, "colour")

    with pytest.raises(UnknownOutputError) as caught:
        configuration_of(parts.role, parts.function("add", environment={"X": wrong}))

    assert (caught.value.resource, caught.value.output) == ("default-role", "colour")
