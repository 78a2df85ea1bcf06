"""Type checkers see the public API, first-party decorators included, as it is."""

from __future__ import annotations

import ast
import inspect
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import chalice
from chalice._installed import FIRST_PARTY
from chalice.extensions import ATTRIBUTES, DECORATORS, EXPORTS, EventSource, catalog, find

EXAMPLES = Path(__file__).parent / "typing"
RUNTIME = Path(chalice.__file__).parent
SIGNATURES = RUNTIME / "_signatures.pyi"


def declared() -> dict[str, ast.FunctionDef]:
    """Return the methods that `_signatures.pyi` gives to applications."""
    (class_,) = (
        node
        for node in ast.parse(SIGNATURES.read_text(encoding="utf-8")).body
        if isinstance(node, ast.ClassDef) and node.name == "FirstPartyDecorators"
    )
    return {node.name: node for node in class_.body if isinstance(node, ast.FunctionDef)}


def installed() -> None:
    """Skip unless every distribution of the project is there; alone, the runtime has none of them."""
    missing = set(FIRST_PARTY) - {
        distribution.replace("_", "-")
        for group in (DECORATORS, ATTRIBUTES)
        for offers in catalog.offered(group).values()
        for _, distribution in offers
    }
    if missing:
        pytest.skip(f"not installed: {', '.join(sorted(missing))}")


def check(files: list[Path], cache: Path) -> list[str]:
    """Return the errors that mypy finds."""
    pytest.importorskip("mypy")
    names = [file.name for file in files]
    ran = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--config-file", "", "--cache-dir", str(cache), *names],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        cwd=EXAMPLES,
    )
    assert ran.stderr == ""
    return [line for line in ran.stdout.splitlines() if ": error: " in line]


@pytest.mark.slow
def test_the_examples_check_and_the_mistakes_are_found(tmp_path: Path) -> None:
    installed()
    mistakes = EXAMPLES / "mistakes.py"
    expected = {
        (mistakes.name, number, found.group(1))
        for number, line in enumerate(mistakes.read_text(encoding="utf-8").splitlines(), 1)
        if (found := re.search(r"# error: ([\w-]+)$", line))
    }

    errors = check(sorted(EXAMPLES.glob("*.py")), tmp_path)

    found = {
        (line.split(":")[0], int(line.split(":")[1]), line.rpartition("[")[2].rstrip("]")) for line in errors
    }
    assert found == expected


def parameters(function: ast.FunctionDef) -> list[tuple[str, str, Any]]:
    """Return name, kind and default of each parameter but ``self``."""
    arguments = function.args
    assert not (arguments.posonlyargs or arguments.kwonlyargs or arguments.vararg or arguments.kwarg)
    names = [argument.arg for argument in arguments.args]
    defaults = [ast.literal_eval(default) for default in arguments.defaults]
    absent = [inspect.Parameter.empty] * (len(names) - len(defaults))
    return [
        (name, "positional or keyword", default)
        for name, default in zip(names, absent + defaults, strict=True)
    ][1:]


def test_there_is_a_signature_for_each_first_party_decorator() -> None:
    installed()
    decorators = {name for names in FIRST_PARTY.values() for name in names if find(DECORATORS, name)}

    assert set(declared()) == decorators | {"register_blueprint"}


@pytest.mark.parametrize("name", sorted(declared()))
def test_a_signature_is_that_of_the_decorator(name: str) -> None:
    installed()
    source = find(DECORATORS, name)
    function = source.options if isinstance(source, EventSource) else getattr(chalice.Chalice("typed"), name)

    real = inspect.signature(function).parameters.values()

    assert parameters(declared()[name]) == [(one.name, one.kind.description, one.default) for one in real]


@pytest.mark.parametrize("name", sorted(declared()))
def test_a_signature_says_what_to_install(name: str) -> None:
    (distribution,) = (one for one, names in FIRST_PARTY.items() if name in names)

    assert f"install {distribution}." in (ast.get_docstring(declared()[name]) or "")


def names_for_type_checkers(module: str) -> set[str]:
    """Return what a module imports under TYPE_CHECKING as part of its interface."""
    tree = ast.parse((RUNTIME / module).read_text(encoding="utf-8"))
    shared = ast.parse((RUNTIME / "_names.pyi").read_text(encoding="utf-8"))
    blocks = [block.body for block in tree.body if isinstance(block, ast.If)]
    imports = [node for block in blocks for node in block if isinstance(node, ast.ImportFrom)]
    if any(node.module == "chalice._names" for node in imports):
        imports += [node for node in shared.body if isinstance(node, ast.ImportFrom)]
    return {alias.asname for node in imports for alias in node.names if alias.asname}


@pytest.mark.parametrize("module", ["__init__.py", "app.py"])
def test_type_checkers_see_every_name_that_distributions_add(module: str) -> None:
    installed()
    offered = {
        name
        for name, offers in catalog.offered(EXPORTS).items()
        if any(distribution.replace("_", "-") in FIRST_PARTY for _, distribution in offers)
    }

    seen = names_for_type_checkers(module)

    assert offered <= seen
    owner = chalice if module == "__init__.py" else chalice.app
    assert [name for name in seen if not hasattr(owner, name)] == []


@pytest.mark.parametrize("module", ["__init__.py", "app.py"])
def test_names_that_are_listed_are_names_of_the_module_to_every_type_checker(module: str) -> None:
    """Pyright takes what ``from a import *`` brings for private, unless it is in ``__all__``."""
    tree = ast.parse((RUNTIME / "_names.pyi").read_text(encoding="utf-8"))
    (listed,) = (node.value for node in tree.body if isinstance(node, ast.AnnAssign))
    imported = [
        alias.asname for node in tree.body if isinstance(node, ast.ImportFrom) for alias in node.names
    ]

    assert listed is not None
    assert ast.literal_eval(listed) == sorted(name for name in imported if name)
    assert "__all__ += _names.__all__" in (RUNTIME / module).read_text(encoding="utf-8")
