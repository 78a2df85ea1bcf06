"""Write a set of files so that a failure leaves nothing half written."""

from __future__ import annotations

import shutil
import tempfile
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
    for name in files:
        parts = PurePosixPath(name).parts
        if not parts or ".." in parts or PurePosixPath(name).is_absolute():
            raise ValueError(f"{name!r} is not a name inside a folder")
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
