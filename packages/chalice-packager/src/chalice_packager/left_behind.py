"""Modules of the project that the application imports and that do not go into the package.

Only `app.py`, `chalicelib` and `vendor` do, as the predecessor had it.  A
module beside `app.py` works on this machine and is missing in Lambda, so it
is told before that happens.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from chalice_packager.sources import APP, Source

_PACKED = frozenset({"app", "chalicelib", "vendor"})


def about_left_behind(project_dir: Path, sources: Sequence[Source]) -> Iterator[str]:
    """Yield a notice for each module that is imported and left behind.

    Args:
        project_dir: the project.
        sources: what goes into the package besides dependencies.
    """
    beside = {name: path for name, path in _modules_in(project_dir) if name not in _PACKED}
    if not beside:
        return
    packed = {source.archive.split("/")[0].removesuffix(".py") for source in sources}
    for name in sorted(_imported(sources) & beside.keys() - packed):
        yield (
            f"{beside[name].name} is imported by the application and is not packaged: of the project, "
            "app.py, chalicelib and vendor are. Move it into chalicelib, or Lambda will not find it."
        )


def _modules_in(folder: Path) -> Iterator[tuple[str, Path]]:
    for path in folder.iterdir():
        if path.suffix == ".py":
            yield path.stem, path
        elif (path / "__init__.py").is_file():
            yield path.name, path


def _imported(sources: Iterable[Source]) -> set[str]:
    """Return the first parts of the modules that the application's own files import."""
    names: set[str] = set()
    for source in sources:
        if source.owner != APP or not source.archive.endswith(".py"):
            continue
        try:
            tree = ast.parse(source.content)
        except (SyntaxError, ValueError, RecursionError):
            # Written for another Python than this one, or not at all; the compiler tells which.
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                names.update(alias.name.split(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names.add(node.module.split(".")[0])
    return names
