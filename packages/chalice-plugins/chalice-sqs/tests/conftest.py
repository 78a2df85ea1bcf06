"""Fixtures: declarations as a manifest holds them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from chalice_core.manifest import EventDeclaration


@pytest.fixture
def declare() -> Callable[..., EventDeclaration]:
    """Make the declaration of ``@app.on_sqs_message(**options)`` on ``work``."""

    def make(**options: Any) -> EventDeclaration:
        filled = {
            "queue": "orders" if "queue_arn" not in options else None,
            "queue_arn": None,
            "batch_size": 1,
            "maximum_batching_window_in_seconds": 0,
            "maximum_concurrency": None,
            "report_batch_item_failures": False,
            **options,
        }
        return EventDeclaration(source="sqs", decorator="on_sqs_message", function="work", options=filled)

    return make
