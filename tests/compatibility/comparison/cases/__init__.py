"""Every application, and what is asked of it: by the application's name, then by the step's."""

from __future__ import annotations

from collections.abc import Mapping

from comparison.cases import (
    answers,
    applications,
    binary,
    cors,
    errors,
    requests,
)
from comparison.steps import Step

CASES: Mapping[str, Mapping[str, Step]] = {
    name: steps
    for module in (answers, applications, binary, cors, errors, requests)
    for name, steps in module.CASES.items()
}

__all__ = ["CASES"]
