"""Tools and application live in environments of their own."""

from __future__ import annotations

import shutil
import subprocess
import sys
import venv
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import pytest

from chalice_core.artifact import BuildRequest, Built
from chalice_core.hookspecs import hookimpl
from chalice_core.kinds import DEPLOYMENT
from chalice_core.manifest import PythonInfo
from chalice_core.plugins import Plugins, load_plugins
from chalice_packager.errors import IncompleteResolutionError, NoResolverError, UnsupportedPythonError
from chalice_packager.pip import find_pip

pytestmark = pytest.mark.slow


def python_in(folder: Path) -> str:
    return str(folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python"))


def test_the_entry_point_gives_a_working_builder(project: Any) -> None:
    plugins = load_plugins(only={"packager"})

    built = plugins.hook.chalice_build_artifacts(request=project.request)

    assert built.artifacts[DEPLOYMENT].path.is_file()
    assert [info.name for info in plugins.installed if info.state == "loaded"] == ["packager"]


def test_what_a_person_installed_builds_instead() -> None:
    class Images:
        @hookimpl
        def chalice_build_artifacts(self) -> Built:
            return Built(artifacts={}, notices=("an image",))

    plugins = load_plugins(only={"packager"})
    plugins.register(Images(), "images")

    assert plugins.hook.chalice_build_artifacts(request=None).notices == ("an image",)


def test_each_set_of_plugins_has_a_builder_of_its_own(project: Any) -> None:
    with_resolver, without = load_plugins(only={"packager"}), load_plugins(only={"packager"})

    class Stamp:
        @hookimpl
        def chalice_package_files(self) -> list[Any]:
            from chalice_core.artifact import PackageFile

            return [PackageFile(archive="stamp", content=b"")]

    with_resolver.register(Stamp(), "stamp")
    one = with_resolver.hook.chalice_build_artifacts(request=project.request)
    two = without.hook.chalice_build_artifacts(request=project.request)

    assert one.artifacts[DEPLOYMENT].sha256 != two.artifacts[DEPLOYMENT].sha256


def test_requirements_that_nobody_resolves_are_an_error(project: Any) -> None:
    from chalice_packager.build import build_package

    project.require("alpha")

    with pytest.raises(NoResolverError, match="alpha"):
        build_package(project.request, Plugins())


def test_another_resolver_may_claim(project: Any, index: Any) -> None:
    wheel = index.wheel("alpha")

    class Copies:
        asked: list[Any]

        @hookimpl
        def chalice_resolve_dependencies(
            self, requirements: list[str], request: BuildRequest, destination: Path
        ) -> list[str]:
            self.asked = [list(requirements), request.config.stage]
            shutil.copy(wheel, destination)
            return ["beta (it was not there)"]

    copies = Copies()
    project.plugins.register(copies, "copies")
    project.require("alpha # one", "chalice", "beta")

    package = project.build()

    assert copies.asked == [["alpha", "beta"], "dev"]
    assert "alpha.py" in package.names
    assert "beta (it was not there)" in package.notices
    assert project.processes.pips == []


def test_a_resolver_that_forgets_something_is_told(project: Any) -> None:
    class Forgets:
        @hookimpl
        def chalice_resolve_dependencies(self) -> list[str]:
            return []

    project.plugins.register(Forgets(), "forgets")
    project.require("Alpha_Thing>=1")

    with pytest.raises(IncompleteResolutionError, match="alpha-thing"):
        project.build()


def test_a_cache_may_be_named_relative_to_the_working_folder(
    project: Any, index: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    index.wheel("alpha")
    project.require("alpha")
    monkeypatch.chdir(tmp_path)
    project.cache = Path("a-cache")

    package = project.build()

    assert "alpha.py" in package.names
    assert package.path.is_absolute()


def test_an_environment_without_pip_gets_the_tools_one(project: Any, index: Any, tmp_path: Path) -> None:
    venv.create(tmp_path / "bare", with_pip=False, symlinks=sys.platform != "win32")
    python = python_in(tmp_path / "bare")
    index.wheel("alpha")
    index.tree(project.folder / "lib", "lib")
    project.require("alpha", "./lib")
    project.python = PythonInfo(
        version=project.python.version,
        implementation="cpython",
        executable=python,
        cache_tag=project.python.cache_tag,
    )

    package = project.build()

    assert {"alpha.py", "lib.py"} <= set(package.names)
    assert all(command[0] == sys.executable and python in command for command in project.processes.pips)


def test_a_project_with_modules_named_like_the_standard_ones_is_no_trap(project: Any, index: Any) -> None:
    index.wheel("alpha")
    trap = "raise SystemExit('the project was imported')\n"
    for name in ("logging.py", "pip.py", "runpy.py", "json.py", "struct.py", "marshal.py", "importlib.py"):
        project.write_all({name: trap})
    project.require("alpha")

    assert "alpha.py" in project.build().names


@pytest.mark.parametrize("version", ["3.10", "3.12"])
def test_an_application_on_another_python_gets_its_own_wheels(project: Any, index: Any, version: str) -> None:
    executable = shutil.which(f"python{version}")
    # A version manager's stand-in on PATH is asked for the interpreter behind it.
    probe = (
        "import sys; print('%d.%d.%d' % sys.version_info[:3], sys.implementation.cache_tag, sys.executable)"
    )
    result = executable and subprocess.run(
        [executable, "-c", probe], capture_output=True, text=True, check=False
    )
    if not executable or not result or result.returncode:
        pytest.skip(f"Python {version} is not on PATH")
    full, tag, executable = result.stdout.strip().split(maxsplit=2)
    number = version.replace(".", "")
    for minor in ("310", "311", "312", "313"):
        index.wheel("native", tag=f"cp{minor}-cp{minor}-manylinux2014_x86_64", files={"native.so": minor})
    index.wheel("only-there")
    index.wheel("alpha", requires=[f"only-there; python_version == '{version}'"])
    project.require("native", "alpha")
    project.python = PythonInfo(version=full, implementation="cpython", executable=executable, cache_tag=tag)

    package = project.build()

    assert package.read("native.so").decode() == number
    assert "only_there.py" in package.names


@pytest.mark.parametrize(("implementation", "version"), [("pypy", "3.11.1"), ("cpython", "3.9.18")])
def test_what_lambda_does_not_run_is_refused(project: Any, implementation: str, version: str) -> None:
    project.python = PythonInfo(
        version=version, implementation=implementation, executable=sys.executable, cache_tag="x"
    )

    with pytest.raises(UnsupportedPythonError, match=implementation):
        project.build()


def test_a_small_package_from_the_real_index(project: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The one test that needs an index; without one it says so."""
    pip = find_pip(sys.executable, project.folder)
    found = pip("download", "--no-deps", "--dest", str(project.folder.parent / "probe"), "iniconfig==2.0.0")
    if found is not None:
        pytest.skip("no package index can be reached from here")
    project.require("iniconfig==2.0.0")

    package = project.build()

    assert {"iniconfig/__init__.py", "iniconfig-2.0.0.dist-info/METADATA"} <= set(package.names)


def test_the_lists_of_our_own_distributions_are_complete() -> None:
    from chalice_packager.framework import FRAMEWORK

    rooms = Path(__file__).resolve().parents[2]
    if not (rooms / "chalice-runtime" / "pyproject.toml").is_file():
        pytest.skip("the other distributions are not beside this one")
    names = {
        path.parent.name
        for path in rooms.glob("**/pyproject.toml")
        if path.parent.name.startswith("chalice-")
    }

    assert names <= FRAMEWORK
    assert distribution("chalice-packager").name in FRAMEWORK
