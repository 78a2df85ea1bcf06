"""Domain names of one's own: which API a host and a path mean, and the calls for them that moto lacks.

Nobody's DNS points here, so a client says the name itself: ``curl -H 'Host: api.example.com'``.

https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-custom-domains.html
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from moto.apigateway.models import apigateway_backends
from moto.apigatewayv2.models import apigatewayv2_backends

from chalice_local import ExecuteApiAddress
from chalice_localaws.embedded.calls import Call, Caller, CallError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["CALLS", "custom_address", "is_custom_domain"]

_NO_PATH = "(none)"


def is_custom_domain(host: str) -> bool:
    """Return whether a Host header is a domain name that was created here."""
    name = _name(host)
    first = [backend for account in list(apigateway_backends.values()) for backend in list(account.values())]
    second = [
        backend for account in list(apigatewayv2_backends.values()) for backend in list(account.values())
    ]
    return any(name in one.domain_names for one in first) or any(name in two.domain_names for two in second)


def custom_address(host: str, raw_path: str) -> ExecuteApiAddress | None:
    """Return the API that a request to a domain name is for; None when no mapping fits its path.

    Args:
        host: the Host header, with or without a port.
        raw_path: the path as it came, undecoded, without query.
    """
    fitting = [
        (path, api_id, stage)
        for path, api_id, stage in _mappings(_name(host))
        if not path or raw_path == f"/{path}" or raw_path.startswith(f"/{path}/")
    ]
    if not fitting:
        return None
    path, api_id, stage = max(fitting, key=lambda found: len(found[0]))
    rest = raw_path[len(path) + 1 :] if path else raw_path
    if not stage:
        # A mapping without a stage leaves it to the path.
        stage, _, rest = rest.removeprefix("/").partition("/")
    return ExecuteApiAddress(api_id=api_id, stage=stage, path=f"/{rest.removeprefix('/')}")


def _mappings(name: str) -> Iterator[tuple[str, str, str]]:
    for account in list(apigateway_backends.values()):
        for backend in list(account.values()):
            for mapping in list(backend.base_path_mappings.get(name, {}).values()):
                path = "" if mapping.base_path == _NO_PATH else mapping.base_path
                yield path, mapping.rest_api_id, mapping.stage or ""
    for other_account in list(apigatewayv2_backends.values()):
        for second in list(other_account.values()):
            for other in list(second.api_mappings.values()):
                if other.domain_name == name:
                    yield other.api_mapping_key or "", other.api_id, other.stage


def _name(host: str) -> str:
    return re.sub(r":\d+$", "", host).lower()


def _update_first(caller: Caller, names: Mapping[str, str], members: Mapping[str, Any]) -> Mapping[str, Any]:
    domain = apigateway_backends[caller.account_id][caller.region].domain_names.get(names["domainName"])
    if domain is None:
        raise CallError("NotFoundException", "Invalid domain name identifier specified", status=404)
    for operation in members.get("patchOperations", ()):
        attribute = _ATTRIBUTES.get(operation["path"])
        if attribute is not None and operation["op"] == "replace":
            setattr(domain, attribute, operation["value"])
        elif operation["path"].startswith("/endpointConfiguration/types"):
            domain.endpoint_configuration = {"types": [operation["value"]]}
        else:
            raise CallError(
                "BadRequestException",
                f"Changing {operation['path']} of a domain name is not emulated on this machine.",
            )
    return domain.to_json()


_ATTRIBUTES = {
    "/certificateArn": "certificate_arn",
    "/certificateName": "certificate_name",
    "/regionalCertificateArn": "regional_certificate_arn",
    "/regionalCertificateName": "regional_certificate_name",
    "/securityPolicy": "security_policy",
}


def _update_second(caller: Caller, names: Mapping[str, str], members: Mapping[str, Any]) -> Mapping[str, Any]:
    domain = apigatewayv2_backends[caller.account_id][caller.region].domain_names.get(names["domainName"])
    if domain is None:
        raise CallError("NotFoundException", "Invalid domain name identifier specified", status=404)
    for old, new in zip(
        domain.domain_name_configurations, members.get("domainNameConfigurations") or (), strict=False
    ):
        old.update(new)
    if "mutualTlsAuthentication" in members:
        domain.mutual_tls_authentication = members["mutualTlsAuthentication"]
    return domain.to_json()


def _update_mapping(
    caller: Caller, names: Mapping[str, str], members: Mapping[str, Any]
) -> Mapping[str, Any]:
    backend = apigatewayv2_backends[caller.account_id][caller.region]
    mapping = backend.api_mappings.get(names["apiMappingId"])
    if mapping is None or mapping.domain_name != names["domainName"]:
        raise CallError("NotFoundException", "Invalid API mapping identifier specified", status=404)
    mapping.api_id = members.get("apiId", mapping.api_id)
    mapping.stage = members.get("stage", mapping.stage)
    mapping.api_mapping_key = members.get("apiMappingKey", mapping.api_mapping_key)
    return mapping.to_json()


CALLS = (
    Call(service="apigateway", method="PATCH", path="/domainnames/{domainName}", answer=_update_first),
    Call(service="apigateway", method="PATCH", path="/v2/domainnames/{domainName}", answer=_update_second),
    Call(
        service="apigateway",
        method="PATCH",
        path="/v2/domainnames/{domainName}/apimappings/{apiMappingId}",
        answer=_update_mapping,
    ),
)
