"""Who waits for whom: in the graph, and in a template, where references imply most of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from chalice_core.graph import Graph
    from chalice_core.kinds import Resource
    from chalice_core.values import ResourceId
    from chalice_sam.renderer import R, Rendering


class Relations:
    """What depends on what in a graph, looked up once for all renderers.

    Args:
        graph: the resources.
    """

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self._direct = {resource.id: tuple(resource.dependencies()) for resource in graph}
        self._dependents: dict[ResourceId, list[Resource]] = {resource.id: [] for resource in graph}
        self._before: dict[ResourceId, frozenset[ResourceId]] = {}
        self._kinds: dict[type[Resource], tuple[Any, ...]] = {}
        for resource in graph:
            for other in self._direct[resource.id]:
                self._dependents[other].append(resource)

    def of_kind(self, kind: type[R]) -> Sequence[R]:
        """Return the resources of one kind, in the graph's order."""
        if kind not in self._kinds:
            self._kinds[kind] = self.graph.of_kind(kind)
        return self._kinds[kind]

    def dependents(self, id: ResourceId) -> Sequence[Resource]:
        """Return the resources that depend on one directly, in the graph's order."""
        return self._dependents[id]

    def before(self, id: ResourceId) -> Collection[ResourceId]:
        """Return what a resource depends on, directly and through others."""
        if id not in self._before:
            found: set[ResourceId] = set()
            waiting = [id]
            while waiting:
                for other in self._direct[waiting.pop()]:
                    if other not in found:
                        found.add(other)
                        waiting.append(other)
            self._before[id] = frozenset(found)
        return self._before[id]


def depends_on(
    graph: Graph,
    renderings: Mapping[ResourceId, Rendering],
    references: Mapping[ResourceId, Collection[ResourceId]],
) -> dict[ResourceId, tuple[str, ...]]:
    """Return the logical ids that each resource has to name in ``DependsOn``.

    An order that a reference implies is not said again.  An order that the
    references of the template reverse cannot be kept, and need not be: a log
    group, which exists before its function elsewhere, takes its name from the
    function here.

    Args:
        graph: the resources.
        renderings: what each of them adds to the template.
        references: whom each of them refers to there.
    """
    reach = _Reach(references)
    orders: dict[ResourceId, tuple[str, ...]] = {}
    for resource in graph:
        waits_for: list[str] = []
        for other in resource.after:
            entries = tuple(renderings[other].resources)
            if entries and not reach.leads(resource.id, other) and not reach.leads(other, resource.id):
                waits_for.extend(entries)
                reach.add(resource.id, other)
        orders[resource.id] = tuple(waits_for)
    return orders


class _Reach:
    """Who can be reached from whom; the sets are the bits of integers, for there are many of them."""

    def __init__(self, edges: Mapping[ResourceId, Collection[ResourceId]]) -> None:
        self._bit = {id: 1 << number for number, id in enumerate(edges)}
        self._from = dict.fromkeys(edges, 0)
        for id in _ends_first(edges):
            for other in edges[id]:
                self._from[id] |= self._bit[other] | self._from[other]

    def leads(self, start: ResourceId, end: ResourceId) -> bool:
        return bool(self._from[start] & self._bit[end])

    def add(self, start: ResourceId, end: ResourceId) -> None:
        more, bit = self._bit[end] | self._from[end], self._bit[start]
        for id, found in self._from.items():
            if id == start or found & bit:
                self._from[id] = found | more


def _ends_first(edges: Mapping[ResourceId, Collection[ResourceId]]) -> Iterator[ResourceId]:
    """Yield each node after those that its edges lead to."""
    seen: set[ResourceId] = set()
    for first in edges:
        if first in seen:
            continue
        seen.add(first)
        path = [(first, iter(edges[first]))]
        while path:
            id, others = path[-1]
            following = next((other for other in others if other not in seen), None)
            if following is None:
                path.pop()
                yield id
            else:
                seen.add(following)
                path.append((following, iter(edges[following])))
