"""The cache: whole entries or none, few of them, and no harm from builds at the same time."""

from __future__ import annotations

import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from chalice_packager.build import build_package
from chalice_packager.cache import Cache
from chalice_packager.errors import CacheUnwritableError, PackageTooBigError, UnknownRequirementError


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
    from chalice_packager import hooks

    plugins = Plugins()
    plugins.register(hooks, "packager")
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


def test_too_big_is_said_with_sizes_and_nothing_is_written(project: Any, index: Any) -> None:
    index.wheel("large", files={"large.bin": bytes(200 * 2**20)})
    project.require("large")
    project.write_all({"vendor/more.bin": bytes(51 * 2**20)})

    with pytest.raises(PackageTooBigError) as caught:
        project.build()

    assert caught.value.limit == 262_144_000
    assert caught.value.sizes["large"] > 200 * 2**20
    assert caught.value.sizes["vendor"] == 51 * 2**20
    rows = caught.value.why.splitlines()
    assert [row.split()[0] for row in rows[1:3]] == ["large", "vendor"]
    assert not list(project.cache.glob("packages/*.zip"))


def test_bytecode_gives_way_when_only_it_is_too_much(
    project: Any, index: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    index.wheel("alpha", files={"alpha.py": "".join(f"a{n} = {n}\n" for n in range(3000))})
    project.require("alpha")
    whole = project.build()
    sizes = {name: len(whole.read(name)) for name in whole.names}
    limit = sum(sizes.values())
    for module in ("assembly", "build"):
        monkeypatch.setattr(f"chalice_packager.{module}.UNZIPPED_LIMIT", limit)
    project.write_all({"chalicelib/x.txt": ""})

    smaller = project.build()

    assert "bytecode of dependencies was left out" in smaller.notices
    assert not [name for name in smaller.names if "alpha.cpython" in name]
    assert [name for name in smaller.names if "app.cpython" in name]


def test_more_than_a_direct_upload_takes_is_built_and_told(project: Any) -> None:
    project.write_all({"vendor/noise.bin": os.urandom(51 * 2**20)})

    package = project.build()

    assert "S3" in package.notices
    assert package.built.artifacts["deployment"].size > 50 * 2**20
