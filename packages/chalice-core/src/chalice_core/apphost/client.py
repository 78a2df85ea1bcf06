"""Asking the app host what the application declares."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from chalice_core.apphost.errors import (
    OLDEST_PYTHON,
    AppHostFailedError,
    AppTimeoutError,
    InterpreterError,
    PredecessorInstalledError,
    PythonTooOldError,
    RuntimeMissingError,
)
from chalice_core.apphost.process import Ended, run_with_channel
from chalice_core.errors import ToolError
from chalice_core.manifest import AppMissingError, Manifest, read_manifest

# How every document begins; inside a JSON string the quotes would be escaped.
_BEGINNING = b'{"manifest_version"'

# Runs on any Python, however old, and says what the app host needs to be there.
_PROBE = """
import sys
print("python=%d.%d" % sys.version_info[:2])
try:
    import importlib.metadata as metadata
    for name in ("chalice-runtime", "chalice"):
        try:
            print("%s=%s" % (name, metadata.version(name)))
        except metadata.PackageNotFoundError:
            pass
    import importlib.util
    if importlib.util.find_spec("chalice.host"):
        print("host=yes")
except ImportError:
    pass
"""


def describe(
    project_dir: Path,
    interpreter: Path,
    *,
    environment_variables: Mapping[str, str] | None = None,
    timeout: float = 30.0,
    show: Callable[[str], None] | None = None,
) -> Manifest:
    """Import the application in a process of its own and return what it declares.

    Args:
        project_dir: the folder with ``app.py``.
        interpreter: the Python to run it with, `choose_interpreter`.
        environment_variables: of the stage; they are set before the application is imported.
        timeout: seconds until the import is given up.
        show: gets what the application printed, when it printed something; None writes it to stderr.

    Raises:
        AppLoadError: the application cannot be imported; the subclass says why.
        AppTimeoutError: importing it does not end.
        AppHostFailedError: the process ended without an answer.
        InterpreterError: the interpreter cannot be started.
        PythonTooOldError: it is older than any that Chalice runs on.
        RuntimeMissingError: it has no chalice-runtime.
        PredecessorInstalledError: it has the predecessor's package in place of ours.
        ManifestVersionError: its chalice-runtime is newer than these tools.
        MalformedManifestError: it wrote something that is no manifest.
    """
    project_dir = project_dir.absolute()
    if not any((project_dir / name).is_file() for name in ("app.py", "app/__init__.py")):
        raise AppMissingError(message=f"There is no app.py in {project_dir}.")
    environment = {**os.environ, **(environment_variables or {}), "AWS_CHALICE_CLI_MODE": "true"}
    # Set by the framework build of macOS for its own children; it would outrank the virtual environment.
    environment.pop("__PYVENV_LAUNCHER__", None)
    command = [str(interpreter), "-m", "chalice.host", "describe", "--project-dir", str(project_dir)]
    try:
        ended = run_with_channel(command, cwd=project_dir, environment=environment, timeout=timeout)
    except OSError as error:
        raise InterpreterError(
            interpreter=str(interpreter), problem=f"It cannot be started: {error}"
        ) from error
    document = _document(ended)
    if not document:
        if ended.returncode is None:
            raise AppTimeoutError(project_dir=project_dir, seconds=timeout, output=ended.output)
        raise _no_document(project_dir, interpreter, ended.returncode, ended.output)
    if ended.output:
        (show or _to_stderr)(ended.output)
    return read_manifest(document)


def _document(ended: Ended) -> bytes:
    """Return the document without what the application itself may have written to the channel before it."""
    position = ended.document.rfind(_BEGINNING)
    return ended.document[position:] if position > 0 else ended.document


def _to_stderr(output: str) -> None:
    sys.stderr.write(output if output.endswith("\n") else output + "\n")


def _no_document(project_dir: Path, interpreter: Path, returncode: int, output: str) -> ToolError:
    facts = _probe(interpreter)
    version = facts.get("python")
    if version is None:
        return InterpreterError(
            interpreter=str(interpreter),
            problem=f"It does not answer as Python does; it printed {output.strip()[:500]!r}",
        )
    if tuple(int(part) for part in version.split(".")) < OLDEST_PYTHON:
        return PythonTooOldError(interpreter=interpreter, version=version)
    if "chalice" in facts:
        return PredecessorInstalledError(interpreter=interpreter, version=facts["chalice"])
    if "host" not in facts:
        return RuntimeMissingError(interpreter=interpreter)
    return AppHostFailedError(
        project_dir=project_dir, interpreter=interpreter, returncode=returncode, output=output
    )


def _probe(interpreter: Path) -> Mapping[str, str]:
    """Ask the interpreter about itself, away from the project, whose modules could get in the way."""
    try:
        answer = subprocess.run(
            [str(interpreter), "-c", _PROBE],
            cwd=interpreter.parent,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            timeout=15,
        )
    except (OSError, subprocess.TimeoutExpired):
        return {}
    lines = answer.stdout.decode("utf-8", "replace").splitlines()
    return {name: value for name, mark, value in (line.partition("=") for line in lines) if mark}
