"""Event patterns: the language that EventBridge, Lambda's filters and SNS's filter policies share.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html

A pattern is a JSON object of the shape of the events that it accepts. A key must
be there and match, and a list holds alternatives. A value of the event that is
itself a list matches when one of its elements does.
"""

from __future__ import annotations

import ipaddress
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

__all__ = ["PatternError", "check_pattern", "matches"]

_MISSING: Any = object()
_COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    "=": lambda value, limit: value == limit,
    "<": lambda value, limit: value < limit,
    "<=": lambda value, limit: value <= limit,
    ">": lambda value, limit: value > limit,
    ">=": lambda value, limit: value >= limit,
}
_OPERATORS = (
    "prefix",
    "suffix",
    "anything-but",
    "numeric",
    "exists",
    "cidr",
    "equals-ignore-case",
    "wildcard",
)


class PatternError(ValueError):
    """A pattern is not one."""


def check_pattern(pattern: object) -> None:
    """Raise when a pattern is malformed.

    Args:
        pattern: JSON data.

    Raises:
        PatternError: with the reason, a sentence in AWS's words where it has some.
    """
    if not isinstance(pattern, dict):
        raise PatternError("Filter is not an object")
    if not pattern:
        raise PatternError("Empty objects are not allowed")
    for key, value in pattern.items():
        if key == "$or":
            if not isinstance(value, list) or len(value) < 2:
                raise PatternError("'$or' must be an array of at least two objects")
            for alternative in value:
                check_pattern(alternative)
        elif isinstance(value, dict):
            check_pattern(value)
        elif not isinstance(value, list):
            raise PatternError(f"{key!r} must be an object or an array")
        elif not value:
            raise PatternError("Empty arrays are not allowed")
        else:
            for rule in value:
                _check_rule(rule)


def matches(pattern: Mapping[str, Any], event: Mapping[str, Any]) -> bool:
    """Return whether an event fits a pattern that `check_pattern` has passed.

    Args:
        pattern: JSON data; an empty one fits everything.
        event: JSON data.
    """
    for key, wanted in pattern.items():
        if key == "$or":
            if not any(matches(alternative, event) for alternative in wanted):
                return False
        elif isinstance(wanted, dict):
            if not _matches_inside(wanted, event.get(key)):
                return False
        elif not _matches_leaf(wanted, event.get(key, _MISSING)):
            return False
    return True


def _matches_inside(pattern: Mapping[str, Any], value: Any) -> bool:
    if isinstance(value, list):
        return any(_matches_inside(pattern, element) for element in value)
    # What is not there has no keys either, which is what ``{"exists": false}`` further down asks for.
    return matches(pattern, value if isinstance(value, dict) else {})


def _matches_leaf(rules: Sequence[Any], value: Any) -> bool:
    values = value if isinstance(value, list) else [value]
    # "exists" knows leaves only: an object, or nothing at all, is not one.
    leaves = [leaf for leaf in values if leaf is not _MISSING and not isinstance(leaf, (dict, list))]
    for rule in rules:
        if isinstance(rule, dict) and "exists" in rule:
            if rule["exists"] is bool(leaves):
                return True
        elif any(_fits(rule, leaf) for leaf in leaves):
            return True
    return False


def _fits(rule: Any, value: Any) -> bool:
    if not isinstance(rule, dict):
        return _same(rule, value)
    [(operator, operand)] = rule.items()
    match operator:
        case "anything-but":
            return not _fits_any_of(operand, value)
        case "numeric":
            return _is_number(value) and _compare(operand, value)
        case "cidr":
            return isinstance(value, str) and _in_network(value, operand)
    return isinstance(value, str) and _fits_text(operator, operand, value)


def _fits_text(operator: str, operand: Any, value: str) -> bool:
    if isinstance(operand, dict):
        operand, value = operand["equals-ignore-case"].casefold(), value.casefold()
    match operator:
        case "prefix":
            return value.startswith(operand)
        case "suffix":
            return value.endswith(operand)
        case "equals-ignore-case":
            return value.casefold() == str(operand).casefold()
        case _:  # check_pattern knows no other than "wildcard"
            return _wildcard(operand).fullmatch(value) is not None


def _fits_any_of(operand: Any, value: Any) -> bool:
    if isinstance(operand, dict):
        [(operator, texts)] = operand.items()
        several = texts if isinstance(texts, list) else [texts]
        return any(_fits({operator: text}, value) for text in several)
    return any(_same(item, value) for item in (operand if isinstance(operand, list) else [operand]))


def _same(wanted: Any, value: Any) -> bool:
    # Python's True equals 1, and 300.0 equals 300, which EventBridge compares as they are written.
    return type(wanted) is type(value) and wanted == value


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _compare(conditions: Sequence[Any], value: float) -> bool:
    pairs = zip(conditions[::2], conditions[1::2], strict=True)
    return all(_COMPARISONS[operator](value, limit) for operator, limit in pairs)


def _in_network(value: str, network: str) -> bool:
    try:
        return ipaddress.ip_address(value) in ipaddress.ip_network(network, strict=False)
    except ValueError:
        return False


def _wildcard(pattern: str) -> re.Pattern[str]:
    parts = re.findall(r"\\[*\\]|\*|[^*\\]+|\\", pattern)
    expression = "".join(
        ".*" if part == "*" else re.escape(part.removeprefix("\\") or part) for part in parts
    )
    return re.compile(expression, re.DOTALL)


def _check_rule(rule: object) -> None:
    if isinstance(rule, list):
        raise PatternError("Match value must be String, number, true, false, or null")
    if not isinstance(rule, dict):
        return
    if len(rule) != 1:
        raise PatternError("Only one key allowed in match expression")
    [(operator, operand)] = rule.items()
    if operator not in _OPERATORS:
        raise PatternError(f"Unrecognized match type {operator}")
    _CHECKS[operator](operator, operand)


def _check_text(operator: str, operand: object) -> None:
    if isinstance(operand, dict) and operator in {"prefix", "suffix"}:
        if list(operand) != ["equals-ignore-case"] or not isinstance(operand["equals-ignore-case"], str):
            raise PatternError(
                f"{operator} match pattern must be a string or equals-ignore-case with a string"
            )
    elif not isinstance(operand, str):
        raise PatternError(f"{operator} match pattern must be a string")


def _check_anything_but(operator: str, operand: object) -> None:
    if isinstance(operand, dict):
        if len(operand) != 1 or next(iter(operand)) not in {
            "prefix",
            "suffix",
            "equals-ignore-case",
            "wildcard",
        }:
            raise PatternError(f"Unsupported {operator} pattern: {', '.join(map(str, operand))}")
        [(inner, texts)] = operand.items()
        several = texts if isinstance(texts, list) else [texts]
        if not several:
            raise PatternError("Empty arrays are not allowed")
        for text in several:
            _check_text(str(inner), text)
        return
    several = operand if isinstance(operand, list) else [operand]
    kinds = {str if isinstance(item, str) else float if _is_number(item) else None for item in several}
    if len(kinds) != 1 or kinds == {None}:
        raise PatternError(
            f"Inside {operator} list, either all values are number or string, mixed type is not supported"
        )


def _check_numeric(operator: str, operand: object) -> None:
    if not isinstance(operand, list) or not operand or len(operand) % 2:
        raise PatternError(f"Value of {operator} must be an array of comparisons and numbers")
    for comparison, limit in zip(operand[::2], operand[1::2], strict=True):
        if comparison not in _COMPARISONS:
            raise PatternError(f"Unrecognized numeric range operator: {comparison}")
        if not _is_number(limit):
            raise PatternError("Value of " + str(comparison) + " must be numeric")


def _check_exists(operator: str, operand: object) -> None:
    if not isinstance(operand, bool):
        raise PatternError(f"{operator} match pattern must be either true or false.")


def _check_cidr(operator: str, operand: object) -> None:
    try:
        ipaddress.ip_network(str(operand), strict=False)
    except ValueError as error:
        raise PatternError(f"Malformed {operator.upper()}: {operand}") from error


_CHECKS: dict[str, Callable[[str, object], None]] = {
    "prefix": _check_text,
    "suffix": _check_text,
    "equals-ignore-case": _check_text,
    "wildcard": _check_text,
    "anything-but": _check_anything_but,
    "numeric": _check_numeric,
    "exists": _check_exists,
    "cidr": _check_cidr,
}
