"""Which API keys a stage takes."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING

from moto.apigateway.models import apigateway_backends

if TYPE_CHECKING:
    from moto.apigateway.models import RestAPI

__all__ = ["is_api_key"]


def is_api_key(api: RestAPI, stage_name: str, value: str) -> bool:
    """Return whether a key may call a stage: it is enabled, and in a usage plan of that stage.

    Throttling and quotas of the plan are not counted.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-usage-plans.html
    """
    backend = apigateway_backends[api.account_id][api.region_name]
    for plan in list(backend.usage_plans.values()):
        stages = [(stage.get("apiId"), stage.get("stage")) for stage in plan.api_stages]
        if (api.id, stage_name) not in stages:
            continue
        for member in list(backend.usage_plan_keys.get(plan.id, {}).values()):
            key = backend.keys.get(member.id)
            if key is not None and key.enabled and hmac.compare_digest(key.value.encode(), value.encode()):
                return True
    return False
