"""Authorizers: who may call a view, asked by API Gateway before the function sees the request.

Four kinds are objects for ``route(authorizer=…)``.  `IAMAuthorizer`, `CognitoUserPoolAuthorizer` and
`CustomAuthorizer` only describe what API Gateway has to ask; `ChaliceAuthorizer` is a function of the
application itself, what ``@app.authorizer()`` returns, and so the Lambda handler that API Gateway calls.

Loaded by the first application that uses one of these names, and by no other.

See https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-use-lambda-authorizer.html
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import Any, ClassVar, TypeVar

    from chalice.app import Chalice

    Auth = TypeVar("Auth", bound="Authorizer")

__all__ = [
    "AuthRequest",
    "AuthResponse",
    "AuthRoute",
    "Authorizer",
    "BuiltinAuthConfig",
    "ChaliceAuthorizer",
    "CognitoUserPoolAuthorizer",
    "CustomAuthorizer",
    "IAMAuthorizer",
]

_HEADER = "Authorization"


class Authorizer:
    """What the three authorizers have in common that only describe whom API Gateway asks.

    Attributes:
        name: Names it in the API; authorizers of one name are one authorizer.
        scopes: What a caller's token must allow, one of them being enough; empty asks for no scope.
    """

    name: str
    scopes: list[str]

    def to_swagger(self) -> dict[str, Any]:
        """Return the security definition for API Gateway's import of a Swagger 2.0 document."""
        raise NotImplementedError("to_swagger")

    def with_scopes(self: Auth, scopes: list[str]) -> Auth:
        """Return a copy that asks for these scopes; the authorizer itself stays as it is."""
        raise NotImplementedError("with_scopes")

    def _with_scopes(self: Auth, scopes: list[str]) -> Auth:
        copy = object.__new__(type(self))
        for key, value in vars(self).items():
            copy.__dict__[key] = list(value) if isinstance(value, list) else value
        copy.scopes = _checked_scopes(scopes)
        return copy


class IAMAuthorizer(Authorizer):
    """Admits callers who sign their requests with AWS credentials, and whom IAM lets invoke the API.

    Its name is ``sigv4``, for Signature Version 4.

    See https://docs.aws.amazon.com/apigateway/latest/developerguide/permissions.html
    """

    def __init__(self) -> None:
        self.name = "sigv4"
        self.scopes = []

    def to_swagger(self) -> dict[str, Any]:
        """Return the security definition, of type ``awsSigv4``."""
        return _definition(_HEADER, "awsSigv4")

    def with_scopes(self: Auth, scopes: list[str]) -> Auth:
        """Refuse.

        Raises:
            NotImplementedError: A signature carries no scopes.
        """
        raise NotImplementedError(f"An IAMAuthorizer has no scopes, so with_scopes({scopes!r}) cannot be.")


class CognitoUserPoolAuthorizer(Authorizer):
    """Admits callers who send a token of an Amazon Cognito user pool.

    Args:
        name: Names the authorizer in the API.
        provider_arns: ARNs of the user pools.
        header: The request header with the token.
        scopes: What an access token must allow, one of them being enough; without scopes, API Gateway takes
            identity tokens.

    Raises:
        TypeError: ``provider_arns`` is not a list, or ``scopes`` is one string.

    See https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-integrate-with-cognito.html
    """

    def __init__(
        self,
        name: str,
        provider_arns: list[str],
        header: str | None = _HEADER,
        scopes: list[str] | None = None,
    ) -> None:
        if not isinstance(provider_arns, list):
            raise TypeError(f"provider_arns must be a list of ARNs, not {provider_arns!r}.")
        self.name = name
        self._header = header
        self._provider_arns = provider_arns
        self.scopes = _checked_scopes(scopes)

    def to_swagger(self) -> dict[str, Any]:
        """Return the security definition, of type ``cognito_user_pools``."""
        authorizer = {"type": "cognito_user_pools", "providerARNs": list(self._provider_arns)}
        return _definition(self._header, "cognito_user_pools", authorizer)

    def with_scopes(self: Auth, scopes: list[str]) -> Auth:
        """Return a copy that asks for these scopes; the authorizer itself stays as it is.

        Raises:
            TypeError: ``scopes`` is one string.
        """
        return self._with_scopes(scopes)


class CustomAuthorizer(Authorizer):
    """Admits whom a Lambda function of another application admits, by the token in a header.

    Args:
        name: Names the authorizer in the API.
        authorizer_uri: API Gateway's address of the function:
            ``arn:aws:apigateway:REGION:lambda:path/2015-03-31/functions/FUNCTION_ARN/invocations``.
        ttl_seconds: How long API Gateway remembers an answer for a token; 0 to 3600.
        header: The request header with the token.
        invoke_role_arn: The role with which API Gateway calls the function; None leaves it to the function's
            own permissions.
        scopes: What is asked of a caller besides.

    Raises:
        TypeError: ``scopes`` is one string.
    """

    def __init__(
        self,
        name: str,
        authorizer_uri: str,
        ttl_seconds: int = 300,
        header: str = _HEADER,
        invoke_role_arn: str | None = None,
        scopes: list[str] | None = None,
    ) -> None:
        self.name = name
        self._header = header
        self._authorizer_uri = authorizer_uri
        self._ttl_seconds = ttl_seconds
        self._invoke_role_arn = invoke_role_arn
        self.scopes = _checked_scopes(scopes)

    def to_swagger(self) -> dict[str, Any]:
        """Return the security definition, of type ``custom``."""
        authorizer: dict[str, Any] = {
            "type": "token",
            "authorizerUri": self._authorizer_uri,
            "authorizerResultTtlInSeconds": self._ttl_seconds,
        }
        if self._invoke_role_arn is not None:
            authorizer["authorizerCredentials"] = self._invoke_role_arn
        return _definition(self._header, "custom", authorizer)

    def with_scopes(self: Auth, scopes: list[str]) -> Auth:
        """Return a copy that asks for these scopes; the authorizer itself stays as it is.

        Raises:
            TypeError: ``scopes`` is one string.
        """
        return self._with_scopes(scopes)


class BuiltinAuthConfig:
    """What ``@app.authorizer(…)`` said.

    Attributes:
        name: The authorizer's name, and its function's.
        handler_string: Where Lambda finds the function, ``app.check``.
        ttl_seconds: How long API Gateway remembers an answer for a token; None is API Gateway's default, 300.
        execution_role: ARN of the role with which API Gateway calls the function; None leaves it to the
            function's own permissions.
        header: The request header with the token.
    """

    def __init__(
        self,
        name: str,
        handler_string: str,
        ttl_seconds: int | None = None,
        execution_role: str | None = None,
        header: str | None = _HEADER,
    ) -> None:
        self.name = name
        self.handler_string = handler_string
        self.ttl_seconds = ttl_seconds
        self.execution_role = execution_role
        self.header = header


class ChaliceAuthorizer:
    """A function that says what a caller may do: what ``@app.authorizer()`` returns.

    It is the Lambda handler of the authorizer's own function, and what ``route(authorizer=…)`` takes.

    Args:
        name: The authorizer's name, and its function's.
        func: Called with an `AuthRequest`; returns an `AuthResponse`, or the policy itself as a dict.
        scopes: What is asked of a caller besides.
        config: The decorator's options; by default none, and a function of ``app.py``.

    Attributes:
        name, func, scopes, config: See above.
        handler_string: Where Lambda finds the function.
        origin: What the decorator returned, of which copies with other scopes or names were made.
    """

    def __init__(
        self,
        name: str,
        func: Callable[[AuthRequest], Any],
        scopes: list[str] | None = None,
        config: BuiltinAuthConfig | None = None,
    ) -> None:
        self.name = name
        self.func = func
        self.scopes = _checked_scopes(scopes)
        self.config = BuiltinAuthConfig(name, f"app.{func.__name__}") if config is None else config
        self.origin = self
        self.__wrapped__ = func
        self.__name__ = getattr(func, "__name__", name)
        self.__doc__ = func.__doc__

    @property
    def handler_string(self) -> str:
        """Where Lambda finds the function."""
        return self.config.handler_string

    def attach(self, app: Chalice) -> None:
        """Make the authorizer known to an application.

        Raises:
            ValueError: Another function of the application has this name.
        """
        app.register_handler(self.name, self)
        app.builtin_auth_handlers.append(self.config)

    def with_scopes(self, scopes: list[str]) -> ChaliceAuthorizer:
        """Return a copy that asks for these scopes; the authorizer itself stays as it is.

        Raises:
            TypeError: ``scopes`` is one string.
        """
        return self._copy(self.name, self.handler_string, _checked_scopes(scopes))

    def renamed(self, name: str, handler_string: str) -> ChaliceAuthorizer:
        """Return a copy under another name: what a blueprint's authorizer becomes in an application.

        Args:
            name: With the blueprint's prefix.
            handler_string: Where Lambda finds the function.
        """
        return self._copy(name, handler_string, list(self.scopes))

    def _copy(self, name: str, handler_string: str, scopes: list[str]) -> ChaliceAuthorizer:
        old = self.config
        config = BuiltinAuthConfig(name, handler_string, old.ttl_seconds, old.execution_role, old.header)
        copy = type(self)(name, self.func, scopes, config)
        copy.origin = self.origin
        return copy

    def __call__(self, event: Any, context: Any) -> dict[str, Any]:  # noqa: ARG002 - Lambda passes it
        """Answer API Gateway: the Lambda handler.

        A result that is neither an `AuthResponse` nor a dict is an error of the function, and API Gateway
        answers the caller with 500, which keeps him out as surely as a denial would.  A denial would also be
        remembered for the caller's token, and would look as if somebody had decided on it.

        Args:
            event: The event of a Lambda authorizer, of type ``TOKEN`` or ``REQUEST``.
            context: Lambda's context.

        Returns:
            The policy; a dict that the function returned goes out unchanged.

        Raises:
            ValueError: The event is none that API Gateway sends to an authorizer.
            TypeError: The function returned something else, or a response with routes that are none.
        """
        request = _request(event, self.config.header)
        answer = self.func(request)
        if hasattr(answer, "__await__"):
            import chalice._async

            answer = chalice._async.wait_for(answer)
        if isinstance(answer, AuthResponse):
            return answer.to_dict(request)
        if isinstance(answer, dict):
            return answer
        raise TypeError(
            f"The authorizer {self.name!r} must return an AuthResponse, or a policy as a dict, "
            f"not {type(answer).__name__}: nobody is admitted."
        )


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


def declaring(
    attach: Callable[[ChaliceAuthorizer], object],
    import_name: str,
    ttl_seconds: int | None = None,
    execution_role: str | None = None,
    name: str | None = None,
    header: str | None = _HEADER,
) -> Callable[[Callable[[AuthRequest], Any]], ChaliceAuthorizer]:
    """Return the decorator ``authorizer(…)`` of an application or a blueprint.

    Args:
        attach: Called with each authorizer that the decorator makes.
        import_name: The module of the functions, as Lambda imports it.
        ttl_seconds: See `BuiltinAuthConfig`, as for the others.
        execution_role: See there.
        name: The authorizer's name, by default the function's.
        header: See there.

    Raises:
        TypeError: The decorator lacks its parentheses, or decorates no function.
    """
    if callable(ttl_seconds):
        raise TypeError(
            "Write the decorator @….authorizer() with its parentheses, also when nothing is in them."
        )

    def decorator(function: Callable[[AuthRequest], Any]) -> ChaliceAuthorizer:
        if not callable(function) or not hasattr(function, "__name__"):
            raise TypeError(f"@….authorizer(…) must decorate a function, not {function!r}.")
        chosen = name or function.__name__
        handler_string = f"{import_name}.{function.__name__}"
        config = BuiltinAuthConfig(chosen, handler_string, ttl_seconds, execution_role, header)
        made = ChaliceAuthorizer(chosen, function, None, config)
        attach(made)
        return made

    return decorator


def checked_authorizer(authorizer: object, where: str) -> Authorizer | ChaliceAuthorizer:
    """Return the authorizer of a route.

    Raises:
        TypeError: It is none; says so about a function that lacks the decorator.
    """
    if isinstance(
        authorizer, (IAMAuthorizer, CognitoUserPoolAuthorizer, CustomAuthorizer, ChaliceAuthorizer)
    ):
        return authorizer
    hint = ""
    if isinstance(authorizer, type) and issubclass(authorizer, Authorizer):
        hint = f"  Make one: {authorizer.__name__}(…)."
    elif callable(authorizer):
        hint = "  A function becomes one under @app.authorizer(), with the parentheses."
    raise TypeError(
        f"{where}: authorizer must be an IAMAuthorizer, a CognitoUserPoolAuthorizer, a CustomAuthorizer or "
        f"a function under @app.authorizer(), not {authorizer!r}.{hint}"
    )


def _checked_scopes(scopes: Iterable[str] | None) -> list[str]:
    if isinstance(scopes, str):
        raise TypeError(f"scopes must be a list such as [{scopes!r}].")
    return [] if scopes is None else list(scopes)


def _definition(header: str | None, kind: str, authorizer: dict[str, Any] | None = None) -> dict[str, Any]:
    definition: dict[str, Any] = {
        "in": "header",
        "type": "apiKey",
        "name": header,
        "x-amazon-apigateway-authtype": kind,
    }
    if authorizer is not None:
        definition["x-amazon-apigateway-authorizer"] = authorizer
    return definition


def _route(route: Any) -> tuple[str, Iterable[str]]:
    """Return the path of a route that is allowed, and the methods."""
    if isinstance(route, str):
        return route, ("*",)
    if isinstance(route, AuthRoute) and isinstance(route.path, str):
        methods: Iterable[str] | str = route.methods
        return route.path, (methods,) if isinstance(methods, str) else methods
    raise TypeError(f"A route of an AuthResponse must be a path or an AuthRoute, not {route!r}.")


def _request(event: Any, header: str | None) -> AuthRequest:
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
        wanted = (header or _HEADER).lower()
        for name, value in headers.items():
            if name.lower() == wanted:
                return str(value)
    identity = event.get("identitySource")
    return str(identity[0]) if isinstance(identity, list) and identity else ""
