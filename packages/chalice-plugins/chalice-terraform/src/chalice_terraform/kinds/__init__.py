"""The renderers of the built-in kinds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalice_core import kinds
from chalice_terraform.kinds.bucket import BucketNotificationRenderer
from chalice_terraform.kinds.domain import ApiMappingRenderer, DomainNameRenderer
from chalice_terraform.kinds.event_source import EventSourceMappingRenderer
from chalice_terraform.kinds.function import FunctionRenderer
from chalice_terraform.kinds.function_url import FunctionUrlRenderer
from chalice_terraform.kinds.invoke_config import EventInvokeConfigRenderer
from chalice_terraform.kinds.layer import LayerRenderer
from chalice_terraform.kinds.log_group import LogGroupRenderer
from chalice_terraform.kinds.open_door import CloudFormationResourceRenderer
from chalice_terraform.kinds.permission import InvokePermissionRenderer
from chalice_terraform.kinds.rest_api import RestApiRenderer
from chalice_terraform.kinds.role import RolePolicyRenderer, RoleRenderer
from chalice_terraform.kinds.rule import EventRuleRenderer
from chalice_terraform.kinds.schedule import ScheduleRenderer
from chalice_terraform.kinds.subscription import TopicSubscriptionRenderer
from chalice_terraform.kinds.user_pool import UserPoolTriggerRenderer
from chalice_terraform.kinds.websocket_api import WebSocketApiRenderer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalice_terraform.renderer import Renderer

__all__ = ["RENDERERS"]

# The kind that is the key is the one that the renderer takes; the type of a mapping cannot say so.
RENDERERS: Mapping[type[kinds.Resource], Renderer[Any]] = {
    kinds.ApiMapping: ApiMappingRenderer(),
    kinds.BucketNotification: BucketNotificationRenderer(),
    kinds.CloudFormationResource: CloudFormationResourceRenderer(),
    kinds.DomainName: DomainNameRenderer(),
    kinds.EventInvokeConfig: EventInvokeConfigRenderer(),
    kinds.EventRule: EventRuleRenderer(),
    kinds.EventSourceMapping: EventSourceMappingRenderer(),
    kinds.Function: FunctionRenderer(),
    kinds.FunctionUrl: FunctionUrlRenderer(),
    kinds.InvokePermission: InvokePermissionRenderer(),
    kinds.Layer: LayerRenderer(),
    kinds.LogGroup: LogGroupRenderer(),
    kinds.RestApi: RestApiRenderer(),
    kinds.Role: RoleRenderer(),
    kinds.RolePolicy: RolePolicyRenderer(),
    kinds.Schedule: ScheduleRenderer(),
    kinds.TopicSubscription: TopicSubscriptionRenderer(),
    kinds.UserPoolTrigger: UserPoolTriggerRenderer(),
    kinds.WebSocketApi: WebSocketApiRenderer(),
}
