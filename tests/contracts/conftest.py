"""Fixtures: the plugins that are installed, and where the sources are."""

from __future__ import annotations

from pathlib import Path

import pytest

from chalice_core.plugins import Plugins, load_plugins


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository."""
    return Path(__file__).parents[2]


@pytest.fixture(scope="session")
def plugins() -> Plugins:
    """Every installed plugin."""
    return load_plugins()
