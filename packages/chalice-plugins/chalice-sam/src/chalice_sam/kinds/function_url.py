"""URLs of functions: ``AWS::Lambda::Url``.

A function's ``FunctionUrlConfig`` would make the same, but with permissions for everybody that the graph does
not know of when the URL is open.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from chalice_sam.kinds.function import function_name
from chalice_sam.renderer import KnownOutputs, Rendering, TemplateResource

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalice_core.kinds import FunctionUrl
    from chalice_sam.renderer import Scope


class FunctionUrlRenderer(KnownOutputs):
    """Renders URLs, each with an output of the template that says it."""

    attributes: ClassVar[Mapping[str, str | None]] = {"url": "FunctionUrl"}

    def render(self, resource: FunctionUrl, scope: Scope) -> Rendering:
        """Return the URL."""
        logical_id = scope.logical_id(resource.id)
        properties: dict[str, Any] = {
            "TargetFunctionArn": scope.spell(function_name(resource.function_arn)),
            "AuthType": resource.auth_type,
            "InvokeMode": resource.invoke_mode,
        }
        if resource.cors is not None:
            properties["Cors"] = dict(resource.cors)
        return Rendering(
            resources={logical_id: TemplateResource(type="AWS::Lambda::Url", properties=properties)},
            outputs={logical_id: scope.spell(resource.url)},
        )
