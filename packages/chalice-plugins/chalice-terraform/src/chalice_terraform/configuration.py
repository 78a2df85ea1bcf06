"""Puts together the configuration of a graph.

Each resource is rendered by its kind's renderer; this module adds what no
renderer can know alone: blocks that several resources share, ``depends_on``
where the graph asks for an order, and the providers.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from chalice_core.errors import ToolError
from chalice_terraform.expressions import spell, spell_json
from chalice_terraform.naming import identifiers
from chalice_terraform.renderer import Rendering, TerraformResource, UnknownOutputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from chalice_core.graph import Graph
    from chalice_core.kinds import ArtifactId, Resource
    from chalice_core.values import Output, ResourceId
    from chalice_terraform.renderer import Renderer, SharedResource

    # What a kind's renderer takes is the kind; a mapping from types to renderers cannot say so.
    RendererOf = Callable[[type[Resource]], Renderer[Any]]

REQUIRED_VERSION = ">= 1.0"
"""Of Terraform; the provider ``awscc`` speaks a protocol that older ones do not."""

PROVIDERS: Mapping[str, Mapping[str, str]] = {
    # The last of version 5, and the first that the tests know everything of.
    "aws": {"source": "hashicorp/aws", "version": ">= 5.100.0, < 7.0.0"},
    "awscc": {"source": "hashicorp/awscc", "version": ">= 1.0.0, < 2.0.0"},
}

DATA: Mapping[str, Mapping[str, Any]] = {
    "aws_caller_identity": {"chalice": {}},
    "aws_partition": {"chalice": {}},
    "aws_region": {"chalice": {}},
}

# `ec2.eu-west-1.amazonaws.com`.  What gives the region itself is called otherwise in each major
# version of the provider, and the old names are deprecated in the newer one.
REGION = '${split(".", data.aws_region.chalice.endpoint)[1]}'


class DuplicateEntryError(ToolError):
    """Two resources of the graph add different entries of one name."""

    code = "terraform-duplicate-entry"

    def __init__(self, *, section: str, name: str, ids: tuple[str, str]) -> None:
        super().__init__(
            what=f"{ids[0]!r} and {ids[1]!r} both add {name!r} to the configuration's {section}.",
            why="One of them would replace the other.",
            fix="Give one of the functions another name with name=…; if that does not help, report this to "
            "the author of the plugin that adds it.",
        )
        self.section, self.name, self.ids = section, name, ids


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """A Terraform module.

    Args:
        document: of ``chalice.tf.json``.
        files: what it names besides artifacts, by name.
    """

    document: Mapping[str, Any]
    files: Mapping[str, bytes]


def build_configuration(
    graph: Graph,
    *,
    renderer_of: RendererOf,
    file_name: Callable[[ArtifactId], str],
    local_values: Mapping[str, str],
) -> Configuration:
    """Return the Terraform configuration of a graph.

    Args:
        graph: the resources.
        renderer_of: gives the renderer of a kind, or raises when there is none.
        file_name: gives the name under which an artifact is written beside the configuration.
        local_values: text for the ``locals`` block, by name.

    Raises:
        IdentifierCollisionError: two resources would share a name.
        UnknownOutputError: a value is an output that its resource does not have.
        DuplicateEntryError: two resources add the same entry.
        ToolError: a resource cannot be expressed.
    """
    scope = _Scope(
        graph=graph, names=identifiers(r.id for r in graph), renderer_of=renderer_of, file=file_name
    )
    renderings = {each.id: renderer_of(type(each)).render(each, scope) for each in graph}
    resources = _resources(graph, renderings)
    document: dict[str, Any] = {
        "terraform": {
            "required_version": REQUIRED_VERSION,
            "required_providers": _providers(renderings, resources),
        },
        "data": {type: dict(blocks) for type, blocks in DATA.items()},
        "locals": {
            "chalice_region": REGION,
            **{name: scope.spell(value) for name, value in local_values.items()},
            **_collected("locals", ((id, each.local_values) for id, each in renderings.items())),
        },
        **({"resource": resources} if resources else {}),
    }
    outputs = _collected("outputs", ((id, each.outputs) for id, each in renderings.items()))
    if outputs:
        document["output"] = {name: {"value": value} for name, value in outputs.items()}
    files = _collected("files", ((id, each.files) for id, each in renderings.items()), same_is_fine=True)
    return Configuration(document=document, files=files)


@dataclass(slots=True, kw_only=True)
class _Scope:
    graph: Graph
    names: Mapping[ResourceId, str]
    renderer_of: RendererOf
    file: Callable[[ArtifactId], str]
    made: dict[str, Any] = field(default_factory=dict)

    def name(self, id: ResourceId) -> str:
        return self.names[id]

    def file_name(self, artifact: ArtifactId) -> str:
        return self.file(artifact)

    def spell(self, tree: object) -> Any:
        return spell(tree, self.expression)

    def json(self, tree: object) -> str:
        return spell_json(tree, self.expression)

    def expression(self, output: Output) -> str:
        resource = self.graph[output.of]
        kind = type(resource)
        expression = self.renderer_of(kind).reference(resource, output.name, self.names[output.of])
        if expression is None:
            raise UnknownOutputError(resource=output.of, kind=kind.__name__, output=output.name)
        return expression

    def once(self, key: str, make: Callable[[], Any]) -> Any:
        if key not in self.made:
            self.made[key] = make()
        return self.made[key]


@dataclass(slots=True)
class _Block:
    """A ``resource`` block while it is put together."""

    owner: ResourceId
    shared: bool
    arguments: dict[str, Any]
    entries: dict[str, list[Any]] = field(default_factory=dict)
    depends_on: dict[str, None] = field(default_factory=dict)

    def body(self, address: str) -> dict[str, Any]:
        waits_for = [other for other in self.depends_on if other != address]
        return {**self.arguments, **self.entries, **({"depends_on": waits_for} if waits_for else {})}


def _resources(graph: Graph, renderings: Mapping[ResourceId, Rendering]) -> dict[str, dict[str, Any]]:
    addresses = {
        id: tuple(part.address for part in _parts(rendering)) for id, rendering in renderings.items()
    }
    blocks: dict[tuple[str, str], _Block] = {}
    for resource in graph:
        rendering = renderings[resource.id]
        for part in _parts(rendering):
            block = _block_of(part, resource.id, blocks)
            waits_for = list(resource.after)
            if isinstance(part, TerraformResource):
                block.depends_on.update(dict.fromkeys(part.depends_on))
                waits_for += part.after
            block.depends_on.update(dict.fromkeys(address for id in waits_for for address in addresses[id]))
    result: dict[str, dict[str, Any]] = {}
    for (type, name), block in blocks.items():
        result.setdefault(type, {})[name] = block.body(f"{type}.{name}")
    return result


def _parts(rendering: Rendering) -> Iterator[TerraformResource | SharedResource]:
    yield from rendering.resources
    yield from rendering.shared


def _block_of(
    part: TerraformResource | SharedResource, owner: ResourceId, blocks: dict[tuple[str, str], _Block]
) -> _Block:
    shared = not isinstance(part, TerraformResource)
    key = (part.type, part.name)
    block = blocks.get(key)
    if block is None:
        block = blocks[key] = _Block(owner, shared, dict(part.arguments))
    elif not (shared and block.shared and block.arguments == part.arguments):
        raise DuplicateEntryError(section="resources", name=part.address, ids=(block.owner, owner))
    if not isinstance(part, TerraformResource):
        for argument, entries in part.entries.items():
            block.entries.setdefault(argument, []).extend(entries)
    return block


def _providers(
    renderings: Mapping[ResourceId, Rendering], resources: Mapping[str, Any]
) -> dict[str, Mapping[str, str]]:
    used = dict.fromkeys(("aws", *(type.partition("_")[0] for type in resources)))
    asked = _collected(
        "providers", ((id, each.providers) for id, each in renderings.items()), same_is_fine=True
    )
    return {**{name: PROVIDERS[name] for name in used if name in PROVIDERS}, **asked}


def _collected(
    section: str, parts: Iterable[tuple[ResourceId, Mapping[str, Any]]], *, same_is_fine: bool = False
) -> dict[str, Any]:
    found: dict[str, Any] = {}
    owners: dict[str, ResourceId] = {}
    for id, entries in parts:
        for name, value in entries.items():
            if name in owners and not (same_is_fine and found[name] == value):
                raise DuplicateEntryError(section=section, name=name, ids=(owners[name], id))
            owners.setdefault(name, id)
            found[name] = value
    return found
