"""Why the app host gave no description of the application."""

from __future__ import annotations

import signal
from pathlib import Path

from chalice_core.errors import ToolError

OLDEST_PYTHON = (3, 10)


class InterpreterError(ToolError):
    """The chosen interpreter cannot be started.

    Args:
        interpreter: as it was given.
        origin: who chose it, ``--python``; None when that is not known here.
        problem: a sentence without its full stop.
    """

    code = "interpreter"

    def __init__(self, *, interpreter: str, problem: str, origin: str | None = None) -> None:
        super().__init__(
            what=f"The Python interpreter {interpreter} cannot be used.",
            why=f"{problem}." if origin is None else f"{problem}. It was chosen by {origin}.",
            fix="Name the interpreter that has the application's requirements with --python, or with "
            '"python" in .chalice/config.json.',
        )
        self.interpreter, self.origin = interpreter, origin


class PythonTooOldError(ToolError):
    """The chosen interpreter is older than any that Chalice runs on."""

    code = "python-too-old"

    def __init__(self, *, interpreter: Path, version: str) -> None:
        oldest = ".".join(str(part) for part in OLDEST_PYTHON)
        super().__init__(
            what=f"{interpreter} is Python {version}.",
            why=f"Applications need Python {oldest} or newer.",
            fix="Make the project's virtual environment with a newer Python, "
            "or choose another with --python.",
        )
        self.interpreter, self.version = interpreter, version


class RuntimeMissingError(ToolError):
    """The chosen interpreter has no chalice-runtime."""

    code = "runtime-missing"

    def __init__(self, *, interpreter: Path) -> None:
        super().__init__(
            what="The application's Python has no chalice-runtime.",
            why=f"{interpreter} runs the application and cannot import chalice.host.",
            fix=f"Install it there with `{interpreter} -m pip install chalice-runtime`, or choose another "
            "interpreter with --python.",
        )
        self.interpreter = interpreter


class PredecessorInstalledError(ToolError):
    """The chosen interpreter has the distribution ``chalice``, whose package ours replaces."""

    code = "predecessor-installed"

    def __init__(self, *, interpreter: Path, version: str) -> None:
        super().__init__(
            what=f"The application's Python has the distribution chalice {version}, which must be replaced.",
            why="It and chalice-runtime both provide the package `chalice`, so only one of them can be "
            "installed in an environment.",
            fix=f"Run `{interpreter} -m pip uninstall --yes chalice` and then "
            f"`{interpreter} -m pip install --force-reinstall chalice-runtime`.",
        )
        self.interpreter, self.version = interpreter, version


class AppTimeoutError(ToolError):
    """Importing the application took too long."""

    code = "app-timeout"

    def __init__(self, *, project_dir: Path, seconds: float, output: str) -> None:
        super().__init__(
            what=f"Importing {project_dir / 'app.py'} took more than {seconds:g} seconds and was stopped.",
            why=_printed(output),
            fix="Do nothing slow or endless while app.py is imported: no servers, no input(), no waiting for "
            "networks; Lambda imports it in each cold start.",
        )
        self.project_dir, self.seconds, self.output = project_dir, seconds, output


class AppHostFailedError(ToolError):
    """The app host ended without a description.

    Args:
        returncode: as `subprocess` has it; negative for a signal (POSIX).
        output: what it printed.
    """

    code = "app-host-failed"

    def __init__(self, *, project_dir: Path, interpreter: Path, returncode: int, output: str) -> None:
        super().__init__(
            what=f"Python ended while it imported {project_dir / 'app.py'}: {_ending(returncode)}.",
            why=_printed(output),
            fix=f"Try `{interpreter} -c 'import app'` in the project's folder. Something that app.py imports "
            "ends the process, such as os._exit() or an extension module that crashes.",
        )
        self.project_dir, self.interpreter = project_dir, interpreter
        self.returncode, self.output = returncode, output


def _printed(output: str) -> str:
    stripped = output.rstrip()
    return f"It printed:\n{stripped}" if stripped else "It printed nothing."


def _ending(returncode: int) -> str:
    if returncode >= 0:
        return f"exit status {returncode}"
    try:
        return f"signal {signal.Signals(-returncode).name}"
    except ValueError:
        return f"signal {-returncode}"
