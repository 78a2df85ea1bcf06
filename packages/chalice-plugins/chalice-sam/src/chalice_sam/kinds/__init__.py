"""The renderers of the built-in kinds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalice_core.kinds import (
    ApiMapping,
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
    RestApi,
    Role,
    RolePolicy,
    Schedule,
    TopicSubscription,
    UserPoolTrigger,
    WebSocketApi,
)
from chalice_sam.kinds.attachment import AttachmentRenderer
from chalice_sam.kinds.domain import ApiMappingRenderer, DomainNameRenderer
from chalice_sam.kinds.event_rule import EventRuleRenderer
from chalice_sam.kinds.event_source import EventSourceMappingRenderer
from chalice_sam.kinds.function import FunctionRenderer
from chalice_sam.kinds.function_url import FunctionUrlRenderer
from chalice_sam.kinds.invoke_config import EventInvokeConfigRenderer
from chalice_sam.kinds.layer import LayerRenderer
from chalice_sam.kinds.log_group import LogGroupRenderer
from chalice_sam.kinds.open_door import CloudFormationResourceRenderer
from chalice_sam.kinds.permission import InvokePermissionRenderer
from chalice_sam.kinds.rest_api import RestApiRenderer
from chalice_sam.kinds.role import RolePolicyRenderer, RoleRenderer
from chalice_sam.kinds.schedule import ScheduleRenderer
from chalice_sam.kinds.topic import TopicSubscriptionRenderer
from chalice_sam.kinds.websocket_api import WebSocketApiRenderer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalice_core.kinds import Resource
    from chalice_sam.renderer import Renderer

__all__ = ["RENDERERS"]

# The kind that is the key is the one that the renderer takes; the type of a mapping cannot say so.
RENDERERS: Mapping[type[Resource], Renderer[Any]] = {
    ApiMapping: ApiMappingRenderer(),
    BucketNotification: AttachmentRenderer(),
    CloudFormationResource: CloudFormationResourceRenderer(),
    DomainName: DomainNameRenderer(),
    EventInvokeConfig: EventInvokeConfigRenderer(),
    EventRule: EventRuleRenderer(),
    EventSourceMapping: EventSourceMappingRenderer(),
    Function: FunctionRenderer(),
    FunctionUrl: FunctionUrlRenderer(),
    InvokePermission: InvokePermissionRenderer(),
    Layer: LayerRenderer(),
    LogGroup: LogGroupRenderer(),
    RestApi: RestApiRenderer(),
    Role: RoleRenderer(),
    RolePolicy: RolePolicyRenderer(),
    Schedule: ScheduleRenderer(),
    TopicSubscription: TopicSubscriptionRenderer(),
    UserPoolTrigger: AttachmentRenderer(),
    WebSocketApi: WebSocketApiRenderer(),
}
