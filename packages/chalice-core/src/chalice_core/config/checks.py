"""Checks of configuration values: None for a good one, a phrase for a bad one.

A phrase completes the sentence "KEY …": "must be an integer from 1 to 900, not 'ten'".
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterable
from typing import Any, TypeAlias

Check: TypeAlias = Callable[[Any], "str | None"]

_BASE_PATH = re.compile(r"[a-zA-Z0-9$\-_.+!*'()]*", re.ASCII)
_ROLE_ARN = re.compile(r"arn:(aws[a-zA-Z-]*)?:iam::\d{12}:role/?[a-zA-Z_0-9+=,.@\-_/]+", re.ASCII)


def shown(value: object) -> str:
    """Return a value as it stands in the file, shortened."""
    document = json.dumps(value, default=repr)
    return document if len(document) <= 60 else document[:57] + "..."


def integer(minimum: int, maximum: int | None = None) -> Check:
    """Accept an integer of a range; a boolean is none."""
    limits = f"from {minimum} to {maximum}" if maximum is not None else f"of at least {minimum}"

    def check(value: Any) -> str | None:
        good = isinstance(value, int) and not isinstance(value, bool)
        if good and value >= minimum and (maximum is None or value <= maximum):
            return None
        return f"must be an integer {limits}, not {shown(value)}"

    return check


def one_of(choices: Collection[object]) -> Check:
    """Accept one of the given values, of the same type."""

    def check(value: Any) -> str | None:
        if any(type(choice) is type(value) and choice == value for choice in choices):
            return None
        return f"must be one of {', '.join(str(choice) for choice in choices)}, not {shown(value)}"

    return check


def flag(value: Any) -> str | None:
    """Accept true and false."""
    return None if isinstance(value, bool) else f"must be true or false, not {shown(value)}"


def text(value: Any) -> str | None:
    """Accept a string with something in it that can be written as UTF-8."""
    if not isinstance(value, str) or not value.strip():
        return f"must be a string that is not empty, not {shown(value)}"
    return _encodable(value)


def matching(pattern: str, description: str, maximum: int) -> Check:
    """Accept a string that consists of what ``pattern`` describes.

    Args:
        pattern: a regular expression for the whole string.
        description: what it means, for messages: ``letters, digits, '-' and '_'``.
        maximum: length in characters.
    """
    compiled = re.compile(pattern)

    def check(value: Any) -> str | None:
        if not isinstance(value, str):
            return f"must be a string, not {shown(value)}"
        if not compiled.fullmatch(value):
            return f"must consist of {description}, not be {shown(value)}"
        if len(value) > maximum:
            return f"must have at most {maximum} characters and has {len(value)}"
        return None

    return check


def role_arn(value: Any) -> str | None:
    """Accept the ARN of a role, by the pattern that the API reference of AWS Lambda has for ``Role``."""
    if isinstance(value, str) and _ROLE_ARN.fullmatch(value):
        return None
    return f"must be the ARN of a role, arn:aws:iam::123456789012:role/NAME, not {shown(value)}"


def texts(maximum: int | None = None) -> Check:
    """Accept a list of strings, at most ``maximum`` of them."""

    def check(value: Any) -> str | None:
        if not isinstance(value, list) or any(text(item) for item in value):
            return f"must be a list of strings, not {shown(value)}"
        if maximum is not None and len(value) > maximum:
            return f"may list at most {maximum} and lists {len(value)}"
        return None

    return check


def text_or_texts(value: Any) -> str | None:
    """Accept a string, or a list of them with at least one."""
    if isinstance(value, str):
        return text(value)
    if isinstance(value, list) and value:
        return texts()(value)
    return f"must be a string or a list of strings, not {shown(value)}"


# "Using environment variables", AWS Lambda Developer Guide: the reserved ones cannot be set in the
# configuration of a function.
_RESERVED_VARIABLES = frozenset(
    {
        "_HANDLER",
        "_X_AMZN_TRACE_ID",
        "AWS_DEFAULT_REGION",
        "AWS_REGION",
        "AWS_EXECUTION_ENV",
        "AWS_LAMBDA_FUNCTION_NAME",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
        "AWS_LAMBDA_FUNCTION_VERSION",
        "AWS_LAMBDA_INITIALIZATION_TYPE",
        "AWS_LAMBDA_LOG_GROUP_NAME",
        "AWS_LAMBDA_LOG_STREAM_NAME",
        "AWS_ACCESS_KEY",
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
        "AWS_LAMBDA_RUNTIME_API",
        "LAMBDA_TASK_ROOT",
        "LAMBDA_RUNTIME_DIR",
    }
)
# The pattern of keys in ``Environment``, AWS Lambda API Reference.
_VARIABLE = re.compile(r"[a-zA-Z][a-zA-Z0-9_]+")


def environment_variables(value: Any) -> str | None:
    """Accept a mapping of names that Lambda takes to strings.

    Messages never show a value, for these hold secrets.
    """
    if not isinstance(value, dict):
        return "must be an object of names and strings"
    problems: list[str] = []
    for name, content in value.items():
        if name in _RESERVED_VARIABLES:
            problems.append(f"{name} is reserved by Lambda")
        elif not _VARIABLE.fullmatch(name):
            problems.append(
                f"{shown(name)} is no name that Lambda takes (two or more letters, digits and '_', "
                "a letter first)"
            )
        if content is None:
            continue
        if not isinstance(content, str):
            problems.append(f"the value of {name} must be a string and is {_json_type(content)}")
        elif _encodable(content) or "\0" in content:
            problems.append(f"the value of {name} holds characters that no environment variable can hold")
    return _joined(problems)


def tags(value: Any) -> str | None:
    """Accept tags as AWS takes them ("Using tags on Lambda functions", AWS Lambda Developer Guide)."""
    if not isinstance(value, dict):
        return f"must be an object of names and strings, not {shown(value)}"
    problems: list[str] = []
    for name, content in value.items():
        if not 1 <= len(name) <= 128:
            problems.append(f"the name {shown(name)} must have 1 to 128 characters")
        if name.lower().startswith("aws:"):
            problems.append(f"the prefix of {shown(name)} is reserved by AWS")
        if content is not None and (
            not isinstance(content, str) or len(content) > 256 or _encodable(content)
        ):
            problems.append(f"the value of {shown(name)} must be a string of at most 256 characters")
    return _joined(problems)


def base_path(value: Any) -> str | None:
    """Accept the first part of an API's paths under a custom domain name, with slashes around it or without.

    ``CreateBasePathMapping``, Amazon API Gateway REST API Reference.
    """
    if isinstance(value, str) and _BASE_PATH.fullmatch(value.strip("/")):
        return None
    return f"must be one part of a path, letters, digits and any of $-_.+!*'(), not {shown(value)}"


def custom_domain(value: Any) -> str | None:
    """Accept the description of a custom domain name."""
    if not isinstance(value, dict):
        return f"must be an object, not {shown(value)}"
    rules: dict[str, Check] = {
        "domain_name": text,
        "certificate_arn": text,
        "tls_version": one_of(("TLS_1_0", "TLS_1_1", "TLS_1_2")),
        "url_prefix": base_path,
        "tags": tags,
    }
    problems = [
        f"has no key {shown(key)}; it may have {', '.join(rules)}" for key in value if key not in rules
    ]
    for key, check in rules.items():
        if value.get(key) is not None and (problem := check(value[key])):
            problems.append(f"{key} {problem}")
    problems += [f"needs {key}" for key in ("domain_name", "certificate_arn") if value.get(key) is None]
    return _joined(problems)


def _encodable(value: str) -> str | None:
    try:
        value.encode()
    except UnicodeEncodeError:
        return f"holds a character that cannot be written as UTF-8: {shown(value)}"
    return None


def _json_type(value: object) -> str:
    names = {dict: "an object", list: "a list", bool: "a boolean"}
    return names.get(type(value), "a number")


def _joined(problems: Iterable[str]) -> str | None:
    return "; ".join(problems) or None
