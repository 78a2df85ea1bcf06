"""Files that are uploaded with an application, and what is needed to build them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from chalice_core.config import StageConfig
from chalice_core.kinds import ArtifactId
from chalice_core.manifest import Manifest


@dataclass(frozen=True, slots=True, kw_only=True)
class Artifact:
    """A file to upload, named by its content.

    Args:
        path: the file.
        sha256: of its bytes, 64 hexadecimal digits, lower case.
        size: bytes.
    """

    path: Path
    sha256: str
    size: int


Artifacts: TypeAlias = Mapping[ArtifactId, Artifact]


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildRequest:
    """What a packager needs to know.

    Args:
        manifest: of the application.
        config: of the stage.
        cache_dir: where finished artifacts and resolved dependencies are kept
            between runs; created when missing.
    """

    manifest: Manifest
    config: StageConfig
    cache_dir: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """What a packager answers.

    Args:
        artifacts: by id; `chalice_core.kinds.DEPLOYMENT` is always there.
        notices: sentences to tell the user, such as dependencies that could not be had.
    """

    artifacts: Artifacts
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageFile:
    """A file that a plugin adds to the deployment package.

    Args:
        archive: name in the archive, with forward slashes.
        content: its bytes.
    """

    archive: str
    content: bytes
