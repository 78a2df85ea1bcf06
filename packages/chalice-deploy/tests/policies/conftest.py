"""Figures of the corpus, shown at the end of a run."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

import pytest

FIGURES = pytest.StashKey[list[str]]()


@pytest.fixture
def record_figures(request: pytest.FixtureRequest) -> Callable[[str], None]:
    """Show a line when all tests have run."""
    return request.config.stash.setdefault(FIGURES, []).append


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for line in terminalreporter.config.stash.get(FIGURES, []):
        terminalreporter.write_line(line)


@pytest.fixture
def run_python() -> Callable[[str], str]:
    """Run a script in a fresh interpreter and return what it prints."""

    def run(script: str) -> str:
        ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60)
        assert ended.returncode == 0, ended.stderr
        return ended.stdout.strip()

    return run
