"""Cold start, requests and memory: this repository, aws/chalice 1.34.0 and their peers in one table.

``python benchmarks/bench_speed.py`` needs the distributions of this repository in its environment, which
``python3 bootstrap.py bench`` sees to, and valgrind.  The status is 1 when a figure exceeds what it must not.
"""

from __future__ import annotations

import argparse
import json
import platform
import re
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from functools import partial
from pathlib import Path

import child
import client
import measure
from rows import ROWS, Kind, Row
from subjects import BARE, OURS, QUICK, SUBJECTS, Subject, prepare, runtime_client

# Of wall time and memory, whose medians settle slowly.
RUNS = 15
UNITS: dict[Kind, str] = {
    "import": "M instr.",
    "modules": "modules",
    "init": "M instr.",
    "init, ms": "ms",
    "memory": "KiB",
    "call": "k instr.",
}
# Without valgrind there is only wall time, and nothing is judged by it.
WALL_UNITS: dict[Kind, str] = {**UNITS, "import": "ms", "call": "us"}
Figures = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Result:
    """A row that was measured.

    Args:
        row: The row.
        unit: Of the figures.
        figures: Subject to figure; those that cannot do it are not in it.
        divisor: What ratios are taken to; 1 for a row of numbers.
        judged: Whether the limits apply: wall time is too noisy for that.
    """

    row: Row
    unit: str
    figures: Figures
    divisor: float
    judged: bool

    def ratio(self, name: str) -> float | None:
        """Return the ratio of a subject, None when it cannot do it."""
        return self.figures[name] / self.divisor if name in self.figures else None

    @property
    def verdict(self) -> str:
        """``aim``, ``must``, ``MISSED``; empty for information."""
        got = self.ratio(OURS)
        if not self.judged or self.row.must is None or got is None:
            return ""
        if got > self.row.must:
            return "MISSED"
        return "must" if self.row.aim is None or got > self.row.aim else "aim"


def main() -> int:
    """Run the benchmark; the status is 1 when a figure exceeds what it must not."""
    options = _options()
    rows = [row for row in ROWS if re.search(options.rows, row.name)]
    names = QUICK if options.quick else SUBJECTS
    with tempfile.TemporaryDirectory() as scratch:
        work = (options.work or Path(scratch)).resolve()
        subjects = prepare(work, names, {row.app for row in rows} | {"common", "hello"})
        results = _measure(rows, subjects, work, options.runs)
    print(_explanation())
    print(_table(results, names))
    missed = [result.row.name for result in results if result.verdict == "MISSED"]
    if options.json:
        options.json.write_text(json.dumps(_document(results), indent=1) + "\n", encoding="utf-8")
    if missed:
        print(f"\nMissed: {'; '.join(missed)}.", file=sys.stderr)
    return int(bool(missed))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--work", type=Path, help="keep the environments in this folder, for the next run")
    parser.add_argument("--quick", action="store_true", help=f"only {', '.join(QUICK)}")
    parser.add_argument("--rows", default="", metavar="REGEX", help="only rows whose name matches")
    parser.add_argument("--runs", type=int, default=RUNS, help="of what is a median (default: %(default)s)")
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    return parser.parse_args()


def _measure(rows: Sequence[Row], subjects: Mapping[str, Subject], work: Path, runs: int) -> list[Result]:
    """Measure row by row: what counts instructions on all processors, what takes time one by one."""
    units = UNITS if measure.VALGRIND else WALL_UNITS
    lab = _Lab(subjects, work, runs)
    results = []
    for row in rows:
        figures = lab.figures(row)
        if not figures:
            print(f"  cannot be measured here: {row.name}", file=sys.stderr)
            continue
        divisor = 1.0
        if row.stand_in:
            stand_in = next(other for other in ROWS if other.case == row.stand_in)
            divisor = lab.figures(stand_in)[row.over]
        elif not row.is_number:
            divisor = figures[row.over]
        judged = bool(measure.VALGRIND) or row.kind in ("modules", "memory")
        result = Result(row, units[row.kind], figures, divisor, judged)
        print(
            f"… {row.name}: {_number(result.ratio(OURS), row)} {result.verdict}", file=sys.stderr, flush=True
        )
        results.append(result)
    return results


class _Lab:
    """Measures rows, each once.

    Args:
        subjects: Who is measured.
        work: Where the runtime client is installed.
        runs: Of what is a median.
    """

    def __init__(self, subjects: Mapping[str, Subject], work: Path, runs: int) -> None:
        self._subjects = subjects
        self._work = work
        self._runs = runs
        self._client: Path | None = None
        self._known: dict[Row, Figures] = {}

    def figures(self, row: Row) -> Figures:
        """Return subject to figure; empty where this machine cannot measure it."""
        if row not in self._known:
            programs = {
                name: subject.programs[row.app][row.variant]
                for name, subject in self._subjects.items()
                if row.app in subject.programs and not (name == row.over and row.stand_in)
            }
            self._known[row] = self._measured(row, programs)
        return self._known[row]

    def _measured(self, row: Row, programs: Mapping[str, measure.Program]) -> Figures:
        if row.kind == "modules":
            return {name: _stdlib_modules(program) for name, program in programs.items()}
        if row.kind == "memory":
            return self._above_nothing(programs, "peak_kib")
        if row.kind == "init, ms":
            with client.runtime_api() as api:
                return self._medians(
                    {name: partial(client.init_ms, api, self.client, one) for name, one in programs.items()}
                )
        if not measure.VALGRIND:
            return self._wall(row, programs)
        if row.kind == "init":
            counted = {
                name: partial(client.init_instructions, self.client, one) for name, one in programs.items()
            }
            return _scaled(measure.at_once(counted), 1e-6)
        if row.kind == "import":
            counts = measure.at_once(
                {
                    name: partial(measure.instructions, one)
                    for name, one in {**programs, "": measure.NOTHING}.items()
                }
            )
            return _scaled(_less_nothing(counts), 1e-6)
        per_call = {
            name: partial(measure.instructions_per_call, one, row.case) for name, one in programs.items()
        }
        return _scaled(measure.at_once(per_call), 1e-3)

    def _wall(self, row: Row, programs: Mapping[str, measure.Program]) -> Figures:
        """Return times in the place of instruction counts."""
        if row.kind == "init":
            return {}
        if row.kind == "import":
            return _scaled(
                self._medians({name: partial(_told, one, "import_us") for name, one in programs.items()}),
                1e-3,
            )
        return self._medians(
            {name: partial(_told, one, "call_us", row.case, measure.CALLS) for name, one in programs.items()}
        )

    def _above_nothing(self, programs: Mapping[str, measure.Program], key: str) -> Figures:
        if measure.run(measure.NOTHING)[key] is None:
            return {}
        everybody = {**programs, "": measure.NOTHING}
        return _less_nothing(
            self._medians({name: partial(_told, one, key) for name, one in everybody.items()})
        )

    def _medians(self, jobs: Mapping[str, Callable[[], float]]) -> Figures:
        return measure.interleaved(jobs, self._runs)

    @property
    def client(self) -> Path:
        """Where the runtime client can be imported from.

        Raises:
            RuntimeError: What child.py takes for loaded is not what the client loads.
        """
        if self._client is None:
            self._client = runtime_client(self._work)
            bare = self._subjects[BARE].programs["hello"]["pyc"]
            missing = client.missing_modules(self._client, bare, child.LOADED_BY_LAMBDA)
            if missing:
                raise RuntimeError(f"awslambdaric does not load {', '.join(sorted(missing))}; see child.py")
        return self._client


def _told(program: measure.Program, key: str, case: str = "", count: int = 0) -> float:
    return float(measure.run(program, case, count)[key])


def _stdlib_modules(program: measure.Program) -> float:
    loaded = {str(name) for name in measure.run(program)["modules"]}
    return float(len([name for name in loaded if name.partition(".")[0] in sys.stdlib_module_names]))


def _less_nothing(figures: Figures) -> Figures:
    """Subtract what everybody pays, which stands under the empty name."""
    return {name: value - figures[""] for name, value in figures.items() if name}


def _scaled(figures: Figures, by: float) -> Figures:
    return {name: value * by for name, value in figures.items()}


def _explanation() -> str:
    how = (
        "Ratios of instructions, counted by cachegrind; memory and wall time are medians."
        if measure.VALGRIND
        else "valgrind is not on PATH: wall time only, which other load distorts and nothing is judged by."
    )
    return f"Python {platform.python_version()}, {datetime.now(timezone.utc):%d %B %Y}. {how}\n"


def _table(results: Iterable[Result], names: Sequence[str]) -> str:
    """Format a Markdown table: limits, what we got, then everybody's ratio, then absolute figures."""
    header = ["", "must", "aim", "ours", "", *names[1:], "unit", "ours", "divided by"]
    lines = [header, ["---"] + ["---:"] * 3 + ["---"] + ["---:"] * (len(names) - 1) + ["---", "---:", "---:"]]
    for result in results:
        row = result.row
        lines.append(
            [
                row.name,
                _limit(row.must),
                _limit(row.aim),
                _number(result.ratio(OURS), row),
                result.verdict,
                *(_number(result.ratio(name), row) for name in names[1:]),
                result.unit,
                _figure(result.figures[OURS]),
                "" if row.is_number else _figure(result.divisor),
            ]
        )
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _limit(limit: float | None) -> str:
    return "" if limit is None else f"{limit:g}"


def _number(value: float | None, row: Row) -> str:
    if value is None:
        return ""
    return f"{value:.0f}" if row.is_number else f"{value:.3f}" if value < 10 else f"{value:.1f}"


def _figure(value: float) -> str:
    return f"{value:.0f}" if value >= 100 else f"{value:.2f}"


def _document(results: Iterable[Result]) -> dict[str, object]:
    """Return the results for machines; schema 1."""
    return {
        "schema": 1,
        "python": platform.python_version(),
        "machine": platform.machine(),
        "system": platform.system(),
        "date": f"{datetime.now(timezone.utc):%Y-%m-%d}",
        "counted_by": "cachegrind" if measure.VALGRIND else None,
        "rows": [
            {
                "name": result.row.name,
                "kind": result.row.kind,
                "app": result.row.app,
                "variant": result.row.variant,
                "unit": result.unit,
                "must": result.row.must,
                "aim": result.row.aim,
                "ratio_to": None if result.row.is_number else result.row.stand_in or result.row.over,
                "figures": result.figures,
                "ratios": {name: result.ratio(name) for name in result.figures},
                "verdict": result.verdict,
            }
            for result in results
        ],
    }


if __name__ == "__main__":
    sys.exit(main())
