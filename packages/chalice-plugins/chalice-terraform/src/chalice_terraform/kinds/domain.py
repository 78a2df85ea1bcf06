"""Domain names of one's own, and the APIs behind them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalice_core.values import Output
from chalice_terraform.expressions import Referring
from chalice_terraform.renderer import KnownOutputs, Rendering, TerraformResource

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalice_core.kinds import ApiMapping, DomainName
    from chalice_terraform.renderer import Scope

_REST = "aws_api_gateway_domain_name"
_WEBSOCKET = "aws_apigatewayv2_domain_name"


class DomainNameRenderer:
    """Renders domain names: ``aws_api_gateway_domain_name``, or ``aws_apigatewayv2_domain_name``."""

    def reference(self, resource: DomainName, output: str, name: str) -> str | None:
        """Look the output up; each sort of domain name has its own words."""
        if resource.protocol == "WEBSOCKET":
            address = f"{_WEBSOCKET}.{name}"
            configuration = f"{address}.domain_name_configuration[0]"
            alias, zone = f"{configuration}.target_domain_name", f"{configuration}.hosted_zone_id"
        else:
            address = f"{_REST}.{name}"
            sort = "cloudfront" if resource.endpoint_type == "EDGE" else "regional"
            alias, zone = f"{address}.{sort}_domain_name", f"{address}.{sort}_zone_id"
        known = {"domain_name": f"{address}.domain_name", "alias_domain_name": alias, "hosted_zone_id": zone}
        return known.get(output)

    def render(self, resource: DomainName, scope: Scope) -> Rendering:
        """Return the domain name, and what a DNS record of it has to point to."""
        websocket = resource.protocol == "WEBSOCKET"
        arguments: dict[str, Any] = {"domain_name": scope.spell(Referring(resource.domain_name))}
        arguments.update(_of_websocket(resource, scope) if websocket else _of_rest(resource, scope))
        if resource.tags:
            arguments["tags"] = scope.spell(resource.tags)
        domain = TerraformResource(
            type=_WEBSOCKET if websocket else _REST, name=scope.name(resource.id), arguments=arguments
        )
        prefix = "Websocket" if websocket else ""
        return Rendering(
            resources=(domain,),
            outputs={
                f"{prefix}AliasDomainName": scope.spell(resource.alias_domain_name),
                f"{prefix}HostedZoneId": scope.spell(resource.hosted_zone_id),
            },
        )


class ApiMappingRenderer(KnownOutputs):
    """Renders mappings: ``aws_api_gateway_base_path_mapping``, or ``aws_apigatewayv2_api_mapping``."""

    def render(self, resource: ApiMapping, scope: Scope) -> Rendering:
        """Return the mapping; without a path it takes all of the domain name's."""
        websocket = resource.protocol == "WEBSOCKET"
        arguments: dict[str, Any] = {
            "domain_name": scope.spell(resource.domain_name),
            "api_id": scope.spell(resource.api_id),
        }
        if websocket:
            arguments["stage"] = scope.spell(Output(resource.api_id.of, "stage_id"))
        else:
            arguments["stage_name"] = scope.spell(Output(resource.api_id.of, "stage_name"))
        if resource.base_path:
            arguments["api_mapping_key" if websocket else "base_path"] = scope.spell(resource.base_path)
        mapping = TerraformResource(
            type="aws_apigatewayv2_api_mapping" if websocket else "aws_api_gateway_base_path_mapping",
            name=scope.name(resource.id),
            arguments=arguments,
        )
        return Rendering(resources=(mapping,))


def _of_rest(domain: DomainName, scope: Scope) -> Mapping[str, Any]:
    certificate = "certificate_arn" if domain.endpoint_type == "EDGE" else "regional_certificate_arn"
    return {
        certificate: scope.spell(Referring(domain.certificate_arn)),
        "security_policy": domain.security_policy,
        "endpoint_configuration": {"types": [domain.endpoint_type]},
    }


def _of_websocket(domain: DomainName, scope: Scope) -> Mapping[str, Any]:
    return {
        "domain_name_configuration": {
            "certificate_arn": scope.spell(Referring(domain.certificate_arn)),
            "endpoint_type": "REGIONAL",
            "security_policy": domain.security_policy,
        }
    }
