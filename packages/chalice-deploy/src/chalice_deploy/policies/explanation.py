"""Why a generated policy allows what it allows, for people and for programs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from chalice_core.values import Value, render
from chalice_deploy.policies.statements import Finding

VERSION = 1
"""Of the document that `explained` returns."""


def explanation_lines(findings: Iterable[Finding]) -> Iterator[str]:
    """Yield, for each action and resource, the calls that need it."""
    ordered = sorted(findings, key=_order)
    for (action, resources, reason), group in groupby(ordered, key=lambda one: _order(one)[:3]):
        because = f": {reason}" if reason else ""
        yield f"{action} on {', '.join(resources)}{because}"
        for finding in {(one.path, one.line): one for one in group}.values():
            yield f"    {finding.path}:{finding.line}  {finding.call}"


def explained(findings: Iterable[Finding]) -> dict[str, object]:
    """Return the same as JSON data: a version, and findings that are sorted by action and place."""
    return {
        "version": VERSION,
        "findings": [
            {
                "action": finding.action,
                "resources": list(_shown(finding.resources)),
                "reason": finding.reason or None,
                "path": finding.path,
                "line": finding.line,
                "call": finding.call,
            }
            for finding in {_order(one): one for one in sorted(findings, key=_order)}.values()
        ],
    }


def _order(finding: Finding) -> tuple[str, tuple[str, ...], str, str, int, str]:
    shown = _shown(finding.resources)
    return (finding.action, shown, finding.reason, finding.path, finding.line, finding.call)


def _shown(resources: Sequence[Value]) -> tuple[str, ...]:
    return tuple(sorted(render(one, output=repr, pseudo=lambda _: "*") for one in resources))
