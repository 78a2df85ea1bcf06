"""Wheels are read with suspicion."""

from __future__ import annotations

import io
import struct
import sys
import zipfile
import zlib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalice_packager.archive import DEFLATED, STORED, Member, fault_in_name, member_of, write_archive
from chalice_packager.errors import BadWheelError
from chalice_packager.target import LambdaTarget
from chalice_packager.wheels import members_of, requirements_of, wheel_at

HOSTILE = [
    "../evil.py",
    "a/../../evil.py",
    "/etc/passwd",
    "C:/evil.py",
    "c:evil.py",
    "a\\..\\evil.py",
    "\\\\server\\share",
    "a//b.py",
    "./a.py",
    "a/./b.py",
    "a/\n.py",
    "..",
    "x-1.0.data/purelib/../../evil.py",
    "x-1.0.data/purelib//etc/passwd",
]


def archive_of(folder: Path, names: list[str], *, patch: bytes | None = None) -> Path:
    path = folder / "x-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            info = zipfile.ZipInfo("placeholder")
            info.filename = name
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, b"content " * 10)
    return path


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_that_leaves_the_package_is_refused(tmp_path: Path, name: str) -> None:
    wheel = wheel_at(archive_of(tmp_path, ["good.py", name]))

    with pytest.raises(BadWheelError) as caught:
        list(members_of(wheel))

    assert caught.value.wheel == "x-1.0-py3-none-any.whl"


def test_a_name_with_a_nul_is_refused(tmp_path: Path) -> None:
    path = archive_of(tmp_path, ["goodXevil.py"])
    path.write_bytes(path.read_bytes().replace(b"goodXevil.py", b"good\0evil.py"))

    with pytest.raises(BadWheelError):
        list(members_of(wheel_at(path)))


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30))
def test_what_is_accepted_stays_inside(tmp_path: Path, name: str) -> None:
    inside = tmp_path / "package"
    if fault_in_name(name) is not None:
        return

    place = (inside / name).resolve()

    assert place.is_relative_to(inside)
    assert place != inside


@settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_damaged_wheel_is_refused_or_read_right(tmp_path: Path, data: st.DataObject) -> None:
    path = archive_of(tmp_path, ["a.py", "b.txt"])
    good = path.read_bytes()
    position = data.draw(st.integers(0, len(good) - 1))
    value = data.draw(st.integers(0, 255))
    path.write_bytes(good[:position] + bytes([value]) + good[position + 1 :])

    try:
        members = list(members_of(wheel_at(path)))
    except BadWheelError:
        return

    for member in members:
        assert fault_in_name(member.name) is None
        assert zlib.crc32(member.content()) == member.crc
        assert len(member.content()) == member.size


def test_compressed_bytes_are_copied_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "x-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("a.txt", b"some text, some text, some more text " * 50)
        (info,) = archive.infolist()

    (member,) = members_of(wheel_at(path))

    raw = path.read_bytes()
    assert member.data == raw[info.header_offset + 30 + len("a.txt") :][: info.compress_size]
    assert member.method == DEFLATED


def test_what_was_not_compressed_is(tmp_path: Path) -> None:
    path = tmp_path / "x-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("a.txt", b"text " * 100)

    (member,) = members_of(wheel_at(path))

    assert member.method == DEFLATED
    assert member.content() == b"text " * 100


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_compressions_that_a_reader_may_lack_are_refused(tmp_path: Path, method: int) -> None:
    path = tmp_path / "x-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w", method) as archive:
        archive.writestr("a.txt", b"text " * 100)

    with pytest.raises(BadWheelError, match="unusual method"):
        list(members_of(wheel_at(path)))


def test_an_archive_that_unpacks_to_more_than_it_says_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb", bytes(10 * 2**20))
    raw = bytearray(path.read_bytes())
    place = raw.index(b"PK\x01\x02") + 24
    raw[place : place + 4] = struct.pack("<I", 10)
    path.write_bytes(bytes(raw))

    with pytest.raises(BadWheelError, match="not what the directory says"):
        list(members_of(wheel_at(path)))


def test_an_encrypted_member_is_refused(tmp_path: Path) -> None:
    path = archive_of(tmp_path, ["a.py"])
    raw = bytearray(path.read_bytes())
    raw[6] |= 1
    raw[raw.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(bytes(raw))

    with pytest.raises(BadWheelError, match="encrypted"):
        list(members_of(wheel_at(path)))


def test_a_name_that_is_given_twice_is_refused(tmp_path: Path) -> None:
    wheel = wheel_at(archive_of(tmp_path, ["a.py", "x-1.0.data/purelib/a.py"]))

    with pytest.raises(BadWheelError, match="twice"):
        list(members_of(wheel))


def test_a_wheel_without_metadata_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadWheelError, match="METADATA"):
        requirements_of(wheel_at(archive_of(tmp_path, ["a.py"])))


def test_a_file_that_is_no_archive_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x-1.0-py3-none-any.whl"
    path.write_bytes(b"not a zip")

    with pytest.raises(BadWheelError):
        list(members_of(wheel_at(path)))


@settings(deadline=None, max_examples=60)
@given(
    st.dictionaries(
        st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20).filter(
            lambda name: fault_in_name(name) is None
        ),
        st.binary(max_size=200),
        max_size=8,
    )
)
def test_an_archive_holds_what_was_put_into_it(contents: dict[str, bytes]) -> None:
    file = io.BytesIO()

    write_archive(file, [member_of(name, content, owner="") for name, content in contents.items()])

    with zipfile.ZipFile(file) as archive:
        assert archive.testzip() is None
        assert {name: archive.read(name) for name in archive.namelist()} == contents
        assert archive.namelist() == sorted(contents, key=str.encode)
        assert {info.date_time for info in archive.infolist()} <= {(1980, 1, 1, 0, 0, 0)}


def test_more_entries_than_the_old_format_counts(tmp_path: Path) -> None:
    empty = [
        Member(name=f"{number:06}", method=STORED, crc=0, size=0, data=b"", executable=False, owner="")
        for number in range(70_000)
    ]
    file = io.BytesIO()

    write_archive(file, empty)

    with zipfile.ZipFile(file) as archive:
        assert len(archive.namelist()) == 70_000
    assert struct.unpack("<H", file.getvalue()[-12:-10]) == (0xFFFF,)


def test_one_name_twice_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="two members"):
        write_archive(io.BytesIO(), [member_of("a", b"", owner=""), member_of("a", b"1", owner="")])


def fits(target: LambdaTarget, tag: str) -> bool:
    return not target.tags.isdisjoint(wheel_at(Path(f"x-1.0-{tag}.whl")).tags)


@pytest.mark.parametrize(
    ("version", "machine", "tag", "expected"),
    [
        ("3.11.1", "x86_64", "py3-none-any", True),
        ("3.11.1", "x86_64", "py2.py3-none-any", True),
        ("3.11.1", "x86_64", "py2-none-any", False),
        ("3.11.1", "x86_64", "cp311-cp311-manylinux_2_26_x86_64", True),
        ("3.11.1", "x86_64", "cp311-cp311-manylinux_2_28_x86_64", False),
        ("3.12.0", "x86_64", "cp312-cp312-manylinux_2_34_x86_64", True),
        ("3.12.0", "x86_64", "cp312-cp312-manylinux_2_35_x86_64", False),
        ("3.10.0", "x86_64", "cp310-cp310-manylinux1_x86_64", True),
        ("3.10.0", "x86_64", "cp310-cp310-manylinux2010_x86_64.manylinux_2_12_x86_64", True),
        ("3.12.0", "aarch64", "cp312-cp312-manylinux2014_aarch64", True),
        ("3.12.0", "aarch64", "cp312-cp312-manylinux2014_x86_64", False),
        ("3.12.0", "x86_64", "cp311-cp311-manylinux2014_x86_64", False),
        ("3.12.0", "x86_64", "cp39-abi3-manylinux2014_x86_64", True),
        ("3.11.0", "x86_64", "cp312-abi3-manylinux2014_x86_64", False),
        ("3.13.0", "x86_64", "cp313-cp313t-manylinux2014_x86_64", False),
        ("3.13.0", "x86_64", "cp313-cp313-linux_x86_64", True),
        ("3.13.0", "x86_64", "cp313-cp313-musllinux_1_2_x86_64", False),
        ("3.13.0", "x86_64", "cp313-cp313-macosx_11_0_arm64", False),
        ("3.13.0", "x86_64", "py3-none-win_amd64", False),
        ("3.14.0", "aarch64", "py3-none-manylinux_2_17_aarch64", True),
    ],
)
def test_a_wheel_fits_by_all_of_its_tags(version: str, machine: str, tag: str, expected: bool) -> None:
    assert fits(LambdaTarget(version=version, machine=machine), tag) is expected


def test_a_resolver_that_brings_a_foreign_wheel_is_refused(project: Any, index: Any) -> None:
    from chalice_core.hookspecs import hookimpl

    class Careless:
        @hookimpl
        def chalice_resolve_dependencies(self, destination: Path) -> list[str]:
            index.wheel("alpha", tag="py3-none-win_amd64").rename(
                destination / "alpha-1.0-py3-none-win_amd64.whl"
            )
            return []

    project.plugins.register(Careless(), "careless")
    project.require("alpha")

    with pytest.raises(BadWheelError, match=f"python{sys.version_info.major}"):
        project.build()
