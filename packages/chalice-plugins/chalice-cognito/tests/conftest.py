"""Fixtures: declarations as a manifest holds them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from chalice_core.manifest import EventDeclaration


@pytest.fixture
def declare() -> Callable[..., EventDeclaration]:
    """Make the declaration of ``@app.on_cognito_trigger(**options)`` on ``work``, or another function."""

    def make(function: str = "work", **options: Any) -> EventDeclaration:
        filled = {"user_pool": "eu-west-1_AbCdEfGhI", "trigger": "PreSignUp", "version": None, **options}
        return EventDeclaration(
            source="cognito", decorator="on_cognito_trigger", function=function, options=filled
        )

    return make
