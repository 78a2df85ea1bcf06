"""Bytecode: what lets Lambda import without compiling.

Files dated 1980 would invalidate ordinary bytecode, and so would any other
date that Lambda gives; a hash that nobody checks does not (PEP 552).  The
application's interpreter compiles, in one subprocess for all sources.
"""

from __future__ import annotations

import os
import struct
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from chalice_core.manifest import PythonInfo
from chalice_packager.pip import Run

_SCRIPT = Path(__file__).with_name("compiler") / "script.py"
# Where Lambda unpacks a package (AWS Lambda Developer Guide, "Lambda execution environment").
_TASK_ROOT = "/var/task/"
# What an interpreter may need to start at all; nothing else may influence it.
_KEPT_VARIABLES = ("SYSTEMROOT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "PATH")


@dataclass(frozen=True, slots=True, kw_only=True)
class Uncompiled:
    """A source that is no Python of this version.

    Args:
        line: where.
        message: why.
    """

    line: int
    message: str


class CompilerCrashError(Exception):
    """The interpreter that compiles ended before it was done.

    Args:
        detail: exit status and the last line of what it said.
    """

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


def bytecode_name(source: str, cache_tag: str) -> str:
    """Return where bytecode goes: that of ``pkg/mod.py`` to ``pkg/__pycache__/mod.cpython-312.pyc``."""
    folder, _, name = source.rpartition("/")
    cached = f"__pycache__/{name.removesuffix('.py')}.{cache_tag}.pyc"
    return f"{folder}/{cached}" if folder else cached


def compile_sources(
    sources: Mapping[str, bytes], python: PythonInfo, run: Run = subprocess.run
) -> Mapping[str, bytes | Uncompiled]:
    """Compile sources with an interpreter.

    Args:
        sources: contents by name in the package.
        python: who compiles.
        run: starts processes.

    Returns:
        By the same names, contents of ``.pyc`` files or why there is none.

    Raises:
        CompilerCrashError: the interpreter did not survive it, or cannot be started.
    """
    if not sources:
        return {}
    names = sorted(sources)
    frames = [struct.pack(">I", len(names))]
    for name in names:
        for frame in ((_TASK_ROOT + name).encode(), sources[name]):
            frames += (struct.pack(">I", len(frame)), frame)
    environment = {name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ}
    try:
        # A set in a source becomes a frozenset, whose order follows the hash seed; -E would ignore that.
        result = run(
            [python.executable, "-S", "-s", "-B", "-W", "ignore", str(_SCRIPT)],
            input=b"".join(frames),
            env={**environment, "PYTHONHASHSEED": "0"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            check=False,
        )
    except OSError as error:
        raise CompilerCrashError(str(error)) from error
    answers = _frames(result.stdout)
    if result.returncode != 0 or len(answers) != 2 * len(names):
        said = result.stderr.decode(errors="replace").strip().splitlines()
        raise CompilerCrashError(f"exit status {result.returncode}{': ' + said[-1] if said else ''}")
    return {
        name: answers[2 * place + 1] if answers[2 * place] == b"ok" else _uncompiled(answers[2 * place + 1])
        for place, name in enumerate(names)
    }


def _frames(data: bytes) -> Sequence[bytes]:
    frames: list[bytes] = []
    position = 0
    while position + 4 <= len(data):
        (length,) = struct.unpack_from(">I", data, position)
        frames.append(data[position + 4 : position + 4 + length])
        position += 4 + length
    return frames


def _uncompiled(answer: bytes) -> Uncompiled:
    line, _, message = answer.decode().partition(":")
    return Uncompiled(line=int(line), message=message)
