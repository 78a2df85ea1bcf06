"""With ``automatic_layer`` the code of others is in a layer, and the function holds the application alone."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from chalice_core.kinds import DEPLOYMENT, LAYER
from chalice_packager.errors import PackageTooBigError

PREFIX = f"python/lib/python{sys.version_info[0]}.{sys.version_info[1]}/site-packages/"


@pytest.fixture
def layered(project: Any, index: Any) -> Any:
    """A project with a dependency, a vendored module and a module of its own."""
    project.automatic_layer = True
    index.wheel("parcel")
    project.shelf = index.folder
    project.require("parcel")
    project.write_all({"vendor/bought.py": "PRICE = 1\n", "chalicelib/own.py": "OWN = 1\n"})
    return project


def names(path: Path) -> set[str]:
    with zipfile.ZipFile(path) as archive:
        return {name for name in archive.namelist() if "__pycache__" not in name}


def test_dependencies_and_vendored_files_are_in_the_layer_and_nowhere_else(layered: Any) -> None:
    artifacts = layered.build().built.artifacts

    function, layer = names(artifacts[DEPLOYMENT].path), names(artifacts[LAYER].path)
    assert {"app.py", "chalicelib/own.py", "_chalice_extensions.py"} <= function
    assert not {name for name in function if "parcel" in name or "bought" in name}
    assert {f"{PREFIX}parcel.py", f"{PREFIX}bought.py"} <= layer
    assert all(name.startswith(PREFIX) for name in layer)


def test_the_layer_holds_bytecode_that_python_uses(layered: Any, tmp_path: Path) -> None:
    artifacts = layered.build().built.artifacts
    with zipfile.ZipFile(artifacts[LAYER].path) as archive:
        archive.extractall(tmp_path)

    printed = subprocess.run(
        [sys.executable, "-S", "-v", "-c", "import parcel; print(parcel.VALUE)"],
        env={"PYTHONPATH": str(tmp_path / PREFIX)},
        capture_output=True,
        text=True,
        check=True,
    )

    assert printed.stdout == "1\n"
    assert f"# code object from '{tmp_path / PREFIX / '__pycache__'}" in printed.stderr


def test_a_change_of_the_application_leaves_the_layers_bytes_alone(layered: Any) -> None:
    before = layered.build().built.artifacts
    layered.write_all({"app.py": "app = 'another'\n"})

    after = layered.build().built.artifacts

    assert after[LAYER].sha256 == before[LAYER].sha256
    assert after[DEPLOYMENT].sha256 != before[DEPLOYMENT].sha256


def test_an_unchanged_project_starts_no_process(layered: Any) -> None:
    layered.build()
    started = len(layered.processes.commands)

    layered.build()

    assert len(layered.processes.commands) == started


def test_without_dependencies_there_is_no_layer(project: Any) -> None:
    project.automatic_layer = True
    project.require("# nothing", "chalice")

    built = project.build().built

    assert set(built.artifacts) == {DEPLOYMENT}


def test_a_layer_that_nothing_comes_into_is_none(project: Any, index: Any) -> None:
    project.automatic_layer = True
    project.shelf = index.folder
    project.require("parcel; sys_platform == 'win32'")

    built = project.build().built

    assert set(built.artifacts) == {DEPLOYMENT}


def test_function_and_layer_share_one_limit(layered: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    layered.write_all({"vendor/data.bin": b"\0" * 3000, "chalicelib/data.bin": b"\0" * 3000})
    layered.build()
    monkeypatch.setattr("chalice_packager.size.check_sizes.__defaults__", (5000,))

    with pytest.raises(PackageTooBigError) as caught:
        layered.build()

    assert set(caught.value.sizes) == {DEPLOYMENT, LAYER}
