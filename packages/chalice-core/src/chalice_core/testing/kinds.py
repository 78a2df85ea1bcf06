"""One resource of every kind, joined as in an application."""

from __future__ import annotations

from chalice_core.graph import Graph
from chalice_core.kinds import (
    ApiMapping,
    ApiRoute,
    BucketNotification,
    CloudFormationResource,
    DomainName,
    EventInvokeConfig,
    EventRule,
    EventSourceMapping,
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
    TopicSubscription,
    UserPoolTrigger,
    WebSocketApi,
    WebSocketRoute,
)
from chalice_core.testing.builders import DEFAULT_RUNTIME, function
from chalice_core.values import Output, ResourceId, Value, arn, text

CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/b1b2b3b4-1111-2222-3333-444455556666"


def every_kind() -> Graph:
    """Return a graph with a resource of each kind that a finished graph may hold.

    A target that can express it, and whose own tools accept the result, is ready for every event family.
    Text that means something to templates is in it, too, and has to arrive as it is.
    """
    return Graph.of([*_functions(), *_apis(), *_polled(), *_pushed(), *_others()])


_ROLE = Role(
    id=ResourceId("default-role"),
    role_name="hello-dev",
    statements=(
        Statement(actions=("logs:CreateLogStream", "logs:PutLogEvents"), resources=(arn("logs", "*"),)),
    ),
)
_LAYER = Layer(
    id=ResourceId("managed-layer"), layer_name="hello-dev-managed-layer", runtimes=(DEFAULT_RUNTIME,)
)
_WORK = function(
    "work",
    layers=(_LAYER.version_arn, "arn:aws:lambda:us-east-1:123456789012:layer:theirs:1"),
    environment={"PLAIN": "text", "TEMPLATE": "${not.a.reference} %{if} {{x}} $${y}", "PRICE": "$5"},
    tags={"aws-chalice": "version=1:stage=dev:app=hello"},
    subnet_ids=("subnet-0123456789abcdef0",),
    security_group_ids=("sg-0123456789abcdef0",),
    reserved_concurrency=5,
    tracing=True,
    timeout=30,
)
_SOCKETS = function("websocket_message")
_HANDLER = function("api_handler", function_name="hello-dev", handler="app.app")


def _functions() -> list[Resource]:
    url = FunctionUrl(
        id=ResourceId("work-url"),
        function_arn=_WORK.arn,
        auth_type="NONE",
        cors={"AllowOrigins": ["https://example.com"], "AllowMethods": ["GET"], "MaxAge": 60},
    )
    return [
        _ROLE,
        _LAYER,
        _HANDLER,
        _WORK,
        LogGroup(
            id=ResourceId("work_log_group"), log_group_name="/aws/lambda/hello-dev-work", retention_in_days=7
        ),
        url,
        InvokePermission(
            id=ResourceId("work-url-permission"),
            function_arn=_WORK.arn,
            principal="*",
            action="lambda:InvokeFunctionUrl",
            function_url_auth_type="NONE",
        ),
        EventInvokeConfig(
            id=ResourceId("work-invoke-config"),
            function_arn=_WORK.arn,
            maximum_retry_attempts=1,
            maximum_event_age=600,
            on_failure=arn("sqs", "failed"),
        ),
    ]


def _apis() -> list[Resource]:
    rest = RestApi(
        id=ResourceId("rest_api"),
        name="hello",
        stage_name="api",
        routes=(
            ApiRoute(path="/", method="GET", function_arn=_HANDLER.arn),
            ApiRoute(
                path="/users/{name}",
                method="POST",
                function_arn=_HANDLER.arn,
                cors={"Access-Control-Allow-Origin": "*"},
            ),
        ),
        endpoint_type="REGIONAL",
        minimum_compression_size=1024,
        tracing=True,
    )
    sockets = WebSocketApi(
        id=ResourceId("websocket_api"),
        name="hello-dev-websocket-api",
        stage_name="api",
        routes=(WebSocketRoute(route_key="$default", function_arn=_SOCKETS.arn),),
    )
    rest_domain = DomainName(
        id=ResourceId("api_gateway_custom_domain"),
        domain_name="api.example.com",
        protocol="REST",
        certificate_arn=CERTIFICATE,
        tags={"team": "blue"},
    )
    sockets_domain = DomainName(
        id=ResourceId("websocket_api_custom_domain"),
        domain_name="ws.example.com",
        protocol="WEBSOCKET",
        certificate_arn=CERTIFICATE,
    )
    return [
        rest,
        _permission(
            "api_handler_invoke_permission",
            _HANDLER.id,
            "apigateway",
            arn("execute-api", text(rest.api_id, "/*")),
        ),
        _SOCKETS,
        sockets,
        _permission(
            "websocket_message_invoke_permission",
            _SOCKETS.id,
            "apigateway",
            arn("execute-api", text(sockets.api_id, "/*")),
        ),
        # Needs the API, which needs the function, which needs the role: it becomes a policy of its own.
        Grant(
            id=ResourceId("default-role-manages-connections"),
            role=_ROLE.arn,
            actions=("execute-api:ManageConnections",),
            on=(arn("execute-api", text(sockets.api_id, "/api/*/@connections/*")),),
        ),
        rest_domain,
        ApiMapping(
            id=ResourceId("api_gateway_custom_domain_mapping"),
            domain_name=rest_domain.name,
            protocol="REST",
            api_id=rest.api_id,
            stage_name="api",
            base_path="v1",
        ),
        sockets_domain,
        ApiMapping(
            id=ResourceId("websocket_api_custom_domain_mapping"),
            domain_name=sockets_domain.name,
            protocol="WEBSOCKET",
            api_id=sockets.api_id,
            stage_name="api",
        ),
    ]


def _polled() -> list[Resource]:
    return [
        EventSourceMapping(
            id=ResourceId("work-sqs-event-source"),
            function_arn=_WORK.arn,
            source_arn=arn("sqs", "orders"),
            service="sqs",
            maximum_concurrency=5,
            report_batch_item_failures=True,
            filter_patterns=({"body": {"kind": ["order"]}},),
        ),
        EventSourceMapping(
            id=ResourceId("work-kinesis-event-source"),
            function_arn=_WORK.arn,
            source_arn=arn("kinesis", "stream/clicks"),
            service="kinesis",
            batch_size=100,
            starting_position="AT_TIMESTAMP",
            starting_position_timestamp=1_700_000_000.0,
            on_failure=arn("sqs", "failed"),
            maximum_retry_attempts=3,
            maximum_record_age=3600,
            bisect_batch=True,
            parallelization_factor=2,
            tumbling_window=30,
        ),
        EventSourceMapping(
            id=ResourceId("work-kafka-event-source"),
            function_arn=_WORK.arn,
            source_arn=None,
            service="self-managed-kafka",
            starting_position="LATEST",
            topics=("orders",),
            bootstrap_servers=("broker.example.com:9092",),
            source_access=(
                ("BASIC_AUTH", "arn:aws:secretsmanager:us-east-1:123456789012:secret:kafka-AbCdEf"),
            ),
            consumer_group="hello",
        ),
    ]


def _pushed() -> list[Resource]:
    rule = EventRule(
        id=ResourceId("work-event"),
        rule_name="hello-dev-work-event",
        function_arn=_WORK.arn,
        schedule_expression="rate(5 minutes)",
        description="Every five minutes",
        dead_letter_arn=arn("sqs", "undelivered"),
    )
    sale = EventRule(
        id=ResourceId("api_handler-event"),
        rule_name="hello-dev-api_handler-event",
        function_arn=_HANDLER.arn,
        event_pattern={"source": ["shop"], "detail": {"price": [{"numeric": [">", 5]}]}},
        event_bus="sales",
    )
    scheduler_role = Role(
        id=ResourceId("work-schedule-role"),
        role_name="hello-dev-work-schedule",
        trusted_services=("scheduler",),
        statements=(Statement(actions=("lambda:InvokeFunction",), resources=(_WORK.arn,)),),
    )
    return [
        rule,
        _permission("work-event-permission", _WORK.id, "events", None),
        sale,
        _permission("api_handler-event-permission", _HANDLER.id, "events", None),
        scheduler_role,
        Schedule(
            id=ResourceId("work-schedule"),
            schedule_name="hello-dev-work",
            function_arn=_WORK.arn,
            role=scheduler_role.arn,
            schedule_expression="cron(0 8 * * ? *)",
            timezone="Europe/Berlin",
            flexible_window=15,
            input={"id": "<aws.scheduler.execution-id>"},
        ),
        TopicSubscription(
            id=ResourceId("work-sns-subscription"),
            topic_arn=arn("sns", "news"),
            function_arn=_WORK.arn,
            filter_policy={"kind": ["order"]},
            filter_policy_scope="MessageAttributes",
            dead_letter_arn=arn("sqs", "undelivered"),
        ),
        _permission("work-sns-permission", _WORK.id, "sns", None),
        BucketNotification(
            id=ResourceId("work-s3-notification"),
            bucket="uploads",
            function_arn=_WORK.arn,
            events=("s3:ObjectCreated:*",),
            prefix="in/",
            suffix=".csv",
            after=(ResourceId("work-s3-permission"),),
        ),
        _permission("work-s3-permission", _WORK.id, "s3", None),
        UserPoolTrigger(
            id=ResourceId("work-PreSignUp-trigger"),
            user_pool_id="us-east-1_AbCdEfGhI",
            trigger="PreSignUp",
            function_arn=_WORK.arn,
            after=(ResourceId("work-cognito-permission"),),
        ),
        _permission("work-cognito-permission", _WORK.id, "cognito-idp", None),
    ]


def _others() -> list[Resource]:
    group = CloudFormationResource(
        id=ResourceId("work-group"),
        type="AWS::Logs::LogGroup",
        properties={"LogGroupName": "hello-dev-audit", "RetentionInDays": 30},
    )
    return [
        group,
        CloudFormationResource(
            id=ResourceId("work-filter"),
            type="AWS::Logs::SubscriptionFilter",
            properties={
                "LogGroupName": group.ref,
                "FilterPattern": "ERROR",
                "DestinationArn": _WORK.arn,
            },
            after=(ResourceId("work-logs-permission"),),
        ),
        _permission("work-logs-permission", _WORK.id, "logs", group.attribute("Arn")),
    ]


def _permission(id: str, function_id: ResourceId, service: str, source: Value | None) -> InvokePermission:
    return InvokePermission(
        id=ResourceId(id),
        function_arn=Output(function_id, "arn"),
        principal=f"{service}.amazonaws.com",
        source_arn=source,
    )
