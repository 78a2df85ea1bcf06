"""Lambda triggers of Cognito user pools that belong to somebody else.

``UpdateUserPool`` takes the whole configuration and sets what it is not told to its default.  So the pool is
read, one trigger of it changed, and everything sent back; one process at a time, and read again when Cognito
says that somebody else has changed it meanwhile.

Sources: ``DescribeUserPool``, ``UpdateUserPool`` and ``LambdaConfigType``, Amazon Cognito User Pools API
Reference.
"""

from __future__ import annotations

import functools
import threading
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from chalice_core.artifact import Artifacts
from chalice_core.errors import ToolError
from chalice_core.kinds import Resource, UserPoolTrigger
from chalice_core.target import DeployedValue
from chalice_deploy.cloud import Cloud
from chalice_deploy.errors import AlreadyThereError, AwsError, NotFoundError
from chalice_deploy.handler import Deployed, Found, PlaceFacts, Task
from chalice_deploy.properties import Properties, Rendered
from chalice_deploy.record import Entry

_SERVICE = "cognito-idp"
_ATTEMPTS = 5
_VERSIONED = {"PreTokenGeneration": "PreTokenGenerationConfig"}
"""Triggers that have one setting without and one with a version; Cognito wants the same function in both."""

_locks: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)
"""By pool: its triggers are resources of their own, and are deployed side by side."""


class TriggerTakenError(ToolError):
    """Somebody else has given the trigger to another function."""

    code = "trigger-taken"

    def __init__(self, *, trigger: str, user_pool_id: str, found: str) -> None:
        super().__init__(
            what=f"The trigger {trigger} of the user pool {user_pool_id!r} calls {found}.",
            why="That function is none of this application in this stage, so the trigger is left as it is.",
            fix="Remove the trigger there, or the decorator here.",
        )
        self.trigger, self.user_pool_id, self.found = trigger, user_pool_id, found


class UserPoolTriggers:
    """How a `chalice_core.kinds.UserPoolTrigger` is deployed."""

    replaces = frozenset({"UserPoolId", "Trigger"})
    may_share = False
    looks_first = False

    def name(self, resource: Resource) -> str:
        """Return trigger and pool."""
        trigger = _trigger(resource)
        return f"{trigger.trigger} of {trigger.user_pool_id}"

    def desired(self, resource: Resource, artifacts: Artifacts) -> Properties:  # noqa: ARG002  # the protocol's
        """Return what the pool's ``LambdaConfig`` is to say of this trigger."""
        trigger = _trigger(resource)
        return {
            "UserPoolId": trigger.user_pool_id,
            "Trigger": trigger.trigger,
            "FunctionArn": trigger.function_arn,
            "LambdaVersion": trigger.lambda_version,
        }

    def key(self, properties: Mapping[str, Any]) -> Mapping[str, Any]:
        """A pool has each trigger once, and whose it is says the function that it calls."""
        return {name: properties[name] for name in ("UserPoolId", "Trigger", "FunctionArn")}

    def create(self, cloud: Cloud, task: Task) -> Deployed:
        """Set the trigger, unless it calls something already."""
        wanted = task.properties

        def change(config: Rendered) -> Rendered:
            present = _function_of(config, wanted["Trigger"])
            if present not in (None, wanted["FunctionArn"]):
                if not _is_our_function(cloud, task.name, present):
                    raise _taken(wanted, present)
                raise AlreadyThereError(
                    operation="UpdateUserPool",
                    resource=task.name,
                    aws_code="TriggerTaken",
                    message=f"The trigger calls {present}.",
                )
            return _with(config, wanted)

        _change_pool(cloud, task.name, wanted["UserPoolId"], change)
        return _deployed(wanted)

    def find(self, cloud: Cloud, id: str, key: Mapping[str, Any]) -> Found | None:
        """Look at what the trigger calls; it is ours when that function is, or was before it was deleted."""
        try:
            pool = _describe(cloud, id, key["UserPoolId"])
        except NotFoundError:
            return None
        present = _function_of(pool.get("LambdaConfig", {}), key["Trigger"])
        if present is None:
            return None
        ours = present == key["FunctionArn"] or _is_our_function(cloud, id, present)
        return Found(deployed=_deployed(key), ours=ours)

    def update(self, cloud: Cloud, task: Task, before: Entry, changed: frozenset[str]) -> Deployed:  # noqa: ARG002
        """Let the trigger call the function, in the version that is declared."""
        wanted = task.properties
        known = {wanted["FunctionArn"], *(earlier.get("FunctionArn") for earlier in task.earlier)}

        def change(config: Rendered) -> Rendered:
            present = _function_of(config, wanted["Trigger"])
            taken = present is not None and present not in known
            if taken and not _is_our_function(cloud, task.name, present):
                raise _taken(wanted, present)
            return _with(config, wanted)

        _change_pool(cloud, task.name, wanted["UserPoolId"], change)
        return _deployed(wanted)

    def delete(self, cloud: Cloud, id: str, before: Entry) -> None:  # noqa: ARG002  # the protocol's
        """Remove the trigger if it still calls this function."""
        trigger, function = before.key["Trigger"], before.key["FunctionArn"]

        def change(config: Rendered) -> Rendered:
            return _without(config, trigger) if _function_of(config, trigger) == function else config

        try:
            _change_pool(cloud, before.name, before.key["UserPoolId"], change)
        except NotFoundError:
            return

    def summary(self, id: str, entry: Entry, cloud: PlaceFacts) -> Mapping[str, str] | None:  # noqa: ARG002
        """Schema 2.0 has no word for triggers of user pools."""
        return None

    def report(self, entry: Entry, cloud: PlaceFacts) -> Sequence[DeployedValue]:  # noqa: ARG002
        """Nobody asks for triggers."""
        return ()


def _trigger(resource: Resource) -> UserPoolTrigger:
    if not isinstance(resource, UserPoolTrigger):
        raise TypeError(f"{resource!r} is not a UserPoolTrigger")
    return resource


def _taken(wanted: Mapping[str, Any], found: str | None) -> TriggerTakenError:
    return TriggerTakenError(trigger=wanted["Trigger"], user_pool_id=wanted["UserPoolId"], found=str(found))


def _deployed(named: Mapping[str, Any]) -> Deployed:
    return Deployed(identity={"UserPoolId": str(named["UserPoolId"]), "Trigger": str(named["Trigger"])})


def _function_of(config: Mapping[str, Any], trigger: str) -> str | None:
    """Return the ARN that a pool's ``LambdaConfig`` has for a trigger."""
    for name in (trigger, _VERSIONED.get(trigger, trigger)):
        value = config.get(name)
        arn = value.get("LambdaArn") if isinstance(value, Mapping) else value
        if arn:
            return str(arn)
    return None


def _with(config: Rendered, wanted: Mapping[str, Any]) -> Rendered:
    trigger, arn, version = wanted["Trigger"], wanted["FunctionArn"], wanted.get("LambdaVersion")
    changed = _without(config, trigger)
    if version is None:
        return {**changed, trigger: arn}
    versioned = {"LambdaArn": arn, "LambdaVersion": version}
    if trigger in _VERSIONED:
        return {**changed, trigger: arn, _VERSIONED[trigger]: versioned}
    return {**changed, trigger: versioned}


def _without(config: Rendered, trigger: str) -> Rendered:
    return {name: value for name, value in config.items() if name not in (trigger, _VERSIONED.get(trigger))}


def _is_our_function(cloud: Cloud, name: str, arn: str | None) -> bool:
    try:
        tags = cloud.call("lambda", "ListTags", name, Resource=arn).get("Tags", {})
    except NotFoundError:
        return False
    except AwsError as error:
        # A function of another account, or of another region, is nobody's of ours.
        if error.aws_code in ("AccessDeniedException", "InvalidParameterValueException"):
            return False
        raise
    return cloud.is_ours(tags)


def _describe(cloud: Cloud, name: str, user_pool_id: str) -> Rendered:
    pool: Rendered = cloud.call(_SERVICE, "DescribeUserPool", name, UserPoolId=user_pool_id)["UserPool"]
    return pool


def _change_pool(cloud: Cloud, name: str, user_pool_id: str, change: Callable[[Rendered], Rendered]) -> None:
    """Change the triggers of a pool and nothing else.

    Args:
        cloud: to tell.
        name: what messages call the trigger.
        user_pool_id: of the pool.
        change: returns the new ``LambdaConfig`` for the present one.
    """
    attempts = 0

    def attempt() -> tuple[bool, str]:
        nonlocal attempts
        attempts += 1
        pool = _describe(cloud, name, user_pool_id)
        present = pool.get("LambdaConfig", {})
        config = change(present)
        if config == present:
            return True, "as it was"
        try:
            _update(cloud, name, user_pool_id, pool, config)
        except AwsError as error:
            if error.aws_code != "ConcurrentModificationException" or attempts == _ATTEMPTS:
                raise
            return False, error.message
        # Another program may have read the pool before that and write its own picture of it now.
        return False, "changed, and not yet seen to have stayed"

    with _locks[user_pool_id]:
        cloud.wait(name, "set in the pool", attempt)


def _update(cloud: Cloud, name: str, user_pool_id: str, pool: Rendered, config: Rendered) -> None:
    factors = (
        _second_factors(cloud, name, user_pool_id) if pool.get("MfaConfiguration", "OFF") != "OFF" else None
    )
    settings = {**settings_of(pool), "LambdaConfig": config}
    cloud.call(_SERVICE, "UpdateUserPool", name, **settings)
    # UpdateUserPool knows no other second factor than text messages.
    if factors is not None and _second_factors(cloud, name, user_pool_id) != factors:
        cloud.call(_SERVICE, "SetUserPoolMfaConfig", name, UserPoolId=user_pool_id, **factors)


def _second_factors(cloud: Cloud, name: str, user_pool_id: str) -> Rendered:
    answer = cloud.call(_SERVICE, "GetUserPoolMfaConfig", name, UserPoolId=user_pool_id)
    return {key: value for key, value in answer.items() if key in _inputs("SetUserPoolMfaConfig").members}


def settings_of(pool: Mapping[str, Any]) -> Rendered:
    """Return everything that is said of a pool and that UpdateUserPool takes, so that it stays as it is.

    Which settings there are is botocore's to know: Cognito gets new ones every year.

    Args:
        pool: as DescribeUserPool returns it.
    """
    shape = _inputs("UpdateUserPool")
    said = {**pool, "UserPoolId": pool["Id"], "PoolName": pool.get("Name")}
    settings: Rendered = _fitting(shape, {key: value for key, value in said.items() if value is not None})
    passwords = settings.get("Policies", {}).get("PasswordPolicy", {})
    if "TemporaryPasswordValidityDays" in passwords:
        # The old name of the same setting, which Cognito reports still and refuses beside the new one.
        settings.get("AdminCreateUserConfig", {}).pop("UnusedAccountValidityDays", None)
    return settings


def _fitting(shape: Any, value: Any) -> Any:
    """Return what of a value an input shape has a place for."""
    if shape.type_name == "structure":
        return {
            key: _fitting(shape.members[key], part) for key, part in value.items() if key in shape.members
        }
    if shape.type_name == "list":
        return [_fitting(shape.member, part) for part in value]
    return value


@functools.cache
def _inputs(operation: str) -> Any:
    """Return botocore's shape of what an operation takes."""
    from botocore.session import get_session

    return get_session().get_service_model(_SERVICE).operation_model(operation).input_shape
