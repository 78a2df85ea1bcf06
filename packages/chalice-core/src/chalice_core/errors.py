"""What the tools tell a person when something cannot be done.

Every error carries three sentences: what happened, why, and what to do about
it, and a stable code to search for.  One class per situation; the wording
lives in the class and call sites pass facts.  This module imports nothing
else of ours.
"""

from __future__ import annotations

from typing import ClassVar


class ToolError(Exception):
    """A problem that its reader can solve.

    The command line shows it without a traceback and exits with
    ``exit_status``.

    Args:
        what: what happened, one sentence with the real names in it.
        why: the cause, one or more sentences; may be empty when ``what`` says it all.
        fix: what to do, one or more sentences.
    """

    code: ClassVar[str] = "tool-error"
    exit_status: ClassVar[int] = 1

    def __init__(self, *, what: str, why: str = "", fix: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.why = why
        self.fix = fix

    def __str__(self) -> str:
        return "\n".join(part for part in (self.what, self.why, self.fix) if part)
