"""The record's file is the same however often it was written before, and each part is made into text once."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from chalice_deploy.record import Entry, Intent, Record, from_json, to_document
from chalice_deploy.record_writer import RecordWriter

TEXTS = st.text(st.characters(codec="utf-8"), max_size=20) | st.sampled_from(
    ['\n    "resources": {}', '"resources": []', "\n", "ü"]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)
ENTRIES = st.builds(
    Entry,
    kind=st.just("chalice_core.kinds.Function"),
    name=TEXTS,
    properties=st.dictionaries(TEXTS, VALUES, max_size=4),
    key=st.dictionaries(TEXTS, TEXTS, max_size=2),
)
INTENT = Intent(action="create", kind="k", name="n", properties={"resources": {}}, key={})


def record(entries: Mapping[str, Entry], **fields: Any) -> Record:
    facts = {"app": "shop", "stage": "dev", "account": "123456789012", "region": "eu-west-1", "salt": "s"}
    return Record(entries=entries, **{**facts, **fields})


def summary(id: str, entry: Entry) -> Mapping[str, str] | None:
    """Every other resource has a word in schema 2.0."""
    return {"name": id, "resource_type": "lambda_function", "of": entry.name} if len(id) % 2 else None


@given(st.lists(st.dictionaries(TEXTS, ENTRIES, max_size=4), min_size=1, max_size=4), st.booleans())
def test_the_file_is_what_json_makes_of_the_whole_document(
    history: list[dict[str, Entry]], interrupted: bool
) -> None:
    writer = RecordWriter()
    for entries in history:
        now = record(entries, intents={"x": INTENT} if interrupted else {})

        written = writer.to_json(now, summary)

        document = to_document(now)
        found = [summary(id, entry) for id, entry in entries.items()]
        document["resources"] = [each for each in found if each is not None]
        document["chalice"]["resources"] = {id: entry.to_document() for id, entry in entries.items()}
        assert written.decode() == json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def test_what_was_written_is_read_again() -> None:
    one = Entry(kind="k", name="n", properties={"A": [1, {"B": "ü\n"}]}, key={"N": "n"}, after=("two",))
    now = record({"one": one}, intents={"two": INTENT})

    assert from_json(RecordWriter().to_json(now, summary), "here") == now


def test_an_entry_is_asked_for_its_summary_once_until_it_changes() -> None:
    asked: list[str] = []

    def counting(id: str, entry: Entry) -> None:
        asked.append(id)

    writer = RecordWriter()
    entries = {f"r{number}": Entry(kind="k", name="n", properties={}, key={}) for number in range(100)}

    for count in range(1, 101):
        writer.to_json(record(dict(list(entries.items())[:count])), counting)
    writer.to_json(record({**entries, "r7": Entry(kind="k", name="m", properties={}, key={})}), counting)

    # Each once as it came, and the one that changed once more.
    assert asked == [*entries, "r7"]
