"""Which interpreter of this machine stands for a Lambda runtime.

``python3.12`` is run by a registered interpreter, else by the Python of this
process when its minor version fits, else by ``python3.12`` on PATH.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

from chalice_local.errors import NoInterpreterError

__all__ = ["Interpreter", "InterpreterMismatchError", "Interpreters", "probe"]

_RUNTIME = re.compile(r"python(\d+)\.(\d+)")

# ``-I -S`` so that neither the environment nor a broken site-packages can speak on stdout.
_PROBE = (
    "import json, sys; print(json.dumps([list(sys.version_info[:2]), sys.implementation.cache_tag,"
    " getattr(sys, 'abiflags', ''), sys.platform, sys.executable]))"
)
_PROBE_SECONDS = 20.0


class InterpreterMismatchError(ValueError):
    """A path was registered for a runtime that it does not run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Interpreter:
    """A Python executable and what it is.

    Attributes:
        executable: its path.
        version: major and minor.
        abi: what compiled modules must have been built for.
    """

    executable: Path
    version: tuple[int, int]
    abi: tuple[str, str, str]

    @property
    def runtime(self) -> str:
        """AWS's name of the runtime that it stands for."""
        return f"python{self.version[0]}.{self.version[1]}"


def probe(executable: Path) -> Interpreter:
    """Ask an executable what it is.

    What a version manager puts on PATH only stands in for an interpreter, and depends on variables and
    folders that a worker does not have; the answer names the interpreter itself.  In a virtual environment
    that is its own link, which makes it one.

    Raises:
        OSError: it cannot be started.
        subprocess.SubprocessError: it failed or did not answer within 20 seconds.
        ValueError: its answer is not that of a Python.
    """
    done = subprocess.run(
        [str(executable), "-I", "-S", "-c", _PROBE],
        capture_output=True,
        timeout=_PROBE_SECONDS,
        check=True,
        stdin=subprocess.DEVNULL,
    )
    version, cache_tag, abiflags, platform, itself = json.loads(done.stdout)
    return Interpreter(
        executable=Path(itself or executable),
        version=(version[0], version[1]),
        abi=(str(cache_tag), abiflags, platform),
    )


class Interpreters:
    """The interpreters that this process knows, by runtime."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._registered: dict[str, Interpreter] = {}
        self._found: dict[str, Interpreter] = {}
        self.own = Interpreter(
            executable=Path(sys.executable),
            version=sys.version_info[:2],
            abi=(str(sys.implementation.cache_tag), getattr(sys, "abiflags", ""), sys.platform),
        )

    def register(self, runtime: str, executable: Path) -> Interpreter:
        """Let ``executable`` run the functions of ``runtime``.

        Raises:
            InterpreterMismatchError: it is no Python, or another version.
        """
        executable = executable.absolute()
        try:
            interpreter = probe(executable)
        except (OSError, ValueError, subprocess.SubprocessError) as error:
            raise InterpreterMismatchError(f"{executable} is no working Python: {error}") from error
        if interpreter.runtime != runtime:
            raise InterpreterMismatchError(f"{executable} is {interpreter.runtime}, not {runtime}.")
        with self._lock:
            self._registered[runtime] = interpreter
        return interpreter

    def resolve(self, runtime: str) -> Interpreter:
        """Return the interpreter for ``runtime``.

        Raises:
            NoInterpreterError: there is none here.
        """
        with self._lock:
            candidates = [self._registered.get(runtime), self.own, self._found.get(runtime)]
        for known in candidates:
            # A virtual environment that was registered may have been deleted since.
            if known is not None and known.runtime == runtime and known.executable.exists():
                return known
        found = _on_path(runtime)
        if found is None:
            raise NoInterpreterError(runtime=runtime, known=self.names())
        with self._lock:
            self._found[runtime] = found
        return found

    def names(self) -> list[str]:
        """Return the runtimes that are known without looking on PATH again, sorted."""
        with self._lock:
            return sorted({self.own.runtime, *self._registered, *self._found})


def _on_path(runtime: str) -> Interpreter | None:
    if not _RUNTIME.fullmatch(runtime):
        return None
    executable = shutil.which(runtime)
    if executable is None:
        return None
    try:
        interpreter = probe(Path(executable))
    except (OSError, ValueError, subprocess.SubprocessError):
        # A version manager's placeholder for a version that is not active is on PATH and does not run.
        return None
    return interpreter if interpreter.runtime == runtime else None
