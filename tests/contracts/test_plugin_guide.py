"""What the guide for authors of plugins says is so: its blocks are a plugin that passes its own tests."""

from __future__ import annotations

import ast
import inspect
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from chalice_core import hookspecs
from chalice_core.testing import hook_names

FILE = re.compile(r"`((?:src|tests)/[\w./]+\.py)`:")


@dataclass(frozen=True, slots=True)
class Block:
    """A block of Python, and the file that it is part of; None for an excerpt of an example."""

    file: str | None
    source: str


def blocks_of(text: str) -> Iterator[Block]:
    """Yield the blocks of a guide: a block belongs to the file that was last named before it.

    What is indented belongs to none: it is quoted from an example of the repository.
    """
    file: str | None = None
    for part in re.split(r"(?m)^(```python\n.*?^```$)", text, flags=re.DOTALL):
        if not part.startswith("```python\n"):
            named = FILE.findall(part)
            file = named[-1] if named else file
            continue
        source = part.removeprefix("```python\n").removesuffix("```")
        yield Block(None if source.startswith("    ") else file, source)


@pytest.fixture(scope="module")
def guide(root: Path) -> str:
    """The guide."""
    return (root / "docs" / "writing-plugins.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def project(guide: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The plugin of the guide, begun with its first command, and visible as if it were installed."""
    folder = tmp_path_factory.mktemp("guide")
    name: str
    (name,) = re.findall(r"chalice new-plugin (\S+)", guide)
    subprocess.run(
        [sys.executable, "-m", "chalice_cli", "new-plugin", name], cwd=folder, check=True, capture_output=True
    )
    made = folder / name
    sources: dict[str, str] = {}
    for block in blocks_of(guide):
        if block.file is not None:
            sources[block.file] = "\n\n".join(filter(None, (sources.get(block.file), block.source)))
    for name, source in sources.items():
        # A file that the command has not written is as good as one that it has.
        (made / name).write_text(source, encoding="utf-8")
    _install(made)
    return made


def _install(project: Path) -> None:
    """Write the metadata that an installer would write, beside the sources."""
    written = (project / "pyproject.toml").read_text(encoding="utf-8")
    groups = re.findall(r'(?m)^\[project\.entry-points\."([\w.]+)"\]\n((?:\w+ = .+\n)+)', written)
    info = project / "src" / "acme_parcels-0.1.0.dist-info"
    info.mkdir()
    entry_points = "".join(f"[{name}]\n{body}".replace('"', "") + "\n" for name, body in groups)
    (info / "entry_points.txt").write_text(entry_points, encoding="utf-8")
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: acme-parcels\nVersion: 0.1.0\n")
    files = sorted(file.relative_to(project / "src") for file in (project / "src").rglob("*.py"))
    (info / "RECORD").write_text("".join(f"{file.as_posix()},,\n" for file in files))


def _run(project: Path, *command: str) -> subprocess.CompletedProcess[str]:
    scrubbed = ("PYTEST", "AWS_", "CHALICE_")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(scrubbed)}
    environment["PYTHONPATH"] = str(project / "src")
    return subprocess.run(
        [sys.executable, *command],
        cwd=project,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_each_block_belongs_to_a_file_or_is_quoted_from_an_example(guide: str, root: Path) -> None:
    examples = [
        file.read_text(encoding="utf-8") for file in (root / "examples" / "acme-iot" / "src").rglob("*.py")
    ]
    blocks = list(blocks_of(guide))

    assert len(blocks) > 10
    for block in blocks:
        if block.file is None:
            assert any(block.source in example for example in examples), block.source
        else:
            ast.parse(block.source)


@pytest.mark.slow
def test_the_plugin_of_the_guide_passes_its_own_tests(project: Path) -> None:
    """The suite of all event sources among them: every format, and the AWS on this machine."""
    ended = _run(project, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests")

    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "skipped" not in ended.stdout


APP = """
from chalice import Chalice, ParcelsEvent

app = Chalice(app_name="shop")


@app.on_parcels_event("Lost", queue="claims")
def lost(event: ParcelsEvent):
    return event.parcel
"""


@pytest.mark.slow
def test_an_application_of_it_is_deployed_changed_and_deleted(project: Path, tmp_path: Path) -> None:
    shop = tmp_path / "shop"
    (shop / ".chalice").mkdir(parents=True)
    (shop / "app.py").write_text(APP, encoding="utf-8")

    def chalice(*arguments: str, days: int) -> str:
        config = {"version": "2.0", "app_name": "shop", "parcels_archive_days": days}
        (shop / ".chalice" / "config.json").write_text(json.dumps(config), encoding="utf-8")
        ended = _run(project, "-m", "chalice_cli", "--project-dir", str(shop), *arguments)
        # `plan` says with 2 that something would change.
        assert ended.returncode in (0, 2), ended.stdout + ended.stderr
        return ended.stdout + ended.stderr

    try:
        assert "Archive shop-dev-parcels" in chalice("deploy", "--local", days=7)
        assert "No changes" in chalice("plan", "--local", days=7)
        assert "RetentionDays: 7 -> 30" in chalice("deploy", "--local", days=30)
        assert "Deleting Archive shop-dev-parcels" in chalice("delete", "--local", days=30)
    finally:
        chalice("localaws", "stop", days=30)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("form", "file", "kind"),
    [
        ("cloudformation", "sam.json", "AWS::Events::Archive"),
        ("terraform", "chalice.tf.json", "aws_cloudwatch_event_archive"),
    ],
)
def test_its_own_kind_is_in_each_format(
    project: Path, tmp_path: Path, form: str, file: str, kind: str
) -> None:
    (tmp_path / ".chalice").mkdir()
    (tmp_path / "app.py").write_text(APP, encoding="utf-8")
    config = {"version": "2.0", "app_name": "shop", "parcels_archive_days": 7}
    (tmp_path / ".chalice" / "config.json").write_text(json.dumps(config), encoding="utf-8")

    ended = _run(
        project,
        *("-m", "chalice_cli", "--project-dir", str(tmp_path)),
        *("package", "--pkg-format", form, str(tmp_path / "out")),
    )

    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert kind in (tmp_path / "out" / file).read_text(encoding="utf-8")


def documented_hooks(guide: str) -> dict[str, tuple[str, ...]]:
    """Return the hooks of the guide's table with their arguments."""
    rows = re.findall(r"(?m)^\| `(chalice_\w+)\(([\w, ]*)\)` \|", guide)
    return {name: tuple(filter(None, arguments.split(", "))) for name, arguments in rows}


def test_every_hook_is_in_the_guide_with_its_arguments(guide: str) -> None:
    specified = {name: tuple(inspect.signature(getattr(hookspecs, name)).parameters) for name in hook_names()}

    assert documented_hooks(guide) == specified


def test_every_hook_has_the_sort_that_the_guide_gives_it(guide: str) -> None:
    sorts = dict(re.findall(r"(?m)^\| `(chalice_\w+)\(.*?\)` \| (\w+) \|", guide))
    first = {name for name in hook_names() if getattr(hookspecs, name).chalice_spec["firstresult"]}

    assert {name for name, sort in sorts.items() if sort == "claim"} == first
    assert set(sorts.values()) <= {"claim", "contribute", "chain", "observe"}


def test_every_group_of_entry_points_that_the_guide_names_is_one(guide: str, root: Path) -> None:
    groups = set(re.findall(r"(?m)^\| `(chalice\.\w+)` \|", guide))
    used = set()
    for file in [*root.glob("packages/**/pyproject.toml"), *root.glob("examples/*/pyproject.toml")]:
        used |= set(re.findall(r'entry-points\."(chalice\.\w+)"', file.read_text(encoding="utf-8")))

    assert used <= groups
    assert groups - used <= {"chalice.testing"}
