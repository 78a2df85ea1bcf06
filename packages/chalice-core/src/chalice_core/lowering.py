"""From what an application declares to the graph of its resources.

Functions, roles, log groups and the REST API are lowered here; events are
lowered by the plugins of their families.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from functools import cache
from importlib.metadata import version
from typing import Any

from chalice_core.artifact import Artifacts
from chalice_core.config import StageConfig
from chalice_core.domains import domain_resources
from chalice_core.errors import ToolError
from chalice_core.graph import Graph
from chalice_core.kinds import (
    ApiAuthorizer,
    ApiRoute,
    Function,
    IamAuthorizer,
    InvokePermission,
    Layer,
    LogGroup,
    Resource,
    RestApi,
    Role,
    Statement,
    TokenAuthorizer,
    UserPoolAuthorizer,
)
from chalice_core.limits import limit_problems
from chalice_core.manifest import App, AuthorizerDeclaration, EventDeclaration
from chalice_core.plugins import PluginInfo, Plugins
from chalice_core.policy_files import PolicyFiles
from chalice_core.swagger import integration_uri
from chalice_core.validation import API_HANDLER, InvalidAppError, find_problems, function_names
from chalice_core.values import Output, Pseudo, ResourceId, Value, arn, text

DEFAULT_ROLE = ResourceId("default-role")
REST_API = ResourceId("rest_api")
MANAGED_LAYER = ResourceId("managed-layer")

# "AWSLambdaBasicExecutionRole", AWS Managed Policy Reference Guide.
_LOG_ACTIONS = ("logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents")
# "Giving Lambda functions access to resources in an Amazon VPC", AWS Lambda Developer Guide.
_NETWORK_ACTIONS = (
    "ec2:CreateNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DetachNetworkInterface",
    "ec2:DeleteNetworkInterface",
)
# "AWSXRayDaemonWriteAccess" grants more; a function sends nothing else.
_TRACING_ACTIONS = ("xray:PutTraceSegments", "xray:PutTelemetryRecords")

_FAMILIES: Mapping[str, str] = {
    "cloudwatch": "chalice-schedule",
    "cognito": "chalice-cognito",
    "dynamodb": "chalice-dynamodb",
    "function_url": "chalice-function-urls",
    "kafka": "chalice-kafka",
    "kinesis": "chalice-kinesis",
    "s3": "chalice-s3",
    "scheduled": "chalice-schedule",
    "sns": "chalice-sns",
    "sqs": "chalice-sqs",
    "websocket": "chalice-websockets",
}
"""Which of our own distributions lowers the events of a source."""


class UnclaimedEventError(ToolError):
    """An application declares events that no plugin lowers."""

    code = "unclaimed-event"

    def __init__(self, *, events: Sequence[EventDeclaration], plugins: Sequence[PluginInfo]) -> None:
        lines = [f"@app.{event.decorator} of the function {event.function!r}" for event in events]
        usable = [plugin.name for plugin in plugins if plugin.state == "loaded"]
        super().__init__(
            what=f"No plugin handles {'; '.join(lines)}.",
            why=f"The plugins in use are: {', '.join(usable) or 'none'}.",
            fix=" ".join(
                _advice(source, plugins) for source in dict.fromkeys(event.source for event in events)
            ),
        )
        self.events = tuple(events)


def build_graph(app: App, runtime: str, config: StageConfig, plugins: Plugins) -> Graph:
    """Return the resources of an application in one stage.

    Args:
        app: what the application declares.
        runtime: Lambda's identifier of the functions' runtime, ``python3.11``.
        config: of the stage.
        plugins: who lowers events, validates and adjusts.

    Raises:
        InvalidAppError: the application or its configuration cannot work; all problems are listed.
        UnclaimedEventError: no plugin lowers an event.
        ToolError: as a plugin raised it, or the graph is no graph (`Graph.of`).
    """
    policies = PolicyFiles(config)
    problems = list(find_problems(app, config))
    policies.read_all(function_names(app))
    problems += policies.problems
    for _, found in plugins.each("chalice_validate_app", app=app, config=config):
        problems += found or ()
    if problems:
        raise InvalidAppError(app=app.name, problems=problems)
    resources = list(_own_resources(app, runtime, config, policies))
    functions = tuple(resource for resource in resources if isinstance(resource, Function))
    resources += _events(app, config, plugins, resources)
    for _, added in plugins.each("chalice_add_resources", app=app, functions=functions, config=config):
        resources += added or ()
    graph: Graph = plugins.chain("chalice_adjust_graph", "graph", Graph.of(resources), config=config)
    problems = list(limit_problems(graph, config))
    if problems:
        raise InvalidAppError(app=app.name, problems=problems)
    return graph


def with_built_layers(graph: Graph, artifacts: Artifacts) -> Graph:
    """Return the graph without layers that nothing was built for, since there is nothing to put into them.

    Args:
        graph: of the application.
        artifacts: what a packager has built for it.
    """
    empty = {layer.id for layer in graph.of_kind(Layer) if layer.content not in artifacts}
    if not empty:
        return graph
    return Graph.of(
        replace(one, layers=tuple(layer for layer in one.layers if not _is_of(layer, empty)))
        if isinstance(one, Function)
        else one
        for one in graph
        if one.id not in empty
    )


def _is_of(value: Value, ids: Collection[ResourceId]) -> bool:
    return isinstance(value, Output) and value.of in ids


def _own_resources(app: App, runtime: str, config: StageConfig, policies: PolicyFiles) -> Iterator[Resource]:
    layer = _layer(runtime, config) if config.automatic_layer else None
    functions = list(_functions(app, runtime, config, layer))
    if layer is not None:
        yield layer
    yield from _roles(functions, config, policies)
    for function in functions:
        yield LogGroup(
            id=ResourceId(f"{function.id}_log_group"),
            log_group_name=f"/aws/lambda/{function.function_name}",
            retention_in_days=config.function(function.name).log_retention_in_days,
        )
    yield from functions
    if app.routes:
        yield from _rest_api(app, config, functions, policies)


def _layer(runtime: str, config: StageConfig) -> Layer:
    return Layer(
        id=MANAGED_LAYER,
        layer_name=f"{config.app_name}-{config.stage}-managed-layer",
        runtimes=(runtime,),
        architecture=config.lambda_architecture,
    )


def _functions(app: App, runtime: str, config: StageConfig, layer: Layer | None) -> Iterator[Function]:
    prefix = f"{config.app_name}-{config.stage}"
    named = [(function.name, function.handler, f"{prefix}-{function.name}") for function in app.functions]
    if app.routes:
        named.insert(0, (API_HANDLER, "app.app", prefix))
    for name, handler, function_name in named:
        settings = config.function(name)
        yield Function(
            id=ResourceId(name),
            name=name,
            function_name=function_name,
            handler=handler,
            runtime=runtime,
            role=_role_of(name, config),
            architecture=config.lambda_architecture,
            memory_size=settings.memory_size,
            timeout=settings.timeout,
            environment=settings.environment_variables,
            # Ours comes last: it is how an application's functions are found, so nobody overrides it.
            tags={**settings.tags, "aws-chalice": _tag(config)},
            # What is in a later layer covers what is in an earlier one, so the user's come last.
            layers=(*(() if layer is None else (layer.version_arn,)), *settings.layers),
            subnet_ids=settings.subnet_ids,
            security_group_ids=settings.security_group_ids,
            reserved_concurrency=settings.reserved_concurrency,
            tracing=settings.xray,
        )


@cache
def _core_version() -> str:
    return version("chalice-core")


def _tag(config: StageConfig) -> str:
    return f"version={_core_version()}:stage={config.stage}:app={config.app_name}"


def _role_of(name: str, config: StageConfig) -> Output | str:
    settings = config.function(name)
    if not settings.manage_iam_role:
        # `chalice_core.validation` has seen to it that there is one.
        return settings.iam_role_arn or ""
    return Output(DEFAULT_ROLE if settings.autogen_policy else _own_role(name), "arn")


def _own_role(name: str) -> ResourceId:
    return ResourceId(f"{name}_role")


def _roles(functions: Sequence[Function], config: StageConfig, policies: PolicyFiles) -> Iterator[Role]:
    prefix = f"{config.app_name}-{config.stage}"
    sharing: list[Function] = []
    for function in functions:
        settings = config.function(function.name)
        if settings.manage_iam_role and settings.autogen_policy:
            sharing.append(function)
        elif settings.manage_iam_role:
            yield Role(
                id=_own_role(function.name),
                role_name=f"{prefix}-{function.name}",
                policy_document=policies.of_function(function.name),
            )
    if sharing:
        yield Role(id=DEFAULT_ROLE, role_name=prefix, statements=tuple(_statements(sharing)))


def _statements(functions: Sequence[Function]) -> Iterator[Statement]:
    yield Statement(actions=_LOG_ACTIONS, resources=(text("arn:", Pseudo.PARTITION, ":logs:*:*:*"),))
    if any(function.subnet_ids for function in functions):
        # EC2 has no ARNs of network interfaces that do not exist yet.
        yield Statement(actions=_NETWORK_ACTIONS, resources=("*",))
    if any(function.tracing for function in functions):
        yield Statement(actions=_TRACING_ACTIONS, resources=("*",))


def _rest_api(
    app: App, config: StageConfig, functions: Iterable[Function], policies: PolicyFiles
) -> Iterator[Resource]:
    by_name = {function.name: function for function in functions}
    handler = by_name[API_HANDLER]
    named = {route.authorizer for route in app.routes}
    api = RestApi(
        id=REST_API,
        name=app.name,
        stage_name=config.api_gateway_stage,
        routes=tuple(
            ApiRoute(
                path=route.path,
                method=route.method,
                function_arn=handler.arn,
                content_types=route.content_types,
                cors=route.cors,
                authorizer=route.authorizer,
                authorizer_scopes=route.authorizer_scopes,
                api_key_required=route.api_key_required,
                summary=route.summary,
                description=route.description,
            )
            for route in app.routes
        ),
        authorizers=tuple(
            _authorizer(declared, by_name) for declared in app.authorizers if declared.name in named
        ),
        binary_types=app.binary_types,
        endpoint_type=config.api_gateway_endpoint_type,
        endpoint_vpce=config.api_gateway_endpoint_vpce,
        policy=policies.of_api() or _endpoint_policy(config.api_gateway_endpoint_vpce),
        minimum_compression_size=config.minimum_compression_size,
        tracing=config.xray,
    )
    yield api
    yield from domain_resources(api, config)
    yield InvokePermission(
        id=ResourceId(f"{handler.id}_invoke_permission"),
        function_arn=handler.arn,
        principal="apigateway.amazonaws.com",
        source_arn=_part_of(api, "*"),
    )
    for declared in app.functions:
        if declared.kind == "authorizer":
            function = by_name[declared.name]
            yield InvokePermission(
                id=ResourceId(f"{function.id}_invoke_permission"),
                function_arn=function.arn,
                principal="apigateway.amazonaws.com",
                # The API's authorizers call it, and none of its methods.
                source_arn=_part_of(api, "authorizers/*"),
            )


def _part_of(api: RestApi, part: str) -> Value:
    return arn("execute-api", text(api.api_id, f"/{part}"))


def _authorizer(declared: AuthorizerDeclaration, functions: Mapping[str, Function]) -> ApiAuthorizer:
    """Return an authorizer of the API; its options are right, `chalice_core.authorizers` has seen to that."""
    name, options = declared.name, declared.options
    if declared.kind == "iam":
        return IamAuthorizer(name=name)
    if declared.kind == "cognito":
        pools = tuple(options["provider_arns"])
        return UserPoolAuthorizer(name=name, header=options["header"], provider_arns=pools)
    builtin = declared.kind == "builtin"
    return TokenAuthorizer(
        name=name,
        header=options["header"],
        uri=integration_uri(functions[options["function"]].arn) if builtin else options["authorizer_uri"],
        ttl_seconds=options.get("ttl_seconds"),
        credentials=options.get("execution_role" if builtin else "invoke_role_arn"),
    )


def _endpoint_policy(endpoints: Sequence[str]) -> Mapping[str, Any] | None:
    """Let requests in that come through the given VPC endpoints, and no others.

    "Example: Allow private API traffic based on source VPC or VPC endpoint", Amazon API Gateway
    Developer Guide.
    """
    if not endpoints:
        return None
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": "*",
                "Action": "execute-api:Invoke",
                # API Gateway completes the ARN.
                "Resource": "execute-api:/*",
                "Condition": {"StringEquals": {"aws:SourceVpce": list(endpoints)}},
            }
        ],
    }


def _events(
    app: App, config: StageConfig, plugins: Plugins, resources: Sequence[Resource]
) -> Iterator[Resource]:
    functions = {resource.name: resource for resource in resources if isinstance(resource, Function)}
    unclaimed: list[EventDeclaration] = []
    lowered: list[Resource] = []
    for event in app.events:
        answer: Sequence[Resource] | None = plugins.hook.chalice_lower_event(
            event=event, function=functions[event.function], config=config
        )
        if answer is None:
            unclaimed.append(event)
        else:
            lowered += answer
    if unclaimed:
        raise UnclaimedEventError(events=unclaimed, plugins=plugins.installed)
    yield from lowered


def _advice(source: str, plugins: Sequence[PluginInfo]) -> str:
    distribution = _FAMILIES.get(source)
    # Which plugin lowers a stranger's events only that plugin knows, so each is a candidate.
    candidates = [one for one in plugins if distribution is None or one.distribution == distribution]
    obstacles = " ".join(one.obstacle for one in candidates if one.obstacle)
    if distribution is None:
        near = get_close_matches(source, _FAMILIES, n=1)
        hint = f" (did you mean {near[0]!r}?)" if near else ""
        advice = f"Install the distribution that provides {source!r}{hint}, or remove the decorators."
        return f"{obstacles} Or else: {advice}" if obstacles else advice
    return (
        obstacles or f"Install {distribution} (`pip install {distribution}`) where the tools are installed."
    )
