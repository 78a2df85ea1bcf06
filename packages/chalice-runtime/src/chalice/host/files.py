"""Which files a deployment package needs of the runtime, and of the distributions that the application uses.

A distribution says in its entry points which of its modules belong to its runtime half.  The modules are
found the way imports find them, so that an editable installation works like any other, and without
importing them: the tooling half that sits beside them may need packages that this interpreter does not have.
"""

from __future__ import annotations

import importlib.util
import io
import tokenize
from importlib.machinery import PathFinder
from importlib.metadata import Distribution, EntryPoint, distributions
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chalice.extensions import (
    ATTRIBUTES,
    DECORATORS,
    EXPORTS,
    BrokenExtensionError,
    DuplicateExtensionError,
    catalog,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

RUNTIME = "chalice.runtime"
_GROUPS = (DECORATORS, EXPORTS, ATTRIBUTES, RUNTIME)
# Parts of the runtime that serve development.
_DEVELOPMENT = ("cdk.py", "gateway", "host", "test")
# Folders of a project that hold no code of the application.
_NOT_SOURCES = {"vendor", "__pycache__"}


def package_of(project: Path) -> dict[str, Any]:
    """Describe what the application's deployment package needs besides the application.

    A name counts as used when it was looked up while the application was imported, or when the
    application's sources mention it: a branch that did not run today may run in Lambda.  A distribution
    counts as used when one of its names is, or when the sources mention its package.

    Returns:
        ``files`` and ``extensions`` of the manifest's ``package``.

    Raises:
        BrokenExtensionError: A distribution announces a module that is not there.
        DuplicateExtensionError: Two distributions offer a name that the application uses.
    """
    installed = _installed()
    mentioned = set(_mentioned_names(project))
    used: dict[str, dict[str, EntryPoint]] = {DECORATORS: {}, EXPORTS: {}, ATTRIBUTES: {}}
    owners: dict[str, Distribution] = {}
    for group, names in used.items():
        wanted = mentioned | catalog.used[group].keys()
        for name in sorted(wanted & installed[group].keys()):
            offers = installed[group][name]
            if len(offers) > 1:
                raise DuplicateExtensionError(name, [_name(distribution) for distribution, _ in offers])
            distribution, names[name] = offers[0]
            owners.setdefault(_name(distribution), distribution)
    for name, distribution in _imported_by_name(installed, mentioned):
        owners.setdefault(name, distribution)
    files = {file["archive"]: file for file in _runtime_files()}
    for name, distribution in sorted(owners.items()):
        for file in _half_of(name, distribution):
            files[file["archive"]] = file
    return {
        "files": [files[archive] for archive in sorted(files)],
        "extensions": {
            "decorators": {name: entry.value for name, entry in used[DECORATORS].items()},
            "exports": {name: entry.value for name, entry in used[EXPORTS].items()},
            "attributes": {name: entry.value for name, entry in used[ATTRIBUTES].items()},
            "distributions": [
                {"name": name, "version": distribution.version}
                for name, distribution in sorted(owners.items())
            ],
        },
    }


def _installed() -> dict[str, dict[str, list[tuple[Distribution, EntryPoint]]]]:
    """Return what each distribution offers: group, then name, to the offers."""
    found: dict[str, dict[str, list[tuple[Distribution, EntryPoint]]]] = {group: {} for group in _GROUPS}
    seen = set()
    for distribution in distributions():
        name = _name(distribution)
        if name in seen:
            continue
        seen.add(name)
        for entry in distribution.entry_points:
            if entry.group in found:
                found[entry.group].setdefault(entry.name, []).append((distribution, entry))
    return found


def _imported_by_name(
    installed: dict[str, dict[str, list[tuple[Distribution, EntryPoint]]]], mentioned: set[str]
) -> Iterator[tuple[str, Distribution]]:
    """Yield the distributions whose package the sources mention: ``from chalice_sqs import events``."""
    for names in installed.values():
        for offers in names.values():
            for distribution, entry in offers:
                if entry.value.partition(":")[0].partition(".")[0].strip() in mentioned:
                    yield _name(distribution), distribution


def _name(distribution: Distribution) -> str:
    return str(distribution.metadata["Name"]).replace("_", "-").lower()


def _mentioned_names(project: Path) -> Iterator[str]:
    """Yield every identifier in the application's sources."""
    package = project / "chalicelib"
    sources = [*project.glob("*.py"), *(project / "app").rglob("*.py"), *package.rglob("*.py")]
    for source in sources:
        if _NOT_SOURCES.isdisjoint(source.relative_to(project).parts):
            yield from _identifiers(source.read_bytes())


def _identifiers(source: bytes) -> Iterator[str]:
    try:
        for token in tokenize.tokenize(io.BytesIO(source).readline):
            if token.type == tokenize.NAME:
                yield token.string
    except (tokenize.TokenError, SyntaxError):
        # A file that Python cannot read is not imported by an application that could be.
        return


def _runtime_files() -> Iterator[dict[str, str]]:
    root = Path(__file__).resolve().parent.parent
    for file in _package_files(root):
        relative = file.relative_to(root)
        if file.suffix == ".py" and relative.parts[0] not in _DEVELOPMENT:
            yield _file(f"chalice/{relative.as_posix()}", file, "chalice-runtime")


def _half_of(name: str, distribution: Distribution) -> Iterator[dict[str, str]]:
    """Yield the files of a runtime half: the announced modules, and every ``__init__.py`` above them."""
    modules = {(entry.value, entry.group) for entry in distribution.entry_points if entry.group in _GROUPS}
    for value, group in sorted(modules):
        module = value.partition(":")[0].partition("[")[0].strip()
        file = _find(module)
        if file is None:
            raise BrokenExtensionError(
                module, value, f"{name} announces this module, and it cannot be found."
            )
        parts = module.split(".")
        above = file.parent.parent if file.name == "__init__.py" else file.parent
        for depth in range(len(parts) - 1, 0, -1):
            initial = above / "__init__.py"
            if initial.is_file():
                yield _file("/".join([*parts[:depth], "__init__.py"]), initial, name)
            above = above.parent
        if file.name != "__init__.py":
            yield _file("/".join([*parts[:-1], file.name]), file, name)
        elif group == RUNTIME:
            for inner in _package_files(file.parent):
                yield _file("/".join([*parts, inner.relative_to(file.parent).as_posix()]), inner, name)
        else:
            yield _file("/".join([*parts, "__init__.py"]), file, name)


def _find(module: str) -> Path | None:
    """Return the source of a module without running it, nor the packages above it."""
    path: Iterable[str] | None = None
    spec = None
    parts = module.split(".")
    for depth in range(1, len(parts) + 1):
        name = ".".join(parts[:depth])
        # `find_spec` of importlib.util imports the packages above; the finders that editable installations
        # add know top-level names only.
        spec = importlib.util.find_spec(name) if depth == 1 else PathFinder.find_spec(name, list(path or ()))
        if spec is None:
            return None
        path = spec.submodule_search_locations
    return Path(spec.origin) if spec is not None and spec.origin is not None and spec.has_location else None


def _package_files(root: Path) -> Iterator[Path]:
    for file in sorted(root.rglob("*")):
        if file.is_file() and "__pycache__" not in file.parts and file.suffix != ".pyc":
            yield file


def _file(archive: str, path: Path, distribution: str) -> dict[str, str]:
    return {"archive": archive, "path": str(path), "distribution": distribution}
