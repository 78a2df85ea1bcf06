"""What an expression of the analysed program may be: sets of atoms.

A `Value` is a set of atoms, each one thing that the expression can be when the program runs.  The set holds
`UNKNOWN` when it can be something else besides; an empty set means that nothing was seen that gives it a
value that matters here (None, numbers of time, a name that is never assigned).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

HOLE = "\0"
"""Stands within the text of a `Str` for characters that are not known."""

_COMBINATIONS = 12

LIMIT = 64
"""Atoms of one value; what has more is cut and holds `UNKNOWN`."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """Something that the analysis does not follow."""


@dataclass(frozen=True, slots=True)
class Str:
    """Text, with `HOLE` for what is not known and `variable` for environment variables.  Integers, too."""

    text: str


@dataclass(frozen=True, slots=True)
class External:
    """Something from outside the project, by its dotted name: ``boto3.client``, ``builtins.map``."""

    path: str


@dataclass(frozen=True, slots=True)
class Module:
    """A module of the project."""

    name: str


@dataclass(frozen=True, slots=True)
class Function:
    """A function of the project.

    Args:
        index: of its definition.
        scope: the evaluation whose local names it sees, or None at module level.
        bound: what it gets as its first argument when it is a method.
    """

    index: int
    scope: int | None = None
    bound: Atom | None = None


@dataclass(frozen=True, slots=True)
class Class:
    """A class of the project."""

    index: int
    scope: int | None = None


@dataclass(frozen=True, slots=True)
class Instance:
    """An object of a class of the project, by the place that makes it."""

    cls: Class
    site: int


@dataclass(frozen=True, slots=True)
class Super:
    """What ``super()`` returns in a method of ``cls``."""

    cls: int
    instance: Atom


@dataclass(frozen=True, slots=True)
class Container:
    """A list, tuple, set, dict, generator or an answer of AWS, by the place that makes it."""

    site: int


@dataclass(frozen=True, slots=True)
class Application:
    """A Chalice application, or a blueprint."""

    site: int
    blueprint: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Where, and as whom, calls are made.

    Args:
        region: empty for the function's own, `HOLE` for one that is not known.
        own: the caller is the function's role; other credentials belong to any account.
    """

    region: str = ""
    own: bool = True


@dataclass(frozen=True, slots=True)
class Session:
    """A session of boto3 or botocore."""

    place: Place


@dataclass(frozen=True, slots=True)
class Client:
    """A client of an AWS service, by botocore's name of the service."""

    service: str
    place: Place


@dataclass(frozen=True, slots=True)
class ResourceObject:
    """A resource of boto3.

    Args:
        type: ``Table``; empty for the service itself.
        identifiers: name to value.
    """

    service: str
    type: str
    identifiers: tuple[tuple[str, Value], ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Method:
    """An attribute of something that the analysis has a model of: of a client, a container."""

    owner: Atom
    name: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """A paginator or a waiter, which makes an operation's calls when it is used."""

    client: Client
    operation: str


@dataclass(frozen=True, slots=True)
class Partial:
    """What ``functools.partial`` returns."""

    function: Value
    positional: tuple[Value, ...]
    named: tuple[tuple[str, Value], ...]


Atom: TypeAlias = (
    "Unknown | Str | External | Module | Function | Class | Instance | Super | Container | Application"
    " | Session | Client | ResourceObject | Method | Waiting | Partial"
)
Value: TypeAlias = frozenset[Atom]

NOTHING: Value = frozenset()
UNKNOWN: Value = frozenset({Unknown()})

_VARIABLE_START, _VARIABLE_DEFAULT, _VARIABLE_END = "\x02", "\x03", "\x04"


def variable(name: str, default: str | None = None) -> Str:
    """Return the text of an environment variable, whose value is filled in later.

    Args:
        name: of the variable.
        default: what the program takes when it is not set; None when it fails or goes on without.
    """
    tail = "" if default is None else _VARIABLE_DEFAULT + default
    return Str(f"{_VARIABLE_START}{name}{tail}{_VARIABLE_END}")


def has_variable(text: str) -> bool:
    """Return whether the text has an environment variable in it."""
    return _VARIABLE_START in text


def fill_in(text: str, environment: Mapping[str, str]) -> str:
    """Return the text with environment variables as their values, and `HOLE` for those without.

    >>> fill_in(f"a-{variable('STAGE').text}", {"STAGE": "dev"})
    'a-dev'
    """
    while (end := text.find(_VARIABLE_END)) >= 0:
        start = text.rfind(_VARIABLE_START, 0, end)
        name, has_default, default = text[start + 1 : end].partition(_VARIABLE_DEFAULT)
        value = environment.get(name, default if has_default else HOLE)
        text = text[: max(start, 0)] + _plain(value) + text[end + 1 :]
    return text


def plain_text(text: str) -> str:
    """Return literal text of the program without the characters that have a meaning here."""
    if text.isprintable():
        return text
    return "".join(HOLE if character in _MARKS else character for character in text)


def _plain(value: str) -> str:
    return "".join(character for character in value if character not in _MARKS or character == HOLE)


_MARKS = frozenset((HOLE, _VARIABLE_START, _VARIABLE_DEFAULT, _VARIABLE_END))


def union(values: Iterable[Value]) -> Value:
    """Return what any of the values can be."""
    found: set[Atom] = set()
    for value in values:
        found |= value
    return limited(frozenset(found))


def limited(value: Value) -> Value:
    """Return the value with at most `LIMIT` atoms, the same ones in every run."""
    if len(value) <= LIMIT:
        return value
    kept = sorted((atom for atom in value if not isinstance(atom, Str | Unknown)), key=repr)[: 4 * LIMIT]
    return frozenset(kept) | UNKNOWN


def texts(value: Value) -> tuple[str, ...]:
    """Return the texts that a value can be, sorted."""
    return tuple(sorted(atom.text for atom in value if isinstance(atom, Str)))


def known_texts(value: Value) -> tuple[str, ...] | None:
    """Return all texts that a value can be, or None when it can be something else, or is nothing known."""
    if not value or not all(isinstance(atom, Str) for atom in value):
        return None
    return texts(value)


def joined(parts: Iterable[Value]) -> Value:
    """Return the texts that come of putting one of each value behind one another."""
    found = [""]
    for part in parts:
        choices = list(texts(part))
        if len(choices) < len(part) or not choices:
            choices.append(HOLE)
        if len(found) * len(choices) > _COMBINATIONS:
            choices = [HOLE]
        found = [
            before if choice == HOLE and before.endswith(HOLE) else before + choice
            for before in found
            for choice in choices
        ]
        # A text that grows with each turn of a loop must come to an end.
        found = [text if len(text) < 4096 else HOLE for text in found]
    return frozenset({Unknown()} if found == [HOLE] else {Str(text) for text in found})


@dataclass(frozen=True, slots=True)
class Arguments:
    """What a call passes.

    Args:
        positional: in order; a starred argument that is not known is in ``rest``.
        named: by keyword.
        rest: what any further argument can be, or None when there are no others.
    """

    positional: tuple[Value, ...] = ()
    named: Mapping[str, Value] = field(default_factory=dict)
    rest: Value | None = None

    def get(self, position: int, name: str) -> Value | None:
        """Return an argument by its position or keyword; None when it is not given."""
        if name in self.named:
            return self.named[name]
        if 0 <= position < len(self.positional):
            return self.positional[position]
        return self.rest

    def all(self) -> tuple[Value, ...]:
        """Return every value that is passed."""
        return (*self.positional, *self.named.values(), *(() if self.rest is None else (self.rest,)))
