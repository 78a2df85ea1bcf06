"""APIs, who may call them, and the domain names in front of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from chalice_core.kinds.base import Resource
from chalice_core.values import Output, Pseudo, Value, text

EndpointType: TypeAlias = Literal["EDGE", "REGIONAL", "PRIVATE"]
ApiProtocol: TypeAlias = Literal["REST", "WEBSOCKET"]


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
class WebSocketRoute:
    """What a WebSocket API does with one sort of event.

    Args:
        route_key: ``$connect``, ``$default``, ``$disconnect``.
        function_arn: the function that gets it.
    """

    route_key: str
    function_arn: Output


@dataclass(frozen=True, slots=True, kw_only=True)
class WebSocketApi(Resource):
    """An API Gateway WebSocket API with its integrations, routes, deployment and stage.

    Source: "Working with WebSocket APIs", Amazon API Gateway Developer Guide.

    Args:
        name: its name in API Gateway, ``hello-dev-websocket-api``.
        stage_name: the path of its URL.
        routes: each route key once.
        route_selection_expression: what of a message names its route.
    """

    name: str
    stage_name: str
    routes: tuple[WebSocketRoute, ...]
    route_selection_expression: str = "$request.body.action"

    def __post_init__(self) -> None:
        keys = [route.route_key for route in self.routes]
        if len(set(keys)) < len(keys):
            raise ValueError(f"{self.id}: two routes have one key: {keys}")

    @property
    def api_id(self) -> Output:
        """The API's id, the first label of its host name."""
        return Output(self.id, "api_id")


@dataclass(frozen=True, slots=True, kw_only=True)
class DomainName(Resource):
    """A domain name of one's own for APIs.

    Sources: ``CreateDomainName``, Amazon API Gateway REST API Reference, for REST APIs; and Version 2 API
    Reference for WebSocket APIs.

    Args:
        domain_name: ``api.example.com``.
        protocol: of the APIs behind it.
        endpoint_type: of a REST API; a WebSocket API's is always regional.
        certificate_arn: in ACM; in us-east-1 when the endpoint type is EDGE.
        security_policy: the oldest version of TLS that it accepts, ``TLS_1_2``.
        tags: of the domain name alone.
    """

    domain_name: str
    protocol: ApiProtocol
    endpoint_type: Literal["EDGE", "REGIONAL"] = "REGIONAL"
    certificate_arn: str
    security_policy: str = "TLS_1_2"
    tags: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> Output:
        """The domain name, once it exists."""
        return Output(self.id, "domain_name")

    @property
    def alias_domain_name(self) -> Output:
        """The host that a DNS record of the domain name has to point to."""
        return Output(self.id, "alias_domain_name")

    @property
    def hosted_zone_id(self) -> Output:
        """The Route 53 hosted zone of that host."""
        return Output(self.id, "hosted_zone_id")


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiMapping(Resource):
    """Puts a stage of an API under a path of a domain name.

    Args:
        domain_name: `DomainName.name`.
        protocol: of the API.
        api_id: the API; its stage exists when the API does.
        stage_name: of the API.
        base_path: the first part of the paths, without slashes; empty for all paths.
    """

    domain_name: Output
    protocol: ApiProtocol
    api_id: Output
    stage_name: str
    base_path: str = ""


def rest_api_url(api: RestApi) -> Value:
    """Return the URL that ``api`` answers at in AWS, with a slash at its end."""
    return _url("https", api)


def websocket_api_url(api: WebSocketApi) -> Value:
    """Return the URL that clients connect to in AWS, with a slash at its end."""
    return _url("wss", api)


def _url(scheme: str, api: RestApi | WebSocketApi) -> Value:
    host = text(api.api_id, ".execute-api.", Pseudo.REGION, ".", Pseudo.DNS_SUFFIX)
    return text(f"{scheme}://", host, f"/{api.stage_name}/")
