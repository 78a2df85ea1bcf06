"""Where deployment packages and layers lie unpacked, one folder per content.

An archive comes from a user's build, so it is unpacked with suspicion: no
entry may land outside its folder, no link may point outside it.
"""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import stat
import threading
import time
import zipfile
from pathlib import Path, PurePosixPath
from tempfile import mkdtemp
from typing import TYPE_CHECKING

from chalice_local.errors import UnsafeArchiveError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chalice_local.function import CodeBundle

__all__ = ["CodeStore", "unpack"]

# Longer than any invocation can run, and than an idle worker is kept.
UNUSED_SECONDS = 1200.0


class CodeStore:
    """Unpacks each archive once.

    Args:
        folder: created when needed; everything below it belongs to the store.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder.absolute()  # a worker has another working directory
        self._locks: dict[str, threading.Lock] = {}
        self._guard = threading.Lock()
        self._keys: dict[str, str] = {}  # digest of the bytes, by the digest that AWS gives
        self._asked: dict[str, float] = {}

    def path(self, bundle: CodeBundle) -> Path:
        """Return the folder that holds the content of ``bundle``.

        Raises:
            UnsafeArchiveError: an entry would leave the folder.
            zipfile.BadZipFile: the bytes are no zip archive.
        """
        key = hashlib.sha256(bundle.data).hexdigest()[:32]
        with self._guard:
            self._keys[bundle.sha256] = key
            self._asked[key] = time.monotonic()
            lock = self._locks.setdefault(key, threading.Lock())
        target = self._folder / key
        with lock:
            if target.is_dir():
                return target
            self._folder.mkdir(parents=True, exist_ok=True)
            # Renamed when complete, so that a folder of that name is whole.
            partial = Path(mkdtemp(prefix="unpack-", dir=self._folder))
            try:
                unpack(bundle.data, partial)
                partial.rename(target)
            except BaseException:
                shutil.rmtree(partial, ignore_errors=True)
                raise
            return target

    def prune(self, needed: Iterable[CodeBundle], *, unused_seconds: float = UNUSED_SECONDS) -> list[Path]:
        """Remove folders whose bundle is not among ``needed``.

        Args:
            needed: what a function or layer has now.
            unused_seconds: a folder that was asked for more recently stays: a worker may still run from it.

        Returns:
            What was removed.
        """
        limit = time.monotonic() - unused_seconds
        with self._guard:
            kept = {self._keys.get(bundle.sha256) for bundle in needed}
            unused = [key for key, asked in self._asked.items() if key not in kept and asked <= limit]
            for key in unused:
                del self._asked[key]
        for key in unused:
            with self._locks[key]:
                # A file that is still open cannot be removed on Windows; it goes with the next start.
                shutil.rmtree(self._folder / key, ignore_errors=True)
        return [self._folder / key for key in unused]


def unpack(data: bytes, folder: Path) -> None:
    """Unpack a zip archive into ``folder``, which must exist.

    Permission bits are kept, because a package may bring executables. Links are made when they stay
    inside the folder, as Lambda does.

    Raises:
        UnsafeArchiveError: an entry is absolute, has ``..`` or a drive, or links outside.
        zipfile.BadZipFile: ``data`` is no zip archive.
    """
    links: list[tuple[Path, str]] = []
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for info in archive.infolist():
            target = folder.joinpath(*_safe_parts(info.filename))
            mode = info.external_attr >> 16
            if stat.S_ISLNK(mode):
                links.append((target, archive.read(info).decode()))
                continue
            if info.is_dir():
                target.mkdir(parents=True, exist_ok=True)
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            with archive.open(info) as source, target.open("wb") as sink:
                shutil.copyfileobj(source, sink)
            if mode & 0o777:
                # The owner can always read and replace; Lambda runs packages that lack these bits no better.
                target.chmod((mode & 0o777) | 0o600)
    # Links are made last: no file was written through one.
    for target, destination in links:
        _link(target, destination, folder)


def _safe_parts(name: str) -> tuple[str, ...]:
    plain = name.replace("\\", "/")
    path = PurePosixPath(plain)
    if path.is_absolute() or ".." in path.parts:
        raise UnsafeArchiveError(entry=name, reason="It would be written outside the folder of the function.")
    if any(":" in part for part in path.parts) and os.name == "nt":
        raise UnsafeArchiveError(entry=name, reason="Its name has a drive or stream on this system.")
    if not path.parts:
        raise UnsafeArchiveError(entry=name, reason="It has no name.")
    return path.parts


def _link(target: Path, destination: str, folder: Path) -> None:
    root = folder.resolve()
    resolved = (target.parent / destination).resolve()
    if PurePosixPath(destination).is_absolute() or not resolved.is_relative_to(root):
        raise UnsafeArchiveError(entry=str(target.relative_to(folder)), reason="It links outside the folder.")
    if not target.parent.resolve().is_relative_to(root):
        raise UnsafeArchiveError(entry=str(target.relative_to(folder)), reason="It lies behind a link.")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.symlink_to(destination)
