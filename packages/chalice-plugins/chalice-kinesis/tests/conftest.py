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
from chalice_kinesis import hooks, on_kinesis_record


@pytest.fixture
def declare() -> Callable[..., EventDeclaration]:
    """Make the declaration of ``@app.on_kinesis_record(**options)`` on ``work``."""

    def make(**options: Any) -> EventDeclaration:
        given = {"stream": "clicks", **options}
        _, options = on_kinesis_record.options_of(**given)
        return EventDeclaration(
            source="kinesis", decorator="on_kinesis_record", function="work", options=options
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
