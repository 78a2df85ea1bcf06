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
from chalice_kafka import hooks, on_kafka_message


@pytest.fixture
def declare() -> Callable[..., EventDeclaration]:
    """Make the declaration of ``@app.on_kafka_message(**options)`` on ``work``."""

    def make(**options: Any) -> EventDeclaration:
        given = {"topic": "orders", **options}
        _, options = on_kafka_message.options_of(**given)
        return EventDeclaration(
            source="kafka", decorator="on_kafka_message", function="work", options=options
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
