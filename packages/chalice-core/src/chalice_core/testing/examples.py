"""A declaration of an event family with an event for it, and the application that is made of several."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from chalice_core.apphost import describe
from chalice_core.config import StageConfig, load_config
from chalice_core.graph import Graph
from chalice_core.lowering import build_graph
from chalice_core.manifest import EventDeclaration, Manifest
from chalice_core.plugins import Plugins
from chalice_core.testing.builders import write_project


class Clients(Protocol):
    """The AWS on this machine, as a system of users sees it: ``clients("sqs").send_message(…)``."""

    def __call__(self, service: str) -> Any:
        """Return a boto3 client of a service."""

    def advance(self, seconds: float) -> None:
        """Put the clock forward: schedules that come due by then fire."""

    def deployed(self) -> Mapping[str, str]:
        """Return what ``chalice deploy`` tells of the application: values by label, such as its URLs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A declaration of a family, and an event for it.

    Args:
        given: arguments of the decorator, JSON values, as many as possible other than the defaults.
        declared: options that the manifest holds besides ``given``.
        event: what makes an event: a name of the entry-point group ``chalice.samples`` with its arguments, or
            the event itself.
        body: what the function returns, an expression with ``event`` in it.
        answer: its value for that event.
        sample: arguments of ``chalice_sample_event`` that make an event with the same answer.
        wildcards: IAM actions that AWS knows no resource for, so that they are allowed on ``*``.
        mistakes: arguments of the decorator, as they are written, to a phrase of the reported problem.
        prepare: makes what has to be there before the application is deployed; returns arguments of the
            decorator that are known only then, such as ids that AWS has chosen, or None.
        send: sends an event as a system of users does, once the application is deployed; None when nothing
            can be sent on this machine, and ``not_emulated`` says why.
        arrives: what the function returns for what was sent, or a pattern that is found in it, as JSON; None
            for ``answer``.
        not_emulated: a phrase of the error with which the embedded AWS refuses what it does not emulate.
    """

    given: Mapping[str, Any] = field(default_factory=dict)
    declared: Mapping[str, Any] = field(default_factory=dict)
    event: tuple[str, Mapping[str, Any]] | Mapping[str, Any]
    body: str
    answer: Any
    sample: Mapping[str, Any]
    wildcards: frozenset[str] = frozenset()
    mistakes: Mapping[str, str] = field(default_factory=dict)
    prepare: Callable[[Clients], Mapping[str, Any] | None] | None = None
    send: Callable[[Clients], object] | None = None
    arrives: Any = None
    not_emulated: str = ""

    @property
    def arriving(self) -> re.Pattern[str]:
        """A pattern of the line that the function logs when it gets what was sent."""
        wanted = self.answer if self.arrives is None else self.arrives
        if isinstance(wanted, re.Pattern):
            return re.compile(f"^arrived .*(?:{wanted.pattern})", re.MULTILINE)
        return re.compile(f"^arrived {re.escape(json.dumps(wanted))}$", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """An application with one function for each example.

    Args:
        folder: with ``app.py``.
        manifest: as the app host wrote it.
        plugins: all that are installed.
    """

    folder: Path
    manifest: Manifest
    plugins: Plugins

    @property
    def config(self) -> StageConfig:
        """The configuration of its one stage."""
        return load_config(self.folder, self.plugins).stage("dev")

    @property
    def graph(self) -> Graph:
        """Its resources."""
        manifest = self.manifest
        return build_graph(manifest.app, manifest.python.lambda_runtime, self.config, self.plugins)

    def declaration(self, decorator: str) -> EventDeclaration:
        """Return what the manifest says of a decorator."""
        (found,) = [event for event in self.manifest.app.events if event.decorator == decorator]
        return found


def make_application(
    folder: Path,
    examples: Mapping[str, Example],
    plugins: Plugins,
    *,
    arguments: str | None = None,
    name: str = "contract",
) -> Application:
    """Write an application and describe it.

    Each function is called as its decorator, logs a line that begins with ``arrived``, and returns what the
    example says.

    Args:
        folder: where.
        examples: by decorator.
        plugins: all that are installed.
        arguments: of all decorators, in place of what the examples give.
        name: of the application.
    """
    lines = ["import json", "from chalice import Chalice", f"app = Chalice(app_name={name!r})"]
    for decorator, example in examples.items():
        given = ", ".join(f"{option}={value!r}" for option, value in example.given.items())
        lines += [
            f"@app.{decorator}({given if arguments is None else arguments})",
            f"def {decorator}_handler(event):",
            f"    answer = {example.body}",
            "    print('arrived', json.dumps(answer))",
            "    return answer",
        ]
    # A queue must hide a message for as long as its function may take; 30 s is what a queue has by itself.
    config = {"version": "2.0", "app_name": name, "lambda_timeout": 20, "stages": {"dev": {}}}
    write_project(folder, source="\n".join([*lines, ""]), config=config)
    return Application(folder=folder, manifest=describe(folder, Path(sys.executable)), plugins=plugins)


def sample_of(example: Example) -> Any:
    """Return the example's event, as it is after a journey as JSON."""
    event: Any = example.event
    if isinstance(event, tuple):
        # Of the runtime, which is there wherever an event family is.
        from chalice.extensions import find

        name, arguments = event
        event = find("chalice.samples", name)(**arguments)
    return json.loads(json.dumps(event))
