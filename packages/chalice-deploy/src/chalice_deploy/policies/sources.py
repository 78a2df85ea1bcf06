"""The Python modules of a project, parsed once each; nothing is imported or run."""

from __future__ import annotations

import ast
import warnings
from dataclasses import dataclass
from pathlib import Path

from chalice_core.errors import ToolError


class MissingSourceError(ToolError):
    """The file to analyse is not there."""

    code = "missing-source"

    def __init__(self, *, path: Path) -> None:
        super().__init__(
            what=f"There is no file {path}.",
            why="The policy is generated from the application's source.",
            fix="Run the command in the project's folder, or name the file with --filename.",
        )
        self.path = path


class UnreadableSourceError(ToolError):
    """A file is no Python that can be parsed.

    Args:
        path: the file.
        line: counted from 1, or None when it is the file as a whole.
        problem: what the parser says.
    """

    code = "unreadable-source"

    def __init__(self, *, path: Path, line: int | None, problem: str) -> None:
        where = str(path) if line is None else f"{path}, line {line}"
        super().__init__(
            what=f"{where} cannot be parsed: {problem}.",
            why="The policy is generated from the application's source.",
            fix="Correct it. Source for a newer Python needs the tools under that Python, too.",
        )
        self.path, self.line, self.problem = path, line, problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One module of the project.

    Args:
        name: as it is imported, ``chalicelib.db``.
        path: relative to the project where it is inside, with forward slashes.
        package: it is an ``__init__.py``.
    """

    name: str
    path: str
    tree: ast.Module
    text: str
    package: bool

    @property
    def parent(self) -> str:
        """The package that relative imports start from."""
        return self.name if self.package else self.name.rpartition(".")[0]


class Sources:
    """Finds and parses the modules below a folder.

    Args:
        folder: of the project.
        main: the application's file.
    """

    def __init__(self, folder: Path, main: Path) -> None:
        self.folder = folder
        self.main = main
        self._known: dict[str, Source | None] = {}

    def entry(self) -> Source:
        """Return the application's module.

        Raises:
            MissingSourceError: there is no such file.
            UnreadableSourceError: it is no Python.
        """
        if not self.main.is_file():
            raise MissingSourceError(path=self.main)
        package = self.main.name == "__init__.py"
        name = self.main.parent.name if package else self.main.stem
        if self._known.get(name) is None:
            self._known[name] = self._parse(name, self.main, package=package)
        source = self._known[name]
        if source is None:
            raise MissingSourceError(path=self.main)
        return source

    def find(self, name: str) -> Source | None:
        """Return a module of the project, or None for one that is elsewhere.

        A package without ``__init__.py`` is an empty module.

        Raises:
            UnreadableSourceError: it is no Python.
        """
        if name not in self._known:
            self._known[name] = self._load(name)
        return self._known[name]

    def _load(self, name: str) -> Source | None:
        parts = name.split(".")
        if not all(part.isidentifier() for part in parts):
            return None
        for folder in self._roots:
            found = self._load_below(folder, name)
            if found is not None:
                return found
        return None

    @property
    def _roots(self) -> tuple[Path, ...]:
        """The folders that modules are imported from: the project's, then that of the file itself."""
        beside = self.main.parent.parent if self.main.name == "__init__.py" else self.main.parent
        return tuple(dict.fromkeys((self.folder, beside)))

    def _load_below(self, folder: Path, name: str) -> Source | None:
        parts = name.split(".")
        base = folder.joinpath(*parts)
        if (init := base / "__init__.py").is_file():
            return self._parse(name, init, package=True)
        if (module := base.with_name(f"{parts[-1]}.py")).is_file():
            return self._parse(name, module, package=False)
        if base.is_dir() and next(base.glob("**/*.py"), None) is not None:
            return Source(name=name, path=self._shown(base), tree=ast.Module([], []), text="", package=True)
        return None

    def _parse(self, name: str, path: Path, *, package: bool) -> Source:
        try:
            raw = path.read_bytes()
        except OSError as error:
            raise UnreadableSourceError(path=path, line=None, problem=str(error.strerror or error)) from error
        try:
            with warnings.catch_warnings():
                # Invalid escapes in the user's text are the user's business at another time.
                warnings.simplefilter("ignore")
                tree = ast.parse(raw, filename=str(path))
        except SyntaxError as error:
            problem = (error.msg or "invalid syntax").rstrip(".")
            raise UnreadableSourceError(path=path, line=error.lineno, problem=problem) from error
        except ValueError as error:  # null bytes, before Python 3.12
            raise UnreadableSourceError(path=path, line=None, problem=str(error)) from error
        except (RecursionError, MemoryError) as error:
            raise UnreadableSourceError(path=path, line=None, problem="it is nested too deeply") from error
        text = raw.decode("utf-8", errors="replace")
        return Source(name=name, path=self._shown(path), tree=tree, text=text, package=package)

    def _shown(self, path: Path) -> str:
        try:
            return path.relative_to(self.folder).as_posix()
        except ValueError:
            return path.as_posix()
