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
    from collections.abc import Callable, Iterable
    from typing import Any, ClassVar, TypeVar

    from chalice.app import Chalice
    from chalice.authorization import AuthRequest

    Auth = TypeVar("Auth", bound="Authorizer")

__all__ = [
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

    # What API Gateway calls the kind, and the request header that the caller proves something with.
    _authtype: ClassVar[str]
    _header: str | None = _HEADER

    name: str
    scopes: list[str]

    def to_swagger(self) -> dict[str, Any]:
        """Return the security definition for API Gateway's import of a Swagger 2.0 document."""
        definition: dict[str, Any] = {
            "in": "header",
            "type": "apiKey",
            "name": self._header,
            "x-amazon-apigateway-authtype": self._authtype,
        }
        asked = self._asked()
        if asked is not None:
            definition["x-amazon-apigateway-authorizer"] = asked
        return definition

    def with_scopes(self: Auth, scopes: list[str]) -> Auth:
        """Return a copy that asks for these scopes; the authorizer itself stays as it is.

        Raises:
            TypeError: ``scopes`` is one string.
        """
        copy = object.__new__(type(self))
        for key, value in vars(self).items():
            copy.__dict__[key] = list(value) if isinstance(value, list) else value
        copy.scopes = _checked_scopes(scopes)
        return copy

    def _asked(self) -> dict[str, Any] | None:
        """Return what API Gateway asks, and how; None when it decides by itself."""
        return None


class IAMAuthorizer(Authorizer):
    """Admits callers who sign their requests with AWS credentials, and whom IAM lets invoke the API.

    Its name is ``sigv4``, for Signature Version 4.

    See https://docs.aws.amazon.com/apigateway/latest/developerguide/permissions.html
    """

    _authtype = "awsSigv4"

    def __init__(self) -> None:
        self.name = "sigv4"
        self.scopes = []

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

    _authtype = "cognito_user_pools"

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

    def _asked(self) -> dict[str, Any]:
        return {"type": "cognito_user_pools", "providerARNs": list(self._provider_arns)}


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

    _authtype = "custom"

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

    def _asked(self) -> dict[str, Any]:
        authorizer: dict[str, Any] = {
            "type": "token",
            "authorizerUri": self._authorizer_uri,
            "authorizerResultTtlInSeconds": self._ttl_seconds,
        }
        if self._invoke_role_arn is not None:
            authorizer["authorizerCredentials"] = self._invoke_role_arn
        return authorizer


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
        import chalice.authorization

        request = chalice.authorization.request_of(event, self.config.header)
        answer = self.func(request)
        if hasattr(answer, "__await__"):
            import chalice._async

            answer = chalice._async.wait_for(answer)
        if isinstance(answer, chalice.authorization.AuthResponse):
            return answer.to_dict(request)
        if isinstance(answer, dict):
            return answer
        raise TypeError(
            f"The authorizer {self.name!r} must return an AuthResponse, or a policy as a dict, "
            f"not {type(answer).__name__}: nobody is admitted."
        )


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
