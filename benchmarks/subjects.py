"""Who is measured: folders as Lambda would find them, of this repository, the reference and peers."""

from __future__ import annotations

import compileall
import os
import py_compile
import shutil
import subprocess
import sys
import venv
import zipfile
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from measure import HERE, Program

from chalice_core.apphost import describe
from chalice_core.artifact import BuildRequest
from chalice_core.config import StageConfig
from chalice_core.kinds import DEPLOYMENT
from chalice_core.plugins import load_plugins

APPS = HERE / "apps"
OURS, REFERENCE, BARE = "ours", "chalice 1.34.0", "bare function"
# Name in the tables: folder of its applications, requirements.
PEERS = {
    "powertools": ("powertools", ("aws-lambda-powertools==3.37.0",)),
    "mangum + starlette": ("starlette", ("mangum==0.22.0", "starlette==1.10.0")),
    "mangum + fastapi": ("fastapi", ("mangum==0.22.0", "fastapi==0.163.2")),
}
CLIENT = ("awslambdaric==4.2.2",)
SUBJECTS = (OURS, REFERENCE, BARE, *PEERS)
# Who is measured by --quick: without those that need an environment of their own besides the reference.
QUICK = (OURS, REFERENCE, BARE)
# What an environment holds that is no part of a deployment package.
_INSTALLERS = ("pip", "setuptools", "wheel", "_distutils_hack", "pkg_resources", "distutils-precedence")


@dataclass(frozen=True, slots=True)
class Subject:
    """One framework, and its applications.

    Args:
        name: Its name in the tables.
        programs: Application, then variant, to what can be run.  The variants are ``py``, plain files;
            ``pyc``, with bytecode; and ``shipped``, the one of these that its own packager makes.
    """

    name: str
    programs: dict[str, dict[str, Program]]


def prepare(work: Path, names: Collection[str], apps: Collection[str]) -> dict[str, Subject]:
    """Build the folders of subjects.

    Args:
        work: A folder to work in; environments that an earlier run left there are used again.
        names: Of ``SUBJECTS``.
        apps: Which applications; a subject has those that it can express.
    """
    work.mkdir(parents=True, exist_ok=True)
    makers = {OURS: _ours, REFERENCE: _reference, BARE: _bare}
    return {name: makers[name](work, apps) if name in makers else _peer(work, name, apps) for name in names}


def runtime_client(work: Path) -> Path:
    """Install AWS's runtime interface client and return the folder to import it from, bytecode included."""
    packages = _site_packages(_environment(work / "client-venv", CLIENT))
    # Where it is installed Python has compiled it; the child only reads.
    compileall.compile_dir(packages, quiet=2)
    return packages


def _sources(kind: str, apps: Collection[str]) -> list[Path]:
    """Return the applications of a folder."""
    sources = [APPS / kind / f"{app}.py" for app in sorted(apps)]
    return [source for source in sources if source.is_file()]


def _ours(work: Path, apps: Collection[str]) -> Subject:
    """Let this repository's own packager make a deployment package of each application, and unpack it."""
    folder = _empty(work / "ours")
    # Nothing from the last run: the sources may have changed under an equal version.
    plugins = load_plugins(only={"packager"})
    programs = {}
    for source in _sources("chalice", apps):
        project = folder / source.stem / "project"
        project.mkdir(parents=True)
        shutil.copy(source, project / "app.py")
        built = plugins.hook.chalice_build_artifacts(
            request=BuildRequest(
                manifest=describe(project, Path(sys.executable)),
                config=StageConfig(project_dir=project, app_name=source.stem, stage="dev"),
                cache_dir=folder / "cache",
            )
        )
        shipped, plain = folder / source.stem / "shipped", folder / source.stem / "py"
        with zipfile.ZipFile(built.artifacts[DEPLOYMENT].path) as package:
            package.extractall(shipped)
        shutil.copytree(shipped, plain, ignore=shutil.ignore_patterns("__pycache__"))
        with_bytecode = Program(shipped, "app")
        programs[source.stem] = {
            "shipped": with_bytecode, "pyc": with_bytecode, "py": Program(plain, "app")
        }  # fmt: skip
    return Subject(OURS, programs)


def _reference(work: Path, apps: Collection[str]) -> Subject:
    """Let the reference's own packager make a deployment package, and put each application into it."""
    home = _environment(work / "reference-venv", ("chalice==1.34.0",))
    folder = _empty(work / "reference")
    project = folder / "project"
    (project / ".chalice").mkdir(parents=True)
    settings = '{"version": "2.0", "app_name": "hello", "stages": {"dev": {}}}'
    (project / ".chalice" / "config.json").write_text(settings, encoding="utf-8")
    (project / "requirements.txt").touch()
    shutil.copy(APPS / "chalice" / "hello.py", project / "app.py")
    script = home / ("Scripts/chalice.exe" if os.name == "nt" else "bin/chalice")
    variables = {**os.environ, "AWS_DEFAULT_REGION": "us-east-1", "PYTHONDONTWRITEBYTECODE": "1"}
    subprocess.run(
        [str(script), "package", "out"], cwd=project, env=variables, check=True, stdout=subprocess.DEVNULL
    )
    with zipfile.ZipFile(project / "out" / "deployment.zip") as package:
        package.extractall(folder / "package")
    programs = {}
    for source in _sources("chalice", apps):
        plain = folder / source.stem / "py"
        shutil.copytree(folder / "package", plain)
        shutil.copy(source, plain / "app.py")
        programs[source.stem] = _variants(plain, "app")
    return Subject(REFERENCE, programs)


def _bare(work: Path, apps: Collection[str]) -> Subject:
    folder = _empty(work / "bare")
    programs = {}
    for source in _sources("bare", apps):
        plain = folder / source.stem / "py"
        plain.mkdir(parents=True)
        shutil.copy(source, plain / "app.py")
        programs[source.stem] = _variants(plain, "app")
    return Subject(BARE, programs)


def _peer(work: Path, name: str, apps: Collection[str]) -> Subject:
    """Put all that an environment holds into one folder, and the applications beside it."""
    kind, requirements = PEERS[name]
    packages = _site_packages(_environment(work / f"{kind}-venv", requirements))
    plain = _empty(work / kind) / "py"
    left_out = shutil.ignore_patterns("__pycache__", "*.dist-info", "*.pth", *_INSTALLERS)
    shutil.copytree(packages, plain, ignore=left_out)
    sources = _sources(kind, apps)
    for source in sources:
        shutil.copy(source, plain)
    _variants(plain, "")
    return Subject(name, {source.stem: _programs(plain, source.stem) for source in sources})


def _variants(plain: Path, module: str) -> dict[str, Program]:
    """Make the variant with bytecode beside the plain one."""
    compiled = plain.parent / "pyc"
    shutil.copytree(plain, compiled)
    # Lambda throws timestamped ones away; those with a hash, as our packager makes them, stay valid.
    mode = py_compile.PycInvalidationMode.CHECKED_HASH
    compileall.compile_dir(compiled, quiet=2, invalidation_mode=mode)
    return _programs(plain, module)


def _programs(plain: Path, module: str) -> dict[str, Program]:
    # Their packagers, and SAM's, leave bytecode out.
    as_shipped = Program(plain, module)
    return {"shipped": as_shipped, "py": as_shipped, "pyc": Program(plain.parent / "pyc", module)}


def _empty(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def _environment(home: Path, requirements: tuple[str, ...]) -> Path:
    """Make an environment with ``requirements``, once."""
    complete = home / "complete"
    made_of = f"{sys.version} {requirements}"
    if not complete.is_file() or complete.read_text(encoding="utf-8") != made_of:
        shutil.rmtree(home, ignore_errors=True)
        venv.create(home, with_pip=True)
        interpreter = home / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
        command = [str(interpreter), "-m", "pip", "install", "--quiet", *requirements]
        subprocess.run(command, check=True)
        complete.write_text(made_of, encoding="utf-8")
    return home


def _site_packages(home: Path) -> Path:
    if os.name == "nt":
        return home / "Lib" / "site-packages"
    return home / "lib" / f"python{sys.version_info[0]}.{sys.version_info[1]}" / "site-packages"
