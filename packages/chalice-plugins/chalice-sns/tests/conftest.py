"""The declarations that the tests of the tooling half are about."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from chalice_core.manifest import EventDeclaration
from chalice_sns import on_sns_message


@pytest.fixture
def declare() -> Callable[..., EventDeclaration]:
    """Make the declaration of ``@app.on_sns_message(**options)`` on ``work``, by default for ``news``."""

    def make(**options: Any) -> EventDeclaration:
        filled = on_sns_message.options(**{"topic": "news", **options})
        del filled["name"]
        return EventDeclaration(source="sns", decorator="on_sns_message", function="work", options=filled)

    return make
