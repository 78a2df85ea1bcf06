"""Fixtures: declarations as a manifest holds them, the plugin alone, and a function."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pluggy
import pytest

from chalice_core import hookspecs
from chalice_core.kinds import Function, Role
from chalice_core.manifest import EventDeclaration
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
def plugins() -> pluggy.PluginManager:
    manager = pluggy.PluginManager(hookspecs.PROJECT_NAME)
    manager.add_hookspecs(hookspecs)
    manager.register(hooks)
    manager.check_pending()
    return manager


@pytest.fixture
def role() -> Role:
    return Role(id=ResourceId("default-role"), role_name="shop-dev")


@pytest.fixture
def worker(role: Role) -> Function:
    return Function(
        id=ResourceId("work"),
        name="work",
        function_name="shop-dev-work",
        handler="app.work",
        runtime="python3.11",
        role=role.arn,
    )
