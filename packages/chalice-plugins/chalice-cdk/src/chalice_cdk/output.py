"""The folder that a construct's files are in: ``chalice.out/PATH``, the same in every run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chalice_cdk.container import write_package_in_container
from chalice_cdk.packaging import TEMPLATE, PackageRequest, write_package
from chalice_cdk.tokens import with_token_variables

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalice_cdk.package_config import PackageConfig

ROOT = "chalice.out"
FINISHED = "sam_with_assets.json"


def output_folder(path: str) -> Path:
    """Return the folder of a construct, empty of what an earlier run left there.

    Args:
        path: of the construct's node, ``web-api/WebApi``.
    """
    folder = Path.cwd() / ROOT / path.replace("/", "")
    folder.mkdir(parents=True, exist_ok=True)
    for name in (TEMPLATE, FINISHED):
        (folder / name).unlink(missing_ok=True)
    for archive in (*folder.glob("deployment.zip"), *folder.glob("*-deployment.zip")):
        archive.unlink()
    return folder


def package(request: PackageRequest, folder: Path, package_config: PackageConfig) -> dict[str, Any]:
    """Package an application into a folder and return its template.

    Args:
        request: what to package.
        folder: of the construct.
        package_config: how.

    Raises:
        ChaliceError: it cannot be packaged.
    """
    if package_config.use_container:
        write_package_in_container(request, folder, package_config.image)
    else:
        write_package(request, folder)
    template: dict[str, Any] = json.loads((folder / TEMPLATE).read_bytes())
    return template


def write_finished(folder: Path, template: Mapping[str, Any]) -> Path:
    """Write the template that is included, and return its file.

    Args:
        folder: of the construct.
        template: with the places of its files; tokens are in it.
    """
    path = folder / FINISHED
    path.write_text(json.dumps(with_token_variables(template), indent=2) + "\n", encoding="utf-8")
    return path
