"""The declarations that the tests of the tooling half are about."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from chalice_core.manifest import EventDeclaration
from chalice_s3 import on_s3_event


@pytest.fixture
def declare() -> Callable[..., EventDeclaration]:
    """Make the declaration of ``@app.on_s3_event(**options)``, by default on ``work`` and for ``photos``."""

    def make(function: str = "work", **options: Any) -> EventDeclaration:
        filled = on_s3_event.options(**{"bucket": "photos", **options})
        del filled["name"]
        return EventDeclaration(source="s3", decorator="on_s3_event", function=function, options=filled)

    return make
