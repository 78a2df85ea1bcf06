"""The project's own files, and those of the runtime, under their names in the package."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from chalice_core.manifest import Extensions, Manifest
from chalice_packager.archive import fault_in_name
from chalice_packager.errors import (
    BadArchiveNameError,
    ConflictingFilesError,
    NoAppFileError,
    PackageTooBigError,
    UnreadableFileError,
)
from chalice_packager.target import UNZIPPED_LIMIT
from chalice_packager.wheels import is_bytecode

APP = "the application"
VENDOR = "vendor"
EXTENSIONS_FILE = "_chalice_extensions.py"

# Windows keeps no permission to execute, so a file's beginning has to tell:
# a script's interpreter line, a program of Linux.
_PROGRAM = (b"#!", b"\x7fELF")


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A file that goes into the package.

    Args:
        archive: its name there.
        content: its bytes.
        owner: `APP`, `VENDOR`, a distribution or a plugin.
        executable: whether people may run it.
    """

    archive: str
    content: bytes
    owner: str
    executable: bool = False


def app_sources(project_dir: Path) -> Iterator[Source]:
    """Yield `app.py` and everything below `chalicelib`.

    Raises:
        NoAppFileError: there is no `app.py`.
        UnreadableFileError: a file cannot be read.
    """
    app = project_dir / "app.py"
    if not app.is_file():
        raise NoAppFileError(project_dir=project_dir)
    yield _source(app, "app.py", APP)
    yield from _tree(project_dir / "chalicelib", "chalicelib/", APP)


def vendor_sources(project_dir: Path) -> Iterator[Source]:
    """Yield what is in `vendor`, as if it were at the root.

    Raises:
        UnreadableFileError: a file cannot be read.
    """
    yield from _tree(project_dir / "vendor", "", VENDOR)


def runtime_sources(manifest: Manifest) -> Iterator[Source]:
    """Yield the files of the runtime halves, and the frozen answer to what extends the application.

    Raises:
        UnreadableFileError: a file cannot be read.
        BadArchiveNameError: a distribution gives a file a name outside the package.
        ConflictingFilesError: two distributions give one name.
    """
    owners: dict[str, str] = {}
    for file in manifest.runtime_files:
        fault = fault_in_name(file.archive)
        if fault is not None:
            raise BadArchiveNameError(archive=file.archive, owner=file.distribution, reason=fault)
        if is_bytecode(file.archive):
            continue
        if file.archive in owners:
            raise ConflictingFilesError(
                archive=file.archive, owners=(owners[file.archive], file.distribution)
            )
        owners[file.archive] = file.distribution
        yield _source(Path(file.path), file.archive, file.distribution)
    yield Source(
        archive=EXTENSIONS_FILE,
        content=extensions_module(manifest.extensions),
        owner="chalice-runtime",
    )


def extensions_module(extensions: Extensions) -> bytes:
    """Write the module that tells the runtime in Lambda who provides which name."""

    def table(name: str, entries: Mapping[str, str]) -> str:
        rows = "".join(f"    {key!a}: {value!a},\n" for key, value in sorted(entries.items()))
        return f"{name} = {{\n{rows}}}\n" if rows else f"{name} = {{}}\n"

    tables = [
        table("DECORATORS", extensions.decorators),
        table("EXPORTS", extensions.exports),
        table("ATTRIBUTES", extensions.attributes),
    ]
    return "".join(tables).encode()


def _tree(folder: Path, prefix: str, owner: str) -> Iterator[Source]:
    if folder.is_dir():
        real = folder.resolve()
        # The folders around it, too: a link to one of them would pack the project itself, secrets included.
        yield from _below(folder, prefix, owner, (real, *real.parents))


def _below(folder: Path, prefix: str, owner: str, above: tuple[Path, ...]) -> Iterator[Source]:
    """Yield files, following links but never back into a folder that the walk is already in."""
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        raise UnreadableFileError(path=folder, reason=error.strerror or str(error)) from error
    for entry in entries:
        path = Path(entry.path)
        if is_bytecode(entry.name):
            continue
        if path.is_dir():
            real = path.resolve()
            if real not in above:
                yield from _below(path, f"{prefix}{entry.name}/", owner, (*above, real))
        else:
            yield _source(path, f"{prefix}{entry.name}", owner)


def _source(path: Path, archive: str, owner: str) -> Source:
    fault = fault_in_name(archive)
    if fault is not None:
        raise BadArchiveNameError(archive=archive, owner=owner, reason=fault)
    try:
        facts = path.stat()
        mode = facts.st_mode
        if not stat.S_ISREG(mode):
            raise UnreadableFileError(path=path, reason="it is no regular file")
        if facts.st_size >= UNZIPPED_LIMIT:
            raise PackageTooBigError(
                size=facts.st_size, limit=UNZIPPED_LIMIT, sizes={f"{owner}: {archive}": facts.st_size}
            )
        content = path.read_bytes()
    except OSError as error:
        raise UnreadableFileError(path=path, reason=error.strerror or str(error)) from error
    executable = content.startswith(_PROGRAM) if os.name == "nt" else bool(mode & stat.S_IXUSR)
    return Source(archive=archive, content=content, owner=owner, executable=executable)
