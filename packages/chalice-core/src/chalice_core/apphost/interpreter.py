"""Which Python runs the application."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

from chalice_core.apphost.errors import InterpreterError

# Where `venv` puts the interpreter of an environment.
_IN_ENVIRONMENT = Path("Scripts", "python.exe") if os.name == "nt" else Path("bin", "python")


def choose_interpreter(
    project_dir: Path,
    option: str | Path | None = None,
    configured: str | None = None,
    *,
    environment: Mapping[str, str] | None = None,
) -> Path:
    """Return the interpreter that runs the application.

    The first of these that is there: ``option``, ``configured``, the project's
    ``.venv`` or ``venv``, the activated environment (``VIRTUAL_ENV``), the
    interpreter of the tools.

    Args:
        project_dir: the project.
        option: the value of ``--python``: a path, relative to the working directory, or a
            command to look up on PATH.
        configured: ``python`` of the configuration: the same, but relative to the project.
        environment: the environment variables; None takes the process's own.

    Returns:
        An absolute path.  Symbolic links are kept: the interpreter of a virtual environment is
        one, and what it points at is not in the environment.

    Raises:
        InterpreterError: what was chosen is not there.
    """
    variables = os.environ if environment is None else environment
    if option is not None:
        return _named(str(option), Path.cwd(), "--python")
    if configured is not None:
        return _named(configured, project_dir, '"python" in .chalice/config.json')
    for name in (".venv", "venv"):
        folder = project_dir / name
        # PEP 405: this file is what makes a folder a virtual environment.
        if (folder / "pyvenv.cfg").is_file():
            return _of_environment(folder, f"the project's virtual environment {name}")
    active = variables.get("VIRTUAL_ENV")
    if active:
        return _of_environment(Path(active), "the environment variable VIRTUAL_ENV")
    return Path(sys.executable)


def _named(name: str, folder: Path, origin: str) -> Path:
    if os.path.dirname(name) == "":  # noqa: PTH120 - pathlib cannot tell `python` from `./python`
        found = shutil.which(name)
        if found is not None:
            return Path(found).absolute()
    path = (folder / Path(name).expanduser()).absolute()
    if path.is_dir():
        return _of_environment(path, origin)
    if not path.exists():
        problem = f"There is no file {path}"
        if path.name == name:
            problem += f", and no command {name} on PATH"
        raise InterpreterError(interpreter=name, origin=origin, problem=problem)
    if not os.access(path, os.X_OK):
        raise InterpreterError(interpreter=name, origin=origin, problem=f"{path} is not executable")
    return path


def _of_environment(folder: Path, origin: str) -> Path:
    path = (folder / _IN_ENVIRONMENT).absolute()
    if not path.exists():
        problem = f"There is no file {path}, or it points at a Python that has been removed"
        raise InterpreterError(interpreter=str(folder), origin=origin, problem=problem)
    return path
