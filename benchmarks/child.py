"""Runs inside each measured process: imports an application, then calls it.

Usage: ``child.py TREE MODULE [CASE COUNT]``.  Prints one JSON object.  Without a module it only
loads what Lambda's own runtime client has loaded before it imports a function, which is the same for
everybody and is subtracted.  For the same reason this file imports nothing else before it measures, not even
``__future__``.
"""

import json
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

# What AWS's runtime interface client 4.2.2 leaves in sys.modules, standard library only; bench_speed.py
# compares it with the client itself.
LOADED_BY_LAMBDA = (
    "abc atexit codecs collections contextlib copyreg decimal encodings enum functools importlib io "
    "itertools json keyword linecache logging math numbers operator os re reprlib stat string "
    "textwrap threading time token tokenize traceback types warnings weakref"
)


def main(tree: str, module: str, case: str = "", count: str = "0") -> None:
    """Measure, and print what was measured."""
    for name in LOADED_BY_LAMBDA.split():
        __import__(name)
    from time import perf_counter_ns

    result: dict[str, Any] = {}
    before = set(sys.modules)
    here, sys.path[0] = sys.path[0], tree
    started = perf_counter_ns()
    application = __import__(module) if module else None
    result["import_us"] = (perf_counter_ns() - started) / 1000
    result["modules"] = sorted(set(sys.modules) - before - {module})
    result["peak_kib"] = _peak_kib()
    if case:
        sys.path.append(here)
        result["call_us"] = _call(application, case, int(count))
    sys.stdout.write(json.dumps(result))


def _peak_kib() -> "int | None":
    """Return the most memory that this process ever had, where Linux tells it."""
    try:
        with open("/proc/self/status", encoding="ascii") as status:  # noqa: PTH123 (pathlib takes memory)
            return next((int(line.split()[1]) for line in status if line.startswith("VmHWM:")), None)
    except OSError:
        return None


def _call(application: "Any", case: str, count: int) -> "float | None":
    import logging

    import events

    logging.disable(logging.CRITICAL)
    app = events.CASES[case][0]
    # Every event of the application once, so that what a count of 0 costs is the same for all of them.
    for name, (of, handler_name, event, statuses, answer) in events.CASES.items():
        if of == app:
            handler = getattr(application, handler_name)
            _check(handler(json.loads(json.dumps(event)), None), name, statuses, answer)
    _, handler_name, event, _, _ = events.CASES[case]
    return _fastest(getattr(application, handler_name), event, count) if count else None


def _check(result: "Any", case: str, statuses: "tuple[int, ...] | None", answer: "Any") -> None:
    """Make sure that what is measured does the work.

    Raises:
        SystemExit: The answer is not the one that everybody has to give.
    """
    if statuses is not None:
        if result["statusCode"] not in statuses:
            raise SystemExit(f"{case}: {result}")
        if answer is not None:
            result = json.loads(result["body"])
    if answer is not None and result != answer:
        raise SystemExit(f"{case}: {result!r} instead of {answer!r}")


def _fastest(handler: "Callable[[Any, Any], Any]", event: "Any", count: int) -> float:
    """Return microseconds per call: other load only ever adds, so the fastest of ten batches tells."""
    from time import perf_counter_ns

    fastest = float("inf")
    for _ in range(10):
        started = perf_counter_ns()
        for _ in range(count):
            handler(event, None)
        fastest = min(fastest, (perf_counter_ns() - started) / 1000 / count)
    return fastest


if __name__ == "__main__":
    main(*sys.argv[1:])
