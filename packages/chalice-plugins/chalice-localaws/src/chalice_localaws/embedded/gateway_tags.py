"""Tags of APIs, stages and domain names: moto knows those of stages only, and of the second API's APIs.

https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-tagging-supported-resources.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from moto.apigateway.models import apigateway_backends
from moto.apigatewayv2.models import apigatewayv2_backends

from chalice_localaws.embedded.calls import Call, Caller, CallError

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["CALLS"]


def _tagged(caller: Caller, arn: str) -> Any:
    """Return what has an attribute with the tags: arn:aws:apigateway:REGION::/restapis/ID/stages/NAME."""
    parts = arn.partition("::/")[2].split("/")
    first = apigateway_backends[caller.account_id][caller.region]
    second = apigatewayv2_backends[caller.account_id][caller.region]
    found: Any = None
    match parts:
        case ["restapis", api_id]:
            found = first.apis.get(api_id)
        case ["restapis", api_id, "stages", name] if api_id in first.apis:
            found = first.apis[api_id].stages.get(name)
        case ["domainnames", name]:
            found = first.domain_names.get(name) or second.domain_names.get(name)
        case ["apis", api_id, "stages", name] if api_id in second.apis:
            found = second.apis[api_id].stages.get(name)
    if found is None:
        raise CallError("NotFoundException", f"Invalid resource {arn}", status=404)
    return found


def _is_api(arn: str) -> bool:
    parts = arn.partition("::/")[2].split("/")
    return len(parts) == len(("apis", "ID")) and parts[0] in {"apis", "vpclinks"}


def _tag(caller: Caller, names: Mapping[str, str], members: Mapping[str, Any]) -> Mapping[str, Any]:
    arn = names["resourceArn"]
    if _is_api(arn):
        apigatewayv2_backends[caller.account_id][caller.region].tag_resource(arn, dict(members["tags"]))
        return {}
    found = _tagged(caller, arn)
    found.tags = {**(found.tags or {}), **members["tags"]}
    return {}


def _untag(caller: Caller, names: Mapping[str, str], members: Mapping[str, Any]) -> Mapping[str, Any]:
    arn, keys = names["resourceArn"], list(members.get("tagKeys", ()))
    if _is_api(arn):
        apigatewayv2_backends[caller.account_id][caller.region].untag_resource(arn, keys)
        return {}
    found = _tagged(caller, arn)
    found.tags = {key: value for key, value in (found.tags or {}).items() if key not in keys}
    return {}


def _list(caller: Caller, names: Mapping[str, str], members: Mapping[str, Any]) -> Mapping[str, Any]:  # noqa: ARG001
    arn = names["resourceArn"]
    if _is_api(arn):
        return {"tags": apigatewayv2_backends[caller.account_id][caller.region].get_tags(arn)}
    return {"tags": dict(_tagged(caller, arn).tags or {})}


CALLS = tuple(
    Call(service="apigateway", method=method, path=path, answer=answer)
    for path, sets in (("/tags/{resourceArn}", "PUT"), ("/v2/tags/{resourceArn}", "POST"))
    for method, answer in ((sets, _tag), ("DELETE", _untag), ("GET", _list))
)
