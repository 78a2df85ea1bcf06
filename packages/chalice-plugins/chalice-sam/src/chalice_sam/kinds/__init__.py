"""The renderers of the built-in kinds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalice_core.kinds import EventSourceMapping, Function, InvokePermission, LogGroup, RestApi, Role
from chalice_sam.kinds.event_source import EventSourceMappingRenderer
from chalice_sam.kinds.function import FunctionRenderer
from chalice_sam.kinds.log_group import LogGroupRenderer
from chalice_sam.kinds.permission import InvokePermissionRenderer
from chalice_sam.kinds.rest_api import RestApiRenderer
from chalice_sam.kinds.role import RoleRenderer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalice_core.kinds import Resource
    from chalice_sam.renderer import Renderer

__all__ = ["RENDERERS"]

# The kind that is the key is the one that the renderer takes; the type of a mapping cannot say so.
RENDERERS: Mapping[type[Resource], Renderer[Any]] = {
    EventSourceMapping: EventSourceMappingRenderer(),
    Function: FunctionRenderer(),
    InvokePermission: InvokePermissionRenderer(),
    LogGroup: LogGroupRenderer(),
    RestApi: RestApiRenderer(),
    Role: RoleRenderer(),
}
