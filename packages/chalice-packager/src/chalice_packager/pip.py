"""pip, as a subprocess: which one, how it is started, and what its failures mean.

Nothing of pip is imported.  Its own configuration and environment variables
(indexes, certificates, proxies) apply as they would for the user.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from chalice_core.errors import ToolError
from chalice_packager.errors import PipError, PipMissingError, UnknownRequirementError

_UNKNOWN = re.compile(r"No matching distribution found for (?P<requirement>[^\n]+)")
# pip's stable names for failures of a package's own build.
_BUILD = ("metadata-generation-failed", "subprocess-exited-with-error", "failed-wheel-build-for-install")
_BUILD_TEXT = ("Failed to build", "Failed building wheel")
# Which requirements contradict one another: the one part of a failure that pip tells to standard output,
# and not at all when it is asked to be quiet.
_CONFLICT = re.compile(r"^The conflict is caused by:\n(?:[ \t]+\S.*\n)+", re.MULTILINE)
_OPTIONS = ("--disable-pip-version-check", "--no-input", "--progress-bar", "off")
_CREDENTIALS = re.compile(r"(?<=://)[^/@\s]+@")
_LINES_SHOWN = 20
_ASIDES = ("WARNING:", "DEPRECATION:", "[notice]")
# As ``-m pip``, but without the working folder on sys.path: a module of the project would take the place
# of one of the standard library.  (``-P`` does that from Python 3.11 on.)
_ELSEWHERE = "import sys; sys.path[:1] = sys.path[:1] if sys.path[0] else []; "
_START = f"{_ELSEWHERE}import runpy; runpy.run_module('pip', run_name='__main__', alter_sys=True)"

Run: TypeAlias = Callable[..., "subprocess.CompletedProcess[Any]"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """pip ended with an error.

    Args:
        status: exit status.
        output: what it wrote to standard error, and which requirements conflict.
    """

    status: int
    output: str

    @property
    def is_build(self) -> bool:
        """Whether it was the package's own build that failed, and not the search for it."""
        return any(f"error: {name}" in self.output for name in _BUILD) or any(
            text in self.output for text in _BUILD_TEXT
        )

    @property
    def unknown(self) -> str | None:
        """The requirement that nothing satisfies, when that was the reason."""
        match = _UNKNOWN.search(self.output)
        return match["requirement"].strip() if match else None

    @property
    def last_words(self) -> str:
        """The last line that a failed build wrote, which mostly says why; empty when it wrote none."""
        said, end, _ = self.output.partition("[end of output]")
        lines = [line.strip() for line in said.splitlines() if line.strip()]
        return without_credentials(lines[-1]) if end and lines else ""

    def error(self) -> ToolError:
        """Return the error to raise when nothing else can be tried."""
        lines = [line for line in self.output.splitlines() if line.strip() and not line.startswith(_ASIDES)]
        shown = without_credentials("\n".join(lines[-_LINES_SHOWN:]))
        if self.unknown is not None:
            return UnknownRequirementError(requirement=self.unknown, output=shown)
        return PipError(status=self.status, output=shown)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pip:
    """A pip that can be run.

    Args:
        command: what starts it, up to the subcommand.
        folder: its working folder; relative paths of requirements start there.
        run: starts a process; a test counts with it.
    """

    command: tuple[str, ...]
    folder: Path
    run: Run = field(default=subprocess.run, repr=False)

    def __call__(
        self, subcommand: str, *arguments: str, environment: Mapping[str, str] | None = None
    ) -> Failure | None:
        """Run pip and wait.

        Args:
            subcommand: ``download`` or ``wheel``.
            arguments: for it.
            environment: variables to set besides the user's own.

        Returns:
            None when it succeeded.
        """
        result = self.run(
            [*self.command, subcommand, *_OPTIONS, *arguments],
            cwd=self.folder,
            env={**_environment(), **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
        if result.returncode == 0:
            return None
        conflict = _CONFLICT.search(result.stdout)
        output = f"{result.stderr}\n{conflict[0]}" if conflict else result.stderr
        return Failure(status=result.returncode, output=output)


def find_pip(interpreter: str, folder: Path, run: Run = subprocess.run) -> Pip:
    """Choose a pip.

    That of the application's interpreter builds and evaluates markers as the
    application's Python; when it has none, the tools' own acts for it.

    Args:
        interpreter: path of the application's Python.
        folder: the project.
        run: starts processes.

    Raises:
        PipMissingError: neither has one.
    """
    for python, command in (
        (interpreter, (interpreter, "-c", _START)),
        (sys.executable, (sys.executable, "-c", _START, "--python", interpreter)),
    ):
        if _has_pip(python, run):
            return Pip(command=command, folder=folder, run=run)
    raise PipMissingError(interpreters=(interpreter, sys.executable))


def without_credentials(text: str) -> str:
    """Mask user names and passwords of URLs."""
    return _CREDENTIALS.sub("****@", text)


def _has_pip(python: str, run: Run) -> bool:
    probe = f"{_ELSEWHERE}import importlib.util; sys.exit(importlib.util.find_spec('pip') is None)"
    try:
        result = run(
            [python, "-c", probe],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
        )
    except OSError:
        # What cannot be started has no pip; that neither has one is an error of its own.
        return False
    return result.returncode == 0


def requirement_arguments(lines: Sequence[str], file: Path) -> tuple[str, ...]:
    """Write lines to a file that pip reads, for a command line shows in process lists and has a limit."""
    file.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8", newline="\n")
    return ("--requirement", str(file))


def _environment() -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if name != "FORCE_COLOR"}
    # Nothing is installed, so a rule against installing outside a virtual environment does not apply.
    return {**inherited, "PIP_REQUIRE_VIRTUALENV": "0", "PYTHONIOENCODING": "utf-8", "NO_COLOR": "1"}
