"""Which route answers a path: literal segments before captured ones, greedy ones last."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import unquote

from chalice.gateway._messages import GatewayRoute

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chalice.app import Chalice


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

    def find(self, segments: list[str], at: int, captured: dict[str, str]) -> dict[str, GatewayRoute] | None:
        """Return the methods of the resource that ``segments[at:]`` lead to; fill ``captured`` on the way."""
        if at == len(segments):
            return self.methods or None
        segment = segments[at]
        literal = self.literals.get(segment)
        if literal is not None:
            found = literal.find(segments, at + 1, captured)
            if found is not None:
                return found
        if segment:
            for name, node in self.captures.items():
                found = node.find(segments, at + 1, captured)
                if found is not None:
                    captured[name] = segment
                    return found
        for name, node in self.greedy.items():
            if segment and node.methods:
                captured[name] = "/".join(segments[at:])
                return node.methods
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
        """Return the route of a percent-encoded path, and the decoded values it captured.

        A segment is decoded after the path was split, so that an encoded slash stays inside its segment.
        ``+`` is a plus sign: only query strings write a space that way.  None when the API has no such
        resource, or the resource no such method.  One trailing slash does not count.
        """
        captured: dict[str, str] = {}
        methods = self._root.find([unquote(segment) for segment in _segments(path)], 0, captured)
        if methods is None:
            return None
        route = methods.get(method) or methods.get("ANY")
        return None if route is None else (route, captured)


def _segments(path: str) -> list[str]:
    if path in {"", "/"}:
        return []
    return path.removeprefix("/").removesuffix("/").split("/")


def routes_of_app(app: Chalice) -> list[GatewayRoute]:
    """List the routes that a deployment of ``app`` would have, CORS preflights included.

    The target of each is ``app`` itself, callable with ``(event, context)``.
    """
    routes: list[GatewayRoute] = []
    for path, methods in app.routes.items():
        shared = [(method, entry.cors) for method, entry in methods.items() if entry.cors is not None]
        for method, entry in methods.items():
            routes.append(
                GatewayRoute(
                    path=path,
                    method=method,
                    target=app,
                    authorizer=getattr(entry.authorizer, "name", None),
                    api_key_required=bool(entry.api_key_required),
                )
            )
        if shared and "OPTIONS" not in methods:
            cors = shared[0][1]
            allowed = ",".join([*(method for method, _ in shared), "OPTIONS"])
            mock = {"Access-Control-Allow-Methods": allowed, **cors.get_access_control_headers()}
            routes.append(GatewayRoute(path=path, method="OPTIONS", mock=mock))
    return routes
