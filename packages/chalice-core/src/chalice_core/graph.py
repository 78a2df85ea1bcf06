"""The resources of one application and stage, in an order that works.

The graph walks; it knows no kinds.  What a resource depends on follows from
the outputs that it holds and from its ``after``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from graphlib import CycleError, TopologicalSorter
from typing import TypeVar

from chalice_core.errors import ToolError
from chalice_core.kinds import Grant, Resource, Role, RolePolicy, Statement
from chalice_core.values import Output, ResourceId, Value, outputs_in

R = TypeVar("R", bound=Resource)


class DuplicateResourceError(ToolError):
    """Two resources claim one id."""

    code = "duplicate-resource"

    def __init__(self, *, id: ResourceId, kinds: tuple[str, str]) -> None:
        super().__init__(
            what=f"Two resources are called {id!r}: a {kinds[0]} and a {kinds[1]}.",
            why="Every resource needs a name of its own, or one would replace the other.",
            fix="Give one of the functions or events another name with name=….",
        )
        self.id, self.kinds = id, kinds


class UnknownDependencyError(ToolError):
    """A resource refers to one that is not there."""

    code = "unknown-dependency"

    def __init__(self, *, resource: ResourceId, missing: ResourceId) -> None:
        super().__init__(
            what=f"The resource {resource!r} refers to {missing!r}, which is not part of the application.",
            why="A plugin produced the reference but not the resource.",
            fix="Report this to the author of the plugin; `chalice plugins` lists what is installed.",
        )
        self.resource, self.missing = resource, missing


class DependencyCycleError(ToolError):
    """Resources wait for one another."""

    code = "dependency-cycle"

    def __init__(self, *, cycle: tuple[ResourceId, ...]) -> None:
        super().__init__(
            what=f"These resources wait for one another: {' -> '.join(cycle)}.",
            why="None of them can be created first.",
            fix="Report this to the author of the plugin that adds them; "
            "`chalice plugins` lists what is installed.",
        )
        self.cycle = cycle


@dataclass(frozen=True, slots=True)
class Graph:
    """The finished resources, each after everything that it depends on.

    Make one with `Graph.of`; the constructor takes resources that are in order already.
    """

    resources: tuple[Resource, ...]
    _by_id: Mapping[ResourceId, Resource] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_id", {resource.id: resource for resource in self.resources})

    @classmethod
    def of(cls, resources: Iterable[Resource]) -> Graph:
        """Fold grants into their roles and put everything in order.

        Resources that do not depend on one another keep the order given.

        Raises:
            DuplicateResourceError: two resources share an id.
            UnknownDependencyError: a resource refers to none of the others.
            DependencyCycleError: resources wait for one another.
        """
        by_id: dict[ResourceId, Resource] = {}
        for resource in resources:
            other = by_id.setdefault(resource.id, resource)
            if other is not resource:
                raise DuplicateResourceError(
                    id=resource.id, kinds=(type(other).__name__, type(resource).__name__)
                )
        nodes = _fold_grants(by_id)
        for resource in nodes.values():
            for dependency in resource.dependencies():
                if dependency not in nodes:
                    raise UnknownDependencyError(resource=resource.id, missing=dependency)
        sorter = TopologicalSorter({id: tuple(resource.dependencies()) for id, resource in nodes.items()})
        try:
            order = tuple(sorter.static_order())
        except CycleError as error:
            raise DependencyCycleError(cycle=tuple(error.args[1])) from error
        return cls(tuple(nodes[id] for id in order))

    def __iter__(self) -> Iterator[Resource]:
        return iter(self.resources)

    def __len__(self) -> int:
        return len(self.resources)

    def __contains__(self, id: object) -> bool:
        return id in self._by_id

    def __getitem__(self, id: ResourceId) -> Resource:
        return self._by_id[id]

    def of_kind(self, kind: type[R]) -> tuple[R, ...]:
        """Return the resources of one kind, in order."""
        return tuple(resource for resource in self.resources if isinstance(resource, kind))


def _fold_grants(by_id: Mapping[ResourceId, Resource]) -> dict[ResourceId, Resource]:
    granted: dict[ResourceId, list[Statement]] = {}
    stands_for: dict[ResourceId, ResourceId | None] = {}
    apart: dict[ResourceId, RolePolicy] = {}
    for grant in by_id.values():
        if not isinstance(grant, Grant):
            continue
        if not isinstance(grant.role, Output):
            stands_for[grant.id] = None
            continue
        role = grant.role.of
        if role not in by_id:
            raise UnknownDependencyError(resource=grant.id, missing=role)
        statement = Statement(actions=grant.actions, resources=grant.on)
        if _needs(grant, role, by_id) and _takes_statements(by_id[role]):
            apart[grant.id] = RolePolicy(
                id=grant.id, role=grant.role, policy_name=grant.id, statements=(statement,), after=grant.after
            )
        else:
            stands_for[grant.id] = role
            granted.setdefault(role, []).append(statement)
    nodes: dict[ResourceId, Resource] = {}
    for id, original in by_id.items():
        resource = apart.get(id, original)
        if isinstance(resource, Grant):
            continue
        waits_for = (stands_for.get(other, other) for other in resource.after)
        after = tuple(dict.fromkeys(other for other in waits_for if other is not None))
        folded = resource if after == resource.after else replace(resource, after=after)
        if isinstance(folded, Role) and id in granted and folded.policy_document is None:
            folded = replace(folded, statements=tuple(_together((*folded.statements, *granted[id]))))
        nodes[id] = folded
    return nodes


def _together(statements: Iterable[Statement]) -> Iterator[Statement]:
    """Yield one statement for each set of actions, which are most of the characters that IAM counts."""
    resources: dict[tuple[str, ...], dict[Value, None]] = {}
    for statement in statements:
        resources.setdefault(statement.actions, {}).update(dict.fromkeys(statement.resources))
    for actions, found in resources.items():
        yield Statement(actions=actions, resources=tuple(found))


def _needs(grant: Grant, role: ResourceId, by_id: Mapping[ResourceId, Resource]) -> bool:
    """Return whether what is granted needs the role itself, as an API does through its functions."""
    waiting = [output.of for output in outputs_in(grant.on)]
    seen = set(waiting)
    while waiting:
        id = waiting.pop()
        if id == role:
            return True
        if id in by_id:
            found = [other for other in by_id[id].dependencies() if other not in seen]
            seen.update(found)
            waiting += found
    return False


def _takes_statements(role: Resource) -> bool:
    return isinstance(role, Role) and role.policy_document is None
