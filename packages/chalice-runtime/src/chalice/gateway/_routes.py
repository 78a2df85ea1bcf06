"""Which route answers a path: literal segments before captured ones, greedy ones last."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import unquote

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chalice.gateway._messages import GatewayRoute


@dataclass(slots=True)
class _Node:
    """A resource of the API, and the resources one segment below it."""

    methods: dict[str, GatewayRoute] = field(default_factory=dict)
    literals: dict[str, _Node] = field(default_factory=dict)
    captures: dict[str, _Node] = field(default_factory=dict)
    greedy: dict[str, _Node] = field(default_factory=dict)

    def child(self, segment: str) -> _Node:
        if segment.startswith("{") and segment.endswith("+}"):
            return self.greedy.setdefault(segment[1:-2], _Node())
        if segment.startswith("{") and segment.endswith("}"):
            return self.captures.setdefault(segment[1:-1], _Node())
        return self.literals.setdefault(segment, _Node())

    def answer(self, method: str) -> GatewayRoute | None:
        """Return the route of a method, or of ``ANY``."""
        return self.methods.get(method) or self.methods.get("ANY")

    def find(
        self, segments: list[str], at: int, method: str, captured: dict[str, str]
    ) -> GatewayRoute | None:
        """Return the route that ``segments[at:]`` lead to; fill ``captured`` on the way."""
        if at == len(segments):
            return self.answer(method)
        segment = segments[at]
        literal = self.literals.get(unquote(segment))
        if literal is not None:
            found = literal.find(segments, at + 1, method, captured)
            if found is not None:
                return found
        if not segment:
            return None
        for name, node in self.captures.items():
            found = node.find(segments, at + 1, method, captured)
            if found is not None:
                captured[name] = segment
                return found
        for name, node in self.greedy.items():
            found = node.answer(method)
            if found is not None:
                captured[name] = "/".join(segments[at:])
                return found
        return None


class RouteTable:
    """The resources of an API, found by path.

    Args:
        routes: All routes; of two with the same path and method the later one counts.
    """

    def __init__(self, routes: Iterable[GatewayRoute]) -> None:
        self._root = _Node()
        for route in routes:
            node = self._root
            for segment in _segments(route.path):
                node = node.child(segment)
            node.methods[route.method] = route

    def match(self, path: str, method: str) -> tuple[GatewayRoute, dict[str, str]] | None:
        """Return the route of a percent-encoded path, and the values it captured.

        Captured values stay encoded, as API Gateway hands them to a Lambda proxy integration: it decodes
        query strings, and no paths.  One trailing slash does not count.

        Path and method are looked for together: a resource that lacks the method leaves the request to a
        less specific one.  None when no resource has both.
        """
        captured: dict[str, str] = {}
        route = self._root.find(_segments(path), 0, method, captured)
        return None if route is None else (route, captured)


def _segments(path: str) -> list[str]:
    if path in {"", "/"}:
        return []
    return path.removeprefix("/").removesuffix("/").split("/")
