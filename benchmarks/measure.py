"""What the benchmarks share: the two trees that would land in Lambda, instruction counts, and tables."""

from __future__ import annotations

import compileall
import json
import os
import py_compile
import re
import shutil
import statistics
import subprocess
import sys
import venv
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
APPS = HERE / "apps"
REFERENCE = "chalice==1.34.0"
VARIANTS = ("py", "pyc")
VALGRIND = shutil.which("valgrind")


def prepare(work: Path, reference: str = REFERENCE) -> dict[str, Path]:
    """Build the two trees, each in the variants ``py`` and ``pyc``, and return where they are.

    Args:
        work: A folder to work in; environments that an earlier run left there are used again.
        reference: The requirement to compare with.

    Returns:
        Folder by name: ``ours/py``, ``ours/pyc``, ``reference/py``, ``reference/pyc``.
    """
    work.mkdir(parents=True, exist_ok=True)
    trees = {}
    for name, make in (("ours", _ours), ("reference", lambda tree: _reference(work, tree, reference))):
        shutil.rmtree(work / name, ignore_errors=True)
        source = work / name / "py"
        source.mkdir(parents=True)
        make(source)
        for app in APPS.glob("*.py"):
            shutil.copy(app, source)
        compiled = work / name / "pyc"
        shutil.copytree(source, compiled)
        # Lambda throws timestamped ones away; those with a hash, as the packager makes them, stay valid.
        mode = py_compile.PycInvalidationMode.CHECKED_HASH
        compileall.compile_dir(compiled, quiet=2, invalidation_mode=mode)
        trees.update({f"{name}/{variant}": work / name / variant for variant in VARIANTS})
    return trees


def _ours(tree: Path) -> None:
    """Copy what the packager would: the files that the app host names, and the frozen answers."""
    project = tree.parent / "project"
    project.mkdir()
    shutil.copy(APPS / "full.py", project / "app.py")
    python = _environment(tree.parent.parent / "ours-venv", _our_distributions())
    code = (
        "import pathlib, sys; from chalice.host.describe import describe; "
        "sys.stdout.buffer.write(describe(pathlib.Path(sys.argv[1])))"
    )
    described = subprocess.run([python, "-c", code, str(project)], check=True, capture_output=True)
    package = json.loads(described.stdout)["package"]
    for file in package["files"]:
        target = tree / file["archive"]
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(file["path"], target)
    extensions = package["extensions"]
    (tree / "_chalice_extensions.py").write_text(
        f"DECORATORS = {extensions['decorators']!r}\nEXPORTS = {extensions['exports']!r}\n", encoding="utf-8"
    )


def _our_distributions() -> list[str]:
    return [
        str(ROOT / "packages" / "chalice-runtime"),
        str(ROOT / "packages" / "chalice-plugins" / "chalice-sqs"),
    ]


def _reference(work: Path, tree: Path, requirement: str) -> None:
    """Copy the two files of its runtime that the reference's own packager puts into a deployment package."""
    python = _environment(work / "reference-venv", [requirement], keep=True)
    found = subprocess.run(
        [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        check=True,
        capture_output=True,
        text=True,
    )
    package = Path(found.stdout.strip()) / "chalice"
    (tree / "chalice").mkdir()
    for name in ("__init__.py", "app.py"):
        shutil.copy(package / name, tree / "chalice")


def _environment(home: Path, requirements: list[str], *, keep: bool = False) -> str:
    """Make an environment with ``requirements`` and return its Python; one that may be kept is made once."""
    python = home / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    complete = home / "complete"
    if keep and complete.is_file() and complete.read_text(encoding="utf-8") == str(requirements):
        return str(python)
    shutil.rmtree(home, ignore_errors=True)
    venv.create(home, with_pip=True)
    subprocess.run([python, "-m", "pip", "install", "--quiet", *requirements], check=True)
    complete.write_text(str(requirements), encoding="utf-8")
    return str(python)


def run(tree: Path | None, module: str, case: str = "", count: int = 0) -> dict[str, Any]:
    """Run a child to its end and return what it measured."""
    ran = subprocess.run(_command(tree, module, case, count), check=True, capture_output=True, env=_clean())
    result: dict[str, Any] = json.loads(ran.stdout)
    return result


def instructions(tree: Path | None, module: str, case: str = "", count: int = 0) -> int:
    """Count the instructions of a child with cachegrind: the same to a tenth of a percent on any machine.

    Raises:
        RuntimeError: valgrind failed.
    """
    options = ["--tool=cachegrind", "--cache-sim=no", f"--cachegrind-out-file={os.devnull}"]
    ran = subprocess.run(
        [str(VALGRIND), *options, *_command(tree, module, case, count)],
        capture_output=True,
        text=True,
        env=_clean(),
    )
    found = re.search(r"I\s+refs:\s+([\d,]+)", ran.stderr)
    if ran.returncode != 0 or found is None:
        raise RuntimeError(ran.stderr)
    return int(found.group(1).replace(",", ""))


def _command(tree: Path | None, module: str, case: str, count: int) -> list[str]:
    # As in Lambda: no site-packages, and a file system that takes no bytecode.
    python = [sys.executable, "-S", "-s", "-B", str(HERE / "child.py"), str(tree or HERE), module]
    return [*python, case, str(count)] if case else python


def _clean() -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", ""), "LANG": "C.UTF-8", "PYTHONHASHSEED": "0"}


def interleaved(jobs: dict[str, tuple[Path, str, str, int]], runs: int, key: str) -> dict[str, float]:
    """Run each job ``runs`` times, in turn so that a busy machine hurts all alike; return the medians."""
    seen: dict[str, list[float]] = {name: [] for name in jobs}
    for _ in range(runs):
        for name, job in jobs.items():
            seen[name].append(run(*job)[key])
    return {name: statistics.median(values) for name, values in seen.items()}


def table(header: list[str], rows: list[list[str]]) -> str:
    """Format a Markdown table; all columns but the first are numbers."""
    lines = [header, ["---"] + ["---:"] * (len(header) - 1), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def say_how() -> None:
    """Say what the figures are."""
    if VALGRIND:
        print("Instructions counted by cachegrind; times beside them are medians on this machine.\n")
    else:
        print("valgrind is not on PATH: wall time only, which other load on this machine distorts.\n")
