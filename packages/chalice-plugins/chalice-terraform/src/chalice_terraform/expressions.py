"""How values are spelled in Terraform's JSON syntax.

Every string there is a template: ``${…}`` holds an expression and ``%{…}`` a
directive, also in the keys of mappings.  So literal text is escaped, and only
what we know to be an expression becomes one.

Source: "JSON Configuration Syntax" and "Strings and Templates", Terraform Language.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chalice_core.values import Output, Pseudo, Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

PSEUDO = {
    Pseudo.ACCOUNT: "data.aws_caller_identity.chalice.account_id",
    Pseudo.DNS_SUFFIX: "data.aws_partition.chalice.dns_suffix",
    Pseudo.PARTITION: "data.aws_partition.chalice.partition",
    Pseudo.REGION: "local.chalice_region",
}
"""The expression of each fact of the place that is deployed to."""

_REFERENCE = re.compile(r"\$\{((?:aws_|awscc_|data\.|var\.|local\.|module\.)[^{}\"\s]+)\}")


@dataclass(frozen=True, slots=True)
class Expression:
    """An expression of Terraform's language, without ``${`` and ``}``.

    Args:
        code: ``aws_sqs_queue.orders.arn``.
    """

    code: str


@dataclass(frozen=True, slots=True)
class Referring:
    """Marks values in which people may refer to their own Terraform files.

    In them ``${aws_s3_bucket.own.id}`` is a reference, as it is for ``data.``, ``var.``, ``local.`` and
    ``module.``; everywhere else it is text.  It is meant for names and ARNs, which never hold ``${``
    otherwise.

    Args:
        tree: values, in mappings and sequences to any depth.
    """

    tree: object


def template(fragments: Iterable[str | Expression]) -> str:
    """Return literal text and expressions as one template.

    >>> template(["${a} ", Expression("local.b"), " 100%{"])
    '$${a} ${local.b} 100%%{'
    """
    pieces: list[str] = []
    literal = ""
    for fragment in fragments:
        if isinstance(fragment, str):
            literal += fragment
            continue
        # A dollar sign before an expression would escape it, so it becomes one, too.
        plain = literal.rstrip("$")
        dollars = literal[len(plain) :]
        pieces += (_escaped(plain), f'${{"{dollars}"}}' if dollars else "", f"${{{fragment.code}}}")
        literal = ""
    return "".join((*pieces, _escaped(literal)))


def spell(tree: object, refer: Callable[[Output], str], *, references: bool = False) -> Any:
    """Return ``tree`` as an argument of a block.

    Args:
        tree: values, in mappings and sequences to any depth.
        refer: gives the expression of an output.
        references: whether text may hold references, as in `Referring`.
    """
    if isinstance(tree, Referring):
        return spell(tree.tree, refer, references=True)
    if isinstance(tree, (str, Output, Pseudo, Text, Expression)):
        return template(_fragments(tree, refer, references=references))
    if isinstance(tree, Mapping):
        return {template([key]): spell(value, refer, references=references) for key, value in tree.items()}
    if isinstance(tree, Sequence):
        return [spell(item, refer, references=references) for item in tree]
    return tree


def spell_json(tree: object, refer: Callable[[Output], str], *, references: bool = False) -> str:
    """Return ``tree`` as a template of a JSON document, for arguments that are one.

    Args:
        tree: values, in mappings and sequences to any depth.
        refer: gives the expression of an output.
        references: whether text may hold references, as in `Referring`.
    """
    return template(_json(tree, refer, references=references))


def _json(tree: object, refer: Callable[[Output], str], *, references: bool) -> Iterator[str | Expression]:
    if isinstance(tree, Referring):
        yield from _json(tree.tree, refer, references=True)
    elif isinstance(tree, (str, Output, Pseudo, Text, Expression)):
        yield '"'
        for fragment in _fragments(tree, refer, references=references):
            yield json.dumps(fragment)[1:-1] if isinstance(fragment, str) else fragment
        yield '"'
    elif isinstance(tree, Mapping):
        yield "{"
        for index, (key, value) in enumerate(tree.items()):
            yield f"{', ' if index else ''}{json.dumps(key)}: "
            yield from _json(value, refer, references=references)
        yield "}"
    elif isinstance(tree, Sequence):
        yield "["
        for index, item in enumerate(tree):
            yield ", " if index else ""
            yield from _json(item, refer, references=references)
        yield "]"
    else:
        yield json.dumps(tree)


def _fragments(
    value: str | Output | Pseudo | Text | Expression, refer: Callable[[Output], str], *, references: bool
) -> Iterator[str | Expression]:
    if isinstance(value, Text):
        for part in value.parts:
            yield from _fragments(part, refer, references=references)
    elif isinstance(value, str):
        # Every second part is what the pattern's group has found.
        for index, part in enumerate(_REFERENCE.split(value) if references else [value]):
            yield Expression(part) if index % 2 else part
    elif isinstance(value, Output):
        yield Expression(refer(value))
    elif isinstance(value, Pseudo):
        yield Expression(PSEUDO[value])
    else:
        yield value


def _escaped(literal: str) -> str:
    return literal.replace("${", "$${").replace("%{", "%%{")
