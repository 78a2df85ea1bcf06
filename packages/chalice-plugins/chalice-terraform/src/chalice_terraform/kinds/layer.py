"""Layers: ``aws_lambda_layer_version``."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from chalice_terraform.artifacts import code_arguments
from chalice_terraform.renderer import KnownOutputs, Rendering, TerraformResource

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalice_core.kinds import Layer
    from chalice_terraform.renderer import Scope


class LayerRenderer(KnownOutputs):
    """Renders versions of layers."""

    expressions: ClassVar[Mapping[str, str]] = {"version_arn": "aws_lambda_layer_version.{name}.arn"}

    def render(self, resource: Layer, scope: Scope) -> Rendering:
        """Return the version; other content makes another one."""
        layer = TerraformResource(
            type="aws_lambda_layer_version",
            name=scope.name(resource.id),
            arguments={
                "layer_name": scope.spell(resource.layer_name),
                "compatible_runtimes": list(resource.runtimes),
                "compatible_architectures": [resource.architecture],
                **code_arguments(scope.file_name(resource.content)),
            },
        )
        return Rendering(resources=(layer,))
