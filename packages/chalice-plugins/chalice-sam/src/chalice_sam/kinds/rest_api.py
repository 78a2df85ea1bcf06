"""REST APIs: ``AWS::Serverless::Api`` with a Swagger definition."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from chalice_core.kinds import rest_api_url
from chalice_core.swagger import document
from chalice_sam.renderer import KnownOutputs, Rendering, TemplateResource

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalice_core.kinds import RestApi
    from chalice_sam.renderer import Scope


class RestApiRenderer(KnownOutputs):
    """Renders REST APIs; their deployment and stage are SAM's business."""

    attributes: ClassVar[Mapping[str, str | None]] = {"api_id": None}

    def render(self, resource: RestApi, scope: Scope) -> Rendering:
        """Return the API, and the outputs that other stacks and scripts read."""
        properties: dict[str, Any] = {
            "EndpointConfiguration": resource.endpoint_type,
            "StageName": resource.stage_name,
            "DefinitionBody": scope.spell(document(resource)),
        }
        if resource.minimum_compression_size is not None:
            properties["MinimumCompressionSize"] = resource.minimum_compression_size
        if resource.tracing:
            properties["TracingEnabled"] = True
        api = TemplateResource(type="AWS::Serverless::Api", properties=properties)
        logical_id = scope.logical_id(resource.id)
        return Rendering(
            resources={logical_id: api},
            outputs={
                f"{logical_id}Id": scope.spell(resource.api_id),
                "EndpointURL": scope.spell(rest_api_url(resource)),
            },
        )
