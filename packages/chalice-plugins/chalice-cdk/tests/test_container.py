"""Packaging in a container, by a `docker` that records what it is asked for and does the work here."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

from chalice_cdk.container import default_image
from chalice_cdk.errors import ChaliceError
from chalice_cdk.output import output_folder, package
from chalice_cdk.package_config import PackageConfig
from chalice_cdk.packaging import PackageRequest

pytestmark = pytest.mark.skipif(
    os.name == "nt", reason="the docker of these tests is a script with a first line"
)

# Runs the last command of the script that the container would run, with its mounts' sources for its paths.
DOCKER = """#!{python}
import json, os, subprocess, sys
from pathlib import Path

here = Path(__file__).parent
arguments = sys.argv[1:]
mounts = [dict(part.partition("=")[::2] for part in argument.partition("=")[2].split(","))
          for argument in arguments if argument.startswith("--mount=")]
script = arguments[-1]
request = next(Path(m["source"], "request.json") for m in mounts if m["target"] == "/chalice.out")
question = json.loads(request.read_text())
(here / "asked.json").write_text(json.dumps({{
    "arguments": arguments, "script": script, "question": question,
    "variables": {{name: os.environ.get(name) for name in ("SECRET", "AWS_DEFAULT_REGION", "PATH")}},
}}))
if (here / "fails").exists():
    print("Unable to find image locally")
    sys.exit(int((here / "fails").read_text()))
for mount in mounts:
    script = script.replace(mount["target"], mount["source"])
    if question["source_dir"] == mount["target"]:
        question["source_dir"] = mount["source"]
question["cache_dir"] = str(here / "cache")
request.write_text(json.dumps(question))
command = script.strip().splitlines()[-1].split()
assert command[:2] == ["exec", "python"], command
sys.exit(subprocess.run([{python!r}, *command[2:]]).returncode)
"""


class Docker:
    """The recording one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def asked(self) -> Any:
        return json.loads((self.folder / "asked.json").read_text())

    def fail(self, status: int) -> None:
        (self.folder / "fails").write_text(str(status))


@pytest.fixture
def docker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Docker:
    folder = tmp_path / "bin"
    folder.mkdir()
    script = folder / "docker"
    script.write_text(DOCKER.format(python=sys.executable))
    script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    return Docker(folder)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return output_folder("web-api/WebApi")


def test_the_container_writes_the_template(
    docker: Docker, folder: Path, request_of: Callable[..., PackageRequest]
) -> None:
    pytest.importorskip("chalice_packager", reason="chalice-packager is not installed")
    request = request_of(stage_config={"lambda_timeout": 9}, env={"SECRET": "hunter2"})

    template = package(request, folder, PackageConfig(use_container=True))

    assert template["Resources"]["APIHandler"]["Properties"]["Timeout"] == 9
    assert sorted(path.name for path in folder.iterdir()) == ["deployment.zip", "sam.json"]
    arguments = docker.asked["arguments"]
    assert arguments[:2] == ["run", "--rm"]
    assert f"--mount=type=bind,source={request.source_dir},target=/app,readonly" in arguments
    assert f"--mount=type=bind,source={folder},target=/chalice.out" in arguments
    assert default_image() in arguments


def test_variables_are_handed_over_by_name(
    docker: Docker, folder: Path, request_of: Callable[..., PackageRequest]
) -> None:
    docker.fail(1)
    config = PackageConfig(use_container=True, env={"SECRET": "hunter2"})

    with pytest.raises(ChaliceError):
        package(request_of(env=config.env), folder, config)

    assert "--env=SECRET" in docker.asked["arguments"]
    assert "--env=AWS_DEFAULT_REGION" in docker.asked["arguments"]
    assert "hunter2" not in " ".join(docker.asked["arguments"])
    assert docker.asked["variables"]["SECRET"] == "hunter2"
    assert docker.asked["variables"]["PATH"]


def test_it_installs_the_requirements_and_these_very_tools(
    docker: Docker, folder: Path, request_of: Callable[..., PackageRequest]
) -> None:
    docker.fail(1)
    request = request_of()

    with pytest.raises(ChaliceError):
        package(request, folder, PackageConfig(use_container=True, image="mine"))
    assert "-r requirements.txt " in docker.asked["script"]
    assert f"'chalice-cdk=={version('chalice-cdk')}'" in docker.asked["script"]
    assert "mine" in docker.asked["arguments"]

    (request.source_dir / "requirements.txt").unlink()
    with pytest.raises(ChaliceError):
        package(request, folder, PackageConfig(use_container=True))
    assert "requirements.txt" not in docker.asked["script"]


def test_an_image_that_is_not_there_is_named_with_advice(
    docker: Docker, folder: Path, request_of: Callable[..., PackageRequest]
) -> None:
    docker.fail(125)

    with pytest.raises(ChaliceError) as caught:
        package(request_of(), folder, PackageConfig(use_container=True, image="nobody/has:this"))

    assert "'nobody/has:this' cannot be started" in str(caught.value)
    assert "Unable to find image locally" in str(caught.value)
    assert "docker pull nobody/has:this" in str(caught.value)


def test_what_goes_wrong_inside_is_told(
    docker: Docker, folder: Path, request_of: Callable[..., PackageRequest]
) -> None:
    pytest.importorskip("chalice_packager", reason="chalice-packager is not installed")

    with pytest.raises(ChaliceError, match="ZeroDivisionError"):
        package(request_of("x = 1 / 0"), folder, PackageConfig(use_container=True))

    assert not (folder / "request.json").exists()


def test_without_docker_the_error_says_so(
    folder: Path, request_of: Callable[..., PackageRequest], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(folder))

    with pytest.raises(ChaliceError, match="no `docker` on PATH"):
        package(request_of(), folder, PackageConfig(use_container=True))


def test_the_folder_is_the_same_each_time_and_only_what_was_written_before_goes(folder: Path) -> None:
    for name in ("sam.json", "sam_with_assets.json", "deployment.zip", "layer-deployment.zip", "notes.txt"):
        (folder / name).write_text("old")

    assert output_folder("web-api/WebApi") == folder
    assert folder.parts[-2:] == ("chalice.out", "web-apiWebApi")
    assert [path.name for path in folder.iterdir()] == ["notes.txt"]


def test_a_request_tells_all_that_packaging_needs(
    docker: Docker, folder: Path, request_of: Callable[..., PackageRequest]
) -> None:
    docker.fail(1)
    request = replace(request_of(), stage="prod", stand_ins={"${Token[T.1]}": "cdktoken01234567x"})

    with pytest.raises(ChaliceError):
        package(request, folder, PackageConfig(use_container=True))

    question = docker.asked["question"]
    assert question["source_dir"] == "/app"
    assert (question["scope"], question["stage"]) == ("web-api", "prod")
    assert question["stand_ins"] == {"${Token[T.1]}": "cdktoken01234567x"}
