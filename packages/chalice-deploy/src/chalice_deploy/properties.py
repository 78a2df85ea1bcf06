"""What AWS is told about a resource, before and after its unknown parts are known.

A handler describes a resource as a tree of JSON values with a few special
leaves: core's values (outputs, text), secrets, files and large documents.
The same tree is rendered twice: once for AWS, with everything in it, and
once for the record, where secrets and files are represented by digests.
The record is what the next plan is compared with.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from chalice_core.artifact import Artifact
from chalice_core.target import Change
from chalice_core.values import Output, Pseudo, Text, Value

Tree: TypeAlias = Any
"""JSON, whose leaves may also be core's values, `Secret`, `Document` and `Artifact`."""

Properties: TypeAlias = Mapping[str, Tree]
"""Property names as AWS's API spells them, and their trees; None stands for "not set"."""

Rendered: TypeAlias = dict[str, Any]
"""The JSON that a tree is rendered to."""

Resolve: TypeAlias = Callable[[Output | Pseudo], str | None]
"""Gives the text of an output or pseudo parameter; None while it is unknown."""

HIDDEN = "(hidden)"
"""What a plan shows in place of a secret."""


@dataclass(frozen=True, slots=True)
class Secret:
    """A value that AWS is told and that nobody else may read: an environment variable."""

    value: Value


@dataclass(frozen=True, slots=True)
class Document:
    """A tree that is too large to record; its digest is recorded instead."""

    tree: Tree


class Unknown:
    """The one value that stands for what is known only after deployment."""

    def __repr__(self) -> str:
        return "(known after deployment)"


UNKNOWN = Unknown()


def for_aws(properties: Properties, resolve: Resolve) -> Rendered:
    """Render everything; files stay `Artifact` objects and unknown parts become `UNKNOWN`."""
    return {name: _for_aws(tree, resolve) for name, tree in properties.items()}


def for_record(properties: Properties, resolve: Resolve, salt: str) -> Rendered:
    """Render what may be recorded: secrets as salted digests, documents and files as digests.

    Args:
        properties: as a handler describes them.
        resolve: gives the unknown parts; a part without an answer makes the
            property that it is in `UNKNOWN`.
        salt: of the record, so that equal secrets of two records differ.

    Returns:
        The properties that are set, in the order given.
    """
    rendered = {name: _for_record(tree, resolve, salt) for name, tree in properties.items()}
    return {name: value for name, value in rendered.items() if value is not None}


def is_known(rendered: object) -> bool:
    """Return whether nothing in a rendered tree is `UNKNOWN`."""
    if isinstance(rendered, Mapping):
        return all(is_known(value) for value in rendered.values())
    if isinstance(rendered, Sequence) and not isinstance(rendered, str):
        return all(is_known(value) for value in rendered)
    return rendered is not UNKNOWN


def secrets_in(properties: Properties, resolve: Resolve) -> frozenset[str]:
    """Return the texts of all secrets, for keeping them out of messages."""
    found: set[str] = set()
    _collect_secrets(properties, resolve, found)
    return frozenset(found)


def differences(
    before: Mapping[str, Any], after: Mapping[str, Any], replaces: frozenset[str]
) -> tuple[Change, ...]:
    """Compare two renderings for the record, property by property.

    Mappings are compared key by key, named with dots:
    ``Environment.TABLE_NAME``.  Secrets show as `HIDDEN`.

    Args:
        before: what is recorded.
        after: what is declared.
        replaces: the properties that cannot be changed in place.
    """
    changes: list[Change] = []
    for name in dict.fromkeys((*before, *after)):
        _compare(name, before.get(name), after.get(name), name in replaces, changes)
    return tuple(changes)


def digest(rendered: object) -> str:
    """Return the SHA-256 of a rendered tree's canonical JSON, in hexadecimal."""
    text = json.dumps(rendered, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _value(value: Value, resolve: Resolve) -> str | Unknown:
    if isinstance(value, str):
        return value
    if isinstance(value, Text):
        parts = [part if isinstance(part, str) else resolve(part) for part in value.parts]
        known = [part for part in parts if part is not None]
        return "".join(known) if len(known) == len(parts) else UNKNOWN
    found = resolve(value)
    return UNKNOWN if found is None else found


def _for_aws(tree: Tree, resolve: Resolve) -> Any:
    if isinstance(tree, Secret):
        return _value(tree.value, resolve)
    if isinstance(tree, Document):
        return _for_aws(tree.tree, resolve)
    if isinstance(tree, (Output, Pseudo, Text)):
        return _value(tree, resolve)
    if isinstance(tree, Mapping):
        return {key: _for_aws(value, resolve) for key, value in tree.items()}
    if isinstance(tree, Sequence) and not isinstance(tree, str):
        return [_for_aws(value, resolve) for value in tree]
    return tree


def _for_record(tree: Tree, resolve: Resolve, salt: str) -> Any:
    if isinstance(tree, Secret):
        value = _value(tree.value, resolve)
        if isinstance(value, Unknown):
            return UNKNOWN
        return {"hidden": hashlib.sha256(f"{salt}:{value}".encode()).hexdigest()}
    if isinstance(tree, Document):
        rendered = _for_aws(tree.tree, resolve)
        return {"sha256": digest(rendered)} if is_known(rendered) else UNKNOWN
    if isinstance(tree, Artifact):
        return {"sha256": tree.sha256}
    if isinstance(tree, (Output, Pseudo, Text)):
        return _value(tree, resolve)
    if isinstance(tree, Mapping):
        return {key: _for_record(value, resolve, salt) for key, value in tree.items()}
    if isinstance(tree, Sequence) and not isinstance(tree, str):
        return [_for_record(value, resolve, salt) for value in tree]
    return tree


def _collect_secrets(tree: Tree, resolve: Resolve, found: set[str]) -> None:
    if isinstance(tree, Secret):
        value = _value(tree.value, resolve)
        if isinstance(value, str) and value:
            found.add(value)
    elif isinstance(tree, Document):
        _collect_secrets(tree.tree, resolve, found)
    elif isinstance(tree, Mapping):
        for value in tree.values():
            _collect_secrets(value, resolve, found)
    elif isinstance(tree, Sequence) and not isinstance(tree, str):
        for value in tree:
            _collect_secrets(value, resolve, found)


def _is_hidden(value: object) -> bool:
    return isinstance(value, Mapping) and set(value) == {"hidden"}


def _is_digest(value: object) -> bool:
    return _is_hidden(value) or (isinstance(value, Mapping) and set(value) == {"sha256"})


def _compare(name: str, before: Any, after: Any, replaces: bool, changes: list[Change]) -> None:
    if before == after:
        return
    both = isinstance(before, Mapping) and isinstance(after, Mapping)
    if both and not (_is_digest(before) or _is_digest(after)):
        for key in dict.fromkeys((*before, *after)):
            _compare(f"{name}.{key}", before.get(key), after.get(key), replaces, changes)
        return
    changes.append(
        Change(
            property=name,
            before=_shown(before),
            after=_shown(after),
            replaces=replaces,
            after_is_known=is_known(after),
        )
    )


def _shown(value: Any) -> Any:
    """Return what a plan may show: unknown parts as None, secrets hidden."""
    if value is UNKNOWN:
        return None
    if _is_hidden(value):
        return HIDDEN
    if _is_digest(value):
        return f"sha256:{value['sha256']}"
    if isinstance(value, Mapping):
        return {key: _shown(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_shown(item) for item in value]
    return value
