"""Distributions with plugins, made on the spot, and an app host that says what a test wants."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from textwrap import dedent

import pytest

Install = Callable[..., None]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """Install distributions with one plugin each into an environment that has nothing else installed."""
    site = tmp_path / "site"
    site.mkdir()
    outside = [entry for entry in sys.path if "site-packages" not in entry and "/src" not in entry]
    monkeypatch.setattr(sys, "path", [str(site), *outside])
    monkeypatch.delenv("CHALICE_DISABLE_PLUGINS", raising=False)
    modules = set(sys.modules)

    def add(
        plugin: str,
        source: str = "",
        *,
        distribution: str | None = None,
        version: str = "1.0",
        value: str | None = None,
    ) -> None:
        module = f"installed_{plugin.replace('-', '_')}_{(distribution or '').replace('-', '_')}"
        name = distribution or f"chalice-{plugin}"
        site.joinpath(f"{module}.py").write_text(
            "from chalice_core.hookspecs import hookimpl\n" + dedent(source)
        )
        info = site / f"{name.replace('-', '_')}-{version}.dist-info"
        info.mkdir()
        info.joinpath("METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
        info.joinpath("entry_points.txt").write_text(f"[chalice.plugins]\n{plugin} = {value or module}\n")

    yield add
    for name in set(sys.modules) - modules:
        if name.startswith("installed_"):
            del sys.modules[name]
