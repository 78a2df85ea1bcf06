"""The archive: a zip file whose bytes depend on names and contents alone.

`zipfile` would compress again what is already compressed in a wheel, and the
result would depend on the zlib at hand.  Writing the records here lets members
be copied as they are, under fixed dates and modes.  The format is PKWARE's
APPNOTE.TXT 6.3.10; section numbers below refer to it.
"""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

STORED = 0
DEFLATED = 8

# MS-DOS time and date of 1980-01-01 00:00, the earliest there is (4.4.6).
_MOMENT = (0, 33)
_UTF8_NAME = 0x800
_MADE_ON_UNIX = 0x0314
_NEEDS = 20
_ZIP64_NEEDS = 45
_REGULAR_FILE = 0o100000
# 4.4.1.4: larger counts go into the zip64 records.
_MOST_ENTRIES = 0xFFFF
_MOST_BYTES = 0xFFFFFFFF

EMPTY_ARCHIVE = 22
"""Bytes of an archive with nothing in it (4.3.16)."""

# Fixed, so that a package made elsewhere is the same.
_LEVEL = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A file in an archive.

    Args:
        name: relative, with forward slashes.
        method: `STORED` or `DEFLATED`.
        crc: CRC-32 of the content.
        size: bytes of the content.
        data: the content as it is stored.
        executable: whether people may run it.
        owner: whose it is, for people to read: a distribution, a folder.
    """

    name: str
    method: int
    crc: int
    size: int
    data: bytes
    executable: bool
    owner: str

    def content(self) -> bytes:
        """Return the content."""
        return self.data if self.method == STORED else zlib.decompress(self.data, -zlib.MAX_WBITS)


def member_of(name: str, content: bytes, *, owner: str, executable: bool = False) -> Member:
    """Compress a content, unless that makes it longer."""
    deflate = zlib.compressobj(_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS, 9)
    squeezed = deflate.compress(content) + deflate.flush()
    smaller = len(squeezed) < len(content)
    return Member(
        name=name,
        method=DEFLATED if smaller else STORED,
        crc=zlib.crc32(content),
        size=len(content),
        data=squeezed if smaller else content,
        executable=executable,
        owner=owner,
    )


def fault_in_name(name: str) -> str | None:
    """Say why a name may not stand in an archive, or return None when it may.

    A name that is absolute, climbs, or means something else to another system
    could write outside the folder that the archive is unpacked into.
    """
    if not name:
        return "it is empty"
    if "\\" in name:
        return "it contains a backslash"
    if name.startswith("/") or re.match("[A-Za-z]:", name):
        return "it is absolute"
    if any(ord(character) < 32 or ord(character) == 127 for character in name):
        return "it contains a control character"
    if any(part in ("", ".", "..") for part in name.split("/")):
        return "it does not stay inside its folder"
    try:
        length = len(name.encode())
    except UnicodeEncodeError:
        return "it is not Unicode text"
    return "it is longer than 4096 bytes" if length > 4096 else None


def unzipped_archive(file: Path) -> int:
    """Return how many bytes the files of an archive have."""
    with zipfile.ZipFile(file) as archive:
        return sum(entry.file_size for entry in archive.infolist())


def write_archive(file: BinaryIO, members: Iterable[Member]) -> None:
    """Write the members, sorted by name.

    Args:
        file: open for writing, empty.
        members: with distinct, valid names.

    Raises:
        ValueError: two members have the same name, or the archive exceeds 4 GiB.
    """
    ordered = sorted(members, key=lambda member: member.name.encode())
    central: list[bytes] = []
    position = 0
    last = None
    for member in ordered:
        if member.name == last:
            raise ValueError(f"two members are named {last!r}")
        last = member.name
        name = member.name.encode()
        if max(position, member.size, len(member.data)) >= _MOST_BYTES:
            raise ValueError("an archive of 4 GiB or more is not supported")
        common = struct.pack(
            "<HHHHHIII",
            _NEEDS,
            0 if member.name.isascii() else _UTF8_NAME,
            member.method,
            *_MOMENT,
            member.crc,
            len(member.data),
            member.size,
        )
        header = b"PK\x03\x04" + common + struct.pack("<HH", len(name), 0) + name  # 4.3.7
        file.write(header)
        file.write(member.data)
        mode = _REGULAR_FILE | (0o755 if member.executable else 0o644)
        central.append(  # 4.3.12
            b"PK\x01\x02"
            + struct.pack("<H", _MADE_ON_UNIX)
            + common
            + struct.pack("<HHHHHII", len(name), 0, 0, 0, 0, mode << 16, position)
            + name
        )
        position += len(header) + len(member.data)
    directory = b"".join(central)
    file.write(directory)
    file.write(_end(count=len(central), size=len(directory), position=position))


def _end(*, count: int, size: int, position: int) -> bytes:
    """Return the records that end an archive."""
    records = b""
    if count > _MOST_ENTRIES:
        records = b"PK\x06\x06" + struct.pack(  # 4.3.14, and its locator, 4.3.15
            "<QHHIIQQQQ", 44, _MADE_ON_UNIX, _ZIP64_NEEDS, 0, 0, count, count, size, position
        )
        records += b"PK\x06\x07" + struct.pack("<IQI", 0, position + size, 1)
    shown = min(count, _MOST_ENTRIES)
    return records + b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, shown, shown, size, position, 0)  # 4.3.16
