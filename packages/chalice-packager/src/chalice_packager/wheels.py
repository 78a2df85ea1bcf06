"""Wheels: what they are for, what they require, and their files as archive members.

A wheel is a zip file (PEP 427) made by a stranger, so nothing in it is
believed: names are checked, sizes and checksums are recomputed.
"""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from email.parser import BytesHeaderParser
from pathlib import Path
from typing import BinaryIO

from packaging.requirements import InvalidRequirement, Requirement
from packaging.tags import Tag
from packaging.utils import InvalidWheelFilename, NormalizedName, parse_wheel_filename

from chalice_packager.archive import DEFLATED, STORED, Member, fault_in_name, member_of
from chalice_packager.errors import BadWheelError

# Only these two schemes belong on sys.path; scripts, headers and data would be dead weight.
_SCHEME = re.compile(r"[^/]+\.data/(?:(?:purelib|platlib)/(?P<rest>.+)|[^/]+(?:/.*)?)$")
_ENCRYPTED = 0x1
_UTF8_NAME = 0x800

# What reading a damaged archive may raise.
_DAMAGES = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    OSError,
    EOFError,
    UnicodeDecodeError,
    NotImplementedError,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wheel:
    """A wheel file.

    Args:
        path: of the file.
        name: of the distribution, normalised (PEP 503).
        version: of the distribution.
        tags: the combinations of Python, ABI and platform that it is made for.
    """

    path: Path
    name: NormalizedName
    version: str
    tags: frozenset[Tag]


def wheel_at(path: Path) -> Wheel:
    """Read a wheel's file name.

    Raises:
        BadWheelError: it is not the name of a wheel.
    """
    try:
        name, version, _, tags = parse_wheel_filename(path.name)
    except InvalidWheelFilename as error:
        raise BadWheelError(wheel=path.name, reason=str(error)) from error
    return Wheel(path=path, name=name, version=str(version), tags=tags)


def wheels_in(folder: Path) -> tuple[Wheel, ...]:
    """Return the wheels in a folder, sorted by name, so that no order of a file system shows.

    Raises:
        BadWheelError: a file has not the name of a wheel.
    """
    return tuple(sorted(map(wheel_at, folder.glob("*.whl")), key=lambda wheel: (wheel.name, wheel.path.name)))


def requirements_of(wheel: Wheel) -> tuple[Requirement, ...]:
    """Return what a wheel requires, markers included.

    Raises:
        BadWheelError: its metadata cannot be read.
    """
    try:
        with zipfile.ZipFile(wheel.path) as archive:
            names = [name for name in archive.namelist() if re.fullmatch(r"[^/]+\.dist-info/METADATA", name)]
            if len(names) != 1:
                raise BadWheelError(wheel=wheel.path.name, reason=f"It has {len(names)} METADATA files")
            headers = BytesHeaderParser().parsebytes(archive.read(names[0]))
        return tuple(Requirement(line) for line in headers.get_all("Requires-Dist", []))
    except _DAMAGES as error:
        raise BadWheelError(wheel=wheel.path.name, reason=str(error)) from error
    except InvalidRequirement as error:
        raise BadWheelError(
            wheel=wheel.path.name, reason=f"A requirement of it is invalid: {error}"
        ) from error


def members_of(wheel: Wheel) -> Iterator[Member]:
    """Yield what a wheel puts on ``sys.path``, without its bytecode.

    Raises:
        BadWheelError: the wheel is damaged, or a name in it would leave the package.
    """
    seen: set[str] = set()
    for member in read_members(wheel.path, owner=wheel.name):
        placed = _placed(member.name)
        if placed is None or is_bytecode(placed):
            continue
        if placed in seen:
            raise BadWheelError(wheel=wheel.path.name, reason=f"It gives {placed!r} twice")
        seen.add(placed)
        yield replace(member, name=placed)


def declared_size(wheel: Wheel) -> int:
    """Return how many bytes a wheel says that it unpacks to.

    Raises:
        BadWheelError: it cannot be read.
    """
    try:
        with zipfile.ZipFile(wheel.path) as archive:
            return sum(info.file_size for info in archive.infolist())
    except _DAMAGES as error:
        raise BadWheelError(wheel=wheel.path.name, reason=f"It is damaged: {error}") from error


def read_members(path: Path, *, owner: str) -> Iterator[Member]:
    """Yield the files in an archive.

    They keep their compressed bytes: these are independent of the zlib at
    hand, and nothing has to be compressed again.

    Args:
        path: of the archive.
        owner: whose they are.

    Raises:
        BadWheelError: the archive is damaged, or a name in it would leave the package.
    """
    try:
        with zipfile.ZipFile(path) as archive, path.open("rb") as raw:
            for info in archive.infolist():
                # zipfile cuts names at a NUL and changes separators; what was written is what is judged.
                name = info.orig_filename
                fault = fault_in_name(name.removesuffix("/"))
                if fault is not None:
                    raise BadWheelError(wheel=path.name, reason=f"The name {name!r} in it is bad: {fault}")
                if info.flag_bits & _ENCRYPTED:
                    raise BadWheelError(wheel=path.name, reason=f"{name!r} in it is encrypted")
                if not name.endswith("/"):
                    yield _member(archive, raw, info, owner)
    except _DAMAGES as error:
        raise BadWheelError(wheel=path.name, reason=f"It is damaged: {error}") from error


def is_bytecode(name: str) -> bool:
    """Tell compiled Python: only the interpreter and the file date that it was made for can use it."""
    return name.endswith((".pyc", ".pyo")) or "__pycache__" in name.split("/")


def _placed(name: str) -> str | None:
    """Return where a member goes, or None when it stays out (PEP 427, "The .data directory")."""
    match = _SCHEME.match(name)
    return name if match is None else match["rest"]


def _member(archive: zipfile.ZipFile, raw: BinaryIO, info: zipfile.ZipInfo, owner: str) -> Member:
    name = info.orig_filename
    executable = bool(info.external_attr >> 16 & 0o111)
    if info.compress_type not in (STORED, DEFLATED):
        # PEP 427 knows no others, and so may those who unpack the package.
        raise zipfile.BadZipFile(f"{name!r} is compressed by the unusual method {info.compress_type}")
    if info.compress_type == STORED:
        return member_of(name, archive.read(info), owner=owner, executable=executable)
    data = _stored_bytes(raw, info)
    inflate = zlib.decompressobj(-zlib.MAX_WBITS)
    # The bound keeps a small archive from filling the memory.
    content = inflate.decompress(data, info.file_size + 1)
    # Not all readers tolerate bytes after the end of the compressed stream, as zipfile does.
    whole = inflate.eof and not inflate.unused_data
    if not whole or len(content) != info.file_size or zlib.crc32(content) != info.CRC:
        raise zipfile.BadZipFile(f"{name!r} is not what the directory says")
    return Member(
        name=name,
        method=DEFLATED,
        crc=info.CRC,
        size=info.file_size,
        data=data,
        executable=executable,
        owner=owner,
    )


def _stored_bytes(raw: BinaryIO, info: zipfile.ZipInfo) -> bytes:
    """Return a member's bytes as they are in the file (APPNOTE.TXT 4.3.7)."""
    raw.seek(info.header_offset)
    signature, flags, name_length, extra_length = struct.unpack("<4s2xH18xHH", raw.read(30))
    name = raw.read(name_length).decode("utf-8" if flags & _UTF8_NAME else "cp437")
    if signature != b"PK\x03\x04" or name != info.orig_filename:
        raise zipfile.BadZipFile(f"{info.orig_filename!r} has another name in its header")
    raw.seek(extra_length, 1)
    return raw.read(info.compress_size)
