"""Packages an application in a container, by the ``docker`` command.

The sources are at ``/app``, read only, and the output at ``/chalice.out``.  The container installs the
application's requirements and the tools, so the image needs Python, pip and a shell, nothing of ours.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from importlib.metadata import version
from typing import TYPE_CHECKING

from chalice_cdk.errors import ChaliceError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from chalice_cdk.packaging import PackageRequest

SOURCES = "/app"
OUTPUT = "/chalice.out"
REQUEST = "request.json"
# Exit status of `docker run` when docker itself failed, and not what it ran: "docker run", Docker Docs.
_DOCKER_FAILED = 125

# `chalice` is the name of the framework's predecessor, which the requirements of many applications have.
# Both own the package `chalice`, so ours is put back when pip has brought the other.
_SCRIPT = """\
set -e
python -m pip install --quiet --root-user-action=ignore {requirements}'chalice-cli' 'chalice-cdk=={version}'
if python -m pip show --quiet chalice 2>/dev/null; then
    python -m pip uninstall --quiet --root-user-action=ignore --yes chalice
    python -m pip install --quiet --root-user-action=ignore --force-reinstall --no-deps chalice-runtime
fi
exec python -m chalice_cdk {output}/{request} {output}
"""


def default_image() -> str:
    """Return the build image of AWS SAM for this Python, from Amazon ECR Public."""
    return f"public.ecr.aws/sam/build-python{sys.version_info.major}.{sys.version_info.minor}"


def write_package_in_container(request: PackageRequest, folder: Path, image: str | None) -> None:
    """Do what `chalice_cdk.packaging.write_package` does, in a container.

    Args:
        request: what to package; its cache is not used.
        folder: is there; files of these names in it are replaced.
        image: of the container; None takes `default_image`.

    Raises:
        ChaliceError: there is no docker or no such image, or packaging fails.
    """
    docker = shutil.which("docker")
    image = image or default_image()
    if docker is None:
        raise ChaliceError(
            "The application cannot be packaged in a container.\n"
            "PackageConfig has use_container=True, and there is no `docker` on PATH.\n"
            "Install Docker, or leave use_container out to package without it."
        )
    question = folder / REQUEST
    question.write_text(json.dumps(_question(request)), encoding="utf-8")
    try:
        ended = subprocess.run(
            [docker, *_arguments(request, folder, image)],
            # Values are handed over by name, so that no list of processes shows them.
            env={**os.environ, **request.env},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
    except OSError as error:
        raise ChaliceError(
            f"{docker} cannot be started.\n{error}\nCheck the installation of Docker."
        ) from error
    finally:
        question.unlink()
    if ended.returncode:
        raise _failure(image, ended.returncode, ended.stdout.decode("utf-8", "replace").strip())


def _question(request: PackageRequest) -> Mapping[str, object]:
    return {
        "source_dir": SOURCES,
        "scope": request.scope,
        "stage": request.stage,
        "stage_config": request.stage_config,
        "stand_ins": request.stand_ins,
        # The sources cannot be written, and the container is gone afterwards.
        "cache_dir": "/tmp/chalice-cache",  # noqa: S108 - within the container
    }


def _arguments(request: PackageRequest, folder: Path, image: str) -> list[str]:
    requirements = "-r requirements.txt " if (request.source_dir / "requirements.txt").is_file() else ""
    script = _SCRIPT.format(
        requirements=requirements, version=version("chalice-cdk"), output=OUTPUT, request=REQUEST
    )
    mounts = {
        f"type=bind,source={request.source_dir},target={SOURCES},readonly",
        f"type=bind,source={folder},target={OUTPUT}",
    }
    return [
        "run",
        "--rm",
        *(f"--mount={mount}" for mount in sorted(mounts)),
        f"--workdir={SOURCES}",
        *(f"--env={name}" for name in sorted(request.env)),
        "--entrypoint=sh",
        image,
        "-c",
        script,
    ]


def _failure(image: str, status: int, output: str) -> ChaliceError:
    if status == _DOCKER_FAILED:
        return ChaliceError(
            f"The container of the image {image!r} cannot be started.\nDocker says: {output}\n"
            f"Check that Docker runs, that the image exists (`docker pull {image}`) and that you may have "
            "it, or name another with PackageConfig(image=…)."
        )
    return ChaliceError(
        f"The application could not be packaged in a container of the image {image!r}.\n{output}\n"
        f"The container ended with status {status}.  Correct what is said above; an image of your own has to "
        "have Python, pip and sh."
    )
