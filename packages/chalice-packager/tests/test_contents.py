"""What is in a package, and what is not."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from chalice_core.artifact import PackageFile
from chalice_core.hookspecs import hookimpl
from chalice_core.manifest import Extensions
from chalice_packager.errors import (
    BadArchiveNameError,
    ConflictingFilesError,
    NoAppFileError,
    UnreadableFileError,
)
from chalice_packager.left_behind import about_left_behind
from chalice_packager.sources import APP, Source


def test_a_package_holds_the_application_and_the_runtime_and_nothing_else_of_the_project(
    project: Any,
) -> None:
    project.write_all(
        {
            "chalicelib/__init__.py": "",
            "chalicelib/db/schema.sql": "create table t;",
            "chalicelib/__pycache__/old.cpython-311.pyc": b"stale",
            "chalicelib/left.pyc": b"stale",
            "README.md": "no",
            "tests/test_app.py": "no",
            ".chalice/config.json": "{}",
            "vendor/lib/core.py": "X = 1",
            "vendor/data.txt": "data",
        }
    )

    package = project.build()

    assert package.sources == [
        "_chalice_extensions.py",
        "app.py",
        "chalice/__init__.py",
        "chalice/app.py",
        "chalicelib/__init__.py",
        "chalicelib/db/schema.sql",
        "data.txt",
        "lib/core.py",
    ]


def test_the_extensions_of_the_application_are_frozen_sorted(project: Any) -> None:
    project.extensions = Extensions(
        decorators={"on_sqs_message": "chalice_sqs.events:on_sqs_message", "on_a": "a:b"},
        exports={"SQSEvent": "chalice_sqs.events:SQSEvent"},
        distributions={"chalice-sqs": "0.1.0"},
    )

    content = project.build().read("_chalice_extensions.py").decode()

    names: dict[str, Any] = {}
    exec(content, names)  # noqa: S102 - it is our own file
    assert names["DECORATORS"] == {"on_a": "a:b", "on_sqs_message": "chalice_sqs.events:on_sqs_message"}
    assert names["EXPORTS"] == {"SQSEvent": "chalice_sqs.events:SQSEvent"}
    assert content.index("on_a") < content.index("on_sqs_message")


def test_without_app_py_there_is_no_package(project: Any) -> None:
    (project.folder / "app.py").unlink()

    with pytest.raises(NoAppFileError) as caught:
        project.build()

    assert caught.value.project_dir == project.folder
    assert not project.cache.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_a_link_to_the_project_itself_packs_nothing(project: Any) -> None:
    (project.folder / "chalicelib").mkdir()
    (project.folder / "chalicelib" / "real.py").write_text("")
    (project.folder / "chalicelib" / "up").symlink_to("..", target_is_directory=True)

    names = project.build().names

    assert "chalicelib/real.py" in names
    assert not [name for name in names if name.startswith("chalicelib/up")]


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_links_in_vendor_are_followed_and_loops_are_not(project: Any, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "shared.py").write_text("S = 1")
    project.write_all({"vendor/pkg/__init__.py": ""})
    (project.folder / "vendor" / "linked").symlink_to(elsewhere)
    (project.folder / "vendor" / "pkg" / "loop").symlink_to(project.folder / "vendor")
    (project.folder / "vendor" / "alias.py").symlink_to(elsewhere / "shared.py")

    names = project.build().sources

    assert "linked/shared.py" in names
    assert "alias.py" in names
    assert "pkg/__init__.py" in names
    assert not any("loop" in name for name in names)


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_a_dangling_link_is_named(project: Any) -> None:
    project.write_all({"vendor/a.txt": ""})
    (project.folder / "vendor" / "gone").symlink_to(project.folder / "nowhere")

    with pytest.raises(UnreadableFileError, match="gone"):
        project.build()


class Adds:
    def __init__(self, *files: PackageFile) -> None:
        self.files = files

    @hookimpl
    def chalice_package_files(self) -> Sequence[PackageFile]:
        return self.files


def test_plugins_add_files(project: Any) -> None:
    project.plugins.register(Adds(PackageFile(archive="build.json", content=b"{}")), "stamps")

    assert project.build().read("build.json") == b"{}"


def test_two_plugins_with_one_file_are_both_named(project: Any) -> None:
    project.plugins.register(Adds(PackageFile(archive="build.json", content=b"1")), "one")
    project.plugins.register(Adds(PackageFile(archive="build.json", content=b"2")), "two")

    with pytest.raises(ConflictingFilesError) as caught:
        project.build()

    assert "'one'" in str(caught.value)
    assert "'two'" in str(caught.value)


def test_a_plugin_may_not_replace_the_application(project: Any) -> None:
    project.plugins.register(Adds(PackageFile(archive="app.py", content=b"1")), "one")

    with pytest.raises(ConflictingFilesError, match="the application"):
        project.build()


@pytest.mark.parametrize("name", ["../up.py", "/abs.py", "a\\b.py", "C:/x", "a//b", "", "./a", "a\0b"])
def test_a_plugin_may_not_leave_the_package(project: Any, name: str) -> None:
    project.plugins.register(Adds(PackageFile(archive=name, content=b"")), "rogue")

    with pytest.raises(BadArchiveNameError) as caught:
        project.build()

    assert caught.value.archive == name
    assert "'rogue'" in caught.value.owner


def test_a_file_and_a_folder_of_one_name_are_refused(project: Any) -> None:
    project.write_all({"vendor/tool/x.py": ""})
    project.plugins.register(Adds(PackageFile(archive="tool", content=b"")), "flat")

    with pytest.raises(ConflictingFilesError, match="tool"):
        project.build()


@pytest.mark.skipif(os.name == "nt", reason="permissions of POSIX")
def test_modes_follow_the_owner_and_not_the_umask(project: Any, make_project: Callable[[str], Any]) -> None:
    import zipfile

    project.write_all({"vendor/run.sh": "#!/bin/sh\n", "vendor/plain.txt": "x"})
    (project.folder / "vendor/run.sh").chmod(0o700)
    (project.folder / "vendor/plain.txt").chmod(0o600)

    with zipfile.ZipFile(project.build().path) as archive:
        modes = {info.filename: oct(info.external_attr >> 16) for info in archive.infolist()}

    assert modes["run.sh"] == "0o100755"
    assert modes["plain.txt"] == "0o100644"


def test_a_vendored_predecessor_stays_out(project: Any) -> None:
    project.write_all(
        {"vendor/chalice/__init__.py": "OLD = 1", "vendor/chalice-1.34.0.dist-info/METADATA": "Name: chalice"}
    )

    package = project.build()

    assert b"OLD" not in package.read("chalice/__init__.py")
    assert not [name for name in package.names if "dist-info" in name]
    assert "vendor holds another package named 'chalice'" in package.notices


def test_a_module_beside_the_application_that_it_imports_is_told(project: Any) -> None:
    project.write_all(
        {
            "app.py": "import helper, json\nfrom tables.users import USERS\nfrom chalicelib import more\n",
            "helper.py": "",
            "tables/__init__.py": "",
            "chalicelib/__init__.py": "",
            "chalicelib/more.py": "from . import helper\nimport setup_of_ours\n",
            "vendor/json.py": "",
            "json.py": "",
            "setup.py": "",
            "unused.py": "",
        }
    )

    notices = [notice for notice in project.build().built.notices if "not packaged" in notice]

    assert [notice.split()[0] for notice in notices] == ["helper.py", "tables"]


def test_a_source_that_does_not_parse_is_no_reason_to_tell_of_others(tmp_path: Path) -> None:
    (tmp_path / "helper.py").write_text("")
    sources = [
        Source(archive="chalicelib/new.py", content=b"type X = (", owner=APP),
        Source(archive="app.py", content=b"import helper", owner=APP),
    ]

    assert len(list(about_left_behind(tmp_path, sources))) == 1
