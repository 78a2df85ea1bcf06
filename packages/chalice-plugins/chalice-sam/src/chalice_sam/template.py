"""Puts together the template of a graph.

Each resource is rendered by its kind's renderer; this module adds what no
renderer can know alone: events inside their functions, and ``DependsOn``
where the graph asks for an order that no reference expresses.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from chalice_core.errors import ToolError
from chalice_core.values import outputs_in
from chalice_sam.intrinsics import spell
from chalice_sam.naming import logical_ids
from chalice_sam.order import Relations, depends_on
from chalice_sam.renderer import Rendering, UnknownOutputError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from chalice_core.graph import Graph
    from chalice_core.kinds import ArtifactId, Resource
    from chalice_core.values import Output, ResourceId
    from chalice_sam.intrinsics import Reference
    from chalice_sam.renderer import R, Renderer

    # What a kind's renderer takes is the kind; a mapping from types to renderers cannot say so.
    RendererOf = Callable[[type[Resource]], Renderer[Any]]

FORMAT_VERSION = "2010-09-09"
TRANSFORM = "AWS::Serverless-2016-10-31"


class DuplicateEntryError(ToolError):
    """Two resources of the graph add an entry of one name to the template."""

    code = "sam-duplicate-entry"

    def __init__(self, *, section: str, name: str, ids: tuple[str, str]) -> None:
        super().__init__(
            what=f"{ids[0]!r} and {ids[1]!r} both add {name!r} to the template's {section}.",
            why="One of them would replace the other.",
            fix="Give one of the functions another name with name=…; if that does not help, report this to "
            "the author of the plugin that adds it.",
        )
        self.section, self.name, self.ids = section, name, ids


class MisplacedEventError(ToolError):
    """A renderer adds an event to something that is no function of the template."""

    code = "sam-misplaced-event"

    def __init__(self, *, event: str, function: str) -> None:
        super().__init__(
            what=f"The event {event!r} is meant for {function!r}, which is no function of this template.",
            why="A plugin produced the event but the function is rendered in another way.",
            fix="Report this to the author of the plugin; `chalice plugins` lists what is installed.",
        )
        self.event, self.function = event, function


def build_template(
    graph: Graph, *, renderer_of: RendererOf, file_name: Callable[[ArtifactId], str]
) -> dict[str, Any]:
    """Return the SAM template of a graph, as JSON.

    Args:
        graph: the resources.
        renderer_of: gives the renderer of a kind, or raises when there is none.
        file_name: gives the name under which an artifact is written beside the template.

    Raises:
        LogicalIdCollisionError: two resources would share a logical id.
        UnknownOutputError: a value is an output that its resource does not have.
        DuplicateEntryError: two resources add the same entry.
        ToolError: a resource cannot be expressed.
    """
    names = logical_ids(resource.id for resource in graph)
    relations = Relations(graph)
    renderings: dict[ResourceId, Rendering] = {}
    references: dict[ResourceId, set[ResourceId]] = {}
    for resource in graph:
        scope = _Scope(relations=relations, names=names, renderer_of=renderer_of, file_name_of=file_name)
        renderings[resource.id] = renderer_of(type(resource)).render(resource, scope)
        references[resource.id] = scope.referred - {resource.id}
    resources = _resources(renderings, depends_on(graph, renderings, references))
    _add_events(resources, renderings, names)
    return {
        "AWSTemplateFormatVersion": FORMAT_VERSION,
        "Transform": TRANSFORM,
        "Outputs": {name: {"Value": value} for name, value in _outputs(renderings).items()},
        "Resources": resources,
    }


@dataclass(slots=True, kw_only=True)
class _Scope:
    """The scope of one resource; it takes down whom the resource refers to."""

    relations: Relations
    names: Mapping[ResourceId, str]
    renderer_of: RendererOf
    file_name_of: Callable[[ArtifactId], str]
    referred: set[ResourceId] = field(default_factory=set)

    @property
    def graph(self) -> Graph:
        return self.relations.graph

    def of_kind(self, kind: type[R]) -> Sequence[R]:
        return self.relations.of_kind(kind)

    def dependents(self, id: ResourceId) -> Sequence[Resource]:
        return self.relations.dependents(id)

    def before(self, id: ResourceId) -> Collection[ResourceId]:
        return self.relations.before(id)

    def logical_id(self, id: ResourceId) -> str:
        return self.names[id]

    def file_name(self, artifact: ArtifactId) -> str:
        return self.file_name_of(artifact)

    def spell(self, tree: object) -> Any:
        self.referred.update(output.of for output in outputs_in(tree))
        return spell(tree, self._refer)

    def _refer(self, output: Output) -> Reference:
        resource = self.graph[output.of]
        kind = type(resource)
        reference = self.renderer_of(kind).reference(resource, output.name, self.names[output.of])
        if reference is None:
            raise UnknownOutputError(resource=output.of, kind=kind.__name__, output=output.name)
        return reference


def _resources(
    renderings: Mapping[ResourceId, Rendering], orders: Mapping[ResourceId, tuple[str, ...]]
) -> dict[str, dict[str, Any]]:
    resources: dict[str, dict[str, Any]] = {}
    owners: dict[str, ResourceId] = {}
    for id, rendering in renderings.items():
        entries = (*rendering.helpers.items(), *rendering.resources.items())
        for name, resource in entries:
            if name in owners:
                raise DuplicateEntryError(section="Resources", name=name, ids=(owners[name], id))
            owners[name] = id
            order = orders[id] if name in rendering.resources else ()
            waits_for = [*dict.fromkeys((*order, *resource.depends_on))]
            resources[name] = {
                "Type": resource.type,
                **({"DependsOn": waits_for} if waits_for else {}),
                **resource.attributes,
                "Properties": dict(resource.properties),
            }
    return resources


def _add_events(
    resources: dict[str, dict[str, Any]],
    renderings: Mapping[ResourceId, Rendering],
    names: Mapping[ResourceId, str],
) -> None:
    owners: dict[tuple[str, str], ResourceId] = {}
    for id, rendering in renderings.items():
        for event in rendering.events:
            function = names[event.function]
            entry = resources.get(function)
            if entry is None or entry["Type"] != "AWS::Serverless::Function":
                raise MisplacedEventError(event=event.name, function=event.function)
            if (function, event.name) in owners:
                ids = (owners[function, event.name], id)
                raise DuplicateEntryError(section=f"events of {function}", name=event.name, ids=ids)
            owners[function, event.name] = id
            events = entry["Properties"].setdefault("Events", {})
            events[event.name] = {"Type": event.type, "Properties": dict(event.properties)}


def _outputs(renderings: Mapping[ResourceId, Rendering]) -> dict[str, Any]:
    outputs: dict[str, Any] = {}
    owners: dict[str, ResourceId] = {}
    for id, rendering in renderings.items():
        for name, value in rendering.outputs.items():
            if name in owners:
                raise DuplicateEntryError(section="Outputs", name=name, ids=(owners[name], id))
            owners[name] = id
            outputs[name] = value
    return outputs
