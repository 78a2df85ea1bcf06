"""Fixtures: graphs of small applications, and templates made of them."""

from __future__ import annotations

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
    InvokePermission,
    Layer,
    LogGroup,
    Resource,
    RestApi,
    Role,
    RolePolicy,
    Schedule,
    Statement,
    TopicSubscription,
    UserPoolTrigger,
    WebSocketApi,
    WebSocketRoute,
)
from chalice_core.manifest import App
from chalice_core.plugins import Plugins
from chalice_core.target import FormatRequest
from chalice_core.values import Pseudo, ResourceId, Value, arn, text
from chalice_sam.format import SamFormat
from chalice_sam.hooks import SamPlugin

CORS = {"Access-Control-Allow-Origin": "*", "Access-Control-Allow-Headers": "Content-Type,X-Custom"}


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
            "binary_types": ("image/png", "application/octet-stream"),
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

    def queue(self, function: Function, **fields: Any) -> EventSourceMapping:
        """Return the poller of the queue ``orders``."""
        given: dict[str, Any] = {
            "source_arn": arn("sqs", "orders"),
            "service": "sqs",
            "after": (self.role.id,),
            **fields,
        }
        return EventSourceMapping(
            id=ResourceId(f"{function.id}-sqs-event-source"), function_arn=function.arn, **given
        )

    def rule(self, function: Function, **fields: Any) -> tuple[EventRule, InvokePermission]:
        """Return a rule, every five minutes unless said otherwise, and the permission that it needs."""
        given = fields if "event_pattern" in fields else {"schedule_expression": "rate(5 minutes)", **fields}
        name = f"shop-dev-{function.name}-event"
        rule = EventRule(
            id=ResourceId(f"{function.id}-event"), rule_name=name, function_arn=function.arn, **given
        )
        return rule, self.permission(function, "events", source_arn=rule.arn)

    def topic(self, function: Function, **fields: Any) -> tuple[InvokePermission, TopicSubscription]:
        """Return a subscription of the topic ``news``, and the permission that it waits for."""
        topic: Value = fields.pop("topic_arn", arn("sns", "news"))
        permission = self.permission(function, "sns", source_arn=topic)
        subscription = TopicSubscription(
            id=ResourceId(f"{function.id}-sns-subscription"),
            topic_arn=topic,
            function_arn=function.arn,
            **{"after": (permission.id,), **fields},
        )
        return permission, subscription

    def bucket(self, function: Function, **fields: Any) -> tuple[InvokePermission, BucketNotification]:
        """Return a notification of the bucket ``photos``, and the permission that it waits for."""
        given: dict[str, Any] = {"bucket": "photos", "events": ("s3:ObjectCreated:*",), **fields}
        permission = self.permission(
            function,
            "s3",
            source_arn=arn("s3", given["bucket"], regional=False, account=False),
            source_account=Pseudo.ACCOUNT,
        )
        notification = BucketNotification(
            id=ResourceId(f"{function.id}-s3-notification"),
            function_arn=function.arn,
            after=(permission.id,),
            **given,
        )
        return permission, notification

    def pool(self, function: Function, **fields: Any) -> tuple[InvokePermission, UserPoolTrigger]:
        """Return a trigger of a user pool, and the permission that it waits for."""
        given: dict[str, Any] = {"user_pool_id": "us-west-2_Abc", "trigger": "PreSignUp", **fields}
        source = arn("cognito-idp", f"userpool/{given['user_pool_id']}")
        permission = self.permission(function, "cognito-idp", source_arn=source)
        trigger = UserPoolTrigger(
            id=ResourceId(f"{function.id}-trigger"),
            function_arn=function.arn,
            after=(permission.id,),
            **given,
        )
        return permission, trigger

    def sockets(self) -> tuple[Resource, ...]:
        """Return a WebSocket API with its three functions, and what they may do."""
        keys = {"connect": "$connect", "message": "$default", "disconnect": "$disconnect"}
        functions = [self.function(f"websocket_{name}") for name in keys]
        routes = tuple(
            WebSocketRoute(route_key=key, function_arn=function.arn)
            for key, function in zip(keys.values(), functions, strict=True)
        )
        api = WebSocketApi(
            id=ResourceId("websocket_api"), name="shop-dev-websocket-api", stage_name="api", routes=routes
        )
        allowed = [
            InvokePermission(
                id=ResourceId(f"{function.id}_invoke_permission"),
                function_arn=function.arn,
                principal="apigateway.amazonaws.com",
                source_arn=arn("execute-api", text(api.api_id, "/*")),
            )
            for function in functions
        ]
        sending = RolePolicy(
            id=ResourceId("default-role-manages-connections"),
            role=self.role.arn,
            policy_name="default-role-manages-connections",
            statements=(
                Statement(
                    actions=("execute-api:ManageConnections",),
                    resources=(arn("execute-api", text(api.api_id, "/api/*/@connections/*")),),
                ),
            ),
        )
        return (*functions, api, *allowed, sending)

    def domain(self, api: RestApi | WebSocketApi, **fields: Any) -> tuple[DomainName, ApiMapping]:
        """Return a domain name for an API."""
        rest = isinstance(api, RestApi)
        id = "api_gateway_custom_domain" if rest else "websocket_api_custom_domain"
        base_path = fields.pop("base_path", "")
        name = DomainName(
            id=ResourceId(id),
            protocol="REST" if rest else "WEBSOCKET",
            certificate_arn="arn:aws:acm:us-west-2:123456789012:certificate/12345678-1234-1234-1234-123456789012",
            **{"domain_name": "api.example.com", **fields},
        )
        mapping = ApiMapping(
            id=ResourceId(f"{id}_mapping"),
            domain_name=name.name,
            protocol=name.protocol,
            api_id=api.api_id,
            stage_name=api.stage_name,
            base_path=base_path,
        )
        return name, mapping

    def permission(self, function: Function, service: str, **fields: Any) -> InvokePermission:
        """Return the permission of a service to invoke a function."""
        return InvokePermission(
            id=ResourceId(f"{function.id}-{service}-permission"),
            function_arn=function.arn,
            principal=f"{service}.amazonaws.com",
            **fields,
        )

    def url(
        self, function: Function, **fields: Any
    ) -> tuple[FunctionUrl, InvokePermission, InvokePermission]:
        """Return a URL that is everybody's, and the two permissions that it takes."""
        url = FunctionUrl(
            id=ResourceId(f"{function.id}-url"), function_arn=function.arn, auth_type="NONE", **fields
        )
        call = InvokePermission(
            id=ResourceId(f"{function.id}-url-permission"),
            function_arn=function.arn,
            principal="*",
            action="lambda:InvokeFunctionUrl",
            function_url_auth_type="NONE",
        )
        invoke = InvokePermission(
            id=ResourceId(f"{function.id}-url-invoke-permission"),
            function_arn=function.arn,
            principal="*",
            invoked_via_function_url=True,
        )
        return url, call, invoke


@pytest.fixture
def parts() -> Parts:
    """Resources to make graphs of."""
    return Parts()


@pytest.fixture
def artifacts(tmp_path: Path) -> Artifacts:
    """A deployment package."""
    path = tmp_path / "built.zip"
    path.write_bytes(b"code")
    return {DEPLOYMENT: Artifact(path=path, sha256="0" * 64, size=4)}


@pytest.fixture
def plugins() -> Plugins:
    """This plugin and no other."""
    plugins = Plugins()
    plugins.register(SamPlugin(), "sam")
    plugins.ready()
    return plugins


@pytest.fixture
def request_for(tmp_path: Path, artifacts: Artifacts) -> Callable[..., FormatRequest]:
    """Make the request that a command would make for a graph."""

    def make(*resources: Resource, **options: Any) -> FormatRequest:
        return FormatRequest(
            graph=Graph.of(resources),
            app=App(name="shop"),
            config=StageConfig(project_dir=tmp_path, app_name="shop", stage="dev"),
            artifacts=artifacts,
            options=options,
        )

    return make


@pytest.fixture
def template_of(plugins: Plugins, request_for: Callable[..., FormatRequest]) -> Callable[..., dict[str, Any]]:
    """Render resources and parse the template."""
    import json

    def make(*resources: Resource) -> dict[str, Any]:
        content = SamFormat(plugins).render(request_for(*resources))["sam.json"]
        assert isinstance(content, bytes)
        template: dict[str, Any] = json.loads(content)
        return template

    return make


def _families() -> Mapping[str, tuple[Resource, ...]]:
    parts = Parts()
    role, work, other = parts.role, parts.function("work"), parts.function("other")
    queue = "arn:aws:sqs:us-west-2:123456789012:dead"
    layer = Layer(
        id=ResourceId("managed-layer"), layer_name="shop-dev-managed-layer", runtimes=("python3.11",)
    )
    layered = parts.function(
        "work", layers=(layer.version_arn, "arn:aws:lambda:us-west-2:123456789012:layer:tools:3")
    )
    scheduler = Role(
        id=ResourceId("work-schedule-role"),
        role_name="shop-dev-work-schedule",
        trusted_services=("scheduler",),
        statements=(Statement(actions=("lambda:InvokeFunction",), resources=(work.arn,)),),
    )
    schedule = Schedule(
        id=ResourceId("work-schedule"),
        schedule_name="shop-dev-work",
        function_arn=work.arn,
        role=scheduler.arn,
        schedule_expression="cron(0 9 ? * MON-FRI *)",
        timezone="Europe/Berlin",
        flexible_window=15,
        description="Every morning",
        dead_letter_arn=queue,
        input={"account": Pseudo.ACCOUNT, "time": "<aws.scheduler.scheduled-time>", "n": [1, None, "${x}"]},
    )
    invoke = EventInvokeConfig(
        id=ResourceId("work-invoke-config"),
        function_arn=work.arn,
        maximum_retry_attempts=0,
        maximum_event_age=60,
        on_failure=queue,
        on_success=other.arn,
    )
    stream: dict[str, Any] = {
        "service": "kinesis",
        "source_arn": "arn:aws:kinesis:us-west-2:123456789012:stream/clicks",
        "starting_position": "AT_TIMESTAMP",
        "starting_position_timestamp": 1767225600.0,
        "maximum_batching_window": 5,
        "report_batch_item_failures": True,
        "filter_patterns": ({"data": {"kind": ["click", "tap"]}}, {"partitionKey": [{"prefix": "a"}]}),
        "on_failure": queue,
        "maximum_retry_attempts": 3,
        "maximum_record_age": 600,
        "bisect_batch": True,
        "parallelization_factor": 4,
        "tumbling_window": 60,
    }
    kafka: dict[str, Any] = {
        "service": "kafka",
        "starting_position": "LATEST",
        "topics": ("clicks",),
        "consumer_group": "shop",
        "minimum_pollers": 1,
        "maximum_pollers": 5,
    }
    secret = "arn:aws:secretsmanager:us-west-2:123456789012:secret:kafka-AbCdEf"
    sockets = parts.sockets()
    (socket_api,) = (each for each in sockets if isinstance(each, WebSocketApi))
    handler = parts.function()
    api, permission = parts.api(handler)
    regional = replace(api, endpoint_type="REGIONAL")
    rule = CloudFormationResource(
        id=ResourceId("work-topic-rule"),
        type="AWS::IoT::TopicRule",
        properties={
            "TopicRulePayload": {
                "Sql": "SELECT * FROM 'lights'",
                "Actions": [{"Lambda": {"FunctionArn": work.arn}}],
            }
        },
    )
    told = parts.function("told", environment={"RULE": rule.ref, "RULE_ARN": rule.attribute("Arn")})
    return {
        "a rule with a schedule": (role, work, *parts.rule(work, description="Often")),
        "a rule with a pattern": (
            role,
            work,
            *parts.rule(work, event_pattern={"source": ["shop"]}, event_bus="orders", dead_letter_arn=queue),
        ),
        "a rule with a pattern and a description": (
            role,
            work,
            *parts.rule(work, event_pattern={"source": ["shop"]}, description="Orders", event_bus="orders"),
        ),
        "a topic": (role, work, *parts.topic(work)),
        "a topic with every option": (
            role,
            work,
            *parts.topic(
                work,
                topic_arn="arn:aws:sns:eu-west-1:123456789012:news",
                filter_policy={"kind": ["big"]},
                filter_policy_scope="MessageBody",
                dead_letter_arn=queue,
            ),
        ),
        "a subscription that others wait for": (
            role,
            work,
            *parts.topic(work),
            replace(other, after=(ResourceId("work-sns-subscription"),)),
        ),
        "two notifications of one bucket, and one of another": (
            role,
            work,
            other,
            handler,
            *parts.bucket(work, prefix="in/", suffix=".jpg"),
            *parts.bucket(other, prefix="out/"),
            *parts.bucket(handler, bucket="videos", events=("s3:ObjectRemoved:*", "s3:ObjectRestore:*")),
        ),
        "triggers of user pools": (
            role,
            work,
            other,
            *parts.pool(work),
            *parts.pool(other, trigger="PreTokenGenerationConfig", lambda_version="V2_0"),
        ),
        "a stream with every option": (role, work, parts.queue(work, **stream)),
        "a table's stream with every option": (
            role,
            work,
            parts.queue(
                work,
                **{
                    **stream,
                    "service": "dynamodb",
                    "source_arn": "arn:aws:dynamodb:us-west-2:123456789012:table/rows/stream/x",
                    "starting_position": "LATEST",
                    "starting_position_timestamp": None,
                },
            ),
        ),
        "a Kafka cluster of AWS": (
            role,
            work,
            parts.queue(work, **kafka, source_arn="arn:aws:kafka:us-west-2:123456789012:cluster/c/1-2-3"),
        ),
        "a Kafka cluster of one's own": (
            role,
            work,
            parts.queue(
                work,
                **kafka,
                source_arn=None,
                bootstrap_servers=("kafka.example.com:9092",),
                source_access=(("SASL_SCRAM_512_AUTH", secret),),
            ),
        ),
        "a schedule": (role, work, scheduler, schedule),
        "what happens to failed events": (role, work, other, invoke),
        "a URL for everybody": (role, work, *parts.url(work)),
        "a URL with CORS": (
            role,
            work,
            *parts.url(work, cors={"AllowOrigins": ["https://example.com"], "AllowMethods": ["GET"]}),
        ),
        "a managed layer": (role, layer, layered),
        "WebSockets": (role, *sockets),
        "WebSockets behind a domain name": (
            role,
            *sockets,
            *parts.domain(socket_api, tags={"team": "blue"}, base_path="chat"),
        ),
        "an API behind a domain name of CloudFront": (
            role,
            handler,
            api,
            permission,
            *parts.domain(api, endpoint_type="EDGE"),
        ),
        "an API behind a regional domain name": (
            role,
            handler,
            regional,
            permission,
            *parts.domain(regional, tags={"team": "blue"}, base_path="v1"),
        ),
        "the open door": (role, work, rule, told),
    }


def _everything() -> Mapping[str, tuple[Resource, ...]]:
    parts = Parts()
    role, handler = parts.role, parts.function()
    worker, pure = parts.function("work"), parts.function("add")
    own_role = Role(
        id=ResourceId("work_role"),
        role_name="shop-dev-work",
        policy_document={
            "Version": "2012-10-17",
            "Statement": [{"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": "*"}],
        },
    )
    rich: dict[str, Any] = {
        "architecture": "arm64",
        "memory_size": 512,
        "timeout": 30,
        "tracing": True,
        "reserved_concurrency": 0,
        "environment": {"NAME": "${literal}", "REGION": Pseudo.REGION},
        "layers": ("arn:aws:lambda:us-west-2:123456789012:layer:tools:3",),
        "subnet_ids": ("subnet-12345678",),
        "security_group_ids": ("sg-12345678",),
    }
    source: Value = "arn:aws:sqs:us-east-1:123456789012:elsewhere"
    group = LogGroup(
        id=ResourceId("api_handler_log_group"), log_group_name="/aws/lambda/shop-dev", retention_in_days=7
    )
    return {
        "a REST API with CORS and binary types": (role, handler, *parts.api(handler)),
        "a pure function": (role, pure),
        "a queue": (role, worker, parts.queue(worker, batch_size=5)),
        "a queue elsewhere with every option": (
            role,
            worker,
            parts.queue(
                worker,
                source_arn=source,
                batch_size=500,
                maximum_batching_window=30,
                maximum_concurrency=7,
                report_batch_item_failures=True,
            ),
        ),
        "a stream": (
            role,
            worker,
            parts.queue(
                worker,
                service="kinesis",
                source_arn=arn("kinesis", "stream/clicks"),
                starting_position="TRIM_HORIZON",
            ),
        ),
        "a queue that waits for more than its function": (
            role,
            own_role,
            worker,
            parts.queue(worker, after=(role.id, own_role.id)),
        ),
        "a function in a VPC with every option": (role, parts.function("work", **rich)),
        "a role of one function": (role, pure, own_role, parts.function("work", role=own_role.arn)),
        "a role that is not ours": (parts.function("work", role="arn:aws:iam::123456789012:role/own"),),
        "a log retention": (role, handler, group, *parts.api(handler)),
        "a log group that its function waits for": (role, group, replace(handler, after=(group.id,))),
        "an API with every option": (
            role,
            handler,
            *parts.api(handler, endpoint_type="REGIONAL", minimum_compression_size=0, tracing=True),
        ),
        "a private API": (
            role,
            handler,
            *parts.api(
                handler,
                endpoint_type="PRIVATE",
                endpoint_vpce=("vpce-12345678",),
                policy={
                    "Version": "2012-10-17",
                    "Statement": [
                        {
                            "Effect": "Allow",
                            "Principal": "*",
                            "Action": "execute-api:Invoke",
                            "Resource": "arn:*:execute-api:*:*:*",
                        }
                    ],
                },
            ),
        ),
        "everything together": (
            role,
            handler,
            worker,
            pure,
            group,
            *parts.api(handler),
            parts.queue(worker),
        ),
    }


@pytest.fixture
def applications() -> Mapping[str, tuple[Resource, ...]]:
    """The resources of all applications, by what they show."""
    return {**_everything(), **_families()}


@pytest.fixture(params={**_everything(), **_families()}.items(), ids=lambda item: item[0])
def application(request: pytest.FixtureRequest) -> tuple[Resource, ...]:
    """The resources of one application after the other."""
    resources: tuple[Resource, ...] = request.param[1]
    return resources


@pytest.fixture(scope="session")
def translate() -> Callable[[dict[str, Any]], dict[str, Any]]:
    """Do what CloudFormation does with the ``Transform`` of a template."""
    from chalice_sam.testing import translate as translated

    return lambda template: translated(template, region="us-west-2")
