"""What a route declares: its path, its methods, what may be sent to it, and which other sites may call it.

Methods, content types and CORS are checked when a decorator runs, so that the mistake is shown at its line;
whether API Gateway can have the path is for the tools to say.  All of it is prepared then, so that a request
only looks things up.
"""

from __future__ import annotations

from chalice._http import media_types

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

_METHODS = ("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT")


class CORSConfig:
    """What other sites' scripts may do with a view.

    Args:
        allow_origin: The site that may call, or ``*``; or a list of sites, of which each is told about itself
            alone, as browsers demand.  Such a route's preflights come to the function.
        allow_headers: Request headers that a script may set, besides the five that API Gateway itself needs.
        expose_headers: Response headers that a script may read.
        max_age: Seconds that a browser may remember the answer.
        allow_credentials: True lets the browser send cookies; anything else sends nothing.

    Raises:
        TypeError: The origin is neither text nor a list of texts.
        ValueError: The list is empty, or has ``*`` in it.

    See https://fetch.spec.whatwg.org/#http-cors-protocol
    """

    _REQUIRED_HEADERS = ("Authorization", "Content-Type", "X-Amz-Date", "X-Amz-Security-Token", "X-Api-Key")

    def __init__(
        self,
        allow_origin: str | list[str] = "*",
        allow_headers: Iterable[str] | None = None,
        expose_headers: Iterable[str] | None = None,
        max_age: int | None = None,
        allow_credentials: bool | None = None,
    ) -> None:
        if not isinstance(allow_origin, str):
            if not isinstance(allow_origin, (list, tuple)):
                raise TypeError(f"allow_origin must be an origin or a list of them, not {allow_origin!r}.")
            for origin in allow_origin:
                if not isinstance(origin, str):
                    raise TypeError(f"allow_origin lists {origin!r}, which is no text.")
            if not allow_origin or "*" in allow_origin:
                raise ValueError(f"allow_origin={allow_origin!r} must list origins; '*' stands alone.")
        self.allow_origin = allow_origin
        self._allow_headers = {*self._REQUIRED_HEADERS, *(allow_headers or ())}
        self._expose_headers = list(expose_headers or ())
        self._max_age = max_age
        self._allow_credentials = allow_credentials

    @property
    def allow_headers(self) -> str:
        """The value of ``Access-Control-Allow-Headers``."""
        return ",".join(sorted(self._allow_headers))

    def get_access_control_headers(self, origin: str | None = None) -> dict[str, str]:
        """Return the response headers that say all this.

        Args:
            origin: The site that asks, as its ``Origin`` header names it.  It matters when several may call:
                one that is not among them is told nothing.

        Returns:
            Name to value.  With several origins there is a ``Vary``, for the answer to one must not be
            cached for another.
        """
        headers: dict[str, str] = {}
        allowed = self.allow_origin
        if not isinstance(allowed, str):
            headers["Vary"] = "Origin"
            if origin not in allowed:
                return headers
            allowed = origin
        headers["Access-Control-Allow-Origin"] = allowed
        headers["Access-Control-Allow-Headers"] = self.allow_headers
        if self._expose_headers:
            headers["Access-Control-Expose-Headers"] = ",".join(self._expose_headers)
        if self._max_age is not None:
            headers["Access-Control-Max-Age"] = str(self._max_age)
        if self._allow_credentials is True:
            headers["Access-Control-Allow-Credentials"] = "true"
        return headers

    def __eq__(self, other: object) -> bool:
        if isinstance(other, CORSConfig):
            mine, others = self.allow_origin, other.allow_origin
            one = mine if isinstance(mine, str) else mine[0]
            return mine == others and self.get_access_control_headers(one) == (
                other.get_access_control_headers(one)
            )
        return NotImplemented

    __hash__ = None  # type: ignore[assignment]


class APIGateway:
    """What applies to the whole REST API of an application.

    Attributes:
        cors: The CORS setting of routes that say nothing themselves: True, False or a `CORSConfig`.  It is
            looked at when a route is declared.
        binary_types: Media types whose bodies are bytes.
    """

    def __init__(self) -> None:
        self.cors: bool | CORSConfig = False
        self.binary_types = self.default_binary_types

    @property
    def default_binary_types(self) -> list[str]:
        """The media types that are binary unless ``binary_types`` is changed; a new list each time."""
        return [
            "application/octet-stream",
            "application/x-tar",
            "application/zip",
            "audio/basic",
            "audio/ogg",
            "audio/mp4",
            "audio/mpeg",
            "audio/wav",
            "audio/webm",
            "image/png",
            "image/jpg",
            "image/jpeg",
            "image/gif",
            "video/ogg",
            "video/mpeg",
            "video/webm",
        ]


class RouteEntry:
    """One view under one method of one path.

    Attributes:
        view_function: Called with the captured parts of the path, as keywords.
        view_name: The function's name, or what ``name=`` says.
        uri_pattern: The path as declared, ``/users/{name}``.
        method: The HTTP method.
        view_args: The names in the path that the view is given, in order.
        content_types: What requests may send; empty admits everything.
        cors: A `CORSConfig`, or None.
        authorizer: Who admits callers, or None.
        api_key_required: Whether API Gateway asks for an API key; None when the route does not say.
    """

    __slots__ = (
        "api_key_required",
        "authorizer",
        "content_types",
        "cors",
        "cors_headers",
        "guarded",
        "media_types",
        "method",
        "several_origins",
        "uri_pattern",
        "view_args",
        "view_function",
        "view_name",
    )

    def __init__(
        self,
        view_function: Callable[..., Any],
        view_name: str,
        path: str,
        method: str,
        content_types: list[str],
        cors: CORSConfig | None,
        authorizer: Any,
        api_key_required: bool | None,
    ) -> None:
        self.view_function = view_function
        self.view_name = view_name
        self.uri_pattern = path
        self.method = method
        self.view_args = path_parameters(path, view_function)
        self.content_types = content_types
        self.cors = cors
        self.authorizer = authorizer
        self.api_key_required = api_key_required
        self.cors_headers = None if cors is None else cors.get_access_control_headers()
        self.guarded = authorizer is not None or bool(api_key_required)
        self.several_origins = cors is not None and not isinstance(cors.allow_origin, str)
        self.media_types = media_types(content_types)

    def cors_for(self, origin: str) -> dict[str, str]:
        """Return the CORS headers for a site, of a route that several may call."""
        assert self.cors is not None  # noqa: S101
        return self.cors.get_access_control_headers(origin)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, RouteEntry):
            return all(getattr(self, name) == getattr(other, name) for name in self.__slots__)
        return NotImplemented

    __hash__ = None  # type: ignore[assignment]


def checked_methods(methods: Iterable[str], where: str) -> list[str]:
    """Return the methods of a route as a list.

    Raises:
        TypeError: They are in one string.
        ValueError: There are none, one is there twice, or API Gateway does not know it; lower case never
            matches a request.
    """
    if isinstance(methods, str):
        raise TypeError(f"{where}: methods must be a list such as [{methods!r}].")
    checked = list(methods)
    if not checked:
        raise ValueError(f"{where}: methods is empty.")
    for method in checked:
        if method not in _METHODS:
            upper = method.upper() if isinstance(method, str) else None
            hint = f"write {upper!r}" if upper in _METHODS else f"known are {', '.join(_METHODS)}"
            raise ValueError(f"{where}: {method!r} is not an HTTP method: {hint}.")
        if checked.count(method) > 1:
            raise ValueError(f"Duplicate method: {where} lists {method!r} more than once.")
    return checked


def checked_cors(cors: bool | CORSConfig, where: str) -> CORSConfig | None:
    """Return what a CORS setting stands for.

    Raises:
        TypeError: It is none.
    """
    if cors is True:
        return CORSConfig()
    if cors is False:
        return None
    if not isinstance(cors, CORSConfig):
        raise TypeError(f"{where}: cors must be True, False or a CORSConfig, not {cors!r}.")
    return cors


def path_parameters(path: str, view: Callable[..., Any]) -> list[str]:
    """Return the names in a path that its view is given.

    These are the captured ones, ``{name}``; and a greedy ``{name+}`` when the view, the innermost function
    where others wrap it, has a parameter of that name: existing applications have views without one.

    Whether API Gateway can have a resource of this path is for the tools to say: they know all of the
    application, and report every mistake at once.
    """
    names: list[str] = []
    for piece in path.split("{")[1:]:
        name, closed, _ = piece.partition("}")
        if not closed:
            continue
        if name.replace("_", "a").isalnum():
            names.append(name)
        elif name[-1:] == "+":
            while hasattr(view, "__wrapped__"):
                view = view.__wrapped__
            code: Any = getattr(view, "__code__", None)
            if code and name[:-1] in code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]:
                names.append(name[:-1])
    return names
