"""The definition of a REST API as API Gateway imports it: Swagger 2.0 with AWS's extensions.

Sources: "x-amazon-apigateway extensions to OpenAPI" and "Enable CORS on a
resource using the API Gateway import API", Amazon API Gateway Developer Guide.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from chalice_core.kinds import ApiAuthorizer, ApiRoute, RestApi, TokenAuthorizer, UserPoolAuthorizer
from chalice_core.values import Output, Pseudo, Text, text

API_KEY = "api_key"
"""The security definition of routes that require an API key; no authorizer may be called so."""

_NAME_IN_PATH = re.compile(r"\{([^{}]+?)\+?\}")
_EMPTY_RESPONSE = {"description": "200 response", "schema": {"$ref": "#/definitions/Empty"}}


def document(api: RestApi) -> Mapping[str, Any]:
    """Return the API's definition.

    Returns:
        JSON data whose leaves may be values; `chalice_core.values.render_tree` renders them.
    """
    tree: dict[str, Any] = {
        "swagger": "2.0",
        "info": {"title": api.name, "version": "1.0"},
        "schemes": ["https"],
        "paths": _paths(api.routes),
        "definitions": {"Empty": {"type": "object", "title": "Empty Schema"}},
        "x-amazon-apigateway-binary-media-types": list(api.binary_types),
    }
    if definitions := _security_definitions(api):
        tree["securityDefinitions"] = definitions
    if api.policy is not None:
        tree["x-amazon-apigateway-policy"] = dict(api.policy)
    if api.endpoint_vpce:
        tree["x-amazon-apigateway-endpoint-configuration"] = {"vpcEndpointIds": list(api.endpoint_vpce)}
    return tree


def integration_uri(function_arn: Output) -> Text:
    """Return the URI by which API Gateway invokes a function."""
    return text(
        *("arn:", Pseudo.PARTITION, ":apigateway:", Pseudo.REGION),
        *(":lambda:path/2015-03-31/functions/", function_arn, "/invocations"),
    )


def _paths(routes: Iterable[ApiRoute]) -> dict[str, Any]:
    paths: dict[str, dict[str, Any]] = {}
    cors: dict[str, list[ApiRoute]] = {}
    for route in routes:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route)
        if route.cors is not None:
            cors.setdefault(route.path, []).append(route)
    for path, shared in cors.items():
        # A view of its own answers the preflight; `chalice_core.lowering` refuses to have both.
        paths[path].setdefault("options", _preflight(path, shared))
    return paths


def _operation(route: ApiRoute) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "consumes": list(route.content_types),
        "produces": ["application/json"],
        "responses": {"200": _EMPTY_RESPONSE},
        "x-amazon-apigateway-integration": {
            "type": "aws_proxy",
            # API Gateway invokes Lambda by POST, whatever method the client used.
            "httpMethod": "POST",
            "uri": integration_uri(route.function_arn),
            "passthroughBehavior": "when_no_match",
            "contentHandling": "CONVERT_TO_TEXT",
            "responses": {"default": {"statusCode": "200"}},
        },
    }
    if route.summary:
        operation["summary"] = route.summary
    if route.description:
        operation["description"] = route.description
    if parameters := _parameters(route.path):
        operation["parameters"] = parameters
    if security := _security(route):
        operation["security"] = security
    return operation


def _security(route: ApiRoute) -> list[dict[str, list[str]]]:
    """Return what a caller needs; API Gateway asks for each entry of the list, where OpenAPI says "or"."""
    security: list[dict[str, list[str]]] = []
    if route.api_key_required:
        security.append({API_KEY: []})
    if route.authorizer is not None:
        security.append({route.authorizer: list(route.authorizer_scopes)})
    return security


def _security_definitions(api: RestApi) -> dict[str, Any]:
    definitions: dict[str, Any] = {authorizer.name: _definition(authorizer) for authorizer in api.authorizers}
    if any(route.api_key_required for route in api.routes):
        definitions[API_KEY] = {"type": "apiKey", "name": "x-api-key", "in": "header"}
    return definitions


def _definition(authorizer: ApiAuthorizer) -> dict[str, Any]:
    """Return the scheme of an authorizer ("x-amazon-apigateway-authorizer object", Developer Guide)."""
    if isinstance(authorizer, TokenAuthorizer):
        settings: dict[str, Any] = {"type": "token", "authorizerUri": authorizer.uri}
        if authorizer.credentials is not None:
            settings["authorizerCredentials"] = authorizer.credentials
        if authorizer.ttl_seconds is not None:
            settings["authorizerResultTtlInSeconds"] = authorizer.ttl_seconds
        return _scheme(authorizer.header, "custom", settings)
    if isinstance(authorizer, UserPoolAuthorizer):
        pools = {"type": "cognito_user_pools", "providerARNs": list(authorizer.provider_arns)}
        return _scheme(authorizer.header, "cognito_user_pools", pools)
    return _scheme("Authorization", "awsSigv4", None)


def _scheme(header: str, kind: str, settings: dict[str, Any] | None) -> dict[str, Any]:
    scheme: dict[str, Any] = {
        "type": "apiKey",
        "name": header,
        "in": "header",
        "x-amazon-apigateway-authtype": kind,
    }
    if settings is not None:
        scheme["x-amazon-apigateway-authorizer"] = settings
    return scheme


def _preflight(path: str, routes: Iterable[ApiRoute]) -> dict[str, Any]:
    """Return the mock that answers a browser's preflight request (Fetch Standard, "CORS protocol")."""
    routes = tuple(routes)
    methods = dict.fromkeys((*(route.method for route in routes), "OPTIONS"))
    headers = {"Access-Control-Allow-Methods": ",".join(methods), **(routes[0].cors or {})}
    operation: dict[str, Any] = {
        "consumes": ["application/json"],
        "produces": ["application/json"],
        "responses": {
            "200": {**_EMPTY_RESPONSE, "headers": {name: {"type": "string"} for name in headers}},
        },
        "x-amazon-apigateway-integration": {
            "type": "mock",
            "passthroughBehavior": "when_no_match",
            # Binary media types would hand the mock a body that its template cannot read.
            "contentHandling": "CONVERT_TO_TEXT",
            "requestTemplates": {"application/json": '{"statusCode": 200}'},
            "responses": {
                "default": {
                    "statusCode": "200",
                    "responseParameters": {
                        # A static value is written in single quotes.
                        f"method.response.header.{name}": f"'{value}'"
                        for name, value in headers.items()
                    },
                }
            },
        },
    }
    if parameters := _parameters(path):
        operation["parameters"] = parameters
    return operation


def _parameters(path: str) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "path", "required": True, "type": "string"}
        for name in _NAME_IN_PATH.findall(path)
    ]
