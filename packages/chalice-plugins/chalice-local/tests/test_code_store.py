"""Archives are unpacked into their folder and nowhere else."""

from __future__ import annotations

import hashlib
import io
import os
import stat
import threading
import zipfile
from typing import TYPE_CHECKING

import pytest

from chalice_local import CodeBundle, CodeStore, UnsafeArchiveError
from chalice_local.code_store import unpack

if TYPE_CHECKING:
    from pathlib import Path


def archive(*entries: tuple[str, bytes, int]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        for name, data, mode in entries:
            info = zipfile.ZipInfo(name)
            info.create_system = 3
            info.external_attr = mode << 16
            made.writestr(info, data)
    return buffer.getvalue()


def file(name: str, data: bytes = b"x", mode: int = 0o100644) -> tuple[str, bytes, int]:
    return name, data, mode


def link(name: str, target: str) -> tuple[str, bytes, int]:
    return name, target.encode(), stat.S_IFLNK | 0o777


def bundle(data: bytes) -> CodeBundle:
    return CodeBundle(sha256=hashlib.sha256(data).hexdigest(), data=data)


@pytest.mark.parametrize(
    "name", ["../evil", "a/../../evil", "/etc/evil", "..\\evil", "\\evil", "a/..", "./../evil"]
)
def test_an_entry_that_would_leave_the_folder_is_refused(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "in" / "folder"
    folder.mkdir(parents=True)

    with pytest.raises(UnsafeArchiveError) as caught:
        unpack(archive(file(name)), folder)

    assert caught.value.entry == name
    assert not list(tmp_path.rglob("evil*"))


@pytest.mark.skipif(os.name != "posix", reason="Links need privileges on this system.")
@pytest.mark.parametrize("target", ["../outside", "/etc", "a/../../outside"])
def test_a_link_that_leaves_the_folder_is_refused(tmp_path: Path, target: str) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()

    with pytest.raises(UnsafeArchiveError):
        unpack(archive(link("innocent", target)), folder)

    assert not (folder / "innocent").is_symlink()


@pytest.mark.skipif(os.name != "posix", reason="Links need privileges on this system.")
def test_links_that_lead_out_together_are_refused(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    # The first is sound by itself; through it the second would land one level higher.
    entries = archive(file("a/b/c"), link("short", "a/b"), link("short/up", "../../../outside"))

    with pytest.raises(UnsafeArchiveError):
        unpack(entries, folder)


@pytest.mark.skipif(os.name != "posix", reason="Links need privileges on this system.")
def test_a_link_within_the_folder_is_kept(tmp_path: Path) -> None:
    unpack(archive(file("lib/real.so", b"library"), link("lib/short.so", "real.so")), tmp_path)

    assert (tmp_path / "lib" / "short.so").read_bytes() == b"library"


@pytest.mark.skipif(os.name != "posix", reason="Permission bits mean nothing on this system.")
def test_an_executable_stays_one(tmp_path: Path) -> None:
    unpack(archive(file("bin/tool", mode=0o100755)), tmp_path)

    assert os.access(tmp_path / "bin" / "tool", os.X_OK)


def test_equal_content_is_unpacked_once_also_by_many_threads(tmp_path: Path) -> None:
    store = CodeStore(tmp_path / "code")
    found: list[Path] = []

    threads = [
        threading.Thread(target=lambda: found.append(store.path(bundle(archive(file("app.py"))))))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(set(found)) == 1
    assert [entry.name for entry in (tmp_path / "code").iterdir()] == [found[0].name]
    assert (found[0] / "app.py").read_bytes() == b"x"


def test_a_refused_archive_leaves_nothing_behind(tmp_path: Path) -> None:
    store = CodeStore(tmp_path / "code")

    with pytest.raises(UnsafeArchiveError):
        store.path(bundle(archive(file("app.py"), file("../evil"))))

    assert list((tmp_path / "code").iterdir()) == []


def test_code_that_nobody_has_any_more_is_removed_after_a_while(tmp_path: Path) -> None:
    store = CodeStore(tmp_path / "code")
    old, new = bundle(archive(file("app.py", b"old"))), bundle(archive(file("app.py", b"new")))
    old_path, new_path = store.path(old), store.path(new)

    too_early = store.prune([new])
    removed = store.prune([new], unused_seconds=0)

    assert too_early == []
    assert removed == [old_path]
    assert not old_path.exists()
    assert new_path.is_dir()
    assert store.path(old) == old_path
    assert old_path.is_dir()


def test_what_is_no_archive_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(zipfile.BadZipFile):
        CodeStore(tmp_path).path(bundle(b"not a zip"))
