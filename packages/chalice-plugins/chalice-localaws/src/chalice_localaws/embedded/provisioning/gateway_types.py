"""APIs, their stages and domain names.

"Amazon API Gateway" and "Amazon API Gateway V2 resource type reference", AWS CloudFormation Template
Reference.
"""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Any

from chalice_localaws.embedded.provisioning.api import Api, ApiType, Caller
from chalice_localaws.embedded.provisioning.model import Provisioned, ProvisioningError

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["gateway_types"]


def gateway_types(api: Api) -> Mapping[str, ApiType]:
    """Return the types by their names."""
    kind = partial(ApiType, api=api)
    return {
        "AWS::ApiGateway::RestApi": kind(
            creating=_import_rest_api,
            updating=_reimport_rest_api,
            deleting=lambda call, api_id, _: call.unless_gone(
                "apigateway", "delete_rest_api", restApiId=api_id
            ),
        ),
        "AWS::ApiGateway::Deployment": kind(
            creating=_deploy_rest_api, deleting=_delete_deployment, replaces=None
        ),
        "AWS::ApiGateway::Stage": kind(
            creating=_create_stage,
            updating=_update_stage,
            deleting=lambda call, name, properties: call.unless_gone(
                "apigateway", "delete_stage", restApiId=properties["RestApiId"], stageName=name
            ),
            replaces=frozenset({"RestApiId", "StageName"}),
        ),
        "AWS::ApiGateway::DomainName": kind(
            creating=_create_domain_name,
            deleting=lambda call, name, _: call.unless_gone(
                "apigateway", "delete_domain_name", domainName=name
            ),
            replaces=None,
        ),
        "AWS::ApiGateway::BasePathMapping": kind(
            creating=_create_base_path, deleting=_delete_base_path, replaces=None
        ),
        **{
            f"AWS::ApiGatewayV2::{name}": kind(
                creating=partial(_create_v2, part=part),
                updating=partial(_update_v2, part=part) if name != "Deployment" else None,
                deleting=partial(_delete_v2, part=part),
                replaces=frozenset(part.replaces) if name != "Deployment" else None,
            )
            for name, part in _V2.items()
        },
    }


def _import_rest_api(call: Caller, properties: dict[str, Any]) -> Provisioned:
    body = _body(call, properties)
    endpoint = properties.get("EndpointConfiguration") or {}
    if body is None:
        made = call(
            "apigateway",
            "create_rest_api",
            name=properties.get("Name", call.scope.logical_id),
            description=properties.get("Description"),
            endpointConfiguration=_lower(endpoint) or None,
        )
    else:
        made = call(
            "apigateway",
            "import_rest_api",
            body=json.dumps(body).encode(),
            parameters={"endpointConfigurationTypes": ",".join(endpoint.get("Types", ()))}
            if endpoint
            else {},
        )
    _set_rest_api(call, made["id"], properties)
    return _rest_api(call, made["id"])


def _reimport_rest_api(
    call: Caller,
    there: Provisioned,
    before: dict[str, Any],  # noqa: ARG001 - the document says it all
    properties: dict[str, Any],
) -> Provisioned:
    body = _body(call, properties)
    if body is not None:
        call(
            "apigateway",
            "put_rest_api",
            restApiId=there.identifier,
            mode="overwrite",
            body=json.dumps(body).encode(),
        )
    _set_rest_api(call, there.identifier, properties)
    return _rest_api(call, there.identifier)


def _body(call: Caller, properties: Mapping[str, Any]) -> dict[str, Any] | None:
    place = properties.get("BodyS3Location")
    if place is not None:
        stored = call("s3", "get_object", Bucket=place["Bucket"], Key=place["Key"])["Body"].read()
        body: dict[str, Any] = json.loads(stored)
    elif "Body" in properties:
        body = dict(properties["Body"])
    else:
        return None
    # The name of the resource stands in for a title, and wins over one.
    info = dict(body.get("info") or {"version": "1.0"})
    info["title"] = properties.get("Name") or info.get("title") or call.scope.logical_id
    body["info"] = info
    return body


def _set_rest_api(call: Caller, id: str, properties: Mapping[str, Any]) -> None:
    values = {
        "/minimumCompressionSize": properties.get("MinimumCompressionSize"),
        "/description": properties.get("Description"),
        "/policy": json.dumps(properties["Policy"]) if "Policy" in properties else None,
    }
    operations = [
        {"op": "replace", "path": path, "value": str(value)}
        for path, value in values.items()
        if value is not None
    ]
    operations += [
        {"op": "add", "path": f"/binaryMediaTypes/{kind.replace('/', '~1')}"}
        for kind in properties.get("BinaryMediaTypes", ())
    ]
    if operations:
        call("apigateway", "update_rest_api", restApiId=id, patchOperations=operations)


def _rest_api(call: Caller, id: str) -> Provisioned:
    resources = call("apigateway", "get_resources", restApiId=id)["items"]
    root = next((one["id"] for one in resources if one["path"] == "/"), "")
    return Provisioned(identifier=id, attributes={"RestApiId": id, "RootResourceId": root})


def _deploy_rest_api(call: Caller, properties: dict[str, Any]) -> Provisioned:
    made = call(
        "apigateway",
        "create_deployment",
        restApiId=properties["RestApiId"],
        stageName=properties.get("StageName"),
        description=properties.get("Description"),
    )
    return Provisioned(identifier=made["id"], attributes={"DeploymentId": made["id"]})


def _delete_deployment(call: Caller, identifier: str, properties: dict[str, Any]) -> None:
    rest_api, stage = properties["RestApiId"], properties.get("StageName")
    if stage is not None:
        # A stage that the deployment brought goes with it.
        call.unless_gone("apigateway", "delete_stage", restApiId=rest_api, stageName=stage)
    call.unless_gone("apigateway", "delete_deployment", restApiId=rest_api, deploymentId=identifier)


def _create_stage(call: Caller, properties: dict[str, Any]) -> Provisioned:
    call(
        "apigateway",
        "create_stage",
        restApiId=properties["RestApiId"],
        stageName=properties["StageName"],
        deploymentId=properties["DeploymentId"],
        description=properties.get("Description"),
        variables=properties.get("Variables"),
        tracingEnabled=properties.get("TracingEnabled"),
        tags=_tags(properties) or None,
    )
    return Provisioned(identifier=properties["StageName"])


def _update_stage(
    call: Caller, there: Provisioned, before: dict[str, Any], properties: dict[str, Any]
) -> Provisioned:
    operations = [{"op": "replace", "path": "/deploymentId", "value": properties["DeploymentId"]}]
    old, new = before.get("Variables", {}), properties.get("Variables", {})
    operations += [{"op": "remove", "path": f"/variables/{key}"} for key in old if key not in new]
    operations += [
        {"op": "replace", "path": f"/variables/{key}", "value": str(value)} for key, value in new.items()
    ]
    if before.get("TracingEnabled") != properties.get("TracingEnabled"):
        traced = str(properties.get("TracingEnabled", False)).lower()
        operations.append({"op": "replace", "path": "/tracingEnabled", "value": traced})
    call(
        "apigateway",
        "update_stage",
        restApiId=properties["RestApiId"],
        stageName=there.identifier,
        patchOperations=operations,
    )
    return there


def _create_domain_name(call: Caller, properties: dict[str, Any]) -> Provisioned:
    made = call("apigateway", "create_domain_name", **_lower(properties), tags=_tags(properties) or None)
    return Provisioned(
        identifier=properties["DomainName"],
        attributes={
            "RegionalDomainName": made.get("regionalDomainName", ""),
            "RegionalHostedZoneId": made.get("regionalHostedZoneId", ""),
            "DistributionDomainName": made.get("distributionDomainName", ""),
            "DistributionHostedZoneId": made.get("distributionHostedZoneId", "Z2FDTNDATAQYW2"),
        },
    )


def _create_base_path(call: Caller, properties: dict[str, Any]) -> Provisioned:
    made = call("apigateway", "create_base_path_mapping", **_lower(properties))
    return Provisioned(identifier=f"{properties['DomainName']}|{made['basePath']}")


def _delete_base_path(call: Caller, identifier: str, properties: dict[str, Any]) -> None:
    call.unless_gone(
        "apigateway",
        "delete_base_path_mapping",
        domainName=properties["DomainName"],
        basePath=identifier.rpartition("|")[2],
    )


class _Part:
    """A resource of the second API: the noun of its calls, the member with its id, what cannot change."""

    def __init__(self, noun: str, id: str, *replaces: str, inside: str = "") -> None:
        self.noun = noun
        self.id = id
        self.inside = inside
        self.replaces = replaces


_V2 = {
    "Api": _Part("api", "ApiId", "ProtocolType"),
    "Integration": _Part("integration", "IntegrationId", "ApiId", inside="ApiId"),
    "Route": _Part("route", "RouteId", "ApiId", inside="ApiId"),
    "Deployment": _Part("deployment", "DeploymentId", "ApiId", inside="ApiId"),
    "Stage": _Part("stage", "StageName", "ApiId", "StageName", inside="ApiId"),
    "DomainName": _Part("domain_name", "DomainName", "DomainName"),
    "ApiMapping": _Part("api_mapping", "ApiMappingId", "DomainName", inside="DomainName"),
}


def _create_v2(call: Caller, properties: dict[str, Any], *, part: _Part) -> Provisioned:
    if "Body" in properties:
        raise ProvisioningError("An API made from a Body (API Gateway v2) is not emulated on this machine.")
    made = call("apigatewayv2", f"create_{part.noun}", **properties)
    return _v2(made, part)


def _update_v2(
    call: Caller,
    there: Provisioned,
    before: dict[str, Any],  # noqa: ARG001 - the calls take all settings
    properties: dict[str, Any],
    *,
    part: _Part,
) -> Provisioned:
    settings = {key: value for key, value in properties.items() if key not in {"ProtocolType", "Tags"}}
    settings[part.id] = there.identifier
    return _v2({**call("apigatewayv2", f"update_{part.noun}", **settings), part.id: there.identifier}, part)


def _delete_v2(call: Caller, identifier: str, properties: dict[str, Any], *, part: _Part) -> None:
    inside = {part.inside: properties[part.inside]} if part.inside else {}
    call.unless_gone("apigatewayv2", f"delete_{part.noun}", **{**inside, part.id: identifier})


def _v2(made: Mapping[str, Any], part: _Part) -> Provisioned:
    attributes: dict[str, Any] = {part.id: made[part.id]}
    for configuration in made.get("DomainNameConfigurations", ())[:1]:
        attributes["RegionalDomainName"] = configuration.get("ApiGatewayDomainName", "")
        attributes["RegionalHostedZoneId"] = configuration.get("HostedZoneId", "")
    if "ApiEndpoint" in made:
        attributes["ApiEndpoint"] = made["ApiEndpoint"]
    return Provisioned(identifier=made[part.id], attributes=attributes)


def _lower(value: Any) -> Any:
    """Return properties as the first API spells them: ``regionalCertificateArn``."""
    if isinstance(value, dict):
        return {key[:1].lower() + key[1:]: _lower(item) for key, item in value.items() if key != "Tags"}
    if isinstance(value, list):
        return [_lower(item) for item in value]
    return value


def _tags(properties: Mapping[str, Any]) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in properties.get("Tags") or ()}
