"""What a stage's configuration says once defaults, stages and functions are merged."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from chalice_core.kinds import Architecture, EndpointType

Scope = Literal["top", "stage", "function"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigKey:
    """A key that `.chalice/config.json` may have.

    Args:
        name: the key.
        scopes: where it may stand.
        check: returns None for a good value (parsed JSON) and a phrase such as
            ``"must be an integer from 1 to 900, not 'ten'"`` for a bad one.
        default: the value when it is nowhere given.
        merged: mappings of all scopes are merged; otherwise the closest value wins.
    """

    name: str
    scopes: frozenset[Scope]
    check: Callable[[Any], str | None]
    default: Any = None
    merged: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionConfig:
    """The configuration of one function in one stage.

    Units and limits are those of `chalice_core.kinds.Function`.

    Args:
        extra: values of the keys that plugins added for functions, by name.
    """

    memory_size: int = 128
    timeout: int = 60
    environment_variables: Mapping[str, str] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)
    layers: tuple[str, ...] = ()
    subnet_ids: tuple[str, ...] = ()
    security_group_ids: tuple[str, ...] = ()
    reserved_concurrency: int | None = None
    xray: bool = False
    log_retention_in_days: int | None = None
    autogen_policy: bool = True
    iam_policy_file: str | None = None
    manage_iam_role: bool = True
    iam_role_arn: str | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomDomain:
    """A domain name of one's own for an API.

    Args:
        domain_name: ``api.example.com``.
        certificate_arn: of its certificate in ACM.
        security_policy: the oldest version of TLS that it accepts.
        base_path: the first part of the API's paths there, without slashes; empty for all paths.
        tags: of the domain name alone.
    """

    domain_name: str
    certificate_arn: str
    security_policy: str = "TLS_1_2"
    base_path: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class StageConfig:
    """The configuration of one stage.

    Args:
        project_dir: the folder with `app.py`, absolute.
        app_name: names the resources.
        stage: ``dev``.
        python: interpreter of the app host as configured, or None.
        extra: values of the keys that plugins added, by name; a key that is
            given nowhere and has no default is not in it.
        functions: per-function configuration by logical name; `function` gives
            the stage-wide one for functions not named here.
        default_function: what a function without keys of its own gets.
    """

    project_dir: Path
    app_name: str
    stage: str
    api_gateway_stage: str = "api"
    api_gateway_endpoint_type: EndpointType = "EDGE"
    api_gateway_endpoint_vpce: tuple[str, ...] = ()
    api_gateway_policy_file: str | None = None
    api_gateway_custom_domain: CustomDomain | None = None
    api_gateway_resource_limit: int = 300
    websocket_api_custom_domain: CustomDomain | None = None
    minimum_compression_size: int | None = None
    lambda_architecture: Architecture = "x86_64"
    automatic_layer: bool = False
    xray: bool = False
    python: str | None = None
    default_function: FunctionConfig = field(default_factory=FunctionConfig)
    functions: Mapping[str, FunctionConfig] = field(default_factory=dict)
    extra: Mapping[str, Any] = field(default_factory=dict)

    def function(self, name: str) -> FunctionConfig:
        """Return the configuration of the function with this logical name."""
        return self.functions.get(name, self.default_function)
