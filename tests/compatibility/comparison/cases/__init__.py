"""Every application, and what is asked of it: by the application's name, then by the step's."""

from __future__ import annotations

from collections.abc import Mapping

from comparison.cases import (
    answers,
    applications,
    authorizers,
    binary,
    blueprints,
    clients,
    cors,
    errors,
    families,
    middleware,
    requests,
    websockets,
)
from comparison.steps import Step

_MODULES = (
    answers,
    applications,
    authorizers,
    binary,
    blueprints,
    clients,
    cors,
    errors,
    families,
    middleware,
    requests,
    websockets,
)
CASES: Mapping[str, Mapping[str, Step]] = {
    name: steps for module in _MODULES for name, steps in module.CASES.items()
}

__all__ = ["CASES"]
