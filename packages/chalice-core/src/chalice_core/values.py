"""Values that are known only after deployment, and text around them.

An `Output` is a value that the cloud chooses.  Holding one *is* depending on
the resource that produces it.  A `Pseudo` is a fact of the place that is
deployed to.  A `Text` joins both with literal text.  Each target renders
them its own way: a real string, ``Fn::Sub``, ``${...}``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from enum import Enum
from typing import Any, NewType, TypeAlias

ResourceId = NewType("ResourceId", str)
"""Names a resource within the graph of one application and stage, for as long as the application lives."""


class Pseudo(Enum):
    """A fact of the place that is deployed to.

    The values are the names that CloudFormation gives them ("Pseudo
    parameters reference" of the AWS CloudFormation User Guide).
    """

    PARTITION = "AWS::Partition"
    REGION = "AWS::Region"
    ACCOUNT = "AWS::AccountId"
    DNS_SUFFIX = "AWS::URLSuffix"


@dataclass(frozen=True, slots=True)
class Output:
    """A value that the cloud chooses: an ARN, an id.

    Args:
        of: the resource that produces it.
        name: its name among the outputs of that resource's kind, ``arn``.
    """

    of: ResourceId
    name: str


@dataclass(frozen=True, slots=True)
class Text:
    """Literal text with values in it; write one with `text` or `arn`."""

    parts: tuple[str | Output | Pseudo, ...]


Value: TypeAlias = str | Output | Pseudo | Text


def text(*parts: Value) -> Text:
    """Join values into one.

    >>> text("arn:", Pseudo.PARTITION, ":s3:::", "bucket")
    Text(parts=('arn:', <Pseudo.PARTITION: 'AWS::Partition'>, ':s3:::bucket'))
    """
    joined: list[str | Output | Pseudo] = []
    for part in parts:
        for atom in part.parts if isinstance(part, Text) else (part,):
            if isinstance(atom, str) and joined and isinstance(joined[-1], str):
                joined[-1] += atom
            elif atom != "":
                joined.append(atom)
    return Text(tuple(joined))


def arn(service: str, resource: Value, *, regional: bool = True, account: bool = True) -> Text:
    """Return the ARN of a resource in the partition, region and account that is deployed to.

    Format: "Amazon Resource Names (ARNs)", AWS IAM User Guide.

    Args:
        service: the service prefix, ``sqs``.
        resource: everything after the account, ``queue-name`` or ``function:name``.
        regional: False for services without a region in their ARNs (IAM, S3).
        account: False for ARNs without an account (S3 buckets).
    """
    region: Value = Pseudo.REGION if regional else ""
    owner: Value = Pseudo.ACCOUNT if account else ""
    return text("arn:", Pseudo.PARTITION, f":{service}:", region, ":", owner, ":", resource)


def render(value: Value, *, output: Callable[[Output], str], pseudo: Callable[[Pseudo], str]) -> str:
    """Return ``value`` as one string, with the given renderings of its unknown parts."""
    if isinstance(value, str):
        return value
    if isinstance(value, Output):
        return output(value)
    if isinstance(value, Pseudo):
        return pseudo(value)
    return "".join(render(part, output=output, pseudo=pseudo) for part in value.parts)


def outputs_in(value: object) -> Iterator[Output]:
    """Yield every output that ``value`` holds, inside text, sequences, mappings and dataclasses too."""
    if isinstance(value, Output):
        yield value
    elif isinstance(value, Text):
        yield from (part for part in value.parts if isinstance(part, Output))
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from outputs_in(item)
    elif isinstance(value, Sequence) and not isinstance(value, (str, bytes)):
        for item in value:
            yield from outputs_in(item)
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from outputs_in(getattr(value, field.name))


def render_tree(
    tree: object,
    *,
    output: Callable[[Output], str],
    pseudo: Callable[[Pseudo], str],
    wrap: Callable[[str], object] | None = None,
) -> Any:
    """Return ``tree`` as plain JSON data, every value in it rendered.

    Args:
        tree: mappings, sequences and scalars, with values as leaves.
        output: renders a value that the cloud chooses.
        pseudo: renders a fact of the place.
        wrap: what to make of a rendered leaf that held unknown parts, such as
            ``lambda template: {"Fn::Sub": template}``; None leaves the string.  Plain strings
            are never wrapped.

    Raises:
        TypeError: something in the tree is no JSON and no value.
    """
    if isinstance(tree, (Output, Pseudo, Text)):
        rendered = render(tree, output=output, pseudo=pseudo)
        known = isinstance(tree, Text) and all(isinstance(part, str) for part in tree.parts)
        return rendered if wrap is None or known else wrap(rendered)
    if tree is None or isinstance(tree, (str, int, float)):
        return tree
    if isinstance(tree, Mapping):
        return {key: render_tree(item, output=output, pseudo=pseudo, wrap=wrap) for key, item in tree.items()}
    if isinstance(tree, Sequence) and not isinstance(tree, (bytes, bytearray)):
        return [render_tree(item, output=output, pseudo=pseudo, wrap=wrap) for item in tree]
    raise TypeError(f"a {type(tree).__name__} is neither JSON nor a value: {tree!r}")
