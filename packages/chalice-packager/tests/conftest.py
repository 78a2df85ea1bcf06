"""Projects, wheels and sdists made on the spot, and a count of the processes that a build starts."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from chalice_core.artifact import BuildRequest, Built
from chalice_core.config import StageConfig
from chalice_core.hookspecs import hookimpl
from chalice_core.kinds import DEPLOYMENT
from chalice_core.manifest import App, Extensions, Manifest, PythonInfo, RuntimeFile
from chalice_core.plugins import Plugins
from chalice_packager.build import build_package
from chalice_packager.resolution import resolve
from chalice_packager.target import target_of

VERSION = "{}.{}.{}".format(*sys.version_info[:3])


@dataclass
class Processes:
    """Starts processes and remembers them."""

    commands: list[list[str]] = field(default_factory=list)

    def __call__(self, command: Sequence[str], **arguments: Any) -> subprocess.CompletedProcess[Any]:
        self.commands.append(list(command))
        return subprocess.run(list(command), **arguments)

    @property
    def pips(self) -> list[list[str]]:
        return [command for command in self.commands if "--disable-pip-version-check" in command]

    @property
    def compilers(self) -> list[list[str]]:
        return [command for command in self.commands if Path(command[-1]).name == "script.py"]


@dataclass
class Project:
    """A project on disk, and how to build it."""

    folder: Path
    cache: Path
    runtime: Path
    extensions: Extensions = field(default_factory=Extensions)
    architecture: str = "x86_64"
    automatic_layer: bool = False
    shelf: Path | None = None
    plugins: Plugins = field(default_factory=Plugins)
    processes: Processes = field(default_factory=Processes)
    python: PythonInfo = field(
        default_factory=lambda: PythonInfo(
            version=VERSION,
            implementation="cpython",
            executable=sys.executable,
            cache_tag=str(sys.implementation.cache_tag),
        )
    )

    def write(self, **files: str | bytes) -> None:
        self.write_all(files)

    def write_all(self, files: Mapping[str, str | bytes]) -> None:
        for name, content in files.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())

    def require(self, *lines: str) -> None:
        self.write_all({"requirements.txt": "".join(f"{line}\n" for line in lines)})

    @property
    def request(self) -> BuildRequest:
        runtime_files = tuple(
            RuntimeFile(
                archive=path.relative_to(self.runtime).as_posix(),
                path=str(path),
                distribution="chalice-runtime",
            )
            for path in sorted(self.runtime.rglob("*.py"))
        )
        return BuildRequest(
            manifest=Manifest(
                version=1,
                runtime_version="0.1.0",
                python=self.python,
                app=App(name="hello"),
                runtime_files=runtime_files,
                extensions=self.extensions,
            ),
            config=StageConfig(
                project_dir=self.folder,
                app_name="hello",
                stage="dev",
                lambda_architecture=self.architecture,  # type: ignore[arg-type]
                automatic_layer=self.automatic_layer,
            ),
            cache_dir=self.cache,
        )

    def build(self) -> Package:
        if not any(info.name == "resolver" for info in self.plugins.installed):
            resolver = CountedPip(self.processes) if self.shelf is None else Shelf(self.shelf)
            self.plugins.register(resolver, "resolver")
        return Package(build_package(self.request, self.plugins, self.processes))


class CountedPip:
    """The built-in resolution, its processes counted."""

    def __init__(self, processes: Processes) -> None:
        self.processes = processes

    @hookimpl(trylast=True)
    def chalice_resolve_dependencies(
        self, requirements: Sequence[str], request: BuildRequest, destination: Path
    ) -> Sequence[str]:
        return resolve(
            requirements,
            target_of(request),
            destination,
            interpreter=request.manifest.python.executable,
            project_dir=request.config.project_dir,
            run=self.processes,
        )


class Shelf:
    """A resolution without pip, for tests of what happens after it: all wheels of a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @hookimpl(trylast=True)
    def chalice_resolve_dependencies(self, requirements: Sequence[str], destination: Path) -> Sequence[str]:
        for wheel in self.folder.glob("*.whl"):
            shutil.copy(wheel, destination)
        return ()


@dataclass
class Package:
    """What was built, opened."""

    built: Built

    @property
    def path(self) -> Path:
        return self.built.artifacts[DEPLOYMENT].path

    @property
    def notices(self) -> str:
        return "\n".join(self.built.notices)

    @property
    def content(self) -> bytes:
        return self.path.read_bytes()

    @property
    def names(self) -> list[str]:
        with zipfile.ZipFile(self.path) as archive:
            assert archive.testzip() is None
            return archive.namelist()

    @property
    def sources(self) -> list[str]:
        return [name for name in self.names if "__pycache__" not in name]

    def read(self, name: str) -> bytes:
        with zipfile.ZipFile(self.path) as archive:
            return archive.read(name)


class Index:
    """A folder of distributions that pip finds by PIP_FIND_LINKS."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def wheel(
        self,
        name: str,
        version: str = "1.0",
        *,
        files: Mapping[str, str | bytes] | None = None,
        requires: Sequence[str] = (),
        tag: str = "py3-none-any",
        extras: Sequence[str] = (),
        mode: int = 0o644,
    ) -> Path:
        module = name.replace("-", "_")
        path = self.folder / f"{module}-{version}-{tag}.whl"
        info = f"{module}-{version}.dist-info"
        metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
        metadata += "".join(f"Provides-Extra: {extra}\n" for extra in extras)
        metadata += "".join(f"Requires-Dist: {line}\n" for line in requires)
        tags = "".join(f"Tag: {python}-{tag.split('-', 1)[1]}\n" for python in tag.split("-")[0].split("."))
        contents: dict[str, str | bytes] = dict(
            files if files is not None else {f"{module}.py": "VALUE = 1\n"}
        )
        contents[f"{info}/METADATA"] = metadata
        contents[f"{info}/WHEEL"] = f"Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\n{tags}"
        record = "".join(f"{entry},,\n" for entry in (*contents, f"{info}/RECORD"))
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for entry, content in {**contents, f"{info}/RECORD": record}.items():
                member = zipfile.ZipInfo(entry, (2020, 1, 1, 0, 0, 0))
                member.external_attr = (0o100000 | mode) << 16
                member.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(member, content)
        return path

    def sdist(self, name: str, version: str = "1.0", *, setup: str = "", body: str = "VALUE = 1\n") -> Path:
        """Write an sdist whose build backend is in its own tree, so that building needs no index."""
        path = self.folder / f"{name}-{version}.tar.gz"
        files = {
            "pyproject.toml": BACKEND_TABLE,
            "backend.py": backend(name, version, setup),
            f"{name}.py": body,
        }
        files["PKG-INFO"] = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
        with tarfile.open(path, "w:gz") as archive:
            for entry, content in files.items():
                member = tarfile.TarInfo(f"{name}-{version}/{entry}")
                member.size = len(content.encode())
                archive.addfile(member, io.BytesIO(content.encode()))
        return path

    def tree(self, folder: Path, name: str, version: str = "1.0", *, requires: Sequence[str] = ()) -> Path:
        """Write a source tree that builds without an index."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "pyproject.toml").write_text(BACKEND_TABLE)
        (folder / "backend.py").write_text(backend(name, version, requires=requires))
        (folder / f"{name}.py").write_text("VALUE = 1\n")
        return folder


BACKEND_TABLE = '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'


def backend(name: str, version: str, setup: str = "", requires: Sequence[str] = ()) -> str:
    """Return a build backend (PEP 517) that packs one module; `setup` may set `tag`, or fail."""
    lines = "".join(f"Requires-Dist: {line}\\n" for line in requires)
    return f'''
import os, pathlib, zipfile

INFO = "{name}-{version}.dist-info"
METADATA = "Metadata-Version: 2.1\\nName: {name}\\nVersion: {version}\\n{lines}"
tag = "py3-none-any"
{setup}

def prepare_metadata_for_build_wheel(folder, config_settings=None):
    place = pathlib.Path(folder, INFO)
    place.mkdir()
    (place / "METADATA").write_text(METADATA)
    return INFO

def build_wheel(folder, config_settings=None, metadata_directory=None):
    file = "{name}-{version}-" + tag + ".whl"
    with zipfile.ZipFile(pathlib.Path(folder, file), "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("{name}.py", pathlib.Path("{name}.py").read_bytes())
        archive.writestr(INFO + "/METADATA", METADATA)
        archive.writestr(INFO + "/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: " + tag + "\\n")
        archive.writestr(INFO + "/RECORD", "")
    return file

build_editable = build_wheel
prepare_metadata_for_build_editable = prepare_metadata_for_build_wheel
'''


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Index:
    """An index that is a folder; pip knows no other."""
    folder = tmp_path / "index"
    folder.mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    monkeypatch.setenv("PIP_NO_CACHE_DIR", "1")
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    return Index(folder)


@pytest.fixture
def shelf(tmp_path: Path, project: Project) -> Index:
    """Wheels that the project gets without pip."""
    project.shelf = tmp_path / "shelf"
    project.shelf.mkdir()
    return Index(project.shelf)


@pytest.fixture
def make_project(tmp_path: Path) -> Callable[[str], Project]:
    """Make projects with a small runtime and an empty application, in folders of their own."""

    def make(name: str = "project") -> Project:
        runtime = tmp_path / name / "environment"
        (runtime / "chalice").mkdir(parents=True)
        (runtime / "chalice" / "__init__.py").write_text("from chalice.app import Chalice\n")
        (runtime / "chalice" / "app.py").write_text("class Chalice:\n    successor = True\n")
        project = Project(folder=tmp_path / name / "hello", cache=tmp_path / name / "cache", runtime=runtime)
        project.write_all({"app.py": "from chalice import Chalice\n\napp = Chalice()\n"})
        return project

    return make


@pytest.fixture
def project(make_project: Callable[[str], Project]) -> Project:
    """One project."""
    return make_project("project")
