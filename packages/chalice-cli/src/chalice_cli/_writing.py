"""Write a set of files so that a failure leaves nothing half written."""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from chalice_cli._errors import CannotWriteError


def write_all(folder: Path, files: Mapping[str, bytes | Path]) -> None:
    """Write files into a folder, all of them or none.

    Everything is written beside the folder first.  A new folder then appears in one step; in one
    that exists each file is replaced in one step, and what else is in it stays.

    Args:
        folder: created when it is not there, with its parents.
        files: relative name (forward slashes) to content, or to a file to copy.

    Raises:
        CannotWriteError: the folder cannot be written; it is what it was.
    """
    _check_names(files)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent) as scratch:
            staged = Path(scratch, "new")
            for name, content in files.items():
                target = staged / name
                target.parent.mkdir(parents=True, exist_ok=True)
                if isinstance(content, bytes):
                    target.write_bytes(content)
                else:
                    shutil.copyfile(content, target)
            if not folder.exists():
                staged.rename(folder)
                return
            for name in files:
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
            for name in files:
                (staged / name).replace(folder / name)
    except OSError as error:
        raise CannotWriteError(path=folder, problem=error) from error


def write_archive(file: Path, files: Mapping[str, bytes | Path]) -> None:
    """Write files into one zip file; the same files give the same bytes.

    Args:
        file: replaced in one step; its parents are created.
        files: relative name (forward slashes) to content, or to a file whose content it takes.

    Raises:
        CannotWriteError: the file cannot be written; it is what it was.
    """
    _check_names(files)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{file.name}-", dir=file.parent) as scratch:
            staged = Path(scratch, "new")
            with zipfile.ZipFile(staged, "w") as archive:
                for name, content in sorted(files.items()):
                    # The first date of the format and the mode of a plain file, wherever this runs.
                    entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
                    entry.external_attr, entry.create_system = 0o100644 << 16, 3
                    # Templates are text, and packages are compressed already.
                    packed = isinstance(content, bytes)
                    entry.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
                    archive.writestr(entry, content if isinstance(content, bytes) else content.read_bytes())
            staged.replace(file)
    except OSError as error:
        raise CannotWriteError(path=file, problem=error) from error


def _check_names(files: Mapping[str, bytes | Path]) -> None:
    for name in files:
        parts = PurePosixPath(name).parts
        if not parts or ".." in parts or PurePosixPath(name).is_absolute():
            raise ValueError(f"{name!r} is not a name inside a folder")
