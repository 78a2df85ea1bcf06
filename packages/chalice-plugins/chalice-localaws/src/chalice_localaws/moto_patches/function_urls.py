"""URLs of functions: where they are on this machine, who may call them, and what is not emulated."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from moto.awslambda.exceptions import InvalidParameterValueException, LambdaClientError
from moto.awslambda.models import FunctionUrlConfig, LambdaBackend, LambdaFunction
from moto.awslambda.policy import Policy

from chalice_localaws.moto_patches.patching import Patch

if TYPE_CHECKING:
    from collections.abc import Callable

    from chalice_localaws.moto_patches.patching import Plane

__all__ = ["PATCHES"]


class _ThereAlreadyError(LambdaClientError):
    code = 409

    def __init__(self, arn: str) -> None:
        message = (
            f"Failed to create function url config for [functionArn = {arn}]. "
            "Error message:  FunctionUrlConfig exists for this Lambda function"
        )
        super().__init__("ResourceConflictException", message)
        self.description = json.dumps({"Message": message, "Type": "User"})


def _create(original: Callable[..., Any], plane: Plane) -> Callable[..., Any]:
    def create_url_config(self: LambdaFunction, config: dict[str, Any]) -> FunctionUrlConfig:
        _check(config)
        if self.url_config is not None:
            raise _ThereAlreadyError(self.function_arn)
        made: FunctionUrlConfig = original(self, {"InvokeMode": "BUFFERED", **config})
        # https://ID.lambda-url.REGION.on.aws
        made.url = plane.function_url(made.url.removeprefix("https://").partition(".")[0])
        return made

    return create_url_config


def _update(original: Callable[..., Any], plane: Plane) -> Callable[..., Any]:  # noqa: ARG001 - no plane
    def update(self: FunctionUrlConfig, new_config: dict[str, Any]) -> None:
        _check(new_config)
        original(self, new_config)
        if "Cors" in new_config:
            self.config["Cors"] = new_config["Cors"] or None
        self.last_modified = f"{self.last_modified}.000+0000"

    return update


def _delete(original: Callable[..., Any], plane: Plane) -> Callable[..., Any]:  # noqa: ARG001 - no plane
    def delete_function_url_config(self: LambdaBackend, name_or_arn: str) -> None:
        self.get_function_url_config(name_or_arn)
        original(self, name_or_arn)

    return delete_function_url_config


def _decode_policy(original: Callable[..., Any], plane: Plane) -> Callable[..., Any]:  # noqa: ARG001 - no plane
    def decode_policy(self: Policy, obj: dict[str, Any]) -> Policy:
        auth_type = obj.pop("FunctionUrlAuthType", None)
        via_url = obj.pop("InvokedViaFunctionUrl", None)
        policy: Policy = original(self, obj)
        conditions = policy.statements[0].setdefault("Condition", {}) if auth_type or via_url else {}
        if auth_type:
            conditions.setdefault("StringEquals", {})["lambda:FunctionUrlAuthType"] = auth_type
        if via_url:
            conditions.setdefault("Bool", {})["lambda:InvokedViaFunctionUrl"] = "true"
        return policy

    return decode_policy


def _check(config: dict[str, Any]) -> None:
    if config.get("InvokeMode") == "RESPONSE_STREAM":
        raise InvalidParameterValueException(
            "A function URL that streams (InvokeMode RESPONSE_STREAM) is not emulated on this machine."
        )


PATCHES = (
    Patch(
        owner=LambdaFunction,
        name="create_url_config",
        parameters="self, config",
        why="moto makes up a URL that nobody answers, and a second one for the same function.",
        make=_create,
    ),
    Patch(
        owner=FunctionUrlConfig,
        name="update",
        parameters="self, new_config",
        why="moto takes CORS settings away never, and writes a date without a time zone.",
        make=_update,
    ),
    Patch(
        owner=LambdaBackend,
        name="delete_function_url_config",
        parameters="self, name_or_arn",
        why="moto deletes a URL that is not there.",
        make=_delete,
    ),
    Patch(
        owner=Policy,
        name="decode_policy",
        parameters="self, obj",
        why="moto keeps what a permission says of URLs beside the conditions, where it means nothing.",
        make=_decode_policy,
    ),
)
