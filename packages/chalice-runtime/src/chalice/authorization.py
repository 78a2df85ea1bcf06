"""What API Gateway asks of a function that admits callers, and how it is answered: the words of authorizers.

A function under ``@app.authorizer()`` gets an `AuthRequest` and returns an `AuthResponse`, which becomes a
policy of IAM.  What else there is to authorizers is in `chalice.authorizers`.

See https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-use-lambda-authorizer.html
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any, ClassVar

__all__ = ["AuthRequest", "AuthResponse", "AuthRoute"]


class AuthRequest:
    """What API Gateway asks of an authorizer.

    Attributes:
        auth_type: ``TOKEN``, or ``REQUEST`` for an authorizer that was attached by other means.
        token: What the caller sent in the authorizer's header; empty when a ``REQUEST`` has none.
        method_arn: What the caller wants:
            ``arn:aws:execute-api:REGION:ACCOUNT:API/STAGE/METHOD/PATH``.
    """

    def __init__(self, auth_type: str, token: str, method_arn: str) -> None:
        self.auth_type = auth_type
        self.token = token
        self.method_arn = method_arn


class AuthRoute:
    """A path with the methods that a caller may use.

    Args:
        path: As in ``route()``, with the values of this caller in place of captured parts; ``*`` stands for
            any characters, slashes too.
        methods: HTTP methods in capitals; ``*`` stands for all.
    """

    def __init__(self, path: str, methods: list[str]) -> None:
        self.path = path
        self.methods = methods


class AuthResponse:
    """What a caller may do.

    Args:
        routes: Paths, which the caller may use with every method, and `AuthRoute` objects; ``*`` is the whole
            API.  Nothing that is not in the list is allowed, so that an empty one denies everything.
        principal_id: Who the caller is.
        context: Strings, numbers and booleans for the view, which finds them, and the principal as
            ``principalId``, in ``app.current_request.context["authorizer"]``.
    """

    ALL_HTTP_METHODS: ClassVar[list[str]] = ["DELETE", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "GET"]

    def __init__(
        self,
        routes: Sequence[str | AuthRoute],
        principal_id: str,
        context: dict[str, Any] | None = None,
    ) -> None:
        self.routes = routes
        self.principal_id = principal_id
        self.context = {} if context is None else context

    def to_dict(self, request: AuthRequest) -> dict[str, Any]:
        """Return the answer to API Gateway.

        Raises:
            TypeError: A route is neither a string nor an `AuthRoute`.
            ValueError: The request's ARN is none of an API.
        """
        statement = {
            "Action": "execute-api:Invoke",
            "Effect": "Allow",
            "Resource": self._resources(request.method_arn),
        }
        return {
            "context": self.context,
            "principalId": self.principal_id,
            "policyDocument": {"Version": "2012-10-17", "Statement": [statement]},
        }

    def _resources(self, method_arn: str) -> list[str]:
        # What follows the fifth colon may hold colons itself: they are part of the path.
        parts = method_arn.split(":", 5)
        api, _, rest = parts[-1].partition("/")
        stage = rest.partition("/")[0]
        if len(parts) != 6 or not api or not stage:
            raise ValueError(f"{method_arn!r} is not the ARN of a method of an API.")
        start = f"{':'.join(parts[:5])}:{api}/{stage}"
        routes: Sequence[Any] = self.routes
        return [
            # Policies name paths without the slash in front.
            f"{start}/{method}/{path[1:] if path.startswith('/') else path}"
            for path, methods in map(_route, [routes] if isinstance(routes, str) else routes)
            for method in methods
        ]


def request_of(event: Any, header: str | None) -> AuthRequest:
    """Read the event of a Lambda authorizer.

    ``TOKEN`` has the token.  ``REQUEST`` has all of the request instead; in version 2.0 also the parts of it
    that identify the caller, as ``identitySource``, and ``routeArn`` for ``methodArn``.

    Raises:
        ValueError: It is none.
    """
    if isinstance(event, dict):
        auth_type = event.get("type")
        token = _token(event, header) if auth_type == "REQUEST" else event.get("authorizationToken")
        arn = event.get("methodArn") or event.get("routeArn")
        if isinstance(auth_type, str) and isinstance(token, str) and isinstance(arn, str):
            return AuthRequest(auth_type, token, arn)
        holds = f"with {', '.join(sorted(map(str, event))) or 'nothing in it'}"
    else:
        holds = f"of type {type(event).__name__}"
    raise ValueError(
        "API Gateway calls an authorizer with type, authorizationToken and methodArn, all of them strings; "
        f"this is an event {holds}."
    )


def _token(event: dict[str, Any], header: str | None) -> str:
    """Return what the caller of a ``REQUEST`` sent in the authorizer's header, or an empty string."""
    headers = event.get("headers")
    if isinstance(headers, dict):
        wanted = (header or "Authorization").lower()
        for name, value in headers.items():
            if name.lower() == wanted:
                return str(value)
    identity = event.get("identitySource")
    return str(identity[0]) if isinstance(identity, list) and identity else ""


def _route(route: Any) -> tuple[str, Iterable[str]]:
    """Return the path of a route that is allowed, and the methods."""
    if isinstance(route, str):
        return route, ("*",)
    if isinstance(route, AuthRoute) and isinstance(route.path, str):
        methods: Iterable[str] | str = route.methods
        return route.path, (methods,) if isinstance(methods, str) else methods
    raise TypeError(f"A route of an AuthResponse must be a path or an AuthRoute, not {route!r}.")
