"""What is wrong with an application's authorizers, before API Gateway would say so.

The rules are those of ``CreateAuthorizer`` and ``PutMethod`` (Amazon API
Gateway API Reference) and of "x-amazon-apigateway-authorizer object" (API
Gateway Developer Guide).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from chalice_core.manifest import App, AuthorizerDeclaration
from chalice_core.swagger import API_KEY

MAX_TTL = 3600
"""Seconds that API Gateway remembers an authorizer's answer at most."""

# A field name is a token (RFC 9110, section 5.6.2).
_HEADER = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_ROLE = re.compile(r"arn:[a-z0-9-]+:iam::\d{12}:role/\S+")
_USER_POOL = re.compile(
    r"arn:[a-z0-9-]+:cognito-idp:[a-z0-9-]+:\d{12}:userpool/[\w-]+_[0-9a-zA-Z]+", re.ASCII
)
_URI = re.compile(r"arn:[a-z0-9-]+:apigateway:[a-z0-9-]+:lambda:path/\S+/functions/\S+/invocations")
_FORM_OF_URI = "arn:aws:apigateway:REGION:lambda:path/2015-03-31/functions/FUNCTION_ARN/invocations"


def authorizer_problems(app: App) -> Iterator[str]:
    """Yield a sentence or two for each problem."""
    yield from _names(app)
    yield from _routes(app)
    for declared in app.authorizers:
        if declared.kind == "builtin":
            yield from _function_of(declared, app)
        if declared.kind != "iam":
            yield from _header(declared)
        if declared.kind in ("builtin", "custom"):
            yield from _ttl(declared)
            yield from _role(declared)
        if declared.kind == "custom":
            yield from _uri(declared)
        if declared.kind == "cognito":
            yield from _user_pools(declared)


def _names(app: App) -> Iterator[str]:
    declared: dict[str, list[AuthorizerDeclaration]] = {}
    for one in app.authorizers:
        declared.setdefault(one.name, []).append(one)
    for name, those in declared.items():
        if not name.strip():
            yield f"An authorizer ({those[0].kind}) has the name {name!r}; give it one that can be read."
        if name == API_KEY:
            yield f"An authorizer cannot be called {name!r}: the API's definition calls API keys so."
        if len(those) > 1:
            kinds = ", ".join(_described(one) for one in those)
            yield (
                f"There are {len(those)} different authorizers of the name {name!r} ({kinds}); an API has "
                "one of each name."
            )


def _described(declared: AuthorizerDeclaration) -> str:
    options = {name: value for name, value in declared.options.items() if value is not None}
    return f"{declared.kind} with {options}" if options else declared.kind


def _routes(app: App) -> Iterator[str]:
    kinds = {declared.name: declared.kind for declared in app.authorizers}
    # A view with several methods is a route for each of them; views of one name need not have one authorizer.
    asking = {(one.path, one.view_name, one.authorizer, one.authorizer_scopes): one for one in app.routes}
    for route in asking.values():
        view = f"The view {route.view_name!r} on {route.path!r}"
        if route.authorizer is None:
            continue
        if route.authorizer not in kinds:
            names = ", ".join(map(repr, kinds)) or "none"
            yield (
                f"{view} names the authorizer {route.authorizer!r}, which does not exist; the application "
                f"has {names}."
            )
        elif kinds[route.authorizer] == "iam" and route.authorizer_scopes:
            yield (
                f"{view} asks for scopes ({', '.join(route.authorizer_scopes)}), and its authorizer "
                f"{route.authorizer!r} checks signatures of AWS, which carry none."
            )


def _function_of(declared: AuthorizerDeclaration, app: App) -> Iterator[str]:
    name = declared.options.get("function")
    if not any(function.name == name and function.kind == "authorizer" for function in app.functions):
        yield (
            f"The authorizer {declared.name!r} is a function that this application does not have; declare it "
            "with @app.authorizer() of this application, or register the blueprint that declares it."
        )


def _header(declared: AuthorizerDeclaration) -> Iterator[str]:
    header = declared.options.get("header")
    if not isinstance(header, str) or not _HEADER.fullmatch(header):
        yield f"The authorizer {declared.name!r} has the header {header!r}, which is no name of a header."


def _ttl(declared: AuthorizerDeclaration) -> Iterator[str]:
    seconds = declared.options.get("ttl_seconds")
    if seconds is None and declared.kind == "builtin":
        return
    if not isinstance(seconds, int) or isinstance(seconds, bool) or not 0 <= seconds <= MAX_TTL:
        yield (
            f"The authorizer {declared.name!r} has ttl_seconds={seconds!r}; API Gateway takes whole seconds "
            f"from 0 to {MAX_TTL}."
        )


def _role(declared: AuthorizerDeclaration) -> Iterator[str]:
    option = "execution_role" if declared.kind == "builtin" else "invoke_role_arn"
    role = declared.options.get(option)
    if role is not None and not _matches(_ROLE, role):
        yield f"The authorizer {declared.name!r} has {option}={role!r}, which is no ARN of an IAM role."


def _uri(declared: AuthorizerDeclaration) -> Iterator[str]:
    uri = declared.options.get("authorizer_uri")
    if not _matches(_URI, uri):
        yield (
            f"The authorizer {declared.name!r} has authorizer_uri={uri!r}; API Gateway calls a function by "
            f"{_FORM_OF_URI}."
        )


def _user_pools(declared: AuthorizerDeclaration) -> Iterator[str]:
    options: Mapping[str, Any] = declared.options
    pools = options.get("provider_arns")
    if not isinstance(pools, list) or not pools:
        yield f"The authorizer {declared.name!r} needs the ARN of a user pool in its provider_arns."
        return
    for pool in pools:
        if not _matches(_USER_POOL, pool):
            yield (
                f"The authorizer {declared.name!r} has {pool!r} among its provider_arns, which is no ARN of "
                "a Cognito user pool: arn:aws:cognito-idp:REGION:ACCOUNT:userpool/REGION_ID."
            )


def _matches(pattern: re.Pattern[str], value: object) -> bool:
    return isinstance(value, str) and pattern.fullmatch(value) is not None
