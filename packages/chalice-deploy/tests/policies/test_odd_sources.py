"""Whatever a source says, reading it ends, and ends well."""

from __future__ import annotations

import ast
import copy
import random
import re
import tempfile
from functools import cache
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalice_deploy.policies import Finding, UnreadableSourceError, analyse, document, merged

CASES = sorted((Path(__file__).parent / "corpus").glob("*.case"))
NAMES = ("a", "app", "boto3", "c", "client", "d", "f", "index", "s3", "self", "table", "work", "x")


def read(text: str) -> list[Finding]:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "app.py").write_text(text, encoding="utf-8", errors="surrogatepass")
        findings = analyse(Path(folder)).findings()
    document(merged(findings))
    return findings


@cache
def programs() -> list[ast.Module]:
    found: list[ast.Module] = []
    for path in CASES:
        if "error" not in path.stem and "long" not in path.stem:
            parts = re.split(r"^# file: .+\n", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
            found += [ast.parse(part) for part in parts[1:]]
    return found


@cache
def pieces() -> tuple[list[ast.expr], list[ast.stmt]]:
    nodes = [node for tree in programs() for node in ast.walk(tree)]
    expressions = [node for node in nodes if isinstance(node, ast.expr)]
    return expressions, [node for node in nodes if isinstance(node, ast.stmt)]


class Mixer(ast.NodeTransformer):
    """Puts pieces of other programs, and other names, into a program."""

    def __init__(self, chance: random.Random, rate: float) -> None:
        self.chance, self.rate = chance, rate

    def visit(self, node: ast.AST) -> ast.AST:
        if isinstance(node, ast.JoinedStr):
            return node  # It cannot be written down with just anything in it.
        node = self.generic_visit(node)
        expressions, statements = pieces()
        if isinstance(node, ast.Name) and self.chance.random() < 2 * self.rate:
            node.id = self.chance.choice(NAMES)
        if self.chance.random() >= self.rate:
            return node
        if isinstance(node, ast.stmt):
            return copy.deepcopy(self.chance.choice(statements))
        if isinstance(node, ast.expr) and isinstance(getattr(node, "ctx", ast.Load()), ast.Load):
            return copy.deepcopy(self.chance.choice(expressions))
        return node


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 2**32), rate=st.sampled_from([0.02, 0.05, 0.1, 0.2]), parts=st.integers(1, 3))
def test_programs_that_are_mixed_from_others_can_be_read(seed: int, rate: float, parts: int) -> None:
    chance = random.Random(seed)  # noqa: S311
    tree = ast.Module([], [])
    for _ in range(parts):
        tree.body += copy.deepcopy(chance.choice(programs())).body
    mixed = ast.unparse(ast.fix_missing_locations(Mixer(chance, rate).visit(tree)))

    try:
        findings = read(mixed)
    except UnreadableSourceError:
        return  # A mixture that is no Python, such as `return` within an f-string.

    assert all(re.fullmatch(r"[a-z0-9-]+:\w+", finding.action) for finding in findings)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    case=st.sampled_from(CASES),
    cut=st.integers(0, 4000),
    length=st.integers(0, 40),
    put=st.text(max_size=12),
)
def test_sources_with_some_characters_changed_can_be_read_or_are_refused(
    case: Path, cut: int, length: int, put: str
) -> None:
    text = case.read_text(encoding="utf-8")

    try:
        read(text[:cut] + put + text[cut + length :])
    except UnreadableSourceError as error:
        assert error.path.name == "app.py"


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_bytes(b"x = '\xff\xfe'\n\x00")

    try:
        analyse(tmp_path)
    except UnreadableSourceError as error:
        assert "app.py" in error.what
    else:
        raise AssertionError("it was read")


def test_a_source_with_a_declared_encoding_is_read(tmp_path: Path) -> None:
    source = "# -*- coding: latin-1 -*-\nimport boto3\nx = 'é'\nboto3.client('s3').list_buckets()\n"
    (tmp_path / "app.py").write_bytes(source.encode("latin-1"))

    assert [finding.line for finding in analyse(tmp_path).findings()] == [4]


def test_a_source_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_bytes(b"\xef\xbb\xbfimport boto3\nboto3.client('s3').list_buckets()\n")

    assert [finding.line for finding in analyse(tmp_path).findings()] == [2]


def test_nesting_beyond_what_is_followed_is_skipped(tmp_path: Path) -> None:
    nested = (
        "".join(" " * depth + "if x:\n" for depth in range(90))
        + " " * 90
        + "boto3.client('s3').list_buckets()\n"
    )
    calls = "f(" * 60 + "1" + ")" * 60
    (tmp_path / "app.py").write_text(
        f"import boto3\nf = print\n{calls}\n{nested}boto3.client('sqs').list_queues()\n"
    )

    actions = {finding.action for finding in analyse(tmp_path).findings()}

    assert "sqs:ListQueues" in actions
