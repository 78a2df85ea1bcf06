"""Cold start: what importing an application costs beyond what Lambda has loaded already.

``python benchmarks/bench_import.py`` compares this repository with the reference, each as plain ``.py``
files and with bytecode.  *As shipped* is bytecode for us, whose packager adds it, and plain files for the
reference, whose packager does not.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

import measure

# Goals for the ratio to the reference.
GOALS = {"as shipped": 0.15, "py": 0.50}


def main() -> int:
    """Run the benchmark; the status is 1 when ``--check`` finds a goal missed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--work", type=Path, help="keep the environments in this folder, for the next run")
    parser.add_argument("--module", default="hello", choices=["hello", "full", "many"])
    parser.add_argument("--runs", type=int, default=9)
    parser.add_argument("--check", action="store_true", help="fail when a goal is missed")
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        trees = measure.prepare(options.work or Path(scratch))
        figures = _measure(trees, options.module, options.runs)
    measure.say_how()
    counted = "instructions" if measure.VALGRIND else "us"
    rows = [
        [
            name,
            f"{one['instructions'] / 1e6:.2f}" if measure.VALGRIND else "-",
            f"{one['us'] / 1000:.2f}",
            f"{one[counted] / figures['reference/' + name.partition('/')[2]][counted]:.3f}",
            str(one["modules"]),
        ]
        for name, one in figures.items()
    ]
    print(measure.table(["tree", "M instructions", "ms", "ratio, same variant", "new modules"], rows))
    ratios = {
        "as shipped": figures["ours/pyc"][counted] / figures["reference/py"][counted],
        "py": figures["ours/py"][counted] / figures["reference/py"][counted],
    }
    print()
    for name, ratio in ratios.items():
        print(f"{name}: {ratio:.3f} of the reference (goal: {GOALS[name]:.2f})")
    if options.json:
        options.json.write_text(
            json.dumps({"figures": figures, "ratios": ratios}, indent=1), encoding="utf-8"
        )
    return int(options.check and any(ratio > GOALS[name] for name, ratio in ratios.items()))


def _measure(trees: dict[str, Path], module: str, runs: int) -> dict[str, dict[str, float]]:
    figures = {}
    medians = measure.interleaved(
        {name: (tree, module, "", 0) for name, tree in trees.items()}, runs, "import_us"
    )
    base = measure.instructions(None, "") if measure.VALGRIND else 0
    for name, tree in trees.items():
        figures[name] = {"us": medians[name], "modules": float(len(measure.run(tree, module)["modules"]))}
        if measure.VALGRIND:
            figures[name]["instructions"] = float(measure.instructions(tree, module) - base)
    return figures


if __name__ == "__main__":
    sys.exit(main())
