"""What a plugin offers to make a kind of resource appear in SAM templates.

The hook ``chalice_realise_kind(target="sam", kind=…)`` returns a `Renderer`.
The renderers of the built-in kinds, in `chalice_sam.kinds`, use nothing that
a stranger's cannot.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, TypeVar

from chalice_core.errors import ToolError
from chalice_core.kinds import Resource
from chalice_sam.intrinsics import Reference

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from chalice_core.graph import Graph
    from chalice_core.kinds import ArtifactId
    from chalice_core.values import ResourceId

TARGET = "sam"
"""The name of this target for ``chalice_realise_kind``."""

R = TypeVar("R", bound=Resource)
R_contra = TypeVar("R_contra", bound=Resource, contravariant=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateResource:
    """An entry of a template's ``Resources``.

    Args:
        type: ``AWS::SQS::Queue``.
        properties: JSON with intrinsic functions, the way `Scope.spell` returns it.
        attributes: what stands beside ``Properties``, such as ``DeletionPolicy``.
            ``DependsOn`` is not among them: it follows from the graph.
        depends_on: logical ids that it waits for besides, of resources that its own renderer makes.
    """

    type: str
    properties: Mapping[str, Any]
    attributes: Mapping[str, Any] = field(default_factory=dict)
    depends_on: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionEvent:
    """An entry of the ``Events`` of an ``AWS::Serverless::Function``.

    Args:
        function: the function's id in the graph.
        name: its key there.
        type: SAM's name for the source, ``SQS``.
        properties: JSON with intrinsic functions.
    """

    function: ResourceId
    name: str
    type: str
    properties: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendering:
    """What one resource of the graph adds to a template; empty when it adds nothing.

    Args:
        resources: by logical id; one of them usually is ``scope.logical_id(resource.id)``.
        events: events of functions.
        outputs: values of the template's ``Outputs``, by name.
        helpers: further resources by logical id, which wait for nothing that the resource of the graph
            waits for, and which nothing waits for that does not refer to them.
    """

    resources: Mapping[str, TemplateResource] = field(default_factory=dict)
    helpers: Mapping[str, TemplateResource] = field(default_factory=dict)
    events: tuple[FunctionEvent, ...] = ()
    outputs: Mapping[str, Any] = field(default_factory=dict)


class Scope(Protocol):
    """What a renderer may ask for while it renders one resource."""

    @property
    def graph(self) -> Graph:
        """The whole graph."""

    def of_kind(self, kind: type[R]) -> Sequence[R]:
        """Return the resources of one kind, in the graph's order."""

    def dependents(self, id: ResourceId) -> Sequence[Resource]:
        """Return the resources that depend on one directly, in the graph's order."""

    def before(self, id: ResourceId) -> Collection[ResourceId]:
        """Return what a resource depends on, directly and through others."""

    def logical_id(self, id: ResourceId) -> str:
        """Return the logical id of a resource of the graph."""

    def spell(self, tree: object) -> Any:
        """Return values, in mappings and sequences to any depth, as JSON with intrinsic functions.

        Raises:
            UnknownOutputError: a value is an output that its resource's renderer does not know.
        """

    def file_name(self, artifact: ArtifactId) -> str:
        """Return the name under which an artifact is written beside the template."""


class Renderer(Protocol[R_contra]):
    """Makes one kind of resource appear in templates."""

    def reference(self, resource: R_contra, output: str, logical_id: str) -> Reference | None:
        """Say how an output of a resource is spelled.

        Args:
            resource: the resource.
            output: the output's name, ``arn``.
            logical_id: of the resource.

        Returns:
            How to refer to it; None when the kind has no such output.
        """

    def render(self, resource: R_contra, scope: Scope) -> Rendering:
        """Return what a resource adds to the template.

        Raises:
            ToolError: the resource cannot be expressed in SAM.
        """


class KnownOutputs:
    """Half of a renderer: outputs that every resource of the kind has.

    Attributes:
        attributes: what ``Fn::GetAtt`` asks for, by name of the output; None for what ``Ref`` gives.
    """

    attributes: ClassVar[Mapping[str, str | None]] = {}

    def reference(self, resource: Resource, output: str, logical_id: str) -> Reference | None:  # noqa: ARG002 - all resources of the kind are alike
        """Look the output up."""
        return Reference(logical_id, self.attributes[output]) if output in self.attributes else None


class UnknownOutputError(ToolError):
    """A value refers to an output that a resource does not have in templates."""

    code = "sam-unknown-output"

    def __init__(self, *, resource: str, kind: str, output: str) -> None:
        super().__init__(
            what=f"The template cannot refer to the output {output!r} of {resource!r}.",
            why=f"The renderer of the kind {kind} knows no such output.",
            fix="Report this to the author of the plugin that refers to it; `chalice plugins` lists what is "
            "installed.",
        )
        self.resource, self.kind, self.output = resource, kind, output
