"""Runs inside each measured process: imports an application, then calls it.

Usage: ``child.py TREE MODULE [CASE COUNT]``.  Prints one JSON object.  Without a module it only
loads what Lambda's own runtime client has loaded before it imports a function, which is the same for
everybody and is subtracted.
"""

import json
import sys

# What AWS's runtime interface client 4.2.2 leaves in sys.modules, standard library only.
LOADED_BY_LAMBDA = (
    "abc atexit codecs collections contextlib copyreg decimal encodings enum functools importlib io "
    "itertools json keyword linecache logging math numbers operator os re reprlib stat string "
    "textwrap threading time token tokenize traceback types warnings weakref"
)


def main(tree, module, case="", count="0"):
    """Measure, and print what was measured."""
    for name in LOADED_BY_LAMBDA.split():
        __import__(name)
    from time import perf_counter_ns

    result = {}
    before = set(sys.modules)
    here, sys.path[0] = sys.path[0], tree
    started = perf_counter_ns()
    application = __import__(module) if module else None
    result["import_us"] = (perf_counter_ns() - started) / 1000
    result["modules"] = sorted(set(sys.modules) - before - {module})
    if case:
        sys.path.append(here)
        result["call_us"] = _call(application, case, int(count))
    sys.stdout.write(json.dumps(result))


def _call(application, case, count):
    import logging
    from time import perf_counter_ns

    import events

    logging.disable(logging.CRITICAL)
    _, handler_name, event, status = events.CASES[case]
    handler = getattr(application, handler_name)
    answer = handler(json.loads(json.dumps(event)), None)
    if status is not None and answer["statusCode"] != status:
        raise SystemExit(f"{case}: {answer}")
    if not count:
        return None
    # Other load only ever adds time, so that the fastest of several batches tells the cost.
    fastest = None
    for _ in range(10):
        started = perf_counter_ns()
        for _ in range(count):
            handler(event, None)
        elapsed = (perf_counter_ns() - started) / 1000 / count
        fastest = elapsed if fastest is None else min(fastest, elapsed)
    return fastest


if __name__ == "__main__":
    main(*sys.argv[1:])
