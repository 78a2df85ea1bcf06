"""Requests that no view was declared for: another path or method, a preflight, a type that is not accepted.

A REST API finds the resource of a request itself, and most requests name a route of the application.  The
rest comes here: HTTP APIs and function URLs may send whatever path they were asked for, and browsers ask for
permission before they call another site.  Loaded by the first such request.
"""

from __future__ import annotations

from chalice._http import (
    ChaliceViewError,
    ForbiddenError,
    MethodNotAllowedError,
    NotFoundError,
    Response,
    header,
)
from chalice._routing import RouteEntry

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import Any

    from chalice._http import Request
    from chalice._routing import CORSConfig

    Routes = Mapping[str, Mapping[str, RouteEntry]]


class UnsupportedMediaType(ChaliceViewError):  # noqa: N818  the name is the code in the response
    """415: the view does not take what the request sends."""

    STATUS_CODE = 415


def entry_for(routes: Routes, request: Request, path: Any, method: Any) -> RouteEntry:
    """Return what answers a REST request, or one in version 1.0 of an HTTP API's payload.

    Args:
        routes: The application's.
        request: The request; one whose route is found here learns the route's path and parameters.
        path: The resource that API Gateway found: a route of the application or, in a HTTP API, whatever
            routes were made there, such as ``$default`` or ``/{proxy+}``.
        method: The HTTP method.  The application has no view for it at ``path``.
    """
    event = request.to_original_event()
    http_api = event.get("version") == "1.0"
    asked = event.get("path")
    if http_api and path not in routes and isinstance(asked, str) and isinstance(method, str):
        asked = without_stage(asked, event["requestContext"].get("stage"))
        path, captured, found = match(routes, asked, method)
        request._sent, request._event = event, {**event, "pathParameters": captured}
        request.path = path or asked
        if found is not None:
            return found
    return unanswered(routes, path, method, event.get("headers"), http_api=http_api)


def match(
    routes: Routes, path: str, method: str
) -> tuple[str | None, dict[str, str] | None, RouteEntry | None]:
    """Find the route of a path that was asked for.

    Literal segments come before captured ones, and these before a greedy one.  A route that lacks the method
    leaves the request to a less specific one that has it.  One trailing slash does not count.

    Args:
        routes: The application's.
        path: What was asked for, percent-encoded; captured values stay as they are in it.
        method: The HTTP method.

    Returns:
        The path of the route, what it captured (None for nothing) and its entry.  The entry is None when the
        path has no such method, and the path as well when no route has this path.
    """
    first = None
    segments = _segments(path)
    for pattern in _matching(_tree(routes), segments, 0):
        first = first or pattern
        entry = routes[pattern].get(method)
        if entry is not None:
            return pattern, _captured(pattern, segments), entry
    return first, None if first is None else _captured(first, segments), None


def without_stage(path: str, stage: Any) -> str:
    """Remove the name of a stage from the front of a path; the stage ``$default`` is never there."""
    if not isinstance(stage, str):
        return path
    first, _, rest = path.removeprefix("/").partition("/")
    return f"/{rest}" if first == stage != "$default" else path


def guarded(entry: RouteEntry, request_context: Mapping[str, Any]) -> RouteEntry:
    """Return an entry, or one that refuses in its place: its view relies on a check that nobody has made.

    Before a REST API calls the function, it has asked the route's authorizer, and for an API key.  A HTTP API
    or a function URL asks an authorizer of its own, if it has one, and never for API keys.

    Args:
        entry: Of the route.
        request_context: Of the event; who called, if somebody has looked, is in its ``authorizer`` or, for
            IAM in version 1.0 of the payload, in its ``identity``.
    """
    if entry.authorizer is not None and not _checked(request_context):
        lacks = f"the authorizer {entry.authorizer.name!r}, and nobody has asked one"
    elif entry.api_key_required:
        lacks = "an API key, which only REST APIs ask for"
    else:
        return entry
    return _raising(ForbiddenError(f"This route needs {lacks}."), {}, entry.cors)


def _checked(request_context: Mapping[str, Any]) -> bool:
    authorizer, identity = request_context.get("authorizer"), request_context.get("identity")
    if isinstance(authorizer, dict):
        # Version 1.0 has these two keys even where there is no authorizer.
        for name, value in authorizer.items():
            if value is not None or name not in ("claims", "scopes"):
                return True
    return isinstance(identity, dict) and bool(identity.get("userArn"))


def unanswered(routes: Routes, path: str | None, method: Any, headers: Any, *, http_api: bool) -> RouteEntry:
    """Return what answers a method for which there is no view.

    Args:
        routes: The application's.
        path: Of the route; None when there is none.
        method: The HTTP method.
        headers: Of the request.
        http_api: The request comes from a HTTP API or a function URL.  These send every preflight to the
            function.  A REST API answers preflights itself, except for routes that several origins may call.
    """
    known = {} if path is None else routes.get(path, {})
    if method == "OPTIONS":
        shared = [one for one in known.values() if one.cors is not None]
        if any(http_api or one.several_origins for one in shared):
            return _entry("cors_preflight", lambda: _preflight(shared, headers or {}))
    if not known and http_api:
        return _raising(NotFoundError("No view answers this path."), {})
    # As for a method: in a REST API, only a resource that others added to it leads here.
    return _raising(MethodNotAllowedError(f"Unsupported method: {method}"), {"Allow": ", ".join(known)})


def _raising(error: ChaliceViewError, headers: dict[str, str], cors: CORSConfig | None = None) -> RouteEntry:
    error._response_headers = headers

    def view() -> Response:
        raise error

    return _entry(type(error).__name__, view, cors)


def _entry(name: str, view: Callable[[], Response], cors: CORSConfig | None = None) -> RouteEntry:
    return RouteEntry(view, name, "", "", [], cors, None, None)


def _preflight(entries: list[RouteEntry], headers: dict[str, Any]) -> Response:
    """Answer a browser that asks what it may send.

    See https://fetch.spec.whatwg.org/#cors-preflight-fetch
    """
    wanted = header(headers, "access-control-request-method", "")
    entry = next((one for one in entries if one.method == wanted), entries[0])
    assert entry.cors is not None  # noqa: S101
    answer = entry.cors.get_access_control_headers(header(headers, "origin", ""))
    if "Access-Control-Allow-Origin" in answer:
        answer["Access-Control-Allow-Methods"] = ",".join([*(one.method for one in entries), "OPTIONS"])
    return Response("", answer)


class _Node:
    """One segment of the routes' paths.

    Attributes:
        literal: Segment to node.
        captured: What follows a captured segment.
        greedy: Routes that take all the rest.
        routes: Routes that end here.
    """

    __slots__ = ("captured", "greedy", "literal", "routes")

    def __init__(self) -> None:
        self.literal: dict[str, _Node] = {}
        self.captured: _Node | None = None
        self.greedy: list[str] = []
        self.routes: list[str] = []


_trees: list[tuple[list[str], _Node]] = []


def _tree(routes: Routes) -> _Node:
    """Return the tree of the routes' paths: that of the last application, unless it has others by now."""
    paths = list(routes)
    for known, tree in _trees:
        if known == paths:
            return tree
    root = _Node()
    for path in paths:
        node = root
        for segment in _segments(path):
            if segment.startswith("{") and segment.endswith("+}"):
                node.greedy.append(path)
                break
            if segment.startswith("{") and segment.endswith("}"):
                node.captured = node = node.captured or _Node()
            else:
                node = node.literal.setdefault(segment, _Node())
        else:
            node.routes.append(path)
    _trees[:] = [(paths, root)]
    return root


def _matching(node: _Node, segments: list[str], index: int) -> Iterator[str]:
    """Yield the routes of a path, the most specific first."""
    if index == len(segments):
        yield from node.routes
        return
    literal = node.literal.get(segments[index])
    if literal is not None:
        yield from _matching(literal, segments, index + 1)
    if node.captured is not None and segments[index]:
        yield from _matching(node.captured, segments, index + 1)
    yield from node.greedy


def _captured(path: str, segments: list[str]) -> dict[str, str] | None:
    values = {}
    for index, name in enumerate(_segments(path)):
        if name.endswith("+}"):
            values[name[1:-2]] = "/".join(segments[index:])
        elif name.endswith("}"):
            values[name[1:-1]] = segments[index]
    return values or None


def _segments(path: str) -> list[str]:
    path = path.removeprefix("/").removesuffix("/")
    return path.split("/") if path else []
