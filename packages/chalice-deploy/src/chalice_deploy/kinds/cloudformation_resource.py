"""Anything that AWS has, by its CloudFormation type: made and changed through the Cloud Control API.

A creation carries a client token, and AWS answers a second one with the same token with what has become of
the first, for 36 hours.  The client token follows from who owns the resource and from what is asked for, so
that a process which finds the intent of an ended one can ask AWS what has become of it, and nothing is made
twice.

Source: "Managing resource operation requests" and "CreateResource", AWS Cloud Control API User Guide and
Reference; JSON Patch: RFC 6902, JSON Pointer: RFC 6901.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chalice_core.artifact import Artifacts
from chalice_core.errors import ToolError
from chalice_core.kinds import CloudFormationResource, Resource
from chalice_core.target import DeployedValue
from chalice_deploy.cloud import Cloud
from chalice_deploy.cloud_control import GOING_ON, ask, creations, exists, finish, properties_of, requests
from chalice_deploy.errors import AlreadyThereError, AwsError, NotFoundError
from chalice_deploy.handler import Deployed, Found, PlaceFacts, Task
from chalice_deploy.properties import Properties, digest
from chalice_deploy.record import Entry

_MOST_ATTEMPTS = 50
"""Creations with equal properties that AWS may remember at once; far more than people make in 36 hours."""


class NotUpdatableError(ToolError):
    """A property is changed that AWS sets when it creates a resource, and never again."""

    code = "not-updatable"

    def __init__(self, *, resource: str, type: str, properties: Sequence[str], message: str) -> None:
        listed = ", ".join(map(repr, properties))
        super().__init__(
            what=f"AWS does not change {listed} of {resource!r}, which is of the type {type}.",
            why="Another one has to be made for that, and what is in this one would be lost. "
            f"AWS says: {message}",
            fix="Take the declaration out and deploy, which deletes it; then put it back and deploy again.",
        )
        self.resource, self.type, self.properties = resource, type, tuple(properties)


class CloudFormationResources:
    """How a `chalice_core.kinds.CloudFormationResource` is deployed."""

    replaces = frozenset({"Type"})
    may_share = False
    looks_first = False

    def name(self, resource: Resource) -> str:
        """Return what its plugin calls it, or its id."""
        described = _described(resource)
        return described.name or described.id

    def desired(self, resource: Resource, artifacts: Artifacts) -> Properties:  # noqa: ARG002  # the protocol's
        """Return type and properties; the id tells resources of equal properties apart."""
        described = _described(resource)
        properties = {name: value for name, value in described.properties.items() if value is not None}
        return {"LogicalId": described.id, "Type": described.type, "Properties": properties}

    def key(self, properties: Mapping[str, Any]) -> Mapping[str, Any]:
        """AWS chooses the identifier, or takes it from a property that only the type's schema names."""
        return {"LogicalId": properties["LogicalId"], "Type": properties["Type"]}

    def create(self, cloud: Cloud, task: Task) -> Deployed:
        """Create the resource, or go on with the one that an ended process has begun to create."""
        type = task.properties["Type"]
        # One of another type is what this one replaces.
        same = [properties for properties in task.earlier if properties["Type"] == type]
        begun = self.find_interrupted(cloud, task.id, same)
        if begun is not None:
            identifier = begun.deployed.identity["Identifier"]
            return _Changing(cloud, task, identifier).deployed()
        wanted = _Wanted.of(cloud, task.id, task.properties)
        return _read(cloud, task.name, wanted.type, _created(cloud, task.name, wanted))

    def find(self, cloud: Cloud, id: str, key: Mapping[str, Any]) -> Found | None:  # noqa: ARG002
        """Nothing can be found by a type alone; `find_interrupted` is told more."""
        return None

    def find_interrupted(self, cloud: Cloud, id: str, intended: Sequence[Mapping[str, Any]]) -> Found | None:
        """Look for what a process that has ended in the middle of a creation has made.

        Args:
            cloud: to ask.
            id: of the resource.
            intended: what processes were about to create, as rendered for the record.
        """
        for properties in intended:
            wanted = _Wanted.of(cloud, id, properties)
            if not _may_have_been_made(cloud, id, wanted):
                continue
            try:
                identifier = _created(cloud, id, wanted)
            except AlreadyThereError:
                continue  # it is somebody else's: ours would have been answered with its success
            return Found(deployed=_read(cloud, id, wanted.type, identifier), ours=True)
        return None

    def update(self, cloud: Cloud, task: Task, before: Entry, changed: frozenset[str]) -> Deployed:
        """Patch what differs."""
        identifier = before.identity["Identifier"]
        if "LogicalId" in changed:  # all of them are: a process has ended in the middle of something
            _await_others(cloud, task.name, before.identity)
        return _Changing(cloud, task, identifier).deployed()

    def delete(self, cloud: Cloud, id: str, before: Entry) -> None:
        """Delete the resource and wait until it is gone."""
        try:
            event = ask(
                cloud,
                "DeleteResource",
                id,
                TypeName=before.identity["TypeName"],
                Identifier=before.identity["Identifier"],
                ClientToken=str(uuid.uuid4()),
            )
            finish(cloud, "DeleteResource", id, event)
        except NotFoundError as error:
            if error.aws_code == "TypeNotFoundException":
                raise
            return

    def summary(self, id: str, entry: Entry, cloud: PlaceFacts) -> Mapping[str, str] | None:  # noqa: ARG002
        """Schema 2.0 has no word for it."""
        return None

    def report(self, entry: Entry, cloud: PlaceFacts) -> Sequence[DeployedValue]:  # noqa: ARG002
        """Nobody is told."""
        return ()


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What is asked for, and who asks."""

    owner: str
    type: str
    properties: Mapping[str, Any]

    @classmethod
    def of(cls, cloud: Cloud, id: str, properties: Mapping[str, Any]) -> _Wanted:
        return cls(cloud.owner(id), properties["Type"], properties["Properties"])

    def token(self, attempt: int) -> str:
        """Return the client token of one of several creations, at most 128 characters."""
        text = f"{self.owner}\n{self.type}\n{digest(self.properties)}\n{attempt}"
        return hashlib.sha256(text.encode()).hexdigest()


class _Changing:
    """A resource that is there, on its way to what is wanted.

    Args:
        cloud: to tell.
        task: what is wanted.
        identifier: of the resource.
    """

    def __init__(self, cloud: Cloud, task: Task, identifier: str) -> None:
        self._cloud, self._task, self._identifier = cloud, task, identifier
        self._type = task.properties["Type"]

    def deployed(self) -> Deployed:
        """Patch the resource and return what has become of it.

        Raises:
            NotFoundError: it is gone.
            NotUpdatableError: another one would have to be made.
        """
        current = properties_of(self._cloud, self._task.name, self._type, self._identifier)
        patch = [*self._patch(current)]
        if patch:
            try:
                event = ask(
                    self._cloud,
                    "UpdateResource",
                    self._task.name,
                    TypeName=self._type,
                    Identifier=self._identifier,
                    PatchDocument=json.dumps(patch),
                    # One for all attempts of this call, so that a broken connection patches once.
                    ClientToken=str(uuid.uuid4()),
                )
                finish(self._cloud, "UpdateResource", self._task.name, event)
            except AwsError as error:
                if error.aws_code.removesuffix("Exception") != "NotUpdatable":
                    raise
                names = [_plain(operation["path"][1:]) for operation in patch]
                raise NotUpdatableError(
                    resource=self._task.name, type=self._type, properties=names, message=error.message
                ) from error
            current = properties_of(self._cloud, self._task.name, self._type, self._identifier)
        return _deployed(self._type, self._identifier, current)

    def _patch(self, current: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        """Yield an operation for each property that differs from what it may have been made of.

        What AWS returns is not compared: it fills in defaults and spells values its own way, and leaves
        out what may be written only.
        """
        wanted = self._task.properties["Properties"]
        earlier = [one["Properties"] for one in self._task.earlier if one.get("Type") == self._type]
        for name, value in wanted.items():
            if any(name not in one or one[name] != value for one in earlier):
                # It replaces what is there already.
                yield {"op": "add", "path": _pointer(name), "value": value}
        for name in dict.fromkeys(name for one in earlier for name in one):
            if name not in wanted and name in current:
                yield {"op": "remove", "path": _pointer(name)}


def _created(cloud: Cloud, name: str, wanted: _Wanted) -> str:
    """Create a resource and return its identifier; the one that such a request has made already, if there is.

    Raises:
        AlreadyThereError: something of that identifier exists.
        AwsError: AWS refused it for another reason.
    """
    known = {event["RequestToken"] for event in creations(cloud, name, wanted.type)}
    for attempt in range(_MOST_ATTEMPTS):
        event = ask(
            cloud,
            "CreateResource",
            name,
            already="AlreadyExistsException",
            TypeName=wanted.type,
            DesiredState=json.dumps(wanted.properties),
            ClientToken=wanted.token(attempt),
        )
        is_new = event["RequestToken"] not in known
        try:
            identifier = str(finish(cloud, "CreateResource", name, event)["Identifier"])
        except AwsError:
            if is_new:
                raise
            continue  # an earlier attempt failed, and its token is used up
        if is_new or exists(cloud, name, wanted.type, identifier):
            return identifier
        # What the earlier request has made was deleted since.
    raise AwsError(
        operation="CreateResource",
        resource=name,
        aws_code="ClientTokenConflictException",
        message=f"It was created {_MOST_ATTEMPTS} times within 36 hours.",
    )


def _may_have_been_made(cloud: Cloud, name: str, wanted: _Wanted) -> bool:
    """Return whether AWS knows of a creation that may be the one in question.

    Asking with the client token would create the resource if that was not so.
    """
    for event in creations(cloud, name, wanted.type):
        if event["OperationStatus"] in GOING_ON:
            return True
        if event["OperationStatus"] != "SUCCESS":
            continue
        try:
            current = properties_of(cloud, name, wanted.type, event["Identifier"])
        except NotFoundError:
            continue
        if all(current[key] == value for key, value in wanted.properties.items() if key in current):
            return True
    return False


def _await_others(cloud: Cloud, name: str, identity: Mapping[str, str]) -> None:
    """Wait for requests of an ended process; what they end with shows in the resource."""
    statuses = ["PENDING", "IN_PROGRESS"]
    for event in requests(cloud, name, identity["TypeName"], OperationStatuses=statuses):
        if event.get("Identifier") == identity["Identifier"]:
            try:
                finish(cloud, f"{event['Operation'].title()}Resource", name, event)
            except AwsError:
                continue  # what it was for is asked for again


def _read(cloud: Cloud, name: str, type: str, identifier: str) -> Deployed:
    return _deployed(type, identifier, properties_of(cloud, name, type, identifier))


def _deployed(type: str, identifier: str, properties: Mapping[str, Any]) -> Deployed:
    return Deployed(
        identity={"TypeName": type, "Identifier": identifier},
        outputs={**dict(_attributes(properties)), "Ref": identifier},
    )


def _attributes(properties: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, str]]:
    """Yield what ``Fn::GetAtt`` may name, parts of objects with dots: ``Endpoint.Port``."""
    for key, value in properties.items():
        if isinstance(value, Mapping):
            yield from _attributes(value, f"{path}{key}.")
        elif isinstance(value, bool):
            yield f"{path}{key}", str(value).lower()
        elif isinstance(value, (str, int, float)):
            yield f"{path}{key}", str(value)


def _described(resource: Resource) -> CloudFormationResource:
    if not isinstance(resource, CloudFormationResource):
        raise TypeError(f"{resource!r} is not a CloudFormationResource")
    return resource


def _pointer(name: str) -> str:
    return "/" + name.replace("~", "~0").replace("/", "~1")


def _plain(part: str) -> str:
    return part.replace("~1", "/").replace("~0", "~")
