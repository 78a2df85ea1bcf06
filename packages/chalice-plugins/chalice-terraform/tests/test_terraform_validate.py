"""Terraform and the real provider find nothing wrong, and nothing to warn of, in what is written.

Each application is a module of one configuration, as people use them.  The
provider comes from the registry, or from the folder that the environment
variable ``CHALICE_TERRAFORM_PLUGIN_DIR`` names (as ``terraform init
-plugin-dir`` takes it).  The provider ``awscc`` is left out, for its schema
alone fills hundreds of megabytes; `test_awscc` has what is known of it.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from chalice_core.plugins import Plugins
from chalice_core.target import FormatRequest
from chalice_terraform.format import TerraformFormat

pytestmark = pytest.mark.slow

# What the examples refer to, as files of users would have it.
OWN: Mapping[str, Mapping[str, Mapping[str, Any]]] = {
    "aws_cognito_user_pool": {"own": {"name": "own"}},
    "aws_lambda_function": {
        "elsewhere": {
            "function_name": "elsewhere",
            "role": "arn:aws:iam::123456789012:role/own",
            "image_uri": "x",
            "package_type": "Image",
        }
    },
    "aws_s3_bucket": {"own": {}},
    "aws_subnet": {"own": {"vpc_id": "vpc-12345678", "cidr_block": "10.0.0.0/24"}},
}
OWN_FILE = {
    "resource": OWN,
    "locals": {"own": "${local.chalice_app}-${local.chalice_stage} in ${local.chalice_region}"},
}


def terraform(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["terraform", *arguments], cwd=folder, capture_output=True, text=True)


@pytest.fixture
def modules(
    tmp_path: Path,
    plugins: Plugins,
    every_application: Mapping[str, tuple[Any, ...]],
    request_for: Callable[..., FormatRequest],
) -> Path:
    """A configuration whose modules are the applications."""
    if shutil.which("terraform") is None:
        pytest.skip("there is no terraform on PATH")
    root = tmp_path / "root"
    root.mkdir()
    calls: dict[str, Any] = {}
    for number, resources in enumerate(every_application.values()):
        files = TerraformFormat(plugins).render(request_for(*resources))
        if b'"awscc_' in bytes(files["chalice.tf.json"]):
            continue
        folder = root / f"module{number}"
        folder.mkdir()
        for name, content in files.items():
            (folder / name).write_bytes(content if isinstance(content, bytes) else content.read_bytes())
        (folder / "own.tf.json").write_text(json.dumps(OWN_FILE), encoding="utf-8")
        calls[f"module{number}"] = {"source": f"./module{number}"}
    (root / "main.tf.json").write_text(json.dumps({"module": calls}), encoding="utf-8")
    return root


def test_terraform_finds_nothing_wrong_with_any_application(modules: Path) -> None:
    plugin_dir = os.environ.get("CHALICE_TERRAFORM_PLUGIN_DIR")
    from_folder = [f"-plugin-dir={plugin_dir}"] if plugin_dir else []
    begun = terraform(modules, "init", "-backend=false", "-input=false", "-no-color", *from_folder)
    if begun.returncode and "Failed to query available provider" in begun.stderr:
        pytest.skip(f"Terraform cannot get the provider: {begun.stderr.strip()[:300]}")
    assert begun.returncode == 0, begun.stderr

    report = json.loads(terraform(modules, "validate", "-json").stdout)

    assert [
        f"{each['severity']}: {each['summary']}: {each['detail']}" for each in report["diagnostics"]
    ] == []
    assert report["valid"]
