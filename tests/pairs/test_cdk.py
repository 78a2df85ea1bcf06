"""Every family through the CDK construct: one synthesis for all of them, and cfn-lint on what comes out."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from families import FAMILIES

from chalice_core.plugins import Plugins
from chalice_core.testing.examples import make_application
from chalice_sam import logical_id
from chalice_sam.testing import lint, translate

pytestmark = pytest.mark.slow

WITH_SCHEDULER = "chalice-schedule with Scheduler"
APPLICATIONS = {
    # One application has a decorator once.
    "All": {
        name: one
        for family, examples in FAMILIES.items()
        if family != WITH_SCHEDULER
        for name, one in examples.items()
    },
    "Scheduler": FAMILIES[WITH_SCHEDULER],
}

APP = """
import aws_cdk
from chalice_cdk import Chalice

app = aws_cdk.App()
for name, folder in {folders!r}.items():
    stack = aws_cdk.Stack(app, name)
    Chalice(stack, "Chalice", folder, stage_name="dev")
app.synth()
"""


@pytest.fixture(scope="module")
def synthesised(
    chalice_plugins: Plugins, tmp_path_factory: pytest.TempPathFactory
) -> Mapping[str, dict[str, Any]]:
    """The templates of all stacks, by name."""
    if find_spec("aws_cdk") is None:
        pytest.skip("aws-cdk-lib is not installed, so there is nothing to synthesise with")
    folder = tmp_path_factory.mktemp("cdk")
    folders = {name: str(folder / name) for name in APPLICATIONS}
    for name, examples in APPLICATIONS.items():
        make_application(folder / name, examples, chalice_plugins, name=f"{name.lower()}-of-it")
    (folder / "app.py").write_text(APP.format(folders=folders), encoding="utf-8")
    # What `cdk synth` does, without asking for newer versions of itself.
    done = subprocess.run(
        [sys.executable, "app.py"],
        cwd=folder,
        env={
            **os.environ,
            "CDK_OUTDIR": str(folder / "cdk.out"),
            "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION": "1",
        },
        capture_output=True,
        text=True,
        timeout=180,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return {
        name: json.loads((folder / "cdk.out" / f"{name}.template.json").read_text(encoding="utf-8"))
        for name in APPLICATIONS
    }


@pytest.mark.parametrize("name", sorted(APPLICATIONS))
def test_cfn_lint_has_nothing_against_what_is_synthesised(
    synthesised: Mapping[str, dict[str, Any]], name: str
) -> None:
    template = synthesised[name]

    assert lint(template) == []
    assert lint(translate(template)) == []


@pytest.mark.parametrize("name", sorted(APPLICATIONS))
def test_the_resources_are_those_of_the_sam_template(
    synthesised: Mapping[str, dict[str, Any]], name: str, chalice_plugins: Plugins, tmp_path: Path
) -> None:
    graph = make_application(
        tmp_path, APPLICATIONS[name], chalice_plugins, name=f"{name.lower()}-of-it"
    ).graph
    functions = {logical_id(one.id) for one in graph if type(one).__name__ == "Function"}

    assert functions
    assert functions <= synthesised[name]["Resources"].keys()
