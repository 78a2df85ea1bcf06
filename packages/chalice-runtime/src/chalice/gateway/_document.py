"""Reads routes and authorizers out of the Swagger 2.0 or OpenAPI 3 document that an API was created from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalice.gateway._messages import HEADER_SOURCE, GatewayAuthorizer, GatewayRoute, NotEmulatedError

if TYPE_CHECKING:
    from collections.abc import Mapping

_METHODS = {"get", "put", "post", "delete", "options", "head", "patch"}
_ANY = "x-amazon-apigateway-any-method"
_INTEGRATION = "x-amazon-apigateway-integration"
_BINARY = "x-amazon-apigateway-binary-media-types"
_AUTHTYPE = "x-amazon-apigateway-authtype"
_AUTHORIZER = "x-amazon-apigateway-authorizer"
_RESPONSE_HEADER = "method.response.header."


def routes_of_document(document: Mapping[str, Any]) -> tuple[list[GatewayRoute], list[str]]:
    """Read an API document with API Gateway's extensions.

    Args:
        document: A decoded Swagger 2.0 or OpenAPI 3 document.

    Returns:
        The routes, whose targets are the ARNs of the functions that answer them, and the binary media types.

    Raises:
        NotEmulatedError: An integration is neither a Lambda proxy nor a mock.

    See https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions.html
    """
    schemes = security_schemes(document)
    everywhere = document.get("security", [])
    routes = []
    for path, operations in document.get("paths", {}).items():
        for key, operation in operations.items():
            if key != _ANY and key not in _METHODS:
                continue
            method = "ANY" if key == _ANY else key.upper()
            routes.append(_route(path, method, operation, operation.get("security", everywhere), schemes))
    return routes, list(document.get(_BINARY, ()))


def authorizers_of_document(document: Mapping[str, Any]) -> dict[str, GatewayAuthorizer]:
    """Read the authorizers of an API document.

    Args:
        document: A decoded Swagger 2.0 or OpenAPI 3 document.

    Returns:
        By name.  The targets of Lambda authorizers are the ARNs of their functions.

    Raises:
        NotEmulatedError: An authorizer is of a type that this emulator does not know.

    See https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-authorizer.html
    """
    return {
        name: authorizer_of_definition(name, scheme)
        for name, scheme in security_schemes(document).items()
        if _AUTHTYPE in scheme or _AUTHORIZER in scheme
    }


def authorizer_of_definition(name: str, scheme: Mapping[str, Any]) -> GatewayAuthorizer:
    """Read one authorizer: a security definition with API Gateway's extensions.

    Raises:
        NotEmulatedError: It is of a type that this emulator does not know.
    """
    where = f"The security definition {name!r}"
    if str(scheme.get(_AUTHTYPE)).lower() == "awssigv4":
        return GatewayAuthorizer(name=name, kind="iam")
    details: Mapping[str, Any] = scheme.get(_AUTHORIZER) or {}
    kind = str(details.get("type", "")).lower()
    header = (f"{HEADER_SOURCE}{scheme.get('name') or 'Authorization'}",)
    if kind == "cognito_user_pools":
        arns = tuple(details.get("providerARNs", ()))
        return GatewayAuthorizer(name=name, kind="cognito", identity_sources=header, provider_arns=arns)
    if kind not in ("token", "request"):
        raise NotEmulatedError(f"an authorizer of type {kind!r}", where)
    named = tuple(
        part.strip() for part in str(details.get("identitySource") or "").split(",") if part.strip()
    )
    ttl = details.get("authorizerResultTtlInSeconds")
    return GatewayAuthorizer(
        name=name,
        kind="token" if kind == "token" else "request",
        target=_function_arn(str(details.get("authorizerUri", "")), "authorizer", where),
        # A REQUEST authorizer without sources is asked about every request.
        identity_sources=named or (header if kind == "token" else ()),
        validation=details.get("identityValidationExpression"),
        ttl_seconds=300 if ttl is None else int(ttl),
    )


def security_schemes(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the security definitions of a document, by name; where they are depends on its version."""
    schemes: Mapping[str, Any] = document.get("securityDefinitions") or {}
    return schemes or document.get("components", {}).get("securitySchemes", {})


def _route(
    path: str, method: str, operation: Mapping[str, Any], security: Any, schemes: Mapping[str, Any]
) -> GatewayRoute:
    where = f"{method} {path}"
    integration = operation.get(_INTEGRATION)
    if integration is None:
        raise NotEmulatedError("a method without an integration", where)
    kind = str(integration.get("type", "")).lower()
    authorizer, scopes, api_key_required = _security(security, schemes)
    if kind == "mock":
        return GatewayRoute(path=path, method=method, mock=_mock_headers(integration))
    if kind != "aws_proxy":
        raise NotEmulatedError(f"an integration of type {kind!r}", where)
    return GatewayRoute(
        path=path,
        method=method,
        target=_function_arn(str(integration.get("uri", "")), "integration", where),
        authorizer=authorizer,
        authorizer_scopes=scopes,
        api_key_required=api_key_required,
    )


def _security(security: Any, schemes: Mapping[str, Any]) -> tuple[str | None, tuple[str, ...], bool]:
    """Return the authorizer, its scopes, and whether an API key is needed.

    Both are ``apiKey`` schemes, and only an authorizer has an authtype.
    """
    authorizer, scopes, api_key_required = None, (), False
    for requirement in security:
        for name, wanted in requirement.items():
            scheme = schemes.get(name, {})
            if scheme.get("name", "").lower() == "x-api-key" and _AUTHTYPE not in scheme:
                api_key_required = True
            else:
                authorizer, scopes = name, tuple(wanted)
    return authorizer, scopes, api_key_required


def _mock_headers(integration: Mapping[str, Any]) -> dict[str, str]:
    responses: Mapping[str, Any] = integration.get("responses", {})
    response: Mapping[str, Any] = responses.get("default") or next(iter(responses.values()), {})
    headers = {}
    for name, value in response.get("responseParameters", {}).items():
        if name.startswith(_RESPONSE_HEADER):
            # A static value is written between single quotes; anything else would be a mapping expression.
            headers[name.removeprefix(_RESPONSE_HEADER)] = str(value).strip("'")
    return headers


def _function_arn(uri: str, what: str, where: str) -> str:
    """Cut the function's ARN out of ``arn:…:lambda:path/2015-03-31/functions/ARN/invocations``."""
    _, _, rest = uri.partition("/functions/")
    arn, found, _ = rest.rpartition("/invocations")
    if not found:
        raise NotEmulatedError(f"an {what} with the URI {uri!r}", where)
    return arn
