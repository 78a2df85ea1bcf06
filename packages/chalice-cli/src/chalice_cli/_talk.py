"""What is said to a person, on standard error; results of commands go to standard output.

Colours appear on a terminal, unless ``NO_COLOR`` is set (no-color.org).
"""

from __future__ import annotations

import os
import sys
import threading
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from chalice_core.errors import ToolError
    from chalice_core.target import Progress

VERBS = {
    "create": ("creating", "created"),
    "update": ("updating", "updated"),
    "replace": ("replacing", "replaced"),
    "delete": ("deleting", "deleted"),
}


class Talk:
    """Speaks plain lines where nobody watches, and coloured ones on a terminal."""

    def __init__(self) -> None:
        self._lock = threading.Lock()

    def say(self, text: str) -> None:
        """Tell how things go."""
        self._write(text)

    def warn(self, text: str) -> None:
        """Tell of something that does not stop the command."""
        self._write(f"{self._style('Warning:', fg='yellow', bold=True)} {text}")

    def problem(self, what: str, *, why: str = "", fix: str = "", code: str = "") -> None:
        """Tell what went wrong, why, and what to do.

        Args:
            what: one sentence.
            why: one or more sentences or lines.
            fix: one or more sentences or lines.
            code: to search for; shown when given.
        """
        lines = [f"{self._style('Error:', fg='red', bold=True)} {what}"]
        lines += [f"  {line}" for line in why.splitlines()]
        if fix:
            lines.append("")
            lines += [f"  {line}" for line in fix.splitlines()]
        if code:
            lines.append(self._style(f"  [{code}]", dim=True))
        self._write("\n".join(lines))

    def error(self, error: ToolError) -> None:
        """Tell of an error that its reader can solve."""
        self.problem(error.what, why=error.why, fix=error.fix, code=error.code)

    def progress(self, progress: Progress) -> None:
        """Tell of one step of a deployment; may be called from several threads."""
        begin, done = VERBS[progress.step.action]
        name = f"{progress.step.kind} {progress.step.name}"
        detail = f" ({progress.detail})" if progress.detail else ""
        if progress.phase == "begin":
            self._write(f"{begin.capitalize()} {name}{detail}")
        elif progress.phase == "failed":
            self._write(f"{self._style('Failed', fg='red', bold=True)} {begin} {name}{detail}")
        elif self.on_terminal:
            # Elsewhere the lines that begin steps are record enough.
            self._write(self._style(f"  {done} {name}{detail}", fg="green"))

    @property
    def on_terminal(self) -> bool:
        """Whether somebody watches."""
        return sys.stderr.isatty()

    def _style(self, text: str, *, fg: str | None = None, bold: bool = False, dim: bool = False) -> str:
        if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb" or not self.on_terminal:
            return text
        return click.style(text, fg=fg, bold=bold, dim=dim)

    def _write(self, text: str) -> None:
        with self._lock:
            click.echo(text, err=True)
