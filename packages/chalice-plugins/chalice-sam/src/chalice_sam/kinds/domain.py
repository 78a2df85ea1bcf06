"""Domain names and what is behind them, of both generations of API Gateway.

Sources: ``AWS::ApiGateway::DomainName``, ``AWS::ApiGateway::BasePathMapping``,
``AWS::ApiGatewayV2::DomainName``, ``AWS::ApiGatewayV2::ApiMapping``, AWS CloudFormation Template Reference.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalice_sam.intrinsics import Reference
from chalice_sam.kinds.websocket_api import stage_id
from chalice_sam.renderer import KnownOutputs, Rendering, TemplateResource

if TYPE_CHECKING:
    from chalice_core.kinds import ApiMapping, DomainName
    from chalice_sam.renderer import Scope


class DomainNameRenderer:
    """Renders domain names; their certificates and DNS records are their owner's."""

    def reference(self, resource: DomainName, output: str, logical_id: str) -> Reference | None:
        """Return the domain name, or the host that its DNS record points to."""
        if output == "domain_name":
            return Reference(logical_id)
        edge = resource.protocol == "REST" and resource.endpoint_type == "EDGE"
        attributes = {
            "alias_domain_name": "DistributionDomainName" if edge else "RegionalDomainName",
            "hosted_zone_id": "DistributionHostedZoneId" if edge else "RegionalHostedZoneId",
        }
        return Reference(logical_id, attributes[output]) if output in attributes else None

    def render(self, resource: DomainName, scope: Scope) -> Rendering:
        """Return the domain name."""
        rest = resource.protocol == "REST"
        domain = TemplateResource(
            type="AWS::ApiGateway::DomainName" if rest else "AWS::ApiGatewayV2::DomainName",
            properties={
                "DomainName": resource.domain_name,
                **(_rest(resource) if rest else _websocket(resource)),
            },
        )
        return Rendering(resources={scope.logical_id(resource.id): domain})


class ApiMappingRenderer(KnownOutputs):
    """Renders mappings.  Without a base path they have none: an API then has the whole domain name."""

    def render(self, resource: ApiMapping, scope: Scope) -> Rendering:
        """Return the mapping, which waits for the API's stage."""
        rest = resource.protocol == "REST"
        api = scope.logical_id(resource.api_id.of)
        properties: dict[str, Any] = {
            "DomainName": scope.spell(resource.domain_name),
            "RestApiId" if rest else "ApiId": scope.spell(resource.api_id),
            # SAM makes the stage of a REST API and has this name for it; as a ``Ref`` it would be unknown to
            # tools that read templates before SAM does, such as the CDK.
            "Stage": {"Fn::Sub": f"${{{api}.Stage}}"} if rest else {"Ref": stage_id(api)},
        }
        if resource.base_path:
            properties["BasePath" if rest else "ApiMappingKey"] = resource.base_path
        type_ = "AWS::ApiGateway::BasePathMapping" if rest else "AWS::ApiGatewayV2::ApiMapping"
        mapping = TemplateResource(type=type_, properties=properties)
        return Rendering(resources={scope.logical_id(resource.id): mapping})


def _rest(domain: DomainName) -> dict[str, Any]:
    certificate = "CertificateArn" if domain.endpoint_type == "EDGE" else "RegionalCertificateArn"
    properties: dict[str, Any] = {
        "EndpointConfiguration": {"Types": [domain.endpoint_type]},
        certificate: domain.certificate_arn,
        "SecurityPolicy": domain.security_policy,
    }
    if domain.tags:
        properties["Tags"] = [{"Key": key, "Value": value} for key, value in domain.tags.items()]
    return properties


def _websocket(domain: DomainName) -> dict[str, Any]:
    configuration = {
        "CertificateArn": domain.certificate_arn,
        "EndpointType": "REGIONAL",
        "SecurityPolicy": domain.security_policy,
    }
    properties: dict[str, Any] = {"DomainNameConfigurations": [configuration]}
    if domain.tags:
        properties["Tags"] = dict(domain.tags)
    return properties
