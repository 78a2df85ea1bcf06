"""What a plugin offers to make a kind of resource appear in Terraform configurations.

The hook ``chalice_realise_kind(target="terraform", kind=…)`` returns a
`Renderer`.  The renderers of the built-in kinds, in
`chalice_terraform.kinds`, use nothing that a stranger's cannot.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, TypeVar

from chalice_core.errors import ToolError
from chalice_core.kinds import Resource

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from chalice_core.graph import Graph
    from chalice_core.kinds import ArtifactId
    from chalice_core.values import Output, ResourceId

TARGET = "terraform"
"""The name of this target for ``chalice_realise_kind``."""

R_contra = TypeVar("R_contra", bound=Resource, contravariant=True)
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class TerraformResource:
    """A ``resource`` block.

    Args:
        type: ``aws_sqs_queue``.
        name: an identifier; usually `Scope.name` of the resource's id.
        arguments: the block's body, the way `Scope.spell` returns it.  ``depends_on`` is not among them:
            it follows from the graph and from the two below.
        after: resources of the graph that it waits for, besides those that the resource itself names.
        depends_on: addresses of blocks that it waits for, ``aws_sqs_queue.orders``.
    """

    type: str
    name: str
    arguments: Mapping[str, Any]
    after: tuple[ResourceId, ...] = ()
    depends_on: tuple[str, ...] = ()

    @property
    def address(self) -> str:
        """How others refer to it: ``aws_sqs_queue.orders``."""
        return f"{self.type}.{self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedResource:
    """A part of a ``resource`` block that several resources of the graph make together.

    Parts of one type and name become one block: their arguments have to be the same, their entries are
    put into one list in the order of the graph, and it waits for whatever one of them waits for.

    Args:
        type: ``aws_s3_bucket_notification``.
        name: an identifier.
        arguments: what all parts say, as for `TerraformResource`.
        entries: lists that this part adds to, by argument.
    """

    type: str
    name: str
    arguments: Mapping[str, Any]
    entries: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)

    @property
    def address(self) -> str:
        """How others refer to it."""
        return f"{self.type}.{self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendering:
    """What one resource of the graph adds to a configuration; empty when it adds nothing.

    Args:
        resources: blocks of its own.
        shared: parts of blocks that it has in common with others.
        local_values: of the ``locals`` block, by name.
        outputs: values of ``output`` blocks, by name.
        providers: entries of ``required_providers``, by name; ``aws`` and ``awscc`` are known already.
        files: to write beside the configuration, by name, the same bytes for the same application.
    """

    resources: tuple[TerraformResource, ...] = ()
    shared: tuple[SharedResource, ...] = ()
    local_values: Mapping[str, Any] = field(default_factory=dict)
    outputs: Mapping[str, Any] = field(default_factory=dict)
    providers: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict)


class Scope(Protocol):
    """What a renderer may ask for while it renders one resource."""

    @property
    def graph(self) -> Graph:
        """The whole graph."""

    def name(self, id: ResourceId) -> str:
        """Return the identifier of a resource of the graph."""

    def expression(self, output: Output) -> str:
        """Return the expression of an output, without ``${`` and ``}``.

        Raises:
            UnknownOutputError: its resource's renderer does not know the output.
        """

    def spell(self, tree: object) -> Any:
        """Return values, in mappings and sequences to any depth, as arguments.

        Text is escaped; `chalice_terraform.Referring` marks where it may refer to other files, and
        `chalice_terraform.Expression` is an expression.

        Raises:
            UnknownOutputError: a value is an output that its resource's renderer does not know.
        """

    def json(self, tree: object) -> str:
        """Return the same as a JSON document in one string, as policies are written.

        Raises:
            UnknownOutputError: a value is an output that its resource's renderer does not know.
        """

    def file_name(self, artifact: ArtifactId) -> str:
        """Return the name under which an artifact is written beside the configuration."""

    def once(self, key: str, make: Callable[[], T]) -> T:
        """Return what ``make`` returns, which is called at the first time that somebody asks for the key.

        Args:
            key: within one configuration; begins with the name of the caller's module.
            make: reads the whole graph, say.
        """


class Renderer(Protocol[R_contra]):
    """Makes one kind of resource appear in configurations."""

    def reference(self, resource: R_contra, output: str, name: str) -> str | None:
        """Say how an output of a resource is referred to.

        Args:
            resource: the resource.
            output: the output's name, ``arn``.
            name: the resource's identifier.

        Returns:
            An expression, ``aws_sqs_queue.orders.arn``; None when the kind has no such output.
        """

    def render(self, resource: R_contra, scope: Scope) -> Rendering:
        """Return what a resource adds to the configuration.

        Raises:
            ToolError: the resource cannot be expressed in Terraform.
        """


class KnownOutputs:
    """Half of a renderer: outputs that every resource of the kind has.

    Attributes:
        expressions: by name of the output, with ``{name}`` for the resource's identifier:
            ``aws_sqs_queue.{name}.arn``.
    """

    expressions: ClassVar[Mapping[str, str]] = {}

    def reference(self, resource: Resource, output: str, name: str) -> str | None:  # noqa: ARG002 - all resources of the kind are alike
        """Look the output up."""
        found = self.expressions.get(output)
        return None if found is None else found.replace("{name}", name)


class UnknownOutputError(ToolError):
    """A value refers to an output that a resource does not have in Terraform."""

    code = "terraform-unknown-output"

    def __init__(self, *, resource: str, kind: str, output: str) -> None:
        super().__init__(
            what=f"Terraform cannot refer to the output {output!r} of {resource!r}.",
            why=f"The renderer of the kind {kind} knows no such output.",
            fix="Report this to the author of the plugin that refers to it; `chalice plugins` lists what is "
            "installed.",
        )
        self.resource, self.kind, self.output = resource, kind, output
