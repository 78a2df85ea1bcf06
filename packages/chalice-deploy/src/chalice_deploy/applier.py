"""A plan carried out: the graph walked, AWS called, every result recorded.

Resources that do not depend on one another are worked on at the same time.
A failed one stops its dependents and nobody else.  Before AWS is asked for
a change the intent is on the disk, and after it the result: a process that
is killed at any moment leaves a record that says where to look.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import replace
from typing import Literal

from chalice_core.errors import ToolError
from chalice_core.target import Progress, Step
from chalice_core.values import Output, Pseudo
from chalice_deploy.cloud import Cloud
from chalice_deploy.errors import AlreadyThereError, NameTakenError, NotFoundError, StepsFailedError
from chalice_deploy.handler import Deployed, Displaces, FindsInterrupted, Found, KindHandler, Task
from chalice_deploy.handlers import Handlers
from chalice_deploy.planner import Decision, Doomed, Node, decide, doomed_in, step_for
from chalice_deploy.properties import Rendered, Resolve, for_aws, for_record, secrets_in
from chalice_deploy.record import Entry, Intent, Record, Retired

Tell = Callable[[Progress], None]


class Journal:
    """The record while it changes; each change is written before anything else happens.

    Args:
        record: a settled one.
        save: writes a record.
    """

    def __init__(self, record: Record, save: Callable[[Record], None]) -> None:
        self._record, self._save = record, save
        self._lock = threading.Lock()

    @property
    def record(self) -> Record:
        """The record as it is now."""
        with self._lock:
            return self._record

    def write(self, change: Callable[[Record], Record]) -> None:
        """Change the record and write it.

        Raises:
            ToolError: it cannot be written; then it is not changed either.
        """
        with self._lock:
            changed = change(self._record)
            self._save(changed)
            self._record = changed


class Applier:
    """Carries out one plan.

    Args:
        cloud: to call.
        journal: of the stage.
        handlers: of all kinds.
        pseudo: gives the facts of the place.
        app, stage: what is deployed.
        tell: hears of the progress; called from several threads.
        workers: how many resources are worked on at once.
    """

    def __init__(
        self,
        *,
        cloud: Cloud,
        journal: Journal,
        handlers: Handlers,
        pseudo: Resolve,
        app: str,
        stage: str,
        tell: Tell,
        workers: int,
    ) -> None:
        self._cloud, self._journal, self._handlers, self._pseudo = cloud, journal, handlers, pseudo
        self._app, self._stage = app, stage
        self._tell, self._workers = tell, workers

    def run(self, nodes: Sequence[Node]) -> None:
        """Bring about what the nodes say, then delete everything else.

        Args:
            nodes: in the order of the graph; none to delete all.

        Raises:
            ToolError: a step failed, or several; everything that did not depend on them is done.
        """
        causes = self._walk(nodes)
        if not causes:
            # What is no longer wanted goes last: until then something may still need it.
            causes = self._bury({node.id for node in nodes})
        if len(causes) == 1:
            raise causes[0]
        if causes:
            raise StepsFailedError(causes=causes)

    def _walk(self, nodes: Sequence[Node]) -> list[ToolError]:
        waiting = {node.id: node for node in nodes}
        done: set[str] = set()
        running: dict[Future[None], Node] = {}
        causes: list[ToolError] = []
        pool = ThreadPoolExecutor(self._workers, thread_name_prefix="chalice-deploy")
        try:
            while waiting or running:
                ready = [node for node in waiting.values() if done.issuperset(node.resource.dependencies())]
                for node in ready:
                    del waiting[node.id]
                    running[pool.submit(self._settle, node)] = node
                if not running:
                    break  # what still waits depends on something that failed
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    node = running.pop(future)
                    try:
                        future.result()
                    except ToolError as error:
                        causes.append(error)
                    else:
                        done.add(node.id)
        finally:
            # An interrupted deployment lets the calls that are under way come to their records.
            self._cloud.give_up()
            pool.shutdown(wait=True, cancel_futures=True)
            self._cloud.carry_on()
        return causes

    def _settle(self, node: Node) -> None:
        """Do what has to be done with one resource, now that all its values are known."""
        record = self._journal.record
        rendered = for_record(node.properties, self._resolve, record.salt)
        decision = decide(node, record, rendered)
        step = step_for(node, decision)
        if step is None and node.step is None:
            return
        shown = node.step if step is None or (node.step and node.step.action == step.action) else step
        with _Telling(self._tell, shown or _nothing(node)):
            self._act(node, decision, rendered)

    def _act(self, node: Node, decision: Decision, rendered: Rendered) -> None:
        if decision.action is None:
            if node.step is not None:  # it was moved to another id, or has turned out to be as it should be
                self._journal.write(lambda record: record)
            return
        self._cloud.hide(secrets_in(node.properties, self._resolve))
        record = self._journal.record
        before, intent = record.entries.get(node.id), record.intents.get(node.id)
        task = Task(
            id=node.id,
            name=node.name,
            properties=for_aws(node.properties, self._resolve),
            earlier=(
                *(() if before is None else (before.properties,)),
                *(() if intent is None else (*intent.earlier, intent.properties)),
            ),
        )
        if before is None:
            self._create(node, task, rendered, look=decision.in_doubt)
        elif decision.action == "update":
            self._update(node, task, rendered, before, decision)
        elif before.key and before.key == node.handler.key(rendered):
            self._replace_in_its_place(node, task, rendered, before, look=decision.in_doubt)
        else:
            self._create(node, task, rendered, look=decision.in_doubt, old=before)

    def _create(
        self,
        node: Node,
        task: Task,
        rendered: Rendered,
        *,
        look: bool,
        old: Entry | None = None,
        anew: bool = False,
    ) -> None:
        self._intend("create", node, rendered)
        # What was about to go may be wanted again, and is still there.
        look = look or self._waits_for_its_end(node, rendered) or node.handler.looks_first
        found = self._find(node, rendered) if look else None
        if found is None:
            try:
                deployed, ours = node.handler.create(self._cloud, task), True
            except AlreadyThereError as error:
                found = self._find(node, rendered)
                if found is None:
                    raise error
        if found is not None:
            deployed, ours = self._adopt(node, task, rendered, found), found.ours
        entry = self._entry(node, rendered, deployed, created=ours)
        if anew:
            self._journal.write(lambda record: record.having(node.id, entry).doubting_dependents_of(node.id))
        elif old is None:
            self._journal.write(lambda record: record.having(node.id, entry))
        else:
            retired = Retired(id=node.id, entry=old)
            self._journal.write(lambda record: record.having(node.id, entry).retiring(retired))

    def _waits_for_its_end(self, node: Node, rendered: Rendered) -> bool:
        key = node.handler.key(rendered)
        return any(
            known is not None and (known.kind, known.key) == (node.kind, key)
            for retired in self._journal.record.retired
            for known in (retired.entry, retired.intent)
        )

    def _adopt(self, node: Node, task: Task, rendered: Rendered, found: Found) -> Deployed:
        if not (found.ours or node.handler.may_share):
            self._journal.write(
                lambda record: replace(
                    record, intents={k: v for k, v in record.intents.items() if k != node.id}
                )
            )
            kind = node.kind.rpartition(".")[2]
            raise NameTakenError(kind=kind, name=node.name, app=self._app, stage=self._stage)
        before = replace(self._entry(node, rendered, found.deployed, created=found.ours), properties={})
        return node.handler.update(self._cloud, task, before, frozenset(node.properties))

    def _update(self, node: Node, task: Task, rendered: Rendered, before: Entry, decision: Decision) -> None:
        changed = frozenset(node.properties) if decision.in_doubt else _top_level(before.properties, rendered)
        self._intend("update", node, rendered)
        try:
            deployed = node.handler.update(self._cloud, task, before, changed)
        except NotFoundError:
            # Somebody has deleted it: it is created again.
            self._create(node, task, rendered, look=True, anew=True)
            return
        entry = self._entry(node, rendered, deployed, created=before.created)
        self._journal.write(lambda record: record.having(node.id, entry))

    def _replace_in_its_place(
        self, node: Node, task: Task, rendered: Rendered, before: Entry, *, look: bool
    ) -> None:
        self._intend("replace", node, rendered)
        self._delete(node.handler, node.id, before)
        found = self._find(node, rendered) if look else None
        if found is not None and found.ours:
            # The interrupted replacement had got as far as this.
            self._delete(node.handler, node.id, self._entry(node, rendered, found.deployed, created=True))
        deployed = node.handler.create(self._cloud, task)
        entry = self._entry(node, rendered, deployed, created=True)
        self._journal.write(lambda record: record.having(node.id, entry).doubting_dependents_of(node.id))

    def _bury(self, wanted: set[str]) -> list[ToolError]:
        causes: list[ToolError] = []
        kept: set[str] = set()  # what something that could not be deleted still needs
        for doomed in doomed_in(self._journal.record, wanted):
            entry = doomed.entry or (doomed.retired.entry if doomed.retired else None)
            if doomed.entry is not None and doomed.id in kept:
                kept.update(doomed.entry.after)
                continue
            try:
                with _Telling(self._tell, doomed.step):
                    self._bury_one(doomed)
            except ToolError as error:
                causes.append(error)
                kept.update(entry.after if entry is not None else ())
        return causes

    def _bury_one(self, doomed: Doomed) -> None:
        retired = doomed.retired
        if retired is None:
            entry = self._journal.record.entries[doomed.id]
            handler = self._handlers.recorded(entry.kind, entry.name)
            intent = Intent(
                action="delete",
                kind=entry.kind,
                name=entry.name,
                properties=entry.properties,
                key=entry.key,
                after=entry.after,
            )
            self._journal.write(lambda record: record.intending(doomed.id, intent))
            self._delete(handler, doomed.id, entry)
            self._journal.write(lambda record: record.lacking(doomed.id))
            return
        if retired.entry is not None and not self._is_kept(retired.entry):
            self._delete(
                self._handlers.recorded(retired.entry.kind, retired.entry.name), retired.id, retired.entry
            )
        if retired.intent is not None:
            self._bury_intent(retired.id, retired.intent)
        self._journal.write(lambda record: record.buried(retired))

    def _bury_intent(self, id: str, intent: Intent) -> None:
        handler = self._handlers.recorded(intent.kind, intent.name)
        if isinstance(handler, FindsInterrupted):
            found = handler.find_interrupted(self._cloud, id, (intent.properties, *intent.earlier))
        else:
            found = handler.find(self._cloud, id, intent.key)
        if found is not None and found.ours:
            entry = Entry(
                kind=intent.kind,
                name=intent.name,
                properties=intent.properties,
                key=intent.key,
                identity=found.deployed.identity,
                outputs=found.deployed.outputs,
            )
            if not self._is_kept(entry):
                self._delete(handler, id, entry)

    def _is_kept(self, gone: Entry) -> bool:
        """Return whether a resource that is wanted has taken over this very thing."""
        return any(
            (entry.kind, entry.key, entry.identity) == (gone.kind, gone.key, gone.identity)
            for entry in self._journal.record.entries.values()
        )

    def _delete(self, handler: KindHandler, id: str, entry: Entry) -> None:
        if entry.created:
            handler.delete(self._cloud, id, entry)

    def _find(self, node: Node, rendered: Rendered) -> Found | None:
        return node.handler.find(self._cloud, node.id, node.handler.key(rendered))

    def _intend(self, action: Literal["create", "update", "replace"], node: Node, rendered: Rendered) -> None:
        intent = Intent(
            action=action,
            kind=node.kind,
            name=node.name,
            properties=rendered,
            key=node.handler.key(rendered),
            after=tuple(node.resource.dependencies()),
        )

        def change(record: Record) -> Record:
            if isinstance(node.handler, Displaces):
                record = record.doubting(_displaced(node.handler, node, rendered, record))
            former = record.intents.get(node.id)
            if former is None:
                return record.intending(node.id, intent)
            if former.action == "create" and former.key != intent.key:
                # What that one may have created has another name, which only became known just now.
                return record.retiring(Retired(id=node.id, intent=former)).intending(node.id, intent)
            earlier = [*former.earlier, former.properties]
            unique = tuple(one for index, one in enumerate(earlier) if one not in earlier[:index])
            return record.intending(node.id, replace(intent, earlier=unique))

        self._journal.write(change)

    def _entry(self, node: Node, rendered: Rendered, deployed: Deployed, *, created: bool) -> Entry:
        return Entry(
            kind=node.kind,
            name=node.name,
            properties=rendered,
            key=node.handler.key(rendered),
            identity=deployed.identity,
            outputs=deployed.outputs,
            created=created,
            after=tuple(node.resource.dependencies()),
        )

    def _resolve(self, value: Output | Pseudo) -> str | None:
        if isinstance(value, Pseudo):
            return self._pseudo(value)
        return self._journal.record.entries[value.of].outputs[value.name]


class _Telling:
    """Tells of the beginning and the end of a step."""

    def __init__(self, tell: Tell, step: Step) -> None:
        self._tell, self._step = tell, step

    def __enter__(self) -> None:
        self._tell(Progress(step=self._step, phase="begin"))

    def __exit__(self, kind: object, error: BaseException | None, traceback: object) -> None:
        if error is None:
            self._tell(Progress(step=self._step, phase="done"))
        elif isinstance(error, ToolError):
            self._tell(Progress(step=self._step, phase="failed", detail=error.what))


def _displaced(handler: Displaces, node: Node, rendered: Rendered, record: Record) -> list[str]:
    return [
        id
        for id, entry in record.entries.items()
        if id != node.id and entry.kind == node.kind and handler.displaces(rendered, entry.properties)
    ]


def _nothing(node: Node) -> Step:
    return Step(action="update", id=node.id, kind=node.kind.rpartition(".")[2], name=node.name)


def _top_level(before: Mapping[str, object], after: Mapping[str, object]) -> frozenset[str]:
    return frozenset(name for name in {*before, *after} if before.get(name) != after.get(name))
