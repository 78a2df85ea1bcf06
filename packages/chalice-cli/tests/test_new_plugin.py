"""`chalice new-plugin` writes a project whose pieces fit together, or nothing."""

from __future__ import annotations

import ast
import sys
from pathlib import Path
from typing import Any

import pytest

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


def test_a_plugin_is_written_with_its_names_in_place(chalice: Any, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.chdir(tmp_path)

    outcome = chalice("new-plugin", "acme-parcels")

    assert outcome.status == 0, outcome.stderr
    assert "./acme-parcels" in outcome.stdout
    project = tomllib.loads((tmp_path / "acme-parcels" / "pyproject.toml").read_text())["project"]
    assert project["name"] == "acme-parcels"
    assert project["dependencies"] == ["chalice-runtime>=0.1,<1"]
    assert project["entry-points"]["chalice.decorators"] == {
        "on_parcels_event": "acme_parcels.events:on_parcels_event"
    }
    for group in project["entry-points"].values():
        for value in group.values():
            module, _, name = value.partition(":")
            source = (tmp_path / "acme-parcels" / "src" / Path(*module.split("."))).with_suffix(".py")
            defined = {getattr(node, "name", None) for node in ast.parse(source.read_text()).body}
            assert not name or name in defined, value
    texts = [path.read_text() for path in (tmp_path / "acme-parcels").rglob("*") if path.is_file()]
    assert not [text for text in texts if "{{" in text]


@pytest.mark.parametrize(
    "name", ["Acme", "acme_parcels", "-acme", "acme-", "acme-1", "a" * 41, "../acme", ""]
)
def test_a_name_that_cannot_be_a_distributions_is_refused(
    chalice: Any, tmp_path: Path, monkeypatch: Any, name: str
) -> None:
    monkeypatch.chdir(tmp_path)

    outcome = chalice("new-plugin", "--", name)

    assert outcome.status == 1
    assert "acme-parcels" in outcome.stderr
    assert list(tmp_path.iterdir()) == []


def test_what_is_there_is_left_alone(chalice: Any, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "acme-parcels").mkdir()

    outcome = chalice("new-plugin", "acme-parcels")

    assert outcome.status == 1
    assert list((tmp_path / "acme-parcels").iterdir()) == []
