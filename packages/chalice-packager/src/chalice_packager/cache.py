"""The cache: finished packages and resolved dependencies, each under a digest of what it was made from.

Everything is written beside its place and renamed into it, so a reader sees a
whole entry or none, and of two builds at the same time both succeed.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from chalice_core.artifact import Artifact
from chalice_packager.archive import Member, write_archive
from chalice_packager.errors import CacheUnwritableError

_KEPT = 5
# Another build may be using what it made a moment ago.
_SPARED_SECONDS = 3600
# Beside the wheels: what could not be had, and the wheels' digests.
_RESOLUTION = "resolution.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """A package in the cache.

    Args:
        artifact: the file.
        notices: what was told when it was made, and is still true.
    """

    artifact: Artifact
    notices: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """Resolved dependencies in the cache.

    Args:
        folder: with the wheels; bytecode of theirs is kept beside them.
        missing: what could not be had.
    """

    folder: Path
    missing: tuple[str, ...]


class Cache:
    """A folder with packages and dependencies.

    Args:
        folder: created when something is written.
    """

    def __init__(self, folder: Path) -> None:
        folder = folder.resolve()
        self._packages = folder / "packages"
        self._dependencies = folder / "dependencies"

    def package(self, key: str) -> Finished | None:
        """Return the package with this key, unless it is missing or was damaged."""
        archive, note = self._packages / f"{key}.zip", self._packages / f"{key}.json"
        try:
            said = json.loads(note.read_text(encoding="utf-8"))
            digest, size = _digest(archive)
        except (OSError, ValueError):
            # Missing or damaged; it will be written again, and if it cannot be, writing says why.
            return None
        if not isinstance(said, dict) or said.get("sha256") != digest:
            return None
        _touch(note)
        artifact = Artifact(path=archive, sha256=digest, size=size)
        return Finished(artifact=artifact, notices=tuple(said["notices"]))

    def store_package(self, key: str, members: Sequence[Member], notices: Sequence[str]) -> Finished:
        """Write a package.

        Raises:
            CacheUnwritableError: it cannot be written; the cache is as it was.
        """
        archive, note = self._packages / f"{key}.zip", self._packages / f"{key}.json"
        with _writing(self._packages):
            with _replacing(archive) as temporary, temporary.open("wb") as file:
                write_archive(file, members)
            digest, size = _digest(archive)
            content = json.dumps({"sha256": digest, "notices": list(notices)})
            with _replacing(note) as temporary:
                temporary.write_text(content, encoding="utf-8")
            self._prune_packages(keep=key)
        return Finished(artifact=Artifact(path=archive, sha256=digest, size=size), notices=tuple(notices))

    def dependencies(self, key: str, resolve: Callable[[Path], Sequence[str]]) -> Resolved:
        """Return resolved dependencies, resolving them when they are not there.

        Args:
            key: digest of what they depend on.
            resolve: fills an empty folder with wheels, and returns what could not be had.

        Raises:
            CacheUnwritableError: they cannot be written.
            ToolError: as ``resolve`` raised it; the cache is as it was.
        """
        place = self._dependencies / key
        resolved = _resolution(place)
        if resolved is None:
            with _writing(self._dependencies):
                self._dependencies.mkdir(parents=True, exist_ok=True)
                # What is there was damaged, or its folder has lost files.
                shutil.rmtree(place, ignore_errors=True)
                temporary = Path(tempfile.mkdtemp(prefix=".new-", dir=self._dependencies))
            try:
                missing = resolve(temporary)
                with _writing(self._dependencies):
                    note = {"missing": list(missing), "wheels": _wheel_digests(temporary)}
                    (temporary / _RESOLUTION).write_text(json.dumps(note), encoding="utf-8")
                    _rename_folder(temporary, place)
            finally:
                shutil.rmtree(temporary, ignore_errors=True)
            self._prune_dependencies(keep=key)
            return Resolved(folder=place, missing=tuple(missing))
        _touch(place / _RESOLUTION)
        return resolved

    def store_bytecode(self, file: Path, members: Sequence[Member]) -> None:
        """Keep compiled members as an archive.

        Raises:
            CacheUnwritableError: it cannot be written.
        """
        with _writing(file.parent), _replacing(file) as temporary, temporary.open("wb") as stream:
            write_archive(stream, members)

    def _prune_packages(self, keep: str) -> None:
        for note in _old(self._packages.glob("*.json"), keep):
            note.with_suffix(".zip").unlink(missing_ok=True)
            note.unlink(missing_ok=True)

    def _prune_dependencies(self, keep: str) -> None:
        with _writing(self._dependencies):
            notes = self._dependencies.glob(f"*/{_RESOLUTION}")
            for note in _old(notes, keep, name=lambda path: path.parent.name):
                shutil.rmtree(note.parent, ignore_errors=True)
            for left in self._dependencies.glob(".new-*"):
                # Of a build that was killed.
                if _used(left) < time.time() - _SPARED_SECONDS:
                    shutil.rmtree(left, ignore_errors=True)


def _resolution(place: Path) -> Resolved | None:
    """Return resolved dependencies, unless they are missing or were damaged."""
    try:
        said = json.loads((place / _RESOLUTION).read_text(encoding="utf-8"))
        wheels = _wheel_digests(place)
    except (OSError, ValueError):
        return None
    if not isinstance(said, dict) or said.get("wheels") != wheels:
        return None
    return Resolved(folder=place, missing=tuple(said["missing"]))


def _wheel_digests(folder: Path) -> dict[str, str]:
    return {file.name: _digest(file)[0] for file in folder.glob("*.whl")}


def _old(
    notes: Iterator[Path], keep: str, name: Callable[[Path], str] = lambda path: path.stem
) -> list[Path]:
    """Return the entries that were not used lately, but for the newest few."""
    dated = sorted(((_used(note), note) for note in notes if name(note) != keep), reverse=True)
    spared = time.time() - _SPARED_SECONDS
    return [note for moment, note in dated[_KEPT - 1 :] if moment < spared]


def _used(path: Path) -> float:
    """Return when something was last used; something that another build has just removed is new."""
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return time.time()


def _touch(note: Path) -> None:
    # The date only says what to remove first; a cache that can be read and not written serves as well.
    with suppress(OSError):
        os.utime(note)


def _digest(file: Path) -> tuple[str, int]:
    digest = hashlib.sha256()
    size = 0
    with file.open("rb") as stream:
        while chunk := stream.read(1 << 20):
            digest.update(chunk)
            size += len(chunk)
    return digest.hexdigest(), size


@contextmanager
def _writing(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise CacheUnwritableError(path=folder, reason=error.strerror or str(error)) from error


@contextmanager
def _replacing(file: Path) -> Iterator[Path]:
    """Yield a new file beside another, which takes its place when all went well."""
    file.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(prefix=".new-", dir=file.parent)
    os.close(descriptor)
    temporary = Path(name)
    try:
        yield temporary
        try:
            temporary.replace(file)
        except PermissionError:
            # Windows refuses while another process reads the old file, which has the same content.
            if not file.exists():
                raise
    finally:
        temporary.unlink(missing_ok=True)


def _rename_folder(source: Path, place: Path) -> None:
    try:
        source.rename(place)
    except OSError:
        # Another build was faster; its result serves as well.
        if not (place / _RESOLUTION).is_file():
            raise
