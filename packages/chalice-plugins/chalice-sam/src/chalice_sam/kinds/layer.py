"""Layers: ``AWS::Serverless::LayerVersion``."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from chalice_sam.renderer import KnownOutputs, Rendering, TemplateResource

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalice_core.kinds import Layer
    from chalice_sam.renderer import Scope


class LayerRenderer(KnownOutputs):
    """Renders layers; SAM makes a new version whenever the content changes."""

    attributes: ClassVar[Mapping[str, str | None]] = {"version_arn": None}

    def render(self, resource: Layer, scope: Scope) -> Rendering:
        """Return the layer."""
        properties = {
            "CompatibleRuntimes": list(resource.runtimes),
            "CompatibleArchitectures": [resource.architecture],
            "ContentUri": f"./{scope.file_name(resource.content)}",
            "LayerName": resource.layer_name,
        }
        layer = TemplateResource(type="AWS::Serverless::LayerVersion", properties=properties)
        return Rendering(resources={scope.logical_id(resource.id): layer})
