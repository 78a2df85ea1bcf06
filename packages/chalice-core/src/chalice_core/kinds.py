"""The resource kinds: what an application is made of once it is deployed.

Few, and meant for AWS rather than for an event family.  A family of events
lowers its declarations into these; a target realises each of them.  Field
names follow AWS's own; values that are known only after deployment are
`Output` values, offered as properties of the kind that produces them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from typing import Literal, NewType, TypeAlias

from chalice_core.values import Output, Pseudo, ResourceId, Value, outputs_in, text

ArtifactId = NewType("ArtifactId", str)
"""Names a file that is uploaded with the application; `DEPLOYMENT` is the code of all functions."""

DEPLOYMENT = ArtifactId("deployment")

Architecture: TypeAlias = Literal["x86_64", "arm64"]
EndpointType: TypeAlias = Literal["EDGE", "REGIONAL", "PRIVATE"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """One thing to create, update or delete.

    Args:
        id: its name in the graph.
        after: resources that must exist first although no value says so.
    """

    id: ResourceId
    after: tuple[ResourceId, ...] = ()

    def dependencies(self) -> Iterator[ResourceId]:
        """Yield what must exist before this resource, each id once."""
        seen = dict.fromkeys(self.after)
        for item in fields(self):
            if item.name not in ("id", "after"):
                seen.update(dict.fromkeys(output.of for output in outputs_in(getattr(self, item.name))))
        yield from seen


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One statement of an IAM policy that allows something.

    Source: "IAM JSON policy elements reference", AWS IAM User Guide.
    """

    actions: tuple[str, ...]
    resources: tuple[Value, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Role(Resource):
    """An IAM role that the application's functions act with.

    Args:
        role_name: its name in IAM, at most 64 characters.
        trusted_services: service prefixes that may assume it, ``lambda``.
        statements: its inline policy.  While a graph is built, families
            add to it with `Grant`; a finished graph holds no grants.
        policy_document: a hand-written policy that replaces ``statements``
            and every grant, as parsed JSON; None when the policy is generated.
    """

    role_name: str
    trusted_services: tuple[str, ...] = ("lambda",)
    statements: tuple[Statement, ...] = ()
    policy_document: Mapping[str, object] | None = None

    @property
    def arn(self) -> Output:
        """The role's ARN."""
        return Output(self.id, "arn")


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant(Resource):
    """A permission that a role must have.

    A grant is an instruction to the graph and no node of it: building the
    graph folds it into its `Role`, and whatever named the grant in ``after``
    waits for the role.  A grant to a role that is not managed by us (a plain
    ARN) is dropped, for such a role is its owner's business.

    Args:
        role: the role's ARN, ``function.role``.
        actions: IAM actions, ``sqs:ReceiveMessage``.
        on: the ARNs that they apply to.
    """

    role: Output | str
    actions: tuple[str, ...]
    on: tuple[Value, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LogGroup(Resource):
    """The CloudWatch Logs group of a function.

    Args:
        log_group_name: ``/aws/lambda/NAME``.
        retention_in_days: None keeps events for ever.  A target whose
            functions create their groups themselves may leave out a group
            without a retention.
    """

    log_group_name: str
    retention_in_days: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Function(Resource):
    """A Lambda function.

    Limits and names: ``CreateFunction``, AWS Lambda API Reference.

    Args:
        name: the logical name that users see, ``api_handler``.
        function_name: its name in Lambda, ``hello-dev``.
        handler: ``module.function``.
        runtime: Lambda's identifier, ``python3.12``.
        role: ARN of the role that it acts with.
        code: the artifact that holds its code.
        memory_size: MB.
        timeout: seconds.
        reserved_concurrency: None for no limit, 0 to block invocations.
        tracing: True traces with X-Ray.
    """

    name: str
    function_name: str
    handler: str
    runtime: str
    role: Output | str
    code: ArtifactId = DEPLOYMENT
    architecture: Architecture = "x86_64"
    memory_size: int = 128
    timeout: int = 60
    environment: Mapping[str, Value] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)
    layers: tuple[Value, ...] = ()
    subnet_ids: tuple[str, ...] = ()
    security_group_ids: tuple[str, ...] = ()
    reserved_concurrency: int | None = None
    tracing: bool = False

    @property
    def arn(self) -> Output:
        """The function's ARN, without a version."""
        return Output(self.id, "arn")


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenAuthorizer:
    """A Lambda function says what a caller may do, by the token in a header.

    Functions of the application and of others differ in their URI only.

    Args:
        name: what routes call it.
        header: the request header with the token.
        uri: by which API Gateway invokes the function; `chalice_core.swagger.integration_uri` gives it.
        ttl_seconds: how long an answer stands for a token; None is API Gateway's default, 300.
        credentials: ARN of the role with which the function is invoked; None leaves it to the function's
            own policy.
    """

    name: str
    uri: Value
    header: str = "Authorization"
    ttl_seconds: int | None = None
    credentials: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UserPoolAuthorizer:
    """A caller needs a token of an Amazon Cognito user pool.

    Args:
        name: what routes call it.
        header: the request header with the token.
        provider_arns: of the user pools.
    """

    name: str
    provider_arns: tuple[str, ...]
    header: str = "Authorization"


@dataclass(frozen=True, slots=True, kw_only=True)
class IamAuthorizer:
    """A caller signs his requests with AWS credentials, and IAM says what they allow.

    Args:
        name: what routes call it.
    """

    name: str


ApiAuthorizer: TypeAlias = TokenAuthorizer | UserPoolAuthorizer | IamAuthorizer


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiRoute:
    """One method of one path of a REST API.

    Args:
        path: ``/users/{name}``.
        method: upper case.
        function_arn: the function that answers.
        content_types: what it consumes.
        cors: the CORS headers of the path's preflight, or None.
        authorizer: name of one of the API's authorizers, or None.
        authorizer_scopes: what the authorizer asks of a caller besides.
        summary: the first line of the view's docstring.
        description: the rest of it.
    """

    path: str
    method: str
    function_arn: Output
    content_types: tuple[str, ...] = ("application/json",)
    cors: Mapping[str, str] | None = None
    authorizer: str | None = None
    authorizer_scopes: tuple[str, ...] = ()
    api_key_required: bool = False
    summary: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RestApi(Resource):
    """An API Gateway REST API with its deployment and stage.

    `chalice_core.swagger.document` gives its definition.

    Args:
        name: its title.
        stage_name: the first part of its URLs' paths.
        authorizers: those that its routes name, each name once.
        policy: resource policy as parsed JSON, or None.
        minimum_compression_size: bytes; None switches compression off.
    """

    name: str
    stage_name: str
    routes: tuple[ApiRoute, ...]
    authorizers: tuple[ApiAuthorizer, ...] = ()
    binary_types: tuple[str, ...] = ()
    endpoint_type: EndpointType = "EDGE"
    endpoint_vpce: tuple[str, ...] = ()
    policy: Mapping[str, object] | None = None
    minimum_compression_size: int | None = None
    tracing: bool = False

    def __post_init__(self) -> None:
        names = [authorizer.name for authorizer in self.authorizers]
        if len(set(names)) < len(names):
            raise ValueError(f"{self.id}: two authorizers have one name: {names}")
        # Without its authorizer a route would be open to everybody.
        missing = {route.authorizer for route in self.routes if route.authorizer is not None} - {*names}
        if missing:
            raise ValueError(f"{self.id}: routes name authorizers that are not there: {sorted(missing)}")

    @property
    def api_id(self) -> Output:
        """The API's id, the first label of its host name."""
        return Output(self.id, "api_id")


@dataclass(frozen=True, slots=True, kw_only=True)
class InvokePermission(Resource):
    """Allows a service to invoke a function (``AddPermission``, AWS Lambda API Reference).

    Args:
        function_arn: the function.
        principal: the service, ``apigateway.amazonaws.com``.
        source_arn: what may invoke it, wildcards allowed; None for anything of that service.
        source_account: the account that owns the source, where its ARN names none.
    """

    function_arn: Output
    principal: str
    source_arn: Value | None = None
    source_account: Value | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventSourceMapping(Resource):
    """Lambda polls a source and hands a function what it finds.

    Queues and streams share this kind: they differ in values, not in nature
    (``CreateEventSourceMapping``, AWS Lambda API Reference).

    Args:
        function_arn: the function.
        source_arn: the queue or stream.
        service: the source's service prefix, ``sqs``, ``kinesis``, ``dynamodb``.
        batch_size: at most this many records per invocation.
        maximum_batching_window: seconds to wait for a full batch.
        starting_position: where reading a stream starts; None for queues.
        maximum_concurrency: at most this many invocations at once; None for no limit.
        report_batch_item_failures: the function's answer names the records that failed.
    """

    function_arn: Output
    source_arn: Value
    service: str
    batch_size: int = 10
    maximum_batching_window: int = 0
    starting_position: Literal["LATEST", "TRIM_HORIZON"] | None = None
    maximum_concurrency: int | None = None
    report_batch_item_failures: bool = False

    @property
    def mapping_id(self) -> Output:
        """The UUID that updates and deletions ask for."""
        return Output(self.id, "mapping_id")


KINDS: tuple[type[Resource], ...] = (Role, LogGroup, Function, RestApi, InvokePermission, EventSourceMapping)
"""The kinds that a finished graph may hold and that every target answers for."""


def rest_api_url(api: RestApi) -> Value:
    """Return the URL that ``api`` answers at in AWS, with a slash at its end."""
    return text(
        "https://", api.api_id, ".execute-api.", Pseudo.REGION, ".", Pseudo.DNS_SUFFIX, f"/{api.stage_name}/"
    )
