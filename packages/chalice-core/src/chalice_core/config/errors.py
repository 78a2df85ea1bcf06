"""What can be wrong with the configuration of a project."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path

from chalice_core.errors import ToolError


class ProjectNotFoundError(ToolError):
    """A folder is no project."""

    code = "project-not-found"

    def __init__(self, *, project_dir: Path) -> None:
        super().__init__(
            what=f"There is no Chalice project in {project_dir}.",
            why="It has no .chalice/config.json.",
            fix="Change to the project's folder or name it with --project-dir; "
            "`chalice new-project` makes a new one.",
        )
        self.project_dir = project_dir


class ConfigUnreadableError(ToolError):
    """The configuration file cannot be read."""

    code = "config-unreadable"

    def __init__(self, *, path: Path, reason: str) -> None:
        super().__init__(
            what=f"{path} cannot be read.",
            why=f"The operating system says: {reason}.",
            fix="Make it a file that you may read.",
        )
        self.path = path


class ConfigSyntaxError(ToolError):
    """The configuration file is not JSON."""

    code = "config-syntax"

    def __init__(
        self, *, path: Path, problem: str, line: int | None = None, column: int | None = None
    ) -> None:
        where = "" if line is None else f", line {line}, column {column}"
        super().__init__(
            what=f"{path} is not valid JSON{where}.",
            why=f"{problem}.",
            fix="Correct the file; JSON has double quotes only, no comments, "
            "and no comma after the last item.",
        )
        self.path, self.line, self.column = path, line, column


class InvalidConfigError(ToolError):
    """The configuration says something that it may not say; all of it is listed."""

    code = "invalid-config"

    def __init__(self, *, source: str, problems: Sequence[str]) -> None:
        count = "a mistake" if len(problems) == 1 else f"{len(problems)} mistakes"
        super().__init__(
            what=f"{source} has {count}:\n" + "\n".join(f"  - {problem}" for problem in problems),
            fix="Correct what is listed; nothing was changed.",
        )
        self.source, self.problems = source, tuple(problems)


class UnknownStageError(ToolError):
    """A stage that the configuration does not list."""

    code = "unknown-stage"

    def __init__(self, *, stage: str, known: Sequence[str], path: Path) -> None:
        near = get_close_matches(stage, known, n=1)
        guess = (
            f"Did you mean {near[0]!r}? Otherwise add" if near else "Choose one of them with --stage, or add"
        )
        super().__init__(
            what=f"The stage {stage!r} is not in {path}.",
            why=f"It lists {', '.join(repr(name) for name in known)}.",
            fix=f'{guess} "{stage}": {{}} to "stages" there.',
        )
        self.stage, self.known = stage, tuple(known)


class InvalidStageNameError(ToolError):
    """A stage name that AWS would not accept in the names of resources."""

    code = "invalid-stage-name"

    def __init__(self, *, stage: str, problem: str) -> None:
        super().__init__(
            what=f"The stage name {stage!r} {problem}.",
            why="It becomes part of the names of functions and roles.",
            fix="Choose a short name of letters, digits, '-' and '_'.",
        )
        self.stage = stage
