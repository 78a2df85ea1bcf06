"""The record: what one stage of an application consists of in AWS.

A record is a JSON document of schema 2.0, which existing tools read: a list
of resources under ``resources``.  What this program itself needs is under
``chalice``: the properties that AWS was told, which later plans are
compared with, and the intents.  An intent is written before AWS is asked
for a change and removed once its result is recorded; one that is found
later tells that a process ended in between, and that AWS has to be asked
what became of it.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from chalice_deploy.record_errors import CorruptRecordError, ForeignRecordError, NewerRecordError

SCHEMA_VERSION = "2.0"
FORMAT = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A resource that exists in AWS.

    Args:
        kind: its class, ``chalice_core.kinds.Function``.
        name: what people call it.
        properties: as rendered for the record.
        key: what AWS recognises it by, see `chalice_deploy.KindHandler.key`.
        identity: what AWS's calls ask for, see `chalice_deploy.Deployed`.
        outputs: values that AWS chose, by name.
        created: False for what existed before and is therefore never deleted.
        after: ids that it depends on.
    """

    kind: str
    name: str
    properties: Mapping[str, Any]
    key: Mapping[str, Any]
    identity: Mapping[str, str] = field(default_factory=dict)
    outputs: Mapping[str, str] = field(default_factory=dict)
    created: bool = True
    after: tuple[str, ...] = ()

    def to_document(self) -> dict[str, Any]:
        """Return it as JSON."""
        return {
            "kind": self.kind,
            "name": self.name,
            "properties": self.properties,
            "key": self.key,
            "identity": self.identity,
            "outputs": self.outputs,
            "created": self.created,
            "after": list(self.after),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """A change that was about to be made.

    Args:
        action: what was going to be done; ``replace`` deletes first.
        kind: as it will be in the `Entry`, like those that follow.
        name: what people call it.
        properties: as rendered for the record.
        key: what AWS recognises it by.
        after: ids that it depends on.
        earlier: properties of earlier intents for the same thing that were not fulfilled either.
    """

    action: Literal["create", "update", "replace", "delete"]
    kind: str
    name: str
    properties: Mapping[str, Any]
    key: Mapping[str, Any]
    after: tuple[str, ...] = ()
    earlier: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Retired:
    """What is no longer wanted and still has to be deleted.

    Args:
        id: of the resource that it was.
        entry: None when it is not even sure that it exists.
        intent: what was going to be created, when there is no entry.
    """

    id: str
    entry: Entry | None = None
    intent: Intent | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """Everything recorded for one stage.

    Args:
        app: name of the application.
        stage: name of the stage.
        account: twelve digits.
        region: AWS's name.
        salt: goes into the digests of secrets.
        entries: by resource id, oldest first.
        intents: by resource id.
        retired: what waits for its deletion.
    """

    app: str
    stage: str
    account: str
    region: str
    salt: str = field(default_factory=lambda: secrets.token_hex(16))
    entries: Mapping[str, Entry] = field(default_factory=dict)
    intents: Mapping[str, Intent] = field(default_factory=dict)
    retired: tuple[Retired, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Nothing exists, and nothing might."""
        return not (self.entries or self.intents or self.retired)

    def intending(self, id: str, intent: Intent) -> Record:
        """Return the record with one more intent."""
        return replace(self, intents={**self.intents, id: intent})

    def having(self, id: str, entry: Entry) -> Record:
        """Return the record after a resource was created or changed; its intent is fulfilled."""
        return replace(self, entries={**self.entries, id: entry}, intents=_without(self.intents, id))

    def doubting_dependents_of(self, id: str) -> Record:
        """Return the record after a resource was made anew: its dependents may have gone with the old one.

        A function's permissions, for example, are deleted with the function.
        """
        return self.doubting(dependent for dependent, entry in self.entries.items() if id in entry.after)

    def doubting(self, ids: Iterable[str]) -> Record:
        """Return the record with entries that may not be what is there any more."""
        doubts = {
            id: Intent(
                action="update",
                kind=entry.kind,
                name=entry.name,
                properties=entry.properties,
                key=entry.key,
                after=entry.after,
            )
            for id in ids
            if id not in self.intents
            for entry in (self.entries[id],)
        }
        return replace(self, intents={**self.intents, **doubts})

    def lacking(self, id: str) -> Record:
        """Return the record after a resource was deleted; its intent is fulfilled."""
        return replace(self, entries=_without(self.entries, id), intents=_without(self.intents, id))

    def retiring(self, retired: Retired) -> Record:
        """Return the record with one more thing that has to be deleted."""
        return replace(self, retired=(*self.retired, retired))

    def buried(self, retired: Retired) -> Record:
        """Return the record after a retired thing was deleted."""
        return replace(self, retired=tuple(other for other in self.retired if other != retired))


def to_document(record: Record) -> dict[str, Any]:
    """Return a record as JSON, without entries and summaries: `chalice_deploy.record_writer` adds both."""
    return {
        "resources": [],
        "schema_version": SCHEMA_VERSION,
        "backend": "api",
        "chalice": {
            "format": FORMAT,
            "app": record.app,
            "stage": record.stage,
            "account": record.account,
            "region": record.region,
            "salt": record.salt,
            "resources": {},
            "intents": {id: _intent_json(intent) for id, intent in record.intents.items()},
            "retired": [_retired_json(retired) for retired in record.retired],
        },
    }


def from_json(content: bytes, where: str) -> Record | None:
    """Read a record.

    Args:
        content: of the file.
        where: what messages call it.

    Returns:
        The record; None when the document says that nothing is deployed.

    Raises:
        CorruptRecordError: it is not JSON, or not of this form.
        NewerRecordError: a newer program wrote it.
        ForeignRecordError: another tool deployed what it names.
    """
    try:
        document = json.loads(content)
    except ValueError as error:
        raise CorruptRecordError(where=where, detail=f"It is not JSON: {error}.") from error
    if not isinstance(document, dict) or not isinstance(document.get("resources"), list):
        raise CorruptRecordError(where=where, detail="It is not an object with a list of `resources`.")
    version = document.get("schema_version")
    if version != SCHEMA_VERSION:
        raise CorruptRecordError(
            where=where, detail=f"Its schema_version is {version!r}, not {SCHEMA_VERSION!r}."
        )
    ours = document.get("chalice")
    if ours is None:
        if document["resources"]:
            raise ForeignRecordError(where=where, count=len(document["resources"]))
        return None
    try:
        if ours["format"] > FORMAT:
            raise NewerRecordError(where=where, format=ours["format"])
        record = Record(
            app=_text(ours["app"]),
            stage=_text(ours["stage"]),
            account=_text(ours["account"]),
            region=_text(ours["region"]),
            salt=_text(ours["salt"]),
            entries={id: _entry(data) for id, data in ours["resources"].items()},
            intents={id: _intent(data) for id, data in ours["intents"].items()},
            retired=tuple(_retired(data) for data in ours["retired"]),
        )
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        detail = f"Its part `chalice` is damaged: {type(error).__name__}: {error}."
        raise CorruptRecordError(where=where, detail=detail) from error
    return None if record.is_empty else record


def _without(mapping: Mapping[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in mapping.items() if name != key}


def _intent_json(intent: Intent) -> dict[str, Any]:
    return {
        "action": intent.action,
        "kind": intent.kind,
        "name": intent.name,
        "properties": intent.properties,
        "key": intent.key,
        "after": list(intent.after),
        "earlier": list(intent.earlier),
    }


def _retired_json(retired: Retired) -> dict[str, Any]:
    return {
        "id": retired.id,
        "entry": None if retired.entry is None else retired.entry.to_document(),
        "intent": None if retired.intent is None else _intent_json(retired.intent),
    }


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is not text")
    return value


def _object(value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise TypeError(f"{value!r} is not an object")
    return value


def _entry(data: Mapping[str, Any]) -> Entry:
    return Entry(
        kind=_text(data["kind"]),
        name=_text(data["name"]),
        properties=_object(data["properties"]),
        key=_object(data["key"]),
        identity={name: _text(value) for name, value in data["identity"].items()},
        outputs={name: _text(value) for name, value in data["outputs"].items()},
        created=bool(data["created"]),
        after=tuple(_text(id) for id in data["after"]),
    )


def _intent(data: Mapping[str, Any]) -> Intent:
    action = data["action"]
    if action not in ("create", "update", "replace", "delete"):
        raise ValueError(f"{action!r} is no action")
    return Intent(
        action=action,
        kind=_text(data["kind"]),
        name=_text(data["name"]),
        properties=_object(data["properties"]),
        key=_object(data["key"]),
        after=tuple(_text(id) for id in data["after"]),
        earlier=tuple(_object(properties) for properties in data["earlier"]),
    )


def _retired(data: Mapping[str, Any]) -> Retired:
    return Retired(
        id=_text(data["id"]),
        entry=None if data["entry"] is None else _entry(data["entry"]),
        intent=None if data["intent"] is None else _intent(data["intent"]),
    )
