"""Who may call a route: Lambda authorizers, Cognito user pools, and those that nobody here can ask.

See https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-control-access-to-api.html
"""

from __future__ import annotations

import json
import re
import threading
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chalice.gateway._messages import (
    HEADER_SOURCE,
    GatewayAuthorizer,
    GatewayRoute,
    InvokeAuthorizer,
    NotEmulatedError,
    UncheckedAuthorizerWarning,
)
from chalice.gateway._policy import MalformedPolicyError, decide
from chalice.gateway._token import MalformedTokenError, claims_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

# What an authorizer's function sees of a request; a body it never gets.
_HIDDEN = {"body", "isBase64Encoded"}

# https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-output.html
_MAX_ARN_BYTES = 1600

_CROWDED = 100


class RefusedError(Exception):
    """API Gateway answers in place of the function.

    Args:
        status: The HTTP status.
        body: The JSON document of the response.
        kind: The value of ``x-amzn-ErrorType``.
    """

    def __init__(self, status: int, body: str, kind: str) -> None:
        super().__init__(kind)
        self.status = status
        self.body = body
        self.kind = kind


@dataclass(frozen=True, slots=True)
class _Answer:
    """What an authorizer's function returned, and until when it stands."""

    policy: object
    context: Mapping[str, Any]
    until: float


class Gatekeeper:
    """Asks the authorizers of an API.

    Args:
        authorizers: By name.
        invoke: Runs the function of a Lambda authorizer.
        clock: Seconds since the epoch: what tokens expire by, and policies.
        check_signature: See `RestGateway`.
    """

    def __init__(
        self,
        authorizers: Mapping[str, GatewayAuthorizer],
        invoke: InvokeAuthorizer,
        clock: Callable[[], float],
        check_signature: Callable[[Mapping[str, Any]], None] | None = None,
    ) -> None:
        self._authorizers = dict(authorizers)
        self._invoke = invoke
        self._clock = clock
        self._check_signature = check_signature
        self._lock = threading.Lock()
        self._answers: dict[tuple[str, ...], _Answer] = {}
        # With how many answers in memory those are looked for that do not stand any more.
        self._crowded = _CROWDED

    def admit(
        self, route: GatewayRoute, event: Mapping[str, Any], method_arn: str
    ) -> Mapping[str, Any] | None:
        """Ask the authorizer of a route.

        Args:
            route: A route that has one.
            event: The proxy event of the request.
            method_arn: What is called, as policies name it.

        Returns:
            What the function gets as ``requestContext.authorizer``, or None.

        Raises:
            RefusedError: The caller may not call, or the authorizer cannot say so.
            NotEmulatedError: The authorizer needs something that this emulator does not have.
        """
        where = f"{route.method} {route.path}"
        authorizer = self._authorizers.get(str(route.authorizer))
        if authorizer is None:
            raise NotEmulatedError(f"the authorizer {route.authorizer!r}", where)
        if authorizer.kind == "iam" and self._check_signature is not None:
            self._check_signature(event)
            return None
        if authorizer.kind in ("iam", "custom"):
            asked = "AWS credentials" if authorizer.kind == "iam" else "a function outside of the application"
            _warn(
                f"The authorizer {authorizer.name!r} needs {asked}, which cannot be asked on this machine: "
                "every caller is admitted."
            )
            return None
        identity = [_identity(source, event) for source in authorizer.identity_sources]
        if not all(identity):
            raise _unauthorized()
        if authorizer.kind == "cognito":
            return self._read_token(authorizer, identity[0], route.authorizer_scopes)
        return self._ask_function(authorizer, identity, event, method_arn, where)

    def _ask_function(
        self,
        authorizer: GatewayAuthorizer,
        identity: list[str],
        event: Mapping[str, Any],
        method_arn: str,
        where: str,
    ) -> Mapping[str, Any]:
        if len(method_arn.encode("utf-8", "replace")) > _MAX_ARN_BYTES:
            raise RefusedError(414, '{"message":"Request URI too long"}', "RequestURITooLongException")
        question: dict[str, Any] = {"type": authorizer.kind.upper(), "methodArn": method_arn}
        if authorizer.kind == "token":
            if not _is_valid(authorizer, identity[0], where):
                raise _unauthorized()
            question["authorizationToken"] = identity[0]
        else:
            question.update((key, value) for key, value in event.items() if key not in _HIDDEN)
        key = (authorizer.name, *identity)
        answer = self._remembered(key)
        if answer is None:
            answer = self._answer(authorizer, question)
            self._remember(key, answer)
        try:
            # The policy of an earlier request may be about other routes, and is read again for this one.
            decision = decide(answer.policy, method_arn)
        except MalformedPolicyError as error:
            raise _misconfigured() from error
        if decision != "allowed":
            message = "User is not authorized to access this resource"
            explicit = " with an explicit deny" if decision == "explicitly denied" else ""
            raise RefusedError(403, json.dumps({"Message": message + explicit}), "AccessDeniedException")
        return answer.context

    def _answer(self, authorizer: GatewayAuthorizer, question: dict[str, Any]) -> _Answer:
        outcome = self._invoke(authorizer, question)
        result = outcome.payload
        if outcome.error:
            if isinstance(result, dict) and result.get("errorMessage") == "Unauthorized":
                raise _unauthorized()
            raise _misconfigured()
        if not isinstance(result, dict) or "policyDocument" not in result:
            raise _misconfigured()
        principal, context = _context_value(result.get("principalId")), result.get("context") or {}
        if principal is None or not isinstance(context, dict):
            raise _misconfigured()
        until = self._clock() + authorizer.ttl_seconds
        texts = {key: _context_value(value) for key, value in context.items()}
        return _Answer(result["policyDocument"], {**texts, "principalId": principal}, until)

    def _remembered(self, key: tuple[str, ...]) -> _Answer | None:
        with self._lock:
            answer = self._answers.get(key)
        return answer if answer is not None and self._clock() < answer.until else None

    def _remember(self, key: tuple[str, ...], answer: _Answer) -> None:
        now = self._clock()
        with self._lock:
            if len(self._answers) >= self._crowded:
                # Not for each answer: many callers would take time by the square of their number.
                self._answers = {old: known for old, known in self._answers.items() if now < known.until}
                self._crowded = max(_CROWDED, 2 * len(self._answers))
            self._answers[key] = answer

    def _read_token(
        self, authorizer: GatewayAuthorizer, header: str, scopes: tuple[str, ...]
    ) -> Mapping[str, Any]:
        """Return the claims of a user pool's token, of which only the signature stays unread."""
        scheme, _, rest = header.partition(" ")
        try:
            claims = claims_of(rest.strip() if scheme.lower() == "bearer" else header)
        except MalformedTokenError as error:
            raise _unauthorized() from error
        expires = claims.get("exp")
        if expires is not None:
            if isinstance(expires, bool) or not isinstance(expires, (int, float)):
                raise _unauthorized()
            if expires <= self._clock():
                raise _unauthorized("The incoming token has expired")
        granted = claims.get("scope")
        if scopes and not (isinstance(granted, str) and set(scopes) & set(granted.split())):
            raise _unauthorized()
        if not scopes and claims.get("token_use") == "access":
            # API Gateway takes access tokens only where it has scopes to compare.
            raise _unauthorized()
        _warn(
            f"The authorizer {authorizer.name!r} takes every token on this machine that is well-formed and "
            "not expired: signatures are not verified."
        )
        username = claims.get("cognito:username")
        return {"claims": claims} if username is None else {"claims": claims, "principalId": username}


def method_arn(region: str, account_id: str, api_id: str, stage: str, method: str, path: str) -> str:
    """Return the name that policies have for a call; the path in it is that of the request."""
    partition = "aws"
    if region.startswith("cn-"):
        partition = "aws-cn"
    elif region.startswith("us-gov-"):
        partition = "aws-us-gov"
    resource = f"{api_id}/{stage}/{method}/{path.removeprefix('/')}"
    return f"arn:{partition}:execute-api:{region}:{account_id}:{resource}"


def _identity(source: str, event: Mapping[str, Any]) -> str:
    """Return a part of the request; empty when it is not there."""
    value: Any = None
    if source.startswith(HEADER_SOURCE):
        wanted = source.removeprefix(HEADER_SOURCE).lower()
        headers = event["headers"] or {}
        value = next((text for name, text in headers.items() if name.lower() == wanted), None)
    elif source.startswith("method.request.querystring."):
        value = (event["queryStringParameters"] or {}).get(source.removeprefix("method.request.querystring."))
    elif source.startswith("stageVariables."):
        value = (event["stageVariables"] or {}).get(source.removeprefix("stageVariables."))
    elif source.startswith("context."):
        value = event["requestContext"]
        for name in source.removeprefix("context.").split("."):
            value = value.get(name) if isinstance(value, dict) else None
    else:
        raise NotEmulatedError(f"the identity source {source!r}", str(event["resource"]))
    return "" if value is None else str(value)


def _is_valid(authorizer: GatewayAuthorizer, token: str, where: str) -> bool:
    if authorizer.validation is None:
        return True
    try:
        return re.fullmatch(authorizer.validation, token) is not None
    except re.error as error:
        # API Gateway's regular expressions are Java's, which know a little more.
        raise NotEmulatedError(f"the regular expression {authorizer.validation!r}", where) from error


def _context_value(value: object) -> str | None:
    """Return a value of an authorizer's context as functions get it: a string, whatever it was."""
    if isinstance(value, (dict, list)):
        raise _misconfigured()
    return value if value is None or isinstance(value, str) else json.dumps(value)


def _unauthorized(message: str = "Unauthorized") -> RefusedError:
    return RefusedError(401, f'{{"message":"{message}"}}', "UnauthorizedException")


def _misconfigured() -> RefusedError:
    return RefusedError(500, '{"message":null}', "AuthorizerConfigurationException")


def _warn(message: str) -> None:
    warnings.warn(message, UncheckedAuthorizerWarning, stacklevel=2)
