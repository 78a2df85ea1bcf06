"""Fixtures: graphs of applications with every kind, and configurations made of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from chalice_core.artifact import Artifact, Artifacts
from chalice_core.config import StageConfig
from chalice_core.graph import Graph
from chalice_core.kinds import (
    DEPLOYMENT,
    LAYER,
    ApiMapping,
    ApiRoute,
    BucketNotification,
    CloudFormationResource,
    DomainName,
    EventInvokeConfig,
    EventRule,
    EventSourceMapping,
    Function,
    FunctionUrl,
    Grant,
    InvokePermission,
    Layer,
    LogGroup,
    Resource,
    RestApi,
    Role,
    Schedule,
    Statement,
    TokenAuthorizer,
    TopicSubscription,
    UserPoolTrigger,
    WebSocketApi,
    WebSocketRoute,
)
from chalice_core.manifest import App
from chalice_core.plugins import Plugins
from chalice_core.target import FormatRequest
from chalice_core.values import Pseudo, ResourceId, arn, text
from chalice_terraform.format import TerraformFormat
from chalice_terraform.hooks import TerraformPlugin

CORS = {"Access-Control-Allow-Origin": "*", "Access-Control-Allow-Headers": "Content-Type,X-Custom"}
QUEUE = "arn:aws:sqs:us-east-1:123456789012:lost"
CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012"


class Parts:
    """Resources of an application called ``shop``, the way that the tools lower it."""

    role = Role(
        id=ResourceId("default-role"),
        role_name="shop-dev",
        statements=(
            Statement(actions=("logs:CreateLogGroup", "logs:PutLogEvents"), resources=("arn:*:logs:*:*:*",)),
        ),
    )

    def function(self, name: str = "api_handler", **fields: Any) -> Function:
        """Return a function; its name in Lambda is ``shop-dev-NAME``."""
        given: dict[str, Any] = {
            "handler": "app.app" if name == "api_handler" else f"app.{name}",
            "runtime": "python3.11",
            "role": self.role.arn,
            "tags": {"aws-chalice": "version=0.1.0:stage=dev:app=shop"},
            **fields,
        }
        suffix = "" if name == "api_handler" else f"-{name}"
        return Function(id=ResourceId(name), name=name, function_name=f"shop-dev{suffix}", **given)

    def api(self, handler: Function, **fields: Any) -> tuple[RestApi, InvokePermission]:
        """Return a REST API with two routes, and the permission to call its handler."""
        given: dict[str, Any] = {
            "routes": (
                ApiRoute(path="/", method="GET", function_arn=handler.arn),
                ApiRoute(path="/users/{name}", method="POST", function_arn=handler.arn, cors=CORS),
            ),
            "binary_types": ("image/png",),
            **fields,
        }
        api = RestApi(id=ResourceId("rest_api"), name="shop", stage_name="api", **given)
        permission = InvokePermission(
            id=ResourceId("api_handler_invoke_permission"),
            function_arn=handler.arn,
            principal="apigateway.amazonaws.com",
            source_arn=arn("execute-api", text(api.api_id, "/*")),
        )
        return api, permission

    def mapping(self, function: Function, service: str = "sqs", **fields: Any) -> EventSourceMapping:
        """Return a poller; of the queue ``orders`` unless the fields say something else."""
        given: dict[str, Any] = {"source_arn": arn("sqs", "orders"), "after": (self.role.id,), **fields}
        return EventSourceMapping(
            id=ResourceId(f"{function.id}-{service}-event-source"),
            function_arn=function.arn,
            service=service,
            **given,
        )

    def bucket(self, function: Function, bucket: str, **fields: Any) -> tuple[Resource, Resource]:
        """Return what makes a bucket call a function."""
        permission = InvokePermission(
            id=ResourceId(f"{function.id}-s3-permission"),
            function_arn=function.arn,
            principal="s3.amazonaws.com",
            source_arn=arn("s3", bucket, regional=False, account=False),
            source_account=Pseudo.ACCOUNT,
        )
        notification = BucketNotification(
            id=ResourceId(f"{function.id}-s3-notification"),
            bucket=bucket,
            function_arn=function.arn,
            **{"events": ("s3:ObjectCreated:*",), "after": (permission.id,), **fields},
        )
        return permission, notification

    def websocket_api(self, *functions: Function) -> WebSocketApi:
        """Return a WebSocket API whose routes the functions answer in turn."""
        keys = ("$connect", "$default", "$disconnect")
        return WebSocketApi(
            id=ResourceId("websocket_api"),
            name="shop-dev-websocket-api",
            stage_name="api",
            routes=tuple(
                WebSocketRoute(route_key=key, function_arn=function.arn)
                for key, function in zip(keys, functions, strict=False)
            ),
        )

    def domain(self, api: RestApi | WebSocketApi, **fields: Any) -> tuple[DomainName, ApiMapping]:
        """Return a domain name in front of an API."""
        rest = isinstance(api, RestApi)
        base_path = fields.pop("base_path", "")
        domain = DomainName(
            id=ResourceId("api_gateway_custom_domain" if rest else "websocket_api_custom_domain"),
            domain_name="api.example.com" if rest else "ws.example.com",
            protocol="REST" if rest else "WEBSOCKET",
            certificate_arn=CERTIFICATE,
            **fields,
        )
        mapping = ApiMapping(
            id=ResourceId(f"{domain.id}_mapping"),
            domain_name=domain.name,
            protocol=domain.protocol,
            api_id=api.api_id,
            stage_name=api.stage_name,
            base_path=base_path,
        )
        return domain, mapping

    def trigger(self, function: Function, trigger: str, pool: str = "eu-west-1_Abc") -> UserPoolTrigger:
        """Return a trigger of a user pool."""
        return UserPoolTrigger(
            id=ResourceId(f"{function.id}-{trigger.lower()}-trigger"),
            user_pool_id=pool,
            trigger=trigger,
            function_arn=function.arn,
        )


def applications() -> Mapping[str, tuple[Resource, ...]]:
    """Return applications that together hold every kind, and every field of every kind."""
    parts = Parts()
    role, handler = parts.role, parts.function()
    worker, other = parts.function("work"), parts.function("other")
    api, permission = parts.api(handler)
    sockets = [parts.function(f"websocket_{name}") for name in ("connect", "message", "disconnect")]
    websocket_api = parts.websocket_api(*sockets)
    own_role = Role(
        id=ResourceId("work_role"),
        role_name="shop-dev-work",
        policy_document={
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Action": ["s3:GetObject"],
                    "Resource": "arn:aws:s3:::home/${aws:username}",
                }
            ],
        },
    )
    layer = Layer(
        id=ResourceId("managed-layer"), layer_name="shop-dev-managed-layer", runtimes=("python3.11",)
    )
    rich: dict[str, Any] = {
        "architecture": "arm64",
        "memory_size": 512,
        "timeout": 30,
        "tracing": True,
        "reserved_concurrency": 0,
        "environment": {"NAME": "${literal} %{if x}", "REGION": Pseudo.REGION},
        "layers": (layer.version_arn, "arn:aws:lambda:us-west-2:123456789012:layer:tools:3"),
        "subnet_ids": ("subnet-12345678", "${aws_subnet.own.id}"),
        "security_group_ids": ("sg-12345678",),
    }
    group = LogGroup(
        id=ResourceId("work_log_group"), log_group_name="/aws/lambda/shop-dev-work", retention_in_days=7
    )
    scheduler = Role(
        id=ResourceId("work-schedule-role"),
        role_name="shop-dev-work-schedule",
        trusted_services=("scheduler",),
        statements=(Statement(actions=("lambda:InvokeFunction",), resources=(worker.arn,)),),
    )
    topic_rule = CloudFormationResource(
        id=ResourceId("work-topic-rule"),
        type="AWS::IoT::TopicRule",
        properties={
            "RuleName": "shop",
            "TopicRulePayload": {
                "Sql": "SELECT * FROM 'a/${b}'",
                "Actions": [{"Lambda": {"FunctionArn": worker.arn}}],
                "AwsIotSqlVersion": "2016-03-23",
            },
        },
    )
    return {
        "a REST API": (role, handler, api, permission),
        "a REST API with every option": (
            role,
            handler,
            worker,
            *parts.api(
                handler,
                routes=(
                    ApiRoute(
                        path="/",
                        method="GET",
                        function_arn=handler.arn,
                        authorizer="mine",
                        summary='Say "${name}".',
                        description="100%{x}",
                        api_key_required=True,
                    ),
                ),
                authorizers=(
                    TokenAuthorizer(name="mine", uri="${aws_lambda_function.elsewhere.invoke_arn}"),
                ),
                endpoint_type="PRIVATE",
                endpoint_vpce=("vpce-12345678",),
                minimum_compression_size=0,
                tracing=True,
                policy={
                    "Version": "2012-10-17",
                    "Statement": [
                        {
                            "Effect": "Allow",
                            "Principal": "*",
                            "Action": "execute-api:Invoke",
                            "Resource": "execute-api:/*",
                        }
                    ],
                },
            ),
        ),
        "a function with every option": (role, layer, group, parts.function("work", **rich)),
        "a role of one function": (role, other, own_role, parts.function("work", role=own_role.arn)),
        "a role that is not ours": (parts.function("work", role="arn:aws:iam::123456789012:role/own"),),
        "a queue": (
            role,
            worker,
            parts.mapping(
                worker,
                maximum_batching_window=30,
                maximum_concurrency=7,
                report_batch_item_failures=True,
                filter_patterns=({"body": {"a": ["${b}"]}},),
            ),
        ),
        "a stream with every option": (
            role,
            worker,
            parts.mapping(
                worker,
                "kinesis",
                source_arn=arn("kinesis", "stream/clicks"),
                starting_position="AT_TIMESTAMP",
                starting_position_timestamp=1700000000.0,
                on_failure=QUEUE,
                maximum_retry_attempts=-1,
                maximum_record_age=600,
                bisect_batch=True,
                parallelization_factor=2,
                tumbling_window=30,
            ),
        ),
        "a cluster of MSK": (
            role,
            worker,
            parts.mapping(
                worker,
                "kafka",
                source_arn="arn:aws:kafka:us-east-1:123456789012:cluster/c/u",
                starting_position="LATEST",
                topics=("orders",),
                consumer_group="group",
                minimum_pollers=1,
                maximum_pollers=5,
            ),
        ),
        "a self-managed cluster": (
            role,
            worker,
            parts.mapping(
                worker,
                "kafka",
                source_arn=None,
                starting_position="TRIM_HORIZON",
                topics=("orders",),
                bootstrap_servers=("a.example.com:9092", "b.example.com:9092"),
                source_access=(("BASIC_AUTH", "arn:aws:secretsmanager:us-east-1:123456789012:secret:s"),),
                consumer_group="group",
            ),
        ),
        "a schedule": (
            role,
            worker,
            EventRule(
                id=ResourceId("work-event"),
                rule_name="shop-dev-work-event",
                function_arn=worker.arn,
                schedule_expression="rate(5 minutes)",
                description="every ${five}",
            ),
        ),
        "a pattern on a custom bus": (
            role,
            worker,
            EventRule(
                id=ResourceId("work-event"),
                rule_name="shop-dev-work-event",
                function_arn=worker.arn,
                event_pattern={"source": ["own.${app}"]},
                event_bus="orders",
                dead_letter_arn=QUEUE,
            ),
        ),
        "a schedule of Scheduler": (
            role,
            worker,
            scheduler,
            Schedule(
                id=ResourceId("work-schedule"),
                schedule_name="shop-dev-work",
                function_arn=worker.arn,
                role=scheduler.arn,
                schedule_expression="cron(0 9 * * ? *)",
                timezone="Europe/Berlin",
                flexible_window=15,
                description="mornings",
                dead_letter_arn=QUEUE,
                input={"time": "<aws.scheduler.scheduled-time>", "region": Pseudo.REGION},
            ),
        ),
        "a topic": (
            role,
            worker,
            TopicSubscription(
                id=ResourceId("work-sns-subscription"),
                topic_arn=arn("sns", "topic"),
                function_arn=worker.arn,
                filter_policy={"kind": ["${x}"]},
                filter_policy_scope="MessageBody",
                dead_letter_arn=QUEUE,
            ),
        ),
        "asynchronous events": (
            role,
            worker,
            EventInvokeConfig(
                id=ResourceId("work-invoke-config"),
                function_arn=worker.arn,
                maximum_retry_attempts=0,
                maximum_event_age=60,
                on_failure=QUEUE,
                on_success=arn("sqs", "done"),
            ),
        ),
        "buckets": (
            role,
            worker,
            other,
            *parts.bucket(worker, "uploads", prefix="a/${b}/", suffix=".png"),
            *parts.bucket(other, "uploads", events=("s3:ObjectRemoved:*",)),
        ),
        "a bucket of another file": (role, worker, *parts.bucket(worker, "${aws_s3_bucket.own.id}")),
        "user pools": (
            role,
            worker,
            other,
            parts.trigger(worker, "PreSignUp"),
            replace(parts.trigger(other, "PreTokenGeneration"), lambda_version="V2_0"),
            parts.trigger(other, "PostConfirmation", "${aws_cognito_user_pool.own.id}"),
        ),
        "a function URL": (
            role,
            worker,
            FunctionUrl(
                id=ResourceId("work-url"),
                function_arn=worker.arn,
                auth_type="NONE",
                cors={
                    "AllowOrigins": ["https://example.com"],
                    "AllowMethods": ["GET"],
                    "AllowHeaders": ["x-a"],
                    "ExposeHeaders": ["x-b"],
                    "AllowCredentials": True,
                    "MaxAge": 60,
                },
            ),
            InvokePermission(
                id=ResourceId("work-url-permission"),
                function_arn=worker.arn,
                principal="*",
                action="lambda:InvokeFunctionUrl",
                function_url_auth_type="NONE",
            ),
            InvokePermission(
                id=ResourceId("work-url-invoke-permission"),
                function_arn=worker.arn,
                principal="*",
                invoked_via_function_url=True,
            ),
        ),
        "a WebSocket API": (
            role,
            *sockets,
            websocket_api,
            Grant(
                id=ResourceId("websocket-sends"),
                role=role.arn,
                actions=("execute-api:ManageConnections",),
                on=(arn("execute-api", text(websocket_api.api_id, "/*/@connections/*")),),
            ),
        ),
        "domain names": (
            role,
            handler,
            api,
            permission,
            *parts.domain(api, base_path="v1", tags={"team": "a"}),
            *sockets,
            websocket_api,
            *parts.domain(websocket_api, base_path="v2", tags={"team": "b"}),
        ),
        "a domain name at the edge": (
            role,
            handler,
            api,
            permission,
            *parts.domain(api, endpoint_type="EDGE"),
        ),
        "the open door": (
            role,
            parts.function("work", environment={"RULE": topic_rule.ref}),
            topic_rule.__class__(
                id=topic_rule.id,
                type=topic_rule.type,
                properties={"TopicRulePayload": {"Sql": "SELECT 1", "Actions": []}},
            ),
        ),
        "a topic rule that calls a function": (role, worker, topic_rule),
    }


@pytest.fixture
def parts() -> Parts:
    """Resources to make graphs of."""
    return Parts()


@pytest.fixture
def artifacts(tmp_path: Path) -> Artifacts:
    """A deployment package, and a layer."""
    made = {}
    for id in (DEPLOYMENT, LAYER):
        path = tmp_path / f"built-{id}.zip"
        path.write_bytes(b"code")
        made[id] = Artifact(path=path, sha256="0" * 64, size=4)
    return made


@pytest.fixture
def plugins() -> Plugins:
    """This plugin and no other."""
    plugins = Plugins()
    plugins.register(TerraformPlugin(), "terraform")
    plugins.ready()
    return plugins


@pytest.fixture
def request_for(tmp_path: Path, artifacts: Artifacts) -> Callable[..., FormatRequest]:
    """Make the request that a command would make for a graph."""

    def make(*resources: Resource, extra: Mapping[str, Any] | None = None, **options: Any) -> FormatRequest:
        return FormatRequest(
            graph=Graph.of(resources),
            app=App(name="shop"),
            config=StageConfig(project_dir=tmp_path, app_name="shop", stage="dev", extra=extra or {}),
            artifacts=artifacts,
            options=options,
        )

    return make


@pytest.fixture
def configuration_of(
    plugins: Plugins, request_for: Callable[..., FormatRequest]
) -> Callable[..., dict[str, Any]]:
    """Render resources and parse the configuration."""

    def make(*resources: Resource) -> dict[str, Any]:
        content = TerraformFormat(plugins).render(request_for(*resources))["chalice.tf.json"]
        assert isinstance(content, bytes)
        document: dict[str, Any] = json.loads(content)
        return document

    return make


@pytest.fixture(params=applications().items(), ids=lambda item: item[0])
def application(request: pytest.FixtureRequest) -> tuple[Resource, ...]:
    """The resources of one application after the other."""
    resources: tuple[Resource, ...] = request.param[1]
    return resources


@pytest.fixture
def every_application() -> Mapping[str, tuple[Resource, ...]]:
    """All applications, by what they show."""
    return applications()
