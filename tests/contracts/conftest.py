"""Fixtures: the plugins that are installed, and where the sources are."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from chalice_core.plugins import Plugins, load_plugins

# Tests of several folders share `families`; with pytest's importlib mode nothing else makes it importable.
sys.path.insert(0, str(Path(__file__).parents[1] / "shared"))


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository."""
    return Path(__file__).parents[2]


@pytest.fixture(scope="session")
def plugins() -> Plugins:
    """Every installed plugin."""
    return load_plugins()
