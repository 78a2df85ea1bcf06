""":mod:`AWS::Lambda`: functions and what belongs to them.

"AWS Lambda resource type reference", AWS CloudFormation Template Reference.
"""

from __future__ import annotations

import io
import zipfile
from functools import partial
from typing import TYPE_CHECKING, Any

from chalice_localaws.embedded.provisioning.api import Api, ApiType, Caller
from chalice_localaws.embedded.provisioning.model import Provisioned, ProvisioningError

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["lambda_types"]


def lambda_types(api: Api) -> Mapping[str, ApiType]:
    """Return the types by their names."""
    kind = partial(ApiType, api=api)
    return {
        "AWS::Lambda::Function": kind(
            creating=_create_function,
            updating=_update_function,
            deleting=lambda call, name, _: call.unless_gone("lambda", "delete_function", FunctionName=name),
            replaces=frozenset({"FunctionName", "PackageType"}),
        ),
        "AWS::Lambda::Permission": kind(creating=_add_permission, deleting=_remove_permission, replaces=None),
        "AWS::Lambda::LayerVersion": kind(
            creating=_publish_layer, deleting=_delete_layer_version, replaces=None
        ),
        "AWS::Lambda::EventSourceMapping": kind(
            creating=_create_mapping,
            updating=_update_mapping,
            deleting=lambda call, uuid, _: call.unless_gone(
                "lambda", "delete_event_source_mapping", UUID=uuid
            ),
            replaces=_MAPPING_REPLACES,
        ),
        "AWS::Lambda::EventInvokeConfig": kind(
            creating=_put_invoke_config,
            updating=lambda call, _, __, properties: _put_invoke_config(call, properties),
            deleting=_delete_invoke_config,
            replaces=frozenset({"FunctionName", "Qualifier"}),
        ),
        "AWS::Lambda::Url": kind(
            creating=_create_url,
            updating=_update_url,
            deleting=lambda call, arn, _: call.unless_gone(
                "lambda", "delete_function_url_config", FunctionName=arn
            ),
            replaces=frozenset({"TargetFunctionArn", "Qualifier"}),
        ),
    }


def _create_function(call: Caller, properties: dict[str, Any]) -> Provisioned:
    reserved = properties.pop("ReservedConcurrentExecutions", None)
    properties.setdefault("FunctionName", call.scope.name[:64])
    properties["Code"] = _code(properties.get("Code", {}))
    properties["Tags"] = _tags(properties)
    made = call("lambda", "create_function", **properties)
    name = made["FunctionName"]
    if reserved is not None:
        call(
            "lambda",
            "put_function_concurrency",
            FunctionName=name,
            ReservedConcurrentExecutions=reserved,
        )
    return Provisioned(identifier=name, attributes={"Arn": made["FunctionArn"]})


def _update_function(
    call: Caller, there: Provisioned, before: dict[str, Any], properties: dict[str, Any]
) -> Provisioned:
    name = there.identifier
    if before.get("Code") != properties.get("Code") or before.get("Architectures") != properties.get(
        "Architectures"
    ):
        call(
            "lambda",
            "update_function_code",
            FunctionName=name,
            Architectures=properties.get("Architectures"),
            **_code(properties.get("Code", {})),
        )
    reserved = properties.pop("ReservedConcurrentExecutions", None)
    if reserved is not None:
        call("lambda", "put_function_concurrency", FunctionName=name, ReservedConcurrentExecutions=reserved)
    elif "ReservedConcurrentExecutions" in before:
        call("lambda", "delete_function_concurrency", FunctionName=name)
    old, new = _tags(before), _tags(properties)
    arn = there.attributes["Arn"]
    if gone := [key for key in old if key not in new]:
        call("lambda", "untag_resource", Resource=arn, TagKeys=gone)
    if new:
        call("lambda", "tag_resource", Resource=arn, Tags=new)
    settings = {
        key: value
        for key, value in properties.items()
        if key not in {"Architectures", "Code", "FunctionName", "PackageType", "Tags"}
    }
    # What is not there any more goes back to its default.
    settings = {**{key: _FUNCTION_DEFAULTS[key] for key in before if key in _FUNCTION_DEFAULTS}, **settings}
    call("lambda", "update_function_configuration", FunctionName=name, **settings)
    return there


_FUNCTION_DEFAULTS: dict[str, Any] = {
    "Description": "",
    "Environment": {"Variables": {}},
    "Layers": [],
    "MemorySize": 128,
    "Timeout": 3,
    "TracingConfig": {"Mode": "PassThrough"},
}


def _code(code: Mapping[str, Any]) -> dict[str, Any]:
    text = code.get("ZipFile")
    if text is None:
        return dict(code)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        # A fixed time: the same text gives the same archive.
        archive.writestr(zipfile.ZipInfo("index.py", (1980, 1, 1, 0, 0, 0)), text)
    return {"ZipFile": buffer.getvalue()}


def _tags(properties: Mapping[str, Any]) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in properties.get("Tags") or ()}


def _add_permission(call: Caller, properties: dict[str, Any]) -> Provisioned:
    statement_id = call.scope.name
    call("lambda", "add_permission", StatementId=statement_id, **properties)
    return Provisioned(identifier=statement_id, attributes={"Id": statement_id})


def _remove_permission(call: Caller, identifier: str, properties: dict[str, Any]) -> None:
    call.unless_gone(
        "lambda", "remove_permission", FunctionName=properties["FunctionName"], StatementId=identifier
    )


def _publish_layer(call: Caller, properties: dict[str, Any]) -> Provisioned:
    properties.setdefault("LayerName", call.scope.name)
    made = call("lambda", "publish_layer_version", **properties)
    arn = made["LayerVersionArn"]
    return Provisioned(identifier=arn, attributes={"LayerVersionArn": arn})


def _delete_layer_version(call: Caller, identifier: str, properties: dict[str, Any]) -> None:  # noqa: ARG001
    name, _, version = identifier.rpartition(":")
    call.unless_gone("lambda", "delete_layer_version", LayerName=name, VersionNumber=int(version))


_MAPPING_REPLACES = frozenset(
    {
        "EventSourceArn",
        "StartingPosition",
        "StartingPositionTimestamp",
        "SelfManagedEventSource",
        "AmazonManagedKafkaEventSourceConfig",
        "SelfManagedKafkaEventSourceConfig",
    }
)


def _create_mapping(call: Caller, properties: dict[str, Any]) -> Provisioned:
    properties["Tags"] = _tags(properties) or None
    made = call("lambda", "create_event_source_mapping", **properties)
    return _mapping(made)


def _update_mapping(
    call: Caller, there: Provisioned, before: dict[str, Any], properties: dict[str, Any]
) -> Provisioned:
    settings = {
        key: value
        for key, value in properties.items()
        if key not in _MAPPING_REPLACES and key not in {"Tags", "Topics", "Queues"}
    }
    settings = {**{key: _MAPPING_DEFAULTS[key] for key in before if key in _MAPPING_DEFAULTS}, **settings}
    return _mapping(call("lambda", "update_event_source_mapping", UUID=there.identifier, **settings))


_MAPPING_DEFAULTS: dict[str, Any] = {
    "BisectBatchOnFunctionError": False,
    "DestinationConfig": {},
    "Enabled": True,
    "FilterCriteria": {},
    "FunctionResponseTypes": [],
    "MaximumBatchingWindowInSeconds": 0,
    "ScalingConfig": {},
}


def _mapping(made: Mapping[str, Any]) -> Provisioned:
    uuid = made["UUID"]
    return Provisioned(
        identifier=uuid,
        attributes={"Id": uuid, "EventSourceMappingArn": made.get("EventSourceMappingArn", "")},
    )


def _put_invoke_config(call: Caller, properties: dict[str, Any]) -> Provisioned:
    _latest_only(properties)
    call("lambda", "put_function_event_invoke_config", **properties)
    return Provisioned(identifier=f"{properties['FunctionName']}|$LATEST")


def _delete_invoke_config(call: Caller, identifier: str, properties: dict[str, Any]) -> None:  # noqa: ARG001
    call.unless_gone("lambda", "delete_function_event_invoke_config", FunctionName=properties["FunctionName"])


def _create_url(call: Caller, properties: dict[str, Any]) -> Provisioned:
    _latest_only(properties)
    target = properties.pop("TargetFunctionArn")
    return _url(call("lambda", "create_function_url_config", FunctionName=target, **properties))


def _update_url(
    call: Caller,
    there: Provisioned,
    before: dict[str, Any],  # noqa: ARG001 - the call takes all settings
    properties: dict[str, Any],
) -> Provisioned:
    _latest_only(properties)
    properties.pop("TargetFunctionArn")
    properties.setdefault("Cors", {})
    return _url(call("lambda", "update_function_url_config", FunctionName=there.identifier, **properties))


def _url(made: Mapping[str, Any]) -> Provisioned:
    return Provisioned(
        identifier=made["FunctionArn"],
        attributes={"FunctionUrl": made["FunctionUrl"], "FunctionArn": made["FunctionArn"]},
    )


def _latest_only(properties: dict[str, Any]) -> None:
    qualifier = properties.pop("Qualifier", "$LATEST")
    if qualifier != "$LATEST":
        raise ProvisioningError(f"The qualifier {qualifier!r} is not emulated on this machine.")
