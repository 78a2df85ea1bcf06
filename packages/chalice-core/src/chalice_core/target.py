"""What a target offers to the tools: places to deploy to, and formats to write.

A *deployment target* changes a cloud (``aws``).  An *output format* writes
files for another tool to deploy (SAM, Terraform, CDK).  Both get the same
graph and know no event family.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, Protocol

from chalice_core.artifact import Artifacts
from chalice_core.config import StageConfig
from chalice_core.graph import Graph
from chalice_core.manifest import App

Action = Literal["create", "update", "replace", "delete"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a stage of an application is deployed.

    Args:
        project_dir: the project, absolute.
        app_name: of the configuration.
        stage: of the configuration.
        records: the folder that holds what was deployed, one file per stage.
        region: AWS region; None takes the configured one (environment, profile).
        profile: AWS profile; None takes the configured one.
        endpoint_url: of another implementation of AWS; None for AWS itself.
        rest_api_url: how that implementation spells the URL of a REST API, with
            ``{api_id}`` and ``{stage}`` in it; None for AWS's own spelling.
        websocket_api_url: the same for WebSocket APIs.
        connection_timeout: seconds; None takes the library's default.
    """

    project_dir: Path
    app_name: str
    stage: str
    records: Path
    region: str | None = None
    profile: str | None = None
    endpoint_url: str | None = None
    rest_api_url: str | None = None
    websocket_api_url: str | None = None
    connection_timeout: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One property that differs; values are JSON, and never secrets.

    Args:
        property: its name in AWS's API.
        before: None when it was not set.
        after: None when it will not be set, or while it is unknown; so are unknown parts of it.
        replaces: the resource has to be created anew for it.
        after_is_known: false when `after`, or a part of it, is known only after deployment.
    """

    property: str
    before: Any
    after: Any
    replaces: bool = False
    after_is_known: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What happens to one resource.

    Args:
        id: of the resource.
        kind: name of its kind, ``Function``.
        name: what people call it, ``hello-dev``.
        changes: in what it differs; empty for creation and deletion.
    """

    action: Action
    id: str
    kind: str
    name: str
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The steps that lead from what is recorded to what is declared, in order; none when both agree.

    Args:
        steps: what will be done.
        payload: the target's own, for `Deployment.apply`.
    """

    steps: tuple[Step, ...]
    payload: Any = field(default=None, repr=False, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """One thing that has begun, succeeded or failed while a plan is applied."""

    step: Step
    phase: Literal["begin", "done", "failed"]
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeployedValue:
    """A line of the report that ends a deployment.

    Args:
        label: ``Rest API URL``, ``Lambda ARN``, ``Role ARN``.
        value: its value.
    """

    label: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Invocation:
    """A function's answer.

    Args:
        payload: what it returned, or the error document.
        function_error: None, or AWS's word for how it failed.
    """

    payload: bytes
    function_error: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LogEvent:
    """One event of a log stream.

    Args:
        timestamp: with its time zone.
        stream: name of the log stream.
        message: without a newline at its end.
        event_id: unique within the log group.
    """

    timestamp: datetime
    stream: str
    message: str
    event_id: str


class Deployment(Protocol):
    """One stage of one application at one place."""

    def plan(self, graph: Graph, artifacts: Artifacts) -> Plan:
        """Compare the graph with what is recorded.  Changes nothing.

        Raises:
            ToolError: the record cannot be read, or belongs to another account or region.
        """

    def plan_delete(self) -> Plan:
        """Plan to delete everything recorded, newest first."""

    def apply(self, plan: Plan, progress: Callable[[Progress], None]) -> None:
        """Carry out a plan; what succeeded is recorded at once.

        Raises:
            ToolError: a step failed; the steps before it are recorded.
        """

    def report(self) -> tuple[DeployedValue, ...]:
        """Return what is deployed now, for people to read."""

    def url(self) -> str | None:
        """Return the REST API's URL, or None when none is recorded."""

    def functions(self) -> tuple[str, ...]:
        """Return the logical names of the functions that are recorded, sorted; empty when there are none."""

    def invoke(self, function: str, payload: bytes) -> Invocation:
        """Invoke the function with this logical name and wait for its answer.

        Raises:
            ToolError: no such function is recorded, or it cannot be invoked.
        """

    def logs(
        self, function: str, *, since: datetime | None = None, follow: bool = False
    ) -> Iterator[LogEvent]:
        """Yield the function's log events, oldest first; with ``follow`` for ever.

        Raises:
            ToolError: no such function is recorded.
        """


class DeploymentTarget(Protocol):
    """A kind of cloud that can be deployed to."""

    @property
    def name(self) -> str:
        """Its name, ``aws``."""

    def deployment(self, place: Place) -> Deployment:
        """Open a place.  Reads and contacts nothing yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FormatRequest:
    """What an output format renders.

    Args:
        graph: the resources.
        app: what the application declares.
        config: of the stage.
        artifacts: built files; the format says under which names they are written beside it.
        options: the format's own options, by name.
    """

    graph: Graph
    app: App
    config: StageConfig
    artifacts: Artifacts
    options: Mapping[str, Any] = field(default_factory=dict)


class OutputFormat(Protocol):
    """A format that another tool deploys.

    A format that is called otherwise than what ``chalice_realise_kind`` is asked with has an attribute
    ``target`` that says it.

    A format whose files are of no use in one archive may have an attribute ``archivable`` that is False.  It
    is then given the option ``single_file`` by whoever asks for an archive, and refuses it.
    """

    @property
    def name(self) -> str:
        """Its name, as ``--pkg-format`` takes it: ``cloudformation``."""

    def render(self, request: FormatRequest) -> Mapping[str, bytes | Path]:
        """Return the files to write, by relative name: content, or a file to copy.

        Raises:
            ToolError: the graph holds something that the format cannot express.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalAws:
    """An AWS embedded on this machine, running.

    Args:
        endpoint_url: ``http://127.0.0.1:4566``.
        rest_api_url: URL of a REST API, with ``{api_id}`` and ``{stage}`` in it.
        websocket_api_url: URL of a WebSocket API, with the same in it; None when there are none.
        advance: puts its clock forward by seconds, so that what would have come due by then is done now; None
            when it has no clock of its own.
        region: the region to use.
        account_id: twelve digits.
        records: the folder for records of deployments to it; they live and end with its state.
        instance: identifies its state; another value means that the earlier state is gone.
        forgotten: names of the stages that were deployed to its earlier state and are not any more,
            when that state was found to be gone just now.
        register_interpreters: tells it which interpreter runs functions of which
            Lambda runtime, ``{"python3.12": "/path/to/python"}``.
    """

    endpoint_url: str
    rest_api_url: str
    region: str
    account_id: str
    records: Path
    instance: str
    register_interpreters: Callable[[Mapping[str, str]], None]
    forgotten: tuple[str, ...] = ()
    websocket_api_url: str | None = None
    advance: Callable[[float], None] | None = None

    def place(
        self, project_dir: Path, app_name: str, stage: str, *, connection_timeout: int | None = None
    ) -> Place:
        """Return the place of a stage here; the arguments are those of `Place`."""
        return Place(
            project_dir=project_dir,
            app_name=app_name,
            stage=stage,
            records=self.records,
            region=self.region,
            endpoint_url=self.endpoint_url,
            rest_api_url=self.rest_api_url,
            websocket_api_url=self.websocket_api_url,
            connection_timeout=connection_timeout,
        )
