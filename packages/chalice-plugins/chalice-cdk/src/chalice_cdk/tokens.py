"""Tokens: what the CDK hands out for values that it knows only when it synthesises, or CloudFormation later.

A token travels through configuration and template as it is, and is resolved when the template is
included.  This module recognises tokens without the CDK, by their documented look.
Source: "Tokens and the AWS CDK", AWS CDK Developer Guide.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Mapping, Sequence
from typing import Any

_IN_TEXT = re.compile(r"[$#]\{Token\[[^\]]*\]\}")
# As chalice_sam writes a token into the text of Fn::Sub: as literal text.
_IN_SUBSTITUTION = re.compile(r"\$\{!(Token\[[^\]]*\])\}")
# Numbers that are tokens begin with these bytes, IEEE 754, the most significant first.
_NUMBER = b"\xfb\xff"


def is_token(value: Any) -> bool:
    """Return whether a value is a token, or text or a list with one in it."""
    if isinstance(value, str):
        return _IN_TEXT.search(value) is not None
    if isinstance(value, float):
        return struct.pack(">d", value).startswith(_NUMBER)
    if isinstance(value, Sequence) and not isinstance(value, bytes):
        return any(is_token(item) for item in value)
    return False


def with_token_variables(tree: Any) -> Any:
    """Return a template in which no token stands in the text of a ``Fn::Sub``.

    There it would be literal text; a variable of the ``Fn::Sub`` has its value instead.

    Args:
        tree: the template, or a part of it.
    """
    if isinstance(tree, list):
        return [with_token_variables(item) for item in tree]
    if not isinstance(tree, Mapping):
        return tree
    if tree.keys() == {"Fn::Sub"}:
        return {"Fn::Sub": _substitution(tree["Fn::Sub"])}
    return {key: with_token_variables(value) for key, value in tree.items()}


def _substitution(given: Any) -> Any:
    text, variables = given if isinstance(given, list) else (given, {})
    tokens: dict[str, str] = {}

    def variable(match: re.Match[str]) -> str:
        name = tokens.setdefault("${" + match[1] + "}", f"CdkToken{len(tokens) + 1}")
        return "${" + name + "}"

    text = _IN_SUBSTITUTION.sub(variable, text)
    if not tokens:
        return given
    return [text, {**variables, **{name: token for token, name in tokens.items()}}]
