"""Describes why an application could not be imported, in the application's own terms."""

from __future__ import annotations

import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from types import TracebackType

_FRAMEWORK = Path(__file__).parents[1]


def failure(
    kind: str,
    *,
    message: str,
    type_name: str = "",
    text: str = "",
    file: Path | str | None = None,
    line: int | None = None,
) -> dict[str, Any]:
    """Build the ``error`` of a manifest.

    Args:
        kind: ``import``, ``syntax``, ``exit``, ``missing``, ``no-app`` or ``not-chalice``.
        message: What happened, a sentence or the text of the exception.
        type_name: Class of the exception; empty when there was none.
        text: The traceback; empty when there was no exception.
        file: Where to look, None when that is unknown.
        line: The line in that file, from 1; None when no single line is at fault.
    """
    return {
        "kind": kind,
        "type": type_name,
        "message": message,
        "traceback": text,
        "file": None if file is None else str(file),
        "line": line,
    }


def describe_failure(error: BaseException, project: Path) -> dict[str, Any]:
    """Describe an exception that importing the application raised.

    The traceback begins at the first frame that belongs to the project, and ``file`` and ``line`` are those
    of the last such frame: the place to look at.  The framework's own frames behind that one are left out,
    for a mistake in a declaration is not there.
    """
    start, file, line = _own_frames(error.__traceback__, project)
    summary = traceback.TracebackException(type(error), error, start)
    while len(summary.stack) > 1 and _is_framework(summary.stack[-1].filename):
        summary.stack.pop()
    text = "".join(summary.format())
    kind = "import"
    message = _message(error)
    if isinstance(error, SystemExit):
        kind = "exit"
        message = f"The application ended the process with status {error.code!r} while it was imported."
    elif isinstance(error, SyntaxError):
        kind = "syntax"
        message = error.msg
        # Text given to eval() has a name too, and no file.
        if error.filename is not None and Path(error.filename).is_file():
            file, line = error.filename, error.lineno
    if file is None:
        file = str(project / "app.py")
    return failure(kind, type_name=type(error).__name__, message=message, text=text, file=file, line=line)


def _own_frames(
    frames: TracebackType | None, project: Path
) -> tuple[TracebackType | None, str | None, int | None]:
    """Return the traceback from the project's first frame on, and file and line of the project's last."""
    first: TracebackType | None = None
    file, line = None, None
    while frames is not None:
        name = frames.tb_frame.f_code.co_filename
        if _is_own(Path(name), project):
            first = first or frames
            file, line = name, frames.tb_lineno
        frames = frames.tb_next
    return first, file, line


def _is_own(file: Path, project: Path) -> bool:
    """Tell a file of the application from one of a library, also when that lies in the project's folder."""
    if not file.is_relative_to(project):
        return False
    parts = file.relative_to(project).parts
    return parts[0] != "vendor" and "site-packages" not in parts


def _is_framework(file: str) -> bool:
    return Path(file).is_relative_to(_FRAMEWORK)


def _message(error: BaseException) -> str:
    try:
        return str(error)
    except Exception as second:
        return f"its text cannot be shown: str() raised {type(second).__name__}"
