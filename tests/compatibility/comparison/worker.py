"""The program that runs applications, once with the predecessor and once with ours.

It reads one JSON document a line, ``{"app": path, "steps": [step, …]}``, and
writes one list of observations a line.  It imports nothing but the standard
library, so the same file runs in both interpreters; ``chalice`` is whatever the
application finds there.

A step is one of

* ``{"call": name, "event": value}``: call ``name`` (dots reach attributes) of the
  application's module as Lambda would, with the event and a context;
* ``{"run": source}``: evaluate an expression in the module, or run statements
  that leave their answer in ``result``.

An observation has the keys ``returned``, or ``raised`` and ``message``; ``seen``,
what the application appended to its list ``SEEN`` during the step; and ``out``,
the lines it printed or logged.
"""

from __future__ import annotations

import ast
import copy
import importlib.util
import io
import json
import os
import re
import sys
import traceback
from pathlib import Path
from types import ModuleType
from typing import Any

FRAME = re.compile(r'  File "(?P<file>.*?)", line \d+, in .*')
ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")


class Context:
    """What Lambda passes beside the event."""

    function_name = "function"
    function_version = "$LATEST"
    invoked_function_arn = "arn:aws:lambda:eu-west-1:123456789012:function:function"
    memory_limit_in_mb = "128"
    aws_request_id = "6bc2a34f-6f5e-4d0e-9c1b-2f3d6a1f0b11"
    log_group_name = "/aws/lambda/function"
    log_stream_name = "stream"
    identity = None
    client_context = None

    def get_remaining_time_in_millis(self) -> int:
        """Return how long the function may still run."""
        return 1000


def without_foreign_frames(text: str, own: str) -> str:
    """Return a text whose tracebacks name only the frames of files under ``own``.

    The frames of the two frameworks are their own affair; the application's are not.
    """
    if "Traceback (most recent call last)" not in text:
        return text
    kept: list[str] = []
    dropping = False
    for line in text.split("\n"):
        frame = FRAME.match(line)
        if frame:
            dropping = not frame["file"].startswith(own)
            if not dropping:
                kept.append(line.replace(own, ""))
            continue
        if line.startswith("  [Previous line repeated"):
            continue
        # Below a frame stand its source and, from Python 3.11, markers: indented deeper than the frame.
        if line.startswith("    "):
            if not dropping and not set(line.strip()) <= {"^", "~"}:
                kept.append(line)
            continue
        dropping = False
        kept.append(line)
    return "\n".join(kept)


def plain(value: Any, own: str) -> Any:
    """Return a value in JSON that still tells its types apart."""
    if isinstance(value, str):
        return without_foreign_frames(str(value), own) if type(value) is str else _named(value, str(value))
    if value is None or type(value) in (bool, int, float):
        return value
    if type(value) is list:
        return [plain(item, own) for item in value]
    if type(value) is dict:
        if all(type(key) is str for key in value):
            return {key: plain(item, own) for key, item in value.items()}
        return {"!": "dict", "items": [[plain(key, own), plain(item, own)] for key, item in value.items()]}
    if type(value) is tuple:
        return {"!": "tuple", "items": [plain(item, own) for item in value]}
    if isinstance(value, (set, frozenset)):
        return {"!": type(value).__name__, "items": sorted(repr(item) for item in value)}
    if isinstance(value, type):
        return {"!": "type", "name": value.__name__}
    return _named(value, ADDRESS.sub("", repr(value)))


def _named(value: object, text: str) -> dict[str, str]:
    return {"!": type(value).__name__, "repr": text}


class Application:
    """One application in this interpreter."""

    def __init__(self, path: Path) -> None:
        self.own = str(path.parent) + os.sep
        specification = importlib.util.spec_from_file_location(path.stem, path)
        assert specification is not None
        assert specification.loader is not None
        self.module: ModuleType = importlib.util.module_from_spec(specification)
        # What a handler string names must be importable, as it is in Lambda.
        sys.modules[path.stem] = self.module
        specification.loader.exec_module(self.module)

    def _value(self, step: dict[str, Any]) -> Any:
        if "call" in step:
            handler: Any = self.module
            for part in step["call"].split("."):
                handler = getattr(handler, part)
            return handler(copy.deepcopy(step["event"]), Context())
        namespace = dict(vars(self.module))
        try:
            expression = ast.parse(step["run"], mode="eval")
        except SyntaxError:
            exec(compile(step["run"], "<step>", "exec"), namespace)  # noqa: S102 - a step is code of the test
            return namespace["result"]
        return eval(compile(expression, "<step>", "eval"), namespace)  # noqa: S307 - the same

    def observe(self, step: dict[str, Any], out: io.StringIO) -> dict[str, Any]:
        """Take one step, and return what can be seen of it."""
        seen = getattr(self.module, "SEEN", [])
        seen_before, printed_before = len(seen), out.tell()
        observation: dict[str, Any] = {}
        try:
            observation["returned"] = plain(self._value(step), self.own)
        except Exception as error:
            observation["raised"] = type(error).__name__
            observation["message"] = str(error)
        observation["seen"] = [plain(item, self.own) for item in seen[seen_before:]]
        printed = out.getvalue()[printed_before:]
        observation["out"] = without_foreign_frames(printed, self.own).splitlines()
        return observation


def main() -> None:
    """Answer until the input ends."""
    answers, sys.stdout = sys.stdout, io.StringIO()
    environment = dict(os.environ)
    applications: dict[str, Application] = {}
    for line in sys.stdin:
        request = json.loads(line)
        path = request["app"]
        try:
            if path not in applications:
                os.environ.clear()
                os.environ.update(environment)
                applications[path] = Application(Path(path))
            answer: Any = [applications[path].observe(step, sys.stdout) for step in request["steps"]]
        except Exception:
            # Anything here is a mistake of the test, or an application that cannot be imported.
            answer = {"failed": traceback.format_exc()}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
