"""Domain names of one's own: each name once, each mapping found, nothing left behind."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from moto.apigateway.exceptions import BadRequestException
from moto.apigateway.models import APIGatewayBackend
from moto.apigatewayv2.exceptions import DomainNameNotFound
from moto.apigatewayv2.models import ApiGatewayV2Backend

from chalice_localaws.moto_patches.patching import Patch

if TYPE_CHECKING:
    from collections.abc import Callable

    from moto.apigatewayv2.models import DomainName

    from chalice_localaws.moto_patches.patching import Plane

__all__ = ["PATCHES"]


def _create_first(original: Callable[..., Any], plane: Plane) -> Callable[..., Any]:  # noqa: ARG001 - no plane
    def create_domain_name(self: APIGatewayBackend, domain_name: str, *args: Any, **settings: Any) -> Any:
        if domain_name in self.domain_names:
            raise BadRequestException("The domain name you provided already exists.")
        made = original(self, domain_name, *args, **settings)
        # moto's own listing fails for a name without mappings.
        self.base_path_mappings.setdefault(domain_name, {})
        return made

    return create_domain_name


def _delete_first(original: Callable[..., Any], plane: Plane) -> Callable[..., Any]:  # noqa: ARG001 - no plane
    def delete_domain_name(self: APIGatewayBackend, domain_name: str) -> None:
        original(self, domain_name)
        self.base_path_mappings.pop(domain_name, None)

    return delete_domain_name


def _create_second(original: Callable[..., Any], plane: Plane) -> Callable[..., Any]:  # noqa: ARG001 - no plane
    def create_domain_name(self: ApiGatewayV2Backend, **settings: Any) -> DomainName:
        made: DomainName = original(self, **settings)
        for configuration in made.domain_name_configurations:
            host = f"d-{secrets.token_hex(5)}.execute-api.{self.region_name}.amazonaws.com"
            configuration.setdefault("apiGatewayDomainName", host)
            configuration.setdefault("hostedZoneId", "Z2FDTNDATAQYW2")
            configuration.setdefault("domainNameStatus", "AVAILABLE")
        return made

    return create_domain_name


def _delete_second(original: Callable[..., Any], plane: Plane) -> Callable[..., Any]:  # noqa: ARG001 - no plane
    def delete_domain_name(self: ApiGatewayV2Backend, domain_name: str) -> None:
        if domain_name not in self.domain_names:
            raise DomainNameNotFound
        self.api_mappings = {
            id: mapping for id, mapping in self.api_mappings.items() if mapping.domain_name != domain_name
        }
        original(self, domain_name)

    return delete_domain_name


PATCHES = (
    Patch(
        owner=APIGatewayBackend,
        name="create_domain_name",
        parameters="self, domain_name, certificate_name, tags, certificate_arn, certificate_body, "
        "certificate_private_key, certificate_chain, regional_certificate_name, regional_certificate_arn, "
        "endpoint_configuration, security_policy",
        why="moto makes one name twice, and fails with status 500 when the mappings of a new one are listed.",
        make=_create_first,
    ),
    Patch(
        owner=APIGatewayBackend,
        name="delete_domain_name",
        parameters="self, domain_name",
        why="moto leaves the mappings of a deleted name, which a new one then has.",
        make=_delete_first,
    ),
    Patch(
        owner=ApiGatewayV2Backend,
        name="create_domain_name",
        parameters="self, domain_name, domain_name_configurations, mutual_tls_authentication, tags",
        why="moto does not say to which host the DNS record of the name has to point.",
        make=_create_second,
    ),
    Patch(
        owner=ApiGatewayV2Backend,
        name="delete_domain_name",
        parameters="self, domain_name",
        why="moto fails when the domain name has mappings: it changes what it iterates over.",
        make=_delete_second,
    ),
)
