"""REST APIs: Swagger 2.0, mock integrations, and deployments that freeze what was imported."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

from moto.apigateway.exceptions import BadRequestException
from moto.apigateway.models import APIGatewayBackend, RestAPI
from moto.apigateway.responses import APIGatewayResponse

from chalice.gateway import NotEmulatedError, authorizers_of_document, security_schemes
from chalice_localaws.embedded.snapshots import current_document, freeze, set_document
from chalice_localaws.moto_patches.patching import Patch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from moto.apigateway.models import Deployment, Resource

    from chalice_localaws.moto_patches.patching import Plane

__all__ = ["PATCHES"]

_ANY = "x-amazon-apigateway-any-method"
_METHODS = {"get", "put", "post", "delete", "options", "head", "patch", _ANY}
_INTEGRATION = "x-amazon-apigateway-integration"
_AUTHTYPE = "x-amazon-apigateway-authtype"
# What ``GetMethod`` calls them; Lambda authorizers are "CUSTOM".
_AUTHORIZATION_TYPES = {"awssigv4": "AWS_IAM", "cognito_user_pools": "COGNITO_USER_POOLS"}


def _import_rest_api(original: Callable[..., Any], plane: Plane) -> Callable[..., Any]:  # noqa: ARG001 - replaced
    def import_rest_api(self: APIGatewayBackend, api_doc: dict[str, Any], fail_on_warnings: bool) -> RestAPI:
        _check(api_doc)
        info = api_doc["info"]
        api = self.create_rest_api(name=info["title"], description=info.get("description"))
        self.put_rest_api(api.id, api_doc, fail_on_warnings=fail_on_warnings, mode="overwrite")
        return api

    return import_rest_api


def _put_rest_api(original: Callable[..., Any], plane: Plane) -> Callable[..., Any]:  # noqa: ARG001 - replaced
    def put_rest_api(
        self: APIGatewayBackend,
        function_id: str,
        api_doc: dict[str, Any],
        fail_on_warnings: bool,  # noqa: ARG001 - nothing here is a warning: a bad document is an error
        mode: str = "merge",
    ) -> RestAPI:
        if mode not in {"merge", "overwrite"}:
            raise BadRequestException(f"Invalid import mode: {mode}")
        api = self.get_rest_api(function_id)
        _check(api_doc)
        known = current_document(api)
        document = copy.deepcopy(api_doc) if mode == "overwrite" or known is None else _merged(known, api_doc)
        _build(self, api, document)
        set_document(api, document)
        return api

    return put_rest_api


def _create_deployment(original: Callable[..., Any], plane: Plane) -> Callable[..., Any]:  # noqa: ARG001 - no plane
    def create_deployment(
        self: RestAPI, name: str, description: str, stage_variables: Any = None
    ) -> Deployment:
        before = self.stages.get(name) if name else None
        deployment: Deployment = original(self, name, description, stage_variables)
        freeze(self, deployment)
        if before is not None:
            # The stage lives on with all its settings and shows another deployment.
            before.deployment_id = deployment.id
            before.variables = {**before.variables, **(stage_variables or {})}
            self.stages[name] = before
        return deployment

    return create_deployment


def _create_rest_api_response(original: Callable[..., Any], plane: Plane) -> Callable[..., Any]:  # noqa: ARG001
    def create_rest_api(self: APIGatewayResponse) -> tuple[int, dict[str, Any], str]:
        types = (self.querystring or {}).get("endpointConfigurationTypes")
        before = set(self.backend.apis)
        answer: tuple[int, dict[str, Any], str] = original(self)
        created = set(self.backend.apis) - before
        if not types or len(created) != 1:
            return answer
        api = self.backend.apis[created.pop()]
        api.endpoint_configuration = {"types": [types[0]]}
        status, headers, _ = answer
        return status, headers, json.dumps(api.to_dict())

    return create_rest_api


def _apply_patch_operations(original: Callable[..., Any], plane: Plane) -> Callable[..., Any]:  # noqa: ARG001
    def apply_patch_operations(self: RestAPI, patch_operations: list[dict[str, Any]]) -> None:
        original(self, patch_operations)
        for operation in patch_operations:
            if operation["path"] == "/minimumCompressionSize":
                value = operation.get("value")
                removed = operation["op"] == "remove" or value in {None, ""}
                self.minimum_compression_size = None if removed else int(str(value))

    return apply_patch_operations


def _delete_rest_api(original: Callable[..., Any], plane: Plane) -> Callable[..., Any]:  # noqa: ARG001 - no plane
    def delete_rest_api(self: APIGatewayBackend, function_id: str) -> RestAPI:
        self.get_rest_api(function_id)
        deleted: RestAPI = original(self, function_id)
        return deleted

    return delete_rest_api


def _check(document: Any) -> None:
    if not isinstance(document, dict) or not isinstance(document.get("paths"), dict):
        raise BadRequestException("Invalid OpenAPI input: there is no object 'paths'.")
    if document.get("swagger") != "2.0" and not str(document.get("openapi", "")).startswith("3."):
        raise BadRequestException("Invalid OpenAPI input: only Swagger 2.0 and OpenAPI 3 can be imported.")
    if not isinstance(document.get("info"), dict) or not document["info"].get("title"):
        raise BadRequestException("Invalid OpenAPI input: 'info' has no 'title'.")
    for path, method, operation in _operations(document):
        kind = str(operation.get(_INTEGRATION, {}).get("type", "")).lower()
        if kind not in {"aws_proxy", "mock"}:
            raise BadRequestException(
                f"{method} {path}: an integration of type {kind or 'none'!r} is not emulated on "
                "this machine; Lambda proxies and mocks are."
            )
    try:
        authorizers_of_document(document)
    except NotEmulatedError as error:
        raise BadRequestException(str(error)) from error


def _merged(known: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """Merge as API Gateway does: what is new replaces, what is not mentioned stays."""
    document = copy.deepcopy({**known, **new})
    document["paths"] = copy.deepcopy(dict(known["paths"]))
    for path, operations in new["paths"].items():
        document["paths"][path] = {**document["paths"].get(path, {}), **copy.deepcopy(operations)}
    for key in ("securityDefinitions", "definitions"):
        if key in known or key in new:
            document[key] = {**known.get(key, {}), **new.get(key, {})}
    return document


def _operations(document: Mapping[str, Any]) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    for path, operations in document["paths"].items():
        for key, operation in operations.items():
            if key in _METHODS:
                yield path, "ANY" if key == _ANY else key.upper(), operation


def _build(backend: APIGatewayBackend, api: RestAPI, document: dict[str, Any]) -> None:
    """Make moto's resources, methods, integrations and authorizers out of a document."""
    info = document["info"]
    api.name = info["title"]
    api.description = info.get("description") or ""
    api.version = info.get("version")
    api.binaryMediaTypes = list(document.get("x-amazon-apigateway-binary-media-types", ()))
    api.minimum_compression_size = document.get("x-amazon-apigateway-minimum-compression-size")
    if "x-amazon-apigateway-policy" in document:
        api.policy = document["x-amazon-apigateway-policy"]
    api.resources = {api.default.id: api.default}
    api.default.resource_methods.clear()
    known = {"/": api.default}
    for path, method, operation in _operations(document):
        resource = _resource(backend, api, known, path)
        _add_method(resource, method, operation, document)
    _add_authorizers(api, document)


def _resource(backend: APIGatewayBackend, api: RestAPI, known: dict[str, Resource], path: str) -> Resource:
    clean = "/" + path.strip("/")
    if clean not in known:
        above, _, part = clean.rpartition("/")
        parent = _resource(backend, api, known, above or "/")
        known[clean] = backend.create_resource(api.id, parent.id, part)
    return known[clean]


def _add_method(
    resource: Resource, method: str, operation: Mapping[str, Any], document: Mapping[str, Any]
) -> None:
    integration = operation[_INTEGRATION]
    schemes = security_schemes(document)
    kind, authorizer_id, scopes, api_key = "NONE", None, [], False
    for requirement in operation.get("security", document.get("security", ())):
        for name, wanted in requirement.items():
            authtype = schemes.get(name, {}).get(_AUTHTYPE)
            if authtype is None:
                api_key = True
                continue
            kind = _AUTHORIZATION_TYPES.get(str(authtype).lower(), "CUSTOM")
            authorizer_id = None if kind == "AWS_IAM" else name
            scopes = list(wanted)
    made = resource.add_method(
        method, kind, api_key, authorizer_id=authorizer_id, authorization_scopes=scopes or None
    )
    for code in operation.get("responses", {}):
        made.create_response(str(code), {}, {})
    added = resource.add_integration(
        method,
        str(integration["type"]).upper(),
        integration.get("uri"),
        integration_method=integration.get("httpMethod"),
        passthrough_behavior=integration.get("passthroughBehavior"),
        request_templates=integration.get("requestTemplates"),
        content_handling=integration.get("contentHandling"),
        credentials=integration.get("credentials"),
    )
    for pattern, response in (integration.get("responses") or {}).items():
        added.create_integration_response(
            str(response.get("statusCode", "200")),
            "" if pattern == "default" else pattern,
            response.get("responseTemplates") or {},
            response.get("responseParameters") or {},
            None,
        )


def _add_authorizers(api: RestAPI, document: Mapping[str, Any]) -> None:
    api.authorizers.clear()
    for name, scheme in security_schemes(document).items():
        settings = scheme.get("x-amazon-apigateway-authorizer")
        if settings is None:
            continue
        api.create_authorizer(
            authorizer_id=name,
            name=name,
            authorizer_type=str(settings.get("type", "")).upper(),
            provider_arns=settings.get("providerARNs"),
            auth_type=scheme.get(_AUTHTYPE),
            authorizer_uri=settings.get("authorizerUri"),
            authorizer_credentials=settings.get("authorizerCredentials"),
            identity_source=settings.get("identitySource") or f"method.request.header.{scheme.get('name')}",
            identiy_validation_expression=settings.get("identityValidationExpression"),
            authorizer_result_ttl=settings.get("authorizerResultTtlInSeconds"),
        )


PATCHES = (
    Patch(
        owner=APIGatewayBackend,
        name="import_rest_api",
        parameters="self, api_doc, fail_on_warnings",
        why="moto insists on a description, which the document need not have.",
        make=_import_rest_api,
    ),
    Patch(
        owner=APIGatewayBackend,
        name="put_rest_api",
        parameters="self, function_id, api_doc, fail_on_warnings, mode",
        why="moto refuses Swagger 2.0 and mock integrations, and ignores authorizers and binary types.",
        make=_put_rest_api,
    ),
    Patch(
        owner=RestAPI,
        name="create_deployment",
        parameters="self, name, description, stage_variables",
        why="moto keeps nothing of what is deployed, and replaces the stage with all its settings.",
        make=_create_deployment,
    ),
    Patch(
        owner=RestAPI,
        name="apply_patch_operations",
        parameters="self, patch_operations",
        why="moto drops a change of minimumCompressionSize.",
        make=_apply_patch_operations,
    ),
    Patch(
        owner=APIGatewayBackend,
        name="delete_rest_api",
        parameters="self, function_id",
        why="moto fails with status 500 for an API that does not exist.",
        make=_delete_rest_api,
    ),
    Patch(
        owner=APIGatewayResponse,
        name="create_rest_api",
        parameters="self",
        why="moto ignores the parameter endpointConfigurationTypes of an import.",
        make=_create_rest_api_response,
    ),
)
