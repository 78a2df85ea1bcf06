"""Permissions for services to invoke a function: statements of its resource policy."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from chalice_core.artifact import Artifacts
from chalice_core.kinds import InvokePermission, Resource
from chalice_core.target import DeployedValue
from chalice_core.values import Value, outputs_in, render
from chalice_deploy.cloud import Cloud
from chalice_deploy.errors import NotFoundError
from chalice_deploy.handler import Deployed, Found, PlaceFacts, Task
from chalice_deploy.properties import Properties
from chalice_deploy.record import Entry


class InvokePermissions:
    """How a `chalice_core.kinds.InvokePermission` is deployed."""

    # A statement is never changed: it is removed and added again.
    replaces = frozenset(
        {
            "FunctionName",
            "StatementId",
            "Action",
            "Principal",
            "SourceArn",
            "SourceAccount",
            "FunctionUrlAuthType",
            "InvokedViaFunctionUrl",
        }
    )
    may_share = False
    looks_first = False

    def name(self, resource: Resource) -> str:
        """Return the resource's id; AWS shows a statement's id nowhere but in the policy."""
        return resource.id

    def desired(self, resource: Resource, artifacts: Artifacts) -> Properties:  # noqa: ARG002  # the protocol's
        """Return what AddPermission takes."""
        if not isinstance(resource, InvokePermission):
            raise TypeError(f"{resource!r} is not an InvokePermission")
        return {
            "FunctionName": resource.function_arn,
            "StatementId": statement_id(resource.id, resource.source_arn),
            "Action": resource.action,
            "Principal": resource.principal,
            "SourceArn": resource.source_arn,
            "SourceAccount": resource.source_account,
            "FunctionUrlAuthType": resource.function_url_auth_type,
            # Only AWS's own word for "yes" means anything.
            "InvokedViaFunctionUrl": True if resource.invoked_via_function_url else None,
        }

    def key(self, properties: Mapping[str, Any]) -> Mapping[str, Any]:
        """A statement is recognised by its id within the policy of a function."""
        return {"FunctionName": properties["FunctionName"], "StatementId": properties["StatementId"]}

    def create(self, cloud: Cloud, task: Task) -> Deployed:
        """Add the statement."""
        parameters = {name: value for name, value in task.properties.items() if value is not None}
        cloud.call(
            "lambda",
            "AddPermission",
            task.name,
            already="ResourceConflictException",
            again=_is_busy,
            **parameters,
        )
        return _deployed(parameters)

    def find(self, cloud: Cloud, id: str, key: Mapping[str, Any]) -> Found | None:  # noqa: ARG002
        """Look for the statement in the function's policy; its id is ours alone."""
        if _statement(cloud, key) is None:
            return None
        return Found(deployed=_deployed(key), ours=True)

    def update(self, cloud: Cloud, task: Task, before: Entry, changed: frozenset[str]) -> Deployed:  # noqa: ARG002
        """Replace the statement unless it says already what it should."""
        found = _statement(cloud, task.properties)
        if found is not None and _says(found, task.properties):
            return _deployed(task.properties)
        if found is not None:
            _remove(cloud, task.name, task.properties)
        return self.create(cloud, task)

    def delete(self, cloud: Cloud, id: str, before: Entry) -> None:
        """Remove the statement."""
        _remove(cloud, id, before.key)

    def summary(self, id: str, entry: Entry, cloud: PlaceFacts) -> Mapping[str, str] | None:  # noqa: ARG002
        """Schema 2.0 does not list permissions."""
        return None

    def report(self, entry: Entry, cloud: PlaceFacts) -> Sequence[DeployedValue]:  # noqa: ARG002
        """Nobody asks for permissions."""
        return ()


def statement_id(id: str, source: Value | None = None) -> str:
    """Return the statement id of a resource: 1 to 100 letters, digits, hyphens and underscores.

    A bucket or topic is part of it, so that the statement for the former one stays until nothing of that
    one invokes the function any more.  S3 for example refuses every change of a bucket's notifications as
    long as one of them is not permitted.

    Args:
        id: of the resource.
        source: what invokes the function.  Of no account if the cloud chooses the ARN: a permission for
            an API is made anew with the API.

    Source: ``AddPermission``, AWS Lambda API Reference.
    """
    readable = re.sub(r"[^A-Za-z0-9_-]", "-", id)
    if source is not None and not any(outputs_in(source)):
        digest = hashlib.sha256(f"{id} {render(source, output=str, pseudo=str)}".encode()).hexdigest()
        return f"chalice-{readable[:70]}-{digest[:12]}"
    if readable == id and len(id) <= 80:
        return f"chalice-{id}"
    return f"chalice-{readable[:70]}-{hashlib.sha256(id.encode()).hexdigest()[:12]}"


def _is_busy(code: str, message: str) -> bool:
    return code == "ResourceConflictException" and "in progress" in message.lower()


def _statement(cloud: Cloud, key: Mapping[str, Any]) -> Mapping[str, Any] | None:
    try:
        answer = cloud.call("lambda", "GetPolicy", key["StatementId"], FunctionName=key["FunctionName"])
    except NotFoundError:
        return None
    for statement in json.loads(answer["Policy"])["Statement"]:
        if statement.get("Sid") == key["StatementId"]:
            found: Mapping[str, Any] = statement
            return found
    return None


def _says(statement: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    """Return whether a statement is what ``AddPermission`` would make of the properties."""
    principal = statement.get("Principal", {})
    if isinstance(principal, Mapping):
        principal = principal.get("Service", principal.get("AWS"))
    # Names of condition keys have no case.
    conditions = {
        key.lower(): str(value).lower() if operator == "Bool" else value
        for operator, tests in statement.get("Condition", {}).items()
        for key, value in tests.items()
    }
    return (statement.get("Action"), principal, conditions) == (
        wanted["Action"],
        wanted["Principal"],
        {key: value for key, value in _conditions(wanted).items() if value is not None},
    )


def _conditions(wanted: Mapping[str, Any]) -> dict[str, str | None]:
    return {
        "aws:sourcearn": wanted.get("SourceArn"),
        "aws:sourceaccount": wanted.get("SourceAccount"),
        "lambda:functionurlauthtype": wanted.get("FunctionUrlAuthType"),
        "lambda:invokedviafunctionurl": "true" if wanted.get("InvokedViaFunctionUrl") else None,
    }


def _remove(cloud: Cloud, name: str, key: Mapping[str, Any]) -> None:
    try:
        cloud.call(
            "lambda",
            "RemovePermission",
            name,
            again=_is_busy,
            FunctionName=key["FunctionName"],
            StatementId=key["StatementId"],
        )
    except NotFoundError:
        return


def _deployed(key: Mapping[str, Any]) -> Deployed:
    return Deployed(identity={"FunctionName": key["FunctionName"], "StatementId": key["StatementId"]})
