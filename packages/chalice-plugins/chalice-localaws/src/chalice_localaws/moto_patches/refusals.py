"""What moto accepts and nobody here carries out: refused, with the name of the feature.

An accepted call that does nothing would look like a fault of the
application. Each refusal goes when its feature is emulated.
"""

from __future__ import annotations

import functools
import inspect
from typing import TYPE_CHECKING, Any

from moto.apigatewayv2.exceptions import APIGatewayV2Error
from moto.apigatewayv2.models import ApiGatewayV2Backend
from moto.awslambda.exceptions import InvalidParameterValueException
from moto.awslambda.models import LambdaBackend

from chalice_localaws.moto_patches.patching import Patch

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from chalice_localaws.moto_patches.patching import Plane

__all__ = ["PATCHES"]


def _refusing(
    owner: type,
    name: str,
    parameters: str,
    *,
    feature: Callable[[Mapping[str, Any]], str | None],
    error: Callable[[str], Exception],
    why: str,
) -> Patch:
    """Return a patch that raises ``error`` whenever ``feature`` names one in the arguments of a call."""

    def make(original: Callable[..., Any], plane: Plane) -> Callable[..., Any]:  # noqa: ARG001 - nothing runs
        signature = inspect.signature(original)

        @functools.wraps(original)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            named = feature(signature.bind(*args, **kwargs).arguments)
            if named is not None:
                raise error(f"{named} is not emulated on this machine.")
            return original(*args, **kwargs)

        return guarded

    return Patch(owner=owner, name=name, parameters=parameters, why=why, make=make)


def _function_feature(arguments: Mapping[str, Any]) -> str | None:
    spec = arguments["spec"]
    if spec.get("PackageType") == "Image":
        return "A function made from a container image (PackageType Image)"
    if (spec.get("DeadLetterConfig") or {}).get("TargetArn"):
        return "A function's dead-letter queue (DeadLetterConfig)"
    if (spec.get("SnapStart") or {}).get("ApplyOn", "None") != "None":
        return "SnapStart"
    if spec.get("FileSystemConfigs"):
        return "A function's file system (FileSystemConfigs)"
    return None


def _configuration_feature(arguments: Mapping[str, Any]) -> str | None:
    return _function_feature({"spec": arguments["body"]})


def _api_feature(arguments: Mapping[str, Any]) -> str | None:
    if arguments["protocol_type"] == "WEBSOCKET":
        return None
    return f"An API with the protocol {arguments['protocol_type']} (API Gateway v2)"


PATCHES = (
    _refusing(
        LambdaBackend,
        "create_function",
        "self, spec",
        feature=_function_feature,
        error=InvalidParameterValueException,
        why="moto keeps settings that change how a function runs, and nothing here obeys them.",
    ),
    _refusing(
        LambdaBackend,
        "update_function_configuration",
        "self, function_name, qualifier, body",
        feature=_configuration_feature,
        error=InvalidParameterValueException,
        why="The same, for an update.",
    ),
    _refusing(
        ApiGatewayV2Backend,
        "create_api",
        "self, api_key_selection_expression, cors_configuration, description, disable_schema_validation, "
        "disable_execute_api_endpoint, name, protocol_type, route_selection_expression, tags, version",
        feature=_api_feature,
        error=lambda message: APIGatewayV2Error("BadRequestException", message),
        why="moto makes up an endpoint that nobody answers.",
    ),
)
