"""Domain names of one's own in front of APIs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from chalice_core.config import CustomDomain, StageConfig
from chalice_core.kinds import ApiMapping, DomainName, Resource, RestApi, WebSocketApi
from chalice_core.values import ResourceId

REST_DOMAIN = ResourceId("api_gateway_custom_domain")
WEBSOCKET_DOMAIN = ResourceId("websocket_api_custom_domain")

_CERTIFICATE = re.compile(r"arn:[a-z-]+:(?:acm|iam):(?P<region>[a-z0-9-]*):\d{12}:\S+", re.ASCII)
# The first label may be a wildcard ("Wildcard custom domain names", Amazon API Gateway Developer Guide).
_DOMAIN = re.compile(r"(?:\*\.)?(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}", re.ASCII)


def domain_resources(api: RestApi | WebSocketApi, config: StageConfig) -> tuple[Resource, ...]:
    """Return the domain name that the configuration has for an API, and what puts the API behind it.

    Args:
        api: of the application.
        config: of the stage.

    Returns:
        Two resources; none when no domain name is configured.
    """
    rest = isinstance(api, RestApi)
    domain = config.api_gateway_custom_domain if rest else config.websocket_api_custom_domain
    if domain is None:
        return ()
    id = REST_DOMAIN if rest else WEBSOCKET_DOMAIN
    protocol: Literal["REST", "WEBSOCKET"] = "REST" if rest else "WEBSOCKET"
    edge = isinstance(api, RestApi) and api.endpoint_type == "EDGE"
    name = DomainName(
        id=id,
        domain_name=domain.domain_name,
        protocol=protocol,
        endpoint_type="EDGE" if edge else "REGIONAL",
        certificate_arn=domain.certificate_arn,
        security_policy=domain.security_policy,
        tags=domain.tags,
    )
    mapping = ApiMapping(
        id=ResourceId(f"{id}_mapping"),
        domain_name=name.name,
        protocol=protocol,
        api_id=api.api_id,
        stage_name=api.stage_name,
        base_path=domain.base_path,
    )
    return (name, mapping)


def domain_problems(config: StageConfig) -> Iterator[str]:
    """Yield what API Gateway would refuse in the configured domain names."""
    rest, sockets = config.api_gateway_custom_domain, config.websocket_api_custom_domain
    if rest is not None:
        edge = config.api_gateway_endpoint_type == "EDGE"
        yield from _problems("api_gateway_custom_domain", rest, certificate_in="us-east-1" if edge else None)
        if config.api_gateway_endpoint_type == "PRIVATE":
            yield (
                'The "api_gateway_custom_domain" cannot be had for a private API: its domain names belong to '
                'networks that are not configured here. Remove it, or change "api_gateway_endpoint_type".'
            )
    if sockets is not None:
        yield from _problems("websocket_api_custom_domain", sockets, certificate_in=None)
        if sockets.security_policy != "TLS_1_2":
            yield (
                'The "websocket_api_custom_domain" has the "tls_version" '
                f"{sockets.security_policy}; API Gateway has TLS_1_2 for WebSocket APIs, and no other."
            )
    if rest is not None and sockets is not None and rest.domain_name == sockets.domain_name:
        yield (
            f'"api_gateway_custom_domain" and "websocket_api_custom_domain" are both {rest.domain_name!r}; '
            "API Gateway cannot put a REST API and a WebSocket API behind one domain name."
        )


def _problems(key: str, domain: CustomDomain, certificate_in: str | None) -> Iterator[str]:
    if not (_DOMAIN.fullmatch(domain.domain_name) or _is_unknown(domain.domain_name)):
        yield (
            f'The "domain_name" of "{key}" is {domain.domain_name!r}; it must be a host name in lower case, '
            "such as 'api.example.com', without scheme and path."
        )
    certificate = _CERTIFICATE.fullmatch(domain.certificate_arn)
    if certificate is None and not _is_unknown(domain.certificate_arn):
        yield (
            f'The "certificate_arn" of "{key}" is {domain.certificate_arn!r}; it must be the ARN of a '
            "certificate, arn:aws:acm:REGION:ACCOUNT:certificate/ID."
        )
    elif certificate and certificate_in is not None and certificate["region"] not in ("", certificate_in):
        yield (
            f'The certificate of "{key}" is in {certificate["region"]}; an API with the endpoint type EDGE '
            f'needs one in {certificate_in}. Make one there, or set "api_gateway_endpoint_type" to '
            '"REGIONAL".'
        )
    if domain.security_policy == "TLS_1_1":
        yield f'The "tls_version" of "{key}" is TLS_1_1; API Gateway has TLS_1_0 and TLS_1_2.'


def _is_unknown(value: str) -> bool:
    """Tell what another tool will fill in: a token of the AWS CDK."""
    return "${Token[" in value
