"""Resources that are described as CloudFormation describes them: just so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalice_sam.intrinsics import Reference
from chalice_sam.renderer import Rendering, TemplateResource

if TYPE_CHECKING:
    from chalice_core.kinds import CloudFormationResource
    from chalice_sam.renderer import Scope


class CloudFormationResourceRenderer:
    """Renders the open door; CloudFormation itself knows which attributes a type has."""

    def reference(self, resource: CloudFormationResource, output: str, logical_id: str) -> Reference | None:
        """Return what ``Ref`` gives, or an attribute."""
        return Reference(logical_id, None if output == resource.ref.name else output)

    def render(self, resource: CloudFormationResource, scope: Scope) -> Rendering:
        """Return the resource."""
        entry = TemplateResource(type=resource.type, properties=scope.spell(resource.properties))
        return Rendering(resources={scope.logical_id(resource.id): entry})
