"""The cache: whole entries or none, few of them, and no harm from builds at the same time."""

from __future__ import annotations

import os
import struct
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from chalice_packager.archive import Member
from chalice_packager.build import build_package
from chalice_packager.cache import Cache
from chalice_packager.errors import CacheUnwritableError, PackageTooBigError, UnknownRequirementError
from chalice_packager.size import bounded, check_size
from chalice_packager.sources import Source


def test_builds_at_the_same_time_agree(project: Any, index: Any) -> None:
    index.wheel("alpha")
    project.require("alpha")

    with ThreadPoolExecutor(3) as pool:
        packages = list(pool.map(lambda _: project_build(project), range(3)))

    assert len({package.artifacts["deployment"].sha256 for package in packages}) == 1
    assert not list(project.cache.rglob(".new-*"))
    assert len(list(project.cache.glob("packages/*.zip"))) == 1


def project_build(project: Any) -> Any:
    from chalice_core.plugins import Plugins
    from chalice_packager.hooks import PackagerPlugin

    plugins = Plugins()
    plugins.register(PackagerPlugin(), "packager")
    return build_package(project.request, plugins)


def test_a_damaged_package_is_built_again(project: Any) -> None:
    first = project.build()
    good = first.content
    first.path.write_bytes(good[:-1] + b"!")

    assert project.build().content == good


def test_a_package_without_its_note_is_built_again(project: Any) -> None:
    first = project.build()
    first.path.with_suffix(".json").write_text("{")

    assert project.build().built == first.built


def test_damaged_bytecode_is_compiled_again(project: Any, shelf: Any) -> None:
    shelf.wheel("alpha")
    project.require("alpha")
    first = project.build()
    (kept,) = project.cache.glob("dependencies/*/bytecode-*.zip")
    kept.write_bytes(kept.read_bytes()[:-30])
    first.path.unlink()

    assert project.build().built == first.built


def _overwrite(file: Path) -> None:
    file.write_bytes(b"junk")


@pytest.mark.parametrize("damage", [_overwrite, Path.unlink], ids=["overwritten", "removed"])
@pytest.mark.parametrize("part", ["*.whl", "resolution.json"])
def test_a_damaged_resolution_is_made_again(
    project: Any, shelf: Any, part: str, damage: Callable[[Path], None]
) -> None:
    shelf.wheel("alpha")
    project.require("alpha")
    first = project.build()
    (file,) = project.cache.glob(f"dependencies/*/{part}")
    damage(file)
    first.path.unlink()

    assert project.build().built == first.built


def test_notices_are_told_again_from_the_cache(project: Any) -> None:
    project.write_all({"vendor/py2.py": "print 'x'\n"})
    project.require("chalice")

    first, second = project.build(), project.build()

    assert len(project.processes.compilers) == 1
    assert first.built.notices == second.built.notices
    assert len(second.built.notices) == 2


def test_old_packages_are_removed_and_recent_ones_stay(project: Any) -> None:
    paths = []
    for number in range(9):
        project.write_all({"chalicelib/n.txt": str(number)})
        paths.append(project.build().path)
    day_ago = time.time() - 86_400
    for age, path in enumerate(paths):
        os.utime(path.with_suffix(".json"), (day_ago + age, day_ago + age))

    project.write_all({"chalicelib/n.txt": "last"})
    newest = project.build().path

    left = set(project.cache.glob("packages/*.zip"))
    assert newest in left
    assert left == {newest, *paths[-4:]}


def test_what_another_build_may_still_use_is_not_removed(project: Any) -> None:
    for number in range(9):
        project.write_all({"chalicelib/n.txt": str(number)})
        project.build()

    assert len(list(project.cache.glob("packages/*.zip"))) == 9


def test_old_resolutions_are_removed_with_what_killed_builds_left(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    long_ago = time.time() - 86_400
    for number in range(7):
        place = cache.dependencies(f"key{number}", lambda folder: [])
        os.utime(place.folder / "resolution.json", (long_ago + number, long_ago + number))
    killed = tmp_path / "dependencies" / ".new-killed"
    killed.mkdir()
    os.utime(killed, (long_ago, long_ago))

    cache.dependencies("newest", lambda folder: [])

    assert sorted(path.name for path in (tmp_path / "dependencies").iterdir()) == [
        "key3", "key4", "key5", "key6", "newest",
    ]  # fmt: skip


def test_a_resolution_that_fails_leaves_nothing(tmp_path: Path) -> None:
    def fail(folder: Path) -> list[str]:
        (folder / "half.whl").write_bytes(b"")
        raise UnknownRequirementError(requirement="x", output="")

    with pytest.raises(UnknownRequirementError):
        Cache(tmp_path).dependencies("key", fail)

    assert list((tmp_path / "dependencies").iterdir()) == []


def test_a_cache_that_cannot_be_written_is_named(project: Any) -> None:
    project.cache.parent.mkdir(parents=True, exist_ok=True)
    project.cache.write_text("a file")

    with pytest.raises(CacheUnwritableError) as caught:
        project.build()

    assert project.cache in (caught.value.path, *caught.value.path.parents)


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="the superuser writes anywhere")
def test_a_cache_that_is_read_only_still_serves(project: Any) -> None:
    first = project.build()
    (project.cache / "packages").chmod(0o555)
    try:
        assert project.build().built == first.built
    finally:
        (project.cache / "packages").chmod(0o755)


def test_too_big_is_said_with_sizes_and_nothing_is_written(project: Any, shelf: Any) -> None:
    large = shelf.wheel("large", files={"large.bin": bytes(1000)})
    raw = bytearray(large.read_bytes())
    size = raw.index(b"PK\x01\x02") + 24
    raw[size : size + 4] = struct.pack("<I", 300 * 2**20)
    large.write_bytes(raw)
    shelf.wheel("small")
    project.require("large", "small")

    with pytest.raises(PackageTooBigError) as caught:
        project.build()

    assert caught.value.limit == 262_144_000
    assert caught.value.sizes["large"] > 300 * 2**20
    assert [row.split()[0] for row in caught.value.why.splitlines()[1:]] == ["large", "small"]
    assert not list(project.cache.glob("packages/*.zip"))


def test_a_huge_file_of_the_project_is_refused_unread(project: Any) -> None:
    project.write_all({"vendor/small.txt": "", "vendor/model.bin": ""})
    with (project.folder / "vendor/model.bin").open("r+b") as file:
        file.truncate(2**40)

    with pytest.raises(PackageTooBigError) as caught:
        project.build()

    assert caught.value.sizes == {"vendor: model.bin": 2**40}


def test_many_files_of_the_project_are_refused_before_all_are_read() -> None:
    read: list[int] = []

    def sources() -> Iterator[Source]:
        for number in range(100):
            read.append(number)
            yield Source(archive=f"data/{number}", content=bytes(10), owner="vendor")

    with pytest.raises(PackageTooBigError) as caught:
        list(bounded(sources(), limit=95))

    assert caught.value.sizes == {"vendor/data": 100}
    assert len(read) == 10


def test_the_limit_counts_everything_in_the_package() -> None:
    def member(owner: str, size: int) -> Member:
        return Member(name=owner, method=0, crc=0, size=size, data=b"", executable=False, owner=owner)

    check_size([member("vendor", 200_000_000), member("numpy", 62_143_999)])

    with pytest.raises(PackageTooBigError) as caught:
        check_size([member("vendor", 200_000_000), *(member(f"p{n}", 4_000_000) for n in range(20))])

    assert caught.value.size == 280_000_000
    assert caught.value.why.splitlines()[1].split()[:2] == ["vendor/vendor", "190.7"]
    assert caught.value.why.splitlines()[-1].split()[:2] == ["6", "more"]


def test_bytecode_gives_way_when_only_it_is_too_much(
    project: Any, shelf: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf.wheel("alpha", files={"alpha.py": "".join(f"a{n} = {n}\n" for n in range(3000))})
    project.require("alpha")
    whole = project.build()
    sizes = {name: len(whole.read(name)) for name in whole.names}
    limit = sum(sizes.values())
    monkeypatch.setattr("chalice_packager.build.UNZIPPED_LIMIT", limit)
    project.write_all({"chalicelib/x.txt": ""})

    smaller = project.build()

    assert "bytecode of dependencies was left out" in smaller.notices
    assert not [name for name in smaller.names if "alpha.cpython" in name]
    assert [name for name in smaller.names if "app.cpython" in name]


def test_more_than_a_direct_upload_takes_is_built_and_told(
    project: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chalice_packager.build._DIRECT_UPLOAD", 100)

    package = project.build()

    assert "have to go through S3" in package.notices
    assert package.built.artifacts["deployment"].size > 100
