"""How packaging grows with the application: each format, from 50 to 200 handlers of mixed families.

``python benchmarks/bench_scale.py`` counts the instructions of the whole command ``chalice package`` with
valgrind, or without it takes its processor time.  The status is 1 when a handler among the second hundred
costs more than one among the first.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import measure

SIZES = (50, 100, 200)
TOLERANCE = 1.15
"""How much more a further handler may cost in the larger application: what is left is not the tool's growth
but that of numbers' and names' lengths."""

# Of ten handlers.  A function with its event makes one or two resources of a SAM template, and it may
# have 500 with the API's.
_FAMILIES = ("sqs", "kinesis", "schedule", "sqs", "pure", "dynamodb", "sns", "sqs", "kinesis", "pure")
_STREAM = "arn:aws:dynamodb:us-east-1:123456789012:table/t{0:03}/stream/2026-01-01T00:00:00.000"
_DECORATORS: Mapping[str, str] = {
    "sqs": "@app.on_sqs_message(queue='orders-{0:03}', batch_size=5)",
    "kinesis": "@app.on_kinesis_record(stream='clicks-{0:03}')",
    "schedule": "@app.schedule(Rate({0} + 2, unit=Rate.HOURS))",
    "pure": "@app.lambda_function()",
    "dynamodb": f"@app.on_dynamodb_record(stream_arn='{_STREAM}')",
    "sns": "@app.on_sns_message(topic='news-{0:03}')",
}
_METHODS = ("GET", "PUT", "POST")
_COMMAND = (
    "import os, sys; os.chdir(sys.argv.pop(1)); from chalice_cli.__main__ import main; sys.exit(main())"
)


@dataclass(frozen=True, slots=True)
class Growth:
    """What packaging in one format costs.

    Args:
        form: The format.
        costs: By number of handlers.
    """

    form: str
    costs: Mapping[int, float]

    def each(self, fewer: int, more: int) -> float:
        """Return what a handler more costs between two sizes."""
        return (self.costs[more] - self.costs[fewer]) / (more - fewer)

    @property
    def ratio(self) -> float:
        """What a further handler costs in a large application, in comparison with a small one."""
        small, middle, large = SIZES
        return self.each(middle, large) / self.each(small, middle)

    @property
    def linear(self) -> bool:
        """Whether it is no more."""
        return self.ratio <= TOLERANCE


def main() -> int:
    """Run the benchmark."""
    options = _options()
    forms = [form for form in _formats() if re.search(options.rows, form)]
    if not forms:
        return 0
    with tempfile.TemporaryDirectory() as scratch:
        projects = {size: write_project(Path(scratch) / f"app{size}", size) for size in SIZES}
        growths = _measured(forms, projects, options.runs)
    print(_table(growths))
    if options.json:
        figures = {each.form: {str(size): cost for size, cost in each.costs.items()} for each in growths}
        options.json.with_stem(f"{options.json.stem}-scale").write_text(json.dumps(figures, indent=2))
    for each in growths:
        if not each.linear:
            print(f"{each.form} grows faster than the application: {each.ratio:.2f} > {TOLERANCE}")
    # Times of processes on a busy machine differ by more than what is looked for.
    return 0 if not measure.VALGRIND or all(each.linear for each in growths) else 1


def application(handlers: int) -> str:
    """Return the source of an application with so many handlers, and three routes for two of them."""
    lines = ["from chalice import Chalice, Rate", "", "app = Chalice(app_name='scale')", "", ""]
    for number in range(handlers):
        family = _FAMILIES[number % len(_FAMILIES)]
        arguments = "event, context" if family == "pure" else "event"
        lines += [
            _DECORATORS[family].format(number),
            f"def handler_{number:03}({arguments}):",
            "    app.log.info('handled %s', event)",
            f"    return {number}",
            "",
            "",
        ]
    for number in range(handlers // 2):
        for method in _METHODS:
            lines += [
                f"@app.route('/things{number:03}', methods=['{method}'])",
                f"def {method.lower()}_{number:03}():",
                f"    return {{'thing': {number}}}",
                "",
                "",
            ]
    return "\n".join(lines)


def write_project(folder: Path, handlers: int) -> Path:
    """Write a project with such an application and return its folder."""
    (folder / ".chalice").mkdir(parents=True)
    (folder / "app.py").write_text(application(handlers), encoding="utf-8")
    config = {"version": "2.0", "app_name": "scale", "stages": {"dev": {}}}
    (folder / ".chalice" / "config.json").write_text(json.dumps(config), encoding="utf-8")
    return folder


def _formats() -> Sequence[str]:
    from chalice_core.plugins import collect_named, load_plugins

    return sorted(collect_named(load_plugins(), "chalice_output_formats", thing="output format"))


def _measured(forms: Sequence[str], projects: Mapping[int, Path], runs: int) -> list[Growth]:
    keys = [(form, size) for form in forms for size in projects]
    # Once without being measured: the deployment package is in its cache from then on.
    for form, size in keys:
        _packaged(projects[size], form)
    costs: Mapping[tuple[str, int], float]
    if measure.VALGRIND:
        jobs: dict[tuple[str, int], Callable[[], float]] = {
            (form, size): partial(_instructions, projects[size], form) for form, size in keys
        }
        costs = measure.at_once(jobs)
    else:
        costs = {
            (form, size): min(_packaged(projects[size], form) for _ in range(runs)) for form, size in keys
        }
    return [Growth(form, {size: costs[form, size] for size in projects}) for form in forms]


def _command(project: Path, form: str) -> list[str]:
    out = str(project / f"out-{form}")
    return [sys.executable, "-c", _COMMAND, str(project), "package", "--pkg-format", form, out]


def _instructions(project: Path, form: str) -> float:
    # Of the tools; the application itself is loaded in a process of its own, which is not counted.
    return measure.count_instructions(_command(project, form), measure.clean())[0]


def _packaged(project: Path, form: str) -> float:
    begun = time.perf_counter()
    ran = subprocess.run(
        _command(project, form), env=measure.clean(), capture_output=True, text=True, check=False
    )
    if ran.returncode != 0:
        raise RuntimeError(f"{form} of {project.name}: {ran.stdout}{ran.stderr}")
    return time.perf_counter() - begun


def _table(growths: Sequence[Growth]) -> str:
    unit, scale = ("M instr.", 1e-6) if measure.VALGRIND else ("ms", 1e3)
    small, middle, large = SIZES
    sizes = " | ".join(f"{size} handlers" for size in SIZES)
    steps = f"a handler more, {small} to {middle} | {middle} to {large}"
    lines = [
        f"| format | {sizes} | unit | {steps} | ratio | must |",
        "| --- " + "| ---: " * len(SIZES) + "| --- | ---: | ---: | ---: | ---: |",
    ]
    for each in growths:
        costs = " | ".join(f"{each.costs[size] * scale:.0f}" for size in SIZES)
        steps = f"{each.each(small, middle) * scale:.2f} | {each.each(middle, large) * scale:.2f}"
        lines.append(f"| {each.form} | {costs} | {unit} | {steps} | {each.ratio:.2f} | {TOLERANCE} |")
    return "\n".join(lines)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", default="", metavar="REGEX", help="only formats whose name matches")
    parser.add_argument(
        "--runs", type=int, default=5, help="of how many times the best counts (default: %(default)s)"
    )
    parser.add_argument("--json", type=Path, help="write the figures to a file beside this one, NAME-scale")
    # All benchmarks are run with the same options.
    parser.add_argument("--work", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--quick", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
