"""Environments with exactly these distributions installed, made of real wheels, and the commands in them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest
import uv

ROOT = Path(__file__).parents[2]
SCRIPTS = "Scripts" if os.name == "nt" else "bin"
# Asked once: two threads that ask at the same time may find sysconfig half filled.
UV = uv.find_uv_bin()
OLDEST_MINOR, NEWEST_MINOR = 10, 14


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a command left behind."""

    status: int
    stdout: str
    stderr: str

    @property
    def all(self) -> str:
        """Both streams."""
        return self.stdout + self.stderr


def clean_environment(**more: str) -> dict[str, str]:
    """Return the environment without what could decide how a test ends."""
    scrubbed = (
        "AWS_",
        "CHALICE_",
        "VIRTUAL_ENV",
        "PYTHONPATH",
        "PYTHONHOME",
        "PYTEST_",
        "NO_COLOR",
        "FORCE_COLOR",
    )
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(scrubbed) or name == "AWS_CA_BUNDLE"
    }
    return {
        **kept,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        **more,
    }


@dataclass(frozen=True, slots=True)
class Environment:
    """A virtual environment."""

    folder: Path

    @property
    def scripts(self) -> Path:
        """Where its commands are."""
        return self.folder / SCRIPTS

    @property
    def python(self) -> Path:
        """Its interpreter."""
        return self.scripts / ("python.exe" if os.name == "nt" else "python")

    def run(
        self, *command: str, cwd: Path, given: str = "", variables: Mapping[str, str] | None = None
    ) -> Outcome:
        """Run a command of this environment."""
        program = shutil.which(command[0], path=str(self.scripts))
        assert program is not None, f"{command[0]} is not in {self.scripts}"
        ended = subprocess.run(
            [program, *command[1:]],
            cwd=cwd,
            env=clean_environment(**(variables or {})),
            input=given,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=180,
        )
        return Outcome(status=ended.returncode, stdout=ended.stdout, stderr=ended.stderr)

    def chalice(
        self, *arguments: str, cwd: Path, given: str = "", variables: Mapping[str, str] | None = None
    ) -> Outcome:
        """Run `chalice` of this environment."""
        return self.run("chalice", *arguments, cwd=cwd, given=given, variables=variables)


def run_uv(*arguments: str) -> None:
    ended = subprocess.run(
        [UV, *arguments],
        env=clean_environment(),
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert ended.returncode == 0, f"uv {' '.join(arguments)}\n{ended.stdout}{ended.stderr}"


@pytest.fixture(scope="session")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    """A wheel of each distribution, by its name."""
    out = tmp_path_factory.mktemp("wheels")
    folders = sorted(file.parent for file in (ROOT / "packages").glob("**/pyproject.toml"))

    def build(folder: Path) -> None:
        run_uv("build", "--quiet", "--wheel", "--out-dir", str(out), str(folder))

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(build, folders))
    found = {file.name.split("-")[0].replace("_", "-"): file for file in out.glob("*.whl")}
    assert sorted(found) == sorted(folder.name for folder in folders)
    return found


@pytest.fixture(scope="session")
def build_wheel() -> Callable[[Path, Path], Path]:
    """Build the wheel of a project into a folder."""

    def build(project: Path, out: Path) -> Path:
        run_uv("build", "--quiet", "--wheel", "--out-dir", str(out), str(project))
        (wheel,) = out.glob("*.whl")
        return wheel

    return build


MakeEnvironment = Callable[..., Environment]


@pytest.fixture(scope="session")
def make_environment(tmp_path_factory: pytest.TempPathFactory, wheels: Mapping[str, Path]) -> MakeEnvironment:
    """Make virtual environments: with all of our distributions, with some, without some."""

    def make(
        *,
        only: Sequence[str] | None = None,
        without: Sequence[str] = (),
        more: Sequence[Path] = (),
        python: str = sys.executable,
        folder: Path | None = None,
    ) -> Environment:
        folder = folder or tmp_path_factory.mktemp("environment")
        environment = Environment(folder)
        run_uv("venv", "--quiet", "--allow-existing", "--python", python, str(folder))
        wanted = [wheels[name] for name in (sorted(wheels) if only is None else only)]
        install = ["pip", "install", "--quiet", "--python", str(environment.python)]
        run_uv(*install, *map(str, (*wanted, *more)))
        if without:
            # A distribution that depends on these is left without them, which no installer would do.
            run_uv("pip", "uninstall", "--quiet", "--python", str(environment.python), *without)
        return environment

    return make


@pytest.fixture(scope="session")
def tools(make_environment: MakeEnvironment) -> Environment:
    """An environment with everything."""
    return make_environment()


@pytest.fixture(scope="session")
def other_python() -> str:
    """An interpreter of another minor version than the one that runs the tests."""
    for candidate in _interpreters():
        return candidate
    pytest.skip("no working Python of another minor version (3.10 to 3.14) is on PATH")


def _interpreters() -> Iterator[str]:
    probe = "import sys; print(sys.executable)"
    for minor in range(NEWEST_MINOR, OLDEST_MINOR - 1, -1):
        if minor == sys.version_info.minor:
            continue
        command = shutil.which(f"python3.{minor}")
        if command is None:
            continue
        for variables in ({}, _pyenv_version(minor)):
            # Being on PATH is not enough: a version manager's stand-in may have nothing behind it.
            ended = subprocess.run(
                [command, "-c", probe], env={**os.environ, **variables}, capture_output=True, text=True
            )
            if ended.returncode == 0:
                yield ended.stdout.strip()
                break


def _pyenv_version(minor: int) -> dict[str, str]:
    """Return what makes pyenv show the newest Python of a minor version that it has."""
    pyenv = shutil.which("pyenv")
    if pyenv is None:
        return {}
    listed = subprocess.run([pyenv, "versions", "--bare"], capture_output=True, text=True).stdout.split()
    found = [version for version in listed if version.startswith(f"3.{minor}.")]
    return {"PYENV_VERSION": found[-1]} if found else {}


@pytest.fixture
def project(tools: Environment, tmp_path: Path) -> Iterator[Path]:
    """A new project; the AWS on this machine that may have been started for it is stopped in the end."""
    assert tools.chalice("new-project", "hello", cwd=tmp_path).status == 0
    folder = tmp_path / "hello"
    yield folder
    if (folder / ".chalice" / "local").is_dir():
        tools.chalice("localaws", "stop", cwd=folder)
