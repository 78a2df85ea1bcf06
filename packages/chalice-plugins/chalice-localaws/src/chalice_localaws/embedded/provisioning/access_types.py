"""Roles, policies and log groups.

"AWS Identity and Access Management" and "Amazon CloudWatch Logs resource type reference", AWS CloudFormation
Template Reference.
"""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Any

from chalice_localaws.embedded.provisioning.api import Api, ApiType, Caller
from chalice_localaws.embedded.provisioning.model import Provisioned

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["access_types"]


def access_types(api: Api) -> Mapping[str, ApiType]:
    """Return the types by their names."""
    kind = partial(ApiType, api=api)
    return {
        "AWS::IAM::Role": kind(
            creating=_create_role,
            updating=_update_role,
            deleting=_delete_role,
            replaces=frozenset({"RoleName", "Path"}),
        ),
        "AWS::IAM::Policy": kind(
            creating=_put_policies,
            updating=_change_policies,
            deleting=_delete_policies,
            replaces=frozenset({"PolicyName"}),
        ),
        "AWS::IAM::ManagedPolicy": kind(creating=_create_managed, deleting=_delete_managed, replaces=None),
        "AWS::Logs::LogGroup": kind(
            creating=_create_log_group,
            updating=_update_log_group,
            deleting=lambda call, name, _: call.unless_gone("logs", "delete_log_group", logGroupName=name),
            replaces=frozenset({"LogGroupName"}),
        ),
    }


def _create_role(call: Caller, properties: dict[str, Any]) -> Provisioned:
    policies = properties.pop("Policies", ())
    managed = properties.pop("ManagedPolicyArns", ())
    properties.setdefault("RoleName", call.scope.name[:64])
    properties["AssumeRolePolicyDocument"] = _text(properties["AssumeRolePolicyDocument"])
    made = call("iam", "create_role", **properties)["Role"]
    name = made["RoleName"]
    for policy in policies:
        _put_role_policy(call, name, policy)
    for arn in managed:
        call("iam", "attach_role_policy", RoleName=name, PolicyArn=arn)
    return Provisioned(identifier=name, attributes={"Arn": made["Arn"], "RoleId": made["RoleId"]})


def _update_role(
    call: Caller, there: Provisioned, before: dict[str, Any], properties: dict[str, Any]
) -> Provisioned:
    name = there.identifier
    trust = _text(properties["AssumeRolePolicyDocument"])
    call("iam", "update_assume_role_policy", RoleName=name, PolicyDocument=trust)
    call(
        "iam",
        "update_role",
        RoleName=name,
        Description=properties.get("Description", ""),
        MaxSessionDuration=properties.get("MaxSessionDuration"),
    )
    kept = {policy["PolicyName"] for policy in properties.get("Policies", ())}
    for policy in before.get("Policies", ()):
        if policy["PolicyName"] not in kept:
            call.unless_gone("iam", "delete_role_policy", RoleName=name, PolicyName=policy["PolicyName"])
    for policy in properties.get("Policies", ()):
        _put_role_policy(call, name, policy)
    old, new = before.get("ManagedPolicyArns", []), properties.get("ManagedPolicyArns", [])
    for arn in old:
        if arn not in new:
            call.unless_gone("iam", "detach_role_policy", RoleName=name, PolicyArn=arn)
    for arn in new:
        call("iam", "attach_role_policy", RoleName=name, PolicyArn=arn)
    return there


def _delete_role(call: Caller, identifier: str, properties: dict[str, Any]) -> None:
    for policy in properties.get("Policies", ()):
        call.unless_gone("iam", "delete_role_policy", RoleName=identifier, PolicyName=policy["PolicyName"])
    for arn in properties.get("ManagedPolicyArns", ()):
        call.unless_gone("iam", "detach_role_policy", RoleName=identifier, PolicyArn=arn)
    call.unless_gone("iam", "delete_role", RoleName=identifier)


def _put_role_policy(call: Caller, role: str, policy: Mapping[str, Any]) -> None:
    call(
        "iam",
        "put_role_policy",
        RoleName=role,
        PolicyName=policy["PolicyName"],
        PolicyDocument=_text(policy["PolicyDocument"]),
    )


def _put_policies(call: Caller, properties: dict[str, Any]) -> Provisioned:
    for kind, key in _PRINCIPALS.items():
        for principal in properties.get(key, ()):
            call(
                "iam",
                f"put_{kind}_policy",
                **{f"{kind.title()}Name": principal},
                PolicyName=properties["PolicyName"],
                PolicyDocument=_text(properties["PolicyDocument"]),
            )
    return Provisioned(identifier=call.scope.name, attributes={"Id": call.scope.name})


def _change_policies(
    call: Caller, there: Provisioned, before: dict[str, Any], properties: dict[str, Any]
) -> Provisioned:
    gone = {
        key: [one for one in before.get(key, ()) if one not in properties.get(key, ())]
        for key in _PRINCIPALS.values()
    }
    _delete_policies(call, there.identifier, {**gone, "PolicyName": before["PolicyName"]})
    _put_policies(call, properties)
    return there


def _delete_policies(call: Caller, identifier: str, properties: dict[str, Any]) -> None:  # noqa: ARG001
    for kind, key in _PRINCIPALS.items():
        for principal in properties.get(key, ()):
            call.unless_gone(
                "iam",
                f"delete_{kind}_policy",
                **{f"{kind.title()}Name": principal},
                PolicyName=properties["PolicyName"],
            )


_PRINCIPALS = {"role": "Roles", "user": "Users", "group": "Groups"}


def _create_managed(call: Caller, properties: dict[str, Any]) -> Provisioned:
    name = properties.get("ManagedPolicyName", call.scope.name)
    made = call(
        "iam",
        "create_policy",
        PolicyName=name,
        PolicyDocument=_text(properties["PolicyDocument"]),
        Path=properties.get("Path"),
        Description=properties.get("Description"),
    )
    arn = made["Policy"]["Arn"]
    for kind, key in _PRINCIPALS.items():
        for principal in properties.get(key, ()):
            call("iam", f"attach_{kind}_policy", **{f"{kind.title()}Name": principal}, PolicyArn=arn)
    return Provisioned(identifier=arn, attributes={"PolicyArn": arn})


def _delete_managed(call: Caller, identifier: str, properties: dict[str, Any]) -> None:
    for kind, key in _PRINCIPALS.items():
        for principal in properties.get(key, ()):
            call.unless_gone(
                "iam", f"detach_{kind}_policy", **{f"{kind.title()}Name": principal}, PolicyArn=identifier
            )
    call.unless_gone("iam", "delete_policy", PolicyArn=identifier)


def _create_log_group(call: Caller, properties: dict[str, Any]) -> Provisioned:
    name = properties.get("LogGroupName", call.scope.name)
    call("logs", "create_log_group", logGroupName=name, tags=_tags(properties) or None)
    _set_retention(call, name, properties)
    region, account = call.scope.region, call.scope.account_id
    return Provisioned(
        identifier=name, attributes={"Arn": f"arn:aws:logs:{region}:{account}:log-group:{name}:*"}
    )


def _update_log_group(
    call: Caller,
    there: Provisioned,
    before: dict[str, Any],  # noqa: ARG001 - what it is now is all that counts
    properties: dict[str, Any],
) -> Provisioned:
    _set_retention(call, there.identifier, properties)
    return there


def _set_retention(call: Caller, name: str, properties: Mapping[str, Any]) -> None:
    days = properties.get("RetentionInDays")
    if days is None:
        call("logs", "delete_retention_policy", logGroupName=name)
    else:
        call("logs", "put_retention_policy", logGroupName=name, retentionInDays=days)


def _tags(properties: Mapping[str, Any]) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in properties.get("Tags") or ()}


def _text(document: Any) -> str:
    return document if isinstance(document, str) else json.dumps(document)
