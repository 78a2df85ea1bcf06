"""The resource kinds: what an application is made of once it is deployed.

Few, and meant for AWS rather than for an event family.  A family of events
lowers its declarations into these; a target realises each of them.  Field
names follow AWS's own; values that are known only after deployment are
`Output` values, offered as properties of the kind that produces them.
"""

from __future__ import annotations

from chalice_core.kinds.access import Grant, Role, RolePolicy, Statement
from chalice_core.kinds.apis import (
    ApiAuthorizer,
    ApiMapping,
    ApiProtocol,
    ApiRoute,
    DomainName,
    EndpointType,
    IamAuthorizer,
    RestApi,
    TokenAuthorizer,
    UserPoolAuthorizer,
    WebSocketApi,
    WebSocketRoute,
    rest_api_url,
    websocket_api_url,
)
from chalice_core.kinds.base import Resource
from chalice_core.kinds.events import (
    BucketNotification,
    EventRule,
    EventSourceMapping,
    Schedule,
    StartingPosition,
    TopicSubscription,
    UserPoolTrigger,
)
from chalice_core.kinds.functions import (
    DEPLOYMENT,
    LAYER,
    Architecture,
    ArtifactId,
    EventInvokeConfig,
    Function,
    FunctionUrl,
    InvokePermission,
    Layer,
    LogGroup,
    UrlAuthType,
)
from chalice_core.kinds.open_door import CloudFormationResource

__all__ = [
    "DEPLOYMENT",
    "KINDS",
    "LAYER",
    "ApiAuthorizer",
    "ApiMapping",
    "ApiProtocol",
    "ApiRoute",
    "Architecture",
    "ArtifactId",
    "BucketNotification",
    "CloudFormationResource",
    "DomainName",
    "EndpointType",
    "EventInvokeConfig",
    "EventRule",
    "EventSourceMapping",
    "Function",
    "FunctionUrl",
    "Grant",
    "IamAuthorizer",
    "InvokePermission",
    "Layer",
    "LogGroup",
    "Resource",
    "RestApi",
    "Role",
    "RolePolicy",
    "Schedule",
    "StartingPosition",
    "Statement",
    "TokenAuthorizer",
    "TopicSubscription",
    "UrlAuthType",
    "UserPoolAuthorizer",
    "UserPoolTrigger",
    "WebSocketApi",
    "WebSocketRoute",
    "rest_api_url",
    "websocket_api_url",
]

KINDS: tuple[type[Resource], ...] = (
    Role,
    RolePolicy,
    LogGroup,
    Layer,
    Function,
    FunctionUrl,
    InvokePermission,
    EventInvokeConfig,
    RestApi,
    WebSocketApi,
    DomainName,
    ApiMapping,
    EventSourceMapping,
    EventRule,
    Schedule,
    TopicSubscription,
    BucketNotification,
    UserPoolTrigger,
    CloudFormationResource,
)
"""The kinds that a finished graph may hold and that every target answers for."""
