"""Fixtures: projects, and what it takes to package them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from chalice_cdk.packaging import PackageRequest
from chalice_core.testing import write_project

ROUTES = """
from chalice import Chalice

app = Chalice(app_name="shop")


@app.route("/")
def index():
    return {}
"""


@pytest.fixture
def request_of(tmp_path: Path) -> Callable[..., PackageRequest]:
    """Return a function that writes a project and returns a request to package it."""

    def write(
        source: str = ROUTES, *, config: Any = None, requirements: str = "", **fields: Any
    ) -> PackageRequest:
        folder = write_project(
            tmp_path / "runtime",
            source=source,
            config={"version": "2.0", "app_name": "shop"} if config is None else config,
            files={"requirements.txt": requirements},
        )
        given = {"scope": "web-api", "cache_dir": tmp_path / "cache", **fields}
        return PackageRequest(source_dir=folder, **given)

    return write
