"""A plan as people read it, and as JSON for programs."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

from chalice_core.target import Change, Plan, Step

PLAN_VERSION = 1
"""Of the JSON document; it grows when a field changes its meaning or goes away."""

SIGNS = {"create": "+", "update": "~", "replace": "±", "delete": "-"}
PERMISSION_KINDS = ("Role", "InvokePermission")
LONGEST_VALUE = 300
DIGEST = re.compile(r"\b([0-9a-f]{12})[0-9a-f]{52}\b")
"""A SHA-256; as with commits, its beginning is enough for people."""


def plan_lines(plan: Plan) -> Iterator[str]:
    """Yield the lines that show a plan; permissions come in a section of their own."""
    if not plan.steps:
        yield "No changes: what is deployed is what the application declares."
        return
    resources = [step for step in plan.steps if step.kind not in PERMISSION_KINDS]
    permissions = [step for step in plan.steps if step.kind in PERMISSION_KINDS]
    if resources:
        yield "Resources:"
        yield from _step_lines(resources)
    if permissions:
        yield "Permissions:"
        yield from _step_lines(permissions)
    yield f"Plan: {summary(plan)}."


def summary(plan: Plan) -> str:
    """Return ``3 to create, 1 to delete``."""
    counts = _counts(plan)
    return ", ".join(f"{count} to {action}" for action, count in counts.items() if count) or "nothing to do"


def plan_document(plan: Plan, *, app_name: str, stage: str, where: str) -> str:
    """Return the plan as a JSON document.

    Its form: ``plan_version`` (1), ``app``, ``stage``, ``place`` (``aws`` or ``local``), ``summary``
    (number of steps by action) and ``steps``, in order, each with ``action``, ``kind``, ``id``,
    ``name`` and ``changes``; a change has ``property``, ``before``, ``after``, ``after_is_known``
    (false when ``after``, or a part of it, is known only after deployment, and null until then) and
    ``replaces``.
    """
    document = {
        "plan_version": PLAN_VERSION,
        "app": app_name,
        "stage": stage,
        "place": where,
        "summary": _counts(plan),
        "steps": [
            {
                "action": step.action,
                "kind": step.kind,
                "id": step.id,
                "name": step.name,
                "changes": [
                    {
                        "property": change.property,
                        "before": change.before,
                        "after": change.after,
                        "after_is_known": change.after_is_known,
                        "replaces": change.replaces,
                    }
                    for change in step.changes
                ],
            }
            for step in plan.steps
        ],
    }
    return json.dumps(document, indent=2)


def _counts(plan: Plan) -> dict[str, int]:
    return {action: sum(step.action == action for step in plan.steps) for action in SIGNS}


def _step_lines(steps: Sequence[Step]) -> Iterator[str]:
    for step in steps:
        yield f"  {SIGNS[step.action]} {step.action} {step.kind} {step.name}"
        for change in step.changes:
            yield from (f"      {line}" for line in _change_lines(change))


def _change_lines(change: Change) -> Iterator[str]:
    note = "  (needs a new resource)" if change.replaces else ""
    before, after = change.before, change.after
    if after is None and not change.after_is_known:
        yield f"{change.property}: {_value(before)} -> (known after deployment){note}"
        return
    if isinstance(before, list) and isinstance(after, list):
        # Of a long list, such as a policy's statements, people want to see what comes and what goes.
        yield f"{change.property}:{note}"
        yield from (f"  - {_value(item)}" for item in before if item not in after)
        yield from (f"  + {_value(item)}" for item in after if item not in before)
    else:
        yield f"{change.property}: {_value(before)} -> {_value(after)}{note}"


def _value(value: Any) -> str:
    if value is None:
        return "(not set)"
    shown = DIGEST.sub(r"\1…", json.dumps(value, ensure_ascii=False, sort_keys=True))
    return shown if len(shown) <= LONGEST_VALUE else f"{shown[:LONGEST_VALUE]}…"
