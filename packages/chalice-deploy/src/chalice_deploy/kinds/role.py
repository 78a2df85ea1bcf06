"""IAM roles with their inline policy."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from chalice_core.artifact import Artifacts
from chalice_core.kinds import Resource, Role
from chalice_core.target import DeployedValue
from chalice_deploy.cloud import OWNER_TAG, Cloud
from chalice_deploy.errors import AwsError, NotFoundError
from chalice_deploy.handler import Deployed, Found, PlaceFacts, Task
from chalice_deploy.properties import Properties
from chalice_deploy.record import Entry

POLICY_VERSION = "2012-10-17"  # the current version of the policy language, IAM User Guide


class Roles:
    """How a `chalice_core.kinds.Role` is deployed."""

    replaces = frozenset({"RoleName"})
    may_share = False
    looks_first = False

    def name(self, resource: Resource) -> str:
        """Return the role's name."""
        return _role(resource).role_name

    def desired(self, resource: Resource, artifacts: Artifacts) -> Properties:  # noqa: ARG002  # the protocol's
        """Return name, trust policy and inline policy."""
        role = _role(resource)
        return {
            "RoleName": role.role_name,
            "AssumeRolePolicyDocument": _trust(role),
            "PolicyDocument": _policy(role),
        }

    def key(self, properties: Mapping[str, Any]) -> Mapping[str, Any]:
        """A role is recognised by its name."""
        return {"RoleName": properties["RoleName"]}

    def create(self, cloud: Cloud, task: Task) -> Deployed:
        """Create the role and give it its policy; without a good policy there is no role."""
        answer = cloud.call(
            "iam",
            "CreateRole",
            task.name,
            RoleName=task.properties["RoleName"],
            AssumeRolePolicyDocument=json.dumps(task.properties["AssumeRolePolicyDocument"]),
            Tags=[{"Key": OWNER_TAG, "Value": cloud.owner(task.id)}],
        )
        try:
            _put_policy(cloud, task)
        except AwsError as error:
            if error.aws_code.startswith("MalformedPolicyDocument"):
                cloud.call("iam", "DeleteRole", task.name, RoleName=task.properties["RoleName"])
            raise
        return _deployed(answer["Role"])

    def find(self, cloud: Cloud, id: str, key: Mapping[str, Any]) -> Found | None:  # noqa: ARG002
        """Ask for the role by its name."""
        try:
            role = cloud.call("iam", "GetRole", key["RoleName"], RoleName=key["RoleName"])["Role"]
        except NotFoundError:
            return None
        tags = {tag["Key"]: tag["Value"] for tag in role.get("Tags", ())}
        return Found(deployed=_deployed(role), ours=cloud.is_ours(tags))

    def update(self, cloud: Cloud, task: Task, before: Entry, changed: frozenset[str]) -> Deployed:
        """Replace the policies that differ."""
        if "AssumeRolePolicyDocument" in changed:
            cloud.call(
                "iam",
                "UpdateAssumeRolePolicy",
                task.name,
                RoleName=task.properties["RoleName"],
                PolicyDocument=json.dumps(task.properties["AssumeRolePolicyDocument"]),
            )
        if "PolicyDocument" in changed:
            if task.properties.get("PolicyDocument") is None:
                _delete_policy(cloud, task.name)
            else:
                _put_policy(cloud, task)
        return Deployed(identity=before.identity, outputs=before.outputs)

    def delete(self, cloud: Cloud, id: str, before: Entry) -> None:  # noqa: ARG002
        """Delete the role, its inline policies, and its attachments to managed ones."""
        name = before.key["RoleName"]
        try:
            for policy in _listed(cloud, "ListRolePolicies", "PolicyNames", name):
                cloud.call("iam", "DeleteRolePolicy", name, RoleName=name, PolicyName=policy)
            for attached in _listed(cloud, "ListAttachedRolePolicies", "AttachedPolicies", name):
                cloud.call("iam", "DetachRolePolicy", name, RoleName=name, PolicyArn=attached["PolicyArn"])
            cloud.call("iam", "DeleteRole", name, RoleName=name)
        except NotFoundError:
            return

    def summary(self, id: str, entry: Entry, cloud: PlaceFacts) -> Mapping[str, str] | None:  # noqa: ARG002
        """Return the ``iam_role`` of schema 2.0."""
        return {
            "name": id,
            "resource_type": "iam_role",
            "role_arn": entry.outputs["arn"],
            "role_name": entry.key["RoleName"],
        }

    def report(self, entry: Entry, cloud: PlaceFacts) -> Sequence[DeployedValue]:  # noqa: ARG002
        """Nobody asks for roles."""
        return ()


def _role(resource: Resource) -> Role:
    if not isinstance(resource, Role):
        raise TypeError(f"{resource!r} is not a Role")
    return resource


def _trust(role: Role) -> dict[str, Any]:
    services = [f"{service}.amazonaws.com" for service in role.trusted_services]
    principal = services[0] if len(services) == 1 else services
    statement = {"Effect": "Allow", "Principal": {"Service": principal}, "Action": "sts:AssumeRole"}
    return {"Version": POLICY_VERSION, "Statement": [statement]}


def _policy(role: Role) -> Mapping[str, Any] | None:
    if role.policy_document is not None:
        return role.policy_document
    statements = [
        {"Effect": "Allow", "Action": list(statement.actions), "Resource": list(statement.resources)}
        for statement in role.statements
    ]
    return {"Version": POLICY_VERSION, "Statement": statements} if statements else None


def _put_policy(cloud: Cloud, task: Task) -> None:
    document = task.properties.get("PolicyDocument")
    if document is not None:
        name = task.properties["RoleName"]
        cloud.call(
            "iam",
            "PutRolePolicy",
            task.name,
            RoleName=name,
            PolicyName=name,
            PolicyDocument=json.dumps(document),
        )


def _delete_policy(cloud: Cloud, name: str) -> None:
    if name in _listed(cloud, "ListRolePolicies", "PolicyNames", name):
        cloud.call("iam", "DeleteRolePolicy", name, RoleName=name, PolicyName=name)


def _listed(cloud: Cloud, operation: str, items: str, role: str) -> list[Any]:
    found: list[Any] = []
    marker: dict[str, Any] = {}
    while True:
        page = cloud.call("iam", operation, role, RoleName=role, **marker)
        found += page[items]
        if not page.get("IsTruncated"):
            return found
        marker = {"Marker": page["Marker"]}


def _deployed(role: Mapping[str, Any]) -> Deployed:
    return Deployed(identity={"RoleName": role["RoleName"]}, outputs={"arn": role["Arn"]})
