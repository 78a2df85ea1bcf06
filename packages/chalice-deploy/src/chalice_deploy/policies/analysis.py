"""What a project's functions call, found in its source."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from chalice_deploy.policies.atoms import Unknown
from chalice_deploy.policies.machine import Entry, Machine, Use
from chalice_deploy.policies.sources import Sources
from chalice_deploy.policies.statements import Finding, findings_of

MIDDLEWARE = frozenset({"middleware", "register_middleware"})


@dataclass(frozen=True)
class Analysis:
    """A project whose source was followed from its application's module.

    Make one with `analyse`.
    """

    machine: Machine

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """The functions that the application hands to Chalice; those of registered blueprints, too."""
        registered = self.machine.peek(("registered",))
        everything = any(isinstance(atom, Unknown) for atom in registered)
        return tuple(
            sorted(
                (
                    entry
                    for entry in self.machine.entries
                    if everything or not entry.application.blueprint or entry.application in registered
                ),
                key=lambda entry: (entry.handler, entry.decorator, entry.path, entry.line),
            )
        )

    def uses(self, entries: Iterable[Entry] | None = None) -> frozenset[Use]:
        """Return the calls of AWS that functions can reach, and those that importing the modules makes.

        Args:
            entries: the functions; None for all.
        """
        chosen = self.entries if entries is None else tuple(entries)
        waiting = [0, *(entry.evaluation for entry in chosen)]
        waiting += [entry.evaluation for entry in self.entries if entry.decorator in MIDDLEWARE]
        seen: set[int] = set()
        found: set[Use] = set()
        while waiting:
            number = waiting.pop()
            if number not in seen:
                seen.add(number)
                evaluation = self.machine.evaluations[number]
                found |= evaluation.uses
                waiting += evaluation.calls
        return frozenset(found)

    def findings(
        self, environment: Mapping[str, str] | None = None, entries: Iterable[Entry] | None = None
    ) -> list[Finding]:
        """Return the actions that functions need, with where and why.

        Args:
            environment: the variables that the functions get.
            entries: the functions; None for all.
        """
        return findings_of(self.machine, self.uses(entries), environment or {})


def analyse(project_dir: Path, filename: str | Path = "app.py") -> Analysis:
    """Follow a project's source.  Nothing of it is imported or run.

    Args:
        project_dir: the folder that the project's modules are imported from.
        filename: the application's file, relative to it.

    Raises:
        MissingSourceError: there is no such file.
        UnreadableSourceError: a file that the application imports is no Python.
    """
    folder = project_dir.resolve()
    machine = Machine(Sources(folder, (folder / filename).resolve()))
    with _without_collections():
        machine.run()
    return Analysis(machine)


@contextmanager
def _without_collections() -> Iterator[None]:
    """Collect no garbage: there is hardly any, and looking for it in trees takes half of the time."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()
