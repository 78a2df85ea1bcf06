"""Reads the routes out of the Swagger 2.0 or OpenAPI 3 document that an API was created from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalice.gateway._messages import GatewayRoute, NotEmulatedError

if TYPE_CHECKING:
    from collections.abc import Mapping

_METHODS = {"get", "put", "post", "delete", "options", "head", "patch"}
_ANY = "x-amazon-apigateway-any-method"
_INTEGRATION = "x-amazon-apigateway-integration"
_BINARY = "x-amazon-apigateway-binary-media-types"
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
    schemes = document.get("securityDefinitions") or document.get("components", {}).get("securitySchemes", {})
    everywhere = document.get("security", [])
    routes = []
    for path, operations in document.get("paths", {}).items():
        for key, operation in operations.items():
            if key != _ANY and key not in _METHODS:
                continue
            method = "ANY" if key == _ANY else key.upper()
            routes.append(_route(path, method, operation, operation.get("security", everywhere), schemes))
    return routes, list(document.get(_BINARY, ()))


def _route(
    path: str, method: str, operation: Mapping[str, Any], security: Any, schemes: Mapping[str, Any]
) -> GatewayRoute:
    where = f"{method} {path}"
    integration = operation.get(_INTEGRATION)
    if integration is None:
        raise NotEmulatedError("a method without an integration", where)
    kind = str(integration.get("type", "")).lower()
    authorizer, api_key_required = _security(security, schemes)
    if kind == "mock":
        return GatewayRoute(path=path, method=method, mock=_mock_headers(integration))
    if kind != "aws_proxy":
        raise NotEmulatedError(f"an integration of type {kind!r}", where)
    return GatewayRoute(
        path=path,
        method=method,
        target=_function_arn(str(integration.get("uri", "")), where),
        authorizer=authorizer,
        api_key_required=api_key_required,
    )


def _security(security: Any, schemes: Mapping[str, Any]) -> tuple[str | None, bool]:
    """Tell an API key from an authorizer: both are ``apiKey`` schemes, only the latter has an authtype."""
    authorizer, api_key_required = None, False
    for requirement in security:
        for name in requirement:
            scheme = schemes.get(name, {})
            if scheme.get("name", "").lower() == "x-api-key" and "x-amazon-apigateway-authtype" not in scheme:
                api_key_required = True
            else:
                authorizer = name
    return authorizer, api_key_required


def _mock_headers(integration: Mapping[str, Any]) -> dict[str, str]:
    responses: Mapping[str, Any] = integration.get("responses", {})
    response: Mapping[str, Any] = responses.get("default") or next(iter(responses.values()), {})
    headers = {}
    for name, value in response.get("responseParameters", {}).items():
        if name.startswith(_RESPONSE_HEADER):
            # A static value is written between single quotes; anything else would be a mapping expression.
            headers[name.removeprefix(_RESPONSE_HEADER)] = str(value).strip("'")
    return headers


def _function_arn(uri: str, where: str) -> str:
    """Cut the function's ARN out of ``arn:…:lambda:path/2015-03-31/functions/ARN/invocations``."""
    _, _, rest = uri.partition("/functions/")
    arn, found, _ = rest.rpartition("/invocations")
    if not found:
        raise NotEmulatedError(f"an integration with the URI {uri!r}", where)
    return arn
