"""What the gateway takes and gives: requests, responses, routes, and the outcome of an invocation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

# A header is named as identity sources name it in API Gateway's own documents.
HEADER_SOURCE = "method.request.header."


class NotEmulatedError(Exception):
    """A request needs something of API Gateway that this emulator does not have.

    Args:
        feature: What is missing, in AWS's words ("an integration of type 'http'").
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
    """An HTTP response, ready to be written: headers are ISO-8859-1, in one line each.

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
        authorizer_scopes: OAuth scopes of which a Cognito access token must have one; other authorizers do
            not look at them.
        api_key_required: Whether API Gateway asks for an ``x-api-key`` header.
        mock: Response headers of a mock integration, which CORS preflights are; None when a function answers.
    """

    path: str
    method: str
    target: Any = None
    authorizer: str | None = None
    authorizer_scopes: tuple[str, ...] = ()
    api_key_required: bool = False
    mock: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayAuthorizer:
    """Who decides whether a caller may call a route.

    Attributes:
        name: What `GatewayRoute.authorizer` refers to.
        kind: ``token`` and ``request`` are Lambda authorizers, told apart by the event that they get;
            ``cognito`` reads the claims of a user pool's token; ``iam`` and ``custom`` (a function outside of
            the application) cannot be decided here and admit everybody, with an
            `UncheckedAuthorizerWarning`.
        target: The function of a Lambda authorizer, handed to ``invoke_authorizer`` or ``invoke``.
        identity_sources: Where the identity is in a request, all of which must be there:
            ``method.request.header.NAME``, ``method.request.querystring.NAME``, ``stageVariables.NAME`` or
            ``context.NAME``; the latter three for ``request`` only.
        validation: A regular expression that the whole token must match, or None; of ``token`` only.
        ttl_seconds: How long a policy stands for the same identity; 0 asks every time.
        provider_arns: The user pools of ``cognito``.
    """

    name: str
    kind: Literal["token", "request", "cognito", "iam", "custom"]
    target: Any = None
    identity_sources: tuple[str, ...] = (f"{HEADER_SOURCE}Authorization",)
    validation: str | None = None
    ttl_seconds: int = 300
    provider_arns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an invocation ended.

    Attributes:
        payload: The decoded JSON of the function's result, or of its error document.
        error: Whether the function failed; API Gateway then answers 502 whatever the payload says.  Of an
            authorizer, the payload then tells by ``errorMessage`` whether it said "Unauthorized".
    """

    payload: Any
    error: bool = False


class Invoke(Protocol):
    """Runs the function behind a route with a proxy event and returns how that ended."""

    def __call__(self, target: Any, event: dict[str, Any], /) -> Outcome: ...


class InvokeAuthorizer(Protocol):
    """Runs the function of a Lambda authorizer and returns how that ended."""

    def __call__(self, authorizer: GatewayAuthorizer, event: dict[str, Any], /) -> Outcome: ...


class UncheckedAuthorizerWarning(UserWarning):
    """A caller was admitted although something that AWS checks cannot be checked here."""
