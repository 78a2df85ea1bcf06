"""What a kind needs in order to be deployed to AWS.

Everything about one kind is in one handler: what AWS is told, and how a
thing is created, found, changed and deleted.  The engine around it decides
which of them happens, writes the record, and knows no kinds.

A plugin offers a handler for a kind of its own with the hook
``chalice_realise_kind`` for the target ``aws``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, runtime_checkable

from chalice_core.artifact import Artifacts
from chalice_core.kinds import Resource
from chalice_core.target import DeployedValue
from chalice_deploy.cloud import Cloud
from chalice_deploy.properties import Properties, Rendered
from chalice_deploy.record import Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployed:
    """What a handler answers after it created or changed something.

    Args:
        identity: what later calls ask for: names, ids.  Recorded.
        outputs: what other resources may refer to, by the names that the
            kind's `chalice_core.values.Output` values use.  Recorded.
    """

    identity: Mapping[str, str]
    outputs: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Something that exists in AWS.

    Args:
        deployed: as if it had just been created.
        ours: this application and stage created it, as its tags say.
    """

    deployed: Deployed
    ours: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What a handler is asked to bring about.

    Args:
        id: of the resource; `Cloud.owner` makes the owner tag of it.
        name: what people call it, for `Cloud.call`.
        properties: every value is known; files are `chalice_core.artifact.Artifact` objects.
        earlier: what it may be at present, as rendered for the record: usually what is recorded; after
            a crash also what the interrupted process was about to make of it.
    """

    id: str
    name: str
    properties: Rendered
    earlier: tuple[Mapping[str, Any], ...] = ()


class KindHandler(Protocol):
    """How resources of one kind are deployed to AWS.

    Handlers are stateless; several threads call one at the same time.  Each
    method may be repeated after a crash at any of its calls, so it makes no
    second one of anything and does not mind what is done already.
    """

    @property
    def replaces(self) -> frozenset[str]:
        """The properties that AWS does not change in place."""

    @property
    def may_share(self) -> bool:
        """Whether something that others created is used as it is, and left alone in the end."""

    @property
    def looks_first(self) -> bool:
        """Whether AWS would make a second one rather than refuse, so that `find` comes before `create`."""

    def name(self, resource: Resource) -> str:
        """Return what people call a resource: its name in AWS."""

    def desired(self, resource: Resource, artifacts: Artifacts) -> Properties:
        """Return what AWS is to be told.

        No AWS call may be made here.

        Args:
            resource: of the handler's kind.
            artifacts: built files.

        Returns:
            Property names as AWS spells them.  Values are JSON whose leaves may be core's
            values, `Secret`, `Document` and `Artifact`; None stands for "not set".

        Raises:
            ToolError: it can be told already that AWS will refuse.
        """

    def key(self, properties: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return what AWS recognises the thing by: its name.

        Two resources with one key cannot exist at the same time.  An empty
        mapping says that AWS chooses a new id each time.

        Args:
            properties: as rendered for the record; parts may be unknown.
        """

    def create(self, cloud: Cloud, task: Task) -> Deployed:
        """Create it and wait until others can use it.

        Raises:
            AlreadyThereError: it exists; the engine asks `find` whose it is.
            ToolError: it cannot be created; what was half done is undone or is found by `find`.
        """

    def find(self, cloud: Cloud, id: str, key: Mapping[str, Any]) -> Found | None:
        """Look for it in AWS.

        Args:
            cloud: to ask.
            id: of the resource, for things that are recognised by their tag.
            key: as `key` returned it.
        """

    def update(self, cloud: Cloud, task: Task, before: Entry, changed: frozenset[str]) -> Deployed:
        """Change it in place and wait until the change is in force.

        Args:
            cloud: to tell.
            task: what it is to be.
            before: what is recorded of it.
            changed: names of the properties that differ; all of them when AWS's state is in doubt.

        Raises:
            NotFoundError: it is gone; the engine creates it anew.
            ToolError: it cannot be changed.
        """

    def delete(self, cloud: Cloud, id: str, before: Entry) -> None:
        """Delete it and wait until its name is free.  What is gone already is no error.

        Args:
            cloud: to tell.
            id: of the resource.
            before: what is recorded of it.

        Raises:
            ToolError: it cannot be deleted.
        """

    def summary(self, id: str, entry: Entry, cloud: PlaceFacts) -> Mapping[str, str] | None:
        """Return the resource as records of schema 2.0 name it; None when they have no word for it.

        Args:
            id: of the resource.
            entry: what is recorded.
            cloud: facts of the place.

        Returns:
            ``name``, ``resource_type`` and the values of that type.
        """

    def report(self, entry: Entry, cloud: PlaceFacts) -> Sequence[DeployedValue]:
        """Return what people want to see at the end of a deployment; often nothing.

        Args:
            entry: what is recorded.
            cloud: facts of the place.
        """


@runtime_checkable
class FindsInterrupted(Protocol):
    """What a handler offers besides when a key is not enough to find what an ended process has made."""

    def find_interrupted(self, cloud: Cloud, id: str, intended: Sequence[Mapping[str, Any]]) -> Found | None:
        """Look for what a process was about to create when it ended.

        Called in place of `KindHandler.find` for something that is not wanted any more.

        Args:
            cloud: to ask.
            id: of the resource.
            intended: the properties of the interrupted attempts, as rendered for the record.
        """


@runtime_checkable
class Displaces(Protocol):
    """What a handler offers besides when AWS would refuse a thing beside others of the kind.

    What is there on behalf of this application and is going to be another, or to be deleted, must not be
    in the way: `KindHandler.create` and `KindHandler.update` take it away.
    """

    def displaces(self, properties: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
        """Return whether to bring about the one takes the other away.

        The other is taken for doubtful from then on.  If it is wanted after all, it is brought about again.

        Args:
            properties: as rendered for the record.
            other: the same, of another resource of the kind.
        """


class PlaceFacts(Protocol):
    """What a summary or a report may need to know."""

    def rest_api_url(self, api_id: str, stage: str) -> str:
        """Return the URL of a stage of a REST API."""

    def websocket_api_url(self, api_id: str, stage: str) -> str:
        """Return the URL that clients of a stage of a WebSocket API connect to."""
