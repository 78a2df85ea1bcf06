"""Bytecode goes in, and Lambda compiles nothing."""

from __future__ import annotations

import importlib.util
import marshal
import os
import random
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from chalice_core.manifest import PythonInfo
from chalice_packager.bytecode import compile_sources
from chalice_packager.errors import AppCompilationError

THIS = PythonInfo(
    version="{}.{}.{}".format(*sys.version_info[:3]),
    implementation="cpython",
    executable=sys.executable,
    cache_tag=str(sys.implementation.cache_tag),
)
TAG = THIS.cache_tag

# Imports the application as Lambda would, and says which sources were compiled for it.
IMPORTS = """
import sys, importlib.machinery
compiled = []
original = importlib.machinery.SourceFileLoader.source_to_code
def counted(self, data, path, **options):
    compiled.append(path)
    return original(self, data, path, **options)
importlib.machinery.SourceFileLoader.source_to_code = counted
sys.path.insert(0, sys.argv[1])
import app
print(app.app.successor, app.total, app.where, len(compiled), *compiled)
"""


def test_importing_an_unpacked_package_compiles_nothing(project: Any, shelf: Any, tmp_path: Path) -> None:
    shelf.wheel("alpha", files={"alpha/__init__.py": "from alpha import one\n", "alpha/one.py": "ONE = 1\n"})
    project.require("alpha")
    project.write_all(
        {
            "app.py": "from chalice import Chalice\n"
            "import alpha, chalicelib.two, three, _chalice_extensions\n"
            "app = Chalice()\ntotal = alpha.one.ONE + chalicelib.two.TWO + three.THREE\n"
            "where = (lambda: 0).__code__.co_filename\n",
            "chalicelib/__init__.py": "",
            "chalicelib/two.py": "TWO = 2\n",
            "vendor/three.py": "THREE = 3\n",
        }
    )
    unpacked = tmp_path / "task"
    with zipfile.ZipFile(project.build().path) as archive:
        archive.extractall(unpacked)
    dates = random.Random(1)  # noqa: S311 - dates, no secrets
    for path in unpacked.rglob("*"):
        os.utime(path, (dates.randrange(10**9), dates.randrange(10**9)))
        if path.is_file():
            path.chmod(0o444)

    said = subprocess.run(
        [sys.executable, "-S", "-c", IMPORTS, str(unpacked)], capture_output=True, text=True, check=True
    ).stdout.split()

    assert said == ["True", "6", str(unpacked / "app.py"), "0"]


def test_a_source_that_is_edited_in_the_unpacked_package_counts(project: Any, tmp_path: Path) -> None:
    project.write_all({"app.py": "SAID = 'packaged'\n"})
    with zipfile.ZipFile(project.build().path) as archive:
        archive.extractall(tmp_path / "task")
    (tmp_path / "task" / "app.py").write_text("SAID = 'edited'\n")

    code = "import sys; sys.path.insert(0, sys.argv[1]); import app; print(app.SAID)"
    said = subprocess.run(
        [sys.executable, "-S", "-B", "-c", code, str(tmp_path / "task")],
        capture_output=True,
        text=True,
        check=True,
    ).stdout

    assert said.strip() == "edited"


def test_bytecode_is_bound_to_its_source_by_a_hash_that_is_checked(project: Any) -> None:
    content = project.build().read(f"__pycache__/app.{TAG}.pyc")

    assert content[:4] == importlib.util.MAGIC_NUMBER
    assert content[4:8] == b"\x03\0\0\0"
    assert content[8:16] == importlib.util.source_hash((project.folder / "app.py").read_bytes())


def test_one_process_compiles_everything(project: Any, shelf: Any) -> None:
    shelf.wheel("alpha")
    project.require("alpha")
    project.write_all({"chalicelib/__init__.py": "", "vendor/three.py": ""})

    names = project.build().names

    assert {f"__pycache__/alpha.{TAG}.pyc", f"chalicelib/__pycache__/__init__.{TAG}.pyc"} <= set(names)
    assert len(project.processes.compilers) == 1


def test_a_syntax_error_of_the_application_is_reported_with_its_place(project: Any) -> None:
    project.write_all(
        {
            "chalicelib/__init__.py": "",
            "chalicelib/bad.py": "x = 1\ny = = 2\n",
            "chalicelib/worse.py": "def f(:\n",
        }
    )

    with pytest.raises(AppCompilationError) as caught:
        project.build()

    assert [problem.split(": ")[0] for problem in caught.value.problems] == [
        "chalicelib/bad.py:2",
        "chalicelib/worse.py:1",
    ]
    assert not list(project.cache.rglob("*.zip"))


def test_what_only_looks_like_a_module_may_be_anything(project: Any) -> None:
    project.write_all({"chalicelib/{{name}}.py": "{{ body }}!", "vendor/py2.py": "print 'x'\n"})

    package = project.build()

    assert "chalicelib/{{name}}.py" in package.names
    assert "2 files are no Python of this version" in package.notices
    assert f"__pycache__/py2.{TAG}.pyc" not in package.names


def test_tests_of_dependencies_stay_uncompiled(project: Any, shelf: Any) -> None:
    shelf.wheel("alpha", files={"alpha/__init__.py": "", "alpha/tests/test_it.py": ""})
    project.require("alpha")
    project.write_all({"chalicelib/tests/__init__.py": ""})

    names = project.build().names

    assert "alpha/tests/test_it.py" in names
    assert f"alpha/tests/__pycache__/test_it.{TAG}.pyc" not in names
    assert f"chalicelib/tests/__pycache__/__init__.{TAG}.pyc" in names


def test_dependencies_are_compiled_once(project: Any, shelf: Any) -> None:
    shelf.wheel("alpha", files={"alpha.py": "ALPHA = 1\n", "py2.py": "print 'x'\n"})
    project.require("alpha")
    first = project.build()
    project.write_all({"chalicelib/__init__.py": "", "vendor/new.py": ""})
    asked: list[bytes] = []
    original = project.processes.__class__.__call__

    def spy(self: Any, command: Any, **arguments: Any) -> Any:
        asked.append(arguments.get("input", b""))
        return original(self, command, **arguments)

    project.processes = type("Spy", (project.processes.__class__,), {"__call__": spy})()
    second = project.build()

    assert b"ALPHA" not in b"".join(asked)
    assert b"print 'x'" not in b"".join(asked)
    assert second.read(f"__pycache__/alpha.{TAG}.pyc") == first.read(f"__pycache__/alpha.{TAG}.pyc")


def test_a_compiler_that_dies_is_told_and_the_package_goes_without_bytecode(
    project: Any, tmp_path: Path
) -> None:
    if sys.platform == "win32":
        pytest.skip("needs a script as interpreter")
    broken = tmp_path / "python"
    broken.write_text("#!/bin/sh\necho out of order >&2\nexit 9\n")
    broken.chmod(0o755)
    project.python = PythonInfo(
        version=THIS.version, implementation="cpython", executable=str(broken), cache_tag=TAG
    )

    package = project.build()

    assert not [name for name in package.names if name.endswith(".pyc")]
    assert "exit status 9: out of order" in package.notices


def test_bytecode_does_not_depend_on_what_else_is_compiled() -> None:
    """A reference count decides what marshal writes, so the same source once differed by its company."""
    folder = Path(os.__file__).parent
    names = ("argparse.py", "os.py", "typing.py", "enum.py", "dataclasses.py", "json/decoder.py")
    sources = {name: (folder / name).read_bytes() for name in names}

    together = compile_sources(sources, THIS)
    alone = {name: compile_sources({name: content}, THIS)[name] for name, content in sources.items()}

    assert together == alone


def test_bytecode_does_not_depend_on_the_hash_seed_or_the_locale(monkeypatch: pytest.MonkeyPatch) -> None:
    source = {"a.py": "def f(x):\n    return x in {'a', 'b', 'c', 'dd', 'eee'}, 'é'\n".encode()}
    results = []

    for seed, locale in (("1", "C"), ("2", "C.UTF-8"), ("random", "POSIX")):
        monkeypatch.setenv("PYTHONHASHSEED", seed)
        monkeypatch.setenv("LC_ALL", locale)
        results.append(compile_sources(source, THIS)["a.py"])

    assert results[0] == results[1] == results[2]


@pytest.mark.parametrize(
    "source",
    [
        "x = [1, 2, 3][1:2]\ny = (1.5, 2j, 10**30, b'b', ..., None, True, -7)\n",
        "def f(a, /, b, *, c=(1, 2)):\n    'doc'\n    yield from [a for a in b if a in {None, 'a', 1}]\n",
        "class A:\n    x: int = 1\n    async def m(s):\n        async with s as t: return f'{t!r:>{9}}'\n",
        "inf = 1e400\nnan = 1e400 - 1e400\nbig = 'x' * 300\nlong = " + repr(tuple(range(300))) + "\n",
        "",
    ],
)
def test_bytecode_means_what_its_source_means(source: str) -> None:
    company = {"a.py": source.encode(), "0.py": b"import os, sys\nself = 'x'\nprint(self)\n"}

    result = compile_sources(company, THIS)["a.py"]

    assert isinstance(result, bytes)
    assert result == compile_sources({"a.py": source.encode()}, THIS)["a.py"]
    loaded = marshal.loads(result[16:])  # noqa: S302 - our own bytes
    assert loaded.co_filename == "/var/task/a.py"
    # Not a number equals nothing, so code that holds it as a constant equals no other code.
    assert "nan" in source or loaded == compile(source, "/var/task/a.py", "exec", dont_inherit=True)


def test_an_encoding_cookie_is_obeyed(project: Any) -> None:
    project.write_all(
        {"chalicelib/__init__.py": "# -*- coding: latin-1 -*-\nNAME = '\xe9'\n".encode("latin-1")}
    )

    assert f"chalicelib/__pycache__/__init__.{TAG}.pyc" in project.build().names


@pytest.mark.parametrize("version", ["3.10", "3.11", "3.12", "3.13", "3.14"])
def test_another_python_compiles_for_itself(project: Any, version: str) -> None:
    executable = shutil.which(f"python{version}")
    # A version manager's stand-in on PATH is asked for the interpreter behind it.
    probe = (
        "import sys; print('%d.%d.%d' % sys.version_info[:3], sys.implementation.cache_tag, sys.executable)"
    )
    result = executable and subprocess.run(
        [executable, "-c", probe], capture_output=True, text=True, check=False
    )
    if not executable or not result or result.returncode:
        pytest.skip(f"Python {version} is not on PATH")
    full, tag, executable = result.stdout.strip().split(maxsplit=2)
    project.python = PythonInfo(version=full, implementation="cpython", executable=executable, cache_tag=tag)

    package = project.build()

    assert f"__pycache__/app.{tag}.pyc" in package.names
    check = "import marshal,sys; c = marshal.loads(sys.stdin.buffer.read()[16:]); print(c.co_filename)"
    loaded = subprocess.run(
        [executable, "-c", check],
        input=package.read(f"__pycache__/app.{tag}.pyc"),
        capture_output=True,
        check=True,
    )
    assert loaded.stdout.strip() == b"/var/task/app.py"
