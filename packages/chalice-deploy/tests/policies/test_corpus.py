"""What is found in programs of every style, against what they need: recall and precision.

Each file of ``corpus/`` is one project.  Lines at its head say what to expect: ``# expect: ACTION RESOURCE``,
with ``# environment: NAME=VALUE`` for the configuration, ``# error: TEXT`` for a project that is refused, and
``# miss: ACTION RESOURCE`` for what is needed and known not to be found.  ``# file: PATH`` begins a file of
the project.  Names begin with ``same`` for calls that aws/chalice 1.34 finds, ``beyond`` for what it misses
or narrows less, ``none`` for programs that need nothing, and ``odd`` for programs that might confuse a reader
of source.

``python test_corpus.py`` prints the figures without pytest.
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from chalice_deploy.policies import UnreadableSourceError, analyse, document, merged

CASES = sorted((Path(__file__).parent / "corpus").glob("*.case"))
Need = tuple[str, str]


@dataclass(frozen=True)
class Case:
    name: str
    environment: dict[str, str]
    expected: frozenset[Need]
    missed: frozenset[Need]
    error: str | None
    files: dict[str, str]


def read(path: Path) -> Case:
    head, *parts = re.split(r"^# file: (.+)\n", path.read_text(encoding="utf-8"), flags=re.MULTILINE)

    def values(key: str) -> list[str]:
        return re.findall(rf"^# {key}: (.+)$", head, flags=re.MULTILINE)

    def needs(key: str) -> frozenset[Need]:
        return frozenset(
            (action, resource) for action, resource in (line.split(" ", 1) for line in values(key))
        )

    return Case(
        name=path.stem,
        environment=dict(line.split("=", 1) for line in values("environment")),
        expected=needs("expect"),
        missed=needs("miss"),
        error=next(iter(values("error")), None),
        files=dict(zip(parts[::2], parts[1::2], strict=True)),
    )


def found_in(case: Case, folder: Path) -> frozenset[Need]:
    for name, text in case.files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    policy = document(merged(analyse(folder).findings(case.environment)))
    return frozenset(needs_of(policy))


def needs_of(policy: dict[str, object]) -> Iterator[Need]:
    statements = policy["Statement"]
    assert isinstance(statements, list)
    for statement in statements:
        for action in statement["Action"]:
            for resource in statement["Resource"]:
                yield action, resource


def figures(found: dict[str, frozenset[Need]], cases: list[Case]) -> tuple[str, float, float]:
    """Return a line for people, recall and precision: of pairs of an action and a resource."""
    needed = sum(len(case.expected | case.missed) for case in cases)
    reported = sum(len(found[case.name]) for case in cases)
    right = sum(len(found[case.name] & (case.expected | case.missed)) for case in cases)
    known = sum(len(case.missed - found[case.name]) for case in cases)
    recall, precision = right / needed, right / reported
    line = (
        f"policy corpus: {len(cases)} programs, {needed} permissions; "
        f"recall {recall:.3f}, precision {precision:.3f}, known misses {known}"
    )
    return line, recall, precision


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_program_needs_what_is_found_in_it(path: Path, tmp_path: Path) -> None:
    case = read(path)

    if case.error is not None:
        with pytest.raises(UnreadableSourceError) as caught:
            found_in(case, tmp_path)
        assert case.error in str(caught.value)
    else:
        assert found_in(case, tmp_path) == case.expected


def test_recall_and_precision_are_as_claimed(tmp_path: Path, record_figures: Callable[[str], None]) -> None:
    cases = [case for case in map(read, CASES) if case.error is None]

    found = {case.name: found_in(case, tmp_path / case.name) for case in cases}

    line, recall, precision = figures(found, cases)
    record_figures(line)
    missed = sum(len(case.missed) for case in cases)
    needed = sum(len(case.expected | case.missed) for case in cases)
    assert recall == (needed - missed) / needed
    assert precision == 1.0


def test_the_corpus_is_as_wide_as_it_says() -> None:
    names = [path.stem.partition("-")[0] for path in CASES]

    assert len(names) >= 60
    assert names.count("beyond") >= 15
    assert names.count("none") >= 8
    assert set(names) == {"beyond", "none", "odd", "same"}


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        all_cases = [case for case in map(read, CASES) if case.error is None]
        results = {case.name: found_in(case, Path(folder, case.name)) for case in all_cases}
        for case in all_cases:
            for need in sorted(results[case.name] ^ case.expected):
                sys.stdout.write(
                    f"{case.name}: {'missed' if need in case.expected else 'too much'}: {need}\n"
                )
        sys.stdout.write(figures(results, all_cases)[0] + "\n")
