"""The declarations that the tests of the tooling half are about."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from chalice_core.manifest import EventDeclaration
from chalice_schedule import on_cw_event, schedule


@pytest.fixture
def declare() -> Callable[..., EventDeclaration]:
    """Make the declaration of ``@app.schedule(**options)`` on ``tick``, by default every five minutes."""

    def make(function: str = "tick", **options: Any) -> EventDeclaration:
        filled = schedule.options(**{"expression": "rate(5 minutes)", **options})
        del filled["name"]
        return EventDeclaration(source="scheduled", decorator="schedule", function=function, options=filled)

    return make


@pytest.fixture
def declare_pattern() -> Callable[..., EventDeclaration]:
    """Make the declaration of ``@app.on_cw_event(**options)`` on ``sold``, by default for ``shop``."""

    def make(function: str = "sold", **options: Any) -> EventDeclaration:
        filled = on_cw_event.options(**{"event_pattern": {"source": ["shop"]}, **options})
        del filled["name"]
        return EventDeclaration(
            source="cloudwatch", decorator="on_cw_event", function=function, options=filled
        )

    return make
