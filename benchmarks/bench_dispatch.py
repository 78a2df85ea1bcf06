"""Warm requests: what the framework costs for one event.

``python benchmarks/bench_dispatch.py`` sends the events of ``events.py`` to this repository and to the
reference, in the process, without the network or Lambda around them.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

import events
import measure

# Goals for the ratio to the reference.
GOALS = {
    "GET": 0.40,
    "path and query": 0.40,
    "POST 1 KB": 0.75,
    "NotFoundError": 0.40,
    "last of 200": 0.40,
    "SQS x10": 1.00,
}
# Instructions of this many calls, less those of none, are divided by it.
CALLS = 200


def main() -> int:
    """Run the benchmark; the status is 1 when ``--check`` finds a goal missed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--work", type=Path, help="keep the environments in this folder, for the next run")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--check", action="store_true", help="fail when a goal is missed")
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        trees = measure.prepare(options.work or Path(scratch))
        figures = {case: _measure(trees, case, options.runs) for case in events.CASES}
    measure.say_how()
    counted = "kinstr" if measure.VALGRIND else "us"
    ratios = {case: one[f"ours {counted}"] / one[f"reference {counted}"] for case, one in figures.items()}
    rows = [
        [
            case,
            *(
                f"{one.get(f'{name} {unit}', float('nan')):.1f}"
                for unit in ("kinstr", "us")
                for name in NAMES
            ),
            f"{ratios[case]:.3f}",
            f"{GOALS[case]:.2f}",
        ]
        for case, one in figures.items()
    ]
    header = ["event", "ours, k instr.", "reference", "ours, us", "reference", "ratio", "goal"]
    print(measure.table(header, rows))
    if options.json:
        options.json.write_text(
            json.dumps({"figures": figures, "ratios": ratios}, indent=1), encoding="utf-8"
        )
    return int(options.check and any(ratio > GOALS[case] for case, ratio in ratios.items()))


NAMES = ("ours", "reference")


def _measure(trees: dict[str, Path], case: str, runs: int) -> dict[str, float]:
    module = events.CASES[case][0]
    jobs = {name: (trees[f"{name}/pyc"], module, case, 1000) for name in NAMES}
    figures = {f"{name} us": value for name, value in measure.interleaved(jobs, runs, "call_us").items()}
    if measure.VALGRIND:
        for name in NAMES:
            tree = trees[f"{name}/pyc"]
            without = measure.instructions(tree, module, case, 0)
            # The child makes ten batches.
            calls = measure.instructions(tree, module, case, CALLS // 10) - without
            figures[f"{name} kinstr"] = calls / CALLS / 1000
    return figures


if __name__ == "__main__":
    sys.exit(main())
