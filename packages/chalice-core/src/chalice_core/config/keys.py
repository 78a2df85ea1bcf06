"""The keys of `.chalice/config.json`, where each may stand and what it may say.

Ranges are those of ``CreateFunction`` and ``PutRetentionPolicy`` (AWS API
references of Lambda and CloudWatch Logs) and of ``CreateRestApi`` (Amazon
API Gateway).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chalice_core.config import checks
from chalice_core.config.model import ConfigKey, Scope

NAME_PATTERN = r"[a-zA-Z0-9_-]+"
NAME_CHARACTERS = "letters, digits, '-' and '_'"

# Lambda's limit for the name of a function; `APP-STAGE` has to fit.
MAX_NAME = 64

RETENTION_DAYS = (
    *(1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731),
    *(1096, 1827, 2192, 2557, 2922, 3288, 3653),
)

STRUCTURE: Mapping[str, frozenset[Scope]] = {
    "version": frozenset({"top"}),
    "app_name": frozenset({"top"}),
    "stages": frozenset({"top"}),
    "lambda_functions": frozenset({"top", "stage"}),
}
"""Keys that the loader itself interprets."""

_STAGE: frozenset[Scope] = frozenset({"top", "stage"})
_FUNCTION: frozenset[Scope] = frozenset({"top", "stage", "function"})


def _key(
    name: str, scopes: frozenset[Scope], check: checks.Check, default: Any = None, *, merged: bool = False
) -> ConfigKey:
    return ConfigKey(name=name, scopes=scopes, check=check, default=default, merged=merged)


BUILTIN: tuple[ConfigKey, ...] = (
    _key("python", _STAGE, checks.text),
    _key("api_gateway_stage", _STAGE, checks.matching(NAME_PATTERN, NAME_CHARACTERS, 128), "api"),
    _key("api_gateway_endpoint_type", _STAGE, checks.one_of(("EDGE", "REGIONAL", "PRIVATE")), "EDGE"),
    _key("api_gateway_endpoint_vpce", _STAGE, checks.text_or_texts),
    _key("api_gateway_policy_file", _STAGE, checks.text),
    _key("api_gateway_resource_limit", _STAGE, checks.integer(1), 300),
    _key("api_gateway_custom_domain", _STAGE, checks.custom_domain),
    _key("websocket_api_custom_domain", _STAGE, checks.custom_domain),
    _key("minimum_compression_size", _STAGE, checks.integer(0, 10485760)),
    _key("automatic_layer", _STAGE, checks.flag, default=False),
    _key("lambda_architecture", _STAGE, checks.one_of(("x86_64", "arm64")), "x86_64"),
    _key("autogen_policy", _FUNCTION, checks.flag, default=True),
    _key("iam_policy_file", _FUNCTION, checks.text),
    _key("manage_iam_role", _FUNCTION, checks.flag, default=True),
    _key("iam_role_arn", _FUNCTION, checks.role_arn),
    _key("lambda_memory_size", _FUNCTION, checks.integer(128, 10240), 128),
    _key("lambda_timeout", _FUNCTION, checks.integer(1, 900), 60),
    _key("layers", _FUNCTION, checks.texts(5), ()),
    _key("reserved_concurrency", _FUNCTION, checks.integer(0)),
    _key("subnet_ids", _FUNCTION, checks.texts(16), ()),
    _key("security_group_ids", _FUNCTION, checks.texts(5), ()),
    _key("environment_variables", _FUNCTION, checks.environment_variables, {}, merged=True),
    _key("tags", _FUNCTION, checks.tags, {}, merged=True),
    _key("xray", _FUNCTION, checks.flag, default=False),
    _key("log_retention_in_days", _FUNCTION, checks.one_of(RETENTION_DAYS)),
)
"""The keys with a value, without those that plugins add."""
