"""What can be wrong with running a function here, as opposed to inside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["LocalRunError", "NoInterpreterError", "ThrottledError", "UnsafeArchiveError"]


class LocalRunError(Exception):
    """The base of this distribution's errors.

    Attributes:
        what: what happened, a sentence.
        why: the reason, a sentence.
        fix: what a person can do, a sentence.
    """

    code = "local-run-error"

    def __init__(self, *, what: str, why: str, fix: str) -> None:
        super().__init__(f"{what} {why} {fix}")
        self.what = what
        self.why = why
        self.fix = fix


class NoInterpreterError(LocalRunError):
    """A function asks for a Python that this machine does not have."""

    code = "no-interpreter"

    def __init__(self, *, runtime: str, known: Sequence[str]) -> None:
        super().__init__(
            what=f"Runtime {runtime!r} has no interpreter here.",
            why=f"The interpreters found are: {', '.join(known) or 'none'}.",
            fix=f"Install {runtime} so that {runtime!r} is on PATH, "
            "or deploy with the Python that the project itself uses.",
        )
        self.runtime = runtime
        self.known = tuple(known)


class UnsafeArchiveError(LocalRunError):
    """A code archive has an entry that would land outside its folder."""

    code = "unsafe-archive"

    def __init__(self, *, entry: str, reason: str) -> None:
        super().__init__(
            what=f"The entry {entry!r} of a code archive was refused.",
            why=reason,
            fix="Build the archive again without that entry.",
        )
        self.entry = entry


class ThrottledError(LocalRunError):
    """An invocation came while the function had no concurrency left.

    Attributes:
        reason: AWS's ``Reason`` of a ``TooManyRequestsException``.
    """

    code = "throttled"

    def __init__(self, *, function: str, limit: int, reason: str) -> None:
        super().__init__(
            what=f"The function {function!r} was not invoked.",
            why=f"All of its {limit} concurrent invocations are in use.",
            fix="Invoke it later or raise the limit.",
        )
        self.function = function
        self.limit = limit
        self.reason = reason
