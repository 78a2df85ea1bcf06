"""What holds for every distribution: its shape, and whom it may import.

Read from the sources, so that it holds for code that no test runs, too.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib  # type: ignore[import-not-found, unused-ignore]

ROOT = Path(__file__).parents[2]
RUNTIME, CORE, PACKAGER, DEPLOY = "chalice", "chalice_core", "chalice_packager", "chalice_deploy"
CLI = "chalice_cli"
TOOLS = (CORE, PACKAGER, DEPLOY, CLI)
GENERATED = "_chalice_extensions"
"""A module that the packager writes into deployment packages."""

THE_APPLICATION = "app"
"""The user's own module, which the application host imports, and nobody else does."""

CONSTRUCT = Path("packages/chalice-runtime/src/chalice/cdk.py")
"""Where CDK apps look for the construct of chalice-cdk; it is in no deployment package."""

SUITES = Path("packages/chalice-core/src/chalice_core/testing")
"""Suites for the tests of plugins; an extra says what they run with."""

IMPORTED_AS = {
    "aws-cdk-lib": "aws_cdk",
    "aws-sam-translator": "samtranslator",
    "cfn-lint": "cfnlint",
    "chalice-runtime": RUNTIME,
    "pyyaml": "yaml",
}
"""Distributions whose packages are called otherwise than they are."""

COMES_WITH = {"boto3": {"botocore"}, "moto": {"werkzeug"}}
"""Packages that are part of another one's interface: sessions are botocore's, served requests werkzeug's."""


@dataclass(frozen=True)
class Import:
    """An import statement.

    Args:
        file: where it stands, relative to the repository.
        module: what is imported, ``a.b``.
        names: of ``from a.b import names``.
        for_types: it stands under ``if TYPE_CHECKING:``, so it is never executed.
    """

    file: Path
    module: str
    names: tuple[str, ...] = ()
    for_types: bool = False

    @property
    def package(self) -> str:
        """The first part of the name."""
        return self.module.partition(".")[0]


def imports_of(file: Path, source: str) -> Iterator[Import]:
    """Yield every absolute import, also those within functions and those for types alone."""
    yield from _imports(file, ast.parse(source), for_types=False)


def _imports(file: Path, node: ast.AST, *, for_types: bool) -> Iterator[Import]:
    if isinstance(node, ast.Import):
        for alias in node.names:
            yield Import(file, alias.name, (), for_types)
    elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
        yield Import(file, node.module, tuple(alias.name for alias in node.names), for_types)
    elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("import_module", "__import__")):
        name = node.args[0] if node.args else None
        if isinstance(name, ast.Constant) and isinstance(name.value, str):
            yield Import(file, name.value, (), for_types)
    if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING"):
        for statement in node.body:
            yield from _imports(file, statement, for_types=True)
        for statement in node.orelse:
            yield from _imports(file, statement, for_types=for_types)
        return
    for child in ast.iter_child_nodes(node):
        yield from _imports(file, child, for_types=for_types)


@dataclass(frozen=True)
class Distribution:
    """One folder with a pyproject.toml."""

    folder: Path

    @cached_property
    def project(self) -> dict[str, object]:
        """Its ``[project]`` table."""
        document = tomllib.loads((self.folder / "pyproject.toml").read_text(encoding="utf-8"))
        table: dict[str, object] = document["project"]
        return table

    @cached_property
    def package(self) -> str:
        """The name of its import package."""
        names = self.packages
        own = self.folder.name.replace("-", "_")
        return own if own in names else min(names)

    @cached_property
    def packages(self) -> frozenset[str]:
        """Its import packages; a second one gives the first another name."""
        return frozenset(path.parent.name for path in self.folder.glob("src/*/__init__.py"))

    @cached_property
    def files(self) -> tuple[Path, ...]:
        """Its modules."""
        return tuple(sorted((self.folder / "src").rglob("*.py")))

    @cached_property
    def imports(self) -> tuple[Import, ...]:
        """What its modules import from elsewhere, without the standard library."""
        found = (
            item
            for file in self.files
            for item in imports_of(file.relative_to(ROOT), file.read_text(encoding="utf-8"))
        )
        known = {*sys.stdlib_module_names, *self.packages}
        return tuple(item for item in found if item.package not in known)

    @cached_property
    def declared(self) -> frozenset[str]:
        """The packages that it may import because it requires them, also as an extra."""
        extras: dict[str, list[str]] = self.project.get("optional-dependencies", {})  # type: ignore[assignment]
        required: list[str] = self.project.get("dependencies", [])  # type: ignore[assignment]
        lines = [*required, *(line for extra in extras.values() for line in extra)]
        names = [re.split(r"[^A-Za-z0-9._-]", line, maxsplit=1)[0].lower() for line in lines]
        packages = {IMPORTED_AS.get(name, name.replace("-", "_")) for name in names}
        return frozenset(packages.union(*(COMES_WITH.get(package, ()) for package in packages)))

    def entry_points(self, group: str) -> dict[str, str]:
        """Return the entry points of a group."""
        return self.all_entry_points.get(group, {})

    @cached_property
    def all_entry_points(self) -> dict[str, dict[str, str]]:
        """Its entry points by group."""
        groups: dict[str, dict[str, str]] = self.project.get("entry-points", {})  # type: ignore[assignment]
        return groups

    @cached_property
    def hooks(self) -> frozenset[str]:
        """The hooks that its module ``hooks`` implements."""
        return frozenset(
            node.name
            for file in (self.folder / "src").glob("*/hooks.py")
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
            if isinstance(node, ast.FunctionDef) and node.name.startswith("chalice_")
        )

    @property
    def is_plugin(self) -> bool:
        """Whether it lives among the plugins."""
        return self.folder.parent.name == "chalice-plugins"

    def runtime_half(self) -> tuple[Path, ...]:
        """Return the modules that ship into Lambda, with the packages above them."""
        half: set[Path] = set()
        for group in ("chalice.decorators", "chalice.exports", "chalice.attributes", "chalice.runtime"):
            for value in self.entry_points(group).values():
                module = self.folder.joinpath("src", *value.partition(":")[0].split("."))
                half.update(module.rglob("*.py") if module.is_dir() else [module.with_suffix(".py")])
                for parent in module.parents:
                    if (parent / "__init__.py").is_file():
                        half.add(parent / "__init__.py")
        return tuple(sorted(half))


DISTRIBUTIONS = tuple(
    Distribution(file.parent)
    for file in sorted([*ROOT.glob("packages/*/pyproject.toml"), *ROOT.glob("packages/*/*/pyproject.toml")])
)
FAMILIES = tuple(each.package for each in DISTRIBUTIONS if each.is_plugin and each.runtime_half())
TARGETS = tuple(
    each.package
    for each in DISTRIBUTIONS
    if each.hooks & {"chalice_deployment_targets", "chalice_output_formats"}
)
ON_THIS_MACHINE = ("chalice_local", "chalice_localaws")
"""Where deployments go with ``--local``: they know AWS, and neither families nor targets."""

each_distribution = pytest.mark.parametrize("distribution", DISTRIBUTIONS, ids=lambda each: each.folder.name)


def by_package(name: str) -> Distribution:
    """Return the distribution with this package."""
    (found,) = (each for each in DISTRIBUTIONS if each.package == name)
    return found


def where(imports: list[Import]) -> list[str]:
    """Return imports in words, for a failing test to show."""
    return [f"{item.file} imports {item.module}" for item in imports]


def test_the_scan_sees_every_form_of_import() -> None:
    source = (
        "import a.b, c\nfrom d.e import f as g\nfrom . import own\n"
        "def late():\n    import h\n    importlib.import_module('i.j')\n    __import__('k')\n"
        "if TYPE_CHECKING:\n    from m import n\nelse:\n    import o\n"
    )

    found = {item.module: item.for_types for item in imports_of(Path("x.py"), source)}

    assert {name for name, for_types in found.items() if not for_types} == {
        *("a.b", "c", "d.e", "h", "i.j", "k", "o")
    }
    assert {name for name, for_types in found.items() if for_types} == {"m"}


def test_the_scan_sees_the_distributions_and_their_halves() -> None:
    packages = {each.package for each in DISTRIBUTIONS}

    assert {RUNTIME, *TOOLS} <= packages
    assert "chalice_sqs" in FAMILIES
    assert {DEPLOY, "chalice_sam", "chalice_terraform", "chalice_cdk"} == set(TARGETS)
    assert {each.package for each in DISTRIBUTIONS} == {
        *(RUNTIME, *TOOLS, *FAMILIES, *TARGETS, *ON_THIS_MACHINE)
    }
    assert {file.name for file in by_package("chalice_sqs").runtime_half()} == {"__init__.py", "events.py"}


@each_distribution
def test_it_has_the_files_that_every_distribution_has(distribution: Distribution) -> None:
    folder = distribution.folder

    assert (folder / "README.md").read_text(encoding="utf-8").startswith(f"# {distribution.project['name']}")
    assert (folder / "LICENSE").read_bytes() == (ROOT / "LICENSE").read_bytes()
    assert (folder / "CHANGELOG.md").read_text(encoding="utf-8").strip()
    assert (folder / "src" / distribution.package / "py.typed").is_file()
    assert list((folder / "tests").glob("test_*.py"))


@each_distribution
def test_its_readme_says_how_to_install_it_and_shows_an_example(distribution: Distribution) -> None:
    text = (distribution.folder / "README.md").read_text(encoding="utf-8")

    assert re.search(rf"install .*{distribution.project['name']}", text)
    assert "```" in text


@each_distribution
def test_changes_are_fragments_of_a_known_sort(distribution: Distribution) -> None:
    sorts = "feature|change|fix|deprecation|removal|doc"
    changes = distribution.folder / "changes"

    assert changes.is_dir()
    for fragment in changes.iterdir():
        assert re.fullmatch(rf"[a-z0-9-]+\.({sorts})\.md", fragment.name)
        assert fragment.read_text(encoding="utf-8").strip()


@each_distribution
def test_it_is_named_after_its_folder_and_has_a_version_of_its_own(distribution: Distribution) -> None:
    assert distribution.project["name"] == distribution.folder.name
    assert re.fullmatch(r"\d+\.\d+\.\d+((a|b|rc|\.dev|\.post)\d+)?", str(distribution.project["version"]))
    assert distribution.project["requires-python"] == ">=3.10"


@each_distribution
def test_it_requires_siblings_in_a_range(distribution: Distribution) -> None:
    lines: list[str] = distribution.project.get("dependencies", [])  # type: ignore[assignment]

    for line in lines:
        if line.startswith("chalice"):
            assert re.fullmatch(r"chalice-[a-z0-9-]+(\[[a-z,]+\])?>=\d+\.\d+(\.\d+)?,<\d+(\.\d+)?", line)


@each_distribution
def test_it_declares_what_it_imports(distribution: Distribution) -> None:
    allowed = set(distribution.declared)
    if distribution.is_plugin:
        # Plugins are used where the tools are, and bring them into no deployment package.
        allowed |= {RUNTIME, CORE}
        if distribution.entry_points("chalice.commands"):
            allowed |= {"click", CLI, "rich"}
    if distribution.package == RUNTIME:
        allowed |= {GENERATED, THE_APPLICATION}
    if distribution.runtime_half():
        # In Lambda, next to it.
        allowed.add(THE_APPLICATION)

    # What is imported for types alone is never missing when the code runs.
    undeclared = [
        item
        for item in distribution.imports
        if item.package not in allowed and not item.for_types and item.file != CONSTRUCT
    ]

    assert where(undeclared) == []


@each_distribution
def test_it_imports_no_sibling_s_private_module(distribution: Distribution) -> None:
    packages = {each.package for each in DISTRIBUTIONS}
    private = [
        item
        for item in distribution.imports
        if item.package in packages
        # What type checkers know of applications they know of blueprints as well.
        and not (item.for_types and item.module == f"{RUNTIME}._signatures")
        and any(
            part.startswith("_") and not part.startswith("__")
            for part in (*item.module.split("."), *item.names)
        )
    ]

    assert where(private) == []


def test_the_runtime_imports_the_standard_library_only() -> None:
    known = {GENERATED, THE_APPLICATION}

    foreign = [
        item
        for item in by_package(RUNTIME).imports
        if item.package not in known and not item.for_types and item.file != CONSTRUCT
    ]

    assert where(foreign) == []


def test_what_the_runtime_names_for_types_are_the_decorators_of_families() -> None:
    """Editors see their signatures; nothing else is worth a cycle."""
    for_types = [item for item in by_package(RUNTIME).imports if item.for_types]

    # Type checkers bring typing_extensions along.
    known = ("chalice_", "typing_extensions")
    assert where([item for item in for_types if not item.package.startswith(known)]) == []


def test_the_core_imports_pluggy_and_nothing_else() -> None:
    foreign = [
        item
        for item in by_package(CORE).imports
        if item.package != "pluggy" and SUITES not in item.file.parents
    ]

    assert where(foreign) == []


@pytest.mark.parametrize("package", [PACKAGER, DEPLOY])
def test_packager_and_deployer_know_the_core_and_not_each_other(package: str) -> None:
    ours = {each.package for each in DISTRIBUTIONS}
    known = [item for item in by_package(package).imports if item.package in ours and item.package != CORE]

    assert where(known) == []


@pytest.mark.parametrize("package", TOOLS)
def test_the_tools_import_no_plugin(package: str) -> None:
    plugins = {each.package for each in DISTRIBUTIONS if each.is_plugin}
    direct = [item for item in by_package(package).imports if item.package in plugins]

    assert where(direct) == []


@pytest.mark.parametrize("package", FAMILIES)
def test_a_runtime_half_imports_the_runtime_and_itself_only(package: str) -> None:
    distribution = by_package(package)
    half = {file.relative_to(ROOT) for file in distribution.runtime_half()}
    modules = {
        ".".join(part for part in file.relative_to(distribution.folder / "src").with_suffix("").parts)
        for file in distribution.runtime_half()
    }
    own = {name.removesuffix(".__init__") for name in modules}

    known = {RUNTIME, THE_APPLICATION}
    foreign = [item for item in distribution.imports if item.file in half and item.package not in known]
    inner = [
        item
        for file in distribution.runtime_half()
        for item in imports_of(file.relative_to(ROOT), file.read_text(encoding="utf-8"))
        if item.package == package and item.module not in own
    ]

    assert where(foreign) == []
    assert where(inner) == []


# Who may know whom is decided by what they are; what is imported for types alone counts, too.
STRANGERS = {
    **{family: {*TOOLS[1:], *TARGETS, *ON_THIS_MACHINE, *FAMILIES} for family in FAMILIES},
    **{target: {*FAMILIES, *TARGETS, *ON_THIS_MACHINE} for target in TARGETS},
    **{place: {*FAMILIES, *TARGETS, *TOOLS[1:]} for place in ON_THIS_MACHINE},
}


@pytest.mark.parametrize("package", STRANGERS)
def test_families_targets_and_places_know_the_kinds_and_not_each_other(package: str) -> None:
    strangers = STRANGERS[package] - {package}
    found = [item for item in by_package(package).imports if item.package in strangers]

    assert where(found) == []


@pytest.mark.parametrize("package", FAMILIES)
def test_a_family_requires_the_runtime_and_nothing_else(package: str) -> None:
    """What it requires is installed into deployment packages; its tooling half runs where the tools are."""
    required = by_package(package).project["dependencies"]

    assert isinstance(required, list)
    assert [line.partition(">")[0] for line in required] == ["chalice-runtime"]


NAMES_OF_PLUGINS = {"chalice-deploy": "aws", "chalice-cognito": "cognito-triggers"}
"""Named after what they deploy to, and to leave the short name to plugins that are in use under it."""


@each_distribution
def test_plugins_and_what_they_add_are_named_and_placed_alike(distribution: Distribution) -> None:
    name = str(distribution.project["name"])
    plugins = distribution.entry_points("chalice.plugins")
    decorators = distribution.entry_points("chalice.decorators")
    samples = distribution.entry_points("chalice.samples")

    for plugin, value in plugins.items():
        assert plugin == NAMES_OF_PLUGINS.get(name, name.removeprefix("chalice-"))
        assert value.partition(":")[0] == f"{distribution.package}.hooks"
    for decorator, value in decorators.items():
        assert value == f"{distribution.package}.events:{decorator}"
    for sample, value in samples.items():
        assert value == f"{distribution.package}.sample:{sample}"
        assert sample.startswith("generate_")
    for export, value in distribution.entry_points("chalice.exports").items():
        assert value.partition(":")[2] == export
    assert bool(decorators) <= bool(plugins and samples)


def test_nothing_is_added_under_one_name_twice() -> None:
    names = [
        (group, name)
        for each in DISTRIBUTIONS
        for group, points in each.all_entry_points.items()
        for name in points
    ]

    assert sorted(names) == sorted(set(names))


def test_nobody_but_the_embedded_aws_imports_its_emulator() -> None:
    others = [each for each in DISTRIBUTIONS if each.package != "chalice_localaws"]
    importing = [item for each in others for item in each.imports if item.package == "moto"]

    assert where(importing) == []
    assert any(item.package == "moto" for item in by_package("chalice_localaws").imports)


def test_the_tools_never_import_the_application() -> None:
    importing = [
        item
        for each in DISTRIBUTIONS
        if each.package != RUNTIME
        for item in each.imports
        if item.package == THE_APPLICATION and ROOT / item.file not in each.runtime_half()
    ]

    assert where(importing) == []


# Spelled in parts, for this file is read by its own test.
REGISTRY_HOSTS = tuple(
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pypi", "python", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("yarnpkg", "com"),
        ("debian", "org"),
        ("archive", "ubuntu", "com"),
        ("crates", "io"),
        ("rubygems", "org"),
        ("proxy", "golang", "org"),
        ("anaconda", "org"),
    )
)


def _files() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    ).stdout.decode()
    return [path for path in (ROOT / name for name in listed.split("\0") if name) if path.is_file()]


def hosts_in(text: str) -> list[str]:
    """Return the registries whose names are in a text."""
    return [host for host in REGISTRY_HOSTS if host in text.lower()]


def test_a_registry_s_name_would_be_found() -> None:
    assert hosts_in(f"index-url = https://{REGISTRY_HOSTS[0].upper()}/simple") == [REGISTRY_HOSTS[0]]


def test_no_file_names_a_package_registry() -> None:
    """Where packages come from is each user's own setting, often a mirror."""
    files = _files()
    found = {
        str(path.relative_to(ROOT)): hosts
        for path in files
        if (hosts := hosts_in(path.read_bytes().decode("utf-8", "replace")))
    }

    assert len(files) > len(DISTRIBUTIONS)
    assert found == {}
