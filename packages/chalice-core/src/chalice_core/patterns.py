"""Patterns of events and messages: the language that EventBridge, SNS and Lambda's event filtering share.

A pattern is a JSON object.  A field's value is a list of what is accepted,
texts, numbers or tests such as ``{"prefix": "a"}``, or another object with
fields of its own.  The services refuse anything else when the pattern is
set, which is in the middle of a deployment.

Sources: "Creating Amazon EventBridge event patterns" and "Comparison
operators", Amazon EventBridge User Guide; "Amazon SNS subscription filter
policies", Amazon SNS Developer Guide; "Lambda event filtering", AWS Lambda
Developer Guide.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeGuard

OPERATORS = frozenset(
    {"anything-but", "cidr", "equals-ignore-case", "exists", "numeric", "prefix", "suffix", "wildcard"}
)
"""The tests that a list may hold."""

_EITHER = "$or"


def pattern_problems(option: str, pattern: object, *, nested: bool = True) -> Iterator[str]:
    """Yield a sentence for each thing in a pattern that AWS would refuse.

    Args:
        option: whose value it is, for the messages: ``event_pattern``.
        pattern: JSON data.
        nested: False where fields cannot have fields, as with attributes of SNS messages.
    """
    if not isinstance(pattern, Mapping):
        yield f"{option!r} must be a dict, such as {{'source': ['shop']}}, not {pattern!r}."
    elif not pattern:
        yield f"{option!r} must have a field at least; an empty pattern is refused."
    else:
        yield from _fields(option, pattern, nested=nested)


def _fields(where: str, pattern: Mapping[object, object], *, nested: bool) -> Iterator[str]:
    for name, value in pattern.items():
        place = f"{where}[{name!r}]"
        if not isinstance(name, str):
            yield f"{place} must be named with a text, not {name!r}."
        elif name == _EITHER:
            yield from _alternatives(place, value, nested=nested)
        elif isinstance(value, Mapping):
            if not nested:
                yield f"{place} must be a list of what is accepted; attributes have no fields of their own."
            elif not value:
                yield f"{place} must not be an empty dict."
            else:
                yield from _fields(place, value, nested=nested)
        elif _is_list(value):
            yield from _accepted(place, value)
        else:
            yield f"{place} must be a list of what is accepted; write [{value!r}]."


def _alternatives(place: str, value: object, *, nested: bool) -> Iterator[str]:
    if not _is_list(value) or len(value) < 2 or not all(isinstance(each, Mapping) for each in value):
        yield f"{place} must be a list of two patterns or more, not {value!r}."
        return
    for index, each in enumerate(value):
        if isinstance(each, Mapping):
            yield from _fields(f"{place}[{index}]", each, nested=nested)


def _accepted(place: str, values: Sequence[object]) -> Iterator[str]:
    if not values:
        yield f"{place} must not be an empty list; leave the field out to accept everything."
    for value in values:
        if isinstance(value, Mapping):
            unknown = [name for name in value if name not in OPERATORS]
            if not value or unknown:
                given = ", ".join(map(repr, unknown)) or "an empty dict"
                yield f"{place} has {given}; a test is one of {', '.join(sorted(OPERATORS))}."
        elif not (value is None or isinstance(value, (str, int, float))):
            yield f"{place} must hold texts, numbers, booleans, None or tests, not {value!r}."


def _is_list(value: object) -> TypeGuard[Sequence[object]]:
    return isinstance(value, Sequence) and not isinstance(value, (str, bytes))
