"""The libraries that AWS's Python runtimes provide, as a folder for workers.

A function may import boto3 without packaging it. Here it comes from the
environment of the tools, and only it: a library that merely happens to be
installed beside the tools must not be visible to a function that would miss it
in Lambda. So each provided distribution is linked (copied where links need
privileges) into a folder of its own, which goes on a worker's path.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import os
import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp

__all__ = ["ManagedRuntime", "ProvidedDistribution", "build_managed_runtime"]

# https://docs.aws.amazon.com/lambda/latest/dg/lambda-python.html#python-sdk-included and what that requires.
SDK = ("boto3", "botocore", "s3transfer", "jmespath", "python-dateutil", "urllib3", "six")
RUNTIME_CLIENT = ("awslambdaric", "simplejson", "snapshot-restore-py")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvidedDistribution:
    """An installed distribution and the files of it that are importable.

    Attributes:
        name: as the distribution calls itself.
        version: its version.
        entries: top-level packages and modules, and the metadata folder.
    """

    name: str
    version: str
    entries: tuple[Path, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ManagedRuntime:
    """The folders to put on a worker's path.

    Attributes:
        sdk: what every Python minor version can import.
        runtime_client: holds ``awslambdaric``, compiled for the Python of this process;
            ``None`` when that is not installed (AWS publishes it for Linux only).
    """

    sdk: Path
    runtime_client: Path | None


def build_managed_runtime(folder: Path) -> ManagedRuntime:
    """Make the folders below ``folder``, or find them made.

    They are named after the versions they hold, so an upgrade of the tools makes new ones.
    """
    sdk = [found for name in SDK if (found := _find(name)) is not None]
    client = [found for name in RUNTIME_CLIENT if (found := _find(name)) is not None]
    complete = any(found.name.lower() == "awslambdaric" for found in client)
    return ManagedRuntime(
        sdk=_assemble(folder, "sdk", sdk),
        runtime_client=_assemble(folder, "runtime-client", client) if complete else None,
    )


def _find(name: str) -> ProvidedDistribution | None:
    try:
        distribution = importlib.metadata.distribution(name)
    except importlib.metadata.PackageNotFoundError:
        return None
    base = Path(str(distribution.locate_file("")))
    tops = set()
    for file in distribution.files or ():
        top = file.parts[0]
        # Scripts lie at ../../../bin; caches are made again.
        if top not in {"..", "__pycache__"} and not re.search(r"\.pth$", top):
            tops.add(top)
    entries = tuple(base / top for top in sorted(tops) if (base / top).exists())
    return ProvidedDistribution(
        name=distribution.metadata["Name"], version=distribution.version, entries=entries
    )


def _assemble(folder: Path, label: str, provided: list[ProvidedDistribution]) -> Path:
    digest = hashlib.sha256()
    for distribution in provided:
        for entry in distribution.entries:
            digest.update(f"{distribution.name}={distribution.version} {entry}\n".encode())
    target = folder / f"{label}-{digest.hexdigest()[:12]}"
    if target.is_dir():
        return target
    folder.mkdir(parents=True, exist_ok=True)
    partial = Path(mkdtemp(prefix="assemble-", dir=folder))
    for distribution in provided:
        for entry in distribution.entries:
            _place(entry, partial / entry.name)
    try:
        partial.rename(target)
    except OSError:
        # Another server process was first; the content is the same.
        shutil.rmtree(partial, ignore_errors=True)
        if not target.is_dir():
            raise
    return target


def _place(source: Path, target: Path) -> None:
    if os.name == "posix":
        target.symlink_to(source, target_is_directory=source.is_dir())
    elif source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        shutil.copy2(source, target)
