"""What a target of a rule gets: the event, a part of it, a constant, or a template filled in.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["target_input"]

_STEP = re.compile(r"\.([A-Za-z0-9_-]+)|\[([0-9]+)\]|\['([^']+)'\]")
_VARIABLE = re.compile(r"<([A-Za-z0-9_.-]+)>")


def target_input(target: Mapping[str, Any], event: Mapping[str, Any], *, rule_arn: str) -> Any:
    """Return what a target gets, JSON data.

    Args:
        target: as ``PutTargets`` has it.
        event: that the rule has matched.
        rule_arn: of the rule.
    """
    if target.get("Input") is not None:
        return json.loads(target["Input"])
    if target.get("InputPath"):
        return _at(event, target["InputPath"])
    transformer = target.get("InputTransformer")
    if not transformer:
        return event
    variables = {name: _at(event, path) for name, path in (transformer.get("InputPathsMap") or {}).items()}
    variables |= {
        "aws.events.rule-arn": rule_arn,
        "aws.events.rule-name": rule_arn.rpartition("/")[2],
        "aws.events.event": {name: value for name, value in event.items() if name != "detail"},
        "aws.events.event.json": event,
        "aws.events.event.ingestion-time": event.get("time"),
    }
    filled = _fill(transformer["InputTemplate"], variables)
    try:
        return json.loads(filled)
    except ValueError:
        return filled


def _at(document: Any, path: str) -> Any:
    """Return what a JSON path leads to; ``None`` when that is nothing."""
    found = document
    for name, index, quoted in _STEP.findall(path.removeprefix("$")):
        if index:
            found = found[int(index)] if isinstance(found, list) and int(index) < len(found) else None
        else:
            found = found.get(name or quoted) if isinstance(found, dict) else None
    return found


def _fill(template: str, variables: Mapping[str, Any]) -> str:
    """Put values into a template: as JSON, and as the text of them between quotes."""
    parts: list[str] = []
    end = 0
    quoted = False
    for match in _VARIABLE.finditer(template):
        before = template[end : match.start()]
        quoted ^= len(re.findall(r'(?<!\\)"', before)) % 2 == 1
        value = variables.get(match[1])
        end = match.end()
        parts.append(before)
        if not quoted:
            parts.append(json.dumps(value))
        elif value is not None:
            text = value if isinstance(value, str) else json.dumps(value)
            parts.append(json.dumps(text)[1:-1])
    return "".join([*parts, template[end:]])
