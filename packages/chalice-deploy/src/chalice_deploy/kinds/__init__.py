"""One room per kind: how it is created, found, changed and deleted in AWS."""

from __future__ import annotations

from collections.abc import Mapping

from chalice_core import kinds
from chalice_deploy.handler import KindHandler
from chalice_deploy.kinds.api_mapping import ApiMappings
from chalice_deploy.kinds.bucket_notification import BucketNotifications
from chalice_deploy.kinds.cloudformation_resource import CloudFormationResources
from chalice_deploy.kinds.domain_name import DomainNames
from chalice_deploy.kinds.event_invoke_config import EventInvokeConfigs
from chalice_deploy.kinds.event_rule import EventRules
from chalice_deploy.kinds.event_source_mapping import EventSourceMappings
from chalice_deploy.kinds.function import Functions
from chalice_deploy.kinds.function_url import FunctionUrls
from chalice_deploy.kinds.invoke_permission import InvokePermissions
from chalice_deploy.kinds.layer import Layers
from chalice_deploy.kinds.log_group import LogGroups
from chalice_deploy.kinds.rest_api import RestApis
from chalice_deploy.kinds.role import Roles
from chalice_deploy.kinds.role_policy import RolePolicies
from chalice_deploy.kinds.schedule import Schedules
from chalice_deploy.kinds.topic_subscription import TopicSubscriptions
from chalice_deploy.kinds.user_pool_trigger import UserPoolTriggers
from chalice_deploy.kinds.websocket_api import WebSocketApis

HANDLERS: Mapping[type[kinds.Resource], KindHandler] = {
    kinds.Role: Roles(),
    kinds.RolePolicy: RolePolicies(),
    kinds.LogGroup: LogGroups(),
    kinds.Layer: Layers(),
    kinds.Function: Functions(),
    kinds.FunctionUrl: FunctionUrls(),
    kinds.RestApi: RestApis(),
    kinds.DomainName: DomainNames(),
    kinds.ApiMapping: ApiMappings(),
    kinds.WebSocketApi: WebSocketApis(),
    kinds.InvokePermission: InvokePermissions(),
    kinds.EventSourceMapping: EventSourceMappings(),
    kinds.UserPoolTrigger: UserPoolTriggers(),
    kinds.BucketNotification: BucketNotifications(),
    kinds.EventInvokeConfig: EventInvokeConfigs(),
    kinds.EventRule: EventRules(),
    kinds.Schedule: Schedules(),
    kinds.TopicSubscription: TopicSubscriptions(),
    kinds.CloudFormationResource: CloudFormationResources(),
}
"""The handlers of core's own kinds."""

__all__ = ["HANDLERS"]
