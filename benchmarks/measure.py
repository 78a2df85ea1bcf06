"""How things are measured: processes as in Lambda, instruction counts, interleaved medians."""

from __future__ import annotations

import json
import os
import re
import shutil
import statistics
import subprocess
import sys
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

HERE = Path(__file__).resolve().parent
VALGRIND = shutil.which("valgrind")
# Instructions of this many calls, less those of none, are divided by it.
CALLS = 200

Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class Program:
    """An application in a folder, as Lambda would find it.

    Args:
        tree: The folder.
        module: Its module, without ``.py``.
    """

    tree: Path
    module: str


# Python and what the runtime client loads, which everybody pays.
NOTHING = Program(HERE, "")
# What processes cost that send each event of their application once and then none.
_before_calls: dict[Program, int] = {}


def run(program: Program, case: str = "", count: int = 0) -> dict[str, Any]:
    """Run a child to its end and return what it measured.

    Raises:
        RuntimeError: It failed; the message is its own.
    """
    ran = subprocess.run(_command(program, case, count), capture_output=True, env=clean(), check=False)
    if ran.returncode != 0:
        raise RuntimeError(f"{program.tree.name}: {ran.stderr.decode(errors='replace')}")
    result: dict[str, Any] = json.loads(ran.stdout)
    return result


def instructions(program: Program, case: str = "", count: int = 0) -> int:
    """Count the instructions of a child."""
    return count_instructions(_command(program, case, count), clean())[0]


def instructions_per_call(program: Program, case: str) -> float:
    """Count the instructions of one warm call."""
    if program not in _before_calls:
        _before_calls[program] = instructions(program, case, 0)
    # The child makes ten batches.
    return (instructions(program, case, CALLS // 10) - _before_calls[program]) / CALLS


def count_instructions(command: list[str], environment: Mapping[str, str]) -> tuple[int, str]:
    """Count the instructions of a process with cachegrind: the same to a tenth of a percent on any machine.

    Returns:
        The count, and what the process wrote to standard output.

    Raises:
        RuntimeError: valgrind failed, or the process did.
    """
    options = ["--tool=cachegrind", "--cache-sim=no", f"--cachegrind-out-file={os.devnull}"]
    ran = subprocess.run(
        [str(VALGRIND), *options, *command], capture_output=True, text=True, env=environment, check=False
    )
    found = re.search(r"I\s+refs:\s+([\d,]+)", ran.stderr)
    if ran.returncode != 0 or found is None:
        raise RuntimeError(f"{' '.join(command)}\n{ran.stderr}")
    return int(found.group(1).replace(",", "")), ran.stdout


def python(*arguments: str) -> list[str]:
    """Return a command of this Python as in Lambda: no site-packages, and no bytecode is written."""
    return [sys.executable, "-S", "-s", "-B", *arguments]


def _command(program: Program, case: str, count: int) -> list[str]:
    command = python(str(HERE / "child.py"), str(program.tree), program.module)
    return [*command, case, str(count)] if case else command


def clean(**more: str) -> dict[str, str]:
    """Return environment variables that are the same on every machine."""
    return {"PATH": os.environ.get("PATH", ""), "LANG": "C.UTF-8", "PYTHONHASHSEED": "0", **more}


def interleaved(jobs: Mapping[Key, Callable[[], float]], runs: int) -> dict[Key, float]:
    """Run each job ``runs`` times, in turn so that a busy machine hurts all alike; return the medians."""
    seen: dict[Key, list[float]] = {name: [] for name in jobs}
    for _ in range(runs):
        for name, job in jobs.items():
            seen[name].append(job())
    return {name: statistics.median(values) for name, values in seen.items()}


def at_once(jobs: Mapping[Key, Callable[[], float]]) -> dict[Key, float]:
    """Run jobs that count instructions, some at the same time: load does not change their results."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return dict(zip(jobs, pool.map(lambda job: job(), jobs.values()), strict=True))
