"""What the gateway takes and gives: requests, responses, routes, and the outcome of an invocation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping


class NotEmulatedError(Exception):
    """A request needs something of API Gateway that this emulator does not have.

    Args:
        feature: What is missing, as AWS calls it ("Lambda authorizers").
        where: The route that needs it, such as ``GET /users/{name}``.
    """

    def __init__(self, feature: str, where: str) -> None:
        super().__init__(f"{where} needs {feature}, which is not emulated on this machine.")
        self.feature = feature
        self.where = where


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpRequest:
    """An HTTP request as it came in, with nothing interpreted yet.

    Attributes:
        method: In capitals, ``GET``.
        path: Relative to the stage and still percent-encoded, without query: ``/users/J%C3%BCrgen``.
        query_string: What follows the ``?``, percent-encoded; empty without one.
        headers: In the order of arrival; a name may come more than once.
        body: Empty when the request has none.
        source_ip: The caller's address.
        scheme: ``http`` or ``https``, told to the function as ``X-Forwarded-Proto``.
    """

    method: str
    path: str
    query_string: str = ""
    headers: list[tuple[str, str]]
    body: bytes = b""
    source_ip: str = "127.0.0.1"
    scheme: str = "http"


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpResponse:
    """An HTTP response, ready to be written.

    ``Content-Length`` is not among the headers: the server that writes the body knows it.
    """

    status: int
    headers: list[tuple[str, str]]
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayRoute:
    """One method of one resource.

    Attributes:
        path: The resource, ``/users/{name}`` or ``/files/{proxy+}``.
        method: In capitals; ``ANY`` answers every method that has no route of its own.
        target: Handed to ``invoke`` as it is: a function's ARN, an application, anything.
        authorizer: Name of the authorizer that must admit the caller, or None.
        api_key_required: Whether API Gateway asks for an ``x-api-key`` header.
        mock: Response headers of a mock integration, which CORS preflights are; None when a function answers.
    """

    path: str
    method: str
    target: Any = None
    authorizer: str | None = None
    api_key_required: bool = False
    mock: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an invocation ended.

    Attributes:
        payload: The decoded JSON of the function's result, or of its error document.
        error: Whether the function failed; API Gateway then answers 502 whatever the payload says.
    """

    payload: Any
    error: bool = False


class Invoke(Protocol):
    """Runs the function behind a route with a proxy event and returns how that ended."""

    def __call__(self, target: Any, event: dict[str, Any], /) -> Outcome: ...
