"""What has to be done: the graph compared with the record.

AWS is not asked: what is recorded is taken for what is there.  The same
decisions are taken once more while a plan is applied, when the outputs that
were unknown are known; the plan is what people saw before.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from graphlib import CycleError, TopologicalSorter
from typing import Any

from chalice_core.artifact import Artifacts
from chalice_core.graph import Graph
from chalice_core.kinds import Resource
from chalice_core.target import Action, Change, Step
from chalice_core.values import Output, Pseudo
from chalice_deploy.errors import SameNameError
from chalice_deploy.handler import KindHandler
from chalice_deploy.handlers import Handlers, kind_name
from chalice_deploy.properties import Properties, Rendered, Resolve, differences, for_record, is_known
from chalice_deploy.record import Entry, Intent, Record, Retired


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A resource that is to be there.

    Args:
        resource: of the graph.
        handler: of its kind.
        properties: as the handler describes them.
        step: what was planned; None when nothing was.
    """

    resource: Resource
    handler: KindHandler
    properties: Properties
    step: Step | None = None

    @property
    def id(self) -> str:
        """The resource's id."""
        return self.resource.id

    @property
    def kind(self) -> str:
        """How records name its kind."""
        return kind_name(type(self.resource))

    @property
    def name(self) -> str:
        """What people call it."""
        return self.handler.name(self.resource)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What to do with one resource.

    Args:
        action: None when it is as it should be.
        changes: in what it differs from the record.
        in_doubt: an earlier process ended in the middle of it, so the record may be wrong.
    """

    action: Action | None
    changes: tuple[Change, ...] = ()
    in_doubt: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Doomed:
    """Something that is to be deleted: an entry of the record, or something retired."""

    id: str
    entry: Entry | None = None
    retired: Retired | None = None

    @property
    def step(self) -> Step:
        """The step that deletes it."""
        known = self.entry or (self.retired and (self.retired.entry or self.retired.intent))
        if not known:
            raise ValueError(f"nothing is known of {self.id!r}")
        return Step(action="delete", id=self.id, kind=known.kind.rpartition(".")[2], name=known.name)


def nodes_of(graph: Graph, artifacts: Artifacts, handlers: Handlers) -> tuple[Node, ...]:
    """Ask the handlers what they want, for all resources.

    Raises:
        ToolError: a kind has no handler, or a handler knows that it cannot work.
    """
    nodes = []
    for resource in graph:
        handler = handlers.of(type(resource))
        nodes.append(
            Node(resource=resource, handler=handler, properties=handler.desired(resource, artifacts))
        )
    return tuple(nodes)


def settled(record: Record, nodes: Sequence[Node], pseudo: Resolve) -> Record:
    """Bring a record into line with the graph's ids, before anything is decided.

    Entries whose resource has another id now are moved to it, so that what is
    there is kept.  Intents that nothing will fulfil any more become retired:
    what they may have created has to be found and deleted.

    Args:
        record: as it was read.
        nodes: what is to be there; none when all is to be deleted.
        pseudo: gives the facts of the place.

    Raises:
        SameNameError: two resources are one thing in AWS.
    """
    wanted = {node.id for node in nodes}
    _refuse_twins(record, nodes, pseudo)
    record = _moved(record, nodes, wanted, pseudo)
    for id, intent in record.intents.items():
        entry = record.entries.get(id)
        if id not in wanted and (entry is None or intent.action == "create"):
            record = _retire_intent(record, id, intent)
    for node in nodes:
        stale = record.intents.get(node.id)
        if stale is None or stale.action != "create":
            continue
        key = node.handler.key(for_record(node.properties, _of_record(record, pseudo), record.salt))
        if stale.kind != node.kind or (is_known(key) and stale.key != key):
            record = _retire_intent(record, node.id, stale)
    for node in nodes:
        entry = record.entries.get(node.id)
        if entry is not None and entry.kind != node.kind:
            record = record.lacking(node.id).retiring(Retired(id=node.id, entry=entry))
    return record


def decide(node: Node, record: Record, rendered: Rendered) -> Decision:
    """Return what to do with a resource.

    Args:
        node: the resource.
        record: a settled one.
        rendered: its properties, for the record; parts may be unknown.
    """
    entry, intent = record.entries.get(node.id), record.intents.get(node.id)
    if entry is None:
        return Decision(action="create", in_doubt=intent is not None)
    changes = differences(entry.properties, rendered, node.handler.replaces)
    must_replace = any(change.replaces for change in changes)
    if intent is None:
        if not changes:
            return Decision(action=None)
        return Decision(action="replace" if must_replace else "update", changes=changes)
    if intent.action == "replace":
        interrupted = differences(intent.properties, rendered, node.handler.replaces)
        must_replace = must_replace or any(change.replaces for change in interrupted)
    if intent.action == "create" and not must_replace:
        # The replacement was begun and is not wanted any more; the key says that it is this very thing.
        return Decision(action="update", changes=changes, in_doubt=True)
    return Decision(action="replace" if must_replace else "update", changes=changes, in_doubt=True)


def planned(
    nodes: Sequence[Node], before: Record | None, record: Record, pseudo: Resolve
) -> tuple[Node, ...]:
    """Return the nodes with the steps that people are shown.

    Args:
        nodes: in the order of the graph.
        before: the record as it was read; None when there was none.
        record: the settled one.
        pseudo: gives the facts of the place.
    """
    fresh: set[str] = set()
    known = _of_record(record, pseudo)

    def resolve(value: Output | Pseudo) -> str | None:
        if isinstance(value, Output) and value.of in fresh:
            return None
        return known(value)

    result = []
    for node in nodes:
        rendered = for_record(node.properties, resolve, record.salt)
        decision = decide(node, record, rendered)
        if decision.action in ("create", "replace"):
            fresh.add(node.id)
        result.append(replace(node, step=_step(node, decision, _former_id(node.id, before, record))))
    return tuple(result)


def doomed_in(record: Record, wanted: Iterable[str]) -> tuple[Doomed, ...]:
    """Return what has to be deleted, dependents first and then the newest first."""
    keep = set(wanted)
    gone = {id: entry for id, entry in record.entries.items() if id not in keep}
    retired = [Doomed(id=retired.id, retired=retired) for retired in reversed(record.retired)]
    return (*(Doomed(id=id, entry=gone[id]) for id in _newest_first(gone)), *retired)


def step_for(node: Node, decision: Decision) -> Step | None:
    """Return the step of a decision; None when nothing is to be done."""
    return _step(node, decision, None)


def _step(node: Node, decision: Decision, former: str | None) -> Step | None:
    changes = decision.changes
    action: Action | None = decision.action
    if former is not None and action in (None, "update"):
        action = "update"
        changes = (Change(property="resource id", before=former, after=node.id), *changes)
    if action is None:
        return None
    return Step(action=action, id=node.id, kind=node.kind.rpartition(".")[2], name=node.name, changes=changes)


def _of_record(record: Record, pseudo: Resolve) -> Resolve:
    def resolve(value: Output | Pseudo) -> str | None:
        if isinstance(value, Pseudo):
            return pseudo(value)
        entry = record.entries.get(value.of)
        return None if entry is None else entry.outputs.get(value.name)

    return resolve


def _refuse_twins(record: Record, nodes: Sequence[Node], pseudo: Resolve) -> None:
    first: dict[tuple[str, str], str] = {}
    for node in nodes:
        key = node.handler.key(for_record(node.properties, _of_record(record, pseudo), record.salt))
        if not key or not is_known(key):
            continue
        text = ", ".join(str(value) for value in key.values())
        other = first.setdefault((node.kind, text), node.id)
        if other != node.id:
            raise SameNameError(kind=node.kind.rpartition(".")[2], ids=(other, node.id), name=text)


def _moved(record: Record, nodes: Sequence[Node], wanted: set[str], pseudo: Resolve) -> Record:
    for node in nodes:
        if node.id in record.entries:
            continue
        key = node.handler.key(for_record(node.properties, _of_record(record, pseudo), record.salt))
        if not key or not is_known(key):
            continue
        for id, entry in record.entries.items():
            if id not in wanted and entry.kind == node.kind and entry.key == key:
                record = _renamed(record, id, node.id)
                break
    return record


def _renamed(record: Record, old: str, new: str) -> Record:
    return replace(
        record,
        entries={new if id == old else id: entry for id, entry in record.entries.items()},
        intents={new if id == old else id: intent for id, intent in record.intents.items()},
    )


def _former_id(id: str, before: Record | None, record: Record) -> str | None:
    if before is None or id in before.entries or id not in record.entries:
        return None
    entry = record.entries[id]
    return next(old for old, other in before.entries.items() if other is entry)


def _retire_intent(record: Record, id: str, intent: Intent) -> Record:
    intents = {other: value for other, value in record.intents.items() if other != id}
    return replace(record, intents=intents).retiring(Retired(id=id, intent=intent))


def _newest_first(entries: Mapping[str, Entry]) -> list[str]:
    order = list(entries)
    needs: dict[str, list[Any]] = {id: [n for n in entries[id].after if n in entries] for id in order}
    try:
        order = list(TopologicalSorter(needs).static_order())
    except CycleError:
        # Entries of several deployments may depend on one another in a circle; then their age alone counts.
        order = list(entries)
    return list(reversed(order))
