"""Lambda functions: code, configuration, tags and reserved concurrency."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from chalice_core.artifact import Artifact, Artifacts
from chalice_core.kinds import Function, Resource
from chalice_core.target import DeployedValue
from chalice_deploy.cloud import OWNER_TAG, Cloud
from chalice_deploy.errors import MissingArtifactError, NotFoundError, PackageTooLargeError, StillWorkingError
from chalice_deploy.handler import Deployed, Found, PlaceFacts, Task
from chalice_deploy.properties import Properties, Rendered, Secret
from chalice_deploy.record import Entry

DIRECT_UPLOAD_LIMIT = 50 * 1024 * 1024
"""Bytes of a zip that Lambda takes in the request itself ("Lambda quotas", Deployment package size)."""

_CONFIGURATION = (
    "Runtime",
    "Role",
    "Handler",
    "Timeout",
    "MemorySize",
    "Environment",
    "Layers",
    "VpcConfig",
    "TracingConfig",
)
"""The properties that UpdateFunctionConfiguration takes."""


class Functions:
    """How a `chalice_core.kinds.Function` is deployed."""

    replaces = frozenset({"FunctionName"})
    may_share = False
    looks_first = False

    def name(self, resource: Resource) -> str:
        """Return the function's name in Lambda."""
        return _function(resource).function_name

    def desired(self, resource: Resource, artifacts: Artifacts) -> Properties:
        """Return everything that CreateFunction takes, and the reserved concurrency."""
        function = _function(resource)
        return {
            "FunctionName": function.function_name,
            "Code": _code(function, artifacts),
            "Architectures": [function.architecture],
            "Runtime": function.runtime,
            "Role": function.role,
            "Handler": function.handler,
            "Timeout": function.timeout,
            "MemorySize": function.memory_size,
            "Environment": {name: Secret(value) for name, value in function.environment.items()},
            "Layers": list(function.layers),
            "VpcConfig": {
                "SubnetIds": list(function.subnet_ids),
                "SecurityGroupIds": list(function.security_group_ids),
            },
            "TracingConfig": {"Mode": "Active" if function.tracing else "PassThrough"},
            "Tags": dict(function.tags),
            "ReservedConcurrentExecutions": function.reserved_concurrency,
        }

    def key(self, properties: Mapping[str, Any]) -> Mapping[str, Any]:
        """A function is recognised by its name."""
        return {"FunctionName": properties["FunctionName"]}

    def create(self, cloud: Cloud, task: Task) -> Deployed:
        """Upload the code, wait until the function is active, and reserve concurrency."""
        wanted = task.properties
        answer = cloud.call(
            "lambda",
            "CreateFunction",
            task.name,
            again=_role_is_new,
            already="ResourceConflictException",
            FunctionName=wanted["FunctionName"],
            Code={"ZipFile": _bytes(wanted)},
            Architectures=wanted["Architectures"],
            Tags={**wanted["Tags"], OWNER_TAG: cloud.owner(task.id)},
            **_configuration(wanted, omit_empty=True),
        )
        _wait_until_usable(cloud, task.name, answer)
        if wanted.get("ReservedConcurrentExecutions") is not None:
            _reserve_concurrency(cloud, task)
        return _deployed(answer)

    def find(self, cloud: Cloud, id: str, key: Mapping[str, Any]) -> Found | None:  # noqa: ARG002
        """Ask for the function by its name."""
        name = key["FunctionName"]
        try:
            answer = cloud.call("lambda", "GetFunction", name, FunctionName=name)
        except NotFoundError:
            return None
        return Found(deployed=_deployed(answer["Configuration"]), ours=cloud.is_ours(answer.get("Tags", {})))

    def update(self, cloud: Cloud, task: Task, before: Entry, changed: frozenset[str]) -> Deployed:
        """Change what differs, and nothing else: code is uploaded only when it is new."""
        wanted = task.properties
        name = wanted["FunctionName"]
        if changed & {"Code", "Architectures"}:
            answer = cloud.call(
                "lambda",
                "UpdateFunctionCode",
                task.name,
                again=_is_busy,
                FunctionName=name,
                ZipFile=_bytes(wanted),
                Architectures=wanted["Architectures"],
            )
            _wait_until_usable(cloud, name, answer)
        if changed & set(_CONFIGURATION):
            answer = cloud.call(
                "lambda",
                "UpdateFunctionConfiguration",
                task.name,
                again=lambda code, message: _is_busy(code, message) or _role_is_new(code, message),
                FunctionName=name,
                **_configuration({key: wanted.get(key) for key in _CONFIGURATION if key in changed}),
            )
            _wait_until_usable(cloud, name, answer)
        if "Tags" in changed:
            _change_tags(cloud, task, before)
        if "ReservedConcurrentExecutions" in changed:
            _reserve_concurrency(cloud, task)
        return Deployed(identity=before.identity, outputs=before.outputs)

    def delete(self, cloud: Cloud, id: str, before: Entry) -> None:  # noqa: ARG002
        """Delete the function with all its versions and permissions."""
        name = before.key["FunctionName"]
        try:
            cloud.call("lambda", "DeleteFunction", name, again=_is_busy, FunctionName=name)
        except NotFoundError:
            return

    def summary(self, id: str, entry: Entry, cloud: PlaceFacts) -> Mapping[str, str] | None:  # noqa: ARG002
        """Return the ``lambda_function`` of schema 2.0."""
        return {"name": id, "resource_type": "lambda_function", "lambda_arn": entry.outputs["arn"]}

    def report(self, entry: Entry, cloud: PlaceFacts) -> Sequence[DeployedValue]:  # noqa: ARG002
        """Return the function's ARN."""
        return (DeployedValue(label="Lambda ARN", value=entry.outputs["arn"]),)


def _function(resource: Resource) -> Function:
    if not isinstance(resource, Function):
        raise TypeError(f"{resource!r} is not a Function")
    return resource


def _code(function: Function, artifacts: Artifacts) -> Artifact:
    artifact = artifacts.get(function.code)
    if artifact is None:
        raise MissingArtifactError(function=function.function_name, artifact=function.code)
    if artifact.size > DIRECT_UPLOAD_LIMIT:
        raise PackageTooLargeError(path=artifact.path, size=artifact.size, limit=DIRECT_UPLOAD_LIMIT)
    return artifact


def _bytes(wanted: Rendered) -> bytes:
    artifact: Artifact = wanted["Code"]
    return artifact.path.read_bytes()


def _configuration(wanted: Rendered, *, omit_empty: bool = False) -> Rendered:
    """Return the properties as the calls spell them; empty ones clear what was set before."""
    parameters = {name: wanted[name] for name in _CONFIGURATION if name in wanted}
    if "Environment" in parameters:
        parameters["Environment"] = {"Variables": parameters["Environment"] or {}}
    if omit_empty:
        for name, empty in (
            ("Environment", {"Variables": {}}),
            ("Layers", []),
            ("VpcConfig", {"SubnetIds": [], "SecurityGroupIds": []}),
        ):
            if parameters.get(name) == empty:
                del parameters[name]
    return parameters


def _role_is_new(code: str, message: str) -> bool:
    # IAM is eventually consistent: Lambda may not see a role or its policies for a while.
    return code == "InvalidParameterValueException" and any(
        phrase in message.lower()
        for phrase in ("cannot be assumed", "execution role does not have permissions", "role does not exist")
    )


def _is_busy(code: str, message: str) -> bool:
    return code == "ResourceConflictException" and any(
        phrase in message.lower() for phrase in ("update is in progress", "in progress", "pending")
    )


def _wait_until_usable(cloud: Cloud, name: str, answer: Mapping[str, Any]) -> None:
    """Wait until a function is active and its last update is over ("Lambda function states")."""
    latest = [answer]

    def look() -> tuple[bool, str]:
        if not _is_usable(latest[0], name):
            latest[0] = cloud.call("lambda", "GetFunctionConfiguration", name, FunctionName=name)
        seen = f"{latest[0].get('State', 'Active')}, {latest[0].get('LastUpdateStatus', 'Successful')}"
        return _is_usable(latest[0], name), seen

    cloud.wait(name, "active", look)


def _is_usable(configuration: Mapping[str, Any], name: str) -> bool:
    state = configuration.get("State", "Active")
    update = configuration.get("LastUpdateStatus", "Successful")
    for seen, reason in ((state, "StateReason"), (update, "LastUpdateStatusReason")):
        if seen == "Failed":
            raise StillWorkingError(
                resource=name,
                wanted="active",
                seen=seen,
                why=configuration.get(reason, "AWS gives no reason."),
            )
    # An idle function is one whose resources AWS took back; it wakes when it is invoked.
    return state in ("Active", "Inactive", "Idle") and update == "Successful"


def _change_tags(cloud: Cloud, task: Task, before: Entry) -> None:
    arn = before.outputs["arn"]
    wanted = {**task.properties["Tags"], OWNER_TAG: cloud.owner(task.id)}
    gone = sorted({name for earlier in task.earlier for name in earlier.get("Tags", {})} - set(wanted))
    cloud.call("lambda", "TagResource", task.name, Resource=arn, Tags=wanted)
    if gone:
        cloud.call("lambda", "UntagResource", task.name, Resource=arn, TagKeys=gone)


def _reserve_concurrency(cloud: Cloud, task: Task) -> None:
    name, number = task.properties["FunctionName"], task.properties.get("ReservedConcurrentExecutions")
    if number is None:
        cloud.call("lambda", "DeleteFunctionConcurrency", task.name, again=_is_busy, FunctionName=name)
    else:
        cloud.call(
            "lambda",
            "PutFunctionConcurrency",
            task.name,
            again=_is_busy,
            FunctionName=name,
            ReservedConcurrentExecutions=number,
        )


def _deployed(configuration: Mapping[str, Any]) -> Deployed:
    return Deployed(
        identity={"FunctionName": configuration["FunctionName"]},
        outputs={"arn": configuration["FunctionArn"]},
    )
