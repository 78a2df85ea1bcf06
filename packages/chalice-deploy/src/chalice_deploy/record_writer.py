"""Writes a record again and again while a deployment goes on.

It is written before and after each change, so a stage of many resources is
written many times; text is made of what has changed since the last time
alone, or writing would take longer than deploying.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from chalice_deploy.record import Entry, Record, to_document


@dataclass(frozen=True, slots=True)
class _Written:
    """What was made of an entry."""

    entry: Entry
    text: str
    summary: str | None


Summary: TypeAlias = Callable[[str, Entry], "Mapping[str, str] | None"]
"""Gives an entry, by its id, as existing tools expect it: with ``name``, ``resource_type`` and the values of
its type; None for what they have no word for."""


class RecordWriter:
    """Writes the record of one stage."""

    def __init__(self) -> None:
        self._written: dict[str, _Written] = {}

    def to_json(self, record: Record, summary: Summary) -> bytes:
        """Return the record's file: JSON, indented, for people look into it and keep it in version control.

        Args:
            record: what to write.
            summary: is asked of entries that were not there the last time; gives the same for the same.
        """
        written = {id: self._of(id, entry, summary) for id, entry in record.entries.items()}
        self._written = written
        # Both are empty in the document, at places that nothing else of it looks like.
        text = _text(to_document(record), "")
        summaries = [each.summary for each in written.values() if each.summary is not None]
        text = _filled(text, '\n  "resources": []', summaries, "    ")
        entries = [f"{json.dumps(id, ensure_ascii=False)}: {each.text}" for id, each in written.items()]
        return (_filled(text, '\n    "resources": {}', entries, "      ") + "\n").encode()

    def _of(self, id: str, entry: Entry, summary: Summary) -> _Written:
        known = self._written.get(id)
        if known is not None and known.entry is entry:
            return known
        summarised = summary(id, entry)
        return _Written(
            entry=entry,
            text=_text(entry.to_document(), "      "),
            summary=None if summarised is None else _text(summarised, "    "),
        )


def _text(value: object, indentation: str) -> str:
    """Return a value as JSON that stands so far to the right; strings in JSON have no ends of lines."""
    return json.dumps(value, indent=2, ensure_ascii=False).replace("\n", f"\n{indentation}")


def _filled(text: str, empty: str, items: list[str], indentation: str) -> str:
    if not items:
        return text
    opening, closing = empty[:-1], empty[-1]
    joined = f",\n{indentation}".join(items)
    return text.replace(empty, f"{opening}\n{indentation}{joined}\n{indentation[2:]}{closing}", 1)
