"""The same inputs give the same bytes anywhere."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

FILES = {
    "app.py": "from chalice import Chalice\napp = Chalice()\nkinds = {'a', 'b', 'c'}\n"
    "def f(x):\n    return x in {'q', 'r', 's'}\n",
    "chalicelib/__init__.py": "",
    "chalicelib/b.py": "B = 1\n",
    "chalicelib/a/__init__.py": "",
    "vendor/z/data.bin": os.urandom(0) + bytes(range(256)) * 20,
    "vendor/y.py": "Y = 1\n",
}


def test_another_folder_date_order_and_umask_give_the_same_bytes(
    make_project: Callable[[str], Any], index: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    index.wheel(
        "alpha", requires=["beta"], files={"alpha/__init__.py": "A = {'x', 'y'}\n", "alpha/b.txt": "b"}
    )
    index.wheel("beta")
    one = make_project("one")
    one.write_all(FILES)
    one.require("alpha", "beta")
    first = one.build()

    before = os.umask(0o077)
    try:
        two = make_project("a/much longer path/two")
        two.write_all(dict(reversed(FILES.items())))
    finally:
        os.umask(before)
    two.require("alpha  # a comment", "", "beta")
    for path in two.folder.rglob("*"):
        os.utime(path, (1, 1))
    (two.folder / "chalicelib" / "__pycache__").mkdir()
    (two.folder / "chalicelib" / "__pycache__" / "b.cpython-311.pyc").write_bytes(b"local")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    second = two.build()

    assert second.names == first.names
    assert second.content == first.content
    assert second.built.artifacts["deployment"].sha256 == first.built.artifacts["deployment"].sha256


def test_another_process_hash_seed_and_locale_give_the_same_bytes(project: Any, tmp_path: Path) -> None:
    project.write_all(FILES)
    manifest = {
        "project": str(project.folder),
        "runtime": [[file.archive, file.path] for file in project.request.manifest.runtime_files],
        "version": project.python.version,
        "tag": project.python.cache_tag,
    }
    script = textwrap.dedent(
        """
        import json, sys
        from pathlib import Path
        from chalice_core.artifact import BuildRequest
        from chalice_core.config import StageConfig
        from chalice_core.manifest import App, Extensions, Manifest, PythonInfo, RuntimeFile
        from chalice_core.plugins import Plugins
        from chalice_packager.build import build_package
        said = json.loads(sys.argv[1])
        files = tuple(
            RuntimeFile(archive=a, path=p, distribution="chalice-runtime") for a, p in said["runtime"]
        )
        python = PythonInfo(version=said["version"], implementation="cpython", executable=sys.executable,
                            cache_tag=said["tag"])
        manifest = Manifest(version=1, runtime_version="0.1.0", python=python, app=App(name="hello"),
                            runtime_files=files, extensions=Extensions())
        config = StageConfig(project_dir=Path(said["project"]), app_name="hello", stage="dev")
        request = BuildRequest(manifest=manifest, config=config, cache_dir=Path(sys.argv[2]))
        built = build_package(request, Plugins())
        print(built.artifacts["deployment"].sha256)
        """
    )
    expected = project.build().built.artifacts["deployment"].sha256

    for number, (seed, locale) in enumerate((("1", "C"), ("4711", "C.UTF-8"))):
        result = subprocess.run(
            [sys.executable, "-c", script, json.dumps(manifest), str(tmp_path / f"cache{number}")],
            env={**os.environ, "PYTHONHASHSEED": seed, "LC_ALL": locale},
            capture_output=True,
            text=True,
            check=True,
        )
        assert result.stdout.strip() == expected


def test_a_warm_cache_and_a_cold_one_give_the_same_bytes(
    make_project: Callable[[str], Any], shelf: Any
) -> None:
    shelf.wheel("alpha", files={"alpha.py": "def f(): return {'q', 'r'}\n", "alpha.txt": "t"})
    warm, cold = make_project("warm"), make_project("cold")
    for project in (warm, cold):
        project.shelf = shelf.folder
        project.require("alpha")
    warm.build()

    for project in (warm, cold):
        project.write_all({"chalicelib/__init__.py": "def f(): return {'q', 'r'}\n"})

    assert warm.build().content == cold.build().content


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("app.py", "x = 1\n"),
        ("chalicelib/new.txt", ""),
        ("vendor/new.txt", ""),
        ("requirements.txt", "chalice-runtime\n-r o\n"),
    ],
)
def test_whatever_goes_in_changes_the_key(project: Any, name: str, content: str) -> None:
    project.write_all({"o": "", "chalicelib/old.txt": "1", "vendor/old.txt": "1"})
    first = project.build()
    project.write_all({name: content})

    second = project.build()

    assert (second.path == first.path) is (name == "requirements.txt")


def test_a_renamed_file_is_another_package(project: Any) -> None:
    project.write_all({"chalicelib/one.txt": "same"})
    first = project.build()
    (project.folder / "chalicelib/one.txt").rename(project.folder / "chalicelib/two.txt")

    assert project.build().path != first.path
