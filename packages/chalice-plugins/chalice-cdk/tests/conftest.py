"""Fixtures: projects, what it takes to package them, and CDK apps that are really synthesised."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from importlib.util import find_spec
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


@pytest.fixture(scope="session")
def synthesise(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], dict[str, Any]]:
    """Return a function that runs a CDK app and returns the templates that it synthesises, by stack."""
    if find_spec("aws_cdk") is None:
        pytest.skip("aws-cdk-lib is not installed: pip install 'chalice-cdk[cdk]'")
    if shutil.which("node") is None:
        pytest.skip("the CDK needs Node.js, and there is no `node` on PATH")

    def run(folder: Path, **variables: str) -> dict[str, Any]:
        out = tmp_path_factory.mktemp("cdk.out")
        ended = subprocess.run(
            [sys.executable, "app.py"],
            cwd=folder,
            env={
                **os.environ,
                # What `cdk synth` sets for the apps that it runs.
                "CDK_OUTDIR": str(out),
                "JSII_SILENCE_WARNING_DEPRECATED_NODE_VERSION": "1",
                **variables,
            },
            capture_output=True,
            text=True,
            check=False,
        )
        assert ended.returncode == 0, ended.stdout + ended.stderr
        return {
            path.name.removesuffix(".template.json"): json.loads(path.read_bytes())
            for path in out.rglob("*.template.json")
        }

    return run


@pytest.fixture(scope="session")
def lint(tmp_path_factory: pytest.TempPathFactory) -> Callable[[dict[str, Any]], list[str]]:
    """Return a function that returns what cfn-lint has to say about a template."""
    from cfnlint.api import lint as cfn_lint
    from cfnlint.config import ManualArgs

    # How old the Python is that these tests run on says nothing about a template.
    settings = ManualArgs(regions=["us-east-1"], ignore_checks=["W2531", "E2531", "E2533"])

    def check(template: dict[str, Any]) -> list[str]:
        return [str(match) for match in cfn_lint(json.dumps(template), config=settings)]

    return check
