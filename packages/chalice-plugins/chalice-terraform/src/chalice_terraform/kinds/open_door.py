"""Resources by their CloudFormation type: those of the provider ``awscc``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalice_core.errors import ToolError
from chalice_terraform.awscc import arguments_of, attribute_of, type_of
from chalice_terraform.renderer import Rendering, TerraformResource

if TYPE_CHECKING:
    from chalice_core.kinds import CloudFormationResource
    from chalice_terraform.renderer import Scope


class UnknownTypeError(ToolError):
    """A resource's type is no type of CloudFormation's registry."""

    code = "terraform-type"

    def __init__(self, *, id: str, type: str) -> None:
        super().__init__(
            what=f"The resource {id!r} has the type {type!r}, which Terraform's provider awscc cannot have.",
            why="Its resources have types of three parts that begin with AWS, such as AWS::IoT::TopicRule.",
            fix="Report this to the author of the plugin that adds it; `chalice plugins` lists what is "
            "installed.",
        )
        self.id, self.type = id, type


class CloudFormationResourceRenderer:
    """Renders the open door."""

    def reference(self, resource: CloudFormationResource, output: str, name: str) -> str | None:
        """Refer to the primary identifier as ``id``, and to attributes by their names there."""
        address = f"{_type(resource)}.{name}"
        return f"{address}.id" if output == "Ref" else f"{address}.{attribute_of(resource.type, output)}"

    def render(self, resource: CloudFormationResource, scope: Scope) -> Rendering:
        """Return the resource, with its properties under the names that ``awscc`` gives them."""
        block = TerraformResource(
            type=_type(resource),
            name=scope.name(resource.id),
            arguments=arguments_of(resource.type, resource.properties, scope),
        )
        return Rendering(resources=(block,))


def _type(resource: CloudFormationResource) -> str:
    found = type_of(resource.type)
    if found is None:
        raise UnknownTypeError(id=resource.id, type=resource.type)
    return found
