"""The two sides: one long-lived interpreter with the predecessor, and one with ours."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from comparison.steps import Step

HERE = Path(__file__).parent
APPS = HERE.parent / "apps"

Observation: TypeAlias = dict[str, Any]


class CannotRunError(Exception):
    """An application could not be imported by one of the sides, or the worker has a mistake."""


class Side:
    """One interpreter, which runs whatever applications it is asked to.

    Args:
        python: the interpreter.
        folder: its working directory; tools look for a project's files there.
    """

    def __init__(self, python: Path, folder: Path) -> None:
        # Credentials and regions of whoever runs the tests must not reach either side.
        left_out = ("PYTHON", "AWS_", "CHALICE_")
        environment = {name: value for name, value in os.environ.items() if not name.startswith(left_out)}
        environment["AWS_EC2_METADATA_DISABLED"] = "true"
        self._process = subprocess.Popen(
            # Isolated: neither this folder nor the user's packages can be imported by an application.
            [str(python), "-I", "-X", "utf8", str(HERE / "worker.py")],
            cwd=folder,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="utf-8",
        )

    def observe(self, app: str, steps: Sequence[Step]) -> list[Observation]:
        """Take steps with an application, in order.

        Raises:
            CannotRunError: The application cannot be imported, or the interpreter has ended.
        """
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None
        assert stdout is not None
        request = {"app": str(APPS / f"{app}.py"), "steps": [step.request for step in steps]}
        stdin.write(json.dumps(request) + "\n")
        stdin.flush()
        line = stdout.readline()
        if not line:
            raise CannotRunError(f"{app}: the interpreter ended with {self._process.wait()}.")
        answer = json.loads(line)
        if isinstance(answer, dict):
            raise CannotRunError(f"{app}: {answer['failed']}")
        observations: list[Observation] = answer
        return observations

    def close(self) -> None:
        """End the interpreter."""
        self._process.communicate()


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """What the two sides made of one step."""

    app: str
    name: str
    step: Step
    theirs: Observation
    ours: Observation

    @property
    def differs(self) -> bool:
        """Whether the two can be told apart, by what the step looks at."""
        return self.step.compared(self.theirs) != self.step.compared(self.ours)

    def __str__(self) -> str:
        theirs, ours = self.step.compared(self.theirs), self.step.compared(self.ours)
        lines = [f"{self.app}: {self.name}"]
        for key in sorted({*theirs, *ours}):
            if theirs.get(key) != ours.get(key):
                lines.append(f"  {key} theirs: {theirs.get(key)!r}")
                lines.append(f"  {key} ours:   {ours.get(key)!r}")
        return "\n".join(lines)


class Sides:
    """Both interpreters, asked the same things at the same time."""

    def __init__(self, theirs: Side, ours: Side) -> None:
        self._theirs = theirs
        self._ours = ours
        self._threads = ThreadPoolExecutor(2)

    def compare(self, app: str, steps: Mapping[str, Step]) -> list[Pair]:
        """Return what both make of each step.

        Raises:
            CannotRunError: One of them cannot run the application.
        """
        asked = list(steps.values())
        answers = [self._threads.submit(side.observe, app, asked) for side in (self._theirs, self._ours)]
        theirs, ours = (answer.result() for answer in answers)
        return [
            Pair(app=app, name=name, step=step, theirs=one, ours=other)
            for (name, step), one, other in zip(steps.items(), theirs, ours, strict=True)
        ]

    def close(self) -> None:
        """End both interpreters."""
        self._threads.shutdown()
        self._theirs.close()
        self._ours.close()
