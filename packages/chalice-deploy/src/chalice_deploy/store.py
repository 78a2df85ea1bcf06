"""Where records are kept.

A store keeps one document per stage, replaces it as a whole, and lets one
process at a time hold its lock.  `FileRecords` keeps them in a folder.
"""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from chalice_deploy.record_errors import LockedError, UnreadableRecordError, UnwritableRecordError


class RecordStore(Protocol):
    """Keeps the records of an application's stages."""

    def where(self, stage: str) -> str:
        """Return what messages call the place of a stage's record."""

    def read(self, stage: str) -> bytes | None:
        """Return the record, or None when there is none.

        Raises:
            ToolError: the place cannot be read.
        """

    def write(self, stage: str, content: bytes) -> None:
        """Replace the record.  A reader sees the old one or the new one, whenever the machine stops.

        Raises:
            ToolError: the place cannot be written; the old record is still there.
        """

    def remove(self, stage: str) -> None:
        """Remove the record; nothing happens when there is none.

        Raises:
            ToolError: it cannot be removed.
        """

    def lock(self, stage: str) -> AbstractContextManager[None]:
        """Return a context in which nobody else may deploy the stage.

        A process that ends, however it ends, loses the lock.

        Raises:
            LockedError: somebody else holds the lock.
            ToolError: the place cannot be locked.
        """


class FileRecords:
    """Records in a folder: ``<stage>.json``.

    Args:
        folder: created when something is first written.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def where(self, stage: str) -> str:
        """Return the path of the record."""
        return str(self._path(stage))

    def read(self, stage: str) -> bytes | None:
        """Return the record, or None when there is none."""
        try:
            return self._path(stage).read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise UnreadableRecordError(where=self.where(stage), detail=_reason(error)) from error

    def write(self, stage: str, content: bytes) -> None:
        """Replace the record: written beside it, flushed to the disk, renamed."""
        path = self._path(stage)
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            descriptor, temporary = tempfile.mkstemp(prefix=f".{stage}.", suffix=".tmp", dir=self._folder)
            try:
                with os.fdopen(descriptor, "wb") as file:
                    file.write(content)
                    file.flush()
                    os.fsync(file.fileno())
                Path(temporary).replace(path)
            except OSError:
                Path(temporary).unlink(missing_ok=True)
                raise
            self._sync_folder()
        except OSError as error:
            raise UnwritableRecordError(where=str(path), detail=_reason(error)) from error

    def remove(self, stage: str) -> None:
        """Remove the record."""
        path = self._path(stage)
        try:
            path.unlink(missing_ok=True)
            for leftover in self._folder.glob(f".{stage}.*.tmp"):
                leftover.unlink(missing_ok=True)
        except OSError as error:
            raise UnwritableRecordError(where=str(path), detail=_reason(error)) from error

    @contextlib.contextmanager
    def lock(self, stage: str) -> Iterator[None]:
        """Hold the operating system's lock on ``<stage>.lock``; the file is there only meanwhile."""
        path = self._folder / f"{stage}.lock"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            descriptor = _acquire(path)
        except BlockingIOError as error:
            raise LockedError(where=self.where(stage)) from error
        except OSError as error:
            raise UnwritableRecordError(where=self.where(stage), detail=_reason(error)) from error
        try:
            yield
        finally:
            _release(path, descriptor)

    def _path(self, stage: str) -> Path:
        return self._folder / f"{stage}.json"

    def _sync_folder(self) -> None:
        # A rename is durable once its folder is flushed too; Windows has no such call and needs none.
        if sys.platform != "win32":
            descriptor = os.open(self._folder, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)


if sys.platform == "win32":
    import msvcrt

    def _try_lock(descriptor: int) -> None:
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except PermissionError as error:
            raise BlockingIOError(str(error)) from error

    def _release(path: Path, descriptor: int) -> None:
        os.lseek(descriptor, 0, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)
        os.close(descriptor)
        # Another process may have opened it by now; Windows then refuses, and it is theirs to remove.
        with contextlib.suppress(PermissionError):
            path.unlink(missing_ok=True)

else:
    import fcntl

    def _try_lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _release(path: Path, descriptor: int) -> None:
        path.unlink(missing_ok=True)
        os.close(descriptor)


def _acquire(path: Path) -> int:
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _try_lock(descriptor)
            # If the holder before us has removed the file meanwhile, this lock is on a file without a name.
            if path.exists() and os.path.samestat(os.fstat(descriptor), path.stat()):
                return descriptor
        except FileNotFoundError:
            os.close(descriptor)
            continue
        except BaseException:
            os.close(descriptor)
            raise
        os.close(descriptor)


def _reason(error: OSError) -> str:
    return error.strerror or str(error)
