"""Fixtures: declarations as a manifest holds them, the plugin alone, and a function."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from chalice_core.kinds import Function, Role
from chalice_core.manifest import EventDeclaration
from chalice_core.plugins import Plugins
from chalice_core.testing import function, plugin_manager
from chalice_core.values import ResourceId
from chalice_dynamodb import hooks, on_dynamodb_record

STREAM = "arn:aws:dynamodb:eu-west-1:123456789012:table/orders/stream/2026-01-31T12:00:00.000"


@pytest.fixture
def declare() -> Callable[..., EventDeclaration]:
    """Make the declaration of ``@app.on_dynamodb_record(**options)`` on ``work``."""

    def make(**options: Any) -> EventDeclaration:
        given = {"stream_arn": STREAM, **options}
        _, options = on_dynamodb_record.options_of(**given)
        return EventDeclaration(
            source="dynamodb", decorator="on_dynamodb_record", function="work", options=options
        )

    return make


@pytest.fixture
def plugins() -> Plugins:
    return plugin_manager(hooks)


@pytest.fixture
def role() -> Role:
    return Role(id=ResourceId("default-role"), role_name="hello-dev")


@pytest.fixture
def worker(role: Role) -> Function:
    return function("work", role=role.arn)
