"""One stage of one application in one account and region of AWS."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from chalice_core import kinds
from chalice_core.artifact import Artifacts
from chalice_core.graph import Graph
from chalice_core.target import DeployedValue, Invocation, LogEvent, Place, Plan, Progress
from chalice_core.values import Output, Pseudo
from chalice_deploy.applier import Applier, Journal
from chalice_deploy.cloud import Cloud
from chalice_deploy.errors import InvokeTimeoutError, UnhandledKindError, UnknownFunctionError
from chalice_deploy.handlers import Handlers, kind_name
from chalice_deploy.logs import LOCAL_POLL_SECONDS, POLL_SECONDS, follow_events, read_events
from chalice_deploy.partitions import partition_of
from chalice_deploy.planner import Node, doomed_in, nodes_of, planned, settled
from chalice_deploy.record import Entry, Record, from_json
from chalice_deploy.record_errors import OtherApplicationError, OtherPlaceError, StalePlanError
from chalice_deploy.record_writer import RecordWriter
from chalice_deploy.store import RecordStore

WORKERS = 8
"""Resources that are worked on at once; AWS's rates are the tighter limit."""

_ANSWER_MARGIN_SECONDS = (
    10.0  # for the way, and for a cold start, which does not count as the function's time
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedPlan:
    """What `AwsDeployment.apply` needs to know of a plan.

    Args:
        nodes: what is to be there; none to delete all.
        record: the settled record that the plan starts from.
        digest: of the record as it was read; None when there was none.
    """

    nodes: tuple[Node, ...]
    record: Record
    digest: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedFacts:
    """A `chalice_deploy.PlaceFacts`: facts of the region that a record names, wherever the session is.

    Args:
        place: of the deployment.
        region: of the record.
    """

    place: Place
    region: str

    def rest_api_url(self, api_id: str, stage: str) -> str:
        """Return the URL of a stage of a REST API, as the place spells it."""
        if self.place.rest_api_url is not None:
            return self.place.rest_api_url.format(api_id=api_id, stage=stage)
        return f"https://{self._host(api_id)}/{stage}/"

    def websocket_api_url(self, api_id: str, stage: str) -> str:
        """Return the URL of a stage of a WebSocket API, as the place spells it."""
        if self.place.websocket_api_url is not None:
            return self.place.websocket_api_url.format(api_id=api_id, stage=stage)
        return f"wss://{self._host(api_id)}/{stage}/"

    def _host(self, api_id: str) -> str:
        return f"{api_id}.execute-api.{self.region}.{partition_of(self.region).dns_suffix}"


class AwsDeployment:
    """A `chalice_core.target.Deployment` to AWS.

    Args:
        place: where to.
        cloud: calls AWS for it.
        store: keeps its record.
        handlers: of all kinds.
        workers: how many resources are worked on at once.
    """

    def __init__(
        self, *, place: Place, cloud: Cloud, store: RecordStore, handlers: Handlers, workers: int = WORKERS
    ) -> None:
        self._place, self._cloud, self._store, self._handlers = place, cloud, store, handlers
        self._workers = workers
        self._writer = RecordWriter()

    def plan(self, graph: Graph, artifacts: Artifacts) -> Plan:
        """Compare the graph with the record; AWS is asked for nothing but the account."""
        content, before = self._read()
        record = before or self._new_record()
        self._check_place(record)
        nodes = nodes_of(graph, artifacts, self._handlers)
        record = settled(record, nodes, self._pseudo)
        nodes = planned(nodes, before, record, self._pseudo)
        steps = [node.step for node in nodes if node.step is not None]
        steps += [doomed.step for doomed in doomed_in(record, {node.id for node in nodes})]
        payload = PreparedPlan(nodes=nodes, record=record, digest=_digest(content))
        return Plan(steps=tuple(steps), payload=payload)

    def plan_delete(self) -> Plan:
        """Plan to delete everything recorded; neither the application nor its graph is needed."""
        content, record = self._read()
        if record is None:
            return Plan(steps=())
        self._check_place(record)
        record = settled(record, (), self._pseudo)
        steps = tuple(doomed.step for doomed in doomed_in(record, ()))
        return Plan(steps=steps, payload=PreparedPlan(nodes=(), record=record, digest=_digest(content)))

    def apply(self, plan: Plan, progress: Callable[[Progress], None]) -> None:
        """Carry out a plan under the lock of the stage's record."""
        if not plan.steps:
            return
        prepared = plan.payload
        if not isinstance(prepared, PreparedPlan):
            raise TypeError(f"{plan!r} was not made by this target")
        stage = self._place.stage
        with self._store.lock(stage):
            if _digest(self._store.read(stage)) != prepared.digest:
                raise StalePlanError(where=self._store.where(stage))
            self._check_place(prepared.record)
            applier = Applier(
                cloud=self._cloud,
                journal=Journal(prepared.record, self._save),
                handlers=self._handlers,
                pseudo=self._pseudo,
                app=self._place.app_name,
                stage=stage,
                tell=progress,
                workers=self._workers,
            )
            applier.run(prepared.nodes)

    def report(self) -> tuple[DeployedValue, ...]:
        """Return the ARNs of functions, then everything else, URLs last: they are what people look for.

        The order is the same each time, whatever was ready first.
        """
        record = self._recorded()
        if record is None:
            return ()
        facts = RecordedFacts(place=self._place, region=record.region)
        values = [
            value
            for _, entry in sorted(record.entries.items(), key=_main_function_first)
            for value in self._handlers.recorded(entry.kind, entry.name).report(entry, facts)
        ]
        return tuple(
            sorted(values, key=lambda value: (value.label.endswith("URL"), value.label != "Lambda ARN"))
        )

    def url(self) -> str | None:
        """Return the URL of the REST API."""
        record = self._recorded()
        if record is None:
            return None
        facts = RecordedFacts(place=self._place, region=record.region)
        for entry in record.entries.values():
            if entry.kind == kind_name(kinds.RestApi):
                return facts.rest_api_url(entry.identity["api_id"], entry.properties["StageName"])
        return None

    def functions(self) -> tuple[str, ...]:
        """Return the names of the recorded functions."""
        return tuple(sorted(self._functions(self._recorded())))

    def invoke(self, function: str, payload: bytes) -> Invocation:
        """Invoke a function once; a failed invocation is never repeated."""
        entry = self._function(function)
        limit = float(entry.properties["Timeout"]) + _ANSWER_MARGIN_SECONDS
        name = entry.identity["FunctionName"]
        try:
            answer = self._cloud.once(
                "lambda", "Invoke", name, read_timeout=limit, FunctionName=name, Payload=payload
            )
            return Invocation(payload=answer["Payload"].read(), function_error=answer.get("FunctionError"))
        except TimeoutError as error:
            raise InvokeTimeoutError(name=function, seconds=limit) from error

    def logs(
        self, function: str, *, since: datetime | None = None, follow: bool = False
    ) -> Iterator[LogEvent]:
        """Yield the events of the function's log group."""
        group = f"/aws/lambda/{self._function(function).identity['FunctionName']}"
        if not follow:
            return read_events(self._cloud, group, since=since)
        every = POLL_SECONDS if self._place.endpoint_url is None else LOCAL_POLL_SECONDS
        return follow_events(self._cloud, group, since=since, every=every)

    def _read(self) -> tuple[bytes | None, Record | None]:
        stage = self._place.stage
        content = self._store.read(stage)
        record = None if content is None else from_json(content, self._store.where(stage))
        if record is not None and record.app != self._place.app_name:
            raise OtherApplicationError(
                where=self._store.where(stage), recorded=record.app, current=self._place.app_name
            )
        if record is not None:
            self._cloud.assume(record.region)
        return content, record

    def _recorded(self) -> Record | None:
        return self._read()[1]

    def _functions(self, record: Record | None) -> dict[str, Entry]:
        kind = kind_name(kinds.Function)
        return {id: entry for id, entry in record.entries.items() if entry.kind == kind} if record else {}

    def _function(self, name: str) -> Entry:
        record = self._recorded()
        functions = self._functions(record)
        if record is None or name not in functions:
            raise UnknownFunctionError(name=name, stage=self._place.stage, known=sorted(functions))
        self._check_region(record)
        return functions[name]

    def _new_record(self) -> Record:
        return Record(
            app=self._place.app_name,
            stage=self._place.stage,
            account=self._cloud.account,
            region=self._cloud.region,
        )

    def _check_place(self, record: Record) -> None:
        self._check_region(record)
        self._check("account", record.account, self._cloud.account)

    def _check_region(self, record: Record) -> None:
        self._check("region", record.region, self._cloud.region)

    def _check(self, fact: str, recorded: str, current: str) -> None:
        if recorded != current:
            raise OtherPlaceError(fact=fact, recorded=recorded, current=current, stage=self._place.stage)

    def _save(self, record: Record) -> None:
        if record.is_empty:
            self._store.remove(self._place.stage)
        else:
            facts = RecordedFacts(place=self._place, region=record.region)
            content = self._writer.to_json(record, partial(self._summary, facts))
            self._store.write(self._place.stage, content)

    def _summary(self, facts: RecordedFacts, id: str, entry: Entry) -> Mapping[str, str] | None:
        try:
            return self._handlers.recorded(entry.kind, entry.name).summary(id, entry, facts)
        except UnhandledKindError:
            # Its plugin is gone; the entry itself stays, and deleting it says what to install.
            return None

    def _pseudo(self, value: Output | Pseudo) -> str | None:
        facts: dict[Any, Callable[[], str]] = {
            Pseudo.PARTITION: lambda: self._cloud.partition,
            Pseudo.REGION: lambda: self._cloud.region,
            Pseudo.ACCOUNT: lambda: self._cloud.account,
            Pseudo.DNS_SUFFIX: lambda: self._cloud.dns_suffix,
        }
        return facts[value]()


def _main_function_first(recorded: tuple[str, Entry]) -> tuple[bool, str]:
    id, _ = recorded
    return id != "api_handler", id


def _digest(content: bytes | None) -> str | None:
    return None if content is None else hashlib.sha256(content).hexdigest()
