"""Inline policies of a role beside the one that `chalice_deploy.kinds.role` gives it.

They are for permissions on things that need the role themselves, such as a WebSocket API whose functions may
send to it.  ``PutRolePolicy``, AWS IAM API Reference: it creates and replaces.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from chalice_core.artifact import Artifacts
from chalice_core.kinds import Resource, RolePolicy
from chalice_core.target import DeployedValue
from chalice_deploy.cloud import Cloud
from chalice_deploy.errors import NotFoundError
from chalice_deploy.handler import Deployed, Found, PlaceFacts, Task
from chalice_deploy.kinds.role import POLICY_VERSION
from chalice_deploy.properties import Properties
from chalice_deploy.record import Entry

_LONGEST_NAME = 128


class RolePolicies:
    """How a `chalice_core.kinds.RolePolicy` is deployed."""

    replaces = frozenset({"RoleArn", "PolicyName"})
    may_share = False
    looks_first = False

    def name(self, resource: Resource) -> str:
        """Return the policy's name."""
        return policy_name(_policy(resource).policy_name)

    def desired(self, resource: Resource, artifacts: Artifacts) -> Properties:  # noqa: ARG002  # the protocol's
        """Return role, name and document."""
        policy = _policy(resource)
        statements = [
            {"Effect": "Allow", "Action": list(one.actions), "Resource": list(one.resources)}
            for one in policy.statements
        ]
        return {
            "RoleArn": policy.role,
            "PolicyName": policy_name(policy.policy_name),
            "PolicyDocument": {"Version": POLICY_VERSION, "Statement": statements},
        }

    def key(self, properties: Mapping[str, Any]) -> Mapping[str, Any]:
        """A policy is recognised by its name within its role."""
        return {"RoleArn": properties["RoleArn"], "PolicyName": properties["PolicyName"]}

    def create(self, cloud: Cloud, task: Task) -> Deployed:
        """Put the policy."""
        cloud.call(
            "iam",
            "PutRolePolicy",
            task.name,
            RoleName=_role_name(task.properties),
            PolicyName=task.properties["PolicyName"],
            PolicyDocument=json.dumps(task.properties["PolicyDocument"]),
        )
        return _deployed(task.properties)

    def find(self, cloud: Cloud, id: str, key: Mapping[str, Any]) -> Found | None:
        """Ask for the policy by its names, which begin as those of nobody else do."""
        try:
            cloud.call("iam", "GetRolePolicy", id, RoleName=_role_name(key), PolicyName=key["PolicyName"])
        except NotFoundError:
            return None
        return Found(deployed=_deployed(key), ours=True)

    def update(self, cloud: Cloud, task: Task, before: Entry, changed: frozenset[str]) -> Deployed:  # noqa: ARG002
        """Put the policy again."""
        return self.create(cloud, task)

    def delete(self, cloud: Cloud, id: str, before: Entry) -> None:
        """Delete the policy and no other of the role."""
        try:
            cloud.call(
                "iam",
                "DeleteRolePolicy",
                id,
                RoleName=_role_name(before.key),
                PolicyName=before.key["PolicyName"],
            )
        except NotFoundError:
            return

    def summary(self, id: str, entry: Entry, cloud: PlaceFacts) -> Mapping[str, str] | None:  # noqa: ARG002
        """Schema 2.0 does not list policies."""
        return None

    def report(self, entry: Entry, cloud: PlaceFacts) -> Sequence[DeployedValue]:  # noqa: ARG002
        """Nobody asks for policies."""
        return ()


def policy_name(name: str) -> str:
    """Return the name of a policy in IAM, which begins so that it is known as ours.

    Args:
        name: as the resource has it.

    Returns:
        At most 128 letters, digits and ``+=,.@-_``, as ``PutRolePolicy`` asks for.
    """
    readable = re.sub(r"[^A-Za-z0-9+=,.@_-]", "-", name)
    full = f"chalice-{readable}"
    if readable == name and len(full) <= _LONGEST_NAME:
        return full
    return f"{full[: _LONGEST_NAME - 13]}-{hashlib.sha256(name.encode()).hexdigest()[:12]}"


def _policy(resource: Resource) -> RolePolicy:
    if not isinstance(resource, RolePolicy):
        raise TypeError(f"{resource!r} is not a RolePolicy")
    return resource


def _role_name(properties: Mapping[str, Any]) -> str:
    # A role's path is part of its ARN and not of its name.
    return str(properties["RoleArn"]).rsplit("/", 1)[-1]


def _deployed(properties: Mapping[str, Any]) -> Deployed:
    return Deployed(identity={"RoleName": _role_name(properties), "PolicyName": properties["PolicyName"]})
